//! Creates, updates and deletes app clients.

use secrecy::SecretString;

use super::reads::resource;
use crate::cognito::api::client_update;
use crate::cognito::error::Error;
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::convert::required;
use crate::cognito::sdk::json_body::{self, Members, ResponseBody};
use crate::cognito::sdk::retry::{made_once, may_have_created};
use crate::domain::client::{AppClient, ClientSettings};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;

/// A client that was just created.
#[derive(Clone, Debug)]
pub struct Created {
    pub client: AppClient,
    /// `None` for a public client and for a managed secret.
    pub secret: Option<SecretString>,
}

/// A client as described, and its secret if the description shows it. The members lack the secret.
pub struct DescribedClient {
    pub client: AppClient,
    pub secret: Option<SecretString>,
    pub members: Members,
}

impl DescribedClient {
    fn new(
        pool: &PoolId,
        id: &ClientId,
        mut members: Members,
        operation: &'static str,
    ) -> Result<Self, Error> {
        let about = resource(pool, id);
        let secret = client_update::take_secret(&mut members, operation, &about)?;
        let shown = secret.is_some();
        Ok(Self {
            client: client_update::app_client(pool, id, &members, shown, operation)?,
            secret,
            members,
        })
    }
}

const OBJECT: &str = "UserPoolClient";

impl Gateway {
    /// `CreateUserPoolClient`, with set fields only.
    pub async fn create_client(&self, pool: &PoolId, client: &NewClient) -> Result<Created, Error> {
        const OPERATION: &str = "CreateUserPoolClient";
        let about = format!("{pool}/{}", client.name);
        let request = client_update::creation(pool, client);
        let answered = ResponseBody::default();
        self.cognito()
            .create_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_name(&client.name)
            .customize()
            .config_override(made_once())
            .interceptor(answered.clone())
            .mutate_request(move |call| json_body::send(call, &request))
            .send()
            .await
            .map_err(self.failed(OPERATION, about.clone()))
            .map_err(may_have_created)?;
        let made =
            required(answered.object(OBJECT), OPERATION, &about).map_err(may_have_created)?;
        let id = json_body::Reader::new(&made)
            .text("ClientId")
            .map(ClientId::new);
        let id = required(id, OPERATION, about).map_err(may_have_created)?;
        let made = DescribedClient::new(pool, &id, made, OPERATION).map_err(may_have_created)?;
        Ok(Created {
            client: made.client,
            secret: made.secret,
        })
    }

    /// `DescribeUserPoolClient`, with the raw JSON.
    pub async fn describe_client(
        &self,
        pool: &PoolId,
        client: &ClientId,
    ) -> Result<DescribedClient, Error> {
        const OPERATION: &str = "DescribeUserPoolClient";
        let answered = ResponseBody::default();
        self.cognito()
            .describe_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(client.as_str())
            .customize()
            .interceptor(answered.clone())
            .send()
            .await
            .map_err(self.failed(OPERATION, resource(pool, client)))?;
        let members = required(answered.object(OBJECT), OPERATION, resource(pool, client))?;
        DescribedClient::new(pool, client, members, OPERATION)
    }

    /// Changes a client's settings by `change` and keeps all others: reads the client again, compares it with what was `seen`, and
    /// sends all settings back, since `UpdateUserPoolClient` resets what is not sent.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`](crate::cognito::error::ErrorKind::Changed), with nothing written, if the client was modified after it was `seen`.
    pub async fn update_client(
        &self,
        seen: &AppClient,
        change: impl FnOnce(&mut ClientSettings) + Send,
    ) -> Result<AppClient, Error> {
        let described = self.describe_unchanged(seen).await?;
        let before = described.client.settings;
        let mut after = before.clone();
        change(&mut after);
        let (pool, id) = (&seen.pool, &seen.id);
        let request = client_update::update(pool, id, described.members, &before, &after);
        self.send_update(pool, id, request).await
    }

    /// Moves a client's secret into AWS Secrets Manager (`managed`) or back to Cognito, and keeps all other settings. Moving it in
    /// rotates it at once and deletes the older of two secrets; moving it out deletes the Secrets Manager secret at once.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`](crate::cognito::error::ErrorKind::Changed), with nothing written, if the client was modified after it was `seen`.
    pub async fn move_secret(&self, seen: &AppClient, managed: bool) -> Result<AppClient, Error> {
        let described = self.describe_unchanged(seen).await?;
        let same = &described.client.settings;
        let (pool, id) = (&seen.pool, &seen.id);
        let mut request = client_update::update(pool, id, described.members, same, same);
        request.insert(
            client_update::PUBLISH.to_owned(),
            json_body::raw(&managed.into()),
        );
        self.send_update(pool, id, request).await
    }

    /// The current client, which equals what was `seen`.
    async fn describe_unchanged(&self, seen: &AppClient) -> Result<DescribedClient, Error> {
        let now = self.describe_client(&seen.pool, &seen.id).await?;
        // Dates count whole seconds, and two writes fit into one. So the descriptions are compared, too.
        let same = now.client.modified == seen.modified
            && now.client.settings == seen.settings
            && now.client.other == seen.other;
        if same {
            return Ok(now);
        }
        let detail = "the app client differs from what was read";
        Err(self.changed(UPDATE, detail, resource(&seen.pool, &seen.id)))
    }

    async fn send_update(
        &self,
        pool: &PoolId,
        id: &ClientId,
        request: Members,
    ) -> Result<AppClient, Error> {
        let answered = ResponseBody::default();
        self.cognito()
            .update_user_pool_client()
            .user_pool_id(pool.as_str())
            .client_id(id.as_str())
            .customize()
            .interceptor(answered.clone())
            .mutate_request(move |call| json_body::send(call, &request))
            .send()
            .await
            .map_err(self.failed(UPDATE, resource(pool, id)))?;
        let members = required(answered.object(OBJECT), UPDATE, resource(pool, id))?;
        Ok(DescribedClient::new(pool, id, members, UPDATE)?.client)
    }

    /// `DeleteUserPoolClient`. Issued tokens stay valid until they expire.
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

const UPDATE: &str = "UpdateUserPoolClient";
