//! Every screen under every fault of the sandbox: no panic, no hang, no lost input, an error that says what failed, and a way out
//! after the fault.

use cognitui::sandbox::{Options, Sandbox};

use crate::screen::dangerous;
use crate::stage::{STAGING, STAGING_ID, Stage, TEAM, TEAM_ID, sandbox};
use crate::tour::STOPS;

/// The faults that end a call, and a word of their error.
const FATAL: [(&str, &str); 7] = [
    ("500", "the service failed"),
    ("503", "the service failed"),
    ("html", "unexpected response"),
    ("hollow", "unexpected response"),
    ("expired", "credentials have expired"),
    ("unrecognized", "AWS rejects the credentials"),
    ("access-denied", "access denied"),
];

/// Opens the sample with one pool and three clients, so that a walk under faults makes few calls.
async fn small() -> Stage {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(|state| {
        state.pools.retain(|id, _| id == STAGING_ID);
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        pool.clients.truncate(3);
    });
    Stage::on(sandbox, 140, 50).await
}

/// Walks over all screens under a fault, then removes the fault: all must work again.
async fn walk_under(fault: &str) {
    let mut stage = small().await;
    stage.fault(fault);
    let mut stops = 0;
    stage
        .tour(|stage, what| {
            let screen = stage.screen();
            assert!(dangerous(&screen).is_empty(), "{what}:\n{screen}");
            assert!(screen.contains("cognitui"), "{what}:\n{screen}");
            stops += 1;
        })
        .await;
    assert_eq!(stops, STOPS.len());
    stage.sandbox.faults().clear();
    stage.press("esc esc esc esc esc r").await;
    stage.sees(&["User pools", STAGING]);
    stage.press("enter r").await;
    stage.sees(&["App clients", "storefront", "client_credentials"]);
}

macro_rules! every_screen_under {
    ($($name:ident $fault:literal,)+) => {
        mod every_screen_under {
            $(#[tokio::test]
            async fn $name() {
                super::walk_under($fault).await;
            })+
        }
    };
}

every_screen_under! {
    latency "latency=5ms",
    error_500 "500",
    error_503 "503",
    cut_connections "cut",
    truncated_bodies "truncate",
    pages_of_a_proxy "html",
    answers_that_say_nothing "hollow",
    an_expired_session "expired",
    unknown_credentials "unrecognized",
    no_permission "access-denied",
    every_third_connection_cut "cut/3",
    every_second_call_failing "500/2",
    every_third_call_throttled "throttle/3",
}

#[tokio::test]
async fn the_list_of_pools_says_what_failed_and_recovers() {
    for (fault, words) in FATAL {
        let mut stage = Stage::dark(Options::default(), 140, 50).await;
        stage.fault(fault);
        stage.start();
        stage.settle().await;
        stage.sees(&["ListUserPools", words, "r to retry"]);
        stage.sandbox.faults().clear();
        stage.press("r").await;
        stage.sees(&["acme-platform-prod"]);
        stage.sees_no(words);
    }
}

#[tokio::test]
async fn the_list_of_clients_says_what_failed_to_what_and_recovers() {
    for (fault, words) in FATAL {
        let mut stage = small().await;
        stage.fault(&format!("ListUserPoolClients:{fault}"));
        stage.press("enter").await;
        stage.sees(&["ListUserPoolClients", words, STAGING_ID, "r to retry"]);
        stage.sandbox.faults().clear();
        stage.press("r").await;
        stage.sees(&["storefront", "App clients 3"]);
    }
}

#[tokio::test]
async fn each_tab_says_what_failed() {
    for (operation, tab) in [
        ("DescribeUserPool", "1"),
        ("ListUserPoolClients", "2"),
        ("ListResourceServers", "3"),
        ("DescribeUserPoolDomain", "4"),
    ] {
        let sandbox = sandbox(Options::default()).await;
        sandbox.edit(|state| state.pools.retain(|id, _| id == STAGING_ID));
        // Narrow: with no preview nothing of the pool is read before it is opened.
        let mut stage = Stage::on(sandbox, 100, 40).await;
        stage.fault(&format!("{operation}:access-denied"));
        stage.press("enter").await;
        stage.press(tab).await;
        stage.sees(&[
            operation,
            "access denied",
            &format!("cognito-idp:{operation}"),
            "r to retry",
        ]);
        stage.sandbox.faults().clear();
        stage.press("r").await;
        stage.sees_no("access denied");
    }
}

#[tokio::test]
async fn a_failed_refresh_keeps_what_was_read_and_says_so() {
    let mut stage = small().await;
    stage.press("enter").await;
    for (fault, words) in FATAL {
        stage.fault(&format!("ListUserPoolClients:{fault}"));
        stage.press("r").await;
        stage.sees(&["storefront", "ListUserPoolClients", words]);
        stage.sandbox.faults().clear();
        stage.press("r").await;
        stage.sees_no(words);
    }
}

#[tokio::test]
async fn a_throttled_call_shows_as_retrying_and_goes_through() {
    let mut stage = small().await;
    stage.fault("ListUserPoolClients:throttle*2");
    stage.tap("enter");
    stage
        .hear_until("the throttling", |screen| {
            screen.contains("ListUserPoolClients: throttled by AWS, retrying")
        })
        .await;
    stage.settle().await;
    stage.sees(&["storefront"]);
    stage.sees_no("throttled");
}

/// Starts the sample with more pools, and in one of them more clients and resource servers, than fit into one page.
async fn of_two_pages() -> Sandbox {
    let sandbox = sandbox(Options::default()).await;
    sandbox.edit(|state| {
        let pool = state.pools.get_mut(STAGING_ID).unwrap();
        let (client, server) = (pool.clients[0].clone(), pool.servers[0].clone());
        pool.clients.extend((100..160).map(|at| {
            let mut another = client.clone();
            another.id = format!("zzzzzzzzzzzzzzzzzzzzzzz{at}");
            another.name = format!("another-{at}");
            another
        }));
        pool.servers.extend((100..160).map(|at| {
            let mut another = server.clone();
            another.identifier = format!("zzz-another-{at}");
            another
        }));
        let pool = state.pools[TEAM_ID].clone();
        for at in 100..160 {
            let mut another = pool.clone();
            another.id = format!("eu-west-1_zzzzzz{at}");
            another.name = format!("another-{at}");
            state.pools.insert(another.id.clone(), another);
        }
    });
    sandbox
}

/// Opens the pool of [`of_two_pages`] in a terminal of this size, with every second page of a list denied.
async fn half_read(operation: &str, width: u16, height: u16) -> Stage {
    let sandbox = of_two_pages().await;
    let fault = format!("{operation}:access-denied/2");
    sandbox.faults().set(fault.parse().unwrap());
    let mut stage = Stage::on(sandbox, width, height).await;
    if operation != "ListUserPools" {
        stage.pool(STAGING).await;
    }
    stage
}

#[tokio::test]
async fn a_list_that_breaks_off_says_so_and_why_until_the_rest_is_here() {
    for (operation, tab, end) in [
        ("ListUserPools", "", "another-159"),
        ("ListUserPoolClients", "", "another-159"),
        ("ListResourceServers", "3", "zzz-another-159"),
    ] {
        for (width, height) in [(140, 50), (80, 24)] {
            let mut stage = half_read(operation, width, height).await;
            stage.press(tab).await;
            let action = format!("cognito-idp:{operation}");
            let told = [
                "Incomplete list (r to refresh)",
                &format!("{operation}: access denied"),
                &action,
            ];
            // It stays, whatever is done and however often it fails.
            for keys in ["", "j G", "/ esc", "r"] {
                stage.press(keys).await;
                stage.sees(&told);
            }
            stage.press("G").await;
            stage.sees_no(end);
            stage.sandbox.faults().clear();
            stage.press("r G").await;
            stage.sees(&[end]);
            stage.sees_no("Incomplete list");
            stage.sees_no(&action);
        }
    }
}

#[tokio::test]
async fn who_comes_back_to_what_failed_has_it_read_again() {
    for (operation, tab) in [("ListUserPoolClients", "2"), ("ListResourceServers", "3")] {
        let mut stage = small().await;
        stage.fault(&format!("{operation}:access-denied"));
        stage.press("enter").await;
        stage.press(tab).await;
        let why = format!("{operation}: access denied");
        stage.sees(&[&why]);
        let calls = stage.calls(operation);
        stage.press("j k").await;
        assert_eq!(stage.calls(operation), calls, "it is asked for ever");
        stage.sandbox.faults().clear();
        stage.press("esc enter").await;
        stage.press(tab).await;
        stage.sees_no(&why);
        assert_eq!(stage.calls(operation), calls + 1);
    }
}

#[tokio::test]
async fn what_needs_a_whole_list_says_why_it_is_not_instead_of_reading_for_ever() {
    for (operation, keys, words) in [
        ("ListUserPoolClients", "n", "Preset"),
        ("ListUserPoolClients", "S", "CLIENT"),
        ("ListUserPoolClients", "1 E", "terraform"),
        ("ListUserPoolClients", "3 j u", "clients have it"),
        ("ListResourceServers", "n", "Preset"),
        ("ListResourceServers", "enter e", "Scopes"),
        ("ListResourceServers", "3 n", "Identifier"),
        ("ListResourceServers", "3 e", "Scopes"),
        ("ListResourceServers", "S", "CLIENT"),
    ] {
        let mut stage = half_read(operation, 80, 24).await;
        stage.press(keys).await;
        let why = format!("{operation}: access denied");
        stage.sees(&[&why, "r to retry"]);
        stage.sees_no("loading");
        stage.sandbox.faults().clear();
        stage.press("r").await;
        stage.sees_no(&why);
        stage.sees(&[words]);
    }
}

/// Opens the form of a custom client, filled in.
async fn precious() -> Stage {
    let mut stage = small().await;
    stage.press("enter n right tab").await;
    stage.type_text("precious").await;
    stage.press("tab space tab ctrl-u").await;
    stage.type_text("90 min").await;
    stage
}

#[tokio::test]
async fn what_was_typed_survives_every_failure_to_make_it() {
    for (fault, words) in [
        ("CreateUserPoolClient:500", "the service failed"),
        (
            "CreateUserPoolClient:access-denied",
            "cognito-idp:CreateUserPoolClient",
        ),
        ("CreateUserPoolClient:expired", "credentials have expired"),
        ("CreateUserPoolClient:html", "unexpected response"),
    ] {
        let mut stage = precious().await;
        stage.fault(fault);
        stage.press("enter enter").await;
        stage.sees(&["CreateUserPoolClient", words]);
        stage.press("esc").await;
        stage.sees(&["precious", "90 min", "[x] billing/export"]);
        assert!(
            stage.calls("CreateUserPoolClient") <= 1,
            "{fault}: it was tried again"
        );
    }
}

#[tokio::test]
async fn a_plan_that_fails_half_way_goes_on_from_there() {
    let mut stage = Stage::open().await;
    stage.pool(TEAM).await;
    stage.fault("CreateUserPoolClient:access-denied");
    stage.press("n enter enter").await;
    stage.sees(&["✓", "✗", "access denied", "Steps marked ✓ are applied"]);
    assert_eq!(stage.sandbox_pool(TEAM_ID).servers.len(), 1);
    stage.sandbox.faults().clear();
    stage.press("esc").await;
    stage.sees(&["The resource server api exists"]);
    stage.press("enter enter").await;
    stage.sees(&["Created machine_auth"]);
    assert_eq!(stage.calls("CreateResourceServer"), 1);
}

#[tokio::test]
async fn why_a_step_failed_and_what_to_press_are_seen_to_the_last_line_at_80_columns() {
    let mut stage = Stage::sized(80, 24).await;
    stage.pool(TEAM).await;
    stage.fault("CreateUserPoolClient:access-denied");
    stage.press("n enter enter").await;
    stage.sees(&[
        "✓ Create resource server api with scope admin",
        "✗ Create app client machine_auth failed: access denied",
        "because no identity-based policy allows the cognito-idp:CreateUserPoolClient action",
        "✗ and the steps after it are not. enter continues.",
    ]);
    assert_eq!(stage.screen().matches('└').count(), 2, "{}", stage.screen());
    // What it was to do is a key away.
    stage.sees_no("AccessTokenValidity");
    stage.press("k j").await;
    stage.sees(&["AccessTokenValidity", "enter continues."]);
}

#[tokio::test]
async fn the_token_endpoint_under_every_fault() {
    for (fault, words) in [
        ("token:throttle", "Too many token requests."),
        ("token:500", "failed with status 500"),
        ("token:html", "✗ unexpected response"),
        (
            "token:truncate",
            "responded with status 200 and no OAuth error",
        ),
        ("token:cut", "token request"),
    ] {
        let mut stage = small().await;
        stage.press("enter enter t").await;
        stage.fault(fault);
        stage.press("enter").await;
        stage.sees(&[words]);
        stage.sandbox.faults().clear();
        stage.press("enter").await;
        stage.sees(&["HTTP 200"]);
    }
}

#[tokio::test]
async fn a_token_whose_keys_cannot_be_read_is_shown_and_not_called_valid() {
    let mut stage = small().await;
    stage.press("enter enter t").await;
    stage.fault("jwks:500");
    stage.press("enter").await;
    stage.sees(&["HTTP 200", "token_use", "signature"]);
    stage.sees_no("✓ valid");
}

#[tokio::test]
async fn a_call_of_an_api_under_every_fault() {
    for (fault, words) in [
        ("api:500", "HTTP 500"),
        ("api:503", "HTTP 503"),
        ("api:throttle", "HTTP 429"),
        ("api:html", "<html"),
        ("api:cut", "API call"),
    ] {
        let mut stage = small().await;
        stage.press("enter enter t enter a").await;
        stage.sees(&["/api/orders", "No response yet"]);
        stage.fault(fault);
        stage.press("enter").await;
        stage.sees(&[words]);
        stage.sees_no("ord-10021");
        stage.sandbox.faults().clear();
        stage.press("enter").await;
        stage.sees(&["HTTP 200", "ord-10021"]);
        stage.sees_no(words);
    }
}

#[tokio::test]
async fn a_pasted_token_is_read_whatever_fails_behind_it() {
    for (fault, words) in [
        ("jwks:500", "unverified"),
        ("jwks:cut", "unverified"),
        (
            "DescribeUserPool:access-denied",
            "not known whether in this account",
        ),
        (
            "DescribeUserPoolClient:500",
            "not known whether in this pool",
        ),
        ("ListResourceServers:html", "storefront"),
    ] {
        let mut stage = small().await;
        stage.press("enter enter t enter y 1").await;
        let token = stage.clipboard();
        stage.fault(fault);
        let mut stage = stage.restarted().await;
        stage.paste(&token).await;
        stage.sees(&["Pasted token", "token_use", "orders/read", words]);
        stage.sees_no(&token);
        stage.sandbox.faults().clear();
        stage.press("r").await;
        stage.sees(&[
            "user pool ✓ acme-platform-staging",
            "app client ✓ storefront",
        ]);
    }
}
