//! The arguments of `list`.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::output::{OutputArgs, OutputFormat};

/// The arguments of `list`.
#[derive(Debug, Args)]
#[command(after_help = "\
With --json each row is a line; missing values are null, times RFC 3339. Every row has
identity: {profile, account, region, endpoint, source}. Other fields:
  pools    id, name, created, modified
  clients  pool_id, id, name, client_type (REGULAR or DCR), secret: {state, arn, detail}, other
           (unknown settings); the last three are null without --details
  servers  pool_id, identifier, name, scopes (full names), managed_by, other
  scopes   pool_id, scope (full name), identifier, name, description, clients
           ({id, name, client_type} of each; null without --clients)
  domains  pool_id, domain, custom, status, token_endpoint (the domain's), asked_here (this
           connection's), cloudfront, managed_login_version, certificate_arn, security_policy,
           failover_region, other
  matrix   pool_id, client_id, name, client_type, allowed and inactive (counts), scopes
           (full name: allowed, not_allowed, inactive: no longer defined, or not_defined)

CSV has the same fields without identity. With --pool the matrix has a row per client, a column per scope and a last row of counts; an apostrophe precedes spreadsheet
formulas. If clients cannot be described, allowed, inactive and scopes are null in JSON and unread in CSV, and the exit code
is 1.

Secret states: shown by Cognito, managed by AWS Secrets Manager, hidden (exists, not shown), none (public client), unknown
(not readable).")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct ListArgs {
    pub what: ListWhat,

    /// Only of this user pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: Option<String>,

    /// With clients: add type and secret state; reads every client
    #[arg(long)]
    pub details: bool,

    /// With clients: only of this type; implies --details
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true)]
    pub client_type: Option<ClientTypeFilter>,

    /// With scopes: add the app clients that have each; reads every client
    #[arg(long)]
    pub clients: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    /// Same as --output csv
    #[arg(long, conflicts_with_all = ["json", "output"])]
    pub csv: bool,
}

impl ListArgs {
    /// The output format.
    #[must_use]
    pub fn format(&self) -> OutputFormat {
        if self.csv {
            OutputFormat::Csv
        } else {
            self.output.rows()
        }
    }

    /// Whether every client is read.
    #[must_use]
    pub const fn details(&self) -> bool {
        self.details || self.client_type.is_some()
    }
}

/// The type of an app client, as the API names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClientTypeFilter {
    /// Created with CreateUserPoolClient or similar
    Regular,
    /// Registered itself by dynamic client registration
    Dcr,
}

/// The kinds of rows.
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
    /// App clients against scopes; reads every client
    Matrix,
}
