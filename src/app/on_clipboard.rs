//! What became of a copy or a saved screen, and when a copied secret leaves the clipboard again.

use std::time::Duration;

use super::App;
use super::message::{CopyRequest, Effect, Notice, Route, TaskEvent};
use crate::app::message::rotation::RotationMark;
use crate::domain::secret::{COPY_BREAKS, DescribedSecret};
use crate::domain::time::Timestamp;

impl App {
    /// Takes in what the runtime says of what was handed over.
    pub(super) fn on_clipboard(&mut self, fact: &TaskEvent) {
        match fact {
            TaskEvent::Copied {
                request,
                what,
                outcome,
            } => {
                if let (CopyRequest::Added { pool, client, .. }, Ok(way)) = (request, outcome) {
                    // What the notice says besides is not where it went.
                    let way = way.split(" · ").next().unwrap_or_default().to_owned();
                    self.on_doing(pool, client, RotationMark::Delivered(way));
                }
                self.notice = Some(match outcome {
                    Ok(way) => self.delivered(request, format!("Copied {what} {way}")),
                    Err(reason) => Notice::bad(format!("Could not copy {what}: {reason}")),
                });
            }
            TaskEvent::ClipboardHeld { clears_after } => {
                self.clears_at = clears_after.map(|time| after(self.now, time));
            }
            TaskEvent::ClipboardCleared(outcome) => match outcome {
                Ok(true) => self.notice = Some(Notice::good("The clipboard is cleared")),
                Ok(false) => {}
                Err(reason) => {
                    let text = format!(
                        "The clipboard could not be cleared: {reason}; it is tried again on quitting"
                    );
                    self.notice = Some(Notice::bad(text));
                }
            },
            TaskEvent::ScreenSaved(outcome) => {
                self.notice = Some(match outcome {
                    Ok(paths) => Notice::good(format!("Saved, ids and secrets covered: {paths}")),
                    Err(reason) => Notice::bad(format!("Could not save the screen: {reason}")),
                });
            }
            TaskEvent::Osc52Needed(request) => {
                self.push(Route::Osc52Prompt(request.clone()));
            }
            _ => {}
        }
    }

    /// The notice of a copy or a delivery. Of a managed secret it says that a copy stops working.
    pub(super) fn delivered(&self, request: &CopyRequest, text: String) -> Notice {
        let CopyRequest::Client { pool, client, .. } = request else {
            return Notice::good(text);
        };
        let client = self.store.client(pool, client).value();
        match client.map(|client| &client.secret) {
            Some(DescribedSecret::Managed(_)) => Notice::warn(format!("{text} · {COPY_BREAKS}")),
            _ => Notice::good(text),
        }
    }

    /// Has a secret taken off the clipboard once its time is over.
    pub(super) fn clear_when_due(&mut self, out: &mut Vec<Effect>) {
        if self.clears_at.is_some_and(|at| at <= self.now) {
            self.clears_at = None;
            self.apply(vec![Effect::ClearClipboard], out);
        }
    }

    /// How long a secret stays on the clipboard, for the bottom line.
    pub(super) fn clipboard_countdown(&self) -> Option<String> {
        let seconds = self.now.seconds_until(self.clears_at?);
        (seconds > 0).then(|| format!("clipboard clears in {seconds} s"))
    }
}

fn after(now: Timestamp, time: Duration) -> Timestamp {
    let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.millis().saturating_add(millis))
}
