//! Keys that came before what they stand on: one is kept until that is there, and a refusal does not outlive its reason.

use super::message::{Effect, Notice};
use super::screen::View;
use super::{App, view};
use crate::input::Action;

/// A key of the screen on top that was not acted upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It is, as soon as what it waits for is there; what it will do then, in words.
    Off(Action, String),
    /// It is not, for this reason.
    Down(Action, String),
}

impl App {
    /// What a key of the screen on top leads to: it is refused, put off, or acted upon.
    pub(super) fn take(&mut self, action: Action) -> Vec<Effect> {
        self.put = None;
        if let Some(reason) = self.session.refuses(action) {
            return vec![Effect::Notice(Notice::warn(reason))];
        }
        let view = view!(self);
        let Some((_, top)) = self.stack.last_mut() else {
            return Vec::new();
        };
        if let Some(words) = top.awaits(action, &view) {
            self.put = Some(Put::Off(action, words));
            return Vec::new();
        }
        if let Some(reason) = top.refuses(action, &view) {
            self.put = Some(Put::Down(action, reason.clone()));
            return vec![Effect::Notice(Notice::info(reason))];
        }
        top.act(action, &view)
    }

    /// Acts upon a key that was put off, once it can be; takes back a refusal that holds no more. What to do about it.
    pub(super) fn catch_up(&mut self) -> Vec<Effect> {
        let view = view!(self);
        let Some((_, top)) = self.stack.last_mut() else {
            return Vec::new();
        };
        match &self.put {
            Some(Put::Off(action, _)) if top.awaits(*action, &view).is_none() => {
                let action = *action;
                return self.take(action);
            }
            Some(Put::Down(action, reason))
                if top.refuses(*action, &view).as_ref() != Some(reason) =>
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
            Some(Put::Off(_, words)) => Some(words),
            _ => None,
        }
    }
}
