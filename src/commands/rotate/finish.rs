//! `rotate --finish`: deletes the old secret.

use super::{RotationTarget, unordered};
use crate::cognito::{Doubt, ProvenRotation, PutBack, ReadyRotation, RemainingSecret, Rotation};
use crate::commands::rotate::report::{RotateReport, RotateState};
use crate::commands::shared::output::Output;
use crate::commands::shared::stdin::GivenSecret;
use crate::commands::{Exit, Failure};
use crate::domain::rotation::{Proof, SHOWN_NO_MORE, SecretPair, WHICH_UNSEEN};
use crate::domain::secret::{ListedSecrets, SecretDescriptor, SecretState};

/// What to pass if Cognito does not show which secret is which.
const BOTH: &str =
    "Pass JSON with client_secret (new) and old_client_secret, or add --sure if it is the new one.";

impl RotationTarget<'_> {
    /// Verifies the new secret, deletes the old one, and verifies both again.
    pub(super) async fn finish(
        &self,
        rotation: Rotation<'_>,
        given: GivenSecret,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let name = self.name();
        let mut answer = RotateReport::new(self, &rotation, RotateState::OldSecretKept);
        let proven = self.proven(rotation, &given.value, "Nothing was deleted.");
        let proven = proven.await?;
        answer.proven = true;
        let older = match proven.pair() {
            // It works, so the list is not complete: the old one may be among what is missing.
            SecretPair::None => {
                return Err(Failure::new(
                    format!(
                        "ListUserPoolClientSecrets lists no secret of {name}, but this one works"
                    ),
                    "Nothing was deleted, and it is not known whether an older secret exists. Retry later.",
                ));
            }
            // An interrupted run has already deleted the old one.
            SecretPair::One(_) => {
                self.say(&format!(
                    "{name} has only this secret: the rotation is finished"
                ));
                answer.state = RotateState::Finished;
                return answer.print(out, Exit::Done);
            }
            pair @ SecretPair::Unordered(..) => return Err(unordered(&pair)),
            SecretPair::Two { older, .. } => older,
        };
        let ready = self.identify(proven, given).await?;
        self.say(&format!("verified: a token was issued to {name} with it"));
        self.say(SHOWN_NO_MORE);
        let reached = |midway| self.reached(midway);
        let done = match ready.delete_older(&older.id, reached).await {
            Ok(done) => done,
            Err(error) => return answer.fail(out, error.into()),
        };
        answer.finish(&older);
        answer.proven = done.remaining == Proof::Works;
        if let Some(put_back) = done.put_back {
            let failure = wrong_one(&older, put_back, &mut answer);
            return answer.fail(out, failure);
        }
        if let Proof::Unclear(reason) = done.remaining {
            let failure = Failure::new(
                format!("the old secret is deleted; cannot verify the new one: {reason}"),
                "It worked before. Retry with --finish, which deletes nothing more; if it is rejected, run rotate again.",
            );
            return answer.fail(out, failure);
        }
        self.look_again(&mut answer).await;
        let (words, exit) = match done.deleted {
            Some(Proof::Refused) => {
                answer.old_refused = Some(true);
                (
                    "verified: the old secret is rejected".to_owned(),
                    Exit::Done,
                )
            }
            Some(Proof::Works) => {
                answer.old_refused = Some(false);
                let words = "the old secret is deleted, but the token endpoint still accepts it: check again later";
                (words.to_owned(), Exit::Failed)
            }
            Some(Proof::Unclear(reason)) => (
                format!("the old secret is deleted; cannot verify that it is rejected: {reason}"),
                Exit::Done,
            ),
            None => (
                "not verified that the old secret is rejected: its value is unknown".to_owned(),
                Exit::Done,
            ),
        };
        self.say(&words);
        answer.print(out, exit)
    }

    /// Fails if the given value may be the old one: then consumers may use the secret that would be deleted.
    async fn identify<'r>(
        &self,
        proven: ProvenRotation<'r>,
        given: GivenSecret,
    ) -> Result<ReadyRotation<'r>, Failure> {
        let doubt = match proven.identify(given.old, self.args.sure).await {
            Ok(ready) => return Ok(ready),
            Err(doubt) => doubt,
        };
        Err(match doubt {
            Doubt::Equal => Failure::new(
                "client_secret and old_client_secret are equal",
                "Nothing was deleted.",
            ),
            Doubt::OlderNotProven(proof) => {
                self.not_proven(proof, "This is old_client_secret. Nothing was deleted.")
            }
            Doubt::Shown => Failure::new(
                "this secret works, but DescribeUserPoolClient shows it, so it may be the old one",
                "Nothing was deleted. Check where it comes from; add --sure if it is the new one.",
            ),
            Doubt::Unseen => Failure::Message(vec![
                WHICH_UNSEEN.to_owned(),
                "Nothing was deleted: consumers may use the other secret.".to_owned(),
                BOTH.to_owned(),
            ]),
        })
    }

    /// Checks whether Cognito still shows a secret. It may not, after the original one is deleted.
    async fn look_again(&self, answer: &mut RotateReport) {
        let (pool, client) = (&self.client.pool, &self.client.id);
        let Ok((client, _)) = self.gateway.client_and_shown(pool, client).await else {
            answer.secret = None;
            return;
        };
        let state = client.secret_state(ListedSecrets::Read(answer.secrets()));
        if matches!(state, SecretState::Hidden(_)) {
            self.say(&format!(
                "Cognito no longer shows the secret of {}: keep its value. token and credentials read it with --secret -",
                self.name()
            ));
        }
        answer.secret = Some(state);
    }
}

/// The given secret is rejected after the old one was deleted: it was the old one.
fn wrong_one(older: &SecretDescriptor, put_back: PutBack, answer: &mut RotateReport) -> Failure {
    let mut lines = vec![format!(
        "the secret on stdin was the old one, {}, and is now deleted",
        older.id
    )];
    match put_back {
        PutBack::Added { secret, works } => {
            answer.put_back(&secret);
            let id = &secret.id;
            lines.push(if works {
                format!("It was added again as {id}; both secrets work")
            } else {
                format!("It was added again as {id}, but could not be verified")
            });
            lines.push(
                "It is now the newer secret. Give it to every consumer, then run --finish --sure with it. Do not use --start-over, which deletes it.".to_owned(),
            );
        }
        PutBack::Failed(error, remaining) => {
            lines.push(format!("It could not be added again: {}", error.one_line()));
            lines.push(match remaining {
                RemainingSecret::Shown => {
                    "The remaining secret works: deliver it now with `cognitui credentials`."
                }
                RemainingSecret::Other => {
                    "The other secret that you passed works: deliver it now."
                }
                RemainingSecret::Unknown => {
                    "The value of the remaining secret may be lost: run rotate again now to add another."
                }
            }.to_owned());
        }
    }
    Failure::Message(lines)
}
