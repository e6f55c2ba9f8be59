//! The one or two live secrets of an app client.

use secrecy::{ExposeSecret, SecretString};

use super::convert::{self, required};
use super::error::Error;
use super::gateway::Gateway;
use super::reads::resource;
use super::retry::{made_once, perhaps};
use crate::domain::client::SecretDescriptor;
use crate::domain::ids::{ClientId, PoolId};

/// A secret that was just added to a client.
#[derive(Clone, Debug)]
pub struct AddedSecret {
    pub descriptor: SecretDescriptor,
    /// `None` where the caller chose the value. Where Cognito made it, this is the only time it tells it.
    pub value: Option<SecretString>,
}

/// What to do where a secret may have been added and its answer was lost.
const PERHAPS_ADDED: &str = "A secret may have been added, and a value that Cognito made is lost then: list the client's secrets, and delete the new one before adding another.";

impl Gateway {
    /// `AddUserPoolClientSecret`: a second secret beside the first, of this `value` or, without one, of Cognito's making. Never tried
    /// again after a lost answer, for a client has room for two.
    ///
    /// # Errors
    /// [`super::ErrorKind::LimitExceeded`] where there are two already.
    pub async fn add_secret(
        &self,
        pool: &PoolId,
        client: &ClientId,
        value: Option<&SecretString>,
    ) -> Result<AddedSecret, Error> {
        const OPERATION: &str = "AddUserPoolClientSecret";
        let lost = |error| perhaps(error, PERHAPS_ADDED);
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

    /// `DeleteUserPoolClientSecret`: whoever still uses it gets no tokens any more. Cognito refuses to delete the last one.
    pub async fn delete_secret(
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

    /// `ListUserPoolClientSecrets`: ids and dates of the one or two live secrets, never their values.
    pub async fn secrets(
        &self,
        pool: &PoolId,
        client: &ClientId,
    ) -> Result<Vec<SecretDescriptor>, Error> {
        let call = self
            .cognito()
            .list_user_pool_client_secrets()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str());
        let reply = call
            .send()
            .await
            .map_err(self.failed("ListUserPoolClientSecrets", resource(pool, client)))?;
        let secrets = reply
            .client_secrets
            .unwrap_or_default()
            .into_iter()
            .filter_map(|secret| {
                Some(SecretDescriptor {
                    id: secret.client_secret_id?,
                    created: secret.client_secret_create_date.map(convert::timestamp),
                })
            });
        Ok(secrets.collect())
    }
}
