//! Leaving: what asks first, and what is closed together.

use super::message::{Effect, Notice, Route};
use super::screen::View;
use super::{App, view};

/// A question whether to leave. Only the same again, for the same reason, is the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The console, and not a screen alone.
    quits: bool,
    reason: String,
}

impl App {
    /// Whether an effect that leaves is not done at once: then the user is asked, unless this is the answer.
    pub(super) fn is_held_back(&mut self, effect: &Effect) -> bool {
        let view = view!(self);
        let quits = *effect == Effect::Quit;
        let reason = match effect {
            Effect::Quit => self.reason_to_stay().or_else(|| {
                let mut screens = self.stack.iter().rev();
                screens.find_map(|(_, screen)| screen.holds(&view))
            }),
            Effect::Back => self.stack.last().and_then(|(_, top)| top.holds(&view)),
            _ => None,
        };
        let asked = reason.map(|reason| Asked { quits, reason });
        if asked.is_none() || asked == self.leave_asked {
            return false;
        }
        self.notice = asked.as_ref().map(|asked| Notice::warn(&*asked.reason));
        self.leave_asked = asked;
        true
    }

    /// Closes what is open within the screen on top, or else that screen.
    pub(super) fn go_back(&mut self, out: &mut Vec<Effect>) {
        self.leave_asked = None;
        let closed = self
            .stack
            .last_mut()
            .is_some_and(|(_, top)| top.step_back());
        if !closed {
            self.pop(out);
        }
    }

    /// Closes a screen, all above it and what led to it, and opens others in their place. Nothing where it is closed already.
    pub(super) fn go_instead(&mut self, of: &Route, go: Vec<Route>) {
        let Some(at) = self.stack.iter().position(|(route, _)| route == of) else {
            return;
        };
        self.stack.truncate(at);
        let leads = |route: &Route| matches!(route, Route::SetUp(_) | Route::Answers(..));
        while self.stack.last().is_some_and(|(route, _)| leads(route)) {
            self.stack.pop();
        }
        for route in go {
            self.push(route);
        }
    }
}
