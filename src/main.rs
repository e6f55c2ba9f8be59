//! Arguments, then a mode, then an exit code.

use std::alloc::System;
use std::env::args_os;
use std::io::IsTerminal;
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use cognitui::cli::{self, Cli, Command, USAGE};
use cognitui::config::Config;
use cognitui::{launch, logging};
use color_eyre::config::{HookBuilder, Theme};
use color_eyre::eyre::{Result, WrapErr};
use zeroizing_alloc::ZeroAlloc;

/// Wipes all memory as it is given back, so that no copy of a secret stays behind that a library made on the way.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        if let Some(wrong) = error.downcast_ref::<clap::Error>() {
            tell(wrong);
            return ExitCode::from(USAGE);
        }
        if cli::wants_json(args_os().skip(1)) {
            launch::stderr_raw(&launch::failure_json(&format!("{error:#}"), false));
            return ExitCode::FAILURE;
        }
        // One line, with the reasons behind it: a trace is for panics, not for a port that is taken.
        launch::stderr_raw(&format!("cognitui: {error:#}\n"));
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode> {
    launch::core_dumps::off();
    let Cli { options, command } = match Cli::read() {
        Ok(cli) => cli,
        Err(message) => {
            tell(&message);
            let wrong = message.use_stderr();
            return Ok(ExitCode::from(if wrong { USAGE } else { 0 }));
        }
    };
    panic::set_hook(Box::new(report));
    if let Some(path) = &options.log {
        logging::start(path)
            .wrap_err_with(|| format!("cannot write the log {}", path.display()))?;
    }
    match command {
        Some(Command::Sandbox(args)) => launch::sandbox(args).map(|()| ExitCode::SUCCESS),
        Some(Command::Script(script)) => {
            let config = Config::load(options.config.as_deref())?;
            launch::script(script, &options, &config)
        }
        None => {
            let config = Config::load(options.config.as_deref())?;
            launch::console(options, &config)
        }
    }
}

/// Prints a message of the parser: a wrong command line in the format that it asks for.
fn tell(message: &clap::Error) {
    if message.use_stderr() && cli::wants_json(args_os().skip(1)) {
        return launch::stderr_raw(&launch::failure_json(&message.to_string(), true));
    }
    // Nobody is left to tell where this cannot be written either.
    let _ = message.print();
}

/// Reports a panic: in colour only on a terminal, and without `NO_COLOR`.
///
/// What tells it is put together here, where it is needed, so that no start waits for it.
fn report(panic: &PanicHookInfo<'_>) {
    let in_colour = std::io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut hooks = HookBuilder::default().display_env_section(false);
    if !in_colour {
        hooks = hooks.theme(Theme::new());
    }
    if let Ok((hook, _)) = hooks.try_into_hooks() {
        launch::stderr_raw(&format!("{}\n", hook.panic_report(panic)));
    }
}
