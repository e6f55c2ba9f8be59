//! `list matrix`: app clients against scopes. Keeps only the scopes that each client has; builds full rows one by one while printing.

use crate::cli::{ListArgs, ListWhat};
use crate::cognito::{Gateway, all_pages};
use crate::commands::shared::output::Output;
use crate::commands::shared::{lookup, read_clients};
use crate::commands::{Exit, Failure, verdict};
use crate::domain::ids::PoolId;
use crate::domain::scope_matrix::{ClientRow, Listings, ScopeMatrix};

/// The matrix of a pool; partial if clients cannot be described.
pub async fn read(pool: &PoolId, gateway: &Gateway) -> Result<ScopeMatrix, Failure> {
    let servers = all_pages(|next| gateway.resource_servers(pool, next)).await?;
    let mut listings = Listings::default();
    read_clients::as_far_as_allowed(gateway, pool, |listed, client| {
        listings.push(listed, client.as_ref());
    })
    .await?;
    Ok(listings.map(&servers))
}

/// Replaces the scopes of a client that cannot be described.
pub const UNREAD: &str = "(not readable)";

/// The cells of the table, a row per client.
pub fn cells<'a>(pool: &'a PoolId, map: &'a ScopeMatrix) -> impl Iterator<Item = Vec<String>> + 'a {
    map.rows.iter().map(move |client| {
        vec![
            pool.to_string(),
            client.id.to_string(),
            client.name.clone(),
            match client.held {
                Some(_) => names(map, client, true),
                None => UNREAD.to_owned(),
            },
            names(map, client, false),
        ]
    })
}

/// A client's scopes that are defined, or are not.
fn names(map: &ScopeMatrix, client: &ClientRow, defined: bool) -> String {
    let listed = map.listed(client).filter(|scope| scope.defined == defined);
    let names: Vec<&str> = listed.map(|scope| scope.scope.as_str()).collect();
    names.join(" ")
}

/// Prints the matrix of one pool as CSV.
pub async fn csv(args: &ListArgs, gateway: &Gateway, out: &mut Output) -> Result<Exit, Failure> {
    let (ListWhat::Matrix, Some(wanted)) = (args.what, &args.pool) else {
        return Err(Failure::usage(
            "--csv needs matrix and --pool",
            "Use `cognitui list matrix --pool POOL --csv`: each pool has other scopes as columns.",
        ));
    };
    let pool = lookup::pool(gateway, wanted).await?;
    let map = read(&pool.id, gateway).await?;
    let exit = if map.is_whole() {
        Exit::Done
    } else {
        Exit::Failed
    };
    let printed = map.csv().try_for_each(|line| out.raw(&line));
    verdict(printed, exit)
}
