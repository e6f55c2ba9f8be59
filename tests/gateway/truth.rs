//! Requested x allowed x defined: what the sandbox's token endpoint does in each case, and how the console explains it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cognitui::cognito::{Gateway, Target};
use cognitui::domain::client::{AppClient, TimeUnit, Validity};
use cognitui::domain::explain::{explain, scope_diff};
use cognitui::domain::ids::PoolId;
use cognitui::domain::new_client::m2m;
use cognitui::domain::oauth::token::{ClientAuth, OAuthError, TokenRequest};
use cognitui::domain::pool::UserPool;
use cognitui::domain::resource_server::{ResourceServer, Scope, ScopeState};
use cognitui::domain::scope::ScopeName;
use cognitui::sandbox::{Options, Sandbox};
use secrecy::SecretString;

/// Allowed and defined; allowed and deleted since; defined and not allowed; neither; of no resource server.
const ACTIVE: &str = "api/active";
const INACTIVE: &str = "api/inactive";
const BARRED: &str = "api/barred";
const UNKNOWN: &str = "api/unknown";
const BARE: &str = "openid";

const POOL: &str = "eu-west-1_sT7eAm06d";

fn server(names: &[&str]) -> ResourceServer {
    ResourceServer {
        identifier: "api".to_owned(),
        name: "api".to_owned(),
        scopes: names
            .iter()
            .map(|name| Scope {
                name: (*name).to_owned(),
                description: "for the test".to_owned(),
            })
            .collect(),
        ..ResourceServer::default()
    }
}

/// The expected result of a request.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Granted,
    Refused(&'static str),
}

/// Returns the result by the token endpoint's rules, written independently.
fn expected(requested: &[&str]) -> Expected {
    let has = |scope| requested.contains(&scope);
    if has(BARE) {
        Expected::Refused("invalid_scope")
    } else if has(BARRED) {
        Expected::Refused("invalid_grant")
    } else if has(ACTIVE) || requested.is_empty() {
        Expected::Granted
    } else {
        Expected::Refused("invalid_scope")
    }
}

/// A pool with all kinds of scopes, and a client of it.
struct World {
    _sandbox: Sandbox,
    gateway: Gateway,
    pool: UserPool,
    client: AppClient,
    secret: SecretString,
    servers: Vec<ResourceServer>,
}

async fn world() -> World {
    let options = Options {
        sample: true,
        seed: Some(1),
        ..Options::default()
    };
    let sandbox = Sandbox::start(options).await.unwrap();
    let target = Target::sandbox(&sandbox.url(), "eu-west-1");
    let gateway = Gateway::connect(target, Arc::new(|_| {})).await.unwrap();
    let pool = gateway.pool(&PoolId::new(POOL)).await.unwrap();
    let server = server(&["active", "inactive", "barred"]);
    gateway
        .create_resource_server(&pool.id, &server)
        .await
        .unwrap();
    let hour = Validity {
        value: 1,
        unit: TimeUnit::Hours,
    };
    let allowed = [ACTIVE, INACTIVE].map(ScopeName::new).to_vec();
    let client = m2m("cells", allowed, hour);
    let created = gateway.create_client(&pool.id, &client).await.unwrap();
    // The scope goes, the client keeps it: it is inactive from now on.
    sandbox.edit(|state| {
        let pool = state.pools.get_mut(POOL).unwrap();
        let server = pool.servers.iter_mut().find(|s| s.identifier == "api");
        let scopes = &mut server.unwrap().scopes;
        scopes.retain(|scope| scope.scope_name != "inactive");
    });
    let servers = gateway
        .resource_servers(&pool.id, None)
        .await
        .unwrap()
        .items;
    let inactive = ScopeState::of(&ScopeName::new(INACTIVE), &servers);
    assert_eq!(inactive, ScopeState::Inactive);
    World {
        _sandbox: sandbox,
        gateway,
        pool,
        client: created.client,
        secret: created.secret.unwrap(),
        servers,
    }
}

#[tokio::test]
async fn every_cell_is_what_the_console_says() {
    let world = world().await;
    let kinds = [ACTIVE, INACTIVE, BARRED, UNKNOWN, BARE];
    for cell in 0..1_usize << kinds.len() {
        let requested: Vec<&str> = kinds
            .iter()
            .enumerate()
            .filter(|(bit, _)| cell & (1 << bit) != 0)
            .map(|(_, scope)| *scope)
            .collect();
        let request = TokenRequest {
            pool: world.pool.id.clone(),
            client: world.client.id.clone(),
            endpoint: world.gateway.token_endpoint(&world.pool).unwrap(),
            scopes: requested
                .iter()
                .map(|scope| ScopeName::new(*scope))
                .collect(),
            auth: ClientAuth::Basic,
            metadata: BTreeMap::new(),
        };
        let reply = world.gateway.issue(&request, &world.secret).await.unwrap();
        match reply.outcome {
            Ok(token) => {
                assert_eq!(expected(&requested), Expected::Granted, "{requested:?}");
                granted(&world, &request, &requested, &token.jwt.scopes());
            }
            Err(error) => refused(&world, &request, &requested, &error),
        }
    }
}

/// Checks that a token has only the active scope, and that the console says why each of the others is missing.
fn granted(world: &World, request: &TokenRequest, requested: &[&str], granted: &[ScopeName]) {
    assert_eq!(granted, [ScopeName::new(ACTIVE)], "{requested:?}");
    let (client, pool) = (Some(&world.client), Some(&world.pool));
    let diff = scope_diff(&request.scopes, granted, client, Some(&world.servers), pool);
    assert_eq!(
        (diff.granted.len(), diff.extra.len()),
        (1, 0),
        "{requested:?}"
    );
    let missing: BTreeSet<&str> = diff
        .missing
        .iter()
        .map(|(scope, _)| scope.as_str())
        .collect();
    let all = requested.is_empty();
    let left_out: BTreeSet<&str> = [INACTIVE, UNKNOWN]
        .into_iter()
        .filter(|scope| requested.contains(scope) || (all && *scope == INACTIVE))
        .collect();
    assert_eq!(missing, left_out, "{requested:?}");
    for (scope, why) in &diff.missing {
        let reason = if scope.as_str() == INACTIVE {
            "inactive: its resource server"
        } else {
            "no resource server defines it"
        };
        assert!(why.starts_with(reason), "{requested:?}: {why}");
    }
}

/// Checks that the console's first cause is the one of the rules.
fn refused(world: &World, request: &TokenRequest, requested: &[&str], error: &OAuthError) {
    let Expected::Refused(code) = expected(requested) else {
        panic!("{requested:?}: {error:?}");
    };
    assert_eq!(error.code.as_deref(), Some(code), "{requested:?}");
    let (client, pool) = (Some(&world.client), Some(&world.pool));
    let told = explain(
        error,
        400,
        request,
        client,
        None,
        Some(&world.servers),
        pool,
    );
    let first = &told.causes[0];
    assert!(first.likely, "{requested:?}: {first:?}");
    let words = format!("{} {}", first.text, first.evidence.clone().unwrap());
    let reason = if code == "invalid_grant" {
        format!("Not among the client's scopes: {BARRED}")
    } else if requested.contains(&BARE) {
        format!("Without a resource server: {BARE}")
    } else if requested.contains(&INACTIVE) {
        format!("No resource server defines {INACTIVE}")
    } else {
        format!("No resource server defines {UNKNOWN}")
    };
    assert!(words.contains(&reason), "{requested:?}: {words}");
}
