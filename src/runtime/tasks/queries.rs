//! Queries: the calls that answer each.

use std::time::Instant;

use crate::app::message::{PoolAnswer, Query, QueryResult, RequestId, TaskEvent};
use crate::cognito::{Error, Gateway, Page, each_page, note};
use crate::runtime::tasks::context::TaskContext;

/// Answers a query, in pages if it has pages.
pub(super) async fn fetch(shared: TaskContext, query: Query, run: RequestId) {
    let start = Instant::now();
    let send = |data, last| {
        shared.send(TaskEvent::Loaded {
            query: query.clone(),
            run,
            data,
            last,
        });
    };
    let outcome = match shared.gateway().await {
        Ok(gateway) => answer(gateway, &query, send).await,
        Err(error) => Err(error),
    };
    note(&format!("{query:?}"), start, outcome.as_ref().err());
    if let Err(error) = outcome {
        shared.send(TaskEvent::Failed { query, run, error });
    }
}

/// Answers a query: `send` receives each piece, and whether it is the last.
///
/// # Errors
/// The answer, or the rest of it, could not be read.
pub async fn answer(
    gateway: &Gateway,
    query: &Query,
    send: impl Fn(QueryResult, bool),
) -> Result<(), Error> {
    let data = match query {
        Query::Identity => QueryResult::Identity(gateway.identity().await?),
        Query::Pools => return pages(QueryResult::Pools, send, |next| gateway.pools(next)).await,
        Query::Pool(pool) => {
            let pool = gateway.pool(pool).await?;
            QueryResult::Pool(PoolAnswer {
                token_endpoint: gateway.token_endpoint(&pool),
                pool,
            })
        }
        Query::Domains(pool) => {
            let pool = gateway.pool(pool).await?;
            QueryResult::Domains(gateway.domains(&pool).await?)
        }
        Query::ResourceServers(pool) => {
            let read = |next| gateway.resource_servers(pool, next);
            return pages(QueryResult::ResourceServers, send, read).await;
        }
        Query::Clients(pool) => {
            let read = |next| gateway.clients(pool, next);
            return pages(QueryResult::Clients, send, read).await;
        }
        Query::Client(pool, client) => {
            gateway.pace().turn(pool, "DescribeUserPoolClient").await;
            QueryResult::Client(gateway.client(pool, client).await?)
        }
        Query::Secrets(pool, client) => {
            gateway.pace().turn(pool, "ListUserPoolClientSecrets").await;
            QueryResult::Secrets(gateway.secrets(pool, client).await?)
        }
        Query::DnsRecord(_, domain) => QueryResult::DnsRecord(gateway.dns_record(domain).await),
        Query::ManagedSecret(_, arn) => {
            QueryResult::ManagedSecret(gateway.managed_secret(arn).await?)
        }
        Query::CurrentState(desired) => {
            QueryResult::CurrentState(Box::new(gateway.read_plan_input(desired).await?))
        }
        Query::DomainOwner(name) => QueryResult::DomainOwner(gateway.domain_owner(name).await?),
        Query::GraphApis => QueryResult::GraphApis(gateway.team_graph_apis().await?),
    };
    send(data, true);
    Ok(())
}

/// Reads a list to its end and sends each page as it arrives.
async fn pages<T, F>(
    data: fn(Vec<T>) -> QueryResult,
    send: impl Fn(QueryResult, bool),
    read: impl Fn(Option<String>) -> F,
) -> Result<(), Error>
where
    F: Future<Output = Result<Page<T>, Error>>,
{
    each_page(read, |items, last| {
        send(data(items), last);
        Ok(())
    })
    .await
}
