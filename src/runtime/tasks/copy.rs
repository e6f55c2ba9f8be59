//! Copies: one at a time, so that what was asked for last is what stays on the clipboard.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use crate::app::message::{CopyRequest, Fact};
use crate::runtime::clipboard_kind::Way;
use crate::runtime::tasks::jobs;
use crate::runtime::tasks::{Arrival, Shared};

/// The copies of a console.
#[derive(Default)]
pub struct Copies {
    latest: Arc<AtomicU64>,
    task: Option<AbortHandle>,
}

impl Copies {
    /// Starts one; an earlier one that is under way still comes to nothing. Where the desktop has no clipboard the terminal is asked
    /// instead; the user first, where `ask` says so.
    pub fn start(&mut self, shared: Shared, request: CopyRequest, way: Way, ask: bool) {
        self.end();
        let right = Right {
            number: self.latest.load(Ordering::SeqCst),
            latest: Arc::clone(&self.latest),
            unanswered: Some(shared.facts.clone()),
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

/// A copy's right to be made, until another is asked for. It is answered for once, even where its task is ended.
pub struct Right {
    number: u64,
    latest: Arc<AtomicU64>,
    unanswered: Option<UnboundedSender<Arrival>>,
}

impl Right {
    fn holds(&self) -> bool {
        self.number == self.latest.load(Ordering::SeqCst)
    }

    fn answer(mut self, fact: Fact) {
        self.send(fact);
    }

    fn send(&mut self, fact: Fact) {
        if let Some(facts) = self.unanswered.take() {
            // The console may have gone; then nobody needs the answer.
            let _ = facts.send(Arrival::Fact(Box::new(fact)));
        }
    }

    /// Whether it still holds. The answer is the caller's from now on.
    pub fn taken(mut self) -> bool {
        self.unanswered = None;
        self.holds()
    }
}

impl Drop for Right {
    fn drop(&mut self) {
        self.send(Fact::CopyOvertaken);
    }
}

/// Fetches what is to be copied, hands it over and forgets it.
async fn copy(shared: Shared, request: CopyRequest, way: Way, ask: bool, right: Right) {
    let (what, text) = match jobs::copied_text(&shared, request.clone()).await {
        (what, Ok(text)) => (what, text),
        (what, Err(reason)) => {
            return right.answer(Fact::Copied {
                request,
                what,
                outcome: Err(reason),
            });
        }
    };
    if way == Way::Terminal {
        return ask_terminal(&shared, request, what, text, right);
    }
    // Never cut short from here on: what has come to the clipboard must be known, to be cleared again.
    tokio::task::spawn_blocking(move || {
        let secret = request.is_secret();
        match shared.desktop.put_if(&text, secret, || right.holds()) {
            Ok(true) => {
                let clears_after = shared.clear_after.filter(|_| secret);
                shared.send(Fact::ClipboardHeld { clears_after });
                right.answer(Fact::Copied {
                    request,
                    what,
                    outcome: Ok(Way::Desktop.words().to_owned()),
                });
            }
            Ok(false) => {}
            Err(_) if ask => right.answer(Fact::TerminalAsked(request)),
            Err(_) => ask_terminal(&shared, request, what, text, right),
        }
    });
}

/// Has the loop ask the terminal: nobody else may write to it.
fn ask_terminal(
    shared: &Shared,
    request: CopyRequest,
    what: String,
    text: SecretString,
    right: Right,
) {
    // The console may have gone; then nobody needs it.
    let _ = shared.facts.send(Arrival::Osc52 {
        request,
        what,
        text,
        right,
    });
}
