//! What the command line says.

mod format;
mod list;
mod rotate;
mod scripts;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::domain::oauth::endpoints;

pub use format::Format;
pub use list::{ClientTypeFilter, ListArgs, ListWhat};
pub use rotate::RotateArgs;
pub(crate) use scripts::one_line;
pub use scripts::{
    Auth, CompletionsArgs, CredentialsArgs, DecodeArgs, DestroyExtra, DoctorArgs, ExportArgs,
    ExportFormat, MACHINE_AUTH, ManArgs, PresetsArgs, ScriptCommand, SecretSource, SetupArgs,
    TokenArgs, TokenUse,
};

/// A terminal console for Amazon Cognito machine-to-machine authentication.
///
/// Without a command it opens the console. Credentials and Region come from the AWS SDK's usual places: environment, profiles,
/// SSO, roles.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,

    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the console is told, and most of it the commands, too.
#[derive(Debug, Default, PartialEq, Eq, Args)]
pub struct Options {
    #[command(flatten)]
    pub connection: Connection,

    /// Open the console on the embedded Cognito: no account, no network, no configuration
    #[arg(long)]
    pub demo: bool,

    /// With --demo: keep the embedded Cognito's state in this file between runs
    #[arg(long, value_name = "FILE", requires = "demo")]
    pub state: Option<PathBuf>,

    /// With --demo: make the embedded Cognito misbehave, such as `latency=200ms` or `DescribeUserPoolClient:access-denied`
    #[arg(long, value_name = "FAULT", requires = "demo")]
    pub fault: Vec<String>,

    /// Keep per-client calls at AWS's pace even for an endpoint on loopback
    #[arg(long, global = true)]
    pub pace: bool,

    /// Configuration file [default: cognitui/config.toml in the user's configuration folder]
    #[arg(long, value_name = "FILE", env = "COGNITUI_CONFIG", global = true)]
    pub config: Option<PathBuf>,

    /// Change nothing in AWS: refuse whatever would, with the reason
    #[arg(long, global = true)]
    pub read_only: bool,

    /// Write in production all the same: the name of the profile, or the id of the account, that is marked so
    #[arg(long, value_name = "NAME", global = true)]
    pub production: Option<String>,

    /// Write a log of calls and their outcomes, without any value, to this file
    #[arg(long, value_name = "FILE", env = "COGNITUI_LOG", global = true)]
    pub log: Option<PathBuf>,
}

/// What the program's exit codes mean. Clap's own 2 for wrong arguments is taken: nothing failed, and there is more to do.
const EXIT_CODES: &str = "Exit codes:
  0  done
  1  failed, decode --verify found the token invalid, doctor found an error or could not
     read all that it judges, or list matrix may not read the app clients
  2  setup without --apply, or --destroy without --yes: there are changes to make;
     rotate: a rotation is under way
  3  the command line is wrong, names a preset or a setting that is not there, or does not
     name the production that it would write in
  4  decode --verify could not check the signature
  129, 130, 143  ended by SIGHUP, Ctrl-C or SIGTERM while something was being written:
     standard error says what may have been done";

/// The exit code for a wrong command line.
pub const USAGE: u8 = 3;

impl Cli {
    /// Reads the program's arguments and environment.
    ///
    /// # Errors
    /// The command line is wrong, or asks for no more than help or the version.
    pub fn read() -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = env::args_os().skip(1).collect();
        let environment = env::vars_os().map(|(name, _)| name);
        if let Some(options) =
            without_options(&arguments, environment).or_else(|| options_only(&arguments))
        {
            return Ok(Self {
                options,
                command: None,
            });
        }
        let cli = Self::try_parse().map_err(without_environment)?;
        if cli.options.demo && cli.command.is_some() {
            return Err(Self::command().error(
                ErrorKind::ArgumentConflict,
                "--demo opens the console; for a command start `cognitui sandbox` and give its --endpoint-url",
            ));
        }
        Ok(cli)
    }
}

/// The options where nothing was said, or `--demo` alone: there is nothing to parse then, and the first frame waits for no parser.
fn without_options(
    arguments: &[OsString],
    mut environment: impl Iterator<Item = OsString>,
) -> Option<Options> {
    let demo = match arguments {
        [] => false,
        [one] if one == "--demo" => true,
        _ => return None,
    };
    let none = !environment.any(|name| is_ours(name.as_encoded_bytes()));
    none.then(|| Options {
        demo,
        ..Options::default()
    })
}

/// Whether a variable of the environment may stand for an option.
fn is_ours(name: &[u8]) -> bool {
    name.starts_with(b"COGNITUI_") || name == b"AWS_CA_BUNDLE"
}

/// The options, where there is nothing else: the console need not wait until all the commands are put together. `None` where a
/// command may be meant, or anything is wrong or asked for, which only the whole can tell in full.
fn options_only(arguments: &[OsString]) -> Option<Options> {
    let first = arguments.first();
    if first.is_some_and(|word| !word.as_encoded_bytes().starts_with(b"-")) {
        return None;
    }
    parsed(options_alone(), arguments)
}

/// What parses the options without any command.
fn options_alone() -> clap::Command {
    let command = clap::Command::new(env!("CARGO_PKG_NAME")).no_binary_name(true);
    Options::augment_args(command)
}

fn parsed(command: clap::Command, arguments: &[OsString]) -> Option<Options> {
    let matches = command.try_get_matches_from(arguments);
    Options::from_arg_matches(&matches.ok()?).ok()
}

/// The same error as if nothing were set in the environment: clap's usage line would call for every flag that is.
fn without_environment(error: clap::Error) -> clap::Error {
    if !error.use_stderr() {
        return error;
    }
    let bare = Cli::command().mut_args(|arg| arg.env(None::<&str>));
    match bare.try_get_matches() {
        Err(same) if same.kind() == error.kind() => same,
        // It is the environment that is wrong.
        _ => error,
    }
}

/// That a value given for `flag` cannot be used, told as every mistake on the command line is.
#[must_use]
pub fn wrong(flag: &str, reason: &str) -> clap::Error {
    Cli::command().error(ErrorKind::ValueValidation, format!("{flag}: {reason}"))
}

/// An address with its scheme. What is missing is told here, before anything is sent to half an address.
///
/// # Errors
/// What to add.
pub fn url(value: &str) -> Result<String, String> {
    let host = ["http://", "https://"].iter().find_map(|scheme| {
        let (start, host) = value.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(host)
    });
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(value.to_owned()),
        Some(_) => Err("there is no host in it".to_owned()),
        // As if it were not set: that is how a shell unsets for one command.
        None if value.is_empty() => Ok(String::new()),
        None if value.contains("://") => {
            Err("only http:// and https:// are spoken here".to_owned())
        }
        None => Err(format!("add http:// or https://, such as http://{value}")),
    }
}

/// A Region, as far as its letters go.
///
/// # Errors
/// What one looks like.
pub fn region(value: &str) -> Result<String, String> {
    if endpoints::may_be_region(value) {
        Ok(value.to_owned())
    } else {
        Err("that is no Region: write one like eu-west-1".to_owned())
    }
}

/// The longest that a call may be waited for.
const LONGEST: u64 = 3600;

/// How long a call may take; zero where nothing is said.
///
/// # Errors
/// It is not a whole number of seconds in the range.
pub fn timeout(value: &str) -> Result<Duration, String> {
    // As if it were not set: that is how a shell unsets for one command.
    if value.is_empty() {
        return Ok(Duration::ZERO);
    }
    match value.parse() {
        Ok(seconds @ 1..=LONGEST) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("give whole seconds, 1 to {LONGEST}")),
    }
}

/// Which account, Region and endpoints to use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Connection {
    /// Profile of the AWS configuration files
    #[arg(long, value_name = "NAME", env = "COGNITUI_PROFILE", global = true)]
    pub profile: Option<String>,

    /// AWS Region, such as eu-west-1
    #[arg(
        long,
        value_name = "REGION",
        env = "COGNITUI_REGION",
        global = true,
        value_parser = region
    )]
    pub region: Option<String>,

    /// Send every AWS call here instead, such as http://127.0.0.1:9229
    #[arg(
        long,
        value_name = "URL",
        env = "COGNITUI_ENDPOINT_URL",
        global = true,
        value_parser = url
    )]
    pub endpoint_url: Option<String>,

    /// Ask this URL for tokens instead of the pool's domain [default with --endpoint-url: that URL + /oauth2/token]
    #[arg(
        long,
        value_name = "URL",
        env = "COGNITUI_TOKEN_ENDPOINT",
        global = true,
        value_parser = url
    )]
    pub token_endpoint: Option<String>,

    /// Give up on a call after this many seconds in all, its retries and its whole answer included [default: 30]
    #[arg(
        long,
        value_name = "SECONDS",
        env = "COGNITUI_TIMEOUT",
        global = true,
        value_parser = timeout
    )]
    pub timeout: Option<Duration>,

    /// Trust the certificate authorities in this file, in PEM form, beside the machine's own
    #[arg(
        long,
        value_name = "FILE",
        env = "AWS_CA_BUNDLE",
        global = true,
        // One that is empty is not given, as with every AWS tool.
        value_parser = OsStringValueParser::new().map(PathBuf::from)
    )]
    pub ca_bundle: Option<PathBuf>,
}

/// What to do instead of opening the console.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the embedded Cognito on loopback, for the AWS CLI, SDKs and OAuth clients
    Sandbox(SandboxArgs),

    #[command(flatten)]
    Script(ScriptCommand),
}

/// How the embedded Cognito is served.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 9229)]
    pub port: u16,

    /// Keep the state in this file between runs
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// Start without the sample pools
    #[arg(long)]
    pub empty: bool,

    /// The Region it plays; the account is always 123456789012
    #[arg(long, default_value = "eu-west-1", value_parser = region)]
    pub region: String,

    /// Throttle by Cognito's real rates
    #[arg(long)]
    pub rates: bool,

    /// Misbehave, such as `latency=200ms`, `token:cut*3` or `DescribeUserPoolClient:access-denied`
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,

    /// Play the other possible behaviour of AWS, such as `original-secret-lost`; separate several with commas
    #[arg(long, value_name = "ASSUMPTION")]
    pub assume: Vec<String>,

    /// Rotate managed secrets this often, instead of every 7 days
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub managed_rotation_every: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    #[test]
    fn what_is_not_parsed_is_what_the_parser_would_say() {
        for said in [&[][..], &["--demo"]] {
            // The environment is another one wherever this runs, and the parser would read it.
            let parser = options_alone().mut_args(|arg| arg.env(None::<&str>));
            let expected = parsed(parser, &words(said)).unwrap();
            assert_eq!(expected.demo, !said.is_empty());
            let environment = ["HOME".into(), "AWS_PROFILE".into()].into_iter();
            assert_eq!(without_options(&words(said), environment), Some(expected));
        }
        for said in [
            &["--pace"][..],
            &["--demo", "--demo"],
            &["list"],
            &["--help"],
        ] {
            assert_eq!(
                without_options(&words(said), [].into_iter()),
                None,
                "{said:?}"
            );
        }
    }

    #[test]
    fn every_variable_that_stands_for_an_option_is_known() {
        let program = Cli::command();
        let variables: Vec<_> = program
            .get_arguments()
            .filter_map(clap::Arg::get_env)
            .collect();
        assert!(variables.len() > 4, "{variables:?}");
        for name in variables {
            assert!(is_ours(name.as_encoded_bytes()), "{name:?}");
            let environment = ["HOME".into(), name.to_owned()].into_iter();
            assert_eq!(without_options(&[], environment), None, "{name:?}");
        }
    }
}
