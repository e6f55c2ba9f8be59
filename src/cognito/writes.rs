//! Making, changing and deleting clients and resource servers.

use aws_sdk_cognitoidentityprovider::Config;
use aws_sdk_cognitoidentityprovider::error::BuildError;
use aws_sdk_cognitoidentityprovider::types::{
    ExplicitAuthFlowsType, OAuthFlowType, PreventUserExistenceErrorTypes, ResourceServerScopeType,
};
use secrecy::SecretString;

use super::classify;
use super::convert::{self, required, sdk_time_unit};
use super::error::{Error, ErrorKind};
use super::gateway::Gateway;
use super::reads::resource;
use super::retry::MadeOnce;
use super::settings::{self, list};
use crate::domain::client::{AppClient, ClientSettings, Validity};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;
use crate::domain::resource_server::{ResourceServer, Scope};

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
        let once = Config::builder().retry_classifier(MadeOnce);
        let reply = call
            .customize()
            .config_override(once)
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
    /// [`ErrorKind::Changed`], with nothing written, where the client was modified after it was `seen`.
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
            let hint = classify::hint(&ErrorKind::Changed, &self.inner.origin);
            let detail = "LastModifiedDate differs from what was read before";
            return Err(
                Error::new(OPERATION, ErrorKind::Changed, detail, hint).about(resource(pool, id))
            );
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

    /// `CreateResourceServer` with all its scopes.
    pub async fn create_resource_server(
        &self,
        pool: &PoolId,
        server: &ResourceServer,
    ) -> Result<ResourceServer, Error> {
        const OPERATION: &str = "CreateResourceServer";
        let about = server_resource(pool, &server.identifier);
        let call = self
            .cognito()
            .create_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(&server.identifier)
            .name(&server.name)
            .set_scopes(Some(sdk_scopes(&server.scopes, OPERATION)?));
        let reply = call
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))?;
        required(
            reply.resource_server.and_then(convert::resource_server),
            OPERATION,
            about,
        )
    }

    /// Adds scopes to a resource server and keeps those it has: reads it, merges by name, and sends the whole list, which
    /// `UpdateResourceServer` replaces. A scope that is there already keeps its description. Where nothing is new, nothing is
    /// sent.
    pub async fn add_scopes(
        &self,
        pool: &PoolId,
        identifier: &str,
        scopes: &[Scope],
    ) -> Result<ResourceServer, Error> {
        const OPERATION: &str = "UpdateResourceServer";
        let mut server = self.resource_server(pool, identifier).await?;
        let there = server.scopes.len();
        for scope in scopes {
            if !server.scopes.iter().any(|known| known.name == scope.name) {
                server.scopes.push(scope.clone());
            }
        }
        if server.scopes.len() == there {
            return Ok(server);
        }
        let about = server_resource(pool, identifier);
        let call = self
            .cognito()
            .update_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(identifier)
            .name(&server.name)
            .set_scopes(Some(sdk_scopes(&server.scopes, OPERATION)?));
        let reply = call
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))?;
        required(
            reply.resource_server.and_then(convert::resource_server),
            OPERATION,
            about,
        )
    }

    /// `DescribeResourceServer`.
    pub async fn resource_server(
        &self,
        pool: &PoolId,
        identifier: &str,
    ) -> Result<ResourceServer, Error> {
        const OPERATION: &str = "DescribeResourceServer";
        let about = server_resource(pool, identifier);
        let call = self
            .cognito()
            .describe_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(identifier);
        let reply = call
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))?;
        required(
            reply.resource_server.and_then(convert::resource_server),
            OPERATION,
            about,
        )
    }

    /// `DeleteResourceServer`. Cognito does not refuse while clients list its scopes: they become inactive.
    pub async fn delete_resource_server(
        &self,
        pool: &PoolId,
        identifier: &str,
    ) -> Result<(), Error> {
        let call = self
            .cognito()
            .delete_resource_server()
            .user_pool_id(pool.as_str())
            .identifier(identifier);
        call.send()
            .await
            .map_err(self.failed("DeleteResourceServer", server_resource(pool, identifier)))?;
        Ok(())
    }
}

/// Names are not unique, so that trying again blindly may make a second client.
fn perhaps_made(error: Error) -> Error {
    match error.kind {
        ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Malformed | ErrorKind::Service => {
            Error {
                hint: "It may have been made all the same: refresh the list before trying again."
                    .to_owned(),
                ..error
            }
        }
        _ => error,
    }
}

fn server_resource(pool: &PoolId, identifier: &str) -> String {
    format!("{pool}, resource server {identifier}")
}

fn sdk_scopes(
    scopes: &[Scope],
    operation: &'static str,
) -> Result<Vec<ResourceServerScopeType>, Error> {
    let scope = |scope: &Scope| {
        ResourceServerScopeType::builder()
            .scope_name(&scope.name)
            .scope_description(&scope.description)
            .build()
    };
    let scopes: Result<_, BuildError> = scopes.iter().map(scope).collect();
    scopes.map_err(|error| Error::new(operation, ErrorKind::Invalid, error.to_string(), ""))
}
