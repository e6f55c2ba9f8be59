//! Keys pressed before their data is loaded. The last one is kept until then; a refusal is cleared when its reason is gone.

use super::message::{Effect, Notice};
use super::screen::View;
use super::screen::rows::Press;
use super::{App, view};

/// A key of the screen on top that was not acted upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PendingKey {
    /// It is, as soon as what it waits for is there; what it will do then, in words.
    Waiting(Press, String),
    /// It is not, for this reason.
    Refused(Press, String),
}

impl App {
    /// What a key of the screen on top leads to: it is refused, put off, or acted upon.
    pub(super) fn dispatch(&mut self, press: Press) -> Vec<Effect> {
        self.put = None;
        if let Some(reason) = self.session.disabled_reason(press.action) {
            return vec![Effect::Notice(Notice::warn(reason))];
        }
        let view = view!(self);
        let Some((_, top)) = self.stack.last_mut() else {
            return Vec::new();
        };
        if let Some(words) = top.waits(press, &view) {
            self.put = Some(PendingKey::Waiting(press, words));
            return Vec::new();
        }
        if let Some(reason) = top.refused(press, &view) {
            self.put = Some(PendingKey::Refused(press, reason.clone()));
            return vec![Effect::Notice(Notice::refusal(press.action, reason))];
        }
        top.press(press, &view)
    }

    /// Runs a delayed key when its data is loaded; clears a refusal that no longer applies.
    pub(super) fn catch_up(&mut self) -> Vec<Effect> {
        let view = view!(self);
        let Some((_, top)) = self.stack.last_mut() else {
            return Vec::new();
        };
        match &self.put {
            Some(PendingKey::Waiting(press, _)) if top.waits(*press, &view).is_none() => {
                let press = *press;
                return self.dispatch(press);
            }
            Some(PendingKey::Refused(press, reason))
                if top.refused(*press, &view).as_ref() != Some(reason) =>
            {
                // Something else may have been said since.
                let refused = Some(press.action);
                self.notice = self
                    .notice
                    .take()
                    .filter(|notice| notice.refuses != refused);
                self.put = None;
            }
            _ => {}
        }
        Vec::new()
    }

    /// Returns what a delayed key will do, in words.
    pub(super) fn awaited(&self) -> Option<&str> {
        match &self.put {
            Some(PendingKey::Waiting(_, words)) => Some(words),
            _ => None,
        }
    }
}
