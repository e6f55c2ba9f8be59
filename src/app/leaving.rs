//! Leaving: what asks first, and what is closed together.

use super::message::{Effect, Fact, Notice, Route};
use super::screen::View;
use super::store::Writing;
use super::{App, view};
use crate::domain::plan::Step;

/// What became of something that was being written when the console was left; `None` for any other answer.
///
/// # Errors
/// It failed; why.
pub fn outcome(fact: &Fact) -> Option<Result<String, String>> {
    Some(match fact {
        Fact::Changed { change, done } => {
            let steps = &change.plan.steps;
            let sentence = |step: Option<&Step>| step.map(Step::sentence).unwrap_or_default();
            match &done.failed {
                Some(error) => Err(format!(
                    "{} failed: {}",
                    sentence(steps.get(done.through)),
                    error.one_line()
                )),
                None => Ok(format!("done: {}", sentence(steps.last()))),
            }
        }
        Fact::Rotated { what, outcome } if what.step.writes() => match outcome {
            Ok(_) => Ok("done: the step of the rotation".to_owned()),
            Err(error) => Err(error.one_line()),
        },
        Fact::HandedOver { outcome, .. } => match outcome {
            Ok(words) => Ok(format!("handed over {words}")),
            Err(reason) => Err(reason.to_string()),
        },
        Fact::Wrote { path, outcome } => match outcome {
            Ok(()) => Ok(format!("wrote {}", path.display())),
            Err(reason) => Err(format!("could not write {}: {reason}", path.display())),
        },
        _ => return None,
    })
}

/// A question whether to leave. Only the same again, for the same reason, is the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The console, and not a screen alone.
    quits: bool,
    reason: String,
}

impl App {
    /// What is being written, in words that complete "waiting for ...".
    pub fn unfinished(&self) -> Vec<String> {
        let operation = |running: &Writing| Some(running.step()?.operation()?.to_owned());
        let changes = self.store.writes().iter().filter_map(operation);
        let others = [
            (self.writing, "a rotation or a hand-over"),
            (self.files, "a file"),
        ];
        let others = others.into_iter().filter(|(count, _)| *count > 0);
        let others = others.map(|(_, what)| what.to_owned());
        changes.chain(others).collect()
    }

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
