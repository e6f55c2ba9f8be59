//! The arguments of `create`, `update` and `delete` of user pools and domains, and of deletions.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::pair::pair;
use super::write::{ConfirmArgs, FileArgs, PoolArgs, Switch, WriteArgs};

/// The arguments of `create pool`.
#[derive(Debug, Args)]
pub struct CreatePoolArgs {
    /// Name [default: that of --file]
    #[arg(value_name = "NAME", required_unless_present = "file", value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,

    /// Feature plan
    #[arg(long, value_name = "TIER", ignore_case = true, value_parser = ["LITE", "ESSENTIALS", "PLUS"])]
    pub tier: Option<String>,

    /// Deletion protection
    #[arg(long, value_name = "ON/OFF")]
    pub protection: Option<Switch>,

    /// Only administrators create users; on by default, as a pool for machines wants it
    #[arg(long, value_name = "ON/OFF")]
    pub admin_create_only: Option<Switch>,

    /// Attribute that users sign in with; cannot be changed later; repeatable
    #[arg(long, value_name = "NAME", value_parser = ["email", "phone_number"])]
    pub username_attribute: Vec<String>,

    /// Tag; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub tag: Vec<(String, String)>,

    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
}

/// The arguments of `update pool`.
#[derive(Debug, Args)]
pub struct UpdatePoolArgs {
    /// User pool: id, name or unique part of the name
    #[arg(value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// Deletion protection
    #[arg(long, value_name = "ON/OFF")]
    pub protection: Option<Switch>,

    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

/// The arguments of `delete client` and `delete domain`.
#[derive(Debug, Args)]
pub struct DeleteOneArgs {
    /// Its id, name or unique part of the name; a domain's whole name
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    #[command(flatten)]
    pub pool: PoolArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

/// The arguments of `delete server` and `delete scope`.
#[derive(Debug, Args)]
pub struct DeleteScopesArgs {
    /// Identifier of the resource server, or the scope as server/scope
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    #[command(flatten)]
    pub pool: PoolArgs,

    /// First remove the scopes from app clients
    #[arg(long)]
    pub prune: bool,

    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

/// The arguments of `delete pool`.
#[derive(Debug, Args)]
pub struct DeletePoolArgs {
    /// User pool: id, name or unique part of the name
    #[arg(value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,
    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

/// The settings of a domain.
#[derive(Clone, Debug, Default, Args)]
pub struct DomainSettingsArgs {
    /// ARN of the certificate in us-east-1: makes it a custom domain
    #[arg(long, value_name = "ARN", value_parser = NonEmptyStringValueParser::new())]
    pub certificate: Option<String>,

    /// Sign-in pages: 1 is the hosted UI, 2 managed login
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(i32).range(1..=2))]
    pub managed_login: Option<i32>,
}

/// The arguments of `create domain`.
#[derive(Debug, Args)]
pub struct CreateDomainArgs {
    /// Prefix, or the full name of a custom domain [default: that of --file]
    #[arg(value_name = "DOMAIN", required_unless_present = "file", value_parser = NonEmptyStringValueParser::new())]
    pub domain: Option<String>,
    #[command(flatten)]
    pub pool: PoolArgs,
    #[command(flatten)]
    pub settings: DomainSettingsArgs,
    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
}

/// The arguments of `update domain`.
#[derive(Debug, Args)]
pub struct UpdateDomainArgs {
    /// Prefix or full name
    #[arg(value_name = "DOMAIN", value_parser = NonEmptyStringValueParser::new())]
    pub domain: String,
    #[command(flatten)]
    pub pool: PoolArgs,
    #[command(flatten)]
    pub settings: DomainSettingsArgs,
    #[command(flatten)]
    pub file: FileArgs,
    #[command(flatten)]
    pub write: WriteArgs,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}
