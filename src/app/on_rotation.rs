//! A rotation's words, and what becomes of its steps. Values are named, never told: the runtime keeps them.

use super::App;
use super::message::{CopyRequest, Effect, Notice, Query};
use super::store::{Request, RunningChange};
use crate::app::message::rotation::{RotationCommand, RotationMark, RotationResult, RotationStep};
use crate::cognito::Error;
use crate::domain::delivery::destination::DeliveryError;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::rotation::{DeletedSecret, Proof, RotationProgress};
use crate::ui::text::truncate_middle;

/// Columns of a client's name in a question.
const NAME: usize = 32;

impl App {
    /// Files what the user did.
    pub(super) fn on_doing(&mut self, pool: &PoolId, client: &ClientId, doing: RotationMark) {
        let doings = self.store.rotation_mut(pool, client);
        match doing {
            RotationMark::Delivered(words) => doings.handed_over = Some(words),
            RotationMark::Arrived => doings.arrived = true,
            RotationMark::Over => *doings = RotationProgress::default(),
        }
    }

    /// Files what became of a step, and reads again what it changed.
    pub(super) fn on_rotated(
        &mut self,
        what: &RotationCommand,
        outcome: &Result<RotationResult, Error>,
        out: &mut Vec<Effect>,
    ) {
        let (pool, client) = (&what.pool, &what.client);
        // What was asked before may have other reasons now.
        self.leave_asked = None;
        if what.step.writes() {
            // Even after a failure: its answer may have been lost, and not the change.
            let asks = vec![
                Query::Secrets(pool.clone(), client.clone()),
                Query::Client(pool.clone(), client.clone()),
            ];
            self.fetch(asks, out);
        }
        let name = self.store.client_name(pool, client);
        self.notice = Some(match outcome {
            Ok(stepped) => {
                let doings = self.store.rotation_mut(pool, client);
                file(doings, &what.step, stepped);
                notice(&name, stepped)
            }
            Err(error) => Notice::bad(error.one_line()),
        });
    }

    /// Says what became of a hand-over, and files it where it was of the secret that a rotation added.
    pub(super) fn on_handed_over(
        &mut self,
        request: &CopyRequest,
        outcome: &Result<String, DeliveryError>,
    ) {
        self.leave_asked = None;
        self.notice = Some(match outcome {
            Ok(words) => self.delivered(request, format!("Handed over {words}")),
            Err(error @ (DeliveryError::NotDelivered(_) | DeliveryError::Occupied(_))) => {
                Notice::bad(error.sentence())
            }
            Err(error @ DeliveryError::Unknown(_)) => Notice::warn(error.sentence()),
        });
        if let CopyRequest::Added { pool, client, .. } = request {
            match outcome {
                Ok(words) => self.on_doing(pool, client, RotationMark::Delivered(words.clone())),
                Err(DeliveryError::Unknown(_)) => {
                    self.store.rotation_mut(pool, client).perhaps_handed_over = true;
                }
                Err(DeliveryError::NotDelivered(_) | DeliveryError::Occupied(_)) => {}
            }
        }
    }

    /// Why it would be a pity to leave now.
    pub(super) fn leave_warning(&self) -> Option<String> {
        // First what cannot be had again: a change goes on to its end whoever leaves.
        if let Some(((pool, client), doings)) = self.store.undelivered().next() {
            let fate = if doings.perhaps_handed_over {
                "is not known to have arrived"
            } else {
                "was not handed over"
            };
            return Some(format!(
                "The new secret of {} {fate}, and leaving loses it: press again to leave",
                truncate_middle(&self.store.client_name(pool, client), NAME)
            ));
        }
        let mut writing = self.store.requests().filter(|request| request.writes());
        let file = writing.all(|request| matches!(request, Request::File));
        let what = if file { "file" } else { "change" };
        let more = |running: &RunningChange| !running.cut_off().not_begun.is_empty();
        let left = if self.store.writes().any(more) {
            ": no further step is started then"
        } else {
            ""
        };
        self.is_changing().then(|| {
            format!("A {what} is being written: wait for its result, or press again to leave{left}")
        })
    }
}

fn file(doings: &mut RotationProgress, step: &RotationStep, stepped: &RotationResult) {
    match stepped {
        RotationResult::Added { held } => {
            *doings = RotationProgress {
                held: *held,
                ..RotationProgress::default()
            };
        }
        RotationResult::Proven(proof) => {
            if matches!(step, RotationStep::Keep(_)) && *proof == Proof::Works {
                // Whoever gave it has it.
                *doings = RotationProgress {
                    held: true,
                    arrived: true,
                    ..RotationProgress::default()
                };
            }
            doings.proof = Some(proof.clone());
        }
        RotationResult::Deleted(retired) => {
            *doings = RotationProgress {
                retired: matches!(step, RotationStep::DeleteOlder(_)).then(|| retired.clone()),
                ..RotationProgress::default()
            };
        }
        RotationResult::NotDeleted(proof) => doings.proof = Some(proof.clone()),
        RotationResult::NotKept(_) => {}
    }
}

fn notice(name: &str, stepped: &RotationResult) -> Notice {
    match stepped {
        RotationResult::Added { held: true } => Notice::good(format!(
            "{name} has a second secret: both work. Hand the new one over"
        )),
        RotationResult::Added { held: false } => Notice::warn(
            "A second secret was added, and Cognito did not tell its value: retire it and start again",
        ),
        RotationResult::Proven(Proof::Works) => {
            Notice::good(format!("A token was issued to {name} with the new secret"))
        }
        RotationResult::Proven(Proof::Refused) => Notice::bad(format!(
            "{name} gets no token with this secret: it is none of its live ones"
        )),
        RotationResult::Proven(Proof::Unclear(reason)) => Notice::warn(format!(
            "No token, which says nothing about the secret: {reason}"
        )),
        RotationResult::Deleted(DeletedSecret {
            remaining: Some(Proof::Refused),
            ..
        }) => Notice::bad(format!(
            "The secret that was kept gets no token: add another to {name} at once"
        )),
        RotationResult::Deleted(DeletedSecret {
            deleted: Some(Proof::Works),
            ..
        }) => Notice::warn("The secret is deleted, and the token endpoint still takes it"),
        RotationResult::NotKept(reason) => Notice::warn(format!("Not taken: {reason}")),
        RotationResult::Deleted(_) => Notice::good(format!("{name} has one secret again")),
        RotationResult::NotDeleted(_) => {
            Notice::bad("Nothing was deleted: the new secret could not be proven just now")
        }
    }
}
