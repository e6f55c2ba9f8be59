//! `rotate --finish`: deletes the old secret.

use secrecy::{ExposeSecret, SecretString};

use super::{Rotation, unordered};
use crate::commands::rotate::report::{RotateReport, RotateState};
use crate::commands::shared::output::Output;
use crate::commands::shared::stdin::GivenSecret;
use crate::commands::{Exit, Failure};
use crate::domain::rotation::{
    Compared, InterruptedRotation, Proof, SHOWN_NO_MORE, SecretPair, WHICH_UNSEEN,
};
use crate::domain::secret::{ListedSecrets, SecretDescriptor, SecretState};

/// What to pass if Cognito does not show which secret is which.
const BOTH: &str =
    "Pass JSON with client_secret (new) and old_client_secret, or add --sure if it is the new one.";

impl Rotation<'_> {
    /// Verifies the new secret, deletes the old one, and verifies both again.
    pub(super) async fn finish(
        &self,
        given: GivenSecret,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let (name, value) = (self.name(), &given.value);
        self.proven(value, "Nothing was deleted.").await?;
        let older = match &self.slots {
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
                let mut answer = self.answer(RotateState::Finished);
                answer.proven = true;
                return answer.print(out, Exit::Done);
            }
            SecretPair::Unordered(..) => return Err(unordered(&self.slots)),
            SecretPair::Two { older, .. } => older,
        };
        let old = self.other(&given).await?;
        self.say(&format!("verified: a token was issued to {name} with it"));
        self.say(SHOWN_NO_MORE);
        let mut answer = self.answer(RotateState::OldSecretKept);
        answer.proven = true;
        if let Err(error) = self.delete(older, false).await {
            return answer.fail(out, error.into());
        }
        self.found.reached(InterruptedRotation::Deleted {
            id: older.id.clone(),
        });
        self.say(&format!("deleted the old secret {}", older.id));
        answer.finish(older);
        match self.prove(value).await {
            Proof::Works => {}
            Proof::Refused => {
                answer.proven = false;
                let failure = self.wrong_one(value, older, old, &mut answer).await;
                return answer.fail(out, failure);
            }
            Proof::Unclear(reason) => {
                answer.proven = false;
                let failure = Failure::new(
                    format!("the old secret is deleted; cannot verify the new one: {reason}"),
                    "It worked before. Retry with --finish, which deletes nothing more; if it is rejected, run rotate again.",
                );
                return answer.fail(out, failure);
            }
        }
        self.look_again(&mut answer).await;
        let Some(old) = old else {
            self.say("not verified that the old secret is rejected: its value is unknown");
            return answer.print(out, Exit::Done);
        };
        let old = self.prove(old).await;
        answer.old_refused = match &old {
            Proof::Works => Some(false),
            Proof::Refused => Some(true),
            Proof::Unclear(_) => None,
        };
        let (words, exit) = match old {
            Proof::Refused => ("verified: the old secret is rejected".to_owned(), Exit::Done),
            Proof::Works => (
                "the old secret is deleted, but the token endpoint still accepts it: check again later".to_owned(),
                Exit::Failed,
            ),
            Proof::Unclear(reason) => (
                format!("the old secret is deleted; cannot verify that it is rejected: {reason}"),
                Exit::Done,
            ),
        };
        self.say(&words);
        answer.print(out, exit)
    }

    /// The value of the other secret, if known and verified with a token. `None` with `--sure`.
    ///
    /// # Errors
    /// The given value may be the old one: then consumers may use the secret that would be deleted.
    async fn other<'a>(
        &'a self,
        given: &'a GivenSecret,
    ) -> Result<Option<&'a SecretString>, Failure> {
        if let Some(old) = &given.old {
            if old.expose_secret() == given.value.expose_secret() {
                return Err(Failure::new(
                    "client_secret and old_client_secret are equal",
                    "Nothing was deleted.",
                ));
            }
            let next = "This is old_client_secret. Nothing was deleted.";
            self.proven(old, next).await?;
        }
        let shown = self.found.shown.as_ref();
        let reason = match Compared::of(&given.value, shown) {
            Compared::Other => return Ok(given.old.as_ref().or(shown)),
            _ if self.found.args.sure => return Ok(given.old.as_ref()),
            Compared::Unseen if given.old.is_some() => return Ok(given.old.as_ref()),
            Compared::Unseen => WHICH_UNSEEN.to_owned(),
            Compared::Same => {
                return Err(Failure::new(
                    "this secret works, but DescribeUserPoolClient shows it, so it may be the old one",
                    "Nothing was deleted. Check where it comes from; add --sure if it is the new one.",
                ));
            }
        };
        Err(Failure::Message(vec![
            reason,
            "Nothing was deleted: consumers may use the other secret.".to_owned(),
            BOTH.to_owned(),
        ]))
    }

    /// Checks whether Cognito still shows a secret. It may not, after the original one is deleted.
    async fn look_again(&self, answer: &mut RotateReport) {
        let (pool, client) = (&self.found.client.pool, &self.found.client.id);
        let Ok((client, _)) = self.found.gateway.client_and_shown(pool, client).await else {
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

    /// The given secret is rejected after the old one was deleted: it was the old one. Adds it again, since its consumers are locked out.
    async fn wrong_one(
        &self,
        value: &SecretString,
        older: &SecretDescriptor,
        other: Option<&SecretString>,
        answer: &mut RotateReport,
    ) -> Failure {
        let mut lines = vec![format!(
            "the secret on stdin was the old one, {}, and is now deleted",
            older.id
        )];
        let (pool, client) = (&self.found.client.pool, &self.found.client.id);
        self.found
            .reached(InterruptedRotation::Adding { given: true });
        let added = self
            .found
            .gateway
            .add_secret(pool, client, Some(value), answer.secrets())
            .await;
        match added {
            Ok(added) => {
                answer.put_back(&added.descriptor);
                let id = &added.descriptor.id;
                lines.push(match self.prove(value).await {
                    Proof::Works => {
                        format!("It was added again as {id}; both secrets work")
                    }
                    Proof::Refused | Proof::Unclear(_) => {
                        format!("It was added again as {id}, but could not be verified")
                    }
                });
                lines.push(
                    "It is now the newer secret. Give it to every consumer, then run --finish --sure with it. Do not use --start-over, which deletes it.".to_owned(),
                );
            }
            Err(error) => {
                lines.push(format!("It could not be added again: {}", error.one_line()));
                lines.push(self.remains(other).await.to_owned());
            }
        }
        Failure::Message(lines)
    }

    /// What to do with the remaining secret.
    async fn remains(&self, other: Option<&SecretString>) -> &'static str {
        let (pool, client) = (&self.found.client.pool, &self.found.client.id);
        let shown = self.found.gateway.client_and_shown(pool, client).await;
        let shown = shown.ok().and_then(|(_, shown)| shown);
        if let Some(shown) = &shown
            && self.prove(shown).await == Proof::Works
        {
            return "The remaining secret works: deliver it now with `cognitui credentials`.";
        }
        match other {
            Some(other) if self.prove(other).await == Proof::Works => {
                "The other secret that you passed works: deliver it now."
            }
            _ => {
                "The value of the remaining secret may be lost: run rotate again now to add another."
            }
        }
    }
}
