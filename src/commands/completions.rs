//! `completions`: what a shell needs to complete our arguments.

use clap::CommandFactory;

use super::{Exit, Failure};
use crate::cli::{Cli, CompletionsArgs};
use crate::commands::shared::output::Output;

pub(super) fn run(args: &CompletionsArgs, out: &mut Output) -> Result<Exit, Failure> {
    // Made in memory first: clap's generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cognitui", &mut script);
    out.raw(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
