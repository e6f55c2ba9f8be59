//! Reading pools, clients and resource servers.

use std::collections::HashSet;

use super::classify;
use super::convert::{self, required};
use super::error::Error;
use super::gateway::Gateway;
use super::servers;
use super::wire::Answered;
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::pool::PoolSummary;
use crate::domain::resource_server::ResourceServer;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What to ask the following page with; `None` on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// `asked` is what the page was asked with.
    pub(super) fn new<S>(
        items: Option<Vec<S>>,
        convert: impl Fn(S) -> Option<T>,
        next: Option<String>,
        asked: Option<&str>,
    ) -> Self {
        Self {
            items: items
                .unwrap_or_default()
                .into_iter()
                .filter_map(convert)
                .collect(),
            // An empty token would ask for the first page again, and the same one for this page again.
            next: next.filter(|token| !token.is_empty() && Some(token.as_str()) != asked),
        }
    }
}

/// Reads a list to its end and hands over each page's items as they come, and whether they are the last.
///
/// # Errors
/// Reading failed, or `each` did.
pub async fn each_page<T, F, E>(
    read: impl Fn(Option<String>) -> F,
    mut each: impl FnMut(Vec<T>, bool) -> Result<(), E>,
) -> Result<(), E>
where
    F: Future<Output = Result<Page<T>, Error>>,
    E: From<Error>,
{
    let mut next = None;
    let mut seen = HashSet::new();
    loop {
        let page = read(next).await?;
        // A token that came before leads round in a circle, for ever.
        next = page.next.filter(|token| seen.insert(token.clone()));
        each(page.items, next.is_none())?;
        if next.is_none() {
            return Ok(());
        }
    }
}

/// A whole list.
///
/// # Errors
/// A page could not be read: half a list is none.
pub async fn all_pages<T, F>(read: impl Fn(Option<String>) -> F) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<Page<T>, Error>>,
{
    let mut all = Vec::new();
    let gather = |items, _last| {
        all.extend(items);
        Ok::<(), Error>(())
    };
    each_page(read, gather).await?;
    Ok(all)
}

/// Who is asking, by STS `GetCallerIdentity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub account: String,
    pub arn: String,
}

const POOLS_A_PAGE: i32 = 60;
const CLIENTS_A_PAGE: i32 = 60;
const SERVERS_A_PAGE: i32 = 50;

impl Gateway {
    /// `ListUserPools`: a page of up to 60 pools, the first or the one that `next` stands for.
    pub async fn pools(&self, next: Option<String>) -> Result<Page<PoolSummary>, Error> {
        let call = self
            .cognito()
            .list_user_pools()
            .max_results(POOLS_A_PAGE)
            .set_next_token(next.clone());
        let page = call
            .send()
            .await
            .map_err(self.failed("ListUserPools", None))?;
        Ok(Page::new(
            page.user_pools,
            convert::pool_summary,
            page.next_token,
            next.as_deref(),
        ))
    }

    /// `ListResourceServers`: a page of up to 50, with all their scopes.
    pub async fn resource_servers(
        &self,
        pool: &PoolId,
        next: Option<String>,
    ) -> Result<Page<ResourceServer>, Error> {
        let call = self
            .cognito()
            .list_resource_servers()
            .user_pool_id(pool.as_str())
            .max_results(SERVERS_A_PAGE)
            .set_next_token(next.clone());
        let answered = Answered::default();
        let page = call
            .customize()
            .interceptor(answered.clone())
            .send()
            .await
            .map_err(self.failed("ListResourceServers", pool.to_string()))?;
        let described = answered.list("ResourceServers").unwrap_or_default();
        let mut page = Page::new(
            Some(page.resource_servers),
            convert::resource_server,
            page.next_token,
            next.as_deref(),
        );
        for (server, described) in page.items.iter_mut().zip(&described) {
            servers::complete(server, described);
        }
        Ok(page)
    }

    /// `ListUserPoolClients`: a page of up to 60 names and ids.
    pub async fn clients(
        &self,
        pool: &PoolId,
        next: Option<String>,
    ) -> Result<Page<ClientSummary>, Error> {
        let call = self
            .cognito()
            .list_user_pool_clients()
            .user_pool_id(pool.as_str())
            .max_results(CLIENTS_A_PAGE)
            .set_next_token(next.clone());
        let page = call
            .send()
            .await
            .map_err(self.failed("ListUserPoolClients", pool.to_string()))?;
        Ok(Page::new(
            page.user_pool_clients,
            convert::client_summary,
            page.next_token,
            next.as_deref(),
        ))
    }

    /// `DescribeUserPoolClient`, without the secret, which is wiped as it arrives. AWS allows five a second for each pool.
    pub async fn client(&self, pool: &PoolId, client: &ClientId) -> Result<AppClient, Error> {
        Ok(self.describe_client(pool, client).await?.client)
    }

    /// STS `GetCallerIdentity`. It needs no permission; where it fails all the same, only a name is missing.
    pub async fn identity(&self) -> Result<Identity, Error> {
        const OPERATION: &str = "GetCallerIdentity";
        const STS: &str = "AWS STS";
        let reply = self
            .inner
            .sts
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| {
                classify::sdk_error(&error, "sts", OPERATION, None, &self.inner.origin)
            })?;
        Ok(Identity {
            account: required(reply.account, OPERATION, STS)?,
            arn: required(reply.arn, OPERATION, STS)?,
        })
    }
}

/// How errors name a client.
pub(super) fn resource(pool: &PoolId, client: &ClientId) -> String {
    format!("{pool}/{client}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tokens_that_lead_round_in_a_circle_come_to_an_end() {
        let read = |next: Option<String>| async move {
            let (item, next) = match next.as_deref() {
                None => (1, "a"),
                Some("a") => (2, "b"),
                Some(_) => (3, "a"),
            };
            Ok(Page {
                items: vec![item],
                next: Some(next.to_owned()),
            })
        };
        assert_eq!(all_pages(read).await.ok(), Some(vec![1, 2, 3]));
    }
}
