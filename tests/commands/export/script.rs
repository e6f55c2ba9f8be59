//! The script, run by bash with the real AWS CLI against an empty account.

use std::collections::BTreeMap;
use std::process::Command;

use cognitui::sandbox::state::{Pool, State};
use serde_json::{Value, json};

use super::{DEVICES, EMPLOYEES, PROD, STRANGE, beside_python, export, kept, pool, strange_world};
use crate::world::{Ran, World, ran};

/// Runs a script against `account`.
pub fn run(account: &World, script: &str, more: &[(&str, &str)]) -> Ran {
    let aws = beside_python("aws");
    let tools = aws.parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let mut bash = Command::new("bash");
    bash.arg(script)
        .env_clear()
        .envs(account.environment())
        .env("AWS_ENDPOINT_URL", account.sandbox.url())
        .env("PATH", format!("{tools}:{path}"))
        .envs(more.iter().copied());
    ran(&mut bash)
}

/// Returns the settings of a pool that an export covers.
fn settings(pool: &Pool) -> Value {
    let at = |path: &str| pool.settings.get(path).cloned();
    json!({
        "name": pool.name,
        "tags": pool.tags,
        "protection": at("DeletionProtection"),
        "tier": at("UserPoolTier"),
        "admin": at("AdminCreateUserConfig").map(|users| users["AllowAdminCreateUserOnly"].clone()),
        "usernames": at("UsernameAttributes"),
        "trigger": at("LambdaConfig").and_then(|lambdas| lambdas.get("PreTokenGenerationConfig").cloned()),
        "issuer": at("IssuerConfiguration"),
    })
}

/// Returns name, certificate and branding of a pool's domains.
fn domains(state: &State, pool: &Pool) -> Value {
    let own = state
        .domains
        .iter()
        .filter(|(_, domain)| domain.pool == pool.id);
    let facts = own
        .map(|(name, domain)| json!([name, domain.certificate_arn, domain.managed_login_version]));
    facts.collect()
}

/// Returns the resource servers of a pool, sorted.
fn servers(pool: &Pool) -> Value {
    let servers = pool.servers.iter();
    let by_identifier: BTreeMap<_, _> = servers
        .map(|server| (&server.identifier, (&server.name, &server.scopes)))
        .collect();
    json!(by_identifier)
}

/// Checks that the script of a whole pool creates the same pool in an empty account.
fn makes_it_again(name: &str) {
    let world = strange_world();
    // The CLI takes its time: a few clients will do.
    world.sandbox.edit(|state| {
        let pools = state.pools.values_mut();
        pools.for_each(|pool| pool.clients.truncate(4));
    });
    let account = World::empty();
    let script = export(&world, "cli", name, None);
    let ran = run(&account, &script, &[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (there, state) = (pool(&world, name), account.sandbox.state());
    assert_eq!(state.pools.len(), 1);
    let made = state.pools.values().next().unwrap();
    assert_eq!(settings(made), settings(&there));
    assert_eq!(servers(made), servers(&there));
    assert_eq!(
        domains(&state, made),
        domains(&world.sandbox.state(), &there)
    );
    let machines = there
        .clients
        .iter()
        .filter(|client| !client.secrets.is_empty() && client.list("CallbackURLs").is_empty());
    assert_eq!(made.clients.len(), machines.count());
    for client in &made.clients {
        assert_eq!(
            json!(client.settings),
            kept(&there, &client.name),
            "{}",
            client.name
        );
        assert_eq!(client.secrets.len(), 1);
        let secret = &client.secrets[0].value;
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret));
        assert!(
            ran.out.contains(&format!("={}\n", client.id)),
            "{}",
            ran.out
        );
    }
    assert!(ran.out.contains(&format!("USER_POOL_ID={}\n", made.id)));
}

#[test]
fn a_pool_with_a_custom_domain_is_made_again() {
    makes_it_again(PROD);
}

#[test]
fn a_pool_without_a_domain_is_made_again() {
    makes_it_again(DEVICES);
}

#[test]
fn a_pool_with_the_updated_issuer_is_made_again() {
    makes_it_again(EMPLOYEES);
}

#[test]
fn a_pool_of_strange_names_is_made_again() {
    makes_it_again(STRANGE);
}

#[test]
fn a_copy_in_the_same_region_takes_another_prefix() {
    let world = World::new();
    let script = export(&world, "cli", "ml-feature-store", None);
    let taken = run(&world, &script, &[]);
    assert_ne!(taken.code, 0);
    taken.said(&["Domain already associated"]);
    let other = run(&world, &script, &[("DOMAIN_PREFIX", "a-copy")]);
    assert_eq!(other.code, 0, "{}", other.err);
    assert!(world.sandbox.state().domains.contains_key("a-copy"));
}

#[test]
fn one_client_is_made_in_another_pool_with_the_servers_it_needs() {
    let world = World::new();
    let script = export(&world, "cli", PROD, Some("checkout"));
    let target = "eu-west-1_sT7eAm06d";
    for _ in 0..2 {
        // The second time the servers are there.
        let ran = run(&world, &script, &[("USER_POOL_ID", target)]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let made = world.sandbox.state().pools[target].clone();
    let servers: Vec<&str> = made.servers.iter().map(|s| s.identifier.as_str()).collect();
    assert_eq!(servers.len(), 2, "{servers:?}");
    let prod = pool(&world, PROD);
    let copies = made
        .clients
        .iter()
        .filter(|client| client.name == "checkout");
    for client in copies {
        assert_eq!(json!(client.settings), kept(&prod, "checkout"));
    }
    let token = [
        "token",
        "--pool",
        target,
        "--client",
        &made.clients.last().unwrap().id,
    ];
    assert_eq!(world.run(&token).answer().matches('.').count(), 2);
}
