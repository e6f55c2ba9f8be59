//! `show`: every setting of one resource, and never a secret.

use serde_json::{Value, json};

use crate::cognito::{Cognito, POOL};
use crate::world::{STAGING, TEAM, World};

const PROD: &str = "acme-platform-prod";
const AGENTS: &str = "notifications-prod";

/// A resource of each kind.
pub const SHOWN: &[&[&str]] = &[
    &["show", "pool", AGENTS],
    &["show", "client", "push-gateway", "--pool", AGENTS],
    &["show", "server", "notify", "--pool", AGENTS],
    &["show", "scope", "notify/send", "--pool", AGENTS],
    &["show", "domain", "--pool", AGENTS],
    &["show", "secret-age", "--pool", AGENTS],
];

#[test]
fn every_kind_is_shown_in_every_format_and_no_secret_is() {
    let world = World::new();
    let state = world.sandbox.state();
    let pools = state.pools.values();
    let secrets: Vec<String> = pools
        .flat_map(|pool| &pool.clients)
        .flat_map(|client| client.secrets.iter().map(|secret| secret.value.clone()))
        .collect();
    assert!(secrets.len() > 50);
    for args in SHOWN {
        for format in ["table", "json", "jsonl", "csv"] {
            let ran = world.run(&[args, &["--output", format][..]].concat());
            assert!(!ran.out.is_empty(), "{args:?}: {ran:?}");
            let all = format!("{}{}", ran.out, ran.err);
            assert!(
                !secrets.iter().any(|secret| all.contains(secret)),
                "{args:?}"
            );
            match format {
                "json" => drop(ran.json()),
                "jsonl" => ran.out.lines().for_each(|line| {
                    serde_json::from_str::<Value>(line).unwrap();
                }),
                _ => assert!(!ran.out.contains('{') || format == "csv", "{}", ran.out),
            }
        }
    }
}

#[test]
fn a_client_is_shown_with_all_that_cognito_describes() {
    let cognito = Cognito::start();
    cognito.state().client("shown").more = json!({
        "AccessTokenValidity": 90, "TokenValidityUnits": {"AccessToken": "fortnights"},
        "FutureSecret": "hush", "FutureMode": {"On": true},
        "AnalyticsConfiguration": {"ApplicationId": "app", "UserDataShared": true},
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 7},
    });
    let args = ["show", "client", "shown", "--pool", POOL];
    let shown = cognito.run(&[&args[..], &["--json"]].concat());
    let row = shown.json();
    assert_eq!(row["name"], "shown");
    assert_eq!(row["other"]["FutureMode"]["On"], true);
    assert_eq!(row["other"]["TokenValidityUnits.AccessToken"], "fortnights");
    assert_eq!(row["analytics"]["application_id"], "app");
    assert_eq!(row["refresh_token_rotation"]["grace_seconds"], 7);
    assert_eq!(row["secret"]["state"], "shown");
    let table = cognito.run(&args).answer();
    for word in [
        "FutureMode",
        "fortnights",
        "refresh_token_rotation.grace_seconds",
    ] {
        assert!(table.contains(word), "{table}");
    }
    assert!(!table.contains("hush") && !row.to_string().contains("hush"));
}

#[test]
fn a_pool_is_shown_with_settings_that_are_not_about_machines_too() {
    let world = World::new();
    let pool = world.run(&["show", "pool", AGENTS, "--json"]).json();
    assert_eq!(pool["prefix_domain"], "acme-notify");
    assert_eq!(pool["tags"]["Owner"], "messaging");
    let described = &pool["described"];
    assert_eq!(described["DcrConfiguration"]["EnableStatus"], "Enabled");
    assert!(described["Policies"]["PasswordPolicy"]["MinimumLength"].is_number());
    let by_flag = world.run(&["show", "pool", "--pool", AGENTS, "--json"]);
    assert_eq!(by_flag.json(), pool);
}

#[test]
fn a_scope_names_the_clients_that_have_it() {
    let world = World::new();
    let args = ["show", "scope", "orders/cancel", "--pool", PROD, "--json"];
    let scope = world.run(&args).json();
    assert_eq!(scope["description"], "Cancel orders");
    let clients = scope["clients"].as_array().unwrap();
    assert_eq!(clients.len(), 1);
    assert_eq!(clients[0]["name"], "fraud-screening");
    // If they cannot be read, no output says that there are none.
    world.fault("DescribeUserPoolClient:access-denied");
    let denied = world.run(&args).json();
    assert!(denied["clients"].is_null(), "{denied}");
}

#[test]
fn the_only_domain_needs_no_name_and_of_two_one_is_named() {
    let world = World::new();
    let one = world.run(&["show", "domain", "--pool", STAGING, "--json"]);
    assert_eq!(one.json()["domain"], "acme-platform-staging");
    world
        .run(&["show", "domain", "--pool", PROD])
        .misused(&["acme-platform-prod", "auth.acme.example"]);
    let args = ["show", "domain", "auth.acme.example", "--pool", PROD];
    let custom = world.run(&[&args[..], &["--json"]].concat()).json();
    assert_eq!(custom["custom"], true);
    assert_eq!(custom["cloudfront"], "d3p8m2k1q9x7va.cloudfront.net");
    assert_eq!(
        world
            .run(&["show", "domain", "--pool", "sandbox-jane"])
            .code,
        4
    );
}

#[test]
fn secret_ages_are_of_the_oldest_and_unknown_ones_fail() {
    let world = World::new();
    let args = ["show", "secret-age", "--pool", STAGING, "--output", "json"];
    let rows = world.run(&args).json();
    let rows = rows.as_array().unwrap();
    let of = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap();
    assert_eq!(of("old-batch")["age_days"], 1140);
    assert_eq!(of("old-batch")["secrets"].as_array().unwrap().len(), 2);
    assert_eq!(of("warehouse-sync")["age_days"], 200);
    // A public client has no secret, and so no age.
    let public = of("batch-client-credentials");
    assert!(public["age_days"].is_null() && public["secret"]["state"] == "none");
    // Managed secrets are as old as their last rotation.
    let args = [
        "show",
        "secret-age",
        "push-gateway",
        "--pool",
        AGENTS,
        "--json",
    ];
    let managed = world.run(&args).json();
    assert!(managed["managed"]["last_rotated"].is_string(), "{managed}");
    world.fault("ListUserPoolClientSecrets:access-denied");
    let denied = world.run(&["show", "secret-age", "--pool", STAGING]);
    assert_eq!(denied.code, 1, "{denied:?}");
    denied.said(&["skipped"]);
}

#[test]
fn what_is_not_there_is_said_with_its_own_exit_code() {
    let world = World::new();
    for args in [
        &["show", "pool", "nowhere"][..],
        &["show", "client", "nobody", "--pool", TEAM],
        &["show", "server", "orders", "--pool", TEAM],
        &["show", "scope", "orders/read", "--pool", TEAM],
        &["show", "domain", "nowhere", "--pool", TEAM],
    ] {
        let ran = world.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{args:?}: {ran:?}");
    }
    world.run(&["show", "client", "web"]).misused(&["--pool"]);
    world
        .run(&["show", "client", "--pool", TEAM])
        .misused(&["name"]);
    world
        .run(&["show", "scope", "openid", "--pool", TEAM])
        .misused(&["openid", "api/admin"]);
}
