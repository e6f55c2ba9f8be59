//! Connects the rooms: the console on AWS or on the embedded Cognito, and the embedded Cognito alone.

use std::io::{self, Write};
use std::mem;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{Result, WrapErr, ensure};
use crossterm::event::EventStream;
use futures_util::future::BoxFuture;
use futures_util::stream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

use crate::app::App;
use crate::app::message::Route;
use crate::app::session::Session;
use crate::cli::{self, SandboxArgs, ScriptCommand};
use crate::cognito::{BundleError, CaBundle, Error, Gateway, Target};
pub use crate::commands::{failure_json, stderr_raw};
use crate::config::{self, Config, Osc52, ResolvedSettings};
use crate::domain::guard::Account;
use crate::domain::identity::Source;
use crate::domain::preset::PresetCatalog;
use crate::input::KeyMap;
pub use crate::runtime::core_dumps;
use crate::runtime::tasks::{Connect, Tasks};
use crate::runtime::terminal::{self, Stops};
use crate::runtime::{Console, Interlude, clipboard_kind, now};
use crate::sandbox::assumptions::{AssumptionError, Assumptions};
use crate::sandbox::faults::{FaultError, Faults};
use crate::sandbox::{Options, Sandbox};
use crate::ui::theme::Theme;
use crate::{commands, screens};

/// Opens the console and runs it until the user leaves.
pub fn console(options: cli::Options, config: &Config) -> Result<ExitCode> {
    if options.production.is_some() {
        let reason = "it is for the commands that write; the console asks before each write";
        return Err(cli::wrong("--production", reason).into());
    }
    let keys = KeyMap::with_overrides(&config.keys)
        .wrap_err("the configuration's [keys] are not right")?;
    let choice = config.choose(&options.connection, &environment);
    let demo = options
        .demo
        .then(|| demo_options(options.state, &options.fault))
        .transpose()?;
    let session = session(&choice, demo.is_some(), options.read_only, config);
    let demo = demo.map(|options| {
        Arc::new(Demo {
            options,
            sandbox: Mutex::default(),
        })
    });
    let target = match &demo {
        // The address of the embedded Cognito is known after its start.
        Some(_) => Target {
            pace: options.pace,
            timeout: choice.timeout,
            ..Target::default()
        },
        None => target(choice, options.pace)?,
    };
    let tasks = Tasks::new(
        connect(target, demo.clone()),
        Box::new(io::stdout()),
        clipboard_kind::preferred(),
    )
    .clearing_after(config.clipboard_clears_after())
    .allowing_terminal(config.osc52 == Osc52::Always)
    .saving_to(config.save_folder.clone().unwrap_or_else(|| ".".into()));
    let no_color = std::env::var("NO_COLOR").ok();
    let theme = Theme::for_no_color(no_color.as_deref());
    let app = App::new(session, keys, theme, screens::open, Route::Pools, now());
    let (screen, taken) = terminal::open()
        .wrap_err("cannot take over the terminal: cognitui needs one to draw on")?;
    // The first frame waits only for what it needs, not even for the runtime's threads.
    let mut console = Console::new(app, tasks, screen).wrap_err("cannot draw on the terminal")?;
    let runtime = async_runtime()?;
    let _entered = runtime.enter();
    let mut stops = Stops::listen();
    console.start();
    console.offer(config::presets(options.config.as_deref()).map_err(|error| error.to_string()));
    let stopping = stream::unfold(&mut stops, async |stops| {
        Some((stops.next_or_gone().await, stops))
    });
    let lend = |interlude| match interlude {
        Interlude::Shell => terminal::suspend().map(Ok),
        Interlude::LogIn(sign_in) => terminal::run(&sign_in.command()),
    };
    let outcome = runtime.block_on(console.run(EventStream::new, stopping, lend));
    drop(taken);
    let stop = outcome.as_ref().ok().copied().flatten();
    // The terminal is restored, so the user sees what is waited for.
    let finish = runtime.block_on(console.finish(stop, stops.next(), commands::stderr_note));
    if let Some(reason) = console.clipboard_error() {
        commands::stderr_note(&format!(
            "the clipboard could not be cleared, and may hold a secret still: {reason}"
        ));
    }
    drop(console);
    if let Some(demo) = demo {
        runtime
            .block_on(demo.stop())
            .wrap_err("the embedded Cognito's state was not saved")?;
    }
    runtime.shutdown_background();
    outcome.wrap_err("the terminal is gone")?;
    if let Some(stop) = finish.given_up {
        return Ok(ExitCode::from(stop.code()));
    }
    ensure!(finish.well, "not all was written when the console was left");
    Ok(ExitCode::SUCCESS)
}

/// Runs a command without a screen.
// A separate stack frame: the console need not reserve stack space for the commands.
#[inline(never)]
pub fn script(
    script: ScriptCommand,
    options: &cli::Options,
    configured: &Config,
) -> Result<ExitCode> {
    let choice = configured.choose(&options.connection, &environment);
    let rules = configured.rules(options.read_only, &choice);
    // An unreadable file must not fail the other commands.
    let shelf = match script {
        ScriptCommand::Setup(_) | ScriptCommand::Presets(_) | ScriptCommand::Whoami(_) => {
            config::presets(options.config.as_deref())?
        }
        _ => PresetCatalog::default(),
    };
    let file = config::path(options.config.as_deref());
    let configured = commands::Configured {
        presets: &shelf,
        limits: configured.doctor.limits(),
        file: file.as_deref(),
    };
    let target = match script {
        ScriptCommand::Presets(_) | ScriptCommand::Completions(_) | ScriptCommand::Man(_) => {
            Target::default()
        }
        _ => target(choice, options.pace)?,
    };
    let permission = commands::Permission {
        rules: &rules,
        production: options.production.as_deref(),
    };
    let manner = commands::Manner {
        quiet: options.quiet,
        no_input: options.no_input,
    };
    let run = commands::run(script, target, configured, permission, manner, interrupts);
    let runtime = async_runtime()?;
    let code = runtime.block_on(run);
    // A call that timed out may still wait for a name server, and an interrupted program must not wait for it.
    runtime.shutdown_background();
    Ok(code)
}

/// Listens from now on. Resolves to the exit code when the system ends the program.
fn interrupts() -> BoxFuture<'static, u8> {
    let mut stops = Stops::listen();
    Box::pin(async move { stops.next().await.code() })
}

/// Serves the embedded Cognito until the system ends it.
#[inline(never)]
pub fn sandbox(args: SandboxArgs) -> Result<()> {
    let options = Options {
        port: args.port,
        region: args.region,
        state_file: args.state,
        sample: !args.empty,
        faults: faults(&args.fault)?,
        enforce_rates: args.rates,
        assumptions: assumptions(&args.assume)?,
        managed_rotation_every: args.managed_rotation_every.map(Duration::from_secs),
        ..Options::default()
    };
    let port = options.port;
    async_runtime()?.block_on(async {
        let mut stops = Stops::listen();
        let sandbox = Sandbox::start(options)
            .await
            .wrap_err_with(|| format!("the embedded Cognito cannot start on 127.0.0.1:{port}"))?;
        let url = sandbox.url();
        let words = format!(
            "Embedded Cognito on {url}\n  \
             aws cognito-idp list-user-pools --max-results 10 --endpoint-url {url}\n  \
             token endpoint  {url}/oauth2/token\nCtrl-C stops it.\n"
        );
        let mut stdout = io::stdout();
        // The server also runs if its output is not read.
        let _ = stdout
            .write_all(words.as_bytes())
            .and_then(|()| stdout.flush());
        stops.next().await;
        sandbox.stop().await.wrap_err("the state was not saved")
    })
}

/// The embedded Cognito of `--demo`: the first call starts it, so that it delays no frame.
struct Demo {
    options: Options,
    sandbox: Mutex<Embedded>,
}

#[derive(Default)]
enum Embedded {
    #[default]
    NotYet,
    Started(Sandbox),
    /// Permanently: a call that was running when the console ended does not start it again.
    Stopped,
}

impl Demo {
    async fn url(&self) -> Result<String, Error> {
        let mut sandbox = self.sandbox.lock().await;
        if let Embedded::NotYet = *sandbox {
            let started = Sandbox::start(self.options.clone()).await;
            *sandbox = Embedded::Started(started.map_err(|error| Error::sandbox(&error))?);
        }
        match &*sandbox {
            Embedded::Started(sandbox) => Ok(sandbox.url()),
            Embedded::NotYet | Embedded::Stopped => {
                Err(Error::sandbox(&io::ErrorKind::NotConnected.into()))
            }
        }
    }

    /// Stops it, and writes the state file, if any; without one there is nothing to wait for.
    async fn stop(&self) -> io::Result<()> {
        match mem::replace(&mut *self.sandbox.lock().await, Embedded::Stopped) {
            Embedded::Started(sandbox) if self.options.state_file.is_some() => sandbox.stop().await,
            _ => Ok(()),
        }
    }
}

fn demo_options(state_file: Option<std::path::PathBuf>, fault: &[String]) -> Result<Options> {
    Ok(Options {
        state_file,
        sample: true,
        faults: faults(fault)?,
        ..Options::default()
    })
}

fn faults(given: &[String]) -> Result<Faults> {
    if given.is_empty() {
        return Ok(Faults::default());
    }
    given
        .join(",")
        .parse()
        .map_err(|error: FaultError| cli::wrong("--fault", &error.to_string()).into())
}

fn assumptions(given: &[String]) -> Result<Assumptions> {
    given
        .join(",")
        .parse()
        .map_err(|error: AssumptionError| cli::wrong("--assume", &error.to_string()).into())
}

fn session(choice: &ResolvedSettings, demo: bool, read_only: bool, config: &Config) -> Session {
    // The embedded Cognito is never production, whichever profile the environment names.
    let (source, rules) = if demo {
        let own = Config {
            read_only: config.read_only,
            ..Config::default()
        };
        (
            Source::Embedded,
            own.rules(read_only, &ResolvedSettings::default()),
        )
    } else {
        (choice.source, config.rules(read_only, choice))
    };
    let guard = rules.guard(Account::Asked);
    Session {
        demo,
        region: choice.region.clone(),
        endpoint: choice.endpoint(&environment),
        read_only: guard.read_only,
        production: guard.production,
        profile: choice.profile.clone(),
        source,
        rules,
        limits: config.doctor.limits(),
        ..Session::default()
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn connect(target: Target, demo: Option<Arc<Demo>>) -> Connect {
    Arc::new(move |signals| {
        let target = target.clone();
        let demo = demo.clone();
        Box::pin(async move {
            let target = match demo {
                Some(demo) => Target {
                    pace: target.pace,
                    timeout: target.timeout,
                    ..Target::sandbox(&demo.url().await?, &demo.options.region)
                },
                None => target,
            };
            Gateway::connect(target, signals).await
        })
    })
}

/// Resolves the target of a choice. Reads the certificate bundle now, before the first call.
fn target(choice: ResolvedSettings, pace: bool) -> Result<Target, BundleError> {
    let ca_bundle = choice.ca_bundle.as_deref().map(CaBundle::read);
    Ok(Target {
        profile: choice.profile,
        source: choice.source,
        region: choice.region,
        endpoint_url: choice.endpoint_url,
        default_endpoint_url: choice.default_endpoint_url,
        token_endpoint: choice.token_endpoint,
        pace,
        timeout: choice.timeout,
        ca_bundle: ca_bundle.transpose()?,
        credentials: None,
    })
}

/// Creates two workers beside the event loop: one can parse a page while another waits for the next.
fn async_runtime() -> Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .wrap_err("cannot start the async runtime")
}
