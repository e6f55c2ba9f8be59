//! What the command line says.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A terminal console for Amazon Cognito machine-to-machine authentication.
///
/// Without a command it opens the console. Credentials and Region come from the AWS SDK's usual places: environment, profiles,
/// SSO, roles.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
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
    #[arg(long)]
    pub pace: bool,

    /// Configuration file [default: cognitui/config.toml in the user's configuration folder]
    #[arg(long, value_name = "FILE", env = "COGNITUI_CONFIG")]
    pub config: Option<PathBuf>,

    /// Write a log of calls and their outcomes, without any value, to this file
    #[arg(long, value_name = "FILE", env = "COGNITUI_LOG")]
    pub log: Option<PathBuf>,

    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Which account, Region and endpoints to use.
#[derive(Clone, Debug, Default, Args)]
pub struct Connection {
    /// Profile of the AWS configuration files
    #[arg(long, value_name = "NAME", env = "COGNITUI_PROFILE")]
    pub profile: Option<String>,

    /// AWS Region, such as eu-west-1
    #[arg(long, value_name = "REGION", env = "COGNITUI_REGION")]
    pub region: Option<String>,

    /// Send every AWS call here instead, such as http://127.0.0.1:9229
    #[arg(long, value_name = "URL", env = "COGNITUI_ENDPOINT_URL")]
    pub endpoint_url: Option<String>,

    /// Ask this URL for tokens instead of the pool's domain [default with --endpoint-url: that URL + /oauth2/token]
    #[arg(long, value_name = "URL", env = "COGNITUI_TOKEN_ENDPOINT")]
    pub token_endpoint: Option<String>,
}

/// What to do instead of opening the console.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the embedded Cognito on loopback, for the AWS CLI, SDKs and OAuth clients
    Sandbox(SandboxArgs),
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
    #[arg(long, default_value = "eu-west-1")]
    pub region: String,

    /// Throttle by Cognito's real rates
    #[arg(long)]
    pub rates: bool,

    /// Misbehave, such as `latency=200ms`, `token:cut*3` or `DescribeUserPoolClient:access-denied`
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
}
