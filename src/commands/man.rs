//! `man`: manual pages, in roff.

use clap::CommandFactory;
use clap_mangen::Man;

use super::{Exit, Failure};
use crate::cli::{Cli, ManArgs};
use crate::commands::shared::output::Output;

pub(super) fn run(args: &ManArgs, out: &mut Output) -> Result<Exit, Failure> {
    let mut program = Cli::command();
    // Adds the global flags and the full names of commands.
    program.build();
    let mut page = &program;
    for name in &args.command {
        page = page.find_subcommand(name).ok_or_else(|| {
            Failure::usage(
                format!("unknown command {name:?}"),
                "`cognitui --help` lists the commands.",
            )
        })?;
    }
    let mut text = Vec::new();
    let source = concat!("cognitui ", env!("CARGO_PKG_VERSION"));
    Man::new(page.clone()).source(source).render(&mut text)?;
    out.raw(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
