//! How a command prints its answer.

use clap::ValueEnum;

/// How credentials are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// AWS TEAM's four lines
    Team,
    /// `export` lines for a shell
    Env,
    /// Lines of a .env file
    Dotenv,
    /// A JSON object
    Json,
    /// The block of AWS TEAM's Terraform provider (awsteam-contrib/awsteam), secret from a variable
    Terraform,
    /// A curl command that asks for a token, secret from $CLIENT_SECRET
    Curl,
}

impl Format {
    /// Whether the secret is in it.
    #[must_use]
    pub fn shows_secret(self) -> bool {
        !matches!(self, Self::Terraform | Self::Curl)
    }
}
