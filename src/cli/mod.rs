//! The command line: options, commands and their arguments.

mod doctor;
mod format;
mod list;
mod output;
mod pair;
mod pools;
mod resources;
mod rotate;
mod scripts;
mod write;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::domain::oauth::endpoints;

pub use doctor::{DoctorArgs, FailOn, FindingFormat};
pub use format::Format;
pub use list::{ClientTypeFilter, ListArgs, ListWhat};
pub use output::{OutputArgs, OutputFormat, wants_json};
pub use pools::{
    CreateDomainArgs, CreatePoolArgs, DeleteOneArgs, DeletePoolArgs, DeleteScopesArgs,
    DomainSettingsArgs, UpdateDomainArgs, UpdatePoolArgs,
};
pub use resources::{
    ClientSettingsArgs, CreateArgs, CreateClientArgs, CreateScopeArgs, CreateServerArgs,
    CreateWhat, DeleteArgs, DeleteWhat, SecretKind, ShowArgs, ShowWhat, UpdateArgs,
    UpdateClientArgs, UpdateScopeArgs, UpdateServerArgs, UpdateWhat,
};
pub use rotate::RotateArgs;
pub(crate) use scripts::one_line;
pub use scripts::{
    Auth, CompletionsArgs, CredentialsArgs, DecodeArgs, DestroyExtra, ExportArgs, MACHINE_AUTH,
    ManArgs, PresetsArgs, ScriptCommand, SecretSource, SetupArgs, TokenArgs, TokenUse, WhoamiArgs,
};
pub use write::{ConfirmArgs, FileArgs, PoolArgs, Switch, WriteArgs};

/// A terminal console for Amazon Cognito machine-to-machine authentication.
///
/// Without a command it opens the console. Credentials and Region: as in the AWS CLI.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,

    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options of the console. Most are valid for the commands, too.
#[derive(Debug, Default, PartialEq, Eq, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag on the command line"
)]
pub struct Options {
    #[command(flatten)]
    pub connection: Connection,

    /// Open the console on the embedded Cognito: needs no account and no network
    #[arg(long)]
    pub demo: bool,

    /// With --demo: keep state in this file
    #[arg(long, value_name = "FILE", requires = "demo")]
    pub state: Option<PathBuf>,

    /// With --demo: inject a fault, such as `latency=200ms` or `DescribeUserPoolClient:access-denied`
    #[arg(long, value_name = "FAULT", requires = "demo")]
    pub fault: Vec<String>,

    /// Apply AWS rate limits on loopback endpoints, too
    #[arg(long, global = true)]
    pub pace: bool,

    /// Configuration file [default: cognitui/config.toml in the user's configuration directory]
    #[arg(long, value_name = "FILE", env = "COGNITUI_CONFIG", global = true)]
    pub config: Option<PathBuf>,

    /// Refuse all writes to AWS
    #[arg(long, global = true)]
    pub read_only: bool,

    /// Allow writes to this production profile or account id
    #[arg(long, value_name = "NAME", global = true)]
    pub production: Option<String>,

    /// Commands: print no notes on stderr, only errors
    #[arg(long, global = true)]
    pub quiet: bool,

    /// Commands: never ask; what would be asked for is left undone
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Log calls, without values, to this file
    #[arg(long, value_name = "FILE", env = "COGNITUI_LOG", global = true)]
    pub log: Option<PathBuf>,
}

/// The meaning of the exit codes. 2 is not clap's code for wrong arguments: nothing failed, and there is more to do.
const EXIT_CODES: &str = "Exit codes:
  0  done
  1  failed; decode: invalid token; doctor: errors found or checks skipped;
     list matrix: app clients unreadable
  2  setup, create, update, delete, rotate: changes pending (add --apply); rotate --apply:
     rotation in progress (by hand: nothing was done; managed: requested)
  3  wrong command line, unknown preset or setting, or --production missing
  4  not found; decode --verify: signature not checked
  5  denied by IAM, or no valid credentials
  6  no connection
  7  the token endpoint refused a token
  8  exists with other values, is taken, or was changed by another program
  129, 130, 143  SIGHUP, Ctrl-C or SIGTERM during a write: see stderr for what is written";

/// The exit code for a wrong command line.
pub const USAGE: u8 = 3;

impl Cli {
    /// Reads the program's arguments and environment.
    ///
    /// # Errors
    /// The command line is wrong, or asks for help or the version.
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
                "--demo works without a command only. For a command, start `cognitui sandbox` and pass its --endpoint-url",
            ));
        }
        Ok(cli)
    }
}

/// The options for no arguments or `--demo` alone. The first frame does not wait for the parser.
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

/// Whether an environment variable may set an option.
fn is_ours(name: &[u8]) -> bool {
    name.starts_with(b"COGNITUI_") || name == b"AWS_CA_BUNDLE"
}

/// The options, if there is no command: the console does not wait until clap has built all commands. `None` for a command, a
/// mistake or `--help`: the full parser answers these.
fn options_only(arguments: &[OsString]) -> Option<Options> {
    let first = arguments.first();
    if first.is_some_and(|word| !word.as_encoded_bytes().starts_with(b"-")) {
        return None;
    }
    parsed(options_alone(), arguments)
}

/// The parser of the options without the commands.
fn options_alone() -> clap::Command {
    let command = clap::Command::new(env!("CARGO_PKG_NAME")).no_binary_name(true);
    Options::augment_args(command)
}

fn parsed(command: clap::Command, arguments: &[OsString]) -> Option<Options> {
    let matches = command.try_get_matches_from(arguments);
    Options::from_arg_matches(&matches.ok()?).ok()
}

/// The same error without the environment: clap's usage line lists every flag that the environment sets.
fn without_environment(error: clap::Error) -> clap::Error {
    if !error.use_stderr() {
        return error;
    }
    let bare = Cli::command().mut_args(|arg| arg.env(None::<&str>));
    match bare.try_get_matches() {
        Err(same) if same.kind() == error.kind() => same,
        // The mistake is in the environment.
        _ => error,
    }
}

/// The error for an unusable value of `flag`, in the form of clap's errors.
#[must_use]
pub fn wrong(flag: &str, reason: &str) -> clap::Error {
    Cli::command().error(ErrorKind::ValueValidation, format!("{flag}: {reason}"))
}

/// Parses a URL with its scheme, before a request goes to an incomplete address.
///
/// # Errors
/// The scheme or host is missing.
pub fn url(value: &str) -> Result<String, String> {
    let host = ["http://", "https://"].iter().find_map(|scheme| {
        let (start, host) = value.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(host)
    });
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') => Ok(value.to_owned()),
        Some(_) => Err("the URL has no host".to_owned()),
        // Empty is unset: that is how a shell unsets a variable for one command.
        None if value.is_empty() => Ok(String::new()),
        None if value.contains("://") => Err("only http:// and https:// are supported".to_owned()),
        None => Err(format!("add http:// or https://, such as http://{value}")),
    }
}

/// Parses the name of a Region by its form; does not check that it exists.
///
/// # Errors
/// The form is wrong.
pub fn region(value: &str) -> Result<String, String> {
    if endpoints::may_be_region(value) {
        Ok(value.to_owned())
    } else {
        Err("not a Region name; expected one like eu-west-1".to_owned())
    }
}

/// The longest timeout of a call, in seconds.
const LONGEST: u64 = 3600;

/// Parses the timeout of a call; zero if empty.
///
/// # Errors
/// Not a whole number of seconds in the range.
pub fn timeout(value: &str) -> Result<Duration, String> {
    // As if it were not set: that is how a shell unsets for one command.
    if value.is_empty() {
        return Ok(Duration::ZERO);
    }
    match value.parse() {
        Ok(seconds @ 1..=LONGEST) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("expected whole seconds, 1 to {LONGEST}")),
    }
}

/// Which account, Region and endpoints to use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Connection {
    /// AWS profile
    #[arg(long, value_name = "NAME", env = "COGNITUI_PROFILE", global = true)]
    pub profile: Option<String>,

    /// AWS Region
    #[arg(
        long,
        value_name = "REGION",
        env = "COGNITUI_REGION",
        global = true,
        value_parser = region
    )]
    pub region: Option<String>,

    /// Endpoint of all AWS calls
    #[arg(
        long,
        value_name = "URL",
        env = "COGNITUI_ENDPOINT_URL",
        global = true,
        value_parser = url
    )]
    pub endpoint_url: Option<String>,

    /// Token endpoint [default: the pool domain's; with --endpoint-url: that URL + /oauth2/token]
    #[arg(
        long,
        value_name = "URL",
        env = "COGNITUI_TOKEN_ENDPOINT",
        global = true,
        value_parser = url
    )]
    pub token_endpoint: Option<String>,

    /// Timeout of a call, retries included [default: 30]
    #[arg(
        long,
        value_name = "SECONDS",
        env = "COGNITUI_TIMEOUT",
        global = true,
        value_parser = timeout
    )]
    pub timeout: Option<Duration>,

    /// Additional certificate authorities (PEM)
    #[arg(
        long,
        value_name = "FILE",
        env = "AWS_CA_BUNDLE",
        global = true,
        // Empty is unset, as in every AWS tool.
        value_parser = OsStringValueParser::new().map(PathBuf::from)
    )]
    pub ca_bundle: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the embedded Cognito on loopback for the AWS CLI, SDKs and OAuth clients
    Sandbox(SandboxArgs),

    #[command(flatten)]
    Script(ScriptCommand),
}

/// The arguments of `sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Port on 127.0.0.1; 0 picks a free port
    #[arg(long, default_value_t = 9229)]
    pub port: u16,

    /// Keep state in this file
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// Start without the sample pools
    #[arg(long)]
    pub empty: bool,

    /// Simulated Region; the account is always 123456789012
    #[arg(long, default_value = "eu-west-1", value_parser = region)]
    pub region: String,

    /// Apply Cognito's real rate limits
    #[arg(long)]
    pub rates: bool,

    /// Inject a fault, such as `latency=200ms`, `token:cut*3` or `DescribeUserPoolClient:access-denied`
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,

    /// Simulate another possible behavior of AWS, such as `original-secret-lost`; comma-separated
    #[arg(long, value_name = "ASSUMPTION")]
    pub assume: Vec<String>,

    /// Rotation interval of managed secrets [default: 7 days]
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
            // The parser must not read the environment of the test run.
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
