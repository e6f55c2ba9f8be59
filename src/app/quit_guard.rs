//! Leaving: what needs a confirmation, and which screens close together.

use super::message::{CopyRequest, Effect, Notice, PlanOutcome, PlanRequest, Route, TaskEvent};
use super::screen::View;
use super::store::{Request, RunningChange};
use super::{App, view};
use crate::app::message::rotation::{RotationCommand, RotationStep};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{CliContext, Step};
use crate::domain::rotation::InterruptedRotation;
use crate::ui::theme::Status;

/// The result of a write that ended after the user left the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitReport {
    /// Whether all of it was written and confirmed.
    pub well: bool,
    pub lines: Vec<String>,
}

impl ExitReport {
    fn of(outcome: Result<String, String>) -> Self {
        Self {
            well: outcome.is_ok(),
            lines: vec![outcome.unwrap_or_else(|reason| reason)],
        }
    }
}

/// An open question whether to leave. The same action for the same reason confirms it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeavePrompt {
    /// Leaves the console, not only a screen.
    quits: bool,
    reason: String,
}

impl App {
    /// Returns what is being written, in words that complete "waiting for ...".
    pub fn unfinished(&self) -> Vec<String> {
        let operation = |running: &RunningChange| Some(running.step()?.operation()?.to_owned());
        let changes = self.store.writes().filter_map(operation);
        let is_under_way = |wanted: fn(&Request) -> bool| {
            let mut requests = self.store.requests();
            requests.any(|request| request.writes() && wanted(request))
        };
        let handed = is_under_way(|it| matches!(it, Request::Rotation(_) | Request::Delivery(_)));
        let others = [
            (handed, "a rotation or a delivery"),
            (is_under_way(|it| matches!(it, Request::File)), "a file"),
        ];
        let others = others.into_iter().filter(|(is_under_way, _)| *is_under_way);
        changes
            .chain(others.map(|(_, what)| what.to_owned()))
            .collect()
    }

    /// Returns the result of a write that ended after the user left the console; `None` for other events.
    pub fn outcome(&self, fact: &TaskEvent) -> Option<ExitReport> {
        Some(match fact {
            TaskEvent::PlanFinished { change, done } => self.changed(change, done),
            TaskEvent::Rotated { what, outcome } if what.step.writes() => {
                let notice = self.rotation_notice(what, outcome);
                ExitReport {
                    well: notice.tone == Status::Good,
                    lines: vec![notice.text],
                }
            }
            TaskEvent::Delivered { outcome, .. } => ExitReport::of(match outcome {
                Ok(words) => Ok(format!("delivered {words}")),
                Err(reason) => Err(reason.to_string()),
            }),
            TaskEvent::FileWritten { path, outcome } => ExitReport::of(match outcome {
                Ok(()) => Ok(format!("wrote {}", path.display())),
                Err(reason) => Err(format!("cannot write {}: {reason}", path.display())),
            }),
            _ => return None,
        })
    }

    fn changed(&self, change: &PlanRequest, done: &PlanOutcome) -> ExitReport {
        let steps = &change.plan.steps;
        let sentence = |at: usize| steps.get(at).map(Step::sentence).unwrap_or_default();
        let left = change.plan.cut_off(done.completed, false);
        let mut lines: Vec<String> = done
            .unconfirmed
            .iter()
            .map(|(at, error)| format!("not confirmed: {}: {}", sentence(*at), error.one_line()))
            .collect();
        if let Some(error) = &done.failed {
            let failed = sentence(done.completed);
            lines.push(format!("{failed} failed: {}", error.one_line()));
        } else if !left.not_begun.is_empty() {
            lines.extend(left.lines(self.place(done.pool.as_ref())));
        } else if lines.is_empty() {
            let last = steps.last().map(Step::sentence).unwrap_or_default();
            return ExitReport::of(Ok(format!("done: {last}")));
        }
        ExitReport { well: false, lines }
    }

    /// Describes interrupted writes: what is done, what may be, how to find out, and what is lost.
    pub fn cut_off(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for running in self.store.writes() {
            let place = self.place(running.change.plan.pool.id.as_ref());
            lines.extend(running.cut_off().lines(place));
        }
        let mut files = false;
        for request in self.store.requests() {
            lines.extend(match request {
                Request::Rotation(what) => self.midway(what),
                Request::Delivery(CopyRequest::Added { pool, client, .. }) => {
                    let midway = InterruptedRotation::Delivering { id: None };
                    self.interrupted_lines(&midway, pool, client)
                }
                Request::Delivery(_) => {
                    vec!["The credentials may have been delivered.".to_owned()]
                }
                Request::File => {
                    files = true;
                    Vec::new()
                }
                Request::Change(_) | Request::Other => Vec::new(),
            });
        }
        if files {
            lines.push("A file may be incomplete.".to_owned());
        }
        for ((pool, client), doings) in self.store.undelivered() {
            let midway = if doings.perhaps_delivered {
                InterruptedRotation::Delivering { id: None }
            } else {
                InterruptedRotation::Added {
                    id: None,
                    given: false,
                }
            };
            if !self.store.is_stepping(pool, client) {
                lines.extend(self.interrupted_lines(&midway, pool, client));
            }
        }
        lines
    }

    fn midway(&self, what: &RotationCommand) -> Vec<String> {
        let midway = match &what.step {
            RotationStep::Add(given) => InterruptedRotation::Adding {
                given: given.is_some(),
            },
            RotationStep::DeleteOlder(id) => InterruptedRotation::Deleting {
                id: id.clone(),
                newer: false,
            },
            RotationStep::DeleteNewer(id) => InterruptedRotation::Deleting {
                id: id.clone(),
                newer: true,
            },
            RotationStep::Keep(_) | RotationStep::Prove => {
                return Vec::new();
            }
        };
        self.interrupted_lines(&midway, &what.pool, &what.client)
    }

    fn interrupted_lines(
        &self,
        midway: &InterruptedRotation,
        pool: &PoolId,
        client: &ClientId,
    ) -> Vec<String> {
        let name = self.store.client_name(pool, client);
        midway.lines(&name, client, self.place(Some(pool)))
    }

    /// Returns the command line context of the pool; `None` in the demo, which ends with the console.
    fn place<'a>(&'a self, pool: Option<&'a PoolId>) -> Option<CliContext<'a>> {
        let session = &self.session;
        (!session.demo).then_some(CliContext {
            pool,
            profile: session.profile.as_deref(),
            region: session.region.as_deref(),
            endpoint: session.endpoint.as_deref(),
        })
    }

    /// Returns whether leaving needs a confirmation. The same effect again confirms it.
    pub(super) fn needs_leave_prompt(&mut self, effect: &Effect) -> bool {
        let view = view!(self);
        let quits = *effect == Effect::Quit;
        let reason = match effect {
            Effect::Quit => self.leave_warning().or_else(|| {
                let mut screens = self.stack.iter().rev();
                screens.find_map(|(_, screen)| screen.unsaved_reason(&view))
            }),
            Effect::Back => self
                .stack
                .last()
                .and_then(|(_, top)| top.unsaved_reason(&view)),
            _ => None,
        };
        let asked = reason.map(|reason| LeavePrompt { quits, reason });
        if asked.is_none() || asked == self.leave_asked {
            return false;
        }
        self.notice = asked.as_ref().map(|asked| Notice::warn(&*asked.reason));
        self.leave_asked = asked;
        true
    }

    /// Closes an inner part of the top screen, or the screen.
    pub(super) fn go_back(&mut self, out: &mut Vec<Effect>) {
        self.leave_asked = None;
        let closed = self
            .stack
            .last_mut()
            .is_some_and(|(_, top)| top.close_inner());
        if !closed {
            self.pop(out);
        }
    }

    /// Replaces a screen, all above it and what led to it. Does nothing if it is already closed.
    pub(super) fn go_instead(&mut self, of: &Route, go: Vec<Route>) {
        let Some(at) = self.stack.iter().position(|(route, _)| route == of) else {
            return;
        };
        self.stack.truncate(at);
        let leads = |route: &Route| matches!(route, Route::Presets(_) | Route::PresetForm(..));
        while self.stack.last().is_some_and(|(route, _)| leads(route)) {
            self.stack.pop();
        }
        for route in go {
            self.push(route);
        }
    }
}
