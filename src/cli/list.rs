//! The arguments of `list`.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

/// The arguments of `list`.
#[derive(Debug, Args)]
#[command(after_help = "\
With --json each row is an object on a line of its own, null where Cognito says nothing; times are RFC 3339. Every row has
identity: {profile, account, region, endpoint, source}; an empty list has no row. The rest:
  pools    id, name, created, modified
  clients  pool_id, id, name, client_type (REGULAR, or DCR of a client that registered itself),
           secret: {state (shown, managed, hidden, none, unknown), arn, detail}, other (an object of
           settings that this version does not know); the last three are null without --details
  servers  pool_id, identifier, name, scopes (an array of full names), managed_by, other
  scopes   pool_id, scope (the full name), identifier, name, description, clients (an array of id, name and client_type of
           those that hold it; null without --clients)
  domains  pool_id, domain, custom, status, token_endpoint (the domain's), asked_here (where this
           connection asks for tokens), cloudfront, managed_login_version, certificate_arn, security_policy,
           failover_region, other
  matrix   pool_id, client_id, name, client_type, allowed and inactive (how many), scopes (an object: of each full name allowed,
           not_allowed, inactive for one that no resource server defines any more, or not_defined)

With --csv the matrix has a row a client, a column a scope in the same words, and a last row of how many clients list each.
Where clients may not be described, the matrix has their names alone: allowed, inactive and scopes are null in JSON, cells
say unread in CSV, and the table says so. The exit code is then 1, and everything that could be read is printed.
A field that a spreadsheet would run as a formula is led by an apostrophe.

A secret is shown where Cognito tells it, managed where AWS Secrets Manager holds it, hidden where there is one that Cognito does not
show, none for a public client, unknown where that can't be read.

Rows are printed page by page as they arrive.")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct ListArgs {
    pub what: ListWhat,

    /// Only this user pool's: its id, its name or a part of its name that no other has
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: Option<String>,

    /// With clients: say how each was made and where its secret is, for which every client is read
    #[arg(long)]
    pub details: bool,

    /// With clients: only those made in this way; takes --details along
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true)]
    pub client_type: Option<ClientTypeFilter>,

    /// With scopes: say which app clients hold each, for which every client is read
    #[arg(long)]
    pub clients: bool,

    /// Print JSON, an object a line
    #[arg(long)]
    pub json: bool,

    /// With matrix and --pool: print CSV
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
}

impl ListArgs {
    /// Whether every client is read.
    #[must_use]
    pub const fn details(&self) -> bool {
        self.details || self.client_type.is_some()
    }
}

/// How an app client was made, in the API's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClientTypeFilter {
    /// By CreateUserPoolClient or the like
    Regular,
    /// By dynamic client registration: it registered itself
    Dcr,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListWhat {
    /// User pools
    Pools,
    /// App clients
    Clients,
    /// Resource servers
    Servers,
    /// Scopes of the resource servers
    Scopes,
    /// Domains
    Domains,
    /// App clients against scopes, for which every client is read
    Matrix,
}
