//! What runs beside the loop: every call to Cognito, and every copy.

pub(super) mod copy;
pub(super) mod jobs;
pub(super) mod rotation;
pub(super) mod screenshot;
pub(super) mod token_vault;
pub(super) mod tokens;

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use tokio::sync::{OnceCell, mpsc};
use tokio::task::{AbortHandle, JoinSet};

use super::now;
use crate::app::message::{CopyRequest, Effect, Query, RequestId, Screenshot, TaskEvent};
use crate::cognito::{ConnectionEvent, ConnectionEvents, Error, Gateway};
use crate::delivery::clipboard::{self, ClipboardHandle};
use crate::files::{self, Readers};
use crate::runtime::clipboard_kind::ClipboardKind;
use crate::runtime::tasks::copy::{CopyTasks, CopyTicket};
use crate::runtime::tasks::rotation::RotationSecrets;
use crate::runtime::tasks::token_vault::TokenVault;

/// How long the end of the console waits for the clipboard.
const PATIENCE: Duration = Duration::from_secs(1);
/// Ends the notice of a secret that went through the terminal.
const NOT_CLEARED: &str = " · it stays there until you copy something else";

/// Connects when the first call needs it, so that the first frame waits for no credentials.
pub type Connect =
    Arc<dyn Fn(ConnectionEvents) -> BoxFuture<'static, Result<Gateway, Error>> + Send + Sync>;

/// Where text goes that asks the terminal to copy it (OSC 52).
pub type TerminalOut = Box<dyn Write + Send>;

/// The tasks of a console, and the way their answers come back.
pub struct Tasks {
    shared: TaskContext,
    facts: mpsc::UnboundedReceiver<TaskOutput>,
    /// Each with the run that its latest task answers.
    queries: HashMap<Query, (RequestId, AbortHandle)>,
    changes: JoinSet<()>,
    copies: CopyTasks,
    terminal: TerminalOut,
    preferred: ClipboardKind,
    /// Whether secrets may go through the terminal without asking first.
    terminal_allowed: bool,
    saves: PathBuf,
}

/// How the console is left.
#[derive(Clone, Default)]
pub(super) struct ExitState(Arc<AtomicBool>);

impl ExitState {
    /// Whether no step begins any more.
    pub(super) fn is_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What every task may use.
#[derive(Clone)]
pub(super) struct TaskContext {
    connect: Connect,
    gateway: Arc<OnceCell<Gateway>>,
    pub(super) facts: mpsc::UnboundedSender<TaskOutput>,
    pub(super) vault: Arc<TokenVault>,
    pub(super) safe: Arc<RotationSecrets>,
    pub(super) leaving: ExitState,
    pub(super) desktop: ClipboardHandle,
    /// How long a secret may stay on the desktop's clipboard; `None` for as long as it likes.
    pub(super) clear_after: Option<Duration>,
}

/// What a task sends back.
pub(super) enum TaskOutput {
    Event(Box<TaskEvent>),
    /// A text for the terminal's clipboard: only the loop may write to the terminal.
    Osc52 {
        request: CopyRequest,
        what: String,
        text: SecretString,
        right: CopyTicket,
    },
}

impl Tasks {
    /// No task yet. `terminal` receives OSC 52 requests.
    pub fn new(connect: Connect, terminal: TerminalOut, preferred: ClipboardKind) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            shared: TaskContext {
                connect,
                gateway: Arc::default(),
                facts: sender,
                vault: Arc::default(),
                safe: Arc::default(),
                leaving: ExitState::default(),
                desktop: ClipboardHandle::default(),
                clear_after: None,
            },
            facts: receiver,
            queries: HashMap::new(),
            changes: JoinSet::new(),
            copies: CopyTasks::default(),
            terminal,
            preferred,
            terminal_allowed: false,
            saves: PathBuf::from("."),
        }
    }

    /// Through this clipboard of a desktop, wherever it can.
    #[must_use]
    pub fn with_desktop(mut self, desktop: ClipboardHandle) -> Self {
        self.shared.desktop = desktop;
        self.preferred = ClipboardKind::Desktop;
        self
    }

    /// With a time of one's own after which a secret is taken off the desktop's clipboard; `None` leaves it there.
    #[must_use]
    pub fn clearing_after(mut self, time: Option<Duration>) -> Self {
        self.shared.clear_after = time;
        self
    }

    /// Secrets may go through the terminal (OSC 52) without asking first.
    #[must_use]
    pub fn allowing_terminal(mut self, allowed: bool) -> Self {
        self.terminal_allowed = allowed;
        self
    }

    /// Saved screens go into this folder.
    #[must_use]
    pub fn saving_to(mut self, folder: PathBuf) -> Self {
        self.saves = folder;
        self
    }

    /// Keeps a picture of the screen.
    pub fn save(&self, picture: Screenshot) {
        let (shared, folder) = (self.shared.clone(), self.saves.clone());
        tokio::task::spawn_blocking(move || {
            let outcome = screenshot::save(&folder, &picture, now());
            shared.send(TaskEvent::ScreenSaved(outcome));
        });
    }

    /// Starts what an effect asks for. A query that is asked again is asked once: the earlier task ends.
    pub fn start(&mut self, effect: Effect) {
        let shared = self.shared.clone();
        match effect {
            Effect::Fetch(query, run) => {
                let task = tokio::spawn(jobs::fetch(shared, query.clone(), run));
                let task = (run, task.abort_handle());
                if let Some((_, earlier)) = self.queries.insert(query, task) {
                    earlier.abort();
                }
            }
            Effect::Abort(query) => {
                if let Some((_, task)) = self.queries.remove(&query) {
                    task.abort();
                }
            }
            Effect::RenewCredentials => {
                if let Some(gateway) = shared.gateway.get() {
                    gateway.renew();
                }
            }
            Effect::ApplyPlan(change) => {
                self.changes.spawn(jobs::change(shared, change));
            }
            Effect::Rotate(what) if what.step.writes() => {
                self.changes.spawn(rotation::step(shared, what));
            }
            Effect::Rotate(what) => {
                tokio::spawn(rotation::step(shared, what));
            }
            Effect::Reveal(pool, client) => {
                tokio::spawn(jobs::reveal(shared, pool, client));
            }
            Effect::RevealAdded(pool, client) => jobs::reveal_added(&shared, pool, client),
            Effect::Deliver(request, to) => {
                self.changes.spawn(jobs::deliver(shared, request, to));
            }
            Effect::IssueToken(request, secret) => {
                tokio::spawn(jobs::issue(shared, request, secret));
            }
            Effect::ParsePaste(pasted) => {
                tokio::spawn(tokens::read(shared, pasted));
            }
            Effect::CallApi(token, call) => {
                tokio::spawn(tokens::call(shared, token, call));
            }
            Effect::Copy(request) => {
                let ask = request.is_secret() && !self.terminal_allowed;
                if ask && self.preferred == ClipboardKind::Terminal {
                    return shared.send(TaskEvent::Osc52Needed(request));
                }
                self.copies.start(shared, request, self.preferred, ask);
            }
            Effect::CopyThroughTerminal(request) => {
                self.terminal_allowed = true;
                self.copies
                    .start(shared, request, ClipboardKind::Terminal, false);
            }
            Effect::ClearClipboard => {
                tokio::spawn(async move {
                    let outcome = clear(shared.desktop.clone()).await;
                    shared.send(TaskEvent::ClipboardCleared(outcome));
                });
            }
            Effect::WriteFile { path, text } => {
                self.changes.spawn_blocking(move || {
                    let outcome = files::write_new(&path, Readers::All, text.as_bytes())
                        .map_err(|error| error.to_string());
                    shared.send(TaskEvent::FileWritten { path, outcome });
                });
            }
            // The app sees to these itself, or the loop does.
            Effect::Open(_)
            | Effect::Replace { .. }
            | Effect::Back
            | Effect::Notice(_)
            | Effect::MarkRotation(..)
            | Effect::Refresh
            | Effect::SaveScreen
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    /// The next answer.
    pub async fn next(&mut self) -> Box<TaskEvent> {
        match self.facts.recv().await {
            Some(arrival) => self.receive(arrival),
            // This side holds a sender, so the channel never closes.
            None => std::future::pending().await,
        }
    }

    /// An answer that is already here.
    pub fn try_next(&mut self) -> Option<Box<TaskEvent>> {
        let arrival = self.facts.try_recv().ok()?;
        Some(self.receive(arrival))
    }

    /// From now on what is being written begins no further step.
    pub fn stop_changes(&self) {
        self.shared.leaving.0.store(true, Ordering::Relaxed);
    }

    /// Whether something is being written, to Cognito or elsewhere.
    pub fn is_changing(&mut self) -> bool {
        while self.changes.try_join_next().is_some() {}
        !self.changes.is_empty()
    }

    /// Waits until nothing is being written.
    pub async fn finish_changes(&mut self) {
        while self.changes.join_next().await.is_some() {}
    }

    /// Gives up what is being written, and ends the commands that secrets are handed to. What was sent may be done all the same.
    pub async fn give_up_changes(&mut self) {
        self.changes.shutdown().await;
    }

    /// The answers that nobody has taken in.
    pub fn answers(&mut self) -> Vec<TaskEvent> {
        let mut facts = Vec::new();
        while let Ok(arrival) = self.facts.try_recv() {
            // What asks the terminal comes too late: it is not ours any more.
            if let TaskOutput::Event(fact) = arrival {
                facts.push(*fact);
            }
        }
        facts
    }

    /// Ends the copy that is under way, so that nothing comes to the clipboard any more.
    pub fn end_copies(&mut self) {
        self.copies.end();
    }

    /// Takes a secret of ours off the desktop's clipboard before the console goes, where it is not to stay there.
    ///
    /// # Errors
    /// It may be there still.
    pub async fn leave_clipboard(&mut self) -> Result<(), String> {
        if self.shared.clear_after.is_none() {
            return Ok(());
        }
        // What is being put there is waited for, a display server that hangs is not.
        let clear = clear(self.shared.desktop.clone());
        match tokio::time::timeout(PATIENCE, clear).await {
            Ok(cleared) => cleared.map(|_| ()),
            Err(_) => Err(format!("it did not answer for {} s", PATIENCE.as_secs())),
        }
    }

    fn receive(&mut self, arrival: TaskOutput) -> Box<TaskEvent> {
        match arrival {
            TaskOutput::Event(fact) => {
                if let TaskEvent::Loaded {
                    query,
                    run,
                    last: true,
                    ..
                }
                | TaskEvent::Failed { query, run, .. } = fact.as_ref()
                    // The answer to an earlier question leaves the later one's task to be found.
                    && self.queries.get(query).is_some_and(|(of, _)| of == run)
                {
                    self.queries.remove(query);
                }
                while self.changes.try_join_next().is_some() {}
                fact
            }
            TaskOutput::Osc52 {
                request,
                what,
                text,
                right,
            } => {
                if !right.taken() {
                    return Box::new(TaskEvent::CopySuperseded);
                }
                let note = if request.is_secret() { NOT_CLEARED } else { "" };
                let outcome = clipboard::ask_terminal(&mut self.terminal, &text)
                    .map(|()| format!("{}{note}", ClipboardKind::Terminal.label()))
                    .map_err(|error| error.to_string());
                Box::new(TaskEvent::Copied {
                    request,
                    what,
                    outcome,
                })
            }
        }
    }
}

impl TaskContext {
    /// The connection, made by whoever needs it first. A failed attempt leaves nothing behind, so that a refresh tries again.
    pub(super) async fn gateway(&self) -> Result<&Gateway, Error> {
        let facts = self.facts.clone();
        let signals: ConnectionEvents = Arc::new(move |signal| {
            let fact = match signal {
                ConnectionEvent::Throttled { operation, .. } => TaskEvent::Throttled { operation },
                ConnectionEvent::Recovered { .. } => TaskEvent::Recovered,
                ConnectionEvent::SignIn(signing) => TaskEvent::SignIn(signing),
            };
            // The console may have gone; then nobody needs to know.
            let _ = facts.send(TaskOutput::Event(Box::new(fact)));
        });
        let connect = async || {
            let gateway = (self.connect)(signals).await?;
            let owned = |word: Option<&str>| word.map(str::to_owned);
            self.send(TaskEvent::Connected {
                region: owned(gateway.region()),
                profile: owned(gateway.profile()),
                endpoint: owned(gateway.endpoint()),
            });
            Ok(gateway)
        };
        self.gateway.get_or_try_init(connect).await
    }

    pub(super) fn send(&self, fact: TaskEvent) {
        // The console may have gone; then nobody needs the answer.
        let _ = self.facts.send(TaskOutput::Event(Box::new(fact)));
    }
}

async fn clear(desktop: ClipboardHandle) -> Result<bool, String> {
    let cleared = tokio::task::spawn_blocking(move || desktop.clear()).await;
    cleared.map_err(|error| error.to_string())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::ErrorKind;

    #[tokio::test]
    async fn a_late_answer_does_not_hide_the_task_that_came_after_it() {
        let alive = Arc::new(());
        let asking = Arc::clone(&alive);
        let connect: Connect = Arc::new(move |_| {
            let asking = Arc::clone(&asking);
            Box::pin(async move {
                let never = std::future::pending().await;
                drop(asking);
                never
            })
        });
        let idle = Arc::strong_count(&alive);
        let mut tasks = Tasks::new(connect, Box::new(std::io::sink()), ClipboardKind::Terminal);
        // The first answer is there, and not taken in, when the question is asked again.
        let error = Error::new("ListUserPools", ErrorKind::Timeout, "", "");
        tasks.shared.send(TaskEvent::Failed {
            query: Query::Pools,
            run: 1,
            error,
        });
        tasks.start(Effect::Fetch(Query::Pools, 2));
        tasks.next().await;
        let turn = async |until: fn(usize, usize) -> bool| {
            while !until(Arc::strong_count(&alive), idle) {
                tokio::task::yield_now().await;
            }
        };
        let patience = Duration::from_secs(10);
        let asked = tokio::time::timeout(patience, turn(|now, idle| now > idle)).await;
        assert!(asked.is_ok(), "the second question was never asked");
        tasks.start(Effect::Abort(Query::Pools));
        let ended = tokio::time::timeout(patience, turn(|now, idle| now == idle)).await;
        assert!(ended.is_ok(), "it goes on for nobody");
    }
}
