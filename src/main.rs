//! Arguments, then a mode, then an exit code.

use clap::Parser;
use cognitui::cli::{Cli, Command};
use cognitui::config::Config;
use cognitui::{launch, logging};
use color_eyre::eyre::{Result, WrapErr};

fn main() -> Result<()> {
    let cli = Cli::parse();
    color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .install()?;
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
