//! The steps of a rotation, each with its checks before a write and its tests after it. The console and the command choose the steps,
//! and say what became of them.
//!
//! A step consumes the [`Rotation`] that was read for it, so that every write has a fresh one. Only a [`ReadyRotation`] deletes the
//! older secret.

mod finish;
mod managed;

use std::time::Instant;

use secrecy::SecretString;

use super::error::{Error, ErrorKind};
use super::gateway::Gateway;
use crate::cognito::api::reads::resource;
use crate::cognito::sdk::call_log::note;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::endpoints;
use crate::domain::oauth::token::TokenRequest;
use crate::domain::pool::UserPool;
use crate::domain::rotation::{
    Compared, DeletedSecret, InterruptedRotation, Proof, RotationMethod, SecretPair, Unrotatable,
    proof_request,
};
use crate::domain::secret::{ListedSecrets, SecretDescriptor, SecretState};

pub use finish::{
    Doubt, FinishedRotation, ProvenRotation, PutBack, ReadyRotation, RemainingSecret,
};
pub use managed::ManagedRotation;

const ADD: &str = "AddUserPoolClientSecret";
const DELETE: &str = "DeleteUserPoolClientSecret";

/// A client and its secrets, as read for one step.
pub struct Rotation<'a> {
    gateway: &'a Gateway,
    pub pool: UserPool,
    pub client: AppClient,
    /// The secret that `DescribeUserPoolClient` shows; with two secrets it is unknown which.
    pub shown: Option<SecretString>,
    /// What `ListUserPoolClientSecrets` lists; not requested for a client whose secrets are not changed by hand.
    pub secrets: Vec<SecretDescriptor>,
    pub state: SecretState,
}

/// A secret that was added.
pub struct NewSecret<'a> {
    rotation: Rotation<'a>,
    pub descriptor: SecretDescriptor,
    /// `None`: Cognito did not return the generated value, and never will.
    pub value: Option<SecretString>,
    /// The value of the older one, if Cognito showed it while it was the only one.
    pub older: Option<SecretString>,
}

impl Gateway {
    /// Reads a client and its secrets for one step.
    pub async fn rotation(&self, pool: &PoolId, client: &ClientId) -> Result<Rotation<'_>, Error> {
        let (pool, described) =
            tokio::try_join!(self.pool(pool), self.client_and_shown(pool, client))?;
        self.with_secrets(pool, described).await
    }

    /// The same in a pool that was read before: what a step needs of it does not change.
    pub async fn rotation_in(
        &self,
        pool: UserPool,
        client: &ClientId,
    ) -> Result<Rotation<'_>, Error> {
        let described = self.client_and_shown(&pool.id, client).await?;
        self.with_secrets(pool, described).await
    }

    async fn with_secrets(
        &self,
        pool: UserPool,
        (client, shown): (AppClient, Option<SecretString>),
    ) -> Result<Rotation<'_>, Error> {
        let described = client.secret_state(ListedSecrets::NotRead);
        let manual = !client.is_registered() && !matches!(described, SecretState::Managed { .. });
        let (secrets, state) = if manual {
            let secrets = self.secrets(&pool.id, &client.id).await?;
            let state = client.secret_state(ListedSecrets::Read(&secrets));
            (secrets, state)
        } else {
            (Vec::new(), described)
        };
        Ok(Rotation {
            gateway: self,
            pool,
            client,
            shown,
            secrets,
            state,
        })
    }
}

impl<'a> Rotation<'a> {
    /// How the client's secret is rotated.
    ///
    /// # Errors
    /// It cannot be rotated.
    pub fn method(&self) -> Result<RotationMethod, Unrotatable> {
        RotationMethod::of(&self.client, &self.state)
    }

    /// The active secrets, in their order.
    pub fn pair(&self) -> SecretPair {
        SecretPair::of(&self.secrets)
    }

    /// Whether a token can prove that a secret works.
    pub fn is_provable(&self) -> bool {
        self.request().is_some()
    }

    /// Refuses if Cognito says that the secrets of this client are not changed by hand: another program may have moved one into AWS
    /// Secrets Manager.
    pub fn check_manual(&self, operation: &'static str) -> Result<(), Error> {
        let (what, next) = match self.method() {
            Ok(RotationMethod::Managed(arn)) => (
                format!("AWS Secrets Manager holds its secret, {arn}"),
                "Rotate it there: it replaces the old value by itself.",
            ),
            Err(why @ (Unrotatable::Registered | Unrotatable::Public)) => (why.reason(), ""),
            Ok(RotationMethod::ByHand) | Err(Unrotatable::Unknown(_)) => return Ok(()),
        };
        Err(Error::new(operation, ErrorKind::Invalid, what, next))
    }

    /// Requests a token with `value`. A missing response proves nothing.
    pub async fn prove(&self, value: &SecretString) -> Proof {
        let Some(request) = self.request() else {
            return Proof::Unclear(self.no_token());
        };
        let start = Instant::now();
        let reply = self.gateway.issue(&request, value).await;
        let what = format!("proof of a secret of {}", self.client.id);
        note(&what, start, reply.as_ref().err());
        match reply {
            Ok(reply) => Proof::of(&reply.outcome, reply.exchange.status),
            Err(error) => Proof::Unclear(error.one_line()),
        }
    }

    /// Adds a second secret, of Cognito's making unless one is given.
    ///
    /// # Errors
    /// Nothing was sent: its secrets are not changed by hand, no token could prove the new one, or there are two already. Otherwise
    /// [`Gateway::add_secret`]'s.
    pub async fn add(
        self,
        given: Option<&SecretString>,
        reached: impl Fn(InterruptedRotation),
    ) -> Result<NewSecret<'a>, Error> {
        self.check_manual(ADD)?;
        if !self.is_provable() {
            let detail = format!("a new secret could not be tested: {}", self.no_token());
            return Err(Error::new(ADD, ErrorKind::Invalid, detail, ""));
        }
        if self.secrets.len() > 1 {
            return Err(self.changed(ADD, "it already has two secrets"));
        }
        let is_given = given.is_some();
        reached(InterruptedRotation::Adding { given: is_given });
        let start = Instant::now();
        let (pool, client) = (&self.pool.id, &self.client.id);
        let added = self.gateway.add_secret(pool, client, given, &self.secrets);
        let added = added.await;
        let what = format!("add a secret to {client}");
        note(&what, start, added.as_ref().err());
        let added = added?;
        reached(InterruptedRotation::Added {
            id: Some(added.descriptor.id.clone()),
            given: is_given,
        });
        Ok(NewSecret {
            descriptor: added.descriptor,
            value: given.cloned().or(added.value),
            older: self.shown.clone(),
            rotation: self,
        })
    }

    /// Takes `newer` for the value of the newer secret, if it gets a token.
    ///
    /// # Errors
    /// The result of the token request.
    pub async fn prove_newer(self, newer: SecretString) -> Result<ProvenRotation<'a>, Proof> {
        match self.prove(&newer).await {
            Proof::Works => Ok(ProvenRotation::new(self, newer)),
            other => Err(other),
        }
    }

    /// Deletes the newer secret `id`. If the value of the older one is known, it must get a token first. `known`: the values of the
    /// older and the newer one.
    ///
    /// # Errors
    /// Outer: the secrets have changed, or the call failed. Inner: nothing was deleted, since the older one gets no token.
    pub async fn delete_newer(
        self,
        id: &str,
        known: (Option<&SecretString>, Option<&SecretString>),
        reached: impl Fn(InterruptedRotation),
    ) -> Result<Result<DeletedSecret, Proof>, Error> {
        self.check_manual(DELETE)?;
        if !matches!(self.pair(), SecretPair::Two { newer, .. } if newer.id == id) {
            return Err(self.changed(DELETE, OTHER_SECRETS));
        }
        let (older, newer) = known;
        let shown = self.shown.as_ref();
        let shown = shown.filter(|shown| {
            newer.is_none_or(|newer| Compared::of(newer, Some(shown)) == Compared::Other)
        });
        let older = older.or(shown).filter(|_| self.is_provable());
        if let Some(older) = older {
            match self.prove(older).await {
                Proof::Works => {}
                other => return Ok(Err(other)),
            }
        }
        self.delete(id, true, &reached).await?;
        Ok(Ok(DeletedSecret {
            id: id.to_owned(),
            remaining: self.prove_known(older).await,
            deleted: self.prove_known(newer).await,
        }))
    }

    /// Deletes the secret `id`, which this process added and did not deliver: only the older one can be in use.
    pub async fn take_back(
        self,
        id: &str,
        reached: impl Fn(InterruptedRotation),
    ) -> Result<(), Error> {
        self.check_manual(DELETE)?;
        if !self.secrets.iter().any(|secret| secret.id == id) {
            return Err(self.changed(DELETE, OTHER_SECRETS));
        }
        self.delete(id, true, &reached).await
    }

    async fn delete(
        &self,
        id: &str,
        newer: bool,
        reached: &impl Fn(InterruptedRotation),
    ) -> Result<(), Error> {
        reached(InterruptedRotation::Deleting {
            id: id.to_owned(),
            newer,
        });
        let start = Instant::now();
        let deleted = self
            .gateway
            .delete_secret(&self.pool.id, &self.client.id, id);
        let deleted = deleted.await;
        note(
            &format!("delete secret {id}"),
            start,
            deleted.as_ref().err(),
        );
        deleted
    }

    async fn prove_known(&self, value: Option<&SecretString>) -> Option<Proof> {
        match value {
            Some(value) => Some(self.prove(value).await),
            None => None,
        }
    }

    /// Why no token can prove a secret.
    fn no_token(&self) -> String {
        let why = endpoints::without_token_endpoint(&self.pool);
        format!("the pool {why}, and the client may not use GetClientToken")
    }

    fn request(&self) -> Option<TokenRequest> {
        proof_request(&self.client, self.gateway.token_endpoint(&self.pool))
    }

    fn changed(&self, operation: &'static str, detail: &str) -> Error {
        let about = resource(&self.pool.id, &self.client.id);
        self.gateway.changed(operation, detail, about)
    }
}

impl NewSecret<'_> {
    /// Requests a token with it.
    pub async fn prove(&self) -> Proof {
        let proof = self.rotation.prove_known(self.value.as_ref()).await;
        proof.unwrap_or_else(|| Proof::Unclear("its value is unknown".to_owned()))
    }
}

const OTHER_SECRETS: &str = "its secrets are not the two that were read before";
