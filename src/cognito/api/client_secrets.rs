//! The one or two active secrets of an app client.

use aws_sdk_cognitoidentityprovider::types::ClientSecretDescriptorType;
use secrecy::{ExposeSecret, SecretString};

use super::reads::resource;
use crate::cognito::error::Error;
use crate::cognito::gateway::Gateway;
use crate::cognito::plan::verify::{may_have_succeeded, not_done};
use crate::cognito::sdk::convert::{self, required};
use crate::cognito::sdk::pages::{ListOperation, Page, all_pages};
use crate::cognito::sdk::retry::{made_once, may_have_changed};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::secret::SecretDescriptor;

/// A secret that was just added.
#[derive(Clone, Debug)]
pub struct AddedSecret {
    pub descriptor: SecretDescriptor,
    /// `None` if the caller chose the value. Cognito returns a generated value only once.
    pub value: Option<SecretString>,
}

/// The hint if the response to an addition is lost.
const PERHAPS_ADDED: &str = "A secret may have been added, and its generated value is lost. List the client's secrets and delete the new one before you add another.";

const ADDED_AND_LOST: &str = "the secret was added, but its value was lost with the response";
/// The hint if a secret was added and its value is lost.
const LOST: &str =
    "Replace the newer secret: `rotate --start-over --apply`, or rotate in the console.";

/// What was added to the secrets `before`, by the list after the response was lost in `error`. `given`: the caller has the value.
fn look_for_added(
    before: &[SecretDescriptor],
    after: &[SecretDescriptor],
    given: bool,
    error: Error,
) -> Result<AddedSecret, Error> {
    let is_new = |secret: &&SecretDescriptor| before.iter().all(|known| known.id != secret.id);
    let mut new = after.iter().filter(is_new);
    match (new.next(), new.next()) {
        // A client with a secret always keeps one: an empty list proves nothing.
        (None, _) if after.is_empty() => Err(error),
        (None, _) => Err(not_done(error)),
        (Some(added), None) if given => Ok(AddedSecret {
            descriptor: added.clone(),
            value: None,
        }),
        // Without the resource: a notice has little room.
        (Some(_), None) => Err(Error {
            resource: None,
            detail: ADDED_AND_LOST.to_owned(),
            hint: LOST.to_owned(),
            ..error
        }),
        // Another program added one of them.
        (Some(_), Some(_)) => Err(error),
    }
}

impl Gateway {
    /// `AddUserPoolClientSecret`: adds a second secret with this `value` or a generated one. Never retried after a lost response, since
    /// a client has room for two: lists the secrets instead, and compares them with those `before`; succeeds if the caller's value was
    /// added.
    ///
    /// # Errors
    /// [`crate::cognito::ErrorKind::LimitExceeded`] if there are two already; after a lost response, what was found.
    pub async fn add_secret(
        &self,
        pool: &PoolId,
        client: &ClientId,
        value: Option<&SecretString>,
        before: &[SecretDescriptor],
    ) -> Result<AddedSecret, Error> {
        let added = self.add_secret_once(pool, client, value).await;
        match added {
            // It is never retried, so a refusal is final.
            Err(error) if error.lost_response() => {
                let Ok(secrets) = Box::pin(self.secrets(pool, client)).await else {
                    return Err(error);
                };
                look_for_added(before, &secrets, value.is_some(), error)
            }
            added => added,
        }
    }

    async fn add_secret_once(
        &self,
        pool: &PoolId,
        client: &ClientId,
        value: Option<&SecretString>,
    ) -> Result<AddedSecret, Error> {
        const OPERATION: &str = "AddUserPoolClientSecret";
        let lost = |error| may_have_changed(error, PERHAPS_ADDED);
        let reply = self
            .cognito()
            .add_user_pool_client_secret()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str())
            .set_client_secret(value.map(|value| value.expose_secret().to_owned()))
            .customize()
            .config_override(made_once())
            .send()
            .await
            .map_err(self.failed(OPERATION, resource(pool, client)))
            .map_err(lost)?;
        let added = reply.client_secret_descriptor;
        let added = required(added, OPERATION, resource(pool, client)).map_err(lost)?;
        let id = required(added.client_secret_id, OPERATION, resource(pool, client));
        Ok(AddedSecret {
            descriptor: SecretDescriptor {
                id: id.map_err(lost)?,
                created: added.client_secret_create_date.map(convert::timestamp),
            },
            value: added
                .client_secret_value
                .filter(|value| !value.is_empty())
                .map(SecretString::from),
        })
    }

    /// `DeleteUserPoolClientSecret`: consumers that use it get no more tokens. Cognito refuses to delete the last one.
    /// After a failed call the secrets are listed: a missing secret is deleted, whichever response was lost.
    pub async fn delete_secret(
        &self,
        pool: &PoolId,
        client: &ClientId,
        secret_id: &str,
    ) -> Result<(), Error> {
        let failed = match self.ask_to_delete_secret(pool, client, secret_id).await {
            Err(error) if may_have_succeeded(&error) => error,
            outcome => return outcome,
        };
        match Box::pin(self.secrets(pool, client)).await {
            Ok(secrets) if secrets.iter().any(|secret| secret.id == secret_id) => {
                Err(not_done(failed))
            }
            // A client with a secret always keeps one: an empty list proves nothing.
            Ok(secrets) if !secrets.is_empty() => Ok(()),
            Ok(_) | Err(_) => Err(failed),
        }
    }

    async fn ask_to_delete_secret(
        &self,
        pool: &PoolId,
        client: &ClientId,
        secret_id: &str,
    ) -> Result<(), Error> {
        let call = self
            .cognito()
            .delete_user_pool_client_secret()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str())
            .client_secret_id(secret_id);
        call.send()
            .await
            .map_err(self.failed("DeleteUserPoolClientSecret", resource(pool, client)))?;
        Ok(())
    }

    /// `ListUserPoolClientSecrets`: ids and dates of the one or two active secrets, never their values.
    pub async fn secrets(
        &self,
        pool: &PoolId,
        client: &ClientId,
    ) -> Result<Vec<SecretDescriptor>, Error> {
        all_pages(|next| self.some_secrets(pool, client, next)).await
    }

    async fn some_secrets(
        &self,
        pool: &PoolId,
        client: &ClientId,
        next: Option<String>,
    ) -> Result<Page<SecretDescriptor>, Error> {
        const OPERATION: &str = "ListUserPoolClientSecrets";
        let call = self
            .cognito()
            .list_user_pool_client_secrets()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str())
            .set_next_token(next.clone());
        let reply = call
            .send()
            .await
            .map_err(self.failed(OPERATION, resource(pool, client)))?;
        let list = ListOperation {
            operation: OPERATION,
            of: Some(resource(pool, client)),
        };
        let secret = |secret: ClientSecretDescriptorType| {
            Some(SecretDescriptor {
                id: secret.client_secret_id?,
                created: secret.client_secret_create_date.map(convert::timestamp),
            })
        };
        let asked = next.as_deref();
        Page::new(list, reply.client_secrets, secret, reply.next_token, asked)
    }
}
