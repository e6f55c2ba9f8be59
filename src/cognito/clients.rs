//! Making, changing and deleting app clients.

use aws_sdk_cognitoidentityprovider::types::{
    ExplicitAuthFlowsType, OAuthFlowType, PreventUserExistenceErrorTypes,
};
use secrecy::SecretString;

use super::convert::{self, required, sdk_time_unit};
use super::error::Error;
use super::gateway::Gateway;
use super::reads::resource;
use super::retry::{made_once, perhaps_made};
use super::settings::{self, list};
use crate::domain::client::{AppClient, ClientSettings, Validity};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;

/// A client that was just made.
#[derive(Clone, Debug)]
pub struct Created {
    pub client: AppClient,
    /// `None` for a public client.
    pub secret: Option<SecretString>,
}

impl Gateway {
    /// `CreateUserPoolClient`, with the fields that are filled in and no others.
    pub async fn create_client(&self, pool: &PoolId, client: &NewClient) -> Result<Created, Error> {
        const OPERATION: &str = "CreateUserPoolClient";
        let unit = |life: Option<Validity>| life.map(|life| sdk_time_unit(life.unit));
        let lives = [client.access_token, client.id_token, client.refresh_token];
        let units = lives.iter().any(Option::is_some).then(|| {
            let mut units = settings::no_units();
            units.access_token = unit(client.access_token);
            units.id_token = unit(client.id_token);
            units.refresh_token = unit(client.refresh_token);
            units
        });
        let call = self
            .cognito()
            .create_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_name(&client.name)
            .generate_secret(client.generate_secret)
            .allowed_o_auth_flows_user_pool_client(client.oauth_enabled)
            .set_allowed_o_auth_flows(list(&client.flows, |flow| {
                OAuthFlowType::from(flow.as_str())
            }))
            .set_allowed_o_auth_scopes(list(&client.scopes, |scope| scope.as_str().to_owned()))
            .set_explicit_auth_flows(list(&client.explicit_auth_flows, |flow| {
                ExplicitAuthFlowsType::from(flow.as_str())
            }))
            .set_supported_identity_providers(list(&client.identity_providers, Clone::clone))
            .set_callback_urls(list(&client.callback_urls, Clone::clone))
            .set_logout_urls(list(&client.logout_urls, Clone::clone))
            .set_access_token_validity(client.access_token.map(|life| life.value))
            .set_id_token_validity(client.id_token.map(|life| life.value))
            .set_refresh_token_validity(client.refresh_token.map(|life| life.value))
            .set_auth_session_validity(client.auth_session_minutes)
            .set_enable_token_revocation(client.token_revocation)
            .set_prevent_user_existence_errors(
                client
                    .prevent_user_existence_errors
                    .as_deref()
                    .map(PreventUserExistenceErrorTypes::from),
            )
            .set_token_validity_units(units);
        let about = format!("{pool}/{}", client.name);
        let reply = call
            .customize()
            .config_override(made_once())
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))
            .map_err(perhaps_made)?;
        let mut made = required(reply.user_pool_client, OPERATION, &about).map_err(perhaps_made)?;
        let secret = convert::take_secret(&mut made);
        let id = ClientId::new(
            required(made.client_id.clone(), OPERATION, about).map_err(perhaps_made)?,
        );
        Ok(Created {
            client: convert::app_client(pool, &id, made, secret.is_some()),
            secret,
        })
    }

    /// Changes a client's settings by `change` and leaves every other setting as it is: reads the client again, compares it with what
    /// was `seen`, and sends all of its settings back, since `UpdateUserPoolClient` resets what it is not sent.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`](super::error::ErrorKind::Changed), with nothing written, where the client was modified after it was `seen`.
    pub async fn update_client(
        &self,
        seen: &AppClient,
        change: impl FnOnce(&mut ClientSettings) + Send,
    ) -> Result<AppClient, Error> {
        const OPERATION: &str = "UpdateUserPoolClient";
        let (pool, id) = (&seen.pool, &seen.id);
        let mut described = self.describe_client(pool, id).await?;
        // The update has no place for the secret, and must not carry it about.
        let has_secret = convert::take_secret(&mut described).is_some();
        let now = convert::app_client(pool, id, described.clone(), has_secret);
        if now.modified != seen.modified {
            let detail = "LastModifiedDate differs from what was read before";
            return Err(self.changed(OPERATION, detail, resource(pool, id)));
        }
        let mut after = now.settings.clone();
        change(&mut after);
        let update = settings::apply(
            settings::unchanged(pool, id, described),
            &now.settings,
            &after,
        );
        let reply = update
            .send_with(self.cognito())
            .await
            .map_err(self.failed(OPERATION, resource(pool, id)))?;
        let mut updated = required(reply.user_pool_client, OPERATION, resource(pool, id))?;
        drop(convert::take_secret(&mut updated));
        Ok(convert::app_client(pool, id, updated, has_secret))
    }

    /// `DeleteUserPoolClient`. Tokens that it was issued stay valid until they expire.
    pub async fn delete_client(&self, pool: &PoolId, client: &ClientId) -> Result<(), Error> {
        let call = self
            .cognito()
            .delete_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str());
        call.send()
            .await
            .map_err(self.failed("DeleteUserPoolClient", resource(pool, client)))?;
        Ok(())
    }
}
