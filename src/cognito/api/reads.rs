//! Reads pools, clients and resource servers.

use crate::cognito::api::resource_servers;
use crate::cognito::error::Error;
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::convert::{self, required};
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::cognito::sdk::json_body::{self, ResponseBody};
use crate::cognito::sdk::pages::{ListOperation, Page};
use crate::cognito::sdk::sign_in::CredentialSession;
use crate::domain::client::{AppClient, ClientSummary, ClientType};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::pool::PoolSummary;
use crate::domain::resource_server::ResourceServer;

/// The caller, from STS `GetCallerIdentity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub account: String,
    pub arn: String,
}

const POOLS_A_PAGE: i32 = 60;
const CLIENTS_A_PAGE: i32 = 60;
const SERVERS_A_PAGE: i32 = 50;

impl Gateway {
    /// `ListUserPools`: a page of up to 60 pools, the first or the one that `next` names.
    pub async fn pools(&self, next: Option<String>) -> Result<Page<PoolSummary>, Error> {
        const OPERATION: &str = "ListUserPools";
        let call = self
            .cognito()
            .list_user_pools()
            .max_results(POOLS_A_PAGE)
            .set_next_token(next.clone());
        let page = call.send().await.map_err(self.failed(OPERATION, None))?;
        Page::new(
            list(OPERATION, None),
            page.user_pools,
            convert::pool_summary,
            page.next_token,
            next.as_deref(),
        )
    }

    /// `ListResourceServers`: a page of up to 50, with all their scopes.
    pub async fn resource_servers(
        &self,
        pool: &PoolId,
        next: Option<String>,
    ) -> Result<Page<ResourceServer>, Error> {
        const OPERATION: &str = "ListResourceServers";
        let call = self
            .cognito()
            .list_resource_servers()
            .user_pool_id(pool.as_str())
            .max_results(SERVERS_A_PAGE)
            .set_next_token(next.clone());
        let answered = ResponseBody::default();
        let page = call
            .customize()
            .interceptor(answered.clone())
            .send()
            .await
            .map_err(self.failed(OPERATION, pool.to_string()))?;
        let described = answered.list("ResourceServers").unwrap_or_default();
        let mut page = Page::new(
            list(OPERATION, Some(pool)),
            Some(page.resource_servers),
            convert::resource_server,
            page.next_token,
            next.as_deref(),
        )?;
        resource_servers::complete_all(&mut page.items, &described, OPERATION, pool)?;
        Ok(page)
    }

    /// `ListUserPoolClients`: a page of up to 60 names and ids.
    pub async fn clients(
        &self,
        pool: &PoolId,
        next: Option<String>,
    ) -> Result<Page<ClientSummary>, Error> {
        self.listed_clients(pool, None, next).await
    }

    /// The same for clients of one type. A page may be empty and have a next one. A server that does not know types lists all clients.
    pub async fn clients_of_type(
        &self,
        pool: &PoolId,
        client_type: &ClientType,
        next: Option<String>,
    ) -> Result<Page<ClientSummary>, Error> {
        let word = client_type.as_str().to_owned();
        self.listed_clients(pool, Some(word), next).await
    }

    async fn listed_clients(
        &self,
        pool: &PoolId,
        client_type: Option<String>,
        next: Option<String>,
    ) -> Result<Page<ClientSummary>, Error> {
        const OPERATION: &str = "ListUserPoolClients";
        let call = self
            .cognito()
            .list_user_pool_clients()
            .user_pool_id(pool.as_str())
            .max_results(CLIENTS_A_PAGE)
            .set_next_token(next.clone());
        let page = call
            .customize()
            .mutate_request(move |request| {
                // The SDK's type lacks this member.
                if let Some(word) = &client_type {
                    json_body::edit(request, |members| {
                        members.insert("ClientType".to_owned(), word.as_str().into());
                    });
                }
            })
            .send()
            .await
            .map_err(self.failed(OPERATION, pool.to_string()))?;
        Page::new(
            list(OPERATION, Some(pool)),
            page.user_pool_clients,
            convert::client_summary,
            page.next_token,
            next.as_deref(),
        )
    }

    /// `DescribeUserPoolClient`, without the secret, which is wiped on arrival. AWS allows 5 calls per second and pool.
    pub async fn client(&self, pool: &PoolId, client: &ClientId) -> Result<AppClient, Error> {
        Ok(self.describe_client(pool, client).await?.client)
    }

    /// STS `GetCallerIdentity`. It needs no permission; if it fails, only the caller's name is missing.
    pub async fn identity(&self) -> Result<Identity, Error> {
        let signer = self.inner.signer.as_ref();
        let before = signer.and_then(CredentialSession::key_id);
        let identity = identity(&self.inner.sts, &self.inner.origin).await?;
        if let Some(signer) = signer {
            signer.settle(&identity.account, before.as_deref());
        }
        Ok(identity)
    }
}

/// The name of the list, for errors.
fn list(operation: &'static str, of: Option<&PoolId>) -> ListOperation {
    ListOperation {
        operation,
        of: of.map(ToString::to_string),
    }
}

/// The caller of `client`'s credentials.
pub async fn identity(
    client: &aws_sdk_sts::Client,
    origin: &ConnectionInfo,
) -> Result<Identity, Error> {
    const OPERATION: &str = "GetCallerIdentity";
    const STS: &str = "AWS STS";
    let reply = client
        .get_caller_identity()
        .send()
        .await
        .map_err(|error| errors::sdk_error(&error, "sts", OPERATION, None, origin))?;
    Ok(Identity {
        account: required(reply.account, OPERATION, STS)?,
        arn: required(reply.arn, OPERATION, STS)?,
    })
}

/// How errors name a client.
pub fn resource(pool: &PoolId, client: &ClientId) -> String {
    format!("{pool}/{client}")
}
