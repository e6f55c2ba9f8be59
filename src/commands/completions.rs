//! `completions`: shell completions.

use clap::CommandFactory;

use super::{Exit, Failure};
use crate::cli::{Cli, CompletionsArgs};
use crate::commands::shared::output::Output;

pub(super) fn run(args: &CompletionsArgs, out: &mut Output) -> Result<Exit, Failure> {
    // Generated in memory: clap's generator panics on a write error.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cognitui", &mut script);
    out.raw(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
