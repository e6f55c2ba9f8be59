//! `list matrix`: app clients against scopes.

use super::list::Row;
use super::out::Out;
use super::{Exit, Failure, clients, find};
use crate::cli::{ListArgs, ListWhat};
use crate::cognito::{Gateway, Pace, all_pages};
use crate::domain::client::ClientSummary;
use crate::domain::ids::PoolId;
use crate::domain::scope_map::{Cell, ScopeMap};

/// The whole matrix of a pool.
pub(super) async fn read(
    pool: &PoolId,
    gateway: &Gateway,
    pace: &Pace,
) -> Result<ScopeMap, Failure> {
    let servers = all_pages(|next| gateway.resource_servers(pool, next)).await?;
    let clients = clients::described(gateway, pool, pace).await?;
    let listed: Vec<ClientSummary> = clients
        .iter()
        .map(|client| ClientSummary {
            id: client.id.clone(),
            name: client.settings.name.clone(),
        })
        .collect();
    let described = listed.iter().zip(clients.iter().map(Some));
    Ok(ScopeMap::of(&servers, described))
}

/// A row a client.
pub(super) fn rows<'a>(pool: &'a PoolId, map: &'a ScopeMap) -> impl Iterator<Item = Row> + 'a {
    map.rows
        .iter()
        .zip(map.json(pool))
        .enumerate()
        .map(move |(at, (client, json))| {
            let scopes = |wanted: Cell| {
                let columns = map.columns.iter().enumerate();
                let names: Vec<&str> = columns
                    .filter(|(column, _)| map.cell(at, *column) == Some(wanted))
                    .map(|(_, column)| column.scope.as_str())
                    .collect();
                names.join(" ")
            };
            Row {
                cells: vec![
                    pool.to_string(),
                    client.id.to_string(),
                    client.name.clone(),
                    scopes(Cell::Allowed),
                    scopes(Cell::Inactive),
                ],
                json,
            }
        })
}

/// Prints the matrix of one pool as CSV.
pub(super) async fn csv(
    args: &ListArgs,
    gateway: &Gateway,
    pace: &Pace,
    out: &mut Out,
) -> Result<Exit, Failure> {
    let (ListWhat::Matrix, Some(wanted)) = (args.what, &args.pool) else {
        return Err(Failure::new(
            "--csv goes with the matrix of one pool",
            "`cognitui list matrix --pool POOL --csv` has a column a scope, which differ from pool to pool.",
        ));
    };
    let pool = find::pool(gateway, wanted).await?;
    out.raw(&read(&pool.id, gateway, pace).await?.csv())?;
    Ok(Exit::Done)
}
