//! Copies, one at a time: the last one requested stays on the clipboard.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::SecretString;
use tokio::task::AbortHandle;

use crate::app::message::clipboard::ClipboardKind;
use crate::app::message::{CopyRequest, TaskEvent};
use crate::runtime::tasks::context::{TaskContext, TaskOutput};
use crate::runtime::tasks::jobs;

/// The copies of a console.
#[derive(Default)]
pub struct CopyTasks {
    latest: Arc<AtomicU64>,
    task: Option<AbortHandle>,
}

impl CopyTasks {
    /// Starts a copy and cancels an earlier one. If the desktop has no clipboard, the terminal's is used; with `ask`, the user is
    /// asked first.
    pub fn start(
        &mut self,
        shared: TaskContext,
        request: CopyRequest,
        way: ClipboardKind,
        ask: bool,
    ) {
        self.end();
        let right = CopyTicket {
            number: self.latest.load(Ordering::SeqCst),
            latest: Arc::clone(&self.latest),
        };
        let task = tokio::spawn(copy(shared, request, way, ask, right));
        self.task = Some(task.abort_handle());
    }

    /// Cancels the running copy, unless it is being written to the clipboard at this moment.
    pub fn end(&mut self) {
        self.latest.fetch_add(1, Ordering::SeqCst);
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// A copy's permission to write, until another copy is requested.
pub struct CopyTicket {
    number: u64,
    latest: Arc<AtomicU64>,
}

impl CopyTicket {
    /// Returns whether no other copy was requested since.
    pub fn is_current(&self) -> bool {
        self.number == self.latest.load(Ordering::SeqCst)
    }
}

/// Fetches the text to copy, copies it and forgets it.
async fn copy(
    shared: TaskContext,
    request: CopyRequest,
    way: ClipboardKind,
    ask: bool,
    right: CopyTicket,
) {
    let (what, text) = match jobs::copied_text(&shared, request.clone()).await {
        (what, Ok(text)) => (what, text),
        (what, Err(reason)) => {
            return shared.done(TaskEvent::Copied {
                request,
                what,
                outcome: Err(reason),
            });
        }
    };
    if way == ClipboardKind::Terminal {
        return ask_terminal(&shared, request, what, text, right);
    }
    // Not cancelled from here on: to clear the clipboard again, its content must be known.
    tokio::task::spawn_blocking(move || {
        let secret = request.is_secret();
        match shared.desktop.put_if(&text, secret, || right.is_current()) {
            Ok(true) => {
                let clears_after = shared.clear_after.filter(|_| secret);
                shared.send(TaskEvent::ClipboardHeld { clears_after });
                shared.done(TaskEvent::Copied {
                    request,
                    what,
                    outcome: Ok(ClipboardKind::Desktop),
                });
            }
            Ok(false) => {}
            Err(_) if ask => shared.done(TaskEvent::Osc52Needed(request)),
            Err(_) => ask_terminal(&shared, request, what, text, right),
        }
    });
}

/// Sends the text to the loop, which alone writes to the terminal.
fn ask_terminal(
    shared: &TaskContext,
    request: CopyRequest,
    what: String,
    text: SecretString,
    right: CopyTicket,
) {
    // Without a console, no one needs the result.
    let _ = shared.facts.send(TaskOutput::Osc52 {
        open: Arc::clone(&shared.request),
        request,
        what,
        text,
        right,
    });
}
