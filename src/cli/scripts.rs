//! The arguments of the commands that answer without a screen.

use crate::cli::format::Format;
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, StringValueParser, TypedValueParser as _};
use clap::{Args, Subcommand, ValueEnum};

use super::list::ListArgs;
use super::rotate::RotateArgs;
use crate::domain::delivery::destination::Destination;

/// A command that prints its answer and ends.
#[derive(Debug, Subcommand)]
pub enum ScriptCommand {
    /// List pools, clients, resource servers, scopes or domains
    List(ListArgs),
    /// Issue an access token and print it
    Token(TokenArgs),
    /// Decode a token from a file or stdin, and verify it if asked
    Decode(DecodeArgs),
    /// Print what a machine needs to get tokens, with the client secret
    Credentials(CredentialsArgs),
    /// Change a client's secret without downtime, and hand the new one over
    Rotate(RotateArgs),
    /// Show what a set-up would make, and make it or take it down if asked
    Setup(SetupArgs),
    /// List the presets of `setup` and what each asks
    Presets(PresetsArgs),
    /// Find what is wrong in a user pool, or with one client, and what to change
    Doctor(DoctorArgs),
    /// Print a user pool's set-up for machines, or one app client, as code that makes it again
    Export(ExportArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

impl ScriptCommand {
    /// Whether it may change anything in AWS.
    pub fn may_write(&self) -> bool {
        match self {
            Self::Setup(args) => args.may_write(),
            Self::Rotate(_) => true,
            Self::Credentials(args) => matches!(args.to, Some(Destination::SecretsManager(_))),
            // One by one: a new command is asked, too.
            Self::List(_)
            | Self::Token(_)
            | Self::Decode(_)
            | Self::Presets(_)
            | Self::Doctor(_)
            | Self::Export(_)
            | Self::Completions(_)
            | Self::Man(_) => false,
        }
    }
}

/// The arguments of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "\
The worst comes first. What may not be read is not judged, and said on stderr. The exit code is 1 where there is an error
among the findings; warnings and hints leave it 0.

With --json each finding is an object on a line of its own; where there is none, one with severity and rule null says so:
  identity: {profile, account, region, endpoint, source}, severity (error, warning, hint), rule (its id, which stays the
  same), title, kind (user pool, domain, trigger, app client, scope), name, client_id (null where it is no app client), client_type, seen, why, change, ways (a word for each way in which
  the console can mend it), fix (the first of them; null where it is mended elsewhere)")]
pub struct DoctorArgs {
    /// User pool: its id, its name or a part of its name that no other has
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// Only what concerns this app client: its id, its name or a part of its name that no other in the pool has
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: Option<String>,

    /// Print JSON, an object a line
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `token`.
#[derive(Debug, Args)]
#[command(after_help = "\
The token alone goes to stdout; what Cognito refuses, or leaves out of the token, is explained on stderr. AWS bills each
token (about $0.00225). The client secret is read from Cognito, or from AWS Secrets Manager where Cognito keeps it there. --secret -
reads it from standard input: the value alone, or JSON with a client_secret.

With --json: identity: {profile, account, region, endpoint, source}, access_token, token_type, expires_in, scope, client_type. With --claims --json: as `decode --json`.")]
pub struct TokenArgs {
    /// User pool: its id, its name or a part of its name that no other has
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// App client: its id, its name or a part of its name that no other in the pool has
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: String,

    /// Ask for this scope, such as api/admin; may be repeated [default: all of the client's]
    #[arg(long, value_name = "SCOPE", value_parser = NonEmptyStringValueParser::new())]
    pub scope: Vec<String>,

    /// Read the client secret from stdin (-), for a client whose secret Cognito does not show
    #[arg(long, value_name = "-", value_parser = StringValueParser::new().map(|text| SecretSource::from(text.as_str())))]
    pub secret: Option<SecretSource>,

    /// How the client proves who it is
    #[arg(long, value_enum, default_value_t = Auth::Basic)]
    pub auth: Auth,

    /// Hand this to the pool's pre token generation trigger, such as env=prod; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub metadata: Vec<(String, String)>,

    /// Print the decoded header and claims instead of the token
    #[arg(long, conflicts_with = "header")]
    pub claims: bool,

    /// Print the whole Authorization header
    #[arg(long, conflicts_with = "json")]
    pub header: bool,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// How a client proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Auth {
    /// Id and secret in the Authorization header (client_secret_basic)
    Basic,
    /// Id and secret in the form (client_secret_post)
    Body,
    /// The GetClientToken operation, which needs no domain but the ALLOW_CLIENT_TOKEN_AUTH flow
    Api,
}

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TokenUse {
    /// An access token that an app client got for itself
    Access,
    /// An ID token
    Id,
    /// Any, also a person's access token
    Any,
}

/// Where a client secret comes from, as `--secret` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// `-`.
    Stdin,
    /// It was written down as an argument, which is refused. What was written is not kept.
    Argument,
}

/// Never fails, because an error would repeat what was written.
impl From<&str> for SecretSource {
    fn from(text: &str) -> Self {
        if text == "-" {
            Self::Stdin
        } else {
            Self::Argument
        }
    }
}

/// The arguments of `decode`.
#[derive(Debug, Args)]
#[command(after_help = "\
Takes the token out of what stands around it: `Authorization: Bearer`, quotes, the JSON of a token endpoint, line breaks.

--verify needs no AWS credentials. It requests keys at Amazon Cognito's own hosts alone (or the one given with --endpoint-url),
whatever issuer the token names. The token is valid where the signature is, the claims are in order (exp, nbf, iat, token_use) and
no --pool or --issuer says otherwise. Exit codes: 0 valid, 1 invalid, 4 the signature could not be checked. With credentials it also
says whether the user pool is in this account.

With --json: identity: {profile, account, region, endpoint, source} (null without --verify, which alone asks AWS), header, claims, expired (null without exp); signature: {status, kid, reason}, where status is valid, invalid, unknown or
unchecked; verdict: {status, summary, reasons}, where status is valid, invalid or unchecked and reasons are {title, seen, fix, invalid};
pool: {id, in_this_account, reason} (null where it was not looked up); client_type (REGULAR or DCR; null unless `token --claims` read the client).")]
pub struct DecodeArgs {
    /// File to read; - is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,

    /// Check the signature against the keys of the user pool that issued it, and the claims
    #[arg(long)]
    pub verify: bool,

    /// The user pool that must have issued it: its id, or a name to look up
    #[arg(long, value_name = "POOL", requires = "verify", value_parser = NonEmptyStringValueParser::new())]
    pub pool: Option<String>,

    /// The issuer that it must name, whole
    #[arg(long, value_name = "URL", requires = "verify", conflicts_with = "pool")]
    pub issuer: Option<String>,

    /// The kind of token that is wanted
    #[arg(long, value_enum, value_name = "KIND", requires = "verify", default_value_t = TokenUse::Access)]
    pub token_use: TokenUse,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The client that `credentials` is about if not told.
pub const MACHINE_AUTH: &str = "machine_auth";

/// The arguments of `credentials`.
#[derive(Debug, Args)]
#[command(after_help = "\
The default format is AWS TEAM's: token_endpoint, graph_endpoint, client_id and client_secret, values in double quotes.
graph_endpoint is what --graph-endpoint says, or the URL of the AWS AppSync API that --graph-api names; without both it is
AWS TEAM's, the API with team-main in its name. Where there is none or it may not be read (appsync:ListGraphqlApis) the
line is left out, with a note on stderr. So it is in the terraform format; the others have it only if one of the two is given.

The curl and terraform formats hold no secret: they take it from $CLIENT_SECRET and $TF_VAR_awsteam_client_secret. Every other
format does, and is printed on a terminal only with --reveal.

The secret is read from Cognito, or from AWS Secrets Manager (secretsmanager:GetSecretValue on the secret's ARN) where Cognito keeps it
there: Cognito changes such a secret by itself, which is said on stderr, and JSON has its client_secret_arn. Where neither shows it,
--secret - takes the value from standard input: alone, or JSON with a client_secret.

Printed as JSON they have also identity: {profile, account, region, endpoint, source} and client_type (REGULAR, DCR, or null where the
client is not read); handed over with --to they have neither.")]
pub struct CredentialsArgs {
    /// User pool: its id, its name or a part of its name that no other has
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// App client: its id, its name or a part of its name that no other in the pool has
    #[arg(long, value_name = "CLIENT", default_value = MACHINE_AUTH, value_parser = NonEmptyStringValueParser::new())]
    pub client: String,

    #[arg(long, value_enum, default_value_t = Format::Team)]
    pub format: Format,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// Read the client secret from stdin (-), for a client whose secret Cognito does not show
    #[arg(long, value_name = "-", value_parser = StringValueParser::new().map(|text| SecretSource::from(text.as_str())))]
    pub secret: Option<SecretSource>,

    /// URL of the GraphQL API that the client is for: the graph_endpoint to print
    #[arg(long, value_name = "URL", value_parser = one_line)]
    pub graph_endpoint: Option<String>,

    /// Look up graph_endpoint in AWS AppSync: the GraphQL API of this name, or the only one with it in its name
    #[arg(long, value_name = "NAME", conflicts_with = "graph_endpoint", value_parser = NonEmptyStringValueParser::new())]
    pub graph_api: Option<String>,

    /// Hand them over instead of printing them: to clipboard, osc52 (the terminal's clipboard), file:PATH, exec:COMMAND (its standard
    /// input) or secretsmanager:NAME (as JSON). Nothing is written over but this client's own credentials
    #[arg(long, value_name = "TARGET", conflicts_with = "reveal")]
    pub to: Option<Destination>,

    /// Write over whatever the file or the secret of --to holds
    #[arg(long, requires = "to")]
    pub replace: bool,

    /// Print the secret even on a terminal
    #[arg(long)]
    pub reveal: bool,
}

impl CredentialsArgs {
    /// What to print them as.
    #[must_use]
    pub const fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// The arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Of a whole pool: the pool, as far as machines need it, its resource servers and domains, and the app clients that machines use.
With --client: that one, with the resource servers of its scopes.

There is no secret in an export: Cognito generates a new one for a client that is made from it. What differs from what is
there, such as a scope that was deleted, is told on stderr and at the head of the code.")]
pub struct ExportArgs {
    /// User pool: its id, its name or a part of its name that no other has
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// Only this app client: its id, its name or a part of its name that no other in the pool has
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: Option<String>,

    /// What to write it in
    #[arg(long = "as", value_name = "FORMAT", value_enum)]
    pub format: ExportFormat,

    /// Write to this file, which must not be there yet, instead of stdout
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// An object with the code as one string: {identity, format, code, clients: [{id, name, client_type}], left_out: [...]}
    #[arg(long)]
    pub json: bool,
}

/// What an export is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// HCL for Terraform's AWS provider, with import blocks
    Terraform,
    /// A YAML template
    #[value(name = "cloudformation")]
    CloudFormation,
    /// TypeScript for aws-cdk-lib
    Cdk,
    /// A bash script of AWS CLI commands
    Cli,
}

/// The arguments of `setup`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --apply nothing is written: the plan is printed, and the exit code is 2 where it has changes, 0 where all is there.
What exists and fits is left alone, what does not fit is put right, and nothing is ever taken away. Running it again after
--apply changes nothing; after a failure it goes on from there. What can't be done is said before anything is written.
What was written is read back and compared: where somebody else overwrote it, the run fails and names what differs; where it
can't be read back it is not confirmed, and the exit code is 1. A run that is interrupted says what may have been done.

--destroy takes down what the preset makes. Nothing tells what it made and what was there before: so what others use stays, and is
named with the reason. Scopes stay that another client holds, a domain where the pool has another client, and a user pool where
anything else is in it, where it is protected, or where it was named with --pool. --with takes the scopes, the domain or the
preset's own pool all the same. --destroy asks for the name of what goes: on a terminal it is typed, in scripts it is given with
--yes; without that the plan is printed, and the exit code is 2.

Presets of your own are files *.toml in the folder presets beside the configuration file; `cognitui presets` tells what there
is and what each asks.

With --json: identity: {profile, account, region, endpoint, source}, where source says which setting chose the credentials,
pool_id and client_id (null while there is none), client_type (REGULAR, DCR or null), pool_name, pending (how many changes are still to be made), error
(null, or why a step failed), obstacles: {about, what, way_out}, warnings, and steps: {operation, summary, details: {field, old,
new}, warning, command, state, error, kept}, where operation is the API's name, command the AWS CLI's, state is present (also of
what --destroy leaves), pending, done, unconfirmed (written, and it could not be read back: error says why) or failed, and kept
lists what somebody else changed in it meanwhile, which stays.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct SetupArgs {
    /// Name of the preset, such as team, read-write, m2m-client, api-gateway, plain or no-domain
    #[arg(value_name = "PRESET", value_parser = NonEmptyStringValueParser::new())]
    pub preset: String,

    /// User pool: its id, its name or a part of its name that no other has [default: the preset's own]
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: Option<String>,

    /// Answer a question of the preset; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub set: Vec<(String, String)>,

    /// Make what is missing, and put right what does not fit
    #[arg(long, conflicts_with = "destroy")]
    pub apply: bool,

    /// Take down what the preset makes
    #[arg(long)]
    pub destroy: bool,

    /// Take it down without asking: the name of what goes
    #[arg(long, value_name = "NAME", requires = "destroy")]
    pub yes: Option<String>,

    /// Take down also what others use, or what may have been there before; may be repeated
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        requires = "destroy",
        value_delimiter = ','
    )]
    pub with: Vec<DestroyExtra>,

    /// Print JSON
    #[arg(long)]
    pub json: bool,

    /// Print the AWS CLI commands that do the same
    #[arg(long, conflicts_with_all = ["json", "apply", "yes"])]
    pub cli: bool,
}

impl SetupArgs {
    /// Whether it may lead to something being written: at once, or after a question.
    #[must_use]
    pub fn may_write(&self) -> bool {
        let asks = self.destroy && !self.json && !self.cli;
        self.apply || self.yes.is_some() || asks
    }
}

/// What a take-down leaves unless it is asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DestroyExtra {
    /// The pool that the preset makes, with all that is in it
    Pool,
    /// The domain, although other clients get their tokens there
    Domain,
    /// The scopes that other clients hold
    Scopes,
}

/// The arguments of `presets`.
#[derive(Debug, Args)]
#[command(after_help = "\
With --json each preset is an object on a line of its own: name, title, about, source, needs_pool (whether --pool must be
given) and asks: {key, label, kind (text, life, bool, choice or domain-prefix), choices, default (null where it must be
answered), help}.")]
pub struct PresetsArgs {
    /// Print JSON, an object a line
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    pub shell: clap_complete::Shell,
}

/// The arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The manual page of this command instead of the program's
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// A key and a value, split at the first `=`.
fn pair(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write KEY=VALUE"),
    }
}

/// A value that can stand between double quotes on a line.
pub(crate) fn one_line(value: &str) -> Result<String, &'static str> {
    if value.is_empty()
        || value.contains(|c: char| c.is_control() || matches!(c, '"' | '\'' | '\\'))
    {
        return Err("a URL has no quotes, backslashes or line breaks");
    }
    Ok(value.to_owned())
}

/// An answer, `key=value`.
fn key_and_value(text: &str) -> Result<(String, String), &'static str> {
    let (key, value) = text.split_once('=').ok_or("write key=value")?;
    Ok((key.to_owned(), value.to_owned()))
}
