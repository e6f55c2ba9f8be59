//! The arguments of the commands.

use crate::cli::format::Format;
use std::path::PathBuf;

use clap::builder::{
    NonEmptyStringValueParser, PossibleValue, StringValueParser, TypedValueParser as _,
};
use clap::{Args, Subcommand, ValueEnum};

use super::doctor::DoctorArgs;
use super::list::ListArgs;
use super::output::OutputArgs;
use super::pair::pair;
use super::resources::{CreateArgs, DeleteArgs, ShowArgs, UpdateArgs};
use super::rotate::RotateArgs;
use crate::domain::delivery::destination::Destination;
use crate::domain::export::Format as ExportFormat;

/// A command that prints its answer and exits.
#[derive(Debug, Subcommand)]
pub enum ScriptCommand {
    /// List user pools, app clients, resource servers, scopes or domains
    List(ListArgs),
    /// Show every setting of a user pool, app client, resource server, scope or domain, or the ages of secrets
    Show(ShowArgs),
    /// Plan a new app client, resource server, scope, domain or user pool; create it with --apply
    Create(Box<CreateArgs>),
    /// Plan a change of one; make it with --apply
    Update(Box<UpdateArgs>),
    /// Plan the deletion of one; delete it with --apply
    Delete(Box<DeleteArgs>),
    /// Issue an access token and print it
    Token(TokenArgs),
    /// Decode a token, and verify it with --verify
    Decode(DecodeArgs),
    /// Print or deliver the credentials of an app client
    Credentials(CredentialsArgs),
    /// Rotate a client secret without downtime, and deliver the new one
    Rotate(RotateArgs),
    /// Plan a preset; set it up with --apply, take it down with --destroy
    Setup(SetupArgs),
    /// List the presets of `setup` and their questions
    Presets(PresetsArgs),
    /// Find problems of a user pool or an app client, and their fixes
    Doctor(DoctorArgs),
    /// Export a user pool's M2M setup, or one app client, as code
    Export(ExportArgs),
    /// Print who calls AWS, where, and what was read to find out
    Whoami(WhoamiArgs),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
}

impl ScriptCommand {
    /// Its output format, if it has one.
    pub fn output(&self) -> Option<OutputArgs> {
        match self {
            Self::Show(args) => Some(args.output),
            Self::Create(args) => Some(args.what.write().output),
            Self::Update(args) => Some(args.what.write().output),
            Self::Delete(args) => Some(args.what.write().output),
            Self::List(args) => Some(args.output),
            Self::Setup(args) => Some(args.output),
            Self::Rotate(args) => Some(args.output),
            Self::Credentials(args) => Some(OutputArgs {
                json: args.format() == Format::Json,
                ..OutputArgs::default()
            }),
            Self::Token(args) => Some(args.output),
            Self::Decode(args) => Some(args.output),
            Self::Presets(args) => Some(args.output),
            Self::Whoami(args) => Some(args.output),
            Self::Doctor(args) => Some(args.output),
            Self::Export(args) => Some(args.output),
            Self::Completions(_) | Self::Man(_) => None,
        }
    }

    /// Whether it may change anything in AWS.
    pub fn may_write(&self) -> bool {
        match self {
            Self::Setup(args) => args.may_write(),
            Self::Create(args) => args.what.write().apply,
            Self::Update(args) => args.what.write().apply,
            Self::Delete(args) => args.what.write().apply,
            Self::Rotate(args) => args.apply,
            Self::Credentials(args) => matches!(args.to, Some(Destination::SecretsManager(_))),
            // No wildcard: the compiler asks about a new command.
            Self::List(_)
            | Self::Show(_)
            | Self::Token(_)
            | Self::Decode(_)
            | Self::Presets(_)
            | Self::Doctor(_)
            | Self::Export(_)
            | Self::Whoami(_)
            | Self::Completions(_)
            | Self::Man(_) => false,
        }
    }
}

/// The arguments of `whoami`.
#[derive(Debug, Args)]
#[command(after_help = "\
For bug reports, too: no secret is printed. The exit code is that of the error if the account is not known.

With --json: identity: {profile, account, region, endpoint, source}, arn, login (how the credentials come about), expires
(RFC 3339; null if unknown or renewed automatically), error (why the account is not known, or null), files: {aws,
cognitui}, presets, version, platform.")]
pub struct WhoamiArgs {
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The arguments of `token`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag on the command line"
)]
#[command(after_help = "\
Prints the token to stdout, and explains errors and missing scopes on stderr. AWS bills each token (about $0.00225). The
client secret is read from Cognito or AWS Secrets Manager; --secret - reads it from stdin: the value, or JSON with
client_secret.

With --json: identity: {profile, account, region, endpoint, source}, access_token, token_type, expires_in, scope,
client_type. With --claims --json: as `decode --json`.")]
pub struct TokenArgs {
    /// User pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// App client: id, name or unique part of the name
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: String,

    /// Request these scopes, such as api/admin or "a/x b/y"; repeatable [default: all of the client's]
    #[arg(long, value_name = "SCOPE", value_parser = NonEmptyStringValueParser::new())]
    pub scope: Vec<String>,

    /// Read the client secret from stdin (-)
    #[arg(long, value_name = "-", value_parser = StringValueParser::new().map(|text| SecretSource::from(text.as_str())))]
    pub secret: Option<SecretSource>,

    /// Client authentication
    #[arg(long, value_enum, default_value_t = Auth::Basic)]
    pub auth: Auth,

    /// Client metadata for the pre token generation trigger, such as env=prod; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub metadata: Vec<(String, String)>,

    /// Print the decoded header and claims instead of the token
    #[arg(long, conflicts_with = "header")]
    pub claims: bool,

    /// Print an Authorization header
    #[arg(long, conflicts_with_all = ["json", "output"])]
    pub header: bool,

    /// Print an ExecCredential for kubectl and similar programs
    #[arg(long, conflicts_with_all = ["json", "output", "header", "claims"])]
    pub exec_credential: bool,

    /// Keep the token in a file of mode 0600 in the cache directory, and reuse it until a minute before it expires
    #[arg(long, conflicts_with = "secret")]
    pub cache: bool,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// The client authentication of a token request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Auth {
    /// Authorization header (client_secret_basic)
    Basic,
    /// POST body (client_secret_post)
    Body,
    /// GetClientToken API: needs the flow ALLOW_CLIENT_TOKEN_AUTH, and no domain
    Api,
}

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TokenUse {
    /// An access token of a client_credentials grant
    Access,
    /// An ID token
    Id,
    /// Any token, including a user's access token
    Any,
}

/// The source of a client secret: the value of `--secret`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// `-`.
    Stdin,
    /// A secret passed as an argument: refused, and its value is dropped.
    Argument,
}

/// Never fails: an error would print the value.
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
Finds the token in its surroundings: headers, JSON, logs, shells, wrapped lines. The answer comes first.

--verify needs no AWS credentials. It fetches keys from Amazon Cognito hosts (or --endpoint-url) only, whatever issuer the
token names. It checks the signature, exp, nbf, iat, token_use and --pool or --issuer. With credentials it also reads the
user pool, the app client and the defined scopes, and says what is missing and why. Exit codes: 0 valid, 1 invalid (also
without --verify), 4 signature not checked.

With --json: identity: {profile, account, region, endpoint, source} (null without --verify), header, claims, expired (null
without exp), sort (machine, person_initiate_auth, person_authorization_code, id, token_exchange, not_cognito, unknown),
signature: {status (valid, invalid, unknown, unchecked), kid, reason}, verdict: {status (valid, invalid, unchecked),
summary (the answer), fix: {way, scopes} (or null), reasons: {title, seen, fix, invalid}, evidence: {about, seen, certainty
(proven, likely, not known), ok}}, scopes: {scope, in_token, state (undefined, deleted, removed, left_out, carried,
carried_unread, not_allowed)}, pool: {id, name, in_this_account, reason} and client: {id, name, in_pool, reason} (null if
not looked up), client_type (REGULAR, DCR, or null if the client is not read).")]
pub struct DecodeArgs {
    /// File with the token; - is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,

    /// Verify the signature with the issuer's keys, and check user pool, app client and scopes as they are now
    #[arg(long)]
    pub verify: bool,

    /// Of several tokens, take this one, counted from 1
    #[arg(long, value_name = "N")]
    pub number: Option<usize>,

    /// Expected user pool: id or name
    #[arg(long, value_name = "POOL", requires = "verify", value_parser = NonEmptyStringValueParser::new())]
    pub pool: Option<String>,

    /// Expected issuer URL
    #[arg(long, value_name = "URL", requires = "verify", conflicts_with = "pool")]
    pub issuer: Option<String>,

    /// Expected kind of token
    #[arg(long, value_enum, value_name = "KIND", requires = "verify", default_value_t = TokenUse::Access)]
    pub token_use: TokenUse,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// The default client of `credentials`.
pub const MACHINE_AUTH: &str = "machine_auth";

/// The arguments of `credentials`.
#[derive(Debug, Args)]
#[command(after_help = "\
The default format is AWS TEAM's: token_endpoint, graph_endpoint, client_id and client_secret, in double quotes.
graph_endpoint is --graph-endpoint, or the URL of the AWS AppSync API --graph-api [default: the API with team-main in its
name]. If it is not found or not readable (appsync:ListGraphqlApis), the line is omitted with a note on stderr. The terraform
format does the same; other formats include graph_endpoint only if one of the two options is set.

The curl and terraform formats hold no secret: they read $CLIENT_SECRET and $TF_VAR_awsteam_client_secret. On a terminal all
others need --reveal.

The secret is read from Cognito or AWS Secrets Manager (secretsmanager:GetSecretValue on its ARN). Cognito rotates a managed
secret by itself; JSON has its client_secret_arn. --secret - reads it from stdin: the value, or JSON with client_secret.

Printed JSON also has identity: {profile, account, region, endpoint, source} and client_type (REGULAR, DCR, or null if the
client is not read); delivered JSON has neither.")]
pub struct CredentialsArgs {
    /// User pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// App client: id, name or unique part of the name
    #[arg(long, value_name = "CLIENT", default_value = MACHINE_AUTH, value_parser = NonEmptyStringValueParser::new())]
    pub client: String,

    #[arg(long, value_enum, default_value_t = Format::Team)]
    pub format: Format,

    /// Same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// Read the client secret from stdin (-)
    #[arg(long, value_name = "-", value_parser = StringValueParser::new().map(|text| SecretSource::from(text.as_str())))]
    pub secret: Option<SecretSource>,

    /// Value of graph_endpoint: the URL of the GraphQL API
    #[arg(long, value_name = "URL", value_parser = one_line)]
    pub graph_endpoint: Option<String>,

    /// Look up graph_endpoint in AWS AppSync: name or unique part of the name
    #[arg(long, value_name = "NAME", conflicts_with = "graph_endpoint", value_parser = NonEmptyStringValueParser::new())]
    pub graph_api: Option<String>,

    /// Deliver to clipboard, osc52 (terminal clipboard), file:PATH, exec:COMMAND (its stdin) or secretsmanager:NAME (as JSON);
    /// overwrites only this client's credentials
    #[arg(long, value_name = "TARGET", conflicts_with = "reveal")]
    pub to: Option<Destination>,

    /// Overwrite any content of the file or secret of --to
    #[arg(long, requires = "to")]
    pub replace: bool,

    /// Print the secret on a terminal
    #[arg(long)]
    pub reveal: bool,
}

impl CredentialsArgs {
    /// The output format.
    #[must_use]
    pub const fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// The arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exports the pool's M2M settings, resource servers, domains and M2M app clients; with --client that client and the resource
servers of its scopes.

An export holds no secrets: Cognito generates a new secret for each client. Differences from the current state, such as a
deleted scope, are listed on stderr and at the top of the code.")]
pub struct ExportArgs {
    /// User pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// Only this app client: id, name or unique part of the name
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: Option<String>,

    /// Output format
    #[arg(long = "as", value_name = "FORMAT", value_enum)]
    pub format: ExportFormat,

    /// Write to this new file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    #[command(flatten)]
    pub output: OutputArgs,
}

impl ValueEnum for ExportFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Terraform => "HCL for Terraform's AWS provider, with import blocks",
            Self::CloudFormation => "A YAML template",
            Self::Cdk => "TypeScript for aws-cdk-lib",
            Self::Cli => "A bash script of AWS CLI commands",
        };
        Some(PossibleValue::new(self.name()).help(help))
    }
}

/// The arguments of `setup`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --apply it prints the plan and writes nothing; the exit code is 2 for pending changes, else 0. --apply creates what
is missing, updates what differs and deletes nothing. Obstacles are reported before the first write. Each write is read back:
if it was overwritten, the run fails; if it cannot be read, it is unconfirmed and the exit code is 1. After a failure, run
the same command again to continue. An interrupted run reports what may be written.

--destroy takes down what the preset makes. It keeps scopes that another client has, a domain if the pool has another client,
and a user pool that has other contents, is protected or is named with --pool; --with removes the scopes, the domain or the
preset's own pool, too. Type the name to confirm, or pass --yes NAME; otherwise it prints the plan and exits with 2.

Your own presets: *.toml in the directory presets next to the configuration file. `cognitui presets` lists all presets.

With --json: identity: {profile, account, region, endpoint, source (of the credentials)}, pool_id, client_id (null if none),
client_type (REGULAR, DCR or null), pool_name, pending (count of pending changes), error (of the failed step, or null),
obstacles: {about, what, way_out}, warnings, steps: {operation (API), summary, details: {field, old, new}, warning, command
(AWS CLI), state (present, also for kept; pending, done, unconfirmed, failed), error, kept (concurrent changes that were
kept)}.")]
pub struct SetupArgs {
    /// Preset, such as team, read-write, m2m-client, api-gateway, plain or no-domain
    #[arg(value_name = "PRESET", value_parser = NonEmptyStringValueParser::new())]
    pub preset: String,

    /// User pool: id, name or unique part of the name [default: the preset's]
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: Option<String>,

    /// Answer a question of the preset; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub set: Vec<(String, String)>,

    /// Create what is missing, update what differs
    #[arg(long, conflicts_with = "destroy")]
    pub apply: bool,

    /// Take down what the preset makes
    #[arg(long)]
    pub destroy: bool,

    /// Confirm --destroy: the name that it asks for
    #[arg(long, value_name = "NAME", requires = "destroy")]
    pub yes: Option<String>,

    /// Also take down what may be shared or older than the preset; repeatable
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        requires = "destroy",
        value_delimiter = ','
    )]
    pub with: Vec<DestroyExtra>,

    #[command(flatten)]
    pub output: OutputArgs,

    /// Print the equivalent AWS CLI commands
    #[arg(long, conflicts_with_all = ["json", "output", "apply", "yes"])]
    pub cli: bool,
}

impl SetupArgs {
    /// Whether it may write, at once or after a confirmation.
    #[must_use]
    pub fn may_write(&self) -> bool {
        let asks = self.destroy && !self.output.is_data() && !self.cli;
        self.apply || self.yes.is_some() || asks
    }
}

/// What a take-down keeps unless `--with` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DestroyExtra {
    /// The preset's pool with all its contents
    Pool,
    /// The domain, even if other clients use it
    Domain,
    /// The scopes that other clients have
    Scopes,
}

/// The arguments of `presets`.
#[derive(Debug, Args)]
#[command(after_help = "\
With --json each line is a preset: name, title, about, source, needs_pool (whether --pool is required), asks: {key, label,
kind (text, life, bool, choice or domain-prefix), choices, default (null if required), help}.")]
pub struct PresetsArgs {
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    pub shell: clap_complete::Shell,
}

/// The arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Command, such as list or create client [default: the program]
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
}

/// Parses a URL that is safe between double quotes.
pub(crate) fn one_line(value: &str) -> Result<String, &'static str> {
    if value.is_empty()
        || value.contains(|c: char| c.is_control() || matches!(c, '"' | '\'' | '\\'))
    {
        return Err("a URL cannot contain quotes, backslashes or line breaks");
    }
    Ok(value.to_owned())
}
