//! Keys pressed before their data is loaded: one is kept until then. A refusal ends with its reason.

use super::message::{Effect, Notice};
use super::screen::View;
use super::{App, view};
use crate::input::Action;

/// A key of the screen on top that was not acted upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PendingKey {
    /// It is, as soon as what it waits for is there; what it will do then, in words.
    Waiting(Action, String),
    /// It is not, for this reason.
    Refused(Action, String),
}

impl App {
    /// What a key of the screen on top leads to: it is refused, put off, or acted upon.
    pub(super) fn dispatch(&mut self, action: Action) -> Vec<Effect> {
        self.put = None;
        if let Some(reason) = self.session.disabled_reason(action) {
            return vec![Effect::Notice(Notice::warn(reason))];
        }
        let view = view!(self);
        let Some((_, top)) = self.stack.last_mut() else {
            return Vec::new();
        };
        if let Some(words) = top.pending_reason(action, &view) {
            self.put = Some(PendingKey::Waiting(action, words));
            return Vec::new();
        }
        if let Some(reason) = top.disabled_reason(action, &view) {
            self.put = Some(PendingKey::Refused(action, reason.clone()));
            return vec![Effect::Notice(Notice::info(reason))];
        }
        top.on_action(action, &view)
    }

    /// Runs a delayed key when its data is loaded; clears a refusal that no longer applies.
    pub(super) fn catch_up(&mut self) -> Vec<Effect> {
        let view = view!(self);
        let Some((_, top)) = self.stack.last_mut() else {
            return Vec::new();
        };
        match &self.put {
            Some(PendingKey::Waiting(action, _))
                if top.pending_reason(*action, &view).is_none() =>
            {
                let action = *action;
                return self.dispatch(action);
            }
            Some(PendingKey::Refused(action, reason))
                if top.disabled_reason(*action, &view).as_ref() != Some(reason) =>
            {
                // Something else may have been said since.
                self.notice = self.notice.take().filter(|notice| notice.text != *reason);
                self.put = None;
            }
            _ => {}
        }
        Vec::new()
    }

    /// What a key that was put off will do, in words.
    pub(super) fn awaited(&self) -> Option<&str> {
        match &self.put {
            Some(PendingKey::Waiting(_, words)) => Some(words),
            _ => None,
        }
    }
}
