//! `rotate`: adds, delivers and verifies the new secret.

use std::time::SystemTime;

use secrecy::{ExposeSecret, SecretString};

use super::{RotationTarget, unordered};
use crate::cognito::{Error, Rotation};
use crate::commands::rotate::report::{RotateReport, RotateState};
use crate::commands::shared::output::Output;
use crate::commands::shared::stdin;
use crate::commands::{Exit, Failure, stderr_note};
use crate::delivery::Receipt;
use crate::domain::delivery::destination::DeliveryError;
use crate::domain::limits;
use crate::domain::rotation::{
    Compared, InterruptedRotation, Proof, SHOWN_NO_MORE, SecretPair, VALUE_UNKNOWN, WHICH_UNSEEN,
};
use crate::domain::secret::SecretDescriptor;
use crate::domain::time::{self, Timestamp};

impl RotationTarget<'_> {
    /// Adds, delivers and verifies a secret; if there are two, continues as the arguments say.
    pub(super) async fn start(
        &self,
        rotation: Rotation<'_>,
        own: Option<SecretString>,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let pair = rotation.pair();
        let two = matches!(pair, SecretPair::Two { .. } | SecretPair::Unordered(..));
        if let Some(own) = own.as_ref().filter(|_| self.args.start_over || !two) {
            stdin::addable(own)?;
            if let Some(warning) = limits::secret_warning(own.expose_secret()) {
                stderr_note(warning);
            }
        }
        let mut answer = RotateReport::new(self, &rotation, RotateState::UnderWay);
        match (pair, own) {
            (SecretPair::Two { newer, .. }, own) if self.args.start_over => {
                self.delete_newer(rotation, &newer).await?;
                self.say(&format!("deleted the newer secret {}", newer.id));
                answer.retire(&newer);
                match self.again().await {
                    Ok(rotation) => self.add(rotation, own, answer, out).await,
                    Err(error) => answer.fail(out, error.into()),
                }
            }
            (pair @ SecretPair::Unordered(..), _) if self.args.start_over => Err(unordered(&pair)),
            (SecretPair::Two { .. } | SecretPair::Unordered(..), Some(value)) => {
                self.prove_own(rotation, &value, answer, out).await
            }
            (pair @ (SecretPair::Two { .. } | SecretPair::Unordered(..)), None) => {
                self.under_way(&pair, &answer, out)
            }
            (SecretPair::One(_) | SecretPair::None, own) => {
                self.add(rotation, own, answer, out).await
            }
        }
    }

    async fn delete_newer(
        &self,
        rotation: Rotation<'_>,
        newer: &SecretDescriptor,
    ) -> Result<(), Failure> {
        let reached = |midway| self.reached(midway);
        let deleted = rotation.delete_newer(&newer.id, (None, None), reached);
        deleted
            .await?
            .map(|_| ())
            .map_err(|proof| self.not_proven(proof, "This is the old secret. Nothing was deleted."))
    }

    /// Reports a second secret with an unknown value.
    pub(super) fn under_way(
        &self,
        pair: &SecretPair,
        answer: &RotateReport,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let now: Timestamp = SystemTime::now().into();
        let name = self.name();
        self.say(&format!(
            "{name} has two secrets: a rotation is in progress; nothing was changed"
        ));
        for secret in pair.all() {
            let age = secret.created.map_or_else(
                || "creation time unknown".to_owned(),
                |created| format!("created {}, {}", time::ago(created, now), created.utc()),
            );
            self.say(&format!("{}  {age}", secret.id));
        }
        self.say(VALUE_UNKNOWN);
        self.say("--finish ends the rotation, --own verifies the value, --start-over replaces the newer secret");
        answer.print(out, Exit::RotationPending)
    }

    /// Continues a rotation with the value on stdin.
    async fn prove_own(
        &self,
        rotation: Rotation<'_>,
        value: &SecretString,
        mut answer: RotateReport,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let proven = self.proven(rotation, value, "Nothing was changed.").await?;
        match proven.compared() {
            Compared::Other => {}
            Compared::Same => {
                self.say("it works, but DescribeUserPoolClient shows it, so it may be the old one");
            }
            Compared::Unseen => self.say(WHICH_UNSEEN),
        }
        if self.args.to.is_some() {
            match self.deliver_new(value, None).await {
                Ok(receipt) => self.report(receipt, &mut answer),
                Err(error) => {
                    let failure = Failure::new(
                        format!("the new secret was {error}"),
                        "Both secrets are kept.",
                    );
                    answer.proven = true;
                    return answer.fail(out, failure);
                }
            }
        }
        self.proven_at_last(answer, out).await
    }

    async fn add(
        &self,
        rotation: Rotation<'_>,
        own: Option<SecretString>,
        mut answer: RotateReport,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let reached = |midway| self.reached(midway);
        let added = match rotation.add(own.as_ref(), reached).await {
            Ok(added) => added,
            Err(error) => {
                let (pool, client) = (&self.client.pool, &self.client.id);
                if let Ok(secrets) = self.gateway.secrets(pool, client).await {
                    answer.see(secrets);
                }
                return answer.fail(out, error.into());
            }
        };
        answer.add(&added.descriptor);
        let Some(value) = &added.value else {
            let what = format!(
                "Cognito added {}, but did not return its value",
                added.descriptor.id
            );
            let failure = Failure::new(what, "Replace it with --start-over.");
            return answer.fail(out, failure);
        };
        match self.deliver_new(value, Some(&added.descriptor)).await {
            Ok(receipt) => self.report(receipt, &mut answer),
            Err(failed) => {
                let failure = self
                    .undelivered(&added.descriptor, failed, &mut answer)
                    .await;
                return answer.fail(out, failure);
            }
        }
        let next = "It was delivered, and both secrets are kept. Verify it again with --own, or replace it with --start-over.";
        let proof = added.prove().await;
        if proof != Proof::Works {
            let failure = self.not_proven(proof, next);
            let failed = answer.fail(out, failure);
            // The value exists nowhere else.
            answer.serve().await;
            return failed;
        }
        self.proven_at_last(answer, out).await
    }

    /// Reports that the newer secret works, and what to do next.
    async fn proven_at_last(
        &self,
        mut answer: RotateReport,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        answer.prove();
        self.reached(InterruptedRotation::Proven);
        self.say(&format!(
            "verified: a token was issued to {} with it",
            self.name()
        ));
        self.say_wait();
        let exit = answer.print(out, Exit::Done);
        answer.serve().await;
        exit
    }

    /// Delivers `value`; `added` if this run added it.
    async fn deliver_new(
        &self,
        value: &SecretString,
        added: Option<&SecretDescriptor>,
    ) -> Result<Option<Receipt>, DeliveryError> {
        let id = added.map(|added| added.id.clone());
        self.reached(InterruptedRotation::Delivering { id: id.clone() });
        let delivered = self.deliver(value, None).await;
        if delivered.is_ok() {
            self.reached(InterruptedRotation::Delivered { id });
        }
        delivered
    }

    /// Deletes an added secret that was not delivered; keeps it if it may have been.
    async fn undelivered(
        &self,
        added: &SecretDescriptor,
        failed: DeliveryError,
        answer: &mut RotateReport,
    ) -> Failure {
        let what = format!("the new secret was {failed}");
        match failed {
            DeliveryError::NotDelivered(_) | DeliveryError::Occupied(_) => {
                match self.take_back(added).await {
                    Ok(()) => {
                        answer.take_back(added);
                        Failure::new(what, "It was deleted again; nothing has changed.")
                    }
                    Err(error) => Failure::Message(vec![
                        what,
                        format!("Cannot delete {} again: {}", added.id, error.one_line()),
                        "Replace it with --start-over.".to_owned(),
                    ]),
                }
            }
            DeliveryError::Unknown(_) => Failure::Message(vec![
                what,
                format!(
                    "It may have been delivered, so {} is kept; both secrets work.",
                    added.id
                ),
                "If it arrived, verify it with --own; if not, replace it with --start-over."
                    .to_owned(),
            ]),
        }
    }

    async fn take_back(&self, added: &SecretDescriptor) -> Result<(), Error> {
        let rotation = self.again().await?;
        rotation
            .take_back(&added.id, |midway| self.reached(midway))
            .await
    }

    fn report(&self, receipt: Option<Receipt>, answer: &mut RotateReport) {
        if let Some(receipt) = receipt {
            self.say(&format!("delivered {}", receipt.describe()));
            answer.delivered(self.args.to.as_ref(), receipt);
        }
    }

    fn say_wait(&self) {
        self.say("both secrets work: give every consumer the new one, then run --finish --apply with the new one on stdin");
        self.say(SHOWN_NO_MORE);
    }
}
