//! Requested x allowed x defined: what the sandbox's token endpoint does in each case, and what the console says of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use cognitui::cognito::{Gateway, Target};
use cognitui::domain::client::{TimeUnit, Validity};
use cognitui::domain::explain::{explain, scope_diff};
use cognitui::domain::ids::PoolId;
use cognitui::domain::new_client::m2m;
use cognitui::domain::resource_server::{ResourceServer, Scope};
use cognitui::domain::scope::{ScopeName, ScopeState};
use cognitui::domain::token::{ClientAuth, TokenRequest};
use cognitui::sandbox::{Options, Sandbox};

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
    }
}

/// What must come of a request.
#[derive(Debug, PartialEq, Eq)]
enum Expected {
    Granted,
    Refused(&'static str),
}

/// The rule order of the token endpoint, written down once more.
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

#[tokio::test]
async fn every_cell_is_what_the_console_says() {
    let sandbox = Sandbox::start(Options {
        sample: true,
        seed: Some(1),
        ..Options::default()
    })
    .await
    .unwrap();
    let target = Target::sandbox(&sandbox.url(), "eu-west-1");
    let gateway = Gateway::connect(target, Arc::new(|_| {})).await.unwrap();
    let pool = gateway.pool(&PoolId::new(POOL)).await.unwrap();
    gateway
        .create_resource_server(&pool.id, &server(&["active", "inactive", "barred"]))
        .await
        .unwrap();
    let hour = Validity {
        value: 1,
        unit: TimeUnit::Hours,
    };
    let allowed = [ACTIVE, INACTIVE].map(ScopeName::new).to_vec();
    let created = gateway
        .create_client(&pool.id, &m2m("cells", allowed, hour))
        .await
        .unwrap();
    let (client, secret) = (created.client, created.secret.unwrap());
    // The scope goes, the client keeps it: it is inactive from now on.
    sandbox.edit(|state| {
        let pool = state.pools.get_mut(POOL).unwrap();
        let server = pool
            .servers
            .iter_mut()
            .find(|s| s.identifier == "api")
            .unwrap();
        server.scopes.retain(|scope| scope.scope_name != "inactive");
    });
    let servers = gateway
        .resource_servers(&pool.id, None)
        .await
        .unwrap()
        .items;
    assert_eq!(
        ScopeState::of(&ScopeName::new(INACTIVE), &servers),
        ScopeState::Inactive
    );

    let kinds = [ACTIVE, INACTIVE, BARRED, UNKNOWN, BARE];
    for cell in 0..1_usize << kinds.len() {
        let requested: Vec<&str> = kinds
            .iter()
            .enumerate()
            .filter(|(bit, _)| cell & (1 << bit) != 0)
            .map(|(_, scope)| *scope)
            .collect();
        let request = TokenRequest {
            pool: pool.id.clone(),
            client: client.id.clone(),
            endpoint: gateway.token_endpoint(&pool).unwrap(),
            scopes: requested
                .iter()
                .map(|scope| ScopeName::new(*scope))
                .collect(),
            auth: ClientAuth::Basic,
            metadata: std::collections::BTreeMap::new(),
        };
        let reply = gateway.issue(&request, &secret).await.unwrap();
        let has = |scope: &str| requested.contains(&scope);
        match reply.outcome {
            Ok(token) => {
                assert_eq!(expected(&requested), Expected::Granted, "{requested:?}");
                let granted = token.jwt.scopes();
                assert_eq!(granted, [ScopeName::new(ACTIVE)], "{requested:?}");
                let diff = scope_diff(
                    &request.scopes,
                    &granted,
                    Some(&client),
                    &servers,
                    Some(&pool),
                );
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
                let left_out: BTreeSet<&str> = [INACTIVE, UNKNOWN]
                    .into_iter()
                    .filter(|scope| has(scope) || (requested.is_empty() && *scope == INACTIVE))
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
            Err(error) => {
                let code = error.code.clone().unwrap();
                assert_eq!(
                    expected(&requested),
                    Expected::Refused(match code.as_str() {
                        "invalid_scope" => "invalid_scope",
                        "invalid_grant" => "invalid_grant",
                        other => panic!("{requested:?}: {other}"),
                    }),
                    "{requested:?}"
                );
                let told = explain(
                    &error,
                    reply.exchange.status,
                    &request,
                    Some(&client),
                    &servers,
                    Some(&pool),
                );
                let first = &told.causes[0];
                assert!(first.likely, "{requested:?}: {first:?}");
                let words = format!("{} {}", first.text, first.evidence.clone().unwrap());
                let reason = match code.as_str() {
                    "invalid_grant" => format!("Not among the client's scopes: {BARRED}"),
                    _ if has(BARE) => format!("Without a resource server: {BARE}"),
                    _ if has(INACTIVE) => format!("No resource server defines {INACTIVE}"),
                    _ => format!("No resource server defines {UNKNOWN}"),
                };
                assert!(words.contains(&reason), "{requested:?}: {words}");
            }
        }
    }
}
