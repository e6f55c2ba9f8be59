//! The end of a rotation: deletes the older secret once the newer one is proven and identified.

use secrecy::{ExposeSecret, SecretString};

use super::{DELETE, OTHER_SECRETS, Rotation};
use crate::cognito::error::Error;
use crate::domain::rotation::{Compared, InterruptedRotation, Proof, SecretPair};
use crate::domain::secret::SecretDescriptor;

/// A rotation whose newer secret just obtained a token, according to the user.
pub struct ProvenRotation<'a> {
    rotation: Rotation<'a>,
    newer: SecretString,
}

/// Why a proven secret is not taken for the newer one: it may be the older, which would then remain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Both values are the same.
    Equal,
    /// The value of the older one gets no token.
    OlderNotProven(Proof),
    /// Cognito shows it, so it is most likely the older one.
    Shown,
    /// Cognito shows neither.
    Unseen,
}

/// A rotation whose older secret can be deleted.
pub struct ReadyRotation<'a> {
    rotation: Rotation<'a>,
    newer: SecretString,
    /// The older one's value, if known.
    pub older: Option<SecretString>,
}

/// What works after the older secret was deleted.
pub struct FinishedRotation {
    /// The newer secret.
    pub remaining: Proof,
    /// The deleted one, if its value is known and it was not added again.
    pub deleted: Option<Proof>,
    /// The remaining one is rejected: its value was the older one's, and was added again for its consumers.
    pub put_back: Option<PutBack>,
}

/// What became of the attempt to add a deleted value again.
pub enum PutBack {
    Added {
        secret: SecretDescriptor,
        works: bool,
    },
    Failed(Error, RemainingSecret),
}

/// What is known of the value of the only secret that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemainingSecret {
    /// Cognito shows it, and it works.
    Shown,
    /// The caller's other value works.
    Other,
    Unknown,
}

impl<'a> ProvenRotation<'a> {
    pub(super) fn new(rotation: Rotation<'a>, newer: SecretString) -> Self {
        Self { rotation, newer }
    }

    /// The active secrets, in their order.
    pub fn pair(&self) -> SecretPair {
        self.rotation.pair()
    }

    /// What Cognito shows, against the proven value.
    pub fn compared(&self) -> Compared {
        Compared::of(&self.newer, self.rotation.shown.as_ref())
    }

    /// Tells the proven value from the older one's, by what Cognito shows and the `old` value that the user gives. `sure`: the user
    /// vouches for it.
    ///
    /// # Errors
    /// Why it may be the older one's.
    pub async fn identify(
        self,
        old: Option<SecretString>,
        sure: bool,
    ) -> Result<ReadyRotation<'a>, Doubt> {
        if let Some(old) = &old {
            if old.expose_secret() == self.newer.expose_secret() {
                return Err(Doubt::Equal);
            }
            match self.rotation.prove(old).await {
                Proof::Works => {}
                other => return Err(Doubt::OlderNotProven(other)),
            }
        }
        let older = match self.compared() {
            Compared::Other => old.or_else(|| self.rotation.shown.clone()),
            Compared::Unseen if old.is_none() && !sure => return Err(Doubt::Unseen),
            Compared::Same if !sure => return Err(Doubt::Shown),
            Compared::Unseen | Compared::Same => old,
        };
        Ok(self.known(older))
    }

    /// The same for a caller that already knows which value is newer, because it added or kept that one.
    pub fn known(self, older: Option<SecretString>) -> ReadyRotation<'a> {
        ReadyRotation {
            rotation: self.rotation,
            newer: self.newer,
            older,
        }
    }
}

impl ReadyRotation<'_> {
    /// Deletes the older secret `id`, and tests what works then.
    ///
    /// # Errors
    /// It is not the older of two, or the call failed.
    pub async fn delete_older(
        self,
        id: &str,
        reached: impl Fn(InterruptedRotation),
    ) -> Result<FinishedRotation, Error> {
        let Self {
            rotation,
            newer,
            older,
        } = self;
        rotation.check_manual(DELETE)?;
        if !matches!(rotation.pair(), SecretPair::Two { older, .. } if older.id == id) {
            return Err(rotation.changed(DELETE, OTHER_SECRETS));
        }
        rotation.delete(id, false, &reached).await?;
        reached(InterruptedRotation::Deleted { id: id.to_owned() });
        let remaining = rotation.prove(&newer).await;
        if remaining == Proof::Refused {
            let put_back = rotation
                .put_back(id, &newer, older.as_ref(), &reached)
                .await;
            return Ok(FinishedRotation {
                remaining,
                deleted: None,
                put_back: Some(put_back),
            });
        }
        Ok(FinishedRotation {
            remaining,
            deleted: rotation.prove_known(older.as_ref()).await,
            put_back: None,
        })
    }
}

impl Rotation<'_> {
    /// Adds the `value` of the deleted secret `id` again: its consumers are locked out.
    async fn put_back(
        &self,
        id: &str,
        value: &SecretString,
        other: Option<&SecretString>,
        reached: &impl Fn(InterruptedRotation),
    ) -> PutBack {
        reached(InterruptedRotation::Adding { given: true });
        let (pool, client) = (&self.pool.id, &self.client.id);
        let mut left = self.secrets.clone();
        left.retain(|secret| secret.id != id);
        let added = self.gateway.add_secret(pool, client, Some(value), &left);
        match added.await {
            Ok(added) => PutBack::Added {
                secret: added.descriptor,
                works: self.prove(value).await == Proof::Works,
            },
            Err(error) => PutBack::Failed(error, self.remaining(other).await),
        }
    }

    async fn remaining(&self, other: Option<&SecretString>) -> RemainingSecret {
        let (pool, client) = (&self.pool.id, &self.client.id);
        let shown = self.gateway.client_and_shown(pool, client).await;
        let shown = shown.ok().and_then(|(_, shown)| shown);
        if self.prove_known(shown.as_ref()).await == Some(Proof::Works) {
            RemainingSecret::Shown
        } else if self.prove_known(other).await == Some(Proof::Works) {
            RemainingSecret::Other
        } else {
            RemainingSecret::Unknown
        }
    }
}
