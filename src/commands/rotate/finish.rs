//! The last step: the old secret is deleted.

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

/// What to give where Cognito does not show which secret is which.
const BOTH: &str = "Give both: JSON with client_secret, the new one, and old_client_secret. Or say with --sure that it is the new one.";

impl Rotation<'_> {
    /// Deletes the old secret, once the new one has been seen to work; and sees that it still does, and the old one does not.
    pub(super) async fn finish(
        &self,
        given: GivenSecret,
        out: &mut Output,
    ) -> Result<Exit, Failure> {
        let (name, value) = (self.name(), &given.value);
        self.proven(value, "Nothing was deleted.").await?;
        let older = match &self.slots {
            // An earlier run was cut off after it had deleted the old one.
            SecretPair::One(_) | SecretPair::None => {
                self.say(&format!(
                    "{name} has one secret, and it is this one: the rotation is over"
                ));
                let mut answer = self.answer(RotateState::Finished);
                answer.proven = true;
                return answer.print(out, Exit::Done);
            }
            SecretPair::Unordered(..) => return Err(unordered(&self.slots)),
            SecretPair::Two { older, .. } => older,
        };
        let old = self.other(&given).await?;
        self.say(&format!("proven: a token was issued to {name} with it"));
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
                    format!(
                        "the old secret is deleted; whether the new one still works did not show: {reason}"
                    ),
                    "It did before. Try it again with --finish, which deletes nothing more; where it is refused, run rotate again.",
                );
                return answer.fail(out, failure);
            }
        }
        self.look_again(&mut answer).await;
        let Some(old) = old else {
            self.say(
                "the old secret's value is not known here, so it was not tried: Cognito has deleted it",
            );
            return answer.print(out, Exit::Done);
        };
        let old = self.prove(old).await;
        answer.old_refused = match &old {
            Proof::Works => Some(false),
            Proof::Refused => Some(true),
            Proof::Unclear(_) => None,
        };
        let (words, exit) = match old {
            Proof::Refused => ("proven: the old secret is refused".to_owned(), Exit::Done),
            Proof::Works => (
                "the old secret is deleted, and still taken by the token endpoint: try it again in a while".to_owned(),
                Exit::Failed,
            ),
            Proof::Unclear(reason) => (
                format!("the old secret is deleted; whether it is refused did not show: {reason}"),
                Exit::Done,
            ),
        };
        self.say(&words);
        answer.print(out, exit)
    }

    /// The value of the client's other secret, where it is known: a token was issued with each of the two. `None` where `--sure` stands
    /// in for it.
    ///
    /// # Errors
    /// The given value may be the older one: deleting that would lock out every consumer that uses it.
    async fn other<'a>(
        &'a self,
        given: &'a GivenSecret,
    ) -> Result<Option<&'a SecretString>, Failure> {
        if let Some(old) = &given.old {
            if old.expose_secret() == given.value.expose_secret() {
                return Err(Failure::new(
                    "client_secret and old_client_secret are the same",
                    "Nothing was deleted.",
                ));
            }
            let next = "That is about old_client_secret. Nothing was deleted.";
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
                    "this secret works, but it is the one that DescribeUserPoolClient tells, and of two secrets that may be the old one",
                    "Nothing was deleted. Look where it came from; --sure says that it is the new one.",
                ));
            }
        };
        Err(Failure::Message(vec![
            reason,
            "Nothing was deleted: the other secret may be the one in use.".to_owned(),
            BOTH.to_owned(),
        ]))
    }

    /// Sees whether Cognito still shows a secret of the client. It may not, once the original one is deleted.
    async fn look_again(&self, answer: &mut RotateReport) {
        let (pool, client) = (&self.found.client.pool, &self.found.client.id);
        let Ok((client, _)) = self.found.gateway.client_and_shown(pool, client).await else {
            answer.secret = None;
            return;
        };
        let state = client.secret_state(ListedSecrets::Read(answer.secrets()));
        if matches!(state, SecretState::Hidden(_)) {
            self.say(&format!(
                "Cognito does not show the secret of {} any more: keep its value. token and credentials take it with --secret -",
                self.name()
            ));
        }
        answer.secret = Some(state);
    }

    /// What was given as the new secret worked until the older one was deleted: it was the older one, and its consumers are locked out.
    /// It is added again.
    async fn wrong_one(
        &self,
        value: &SecretString,
        older: &SecretDescriptor,
        other: Option<&SecretString>,
        answer: &mut RotateReport,
    ) -> Failure {
        let mut lines = vec![format!(
            "the secret that was given was the old one, {}, which is deleted now",
            older.id
        )];
        let (pool, client) = (&self.found.client.pool, &self.found.client.id);
        let added = self
            .found
            .gateway
            .add_secret(pool, client, Some(value))
            .await;
        match added {
            Ok(added) => {
                answer.put_back(&added.descriptor);
                let id = &added.descriptor.id;
                lines.push(match self.prove(value).await {
                    Proof::Works => {
                        format!("It was added again as {id}, and works: both secrets work")
                    }
                    Proof::Refused | Proof::Unclear(_) => {
                        format!("It was added again as {id}; that it works did not show")
                    }
                });
                lines.push(
                    "It is now the newer of the two. Where every consumer has it, --finish --sure ends the rotation with it; give it first to those that have the other. Not --start-over, which deletes it.".to_owned(),
                );
            }
            Err(error) => {
                lines.push(format!("It could not be added again: {}", error.one_line()));
                lines.push(self.remains(other).await.to_owned());
            }
        }
        Failure::Message(lines)
    }

    /// What is known of the secret that remains.
    async fn remains(&self, other: Option<&SecretString>) -> &'static str {
        let (pool, client) = (&self.found.client.pool, &self.found.client.id);
        let shown = self.found.gateway.client_and_shown(pool, client).await;
        let shown = shown.ok().and_then(|(_, shown)| shown);
        if let Some(shown) = &shown
            && self.prove(shown).await == Proof::Works
        {
            return "The one that remains works, and `cognitui credentials` prints it: hand it over now.";
        }
        match other {
            Some(other) if self.prove(other).await == Proof::Works => {
                "The other one that was given works: hand it over now."
            }
            _ => {
                "Nobody may have the one that remains: run rotate again at once, which adds another."
            }
        }
    }
}
