//! The same from scripts: one file a headless subcommand.
//!
//! Answers go to stdout, everything else to stderr: what went wrong, what it means, what was left out. Text that comes from outside
//! is cleaned before it is printed, except where it is data: in JSON, which escapes it, and in what was asked for by name, such as
//! a token. A reader that goes away early, such as `head`, is no failure, and changes no verdict.
//!
//! This room may import [`crate::domain`], [`crate::cognito`], [`crate::delivery`], [`crate::files`], [`crate::text`] and the
//! argument types of [`crate::cli`].

mod completions;
mod credentials;
mod decode;
mod doctor;
mod export;
mod list;
mod man;
mod presets;
mod rotate;
mod setup;
pub mod shared;
mod token;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;

use crate::cli::{ScriptCommand, USAGE};
use crate::cognito::{self, ConnectionEvent, Gateway, SignInEvent, Target};
use crate::delivery::Receipt;
use crate::domain::delivery::destination::ON_CLIPBOARD;
use crate::domain::doctor::Limits;
use crate::domain::guard::{Account, Rules};
use crate::domain::identity::Caller;
use crate::domain::preset::PresetCatalog;
use crate::domain::shell;
use crate::text::clean;
use shared::output::Output;

/// How long an answer waits to learn the account.
const PATIENCE: Duration = Duration::from_secs(3);

/// How a command ended that did what it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Done,
    /// The answer was printed, and it is a no: an invalid token, a change that did not go through, an error in
    /// a set-up.
    Failed,
    /// `setup` without `--apply` found changes to make.
    Changes,
    /// `rotate` found a rotation under way, and was not told how to go on.
    RotationPending,
    /// `decode --verify` could not check the signature.
    Unchecked,
}

/// The exit code for a token that may be good: its keys could not be read.
const UNCHECKED: u8 = 4;

/// Why a command did not do what it was asked to.
#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Cognito(#[from] cognito::Error),
    /// What is wrong, then what it means and what to do, a line each. Not cleaned yet.
    #[error("{}", .0.join("\n"))]
    Message(Vec<String>),
    /// The same, of a command line that asks for what there is not. Nothing was done.
    #[error("{}", .0.join("\n"))]
    Usage(Vec<String>),
    #[error("cannot print the answer: {0}")]
    Print(#[from] io::Error),
    /// The system asked the program to end while something was being written: the exit code for that, what is known and how to go on.
    #[error("{}", .1.join("\n"))]
    Interrupted(u8, Vec<String>),
}

/// Listens for the system to ask the program to end, from when it is called; resolves to the exit code. Until then such a request ends
/// the program at once, which is right where nothing is written.
pub type Interrupts = fn() -> BoxFuture<'static, u8>;

impl Failure {
    /// What is wrong, and what to do next.
    fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Message(vec![what.into(), next.into()])
    }

    /// What is wrong with the command line, and how to put it right.
    fn usage(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Usage(vec![what.into(), next.into()])
    }

    fn lines(&self) -> Vec<String> {
        match self {
            Self::Cognito(error) => [error.to_string(), error.detail.clone(), error.hint.clone()]
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect(),
            Self::Message(lines) | Self::Usage(lines) | Self::Interrupted(_, lines) => {
                lines.clone()
            }
            Self::Print(_) => vec![self.to_string()],
        }
    }
}

/// What a command may write.
#[derive(Clone, Copy, Debug)]
pub struct Permission<'a> {
    /// Where nothing may be written, and where production is.
    pub rules: &'a Rules,
    /// What `--production` names.
    pub production: Option<&'a str>,
}

impl Permission<'_> {
    /// Whether the account has to be known first.
    fn asks_account(self) -> bool {
        self.rules.ask_account(self.production)
    }

    /// That something may be written in an account.
    fn allows(self, account: Account) -> Result<(), Failure> {
        if let Some(reason) = self.rules.guard(account).read_only {
            return Err(Failure::new("read-only, nothing was written", reason));
        }
        match self.rules.unnamed(account, self.production) {
            Some((why, name)) => Err(Failure::usage(
                format!("nothing was written: {why}"),
                format!(
                    "To write there all the same, name it: --production {}",
                    shell::quote_word(&name)
                ),
            )),
            None => Ok(()),
        }
    }
}

/// Carries `script` out on `target` and says how it went, as [`crate::cli`]'s help has it. `shelf` holds the presets of `setup`,
/// `limits` are the doctor's, `permission` says what may be written.
pub async fn run(
    script: ScriptCommand,
    target: Target,
    shelf: &PresetCatalog,
    limits: Limits,
    permission: Permission<'_>,
    interrupts: Interrupts,
) -> ExitCode {
    // All commands in one future: a large one, which need not be moved about.
    let outcome = answer(script, target, shelf, limits, permission, interrupts);
    let outcome = Box::pin(outcome).await;
    match outcome {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Failed) => ExitCode::FAILURE,
        Ok(Exit::Changes | Exit::RotationPending) => ExitCode::from(2),
        Ok(Exit::Unchecked) => ExitCode::from(UNCHECKED),
        Err(Failure::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => {
            let lines = failure.lines();
            for (at, line) in lines.iter().enumerate() {
                let margin = if at == 0 { "cognitui: " } else { "  " };
                stderr_raw(&format!("{margin}{}\n", clean(line)));
            }
            match failure {
                Failure::Usage(_) => ExitCode::from(USAGE),
                Failure::Interrupted(code, _) => ExitCode::from(code),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

async fn answer(
    script: ScriptCommand,
    target: Target,
    shelf: &PresetCatalog,
    limits: Limits,
    permission: Permission<'_>,
    interrupts: Interrupts,
) -> Result<Exit, Failure> {
    let mut out = Output::stdout();
    let writes = script.may_write();
    if writes {
        if let Some(words) = &permission.rules.bypassed {
            stderr_note(words);
        }
        // What depends on the account is asked before anything else is.
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
        ScriptCommand::Token(args) => token::run(&args, &access.gateway().await?, &mut out).await,
        // Handing over is a large future, which need not be moved about.
        ScriptCommand::Credentials(args) => {
            Box::pin(credentials::run(&args, access, interrupts, &mut out)).await
        }
        ScriptCommand::Rotate(args) => {
            Box::pin(rotate::run(&args, access, interrupts, &mut out)).await
        }
        ScriptCommand::Setup(args) => {
            let preset = setup::preset(shelf, &args.preset)?;
            let gateway = access.gateway().await?;
            setup::run(&args, preset, &gateway, interrupts, &mut out).await
        }
        ScriptCommand::Presets(args) => presets::run(&args, shelf, &mut out),
        ScriptCommand::Doctor(args) => {
            doctor::run(&args, &access.gateway().await?, limits, &mut out).await
        }
        ScriptCommand::Export(args) => export::run(&args, &access.gateway().await?, &mut out).await,
        ScriptCommand::Decode(args) => decode::run(&args, access.target, &mut out).await,
        ScriptCommand::Completions(args) => completions::run(&args, &mut out),
        ScriptCommand::Man(args) => man::run(&args, &mut out),
    }
}

/// A verdict, whoever reads why: that the reader of the answer went away early does not change it.
fn verdict(printed: Result<(), impl Into<Failure>>, exit: Exit) -> Result<Exit, Failure> {
    match printed.map_err(Into::into) {
        Err(Failure::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
        printed => printed.map(|()| exit),
    }
}

/// Where a command connects, and, of one that writes, what it may write there.
struct Access<'a> {
    target: Target,
    permission: Option<Permission<'a>>,
}

impl Access<'_> {
    /// Connects. A command that writes goes no further where the account's rules forbid that.
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
    let told = AtomicBool::new(false);
    let signals = move |signal| match signal {
        // Once is enough: the call goes on by itself.
        ConnectionEvent::Throttled { .. } if !told.swap(true, Ordering::Relaxed) => {
            stderr_note("throttled by AWS, trying again");
        }
        ConnectionEvent::SignIn(SignInEvent::Renewed(Some(who))) => {
            stderr_note(&format!("signed in again as {}", who.arn));
        }
        _ => {}
    };
    Ok(Gateway::connect(target, Arc::new(signals)).await?)
}

/// Who calls. Where the account does not come soon it stays unknown: no answer waits for it.
async fn caller(gateway: &Gateway) -> Caller {
    let asked = tokio::time::timeout(PATIENCE, gateway.identity()).await;
    Caller {
        account: asked.ok().and_then(Result::ok).map(|who| who.account),
        ..gateway.caller()
    }
}

/// Who calls, in JSON, where JSON is asked for.
async fn identity(wanted: bool, gateway: &Gateway) -> Value {
    if wanted {
        caller(gateway).await.json()
    } else {
        Value::Null
    }
}

/// That reading so many app clients takes its time, where it does.
fn note_pace(gateway: &Gateway, clients: usize) {
    if gateway.pace().slows(clients) {
        stderr_note(&format!(
            "reading {clients} app clients at the pace that AWS allows, 4 a second"
        ));
    }
}

/// Leaves a secret on the clipboard for its time, which ends before the program does.
async fn serve(receipt: Receipt) {
    if let Some(copied) = receipt.copied {
        let seconds = ON_CLIPBOARD.as_secs();
        stderr_note(&format!(
            "it is taken off the clipboard again in {seconds} seconds"
        ));
        if let Err(reason) = copied.cleared_after(ON_CLIPBOARD).await {
            stderr_note(&format!(
                "the clipboard could not be cleared, and may hold a secret still: {reason}"
            ));
        }
    }
}

/// Writes to standard error, as it is. Where nobody reads that any more nobody is told: that is never worth stopping half-way for, least of
/// all with a secret at hand which is nowhere else.
pub fn stderr_raw(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush());
}

/// A remark beside the answer.
pub fn stderr_note(text: &str) {
    stderr_raw(&format!("cognitui: {}\n", clean(text)));
}
