//! The results of copies and saved screens, and the clearing of copied secrets.

use std::time::Duration;

use super::App;
use super::message::{CopyRequest, Effect, Notice, Route, TaskEvent};
use crate::app::message::clipboard::ClipboardKind;
use crate::app::message::rotation::RotationMark;
use crate::domain::secret::{COPY_BREAKS, DescribedSecret};
use crate::domain::time::Timestamp;

/// The note on a secret that was copied through the terminal.
const NOT_CLEARED: &str = " · it stays there until you copy something else";

impl App {
    /// Handles the result of a copy.
    pub(super) fn on_clipboard(&mut self, fact: &TaskEvent) {
        match fact {
            TaskEvent::Copied {
                request,
                what,
                outcome,
            } => {
                if let (CopyRequest::Added { pool, client, .. }, Ok(way)) = (request, outcome) {
                    match way {
                        ClipboardKind::Desktop => {
                            let way = way.label().to_owned();
                            self.on_doing(pool, client, RotationMark::Delivered(way));
                        }
                        // The terminal confirms nothing.
                        ClipboardKind::Terminal => {
                            self.on_doing(pool, client, RotationMark::PerhapsDelivered);
                        }
                    }
                }
                self.notice = Some(match outcome {
                    Ok(way) => {
                        let stays = *way == ClipboardKind::Terminal && request.is_secret();
                        let note = if stays { NOT_CLEARED } else { "" };
                        let way = way.label();
                        self.delivered(request, format!("Copied {what} {way}{note}"))
                    }
                    Err(reason) => Notice::bad(format!("Cannot copy {what}: {reason}")),
                });
            }
            TaskEvent::ClipboardHeld { clears_after } => {
                self.clears_at = clears_after.map(|time| after(self.now, time));
            }
            TaskEvent::ClipboardCleared(outcome) => match outcome {
                Ok(true) => self.notice = Some(Notice::good("Clipboard cleared")),
                Ok(false) => {}
                Err(reason) => {
                    let text = format!("Cannot clear the clipboard: {reason}; will retry on quit");
                    self.notice = Some(Notice::bad(text));
                }
            },
            TaskEvent::ScreenSaved(outcome) => {
                self.notice = Some(match outcome {
                    Ok(paths) => Notice::good(format!("Saved, ids and secrets hidden: {paths}")),
                    Err(reason) => Notice::bad(format!("Cannot save the screen: {reason}")),
                });
            }
            TaskEvent::Osc52Needed(request) => {
                self.push(Route::Osc52Prompt(request.clone()));
            }
            _ => {}
        }
    }

    /// Returns the notice of a copy or a delivery. Of a managed secret it says that a copy stops working.
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

    /// Clears a secret from the clipboard when its time is over.
    pub(super) fn clear_when_due(&mut self, out: &mut Vec<Effect>) {
        if self.clears_at.is_some_and(|at| at <= self.now) {
            self.clears_at = None;
            self.apply(vec![Effect::ClearClipboard], out);
        }
    }

    /// Returns the countdown of a copied secret, for the bottom line.
    pub(super) fn clipboard_countdown(&self) -> Option<String> {
        let seconds = self.now.seconds_until(self.clears_at?);
        (seconds > 0).then(|| format!("clipboard clears in {seconds} s"))
    }
}

fn after(now: Timestamp, time: Duration) -> Timestamp {
    let millis = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.millis().saturating_add(millis))
}
