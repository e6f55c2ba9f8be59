//! The tasks beside the event loop: all calls to Cognito and all copies.

pub(super) mod context;
pub(super) mod copy;
pub(super) mod jobs;
pub mod queries;
pub(super) mod rotation;
pub(super) mod screenshot;
pub(super) mod token_vault;
pub(super) mod tokens;

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};

use super::now;
use crate::app::message::clipboard::ClipboardKind;
use crate::app::message::{Effect, Message, Query, RequestId, Screenshot, TaskEvent};
use crate::cognito::{ConnectionEvents, Error, Gateway};
use crate::delivery::clipboard::{self, ClipboardHandle};
use crate::files::{self, Readers};
use crate::runtime::tasks::context::{ExitState, TaskContext, TaskOutput};
use crate::runtime::tasks::copy::CopyTasks;

/// How long the end of the console waits for the clipboard.
const PATIENCE: Duration = Duration::from_secs(1);

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
    /// Whether secrets may go through the terminal without a question.
    terminal_allowed: bool,
    saves: PathBuf,
}

impl Tasks {
    /// Creates the tasks, none of them running. `terminal` receives OSC 52 requests.
    pub fn new(connect: Connect, terminal: TerminalOut, preferred: ClipboardKind) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            shared: TaskContext {
                connect,
                gateway: Arc::default(),
                request: Arc::default(),
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

    /// Uses this desktop clipboard where possible.
    #[must_use]
    pub fn with_desktop(mut self, desktop: ClipboardHandle) -> Self {
        self.shared.desktop = desktop;
        self.preferred = ClipboardKind::Desktop;
        self
    }

    /// Sets the time after which a secret is cleared from the desktop's clipboard; `None` keeps it there.
    #[must_use]
    pub fn clearing_after(mut self, time: Option<Duration>) -> Self {
        self.shared.clear_after = time;
        self
    }

    /// Lets secrets go through the terminal (OSC 52) without a question.
    #[must_use]
    pub fn allowing_terminal(mut self, allowed: bool) -> Self {
        self.terminal_allowed = allowed;
        self
    }

    /// Sets the folder of saved screens.
    #[must_use]
    pub fn saving_to(mut self, folder: PathBuf) -> Self {
        self.saves = folder;
        self
    }

    /// Saves a screen.
    pub fn save(&self, id: RequestId, picture: Screenshot) {
        let (shared, folder) = (self.shared.answering(id), self.saves.clone());
        tokio::task::spawn_blocking(move || {
            let outcome = screenshot::save(&folder, &picture, now());
            shared.done(TaskEvent::ScreenSaved(outcome));
        });
    }

    /// Starts what an effect requests. Repeating a running query aborts the earlier task.
    pub fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch(query, run) => {
                let task = tokio::spawn(queries::fetch(self.shared.clone(), query.clone(), run));
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
                if let Some(gateway) = self.shared.gateway.get() {
                    gateway.renew();
                }
            }
            Effect::Start(id, effect) => self.start_request(self.shared.answering(id), *effect),
            // The app or the loop handles the rest.
            _ => {}
        }
    }

    fn start_request(&mut self, shared: TaskContext, effect: Effect) {
        match effect {
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
            Effect::GiveCode(code) => {
                tokio::spawn(jobs::give_code(shared, code));
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
                    return shared.done(TaskEvent::Osc52Needed(request));
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
                    shared.done(TaskEvent::ClipboardCleared(outcome));
                });
            }
            Effect::WriteFile { path, text } => {
                self.changes.spawn_blocking(move || {
                    let outcome = files::write_new(&path, Readers::All, text.as_bytes())
                        .map_err(|error| error.to_string());
                    shared.done(TaskEvent::FileWritten { path, outcome });
                });
            }
            // These are no requests, or not for tasks.
            Effect::Open(_)
            | Effect::Replace { .. }
            | Effect::Back
            | Effect::Notice(_)
            | Effect::MarkRotation(..)
            | Effect::Refresh
            | Effect::ReadAll(..)
            | Effect::Fetch(..)
            | Effect::Start(..)
            | Effect::Abort(_)
            | Effect::RenewCredentials
            | Effect::SaveScreen
            | Effect::LogIn(_)
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    /// Waits for the next answer.
    pub async fn next(&mut self) -> Message {
        // The tasks hold a sender, so the channel never closes.
        while let Some(arrival) = self.facts.recv().await {
            if let Some(message) = self.receive(arrival) {
                return message;
            }
        }
        std::future::pending().await
    }

    /// Returns an answer that has already arrived.
    pub fn try_next(&mut self) -> Option<Message> {
        while let Ok(arrival) = self.facts.try_recv() {
            let message = self.receive(arrival);
            if message.is_some() {
                return message;
            }
        }
        None
    }

    /// Lets running changes start no further step.
    pub fn stop_changes(&self) {
        self.shared.leaving.begin();
    }

    /// Returns whether something is being written, to Cognito or elsewhere.
    pub fn is_changing(&mut self) -> bool {
        while self.changes.try_join_next().is_some() {}
        !self.changes.is_empty()
    }

    /// Waits until nothing is being written.
    pub async fn finish_changes(&mut self) {
        while self.changes.join_next().await.is_some() {}
    }

    /// Aborts the running writes and the commands that secrets are delivered to. A request that was sent may still be executed.
    pub async fn give_up_changes(&mut self) {
        self.changes.shutdown().await;
    }

    /// Returns the answers that were not handled.
    pub fn answers(&mut self) -> Vec<Message> {
        let mut messages = Vec::new();
        while let Ok(arrival) = self.facts.try_recv() {
            match arrival {
                // An aborted write stays among the requests, so that it is reported. The terminal is already the shell's.
                TaskOutput::Message(Message::Ended(_)) | TaskOutput::Osc52 { .. } => {}
                TaskOutput::Message(message) => messages.push(message),
            }
        }
        messages
    }

    /// Cancels the running copy, so that nothing more reaches the clipboard.
    pub fn end_copies(&mut self) {
        self.copies.end();
    }

    /// Clears a secret of this console from the desktop's clipboard before the console ends, unless it may stay there.
    ///
    /// # Errors
    /// The secret may still be there.
    pub async fn leave_clipboard(&mut self) -> Result<(), String> {
        if self.shared.clear_after.is_none() {
            return Ok(());
        }
        // A running copy is waited for; a hanging display server is not.
        let clear = clear(self.shared.desktop.clone());
        match tokio::time::timeout(PATIENCE, clear).await {
            Ok(cleared) => cleared.map(|_| ()),
            Err(_) => Err(format!("it did not answer for {} s", PATIENCE.as_secs())),
        }
    }

    /// Converts a task's output into a message; `None` for a copy that a later one replaced.
    fn receive(&mut self, arrival: TaskOutput) -> Option<Message> {
        match arrival {
            TaskOutput::Message(message) => {
                if let Message::Event(event) = &message
                    && let TaskEvent::Loaded {
                        query,
                        run,
                        last: true,
                        ..
                    }
                    | TaskEvent::Failed { query, run, .. } = event.as_ref()
                    // The answer to an earlier run keeps the later run's task.
                    && self.queries.get(query).is_some_and(|(of, _)| of == run)
                {
                    self.queries.remove(query);
                }
                while self.changes.try_join_next().is_some() {}
                Some(message)
            }
            TaskOutput::Osc52 {
                open,
                request,
                what,
                text,
                right,
            } => {
                if !right.is_current() {
                    return None;
                }
                let outcome = clipboard::ask_terminal(&mut self.terminal, &text)
                    .map(|()| ClipboardKind::Terminal)
                    .map_err(|error| error.to_string());
                let event = TaskEvent::Copied {
                    request,
                    what,
                    outcome,
                };
                Some(open.done(event))
            }
        }
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
    use crate::domain::ids::{ClientId, PoolId};

    #[tokio::test]
    async fn a_request_ends_with_its_task_whatever_becomes_of_that() {
        let connect: Connect = Arc::new(|_| Box::pin(std::future::pending()));
        let mut tasks = Tasks::new(connect, Box::new(std::io::sink()), ClipboardKind::Terminal);
        let answered = tasks.shared.answering(1);
        answered.done(TaskEvent::ClipboardCleared(Ok(true)));
        drop(answered);
        assert!(matches!(tasks.next().await, Message::Done(1, _)));
        assert!(tasks.try_next().is_none(), "it ends once");
        let task = tokio::spawn(jobs::reveal(
            tasks.shared.answering(2),
            PoolId::new("eu-west-1_A"),
            ClientId::new("c"),
        ));
        tokio::task::yield_now().await;
        task.abort();
        assert!(matches!(tasks.next().await, Message::Ended(2)));
    }

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
        // The first answer has arrived, and is not handled, when the query is repeated.
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
        assert!(ended.is_ok(), "the task goes on after its receiver is gone");
    }
}
