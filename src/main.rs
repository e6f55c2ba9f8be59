//! Arguments, then a mode, then an exit code.

use std::process::ExitCode;

use cognitui::cli::{Cli, Command, USAGE};
use cognitui::config::Config;
use cognitui::{launch, logging};
use color_eyre::eyre::{Result, WrapErr};

fn main() -> Result<ExitCode> {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(message) => {
            // Nobody is left to tell where this cannot be written either.
            let _ = message.print();
            let wrong = message.use_stderr();
            return Ok(ExitCode::from(if wrong { USAGE } else { 0 }));
        }
    };
    color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .install()?;
    if let Some(path) = &cli.log {
        logging::start(path)
            .wrap_err_with(|| format!("cannot write the log {}", path.display()))?;
    }
    match cli.command {
        Some(Command::Sandbox(args)) => launch::sandbox(args).map(|()| ExitCode::SUCCESS),
        Some(Command::Script(script)) => {
            let config = Config::load(cli.config.as_deref())?;
            launch::script(script, cli.connection, &config)
        }
        None => {
            let config = Config::load(cli.config.as_deref())?;
            launch::console(cli, &config).map(|()| ExitCode::SUCCESS)
        }
    }
}
