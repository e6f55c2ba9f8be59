//! The steps of a rotation, and the only place that keeps the value of a new secret.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use crate::app::message::TaskEvent;
use crate::app::message::rotation::{RotationCommand, RotationResult, RotationStep};
use crate::cognito::{Doubt, Error, Gateway, PutBack};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::rotation::{DeletedSecret, InterruptedRotation, Proof, WHICH_UNSEEN};
use crate::runtime::tasks::context::TaskContext;

/// The values of the secrets that were added or entered in this session. Each is wiped from memory when dropped.
#[derive(Default)]
pub struct RotationSecrets(Mutex<HashMap<(PoolId, ClientId), PendingSecret>>);

#[derive(Clone)]
struct PendingSecret {
    newer: SecretString,
    /// The older secret's value, if it is certain.
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

    /// Returns the newer secret's value.
    pub fn newer(&self, pool: &PoolId, client: &ClientId) -> Option<SecretString> {
        self.held(pool, client).map(|held| held.newer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(PoolId, ClientId), PendingSecret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a pasted value that `DescribeUserPoolClient` shows is not kept. It is not documented which of two secrets it shows; the older
/// one is likeliest.
const SHOWN: &str = "it works, but Cognito shows this value, so it is most likely the older secret: paste the one that was \
                     added. If it is the newer one, finish with cognitui rotate --finish --sure --apply";

/// What is left to do where Cognito shows neither of two values.
const BY_COMMAND: &str = "cognitui rotate --finish takes both values";

/// Takes one step and says what became of it.
pub async fn step(shared: TaskContext, what: RotationCommand) {
    let outcome = match shared.gateway().await {
        Ok(gateway) => run_step(&shared, gateway, &what).await,
        Err(error) => Err(error),
    };
    shared.done(TaskEvent::Rotated { what, outcome });
}

async fn run_step(
    shared: &TaskContext,
    gateway: &Gateway,
    what: &RotationCommand,
) -> Result<RotationResult, Error> {
    let (pool, client) = (&what.pool, &what.client);
    let safe = &shared.safe;
    let held = safe.held(pool, client);
    // The console knows a step that is cut off by its request.
    let reached = |_: InterruptedRotation| {};
    match &what.step {
        RotationStep::Add(given) => {
            let rotation = gateway.rotation(pool, client).await?;
            let given = given.as_ref().map(|given| given.secret().clone());
            let added = rotation.add(given.as_ref(), reached).await?;
            let held = added.value.is_some();
            if let Some(newer) = added.value {
                let older = added.older;
                safe.keep(what, PendingSecret { newer, older });
            }
            Ok(RotationResult::Added { held })
        }
        RotationStep::Keep(given) => {
            let rotation = gateway.rotation(pool, client).await?;
            rotation.check_manual("ListUserPoolClientSecrets")?;
            let newer = given.secret().clone();
            let proven = match rotation.prove_newer(newer.clone()).await {
                Ok(proven) => proven,
                Err(proof) => return Ok(RotationResult::Proven(proof)),
            };
            // Both get tokens. Taking the older one for the newer, the rotation would end by deleting what all consumers use.
            let reason = match proven.identify(None, false).await {
                Ok(ready) => {
                    let older = ready.older;
                    safe.keep(what, PendingSecret { newer, older });
                    return Ok(RotationResult::Proven(Proof::Works));
                }
                Err(Doubt::Unseen) => format!("{WHICH_UNSEEN}. {BY_COMMAND}"),
                Err(Doubt::Shown | Doubt::Equal | Doubt::OlderNotProven(_)) => SHOWN.to_owned(),
            };
            Ok(RotationResult::NotKept(reason))
        }
        RotationStep::Prove => Ok(RotationResult::Proven(match held {
            Some(held) => {
                let rotation = gateway.rotation(pool, client).await?;
                rotation.prove(&held.newer).await
            }
            None => not_held(),
        })),
        RotationStep::DeleteOlder(id) => {
            let Some(held) = held else {
                return Ok(RotationResult::NotDeleted(not_held()));
            };
            let rotation = gateway.rotation(pool, client).await?;
            let proven = match rotation.prove_newer(held.newer).await {
                Ok(proven) => proven,
                Err(proof) => return Ok(RotationResult::NotDeleted(proof)),
            };
            let done = proven.known(held.older).delete_older(id, reached).await?;
            if let Some(PutBack::Added { works, .. }) = done.put_back {
                return Ok(RotationResult::PutBack { works });
            }
            safe.discard(what);
            Ok(RotationResult::Deleted(DeletedSecret {
                id: id.to_owned(),
                remaining: Some(done.remaining),
                deleted: done.deleted,
            }))
        }
        RotationStep::DeleteNewer(id) => {
            let rotation = gateway.rotation(pool, client).await?;
            let (older, newer) = held.map_or((None, None), |held| (held.older, Some(held.newer)));
            let known = (older.as_ref(), newer.as_ref());
            Ok(match rotation.delete_newer(id, known, reached).await? {
                Ok(deleted) => {
                    safe.discard(what);
                    RotationResult::Deleted(deleted)
                }
                Err(proof) => RotationResult::NotDeleted(proof),
            })
        }
    }
}

fn not_held() -> Proof {
    Proof::Unclear("its value is not held".to_owned())
}
