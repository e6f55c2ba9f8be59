//! The arguments of `show`, `create`, `update` and `delete`.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::output::OutputArgs;
use super::pools::{
    CreateDomainArgs, CreatePoolArgs, DeleteOneArgs, DeletePoolArgs, DeleteScopesArgs,
    UpdateDomainArgs, UpdatePoolArgs,
};
use super::write::{ConfirmArgs, FileArgs, PoolArgs, Switch, WriteArgs};

/// The arguments of `show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Shows every setting that AWS describes, unknown ones included, and never a secret. With --json it is what `create` and
`update` read with --file; null is not set or unknown. Every object has identity: {profile, account, region, endpoint, source}.
  pool        id, name, arn, tier, deletion_protection, tags, domains, token_endpoint, issuer, described (all settings under
              the API's names), other (unknown settings)
  client      pool_id, id, name, client_type, secret: {state, arn, detail}, its settings, other
  server      pool_id, identifier, name, scopes: {name, description}, managed_by, other
  scope       pool_id, scope, description, clients ({id, name, client_type} of each; null if not readable); reads every client
  domain      pool_id, domain, custom, status, token_endpoint, certificate_arn, managed_login_version, failover, other
  secret-age  a row per client: pool_id, client_id, name, client_type, secret, secrets: {id, created, age_days}, managed:
              {last_rotated, next_rotation, schedule, rotates}, age_days (of the oldest; null if unknown)")]
pub struct ShowArgs {
    /// Kind of resource
    pub what: ShowWhat,

    /// Its id, name or unique part of the name; a scope as server/scope [default: the only domain; secret-age: all app clients]
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,

    /// User pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: Option<String>,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// What `show` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowWhat {
    /// A user pool
    Pool,
    /// An app client
    Client,
    /// A resource server
    Server,
    /// A scope and the app clients that have it
    Scope,
    /// A domain
    Domain,
    /// The ages of client secrets
    SecretAge,
}

/// The arguments of `create`.
#[derive(Debug, Args)]
#[command(after_help = WRITES)]
pub struct CreateArgs {
    #[command(subcommand)]
    pub what: CreateWhat,
}

/// The arguments of `update`.
#[derive(Debug, Args)]
#[command(after_help = WRITES)]
pub struct UpdateArgs {
    #[command(subcommand)]
    pub what: UpdateWhat,
}

/// The arguments of `delete`.
#[derive(Debug, Args)]
#[command(after_help = WRITES)]
pub struct DeleteArgs {
    #[command(subcommand)]
    pub what: DeleteWhat,
}

const WRITES: &str = "\
Without --apply it prints the plan and writes nothing; the exit code is 2 for pending changes, else 0. What exists as wanted
needs nothing, so that a second run is safe. A creation changes nothing that exists; an update keeps all other settings. A
deletion, and an update that takes something from an app client, asks for a name: type it, or pass --yes NAME. JSON is that of
`setup`.";

/// What `create` creates.
#[derive(Debug, Subcommand)]
pub enum CreateWhat {
    /// An app client; by default a machine client with a secret
    Client(Box<CreateClientArgs>),
    /// A resource server
    Server(CreateServerArgs),
    /// A scope of an existing resource server
    Scope(CreateScopeArgs),
    /// A domain
    Domain(CreateDomainArgs),
    /// A user pool
    Pool(CreatePoolArgs),
}

/// What `update` changes.
#[derive(Debug, Subcommand)]
pub enum UpdateWhat {
    /// An app client
    Client(Box<UpdateClientArgs>),
    /// A resource server
    Server(UpdateServerArgs),
    /// The description of a scope
    Scope(UpdateScopeArgs),
    /// The certificate or the sign-in pages of a domain
    Domain(UpdateDomainArgs),
    /// The deletion protection of a user pool
    Pool(UpdatePoolArgs),
}

/// What `delete` deletes.
#[derive(Debug, Subcommand)]
pub enum DeleteWhat {
    /// An app client
    Client(DeleteOneArgs),
    /// A resource server with its scopes
    Server(DeleteScopesArgs),
    /// A scope
    Scope(DeleteScopesArgs),
    /// A domain
    Domain(DeleteOneArgs),
    /// A user pool with all its contents
    Pool(DeletePoolArgs),
}

impl CreateWhat {
    /// How it is written.
    #[must_use]
    pub fn write(&self) -> &WriteArgs {
        match self {
            Self::Client(args) => &args.write,
            Self::Server(args) => &args.write,
            Self::Scope(args) => &args.write,
            Self::Domain(args) => &args.write,
            Self::Pool(args) => &args.write,
        }
    }
}

impl UpdateWhat {
    /// How it is written.
    #[must_use]
    pub fn write(&self) -> &WriteArgs {
        match self {
            Self::Client(args) => &args.write,
            Self::Server(args) => &args.write,
            Self::Scope(args) => &args.write,
            Self::Domain(args) => &args.write,
            Self::Pool(args) => &args.write,
        }
    }

    /// Its confirmation.
    #[must_use]
    pub fn confirm(&self) -> &ConfirmArgs {
        match self {
            Self::Client(args) => &args.confirm,
            Self::Server(args) => &args.confirm,
            Self::Scope(args) => &args.confirm,
            Self::Domain(args) => &args.confirm,
            Self::Pool(args) => &args.confirm,
        }
    }
}

impl DeleteWhat {
    /// How it is written.
    #[must_use]
    pub fn write(&self) -> &WriteArgs {
        match self {
            Self::Client(args) | Self::Domain(args) => &args.write,
            Self::Server(args) | Self::Scope(args) => &args.write,
            Self::Pool(args) => &args.write,
        }
    }

    /// Its confirmation.
    #[must_use]
    pub fn confirm(&self) -> &ConfirmArgs {
        match self {
            Self::Client(args) | Self::Domain(args) => &args.confirm,
            Self::Server(args) | Self::Scope(args) => &args.confirm,
            Self::Pool(args) => &args.confirm,
        }
    }
}

/// The settings of an app client. Each list replaces the whole list.
#[derive(Clone, Debug, Default, Args)]
pub struct ClientSettingsArgs {
    /// Scopes, such as api/admin, separated by spaces; repeatable
    #[arg(long, value_name = "SCOPE", value_parser = NonEmptyStringValueParser::new())]
    pub scope: Vec<String>,

    /// OAuth 2.0 grant: client_credentials, code or implicit; repeatable
    #[arg(long, value_name = "GRANT", value_parser = NonEmptyStringValueParser::new())]
    pub grant: Vec<String>,

    /// Whether the client may use the token endpoint (AllowedOAuthFlowsUserPoolClient)
    #[arg(long, value_name = "ON/OFF")]
    pub oauth: Option<Switch>,

    /// Lifetime of access tokens, such as 5min, 1h or 1d
    #[arg(long, value_name = "LIFE", value_parser = NonEmptyStringValueParser::new())]
    pub access_token: Option<String>,

    /// Lifetime of ID tokens
    #[arg(long, value_name = "LIFE", value_parser = NonEmptyStringValueParser::new())]
    pub id_token: Option<String>,

    /// Lifetime of refresh tokens
    #[arg(long, value_name = "LIFE", value_parser = NonEmptyStringValueParser::new())]
    pub refresh_token: Option<String>,

    /// Explicit authentication flow, such as ALLOW_CLIENT_TOKEN_AUTH; repeatable
    #[arg(long, value_name = "FLOW", value_parser = NonEmptyStringValueParser::new())]
    pub explicit_flow: Vec<String>,

    /// Callback URL; repeatable
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub callback_url: Vec<String>,

    /// Logout URL; repeatable
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub logout_url: Vec<String>,

    /// Identity provider, such as COGNITO; repeatable
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub identity_provider: Vec<String>,

    /// Whether tokens can be revoked (EnableTokenRevocation)
    #[arg(long, value_name = "ON/OFF")]
    pub token_revocation: Option<Switch>,

    /// Where the client secret is
    #[arg(long, value_name = "KIND")]
    pub secret: Option<SecretKind>,
}

/// Where a client secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecretKind {
    /// In Cognito
    Cognito,
    /// In AWS Secrets Manager, where Cognito rotates it
    Managed,
    /// None: a public client, which can never get one
    None,
}

/// The arguments of `create client`.
#[derive(Debug, Args)]
pub struct CreateClientArgs {
    /// Name [default: that of --file]
    #[arg(value_name = "NAME", required_unless_present = "file", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
    #[command(flatten)]
    pub pool: PoolArgs,
    #[command(flatten)]
    pub settings: ClientSettingsArgs,
    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
}

/// The arguments of `update client`.
#[derive(Debug, Args)]
pub struct UpdateClientArgs {
    /// App client: id, name or unique part of the name
    #[arg(value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: String,
    #[command(flatten)]
    pub pool: PoolArgs,

    /// New name
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,

    #[command(flatten)]
    pub settings: ClientSettingsArgs,

    /// Add this scope; repeatable
    #[arg(long, value_name = "SCOPE", conflicts_with = "scope", value_parser = NonEmptyStringValueParser::new())]
    pub add_scope: Vec<String>,

    /// Remove this scope; repeatable
    #[arg(long, value_name = "SCOPE", conflicts_with = "scope", value_parser = NonEmptyStringValueParser::new())]
    pub remove_scope: Vec<String>,

    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

/// The arguments of `create server`.
#[derive(Debug, Args)]
pub struct CreateServerArgs {
    /// Identifier, such as orders or a URL [default: that of --file]
    #[arg(value_name = "IDENTIFIER", required_unless_present = "file", value_parser = NonEmptyStringValueParser::new())]
    pub identifier: Option<String>,
    #[command(flatten)]
    pub pool: PoolArgs,

    /// Name [default: the identifier]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,

    /// Scope and its description [default: its name]; repeatable
    #[arg(long, value_name = "NAME=DESCRIPTION", value_parser = NonEmptyStringValueParser::new())]
    pub scope: Vec<String>,

    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
}

/// The arguments of `update server`.
#[derive(Debug, Args)]
pub struct UpdateServerArgs {
    /// Identifier of the resource server
    #[arg(value_name = "IDENTIFIER", value_parser = NonEmptyStringValueParser::new())]
    pub identifier: String,
    #[command(flatten)]
    pub pool: PoolArgs,

    /// New name
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,

    /// Add this scope, or change its description; repeatable
    #[arg(long, value_name = "NAME=DESCRIPTION", value_parser = NonEmptyStringValueParser::new())]
    pub add_scope: Vec<String>,

    /// Remove this scope; repeatable
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub remove_scope: Vec<String>,

    /// First remove removed scopes from app clients
    #[arg(long)]
    pub prune: bool,

    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

/// The arguments of `create scope`.
#[derive(Debug, Args)]
pub struct CreateScopeArgs {
    /// Scope, such as api/admin [default: that of --file]
    #[arg(value_name = "SCOPE", required_unless_present = "file", value_parser = NonEmptyStringValueParser::new())]
    pub scope: Option<String>,
    #[command(flatten)]
    pub pool: PoolArgs,

    /// Description [default: the name of the scope]
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub description: Option<String>,

    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
}

/// The arguments of `update scope`.
#[derive(Debug, Args)]
pub struct UpdateScopeArgs {
    /// Scope, such as api/admin
    #[arg(value_name = "SCOPE", value_parser = NonEmptyStringValueParser::new())]
    pub scope: String,
    #[command(flatten)]
    pub pool: PoolArgs,

    /// New description
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub description: Option<String>,

    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}
