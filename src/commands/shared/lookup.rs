//! From what a person typed to the one pool or client it means.

use crate::cli::MACHINE_AUTH;
use crate::cognito::{ErrorKind, Gateway, all_pages};
use crate::commands::Failure;
use crate::domain::client::ClientSummary;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::lookup;
use crate::domain::pool::UserPool;
use crate::domain::shell::option_word;

/// How many of several matches are listed.
const LISTED: usize = 20;

/// The pool with this id, this name, or the only one with this in its name. All pools are looked through, unless an id makes that
/// needless.
///
/// # Errors
/// There is none or there are several, which are listed.
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

/// What to do where there is no pool of that id or name.
fn no_pool(wanted: &str, ours: Option<&str>) -> String {
    let id = PoolId::looks_like(wanted).then(|| PoolId::new(wanted));
    match (id.as_ref().and_then(PoolId::region), ours) {
        (Some(theirs), Some(ours)) if theirs != ours => {
            format!(
                "That id is of {theirs}, and this looks at {ours}: add {}.",
                option_word("--region", theirs)
            )
        }
        _ => "Names are compared letter by letter. `cognitui list pools` shows what there is."
            .to_owned(),
    }
}

/// [`pool`] and [`client`] of it, with nothing asked for in turn that can be asked for at once.
///
/// # Errors
/// There is none or there are several, which are listed.
pub async fn pool_and_client(
    gateway: &Gateway,
    wanted_pool: &str,
    wanted_client: &str,
) -> Result<(UserPool, ClientSummary), Failure> {
    if PoolId::looks_like(wanted_pool) {
        let id = PoolId::new(wanted_pool);
        // Whatever is wrong with the pool comes before what is wrong with its client.
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

/// The client of `pool` with this id, this name, or the only one with this in its name.
///
/// # Errors
/// There is none or there are several, which are listed.
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

/// What to do where a pool has no client of that name. AWS TEAM's may be looked for though nobody typed its name, and can be made.
fn no_client(pool: &PoolId, wanted: &str) -> String {
    let of_pool = option_word("--pool", pool.as_str());
    let list = format!("`cognitui list clients {of_pool}`");
    if wanted == MACHINE_AUTH {
        format!(
            "Name another with --client ({list} shows them), or make this one: \
             `cognitui setup team {of_pool} --apply`."
        )
    } else {
        format!("Names are compared letter by letter. {list} shows what there is.")
    }
}

/// The one of `candidates` (id and name) that `wanted` means: by id before by name, by name before by part of a name. `or` says what
/// to do where there is none.
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
        [] => Err(Failure::new(
            format!("no {kind} has the id {wanted}, or it in its name"),
            or(),
        )),
        several => {
            let by_name = several.iter().any(|(_, name)| *name == wanted);
            let how = if by_name {
                "are named"
            } else {
                "have in their name"
            };
            let mut lines = vec![format!(
                "{} {kind}s {how} {wanted}: say which by its id",
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
            "2 app clients are named orders: say which by its id\n3ccc  orders\n4ddd  orders"
        );
        assert!(
            find("b")
                .unwrap_err()
                .starts_with("2 app clients have in their name b")
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
