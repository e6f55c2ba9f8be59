//! The first half: add, hand over, prove.

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

/// A secret with its value, which nobody else may have.
struct NewSecret {
    descriptor: SecretDescriptor,
    value: SecretString,
}

impl Rotation<'_> {
    /// Adds a secret, hands it over and proves it; where there are two, goes on as the arguments have it.
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

    /// That a second secret is there, and that nobody here knows its value.
    fn under_way(&self, out: &mut Output) -> Result<Exit, Failure> {
        let now: Timestamp = SystemTime::now().into();
        let name = self.name();
        self.say(&format!(
            "{name} has two secrets: a rotation is under way, and nothing was done"
        ));
        for secret in self.slots.all() {
            let age = secret.created.map_or_else(
                || "made at a time that is not told".to_owned(),
                |created| format!("made {}, {}", time::ago(created, now), created.utc()),
            );
            self.say(&format!("{}  {age}", secret.id));
        }
        self.say(VALUE_UNKNOWN);
        self.say("--finish ends the rotation, --own proves the value, --start-over retires the newer secret");
        self.answer(RotateState::UnderWay)
            .print(out, Exit::RotationPending)
    }

    /// Goes on with a rotation whose value somebody has.
    async fn prove_own(&self, value: &SecretString, out: &mut Output) -> Result<Exit, Failure> {
        self.proven(value, "Nothing was done.").await?;
        match Compared::of(value, self.found.shown.as_ref()) {
            Compared::Other => {}
            Compared::Same => self.say(
                "it works, but it is the one that DescribeUserPoolClient tells: of two secrets that may be the old one",
            ),
            Compared::Unseen => self.say(WHICH_UNSEEN),
        }
        let mut answer = self.answer(RotateState::UnderWay);
        if self.found.args.to.is_some() {
            match self.deliver(value, None).await {
                Ok(receipt) => self.report(receipt, &mut answer),
                Err(error) => {
                    let failure =
                        Failure::new(format!("the new secret was {error}"), "Both secrets stay.");
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
            "added the secret {}: both work from now on",
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
        let next = "It was handed over, and both secrets stay. Prove it again with --own, or retire it with --start-over.";
        if let Err(failure) = self.proven(&added.value, next).await {
            let failed = answer.fail(out, failure);
            // It is nowhere else.
            answer.serve().await;
            return failed;
        }
        self.proven_at_last(answer, out).await
    }

    /// Tells that the newer secret works, and what there is to wait for.
    async fn proven_at_last(
        &self,
        mut answer: RotateReport,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        answer.prove();
        self.found.reached(InterruptedRotation::Proven);
        self.say(&format!(
            "proven: a token was issued to {} with it",
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
            .add_secret(pool, client, own.as_ref())
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
                    "Cognito added {} and did not tell its value",
                    added.descriptor.id
                ),
                "Retire it and add another: --start-over.",
            )),
        }
    }

    /// Delivers `value`; `added`, where it was added just now.
    async fn deliver(
        &self,
        value: &SecretString,
        added: Option<&SecretDescriptor>,
    ) -> Result<Option<Receipt>, DeliveryError> {
        let id = added.map(|added| added.id.clone());
        self.found
            .reached(InterruptedRotation::HandingOver { id: id.clone() });
        let delivered = self.found.deliver(value, None).await;
        if delivered.is_ok() {
            self.found.reached(InterruptedRotation::HandedOver { id });
        }
        delivered
    }

    /// What becomes of a secret that was added and did not arrive. One that nobody has is of no use: it goes again.
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
                        Failure::new(
                            what,
                            "Nobody has it, so it was deleted again: all is as it was.",
                        )
                    }
                    Err(error) => Failure::Message(vec![
                        what,
                        format!(
                            "Nobody has {}, and it could not be deleted again: {}",
                            added.id,
                            error.one_line()
                        ),
                        "--start-over does so, and adds another.".to_owned(),
                    ]),
                }
            }
            DeliveryError::Unknown(_) => Failure::Message(vec![
                what,
                format!(
                    "Somebody may have got it, so {} stays; both secrets work.",
                    added.id
                ),
                "Prove it with --own if it arrived; else --start-over retires it and adds another."
                    .to_owned(),
            ]),
        }
    }

    fn report(&self, receipt: Option<Receipt>, answer: &mut RotateReport) {
        if let Some(receipt) = receipt {
            self.say(&format!("handed over {}", receipt.describe()));
            answer.handed_over(self.found.args.to.as_ref(), receipt);
        }
    }

    fn say_wait(&self) {
        self.say("both secrets work: give every consumer the new one, then end it with --finish, which reads the new one from stdin");
        self.say(SHOWN_NO_MORE);
    }
}
