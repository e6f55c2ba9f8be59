//! The steps of a rotation, and the one place where the value of a new secret is kept.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use secrecy::SecretString;

use crate::app::message::TaskEvent;
use crate::app::message::rotation::{RotationCommand, RotationResult, RotationStep};
use crate::cognito::{Error, ErrorKind, Gateway, note};
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::endpoints;
use crate::domain::rotation::{
    Compared, DeletedSecret, Proof, RotationMethod, Unrotatable, WHICH_UNSEEN, proof_request,
};
use crate::domain::secret::ListedSecrets;
use crate::runtime::tasks::context::TaskContext;

/// The values of the secrets that were added or given in this session. Each is wiped from memory when dropped.
#[derive(Default)]
pub struct RotationSecrets(Mutex<HashMap<(PoolId, ClientId), PendingSecret>>);

#[derive(Clone)]
struct PendingSecret {
    newer: SecretString,
    /// The older one's, where it is certain.
    older: Option<SecretString>,
}

impl RotationSecrets {
    fn keep(&self, what: &RotationCommand, held: PendingSecret) {
        let key = (what.pool.clone(), what.client.clone());
        self.lock().insert(key, held);
    }

    fn discard(&self, what: &RotationCommand) {
        self.lock()
            .remove(&(what.pool.clone(), what.client.clone()));
    }

    fn held(&self, pool: &PoolId, client: &ClientId) -> Option<PendingSecret> {
        self.lock().get(&(pool.clone(), client.clone())).cloned()
    }

    /// The newer secret's value.
    pub fn newer(&self, pool: &PoolId, client: &ClientId) -> Option<SecretString> {
        self.held(pool, client).map(|held| held.newer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(PoolId, ClientId), PendingSecret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const ADD: &str = "AddUserPoolClientSecret";
const DELETE: &str = "DeleteUserPoolClientSecret";

/// Said of a pasted value that `DescribeUserPoolClient` tells, too. Which of two secrets it tells is not known for certain; the
/// older one is likeliest.
const TOLD: &str = "it works, but Cognito tells this value when asked, so it is most likely the older secret: paste the one \
                    that was added. Who knows better finishes with cognitui rotate --finish --sure";

/// What is left to do where Cognito shows neither of two values.
const BY_COMMAND: &str = "cognitui rotate --finish takes both values";

/// Takes one step and says what became of it.
pub async fn step(shared: TaskContext, what: RotationCommand) {
    let start = Instant::now();
    let outcome = match shared.gateway().await {
        Ok(gateway) => {
            let job = Job {
                shared: &shared,
                gateway,
                what: &what,
            };
            job.run_step().await
        }
        Err(error) => Err(error),
    };
    let name = match what.step {
        RotationStep::Add(_) => "add a secret to",
        RotationStep::Keep(_) | RotationStep::Prove => "proof of a secret of",
        RotationStep::DeleteOlder(_) | RotationStep::DeleteNewer(_) => "delete a secret of",
    };
    note(
        &format!("{name} {}", what.client),
        start,
        outcome.as_ref().err(),
    );
    shared.done(TaskEvent::Rotated { what, outcome });
}

struct Job<'a> {
    shared: &'a TaskContext,
    gateway: &'a Gateway,
    what: &'a RotationCommand,
}

impl Job<'_> {
    async fn run_step(&self) -> Result<RotationResult, Error> {
        let (pool, client) = (&self.what.pool, &self.what.client);
        let safe = &self.shared.safe;
        match &self.what.step {
            RotationStep::Add(given) => {
                // While there is one secret, it is this one.
                let older = self.shown(ADD).await?;
                let given = given.as_ref().map(|given| given.secret().clone());
                let before = self.gateway.secrets(pool, client).await?;
                let added = self
                    .gateway
                    .add_secret(pool, client, given.as_ref(), &before)
                    .await?;
                let newer = given.or(added.value);
                let held = newer.is_some();
                if let Some(newer) = newer {
                    safe.keep(self.what, PendingSecret { newer, older });
                }
                Ok(RotationResult::Added { held })
            }
            RotationStep::Keep(given) => {
                let newer = given.secret().clone();
                let proof = self.prove(&newer).await?;
                if proof == Proof::Works {
                    let older = self.shown(ADD).await?;
                    // Both get tokens. Taking the older one for the newer, the rotation would end by deleting what all consumers use.
                    let reason = match Compared::of(&newer, older.as_ref()) {
                        Compared::Other => None,
                        Compared::Same => Some(TOLD.to_owned()),
                        Compared::Unseen => Some(format!("{WHICH_UNSEEN}. {BY_COMMAND}")),
                    };
                    if let Some(reason) = reason {
                        return Ok(RotationResult::NotKept(reason));
                    }
                    safe.keep(self.what, PendingSecret { newer, older });
                }
                Ok(RotationResult::Proven(proof))
            }
            RotationStep::Prove => match safe.newer(pool, client) {
                Some(newer) => Ok(RotationResult::Proven(self.prove(&newer).await?)),
                None => Ok(RotationResult::Proven(not_held())),
            },
            RotationStep::DeleteOlder(id) => {
                let held = safe.held(pool, client);
                let proof = match &held {
                    Some(held) => self.prove(&held.newer).await?,
                    None => not_held(),
                };
                match held {
                    Some(held) if proof == Proof::Works => {
                        self.retire(id, Some(&held.newer), held.older.as_ref())
                            .await
                    }
                    _ => Ok(RotationResult::NotDeleted(proof)),
                }
            }
            RotationStep::DeleteNewer(id) => {
                let held = safe.held(pool, client);
                let older = held.as_ref().and_then(|held| held.older.as_ref());
                let newer = held.as_ref().map(|held| &held.newer);
                self.retire(id, older, newer).await
            }
        }
    }

    /// The value that Cognito shows, where it shows one.
    ///
    /// # Errors
    /// Also where the secrets of this client are not changed by hand.
    async fn shown(&self, operation: &'static str) -> Result<Option<SecretString>, Error> {
        let (pool, client) = (&self.what.pool, &self.what.client);
        let (client, shown) = self.gateway.client_and_shown(pool, client).await?;
        by_hand(&client, operation)?;
        Ok(shown)
    }

    /// Deletes a secret, and sees what works then. The values are forgotten.
    async fn retire(
        &self,
        id: &str,
        remaining: Option<&SecretString>,
        deleted: Option<&SecretString>,
    ) -> Result<RotationResult, Error> {
        let (pool, client) = (&self.what.pool, &self.what.client);
        // Somebody may have moved it into Secrets Manager since the client was last read.
        self.shown(DELETE).await?;
        self.gateway.delete_secret(pool, client, id).await?;
        self.shared.safe.discard(self.what);
        Ok(RotationResult::Deleted(DeletedSecret {
            id: id.to_owned(),
            remaining: self.prove_value(remaining).await,
            deleted: self.prove_value(deleted).await,
        }))
    }

    /// What the token endpoint makes of a value after the deed: no failure undoes it.
    async fn prove_value(&self, value: Option<&SecretString>) -> Option<Proof> {
        let proof = self.prove(value?).await;
        Some(proof.unwrap_or_else(|error| Proof::Unclear(error.one_line())))
    }

    async fn prove(&self, value: &SecretString) -> Result<Proof, Error> {
        let (pool, client) = (&self.what.pool, &self.what.client);
        let (pool, client) =
            tokio::try_join!(self.gateway.pool(pool), self.gateway.client(pool, client))?;
        let Some(request) = proof_request(&client, self.gateway.token_endpoint(&pool)) else {
            let why = endpoints::without_token_endpoint(&pool);
            return Ok(Proof::Unclear(format!(
                "the pool {why}, and the client may not use GetClientToken"
            )));
        };
        let reply = self.gateway.issue(&request, value).await?;
        Ok(Proof::of(&reply.outcome, reply.exchange.status))
    }
}

/// Refuses where Cognito's description says that the secrets of this client are not changed by hand.
fn by_hand(client: &AppClient, operation: &'static str) -> Result<(), Error> {
    let state = client.secret_state(ListedSecrets::NotRead);
    let (what, next) = match RotationMethod::of(client, &state) {
        Ok(RotationMethod::Managed(arn)) => (
            format!("AWS Secrets Manager holds its secret, {arn}"),
            "Rotate it there: it replaces the old value by itself.",
        ),
        Err(why @ Unrotatable::Registered) => (why.reason(), ""),
        Ok(RotationMethod::ByHand) | Err(_) => return Ok(()),
    };
    Err(Error::new(operation, ErrorKind::Invalid, what, next))
}

fn not_held() -> Proof {
    Proof::Unclear("its value is not held".to_owned())
}
