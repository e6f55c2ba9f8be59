//! Arguments, then a mode, then an exit code.

use std::io::IsTerminal;

use clap::Parser;
use cognitui::cli::{Cli, Command};
use cognitui::config::Config;
use cognitui::{launch, logging};
use color_eyre::config::{HookBuilder, Theme};
use color_eyre::eyre::{Result, WrapErr};

fn main() -> Result<()> {
    let cli = Cli::parse();
    reports().install()?;
    if let Some(path) = &cli.log {
        logging::start(path)
            .wrap_err_with(|| format!("cannot write the log {}", path.display()))?;
    }
    match cli.command {
        Some(Command::Sandbox(args)) => launch::sandbox(args),
        None => {
            let config = Config::load(cli.config.as_deref())?;
            launch::console(cli, &config)
        }
    }
}

/// How errors and panics are told: in colour only where a terminal shows them and nobody has asked for none.
fn reports() -> HookBuilder {
    let reports = HookBuilder::default().display_env_section(false);
    if std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    {
        reports
    } else {
        reports.theme(Theme::new())
    }
}
