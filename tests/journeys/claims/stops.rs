//! Every screen that depends on loaded data, each opened directly.

use cognitui::app::message::{
    AccessQuestion, CopyMenu, DeleteTarget, Route, SetupOrigin, SetupOutcome, SetupTarget,
};
use cognitui::domain::client_rules::Setting;
use cognitui::domain::doctor::Fix;
use cognitui::domain::ids::PoolId;
use cognitui::domain::new_client::{machine_auth, machine_auth_server};
use cognitui::domain::plan::{DesiredPool, DesiredState};
use cognitui::domain::scope::ScopeName;

use super::world::{MANAGED, POOL, World};

/// A screen: its route, the keys that lead on from it, and those that may be refused on it.
pub struct Stop {
    pub name: &'static str,
    pub route: Route,
    pub keys: &'static str,
    pub probes: &'static str,
    /// Whether a token was issued before the keys.
    pub token: bool,
}

#[expect(clippy::too_many_lines, reason = "one entry for each screen")]
pub async fn all(world: &mut World) -> Vec<Stop> {
    let pool = || PoolId::new(POOL);
    let checkout = world.client("checkout").await;
    let client = || checkout.clone();
    let other = || PoolId::new(MANAGED.0);
    let managed = world.client_of(&other(), MANAGED.1).await;
    let managed = || managed.clone();
    let server = || "billing".to_owned();
    let domain = || "auth.acme.example".to_owned();
    let scope = || ScopeName::new("orders/write");
    let aim = |take_down| {
        Route::SetupPlan(Box::new(SetupTarget {
            desired: DesiredState {
                pool: DesiredPool::This(pool()),
                servers: vec![machine_auth_server()],
                client: Some(machine_auth()),
                domain: None,
            },
            take_down,
            within: None,
        }))
    };
    let ready = SetupOutcome {
        pool: pool(),
        client: client(),
        made: false,
        within: true,
    };
    let stop = |name, route, keys, probes| Stop {
        name,
        route,
        keys,
        probes,
        token: false,
    };
    let with_token = |stop| Stop {
        token: true,
        ..stop
    };
    vec![
        stop("pools", Route::Pools, "", "enter e ctrl-d y D S E m"),
        stop(
            "app clients",
            Route::Pool(pool()),
            "",
            "enter e ctrl-d t x R u y",
        ),
        stop("overview", Route::Pool(pool()), "1", "e ctrl-d"),
        stop("resource servers", Route::Pool(pool()), "3", "e ctrl-d u y"),
        stop("a scope", Route::Pool(pool()), "3 down", "e ctrl-d u y"),
        stop("domains", Route::Pool(pool()), "4", "e ctrl-d y"),
        stop(
            "app client",
            Route::Client(pool(), client()),
            "",
            "x R t e y u",
        ),
        stop("rotation", Route::Rotate(pool(), client()), "", "enter 2 9"),
        stop("token", Route::Token(pool(), client()), "", "enter"),
        stop(
            "managed client",
            Route::Client(other(), managed()),
            "",
            "x R t",
        ),
        stop(
            "managed rotation",
            Route::Rotate(other(), managed()),
            "",
            "enter 2",
        ),
        stop(
            "doctor on a managed client",
            Route::Doctor(other(), Some(managed())),
            "",
            "f",
        ),
        with_token(stop("issued token", Route::Token(pool(), client()), "", "")),
        with_token(stop("held token", Route::TokenHistory, "enter", "enter D")),
        with_token(stop("API call", Route::TokenHistory, "enter a", "")),
        stop("doctor", Route::Doctor(pool(), None), "", "enter f R y"),
        stop(
            "doctor on a client",
            Route::Doctor(pool(), Some(client())),
            "",
            "f",
        ),
        stop("scope map", Route::ScopeMap(pool()), "", "enter u y"),
        stop(
            "scope map, a scope",
            Route::ScopeMap(pool()),
            "g up",
            "enter u",
        ),
        stop(
            "scope map, a client",
            Route::ScopeMap(pool()),
            "g left",
            "enter u",
        ),
        stop(
            "who uses a scope",
            Route::Access(pool(), AccessQuestion::OfScope(scope())),
            "",
            "enter y",
        ),
        stop(
            "what a client can call",
            Route::Access(pool(), AccessQuestion::OfClient(client())),
            "",
            "enter y",
        ),
        stop("copy a pool", Route::Copy(CopyMenu::Pool(pool())), "", ""),
        stop(
            "copy a domain",
            Route::Copy(CopyMenu::Domain(pool(), domain())),
            "",
            "",
        ),
        stop(
            "copy a client",
            Route::Copy(CopyMenu::Client(pool(), client())),
            "",
            "",
        ),
        stop("preset client", Route::NewClient(pool()), "", "enter"),
        stop(
            "free client",
            Route::NewClient(pool()),
            "right tab",
            "enter",
        ),
        stop("new server", Route::NewServer(pool()), "x", "enter"),
        stop("new domain", Route::NewDomain(pool()), "x", "enter"),
        stop(
            "edit client",
            Route::EditClient(pool(), client()),
            "",
            "enter",
        ),
        stop(
            "fix client",
            Route::FixClient(pool(), client(), vec![Fix::OAuthOn], Setting::Scopes),
            "",
            "enter",
        ),
        stop(
            "edit server",
            Route::EditServer(pool(), server()),
            "",
            "enter",
        ),
        stop(
            "edit server, a scope less",
            Route::EditServer(pool(), server()),
            "tab ctrl-u",
            "enter",
        ),
        stop(
            "edit domain",
            Route::EditDomain(pool(), domain()),
            "",
            "enter",
        ),
        stop(
            "delete pool",
            Route::Delete(DeleteTarget::Pool(pool())),
            "",
            "enter",
        ),
        stop(
            "delete server",
            Route::Delete(DeleteTarget::Server(pool(), server())),
            "",
            "enter space",
        ),
        stop(
            "delete scope",
            Route::Delete(DeleteTarget::Scope(
                pool(),
                "orders".to_owned(),
                "write".to_owned(),
            )),
            "",
            "enter",
        ),
        stop(
            "delete domain",
            Route::Delete(DeleteTarget::Domain(pool(), domain())),
            "",
            "enter",
        ),
        stop("export the pool", Route::Export(pool(), None), "", "y"),
        stop(
            "export a client",
            Route::Export(pool(), Some(client())),
            "",
            "y",
        ),
        stop(
            "presets",
            Route::Presets(SetupOrigin::Pool(pool())),
            "",
            "enter",
        ),
        stop(
            "questions",
            Route::PresetForm("plain".to_owned(), SetupOrigin::Pool(pool())),
            "",
            "enter",
        ),
        stop("set-up", aim(false), "", "enter y"),
        stop("take-down", aim(true), "", "enter y"),
        stop("ready", Route::SetupResult(ready), "", "t x"),
    ]
}

/// Returns whether a route is a stop of the walk. A new route does not compile until it is walked here, or declared independent
/// of loaded data.
fn is_walked(route: &Route) -> bool {
    match route {
        Route::Pools
        | Route::Pool(_)
        | Route::Client(..)
        | Route::NewClient(_)
        | Route::NewServer(_)
        | Route::NewDomain(_)
        | Route::EditClient(..)
        | Route::FixClient(..)
        | Route::EditServer(..)
        | Route::EditDomain(..)
        | Route::Delete(_)
        | Route::Rotate(..)
        | Route::Token(..)
        | Route::TokenHistory
        | Route::Doctor(..)
        | Route::ScopeMap(_)
        | Route::Access(..)
        | Route::Copy(_)
        | Route::Export(..)
        | Route::Presets(_)
        | Route::PresetForm(..)
        | Route::SetupPlan(_)
        | Route::SetupResult(_) => true,
        // Keys lead to the first two from the history of tokens, which knows their ids. The others show what was typed, or what the
        // screen below passed on.
        Route::TokenDetails(_)
        | Route::ApiCall(_)
        | Route::PasteToken
        | Route::FixMenu(_)
        | Route::Deliver(..)
        | Route::Plan(_)
        | Route::Osc52Prompt(_)
        | Route::MfaCode(_)
        | Route::Help(_) => false,
    }
}

#[tokio::test]
async fn every_route_that_rests_on_something_read_is_walked() {
    let mut world = World::read().await;
    let stops = all(&mut world).await;
    let kind = |route: &Route| std::mem::discriminant(route);
    let walked: std::collections::HashSet<_> = stops.iter().map(|stop| kind(&stop.route)).collect();
    for stop in &stops {
        assert!(is_walked(&stop.route), "{} is walked", stop.name);
    }
    assert_eq!(walked.len(), WALKED);
}

/// How many kinds of routes [`is_walked`] lists.
const WALKED: usize = 23;
