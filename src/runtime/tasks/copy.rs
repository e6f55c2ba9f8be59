//! Copies: one at a time, so that what was asked for last is what stays on the clipboard.

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
    /// Starts one; an earlier one that is under way still comes to nothing. Where the desktop has no clipboard the terminal is asked
    /// instead; the user first, where `ask` says so.
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

    /// Whatever is under way comes to nothing, unless it is being put on the clipboard at this moment.
    pub fn end(&mut self) {
        self.latest.fetch_add(1, Ordering::SeqCst);
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// A copy's right to be made, until another is asked for.
pub struct CopyTicket {
    number: u64,
    latest: Arc<AtomicU64>,
}

impl CopyTicket {
    /// Whether no other copy was asked for since.
    pub fn is_current(&self) -> bool {
        self.number == self.latest.load(Ordering::SeqCst)
    }
}

/// Fetches the text to copy, delivers it and forgets it.
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
    // Never cut short from here on: what has come to the clipboard must be known, to be cleared again.
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

/// Lets the loop write to the terminal, as only the loop may.
fn ask_terminal(
    shared: &TaskContext,
    request: CopyRequest,
    what: String,
    text: SecretString,
    right: CopyTicket,
) {
    // The console may have ended; then the result is not needed.
    let _ = shared.facts.send(TaskOutput::Osc52 {
        open: Arc::clone(&shared.request),
        request,
        what,
        text,
        right,
    });
}
