//! Finds the pool or client that the user means.

use crate::cli::MACHINE_AUTH;
use crate::cognito::{ErrorKind, Gateway, all_pages};
use crate::commands::Failure;
use crate::domain::client::ClientSummary;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::lookup;
use crate::domain::pool::UserPool;
use crate::domain::shell::option_word;

/// The maximum of listed matches.
const LISTED: usize = 20;

/// The pool with this id, name or unique part of a name. Lists all pools unless `wanted` is an id.
///
/// # Errors
/// No match, or several, which are listed.
pub async fn pool(gateway: &Gateway, wanted: &str) -> Result<UserPool, Failure> {
    if PoolId::looks_like(wanted) {
        match gateway.pool(&PoolId::new(wanted)).await {
            // A name may look like an id.
            Err(error) if error.kind == ErrorKind::NotFound => {}
            found => return Ok(found?),
        }
    }
    Ok(gateway.pool(&pool_by_name(gateway, wanted).await?).await?)
}

/// The id of the pool, from the list of all pools.
async fn pool_by_name(gateway: &Gateway, wanted: &str) -> Result<PoolId, Failure> {
    let pools = all_pages(|next| gateway.pools(next)).await?;
    let candidates = pools
        .iter()
        .map(|pool| (pool.id.as_str(), pool.name.as_str()));
    let (id, _) = the_one("user pool", wanted, candidates, || {
        no_pool(wanted, gateway.region())
    })?;
    Ok(PoolId::new(id))
}

/// What to do if no pool matches.
fn no_pool(wanted: &str, ours: Option<&str>) -> String {
    let id = PoolId::looks_like(wanted).then(|| PoolId::new(wanted));
    match (id.as_ref().and_then(PoolId::region), ours) {
        (Some(theirs), Some(ours)) if theirs != ours => {
            format!(
                "The id is of Region {theirs}, this connection uses {ours}. Add {}.",
                option_word("--region", theirs)
            )
        }
        _ => "Names are case-sensitive. `cognitui list pools` lists all.".to_owned(),
    }
}

/// [`pool`] and its [`client`], read in parallel where possible.
///
/// # Errors
/// No match, or several, which are listed.
pub async fn pool_and_client(
    gateway: &Gateway,
    wanted_pool: &str,
    wanted_client: &str,
) -> Result<(UserPool, ClientSummary), Failure> {
    if PoolId::looks_like(wanted_pool) {
        let id = PoolId::new(wanted_pool);
        // The pool's error comes before the client's.
        let (pool, client) = tokio::join!(gateway.pool(&id), client(gateway, &id, wanted_client));
        match pool {
            Err(error) if error.kind == ErrorKind::NotFound => {}
            pool => return Ok((pool?, client?)),
        }
    }
    let id = pool_by_name(gateway, wanted_pool).await?;
    let (pool, client) = tokio::join!(gateway.pool(&id), client(gateway, &id, wanted_client));
    Ok((pool?, client?))
}

/// The client of `pool` with this id, name or unique part of a name.
///
/// # Errors
/// No match, or several, which are listed.
pub async fn client(
    gateway: &Gateway,
    pool: &PoolId,
    wanted: &str,
) -> Result<ClientSummary, Failure> {
    let clients = all_pages(|next| gateway.clients(pool, next)).await?;
    let candidates = clients
        .iter()
        .map(|client| (client.id.as_str(), client.name.as_str()));
    let (id, name) = the_one("app client", wanted, candidates, || no_client(pool, wanted))?;
    Ok(ClientSummary {
        id: ClientId::new(id),
        name: name.to_owned(),
    })
}

/// What to do if no client matches. AWS TEAM's client is a default, and a preset can create it.
fn no_client(pool: &PoolId, wanted: &str) -> String {
    let of_pool = option_word("--pool", pool.as_str());
    let list = format!("`cognitui list clients {of_pool}`");
    if wanted == MACHINE_AUTH {
        format!(
            "Use --client NAME ({list} lists all), or create it: \
             `cognitui setup team {of_pool} --apply`."
        )
    } else {
        format!("Names are case-sensitive. {list} lists all.")
    }
}

/// The one of `candidates` (id and name) that `wanted` means: id before name before part of a name. `or` says what
/// to do if none matches.
fn the_one<'a>(
    kind: &str,
    wanted: &str,
    candidates: impl Iterator<Item = (&'a str, &'a str)>,
    or: impl FnOnce() -> String,
) -> Result<(&'a str, &'a str), Failure> {
    let candidates: Vec<(&str, &str)> = candidates.collect();
    let found = lookup::meant(wanted, &candidates, |(id, _)| id, |(_, name)| name);
    match found.as_slice() {
        [one] => Ok(**one),
        [] => Err(Failure::not_found(
            format!("no {kind} matches {wanted:?}"),
            or(),
        )),
        several => {
            let mut lines = vec![format!(
                "{wanted:?} matches {} {kind}s; pass an id",
                several.len()
            )];
            let listed = several.iter().take(LISTED);
            lines.extend(listed.map(|(id, name)| format!("{id}  {name}")));
            if several.len() > LISTED {
                lines.push(format!("and {} more", several.len() - LISTED));
            }
            Err(Failure::Message(lines))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENTS: [(&str, &str); 5] = [
        ("1aaa", "batch"),
        ("2bbb", "batch-nightly"),
        ("3ccc", "orders"),
        ("4ddd", "orders"),
        ("batch", "report"),
    ];

    fn find(wanted: &str) -> Result<&'static str, String> {
        the_one("app client", wanted, CLIENTS.into_iter(), String::new)
            .map(|(id, _)| id)
            .map_err(|failure| failure.to_string())
    }

    #[test]
    fn an_id_comes_before_a_name_and_a_name_before_a_part_of_one() {
        assert_eq!(find("2bbb"), Ok("2bbb"));
        assert_eq!(find("batch"), Ok("batch"));
        assert_eq!(find("batch-nightly"), Ok("2bbb"));
        assert_eq!(find("night"), Ok("2bbb"));
        assert_eq!(find("repo"), Ok("batch"));
    }

    #[test]
    fn several_are_an_error_that_lists_them() {
        let error = find("orders").unwrap_err();
        assert_eq!(
            error,
            "\"orders\" matches 2 app clients; pass an id\n3ccc  orders\n4ddd  orders"
        );
        assert!(
            find("b")
                .unwrap_err()
                .starts_with("\"b\" matches 2 app clients")
        );
        assert!(find("Orders").unwrap_err().starts_with("no app client"));
    }

    #[test]
    fn a_long_list_of_matches_is_cut() {
        let names: Vec<(String, String)> = (0..25).map(|n| (n.to_string(), "x".into())).collect();
        let candidates = names.iter().map(|(id, name)| (id.as_str(), name.as_str()));
        let error = the_one("app client", "x", candidates, String::new)
            .unwrap_err()
            .to_string();
        assert_eq!(error.lines().count(), 1 + LISTED + 1);
        assert!(error.ends_with("and 5 more"));
    }

    #[test]
    fn ids_are_told_from_names() {
        assert!(PoolId::looks_like("eu-west-1_sT7eAm06d"));
        assert!(PoolId::looks_like("us-gov-west-1_Abcdef123"));
        assert!(!PoolId::looks_like("team06dbb7fc_userpool_06dbb7fc"));
        assert!(!PoolId::looks_like("us-east-1_prod"));
        assert!(!PoolId::looks_like("acme"));
    }
}
