//! The commands for scripts, one file per command.
//!
//! Results go to stdout; errors, explanations and notes to stderr. Untrusted text is cleaned before it is printed, except data: JSON,
//! which escapes it, and a requested value such as a token. A closed pipe, such as `head`'s, is no failure and does not change the
//! exit code.
//!
//! This room may import [`crate::domain`], [`crate::cognito`], [`crate::delivery`], [`crate::files`], [`crate::text`] and the
//! argument types of [`crate::cli`].

mod change;
mod completions;
mod credentials;
mod decode;
mod doctor;
mod documents;
mod export;
mod failure;
mod list;
mod man;
mod presets;
mod rotate;
mod setup;
pub mod shared;
mod show;
mod token;
mod whoami;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::cli::{OutputArgs, ScriptCommand};
use crate::cognito::{ConnectionEvent, Gateway, SignInEvent, Target};
use crate::delivery::Receipt;
use crate::domain::delivery::destination::ON_CLIPBOARD;
use crate::domain::doctor::Limits;
use crate::domain::guard::{Account, Rules};
use crate::domain::identity::Caller;
use crate::domain::pace;
use crate::domain::preset::PresetCatalog;
use crate::domain::shell;
use crate::text::clean;
use failure::{Exit, Failure};
use shared::code;
use shared::output::Output;

/// The time limit of the account lookup.
const PATIENCE: Duration = Duration::from_secs(3);

/// Listens for termination signals from the call on, and resolves to the exit code. Before the call a signal ends the program at
/// once, which is right while nothing is written.
pub type Interrupts = fn() -> BoxFuture<'static, u8>;

/// How a command talks to its user or script.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// No notes on stderr (`--quiet`).
    pub quiet: bool,
    /// Nothing is asked (`--no-input`).
    pub no_input: bool,
}

/// Whether notes are left out. Of the whole program: notes come from everywhere.
static QUIET: AtomicBool = AtomicBool::new(false);
/// Whether no question is asked, including for an MFA code.
static NO_INPUT: AtomicBool = AtomicBool::new(false);

/// Where a command may write.
#[derive(Clone, Copy, Debug)]
pub struct Permission<'a> {
    /// The read-only and production rules.
    pub rules: &'a Rules,
    /// The value of `--production`.
    pub production: Option<&'a str>,
}

impl Permission<'_> {
    /// Whether the rules need the account.
    fn asks_account(self) -> bool {
        self.rules.ask_account(self.production)
    }

    /// Checks that writes are allowed in an account.
    fn allows(self, account: Account) -> Result<(), Failure> {
        if let Some(reason) = self.rules.guard(account).read_only {
            return Err(Failure::new("read-only; nothing was written", reason));
        }
        match self.rules.unnamed(account, self.production) {
            Some((why, name)) => Err(Failure::usage(
                format!("nothing was written: {why}"),
                format!(
                    "To write there, add --production {}",
                    shell::quote_word(&name)
                ),
            )),
            None => Ok(()),
        }
    }
}

/// What the configuration says, for the commands that need it.
#[derive(Clone, Copy, Debug)]
pub struct Configured<'a> {
    /// The presets of `setup`.
    pub presets: &'a PresetCatalog,
    /// The doctor's thresholds.
    pub limits: Limits,
    /// The configuration file, if there is one.
    pub file: Option<&'a Path>,
}

/// Runs `script` on `target`; [`crate::cli`]'s help explains the exit codes. `permission` says where writes are allowed.
pub async fn run(
    script: ScriptCommand,
    target: Target,
    configured: Configured<'_>,
    permission: Permission<'_>,
    manner: Manner,
    interrupts: Interrupts,
) -> ExitCode {
    QUIET.store(manner.quiet, Ordering::Relaxed);
    NO_INPUT.store(manner.no_input, Ordering::Relaxed);
    let json = script.output().is_some_and(OutputArgs::is_json);
    let out = Output::stdout(manner.no_input);
    // Boxed: the future of all commands is large.
    let outcome = answer(script, target, configured, permission, interrupts, out);
    let outcome = Box::pin(outcome).await;
    match outcome {
        Ok(exit) => exit.into(),
        Err(Failure::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            report(&failure, json);
            ExitCode::from(failure.code())
        }
    }
}

/// A failure before a command ran, as one line of JSON. `usage`: of the command line.
#[must_use]
pub fn failure_json(text: &str, usage: bool) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.map(str::to_owned).collect();
    let failure = if usage {
        Failure::Usage(lines)
    } else {
        Failure::Message(lines)
    };
    format!("{}\n", failure.json())
}

/// Prints a failure on stderr: as lines, or as one line of JSON.
fn report(failure: &Failure, json: bool) {
    if json {
        return stderr_raw(&format!("{}\n", failure.json()));
    }
    for (at, line) in failure.lines().iter().enumerate() {
        let margin = if at == 0 { "cognitui: " } else { "  " };
        stderr_raw(&format!("{margin}{}\n", clean(line)));
    }
}

async fn answer(
    script: ScriptCommand,
    target: Target,
    configured: Configured<'_>,
    permission: Permission<'_>,
    interrupts: Interrupts,
    mut out: Output,
) -> Result<Exit, Failure> {
    let Configured {
        presets, limits, ..
    } = configured;
    let writes = script.may_write();
    if writes {
        if let Some(words) = &permission.rules.bypassed {
            stderr_note(words);
        }
        // Rules that need the account are checked after connecting.
        if !permission.asks_account() {
            permission.allows(Account::Asked)?;
        }
    }
    let access = Access {
        target,
        permission: writes.then_some(permission),
    };
    match script {
        ScriptCommand::List(args) => list::run(&args, &access.gateway().await?, &mut out).await,
        ScriptCommand::Show(args) => {
            Box::pin(show::run(&args, &access.gateway().await?, &mut out)).await
        }
        ScriptCommand::Create(args) => {
            let gateway = access.gateway().await?;
            Box::pin(change::create::run(&args, &gateway, interrupts, &mut out)).await
        }
        ScriptCommand::Update(args) => {
            let gateway = access.gateway().await?;
            Box::pin(change::update::run(&args, &gateway, interrupts, &mut out)).await
        }
        ScriptCommand::Delete(args) => {
            let gateway = access.gateway().await?;
            Box::pin(change::delete::run(&args, &gateway, interrupts, &mut out)).await
        }
        ScriptCommand::Token(args) => token::run(&args, &access.gateway().await?, &mut out).await,
        // Boxed: the future of a delivery is large.
        ScriptCommand::Credentials(args) => {
            Box::pin(credentials::run(&args, access, interrupts, &mut out)).await
        }
        ScriptCommand::Rotate(args) => {
            Box::pin(rotate::run(&args, access, interrupts, &mut out)).await
        }
        ScriptCommand::Setup(args) => {
            let preset = setup::preset(presets, &args.preset)?;
            let gateway = access.gateway().await?;
            setup::run(&args, preset, &gateway, interrupts, &mut out).await
        }
        ScriptCommand::Presets(args) => presets::run(&args, presets, &mut out),
        ScriptCommand::Doctor(args) => {
            doctor::run(&args, &access.gateway().await?, limits, &mut out).await
        }
        ScriptCommand::Export(args) => export::run(&args, &access.gateway().await?, &mut out).await,
        ScriptCommand::Decode(args) => decode::run(&args, access.target, &mut out).await,
        ScriptCommand::Whoami(args) => {
            whoami::run(&args, access.target, configured, &mut out).await
        }
        ScriptCommand::Completions(args) => completions::run(&args, &mut out),
        ScriptCommand::Man(args) => man::run(&args, &mut out),
    }
}

/// The exit of a verdict: a closed pipe does not change it.
fn verdict(printed: Result<(), impl Into<Failure>>, exit: Exit) -> Result<Exit, Failure> {
    match printed.map_err(Into::into) {
        Err(Failure::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
        printed => printed.map(|()| exit),
    }
}

/// Where a command connects, and its permission if it writes.
struct Access<'a> {
    target: Target,
    permission: Option<Permission<'a>>,
}

impl Access<'_> {
    /// Connects. A command that writes fails if the account's rules forbid it.
    async fn gateway(self) -> Result<Gateway, Failure> {
        let gateway = connect(self.target).await?;
        if let Some(permission) = self.permission.filter(|it| it.asks_account()) {
            match gateway.identity().await {
                Ok(who) => permission.allows(Account::Known(&who.account))?,
                Err(error) if error.is_about_credentials() => return Err(error.into()),
                Err(error) => permission.allows(Account::Unknown(&error.one_line()))?,
            }
        }
        Ok(gateway)
    }
}

async fn connect(target: Target) -> Result<Gateway, Failure> {
    let reported = AtomicBool::new(false);
    let signals = move |signal| match signal {
        // Once is enough: the call is retried.
        ConnectionEvent::Throttled { .. } if !reported.swap(true, Ordering::Relaxed) => {
            stderr_note("throttled by AWS, retrying");
        }
        ConnectionEvent::SignIn(SignInEvent::Renewed(Some(who))) => {
            stderr_note(&format!("signed in again as {}", who.arn));
        }
        _ => {}
    };
    let gateway = Gateway::connect(target, Arc::new(signals)).await?;
    if !NO_INPUT.load(Ordering::Relaxed) {
        code::log_in(&gateway).await?;
    }
    Ok(gateway)
}

/// The caller. The account is unknown if it does not arrive in time.
async fn caller(gateway: &Gateway) -> Caller {
    let known = gateway.caller();
    if known.account.is_some() {
        return known;
    }
    let asked = tokio::time::timeout(PATIENCE, gateway.identity()).await;
    Caller {
        account: asked.ok().and_then(Result::ok).map(|who| who.account),
        ..known
    }
}

/// The caller in JSON, if JSON is wanted.
async fn identity(wanted: bool, gateway: &Gateway) -> Value {
    if wanted {
        caller(gateway).await.json()
    } else {
        Value::Null
    }
}

/// Notes that reading so many app clients takes time.
fn note_pace(gateway: &Gateway, clients: usize) {
    if gateway.pace().slows(clients) {
        stderr_note(&format!(
            "reading {clients} app clients, 4 per second (AWS rate limit): {}",
            pace::about(clients)
        ));
    }
}

/// Serves a secret on the clipboard until its time ends.
async fn serve(receipt: Receipt) {
    if let Some(copied) = receipt.copied {
        let seconds = ON_CLIPBOARD.as_secs();
        stderr_note(&format!("the clipboard is cleared in {seconds} seconds"));
        if let Err(reason) = copied.cleared_after(ON_CLIPBOARD).await {
            stderr_note(&format!(
                "cannot clear the clipboard, it may still hold the secret: {reason}"
            ));
        }
    }
}

/// Writes to stderr without cleaning. Ignores a closed stderr: it must not stop a write half-way, with a new secret not yet delivered.
pub fn stderr_raw(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

/// Prints a note on stderr, unless the command is quiet.
pub fn stderr_note(text: &str) {
    if QUIET.load(Ordering::Relaxed) {
        return;
    }
    stderr_raw(&format!("cognitui: {}\n", clean(text)));
}
