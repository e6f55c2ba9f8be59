//! `rotate`: adds, delivers and verifies the new secret.

use std::time::{Instant, SystemTime};

use secrecy::SecretString;

use super::{Rotation, unordered};
use crate::cognito;
use crate::commands::rotate::report::{RotateReport, RotateState};
use crate::commands::shared::output::Output;
use crate::commands::shared::stdin;
use crate::commands::{Exit, Failure};
use crate::delivery::Receipt;
use crate::domain::delivery::destination::DeliveryError;
use crate::domain::rotation::{
    Compared, InterruptedRotation, SHOWN_NO_MORE, SecretPair, VALUE_UNKNOWN, WHICH_UNSEEN,
};
use crate::domain::secret::SecretDescriptor;
use crate::domain::time::{self, Timestamp};

/// An added secret with its value, which may exist nowhere else.
struct NewSecret {
    descriptor: SecretDescriptor,
    value: SecretString,
}

impl Rotation<'_> {
    /// Adds, delivers and verifies a secret; if there are two, continues as the arguments say.
    pub(super) async fn start(
        &self,
        own: Option<SecretString>,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let two = matches!(
            self.slots,
            SecretPair::Two { .. } | SecretPair::Unordered(..)
        );
        if let Some(own) = own.as_ref().filter(|_| self.found.args.start_over || !two) {
            stdin::addable(own)?;
        }
        match (&self.slots, own) {
            (SecretPair::Two { newer, .. }, own) if self.found.args.start_over => {
                self.delete(newer, true).await?;
                self.say(&format!("deleted the newer secret {}", newer.id));
                let mut answer = self.answer(RotateState::UnderWay);
                answer.retire(newer);
                self.add(own, answer, out).await
            }
            (SecretPair::Unordered(..), _) if self.found.args.start_over => {
                Err(unordered(&self.slots))
            }
            (SecretPair::Two { .. } | SecretPair::Unordered(..), Some(value)) => {
                self.prove_own(&value, out).await
            }
            (SecretPair::Two { .. } | SecretPair::Unordered(..), None) => self.under_way(out),
            (SecretPair::One(_) | SecretPair::None, own) => {
                self.add(own, self.answer(RotateState::UnderWay), out).await
            }
        }
    }

    /// Reports a second secret with an unknown value.
    fn under_way(&self, out: &mut Output) -> Result<Exit, Failure> {
        let now: Timestamp = SystemTime::now().into();
        let name = self.name();
        self.say(&format!(
            "{name} has two secrets: a rotation is in progress; nothing was changed"
        ));
        for secret in self.slots.all() {
            let age = secret.created.map_or_else(
                || "creation time unknown".to_owned(),
                |created| format!("created {}, {}", time::ago(created, now), created.utc()),
            );
            self.say(&format!("{}  {age}", secret.id));
        }
        self.say(VALUE_UNKNOWN);
        self.say("--finish ends the rotation, --own verifies the value, --start-over replaces the newer secret");
        self.answer(RotateState::UnderWay)
            .print(out, Exit::RotationPending)
    }

    /// Continues a rotation with the value on stdin.
    async fn prove_own(&self, value: &SecretString, out: &mut Output) -> Result<Exit, Failure> {
        self.proven(value, "Nothing was changed.").await?;
        match Compared::of(value, self.found.shown.as_ref()) {
            Compared::Other => {}
            Compared::Same => {
                self.say("it works, but DescribeUserPoolClient shows it, so it may be the old one");
            }
            Compared::Unseen => self.say(WHICH_UNSEEN),
        }
        let mut answer = self.answer(RotateState::UnderWay);
        if self.found.args.to.is_some() {
            match self.deliver(value, None).await {
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
        own: Option<SecretString>,
        mut answer: RotateReport,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let added = match self.added(own, &mut answer).await {
            Ok(added) => added,
            Err(failure) => return answer.fail(out, failure),
        };
        self.say(&format!(
            "added secret {}; both secrets work",
            added.descriptor.id
        ));
        match self.deliver(&added.value, Some(&added.descriptor)).await {
            Ok(receipt) => self.report(receipt, &mut answer),
            Err(failed) => {
                let failure = self
                    .undelivered(&added.descriptor, failed, &mut answer)
                    .await;
                return answer.fail(out, failure);
            }
        }
        let next = "It was delivered, and both secrets are kept. Verify it again with --own, or replace it with --start-over.";
        if let Err(failure) = self.proven(&added.value, next).await {
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
        self.found.reached(InterruptedRotation::Proven);
        self.say(&format!(
            "verified: a token was issued to {} with it",
            self.name()
        ));
        self.say_wait();
        let exit = answer.print(out, Exit::Done);
        answer.serve().await;
        exit
    }

    async fn added(
        &self,
        own: Option<SecretString>,
        answer: &mut RotateReport,
    ) -> Result<NewSecret, Failure> {
        let start = Instant::now();
        let (pool, client) = (&self.found.client.pool, &self.found.client.id);
        self.found.reached(InterruptedRotation::Adding {
            given: own.is_some(),
        });
        let added = self
            .found
            .gateway
            .add_secret(pool, client, own.as_ref(), answer.secrets())
            .await;
        let what = format!("add a secret to {client}");
        cognito::note(&what, start, added.as_ref().err());
        let added = match added {
            Ok(added) => added,
            Err(error) => {
                if let Ok(secrets) = self.found.gateway.secrets(pool, client).await {
                    answer.see(secrets);
                }
                return Err(error.into());
            }
        };
        answer.add(&added.descriptor);
        match own.or(added.value) {
            Some(value) => Ok(NewSecret {
                descriptor: added.descriptor,
                value,
            }),
            None => Err(Failure::new(
                format!(
                    "Cognito added {}, but did not return its value",
                    added.descriptor.id
                ),
                "Replace it with --start-over.",
            )),
        }
    }

    /// Delivers `value`; `added` if this run added it.
    async fn deliver(
        &self,
        value: &SecretString,
        added: Option<&SecretDescriptor>,
    ) -> Result<Option<Receipt>, DeliveryError> {
        let id = added.map(|added| added.id.clone());
        self.found
            .reached(InterruptedRotation::Delivering { id: id.clone() });
        let delivered = self.found.deliver(value, None).await;
        if delivered.is_ok() {
            self.found.reached(InterruptedRotation::Delivered { id });
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
                match self.delete(added, true).await {
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

    fn report(&self, receipt: Option<Receipt>, answer: &mut RotateReport) {
        if let Some(receipt) = receipt {
            self.say(&format!("delivered {}", receipt.describe()));
            answer.delivered(self.found.args.to.as_ref(), receipt);
        }
    }

    fn say_wait(&self) {
        self.say("both secrets work: give every consumer the new one, then run --finish with the new one on stdin");
        self.say(SHOWN_NO_MORE);
    }
}
