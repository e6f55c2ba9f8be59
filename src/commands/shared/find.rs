//! Finds a resource server, a scope or a domain in a list.

use crate::commands::Failure;
use crate::domain::ids::PoolId;
use crate::domain::pool::Domain;
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::shell::option_word;

/// The resource server with this identifier.
///
/// # Errors
/// There is none.
pub fn server<'a>(
    servers: &'a [ResourceServer],
    pool: &PoolId,
    wanted: &str,
) -> Result<&'a ResourceServer, Failure> {
    let mut all = servers.iter();
    all.find(|server| server.identifier == wanted)
        .ok_or_else(|| none("resource server", "servers", pool, wanted))
}

/// The scope with this full name, and its resource server.
///
/// # Errors
/// There is none.
pub fn scope<'a>(
    servers: &'a [ResourceServer],
    pool: &PoolId,
    wanted: &str,
) -> Result<(&'a ResourceServer, &'a Scope), Failure> {
    let (identifier, name) = split(wanted)?;
    let found = servers
        .iter()
        .find(|server| server.identifier == identifier)
        .and_then(|server| {
            let scope = server.scopes.iter().find(|scope| scope.name == name)?;
            Some((server, scope))
        });
    found.ok_or_else(|| none("scope", "scopes", pool, wanted))
}

/// Identifier and name of a full scope.
///
/// # Errors
/// It is no scope of a resource server.
pub fn split(wanted: &str) -> Result<(String, String), Failure> {
    let scope = ScopeName::new(wanted);
    let parts = scope.split();
    parts
        .map(|(identifier, name)| (identifier.to_owned(), name.to_owned()))
        .ok_or_else(|| {
            Failure::usage(
                format!("{wanted:?} is not a scope of a resource server"),
                "Use IDENTIFIER/NAME, such as api/admin.",
            )
        })
}

/// The domain with this name.
///
/// # Errors
/// There is none.
pub fn domain<'a>(
    domains: &'a [Domain],
    pool: &PoolId,
    wanted: &str,
) -> Result<&'a Domain, Failure> {
    let mut all = domains.iter();
    all.find(|domain| domain.name == wanted)
        .ok_or_else(|| none("domain", "domains", pool, wanted))
}

/// There is no domain, or more than one.
pub fn not_the_only(pool: &PoolId, names: &[&str]) -> Failure {
    if names.is_empty() {
        return Failure::not_found(
            format!("user pool {pool} has no domain"),
            "Create one with `cognitui create domain`.",
        );
    }
    Failure::usage(
        format!("user pool {pool} has {} domains", names.len()),
        format!("Name one: {}.", names.join(", ")),
    )
}

fn none(kind: &str, list: &str, pool: &PoolId, wanted: &str) -> Failure {
    Failure::not_found(
        format!("no {kind} {wanted:?} in user pool {pool}"),
        format!(
            "Names are case-sensitive. `cognitui list {list} {}` lists all.",
            option_word("--pool", pool.as_str())
        ),
    )
}
