//! `delete`.

use super::update::Edit;
use super::{Change, Run, all_clients};
use crate::cli::{DeleteArgs, DeleteOneArgs, DeletePoolArgs, DeleteScopesArgs, DeleteWhat};
use crate::cognito::{Gateway, all_pages};
use crate::commands::shared::output::Output;
use crate::commands::shared::{find, lookup};
use crate::commands::{Exit, Failure, Interrupts};
use crate::domain::plan::{self, Target};

pub(in crate::commands) async fn run(
    args: &DeleteArgs,
    gateway: &Gateway,
    interrupts: Interrupts,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let change = match &args.what {
        DeleteWhat::Client(args) => client(args, gateway).await?,
        DeleteWhat::Server(args) => server(args, gateway).await?,
        DeleteWhat::Scope(args) => scope(args, gateway).await?,
        DeleteWhat::Domain(args) => domain(args, gateway).await?,
        DeleteWhat::Pool(args) => pool(args, gateway).await?,
    };
    let run = Run {
        write: args.what.write(),
        confirm: Some(args.what.confirm()),
        gateway,
        interrupts,
    };
    run.finish(change, out).await
}

async fn client(args: &DeleteOneArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let (pool, client) = lookup::pool_and_client(gateway, &args.pool.pool, &args.name).await?;
    // Its type is shown if it can be read.
    let described = gateway.client(&pool.id, &client.id).await.ok();
    Ok(Change {
        plan: plan::delete_client(Target::from(&pool), &client),
        clients: described.into_iter().collect(),
        name: client.name,
    })
}

async fn server(args: &DeleteScopesArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let pool = lookup::pool(gateway, &args.pool.pool).await?;
    let servers = all_pages(|next| gateway.resource_servers(&pool.id, next)).await?;
    let server = find::server(&servers, &pool.id, &args.name)?;
    let clients = all_clients(gateway, &pool.id).await?;
    let target = Target::from(&pool);
    Ok(Change {
        plan: plan::delete_server(target, server, &clients, &servers, args.prune),
        clients: Vec::new(),
        name: server.identifier.clone(),
    })
}

async fn scope(args: &DeleteScopesArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let pool = lookup::pool(gateway, &args.pool.pool).await?;
    let servers = all_pages(|next| gateway.resource_servers(&pool.id, next)).await?;
    let (before, scope) = find::scope(&servers, &pool.id, &args.name)?;
    let mut after = before.clone();
    after.scopes.retain(|there| there.name != scope.name);
    let edit = Edit {
        pool: &pool,
        servers: &servers,
        prune: args.prune,
    };
    let change = edit.plan(before, &after, gateway).await?;
    Ok(Change {
        name: args.name.clone(),
        ..change
    })
}

async fn domain(args: &DeleteOneArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let pool = lookup::pool(gateway, &args.pool.pool).await?;
    let (domains, clients) = tokio::try_join!(
        gateway.domains(&pool),
        all_pages(|next| gateway.clients(&pool.id, next)),
    )?;
    let domain = find::domain(&domains, &pool.id, &args.name)?;
    Ok(Change {
        plan: plan::delete_domain(Target::from(&pool), domain, &clients),
        clients: Vec::new(),
        name: domain.name.clone(),
    })
}

async fn pool(args: &DeletePoolArgs, gateway: &Gateway) -> Result<Change, Failure> {
    let pool = lookup::pool(gateway, &args.pool).await?;
    let (domains, clients) = tokio::try_join!(
        gateway.domains(&pool),
        all_pages(|next| gateway.clients(&pool.id, next)),
    )?;
    Ok(Change {
        plan: plan::delete_pool(&pool, &domains, &clients),
        clients: Vec::new(),
        name: pool.name.clone(),
    })
}
