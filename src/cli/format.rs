//! The formats of credentials.

use clap::ValueEnum;

/// The format of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Four lines for AWS TEAM
    Team,
    /// Shell `export` lines
    Env,
    /// .env lines
    Dotenv,
    /// JSON object
    Json,
    /// Block of AWS TEAM's Terraform provider (awsteam-contrib/awsteam), secret from a variable
    Terraform,
    /// curl token request, secret from $CLIENT_SECRET
    Curl,
}

impl Format {
    /// Whether it contains the secret.
    #[must_use]
    pub fn shows_secret(self) -> bool {
        !matches!(self, Self::Terraform | Self::Curl)
    }
}
