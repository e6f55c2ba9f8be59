//! The notices and results of rotation steps. The runtime keeps the values.

use super::App;
use super::message::{CopyRequest, Effect, Notice, Query};
use super::store::{Request, RunningChange};
use crate::app::message::rotation::{RotationCommand, RotationMark, RotationResult, RotationStep};
use crate::cognito::Error;
use crate::domain::delivery::destination::DeliveryError;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::rotation::{DeletedSecret, Proof, RotationProgress};
use crate::ui::text::truncate_middle;

/// The width of a client's name in a question.
const NAME: usize = 32;

impl App {
    /// Stores what the user did.
    pub(super) fn on_doing(&mut self, pool: &PoolId, client: &ClientId, doing: RotationMark) {
        let doings = self.store.rotation_mut(pool, client);
        match doing {
            RotationMark::Delivered(words) => doings.delivered = Some(words),
            RotationMark::PerhapsDelivered => doings.perhaps_delivered = true,
            RotationMark::Arrived => doings.arrived = true,
            RotationMark::Over => *doings = RotationProgress::default(),
        }
    }

    /// Stores the result of a step, and refreshes what it changed.
    pub(super) fn on_rotated(
        &mut self,
        what: &RotationCommand,
        outcome: &Result<RotationResult, Error>,
        out: &mut Vec<Effect>,
    ) {
        let (pool, client) = (&what.pool, &what.client);
        // The reason of an open question may have changed.
        self.leave_asked = None;
        if what.step.writes() {
            // Also after a failure: the write may have succeeded with a lost response.
            let asks = vec![
                Query::Secrets(pool.clone(), client.clone()),
                Query::Client(pool.clone(), client.clone()),
            ];
            self.fetch(asks, out);
        }
        if let Ok(stepped) = outcome {
            let doings = self.store.rotation_mut(pool, client);
            file(doings, &what.step, stepped);
        }
        self.notice = Some(self.rotation_notice(what, outcome));
    }

    /// The notice of a step's result.
    pub(super) fn rotation_notice(
        &self,
        what: &RotationCommand,
        outcome: &Result<RotationResult, Error>,
    ) -> Notice {
        match outcome {
            Ok(stepped) => notice(&self.store.client_name(&what.pool, &what.client), stepped),
            Err(error) => Notice::bad(error.one_line()),
        }
    }

    /// Reports a delivery, and stores it for a rotated secret.
    pub(super) fn on_delivered(
        &mut self,
        request: &CopyRequest,
        outcome: &Result<String, DeliveryError>,
    ) {
        self.leave_asked = None;
        self.notice = Some(match outcome {
            Ok(words) => self.delivered(request, format!("Delivered {words}")),
            Err(error @ (DeliveryError::NotDelivered(_) | DeliveryError::Occupied(_))) => {
                Notice::bad(error.sentence())
            }
            Err(error @ DeliveryError::Unknown(_)) => Notice::warn(error.sentence()),
        });
        if let CopyRequest::Added { pool, client, .. } = request {
            match outcome {
                Ok(words) => self.on_doing(pool, client, RotationMark::Delivered(words.clone())),
                Err(DeliveryError::Unknown(_)) => {
                    self.on_doing(pool, client, RotationMark::PerhapsDelivered);
                }
                Err(DeliveryError::NotDelivered(_) | DeliveryError::Occupied(_)) => {}
            }
        }
    }

    /// Returns why leaving now asks first.
    pub(super) fn leave_warning(&self) -> Option<String> {
        // A lost secret comes first: a running change is completed in any case.
        if let Some(((pool, client), doings)) = self.store.undelivered().next() {
            let fate = if doings.perhaps_delivered {
                "is not confirmed as delivered"
            } else {
                "is not delivered"
            };
            return Some(format!(
                "The new secret of {} {fate}; leaving loses it: press again to leave",
                truncate_middle(&self.store.client_name(pool, client), NAME)
            ));
        }
        let mut writing = self.store.requests().filter(|request| request.writes());
        let file = writing.all(|request| matches!(request, Request::File));
        let what = if file { "file" } else { "change" };
        let more = |running: &RunningChange| !running.cut_off().not_begun.is_empty();
        let left = if self.store.writes().any(more) {
            " (no further step starts)"
        } else {
            ""
        };
        self.is_changing().then(|| {
            format!("Still writing a {what}: wait for the result, or press again to leave{left}")
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
                // The user entered this secret.
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
        RotationResult::NotDeleted(proof) => {
            if matches!(step, RotationStep::DeleteOlder(_)) {
                doings.proof = Some(proof.clone());
            }
        }
        // It is the newer secret now, and every consumer of the other needs it.
        RotationResult::PutBack { .. } => {
            *doings = RotationProgress {
                held: true,
                ..RotationProgress::default()
            };
        }
        RotationResult::NotKept(_) => {}
    }
}

fn notice(name: &str, stepped: &RotationResult) -> Notice {
    match stepped {
        RotationResult::Added { held: true } => Notice::good(format!(
            "{name} has a second secret; both work. Deliver the new one"
        )),
        RotationResult::Added { held: false } => Notice::warn(
            "A second secret was added, but Cognito did not return its value: delete it and start over",
        ),
        RotationResult::Proven(Proof::Works) => {
            Notice::good(format!("Token issued to {name} with the new secret"))
        }
        RotationResult::Proven(Proof::Refused) => Notice::bad(format!(
            "{name} gets no token with this secret: it is not one of its active secrets"
        )),
        RotationResult::Proven(Proof::Unclear(reason)) => Notice::warn(format!(
            "No token, but this does not prove that the secret is wrong: {reason}"
        )),
        RotationResult::Deleted(DeletedSecret {
            remaining: Some(Proof::Refused),
            ..
        }) => Notice::bad(format!(
            "The remaining secret is rejected: add another to {name} now"
        )),
        RotationResult::Deleted(DeletedSecret {
            deleted: Some(Proof::Works),
            ..
        }) => Notice::warn("Secret deleted, but the token endpoint still accepts it"),
        RotationResult::NotKept(reason) => Notice::warn(format!("Not accepted: {reason}")),
        RotationResult::Deleted(_) => Notice::good(format!("{name} has one secret now")),
        RotationResult::NotDeleted(_) => {
            Notice::bad("Nothing was deleted: the test of the secret that would remain failed")
        }
        RotationResult::PutBack { works } => {
            let works = if *works {
                "both work"
            } else {
                "it is not verified"
            };
            Notice::bad(format!(
                "This was the old secret of {name}: it was deleted and added again, {works}. Deliver it to every consumer"
            ))
        }
    }
}
