//! `show`: every setting of one resource, and the ages of secrets.

mod secret_age;

use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Exit, Failure, identity, verdict};
use crate::cli::{ShowArgs, ShowWhat};
use crate::cognito::{Gateway, all_pages};
use crate::commands::documents::client::ClientDocument;
use crate::commands::documents::domain::DomainDocument;
use crate::commands::documents::pool::PoolDocument;
use crate::commands::documents::server::{ScopeDocument, ServerDocument};
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::{self, client_json};
use crate::commands::shared::{find, lookup, rows};
use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::pool::UserPool;

pub(super) async fn run(
    args: &ShowArgs,
    gateway: &Gateway,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let document: LocalBoxFuture<'_, Result<Value, Failure>> = match args.what {
        ShowWhat::Pool => Box::pin(pool(args, gateway)),
        ShowWhat::Client => Box::pin(client(args, gateway)),
        ShowWhat::Server => Box::pin(server(args, gateway)),
        ShowWhat::Scope => Box::pin(scope(args, gateway)),
        ShowWhat::Domain => Box::pin(domain(args, gateway)),
        ShowWhat::SecretAge => return secret_age::run(args, gateway, out).await,
    };
    let (document, who) = tokio::join!(document, identity(true, gateway));
    let mut document = document?;
    if let Some(member) = document.get_mut("identity") {
        *member = who;
    }
    verdict(
        rows::value(&document, args.output.format(), out),
        Exit::Done,
    )
}

/// A document as JSON.
fn value(document: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(document).map_err(|error| Failure::Print(error.into()))
}

/// The pool that `--pool` names.
fn wanted_pool(args: &ShowArgs) -> Result<&str, Failure> {
    args.pool.as_deref().ok_or_else(|| {
        Failure::usage(
            "--pool is missing",
            "Use --pool POOL: id, name or unique part of the name.",
        )
    })
}

/// The resource that is named.
fn wanted_name(args: &ShowArgs) -> Result<&str, Failure> {
    args.name.as_deref().ok_or_else(|| {
        Failure::usage(
            "the name is missing",
            "Use `cognitui show KIND NAME --pool POOL`; `cognitui list` lists the names.",
        )
    })
}

async fn pool(args: &ShowArgs, gateway: &Gateway) -> Result<Value, Failure> {
    let ((Some(wanted), None) | (None, Some(wanted))) = (&args.name, &args.pool) else {
        return Err(Failure::usage(
            "name one user pool",
            "Use `cognitui show pool POOL`.",
        ));
    };
    let id = lookup::pool(gateway, wanted).await?.id;
    let (pool, described) = gateway.pool_and_settings(&id).await?;
    let asked = gateway.token_endpoint(&pool);
    value(&PoolDocument::of(&pool, described, asked.as_deref()))
}

async fn client(args: &ShowArgs, gateway: &Gateway) -> Result<Value, Failure> {
    let (pool, found) =
        lookup::pool_and_client(gateway, wanted_pool(args)?, wanted_name(args)?).await?;
    let client = gateway.client(&pool.id, &found.id).await?;
    let secret = gateway.secret_state(&client).await;
    value(&ClientDocument::of(&client, &secret))
}

async fn server(args: &ShowArgs, gateway: &Gateway) -> Result<Value, Failure> {
    let wanted = wanted_name(args)?;
    let pool = lookup::pool(gateway, wanted_pool(args)?).await?;
    let servers = all_pages(|next| gateway.resource_servers(&pool.id, next)).await?;
    let server = find::server(&servers, &pool.id, wanted)?;
    value(&ServerDocument::of(&pool.id, server))
}

async fn scope(args: &ShowArgs, gateway: &Gateway) -> Result<Value, Failure> {
    let wanted = wanted_name(args)?;
    let pool = lookup::pool(gateway, wanted_pool(args)?).await?;
    let servers = all_pages(|next| gateway.resource_servers(&pool.id, next)).await?;
    let (server, scope) = find::scope(&servers, &pool.id, wanted)?;
    value(&ScopeDocument {
        identity: Value::Null,
        pool_id: pool.id.as_str().into(),
        scope: Some(wanted.to_owned()),
        identifier: server.identifier.as_str().into(),
        name: scope.name.as_str().into(),
        description: Some(scope.description.clone()),
        clients: holders(gateway, &pool.id, wanted).await?,
    })
}

/// The app clients that have a scope; null if not all are readable.
async fn holders(gateway: &Gateway, pool: &PoolId, scope: &str) -> Result<Value, Failure> {
    let (mut found, mut unread) = (Vec::new(), false);
    read_clients::as_far_as_allowed(gateway, pool, |_, client| match client {
        Some(client) => {
            let mut scopes = client.settings.scopes.iter();
            if scopes.any(|held| held.as_str() == scope) {
                found.push(client_json(&client));
            }
        }
        None => unread = true,
    })
    .await?;
    Ok(if unread { Value::Null } else { json!(found) })
}

async fn domain(args: &ShowArgs, gateway: &Gateway) -> Result<Value, Failure> {
    let pool = lookup::pool(gateway, wanted_pool(args)?).await?;
    let domains = gateway.domains(&pool).await?;
    let domain = match (&args.name, domains.as_slice()) {
        (Some(wanted), all) => find::domain(all, &pool.id, wanted)?,
        (None, [one]) => one,
        (None, all) => {
            let names: Vec<&str> = all.iter().map(|domain| domain.name.as_str()).collect();
            return Err(find::not_the_only(&pool.id, &names));
        }
    };
    let name = |custom| (domain.custom == custom).then(|| domain.name.clone());
    let alone = UserPool {
        prefix_domain: name(false),
        custom_domain: name(true),
        ..pool.clone()
    };
    let own = endpoints::token_endpoint(&alone);
    let asked = gateway.token_endpoint(&alone);
    value(&DomainDocument::of(
        &pool.id,
        domain,
        own.as_deref(),
        asked.as_deref(),
    ))
}
