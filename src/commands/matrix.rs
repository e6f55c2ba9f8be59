//! `list matrix`: app clients against scopes.

use super::list::Row;
use super::out::Out;
use super::{Exit, Failure, clients, find, verdict};
use crate::cli::{ListArgs, ListWhat};
use crate::cognito::{Gateway, all_pages};
use crate::domain::ids::PoolId;
use crate::domain::scope_map::{Cell, ScopeMap};

/// The matrix of a pool, whole unless clients may not be described.
pub(super) async fn read(pool: &PoolId, gateway: &Gateway) -> Result<ScopeMap, Failure> {
    let servers = all_pages(|next| gateway.resource_servers(pool, next)).await?;
    let clients = clients::as_far_as_allowed(gateway, pool).await?;
    let clients = clients.iter();
    let clients = clients.map(|(listed, client)| (listed, client.as_ref()));
    Ok(ScopeMap::of(&servers, clients))
}

/// What stands in the place of the scopes of a client that may not be described.
const UNREAD: &str = "(not readable)";

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
                    match client.held {
                        Some(_) => scopes(Cell::Allowed),
                        None => UNREAD.to_owned(),
                    },
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
    out: &mut Out,
) -> Result<Exit, Failure> {
    let (ListWhat::Matrix, Some(wanted)) = (args.what, &args.pool) else {
        return Err(Failure::usage(
            "--csv goes with the matrix of one pool",
            "`cognitui list matrix --pool POOL --csv` has a column a scope, which differ from pool to pool.",
        ));
    };
    let pool = find::pool(gateway, wanted).await?;
    let map = read(&pool.id, gateway).await?;
    let exit = if map.is_whole() { Exit::Done } else { Exit::No };
    verdict(out.raw(&map.csv()), exit)
}
