//! The arguments that every writing of one resource takes.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::output::OutputArgs;

/// What every writing of one resource takes.
#[derive(Clone, Debug, Default, Args)]
pub struct WriteArgs {
    /// Write; without it the plan is printed, and the exit code is 2 for pending changes
    #[arg(long)]
    pub apply: bool,

    #[command(flatten)]
    pub output: OutputArgs,

    /// Print the equivalent AWS CLI commands
    #[arg(long, conflicts_with_all = ["json", "output", "apply"])]
    pub cli: bool,
}

/// The confirmation of what cannot be undone.
#[derive(Clone, Debug, Default, Args)]
pub struct ConfirmArgs {
    /// Confirm a deletion: the name that it asks for
    #[arg(long, value_name = "NAME", requires = "apply")]
    pub yes: Option<String>,
}

/// The pool of a resource.
#[derive(Clone, Debug, Args)]
pub struct PoolArgs {
    /// User pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,
}

/// A file with settings.
#[derive(Clone, Debug, Default, Args)]
pub struct FileArgs {
    /// Read settings from this file, as `show --json` prints them; - is stdin. Options come before the file
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl Switch {
    /// As a flag.
    #[must_use]
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}
