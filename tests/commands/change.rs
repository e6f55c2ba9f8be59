//! `create`, `update` and `delete`: a plan first, then one write, and nothing twice.

use serde_json::{Value, json};

use crate::cognito::{Cognito, POOL};
use crate::world::{Ran, STAGING, TEAM, World};

const PROD: &str = "acme-platform-prod";
const PROD_ID: &str = "eu-west-1_Pr0dAcm3X";
const STAGING_ID: &str = "eu-west-1_St4g1ngQ7";

fn writes(world: &World) -> usize {
    let verbs = ["Create", "Update", "Delete", "Add", "Put", "Rotate"];
    let calls = world.sandbox.calls();
    let write = |call: &&String| verbs.iter().any(|verb| call.starts_with(verb));
    calls.iter().filter(write).count()
}

/// Runs it without and with `--apply`, and again: a plan, a write, nothing to do.
fn made(world: &World, args: &[&str]) -> Ran {
    let before = writes(world);
    let plan = world.run(args);
    assert_eq!(plan.code, 2, "{args:?}: {plan:?}");
    assert!(plan.out.contains("--apply"), "{}", plan.out);
    assert_eq!(writes(world), before, "{args:?}");
    let done = world.run(&[args, &["--apply"]].concat());
    assert_eq!(done.code, 0, "{args:?}: {done:?}");
    let after = writes(world);
    assert!(after > before, "{args:?}");
    for more in [&[][..], &["--apply"]] {
        let again = world.run(&[args, more].concat());
        assert_eq!(again.code, 0, "{args:?}: {again:?}");
        assert!(again.out.contains("No changes."), "{again:?}");
    }
    assert_eq!(writes(world), after, "{args:?}");
    done
}

/// A run that must change nothing, and ends with this code.
fn left_alone(world: &World, args: &[&str], code: i32) -> Ran {
    let before = writes(world);
    let ran = world.run(args);
    assert_eq!(ran.code, code, "{args:?}: {ran:?}");
    assert_eq!(writes(world), before, "{args:?}");
    ran
}

#[test]
fn a_client_with_two_scopes_is_one_line_and_gets_a_token() {
    let world = World::new();
    let args = [
        "create",
        "client",
        "night-shift",
        "--pool",
        STAGING,
        "--scope",
        "orders/read",
        "--scope",
        "billing/export",
        "--access-token",
        "15min",
    ];
    let done = made(&world, &args);
    let clients = world.clients(STAGING_ID);
    let client = clients
        .iter()
        .find(|client| client.name == "night-shift")
        .unwrap();
    assert!(done.out.contains(&client.id), "{}", done.out);
    assert_eq!(client.secrets.len(), 1);
    assert!(!done.out.contains(&client.secrets[0].value));
    assert_eq!(
        client.settings["AllowedOAuthScopes"],
        json!(["orders/read", "billing/export"])
    );
    assert_eq!(client.settings["AccessTokenValidity"], 15);
    let token = ["token", "--pool", STAGING, "--client", "night-shift"];
    assert_eq!(world.run(&token).code, 0);
    // One that exists and differs is left as it is.
    let other = [&args[..7], &["--apply"]].concat();
    assert_eq!(left_alone(&world, &other, 0).err, "");
    let other = [&args[..6], &["orders/write", "--apply"]].concat();
    left_alone(&world, &other, 8).said(&["night-shift", "AllowedOAuthScopes", "cognitui update"]);
}

#[test]
fn each_resource_is_created_once() {
    let world = World::new();
    made(&world, &["create", "pool", "fresh", "--tier", "LITE"]);
    made(
        &world,
        &[
            "create",
            "server",
            "https://api.example.com",
            "--pool",
            "fresh",
            "--scope",
            "read=Read it",
            "--scope",
            "write",
        ],
    );
    made(
        &world,
        &[
            "create",
            "scope",
            "https://api.example.com/audit",
            "--pool",
            "fresh",
        ],
    );
    made(
        &world,
        &["create", "domain", "fresh-auth", "--pool", "fresh"],
    );
    made(
        &world,
        &[
            "create",
            "client",
            "reader",
            "--pool",
            "fresh",
            "--scope",
            "https://api.example.com/audit",
        ],
    );
    let state = world.sandbox.state();
    let pool = state.pools.values().find(|pool| pool.name == "fresh");
    let pool = pool.unwrap();
    assert_eq!(pool.settings["UserPoolTier"], "LITE");
    assert_eq!(
        pool.settings["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"],
        true
    );
    let scopes: Vec<&str> = pool.servers[0]
        .scopes
        .iter()
        .map(|scope| scope.scope_name.as_str())
        .collect();
    assert_eq!(scopes, ["read", "write", "audit"]);
    assert_eq!(state.domains["fresh-auth"].pool, pool.id);
    // Others of the same name are not changed.
    let apply = |args: &[&str]| left_alone(&world, &[args, &["--apply"]].concat(), 8);
    apply(&["create", "pool", "fresh", "--tier", "PLUS"]).said(&["UserPoolTier"]);
    let server = [
        "create",
        "server",
        "https://api.example.com",
        "--pool",
        "fresh",
    ];
    apply(&[&server[..], &["--scope", "more"]].concat()).said(&["cognitui update"]);
    apply(&["create", "domain", "acme-platform-prod", "--pool", "fresh"]);
    // Nothing is made in what is not there.
    let missing = [
        "create",
        "scope",
        "nothing/read",
        "--pool",
        "fresh",
        "--apply",
    ];
    left_alone(&world, &missing, 4);
    left_alone(&world, &["create", "domain", "x", "--pool", "nowhere"], 4);
}

#[test]
fn a_client_is_changed_in_what_is_said_and_nothing_else() {
    let world = World::new();
    let of = || {
        let clients = world.clients(STAGING_ID);
        let mut all = clients.into_iter();
        all.find(|client| client.name == "price-poller").unwrap()
    };
    let before = of();
    let update = ["update", "client", "price-poller", "--pool", STAGING];
    let with = |more: &[&'static str]| [&update[..], more].concat();
    made(&world, &with(&["--add-scope", "orders/write"]));
    made(
        &world,
        &with(&["--remove-scope", "orders/read", "--access-token", "1h"]),
    );
    let after = of();
    assert_eq!(
        after.settings["AllowedOAuthScopes"],
        json!(["orders/write"])
    );
    let mut same = after.settings.clone();
    for name in [
        "AllowedOAuthScopes",
        "AccessTokenValidity",
        "TokenValidityUnits",
    ] {
        same.insert(name.to_owned(), before.settings[name].clone());
    }
    assert_eq!(same, before.settings);
    // What Cognito would refuse is said before.
    let refused = left_alone(&world, &with(&["--scope", "nothing/here", "--apply"]), 1);
    refused.said(&["nothing/here"]);
    left_alone(&world, &with(&["--access-token", "3 weeks"]), 3).said(&["weeks"]);
    left_alone(&world, &with(&["--secret", "none", "--apply"]), 1).said(&["new client"]);
    left_alone(&world, &with(&["--secret", "managed", "--oauth", "off"]), 3);
}

#[test]
fn a_secret_moves_into_secrets_manager_and_back_by_its_clients_name() {
    let world = World::new();
    let to = |kind| {
        [
            "update",
            "client",
            "price-poller",
            "--pool",
            STAGING,
            "--secret",
            kind,
        ]
    };
    made(&world, &to("managed"));
    let client = |world: &World| {
        let clients = world.clients(STAGING_ID);
        let mut all = clients.into_iter();
        all.find(|client| client.name == "price-poller").unwrap()
    };
    assert!(client(&world).managed.is_some());
    // Moving it back deletes the one in Secrets Manager.
    let apply = [&to("cognito")[..], &["--apply"]].concat();
    let asked = left_alone(&world, &apply, 2);
    assert!(asked.out.contains("--yes 'price-poller'"), "{}", asked.out);
    let done = world.run(&[&apply[..], &["--yes", "price-poller"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    assert!(client(&world).managed.is_none());
}

#[test]
fn the_other_resources_are_changed_by_their_plans() {
    let world = World::new();
    let server = |more: &[&'static str]| {
        [&["update", "server", "orders", "--pool", PROD][..], more].concat()
    };
    made(
        &world,
        &server(&["--name", "Orders", "--add-scope", "audit=Look"]),
    );
    made(
        &world,
        &[
            "update",
            "scope",
            "orders/read",
            "--pool",
            PROD,
            "--description",
            "Look at orders",
        ],
    );
    made(&world, &["update", "pool", STAGING, "--protection", "on"]);
    made(
        &world,
        &[
            "update",
            "domain",
            "auth.acme.example",
            "--pool",
            PROD,
            "--certificate",
            "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555",
        ],
    );
    let state = world.sandbox.state();
    let orders = state.pools[PROD_ID].servers.iter();
    let orders = orders.clone().find(|server| server.identifier == "orders");
    let orders = orders.unwrap();
    assert_eq!(orders.name, "Orders");
    let read = orders
        .scopes
        .iter()
        .find(|scope| scope.scope_name == "read");
    assert_eq!(read.unwrap().scope_description, "Look at orders");
    assert_eq!(
        state.pools[STAGING_ID].settings["DeletionProtection"],
        "ACTIVE"
    );
    // --apply deletes a scope without clients; a scope with clients needs its name.
    made(&world, &server(&["--remove-scope", "audit"]));
    let held = server(&["--remove-scope", "cancel", "--apply"]);
    let asked = left_alone(&world, &held, 2);
    assert!(asked.out.contains("fraud-screening"), "{}", asked.out);
    let pruned = world.run(&[&held[..], &["--prune"]].concat());
    assert_eq!(pruned.code, 0, "{pruned:?}");
    let clients = world.clients(PROD_ID);
    let client = clients.iter().find(|one| one.name == "fraud-screening");
    assert_eq!(
        client.unwrap().settings["AllowedOAuthScopes"],
        json!(["orders/read"])
    );
}

#[test]
fn a_deletion_takes_the_name_of_what_goes() {
    let world = World::new();
    for (args, name) in [
        (
            &["delete", "client", "checkout", "--pool", PROD][..],
            "checkout",
        ),
        (
            &["delete", "scope", "orders/write", "--pool", PROD],
            "orders/write",
        ),
        (&["delete", "server", "billing", "--pool", PROD], "billing"),
        (
            &["delete", "domain", "auth.acme.example", "--pool", PROD],
            "auth.acme.example",
        ),
        (&["delete", "pool", PROD], PROD),
    ] {
        let plan = left_alone(&world, args, 2);
        let yes = format!("--apply --yes '{name}'");
        assert!(plan.out.contains(&yes), "no {yes}: {}", plan.out);
        // Nobody is there to type it.
        left_alone(&world, &[args, &["--apply"]].concat(), 2);
        left_alone(&world, &[args, &["--apply", "--yes", "other"]].concat(), 1)
            .said(&["not confirmed", "Nothing was written"]);
        let done = world.run(&[args, &["--apply", "--yes", name]].concat());
        assert_eq!(done.code, 0, "{args:?}: {done:?}");
        left_alone(&world, args, 4);
    }
    assert!(!world.sandbox.state().pools.contains_key(PROD_ID));
}

/// What `show` prints is what `create` reads: in another pool it makes the same, and there it changes nothing.
#[test]
fn what_is_shown_can_be_created_elsewhere_and_changes_nothing_here() {
    let world = World::new();
    made(&world, &["create", "pool", "other"]);
    for (kind, name) in [
        ("server", "orders"),
        ("scope", "orders/write"),
        ("client", "price-poller"),
        ("domain", "acme-platform-staging"),
    ] {
        let shown = world.run(&["show", kind, name, "--pool", STAGING, "--json"]);
        let text = shown.answer();
        let same = [
            "update", kind, name, "--pool", STAGING, "--file", "-", "--apply",
        ];
        let before = writes(&world);
        let ran = world.feed(&same, &text);
        assert_eq!((ran.code, writes(&world)), (0, before), "{kind}: {ran:?}");
        if kind == "domain" {
            continue;
        }
        let elsewhere = ["create", kind, "--pool", "other", "--file", "-"];
        let plan = world.feed(&elsewhere, &text);
        assert_eq!(plan.code, if kind == "scope" { 0 } else { 2 }, "{plan:?}");
        let done = world.feed(&[&elsewhere[..], &["--apply"]].concat(), &text);
        assert_eq!(done.code, 0, "{kind}: {done:?}");
        let there = world.run(&["show", kind, name, "--pool", "other", "--json"]);
        assert_eq!(settings(&there.json()), settings(&text.parse().unwrap()));
    }
    let pool = world.run(&["show", "pool", STAGING, "--json"]).answer();
    let ran = world.feed(&["update", "pool", STAGING, "--file", "-"], &pool);
    assert_eq!(ran.code, 0, "{ran:?}");
    let plan = world.feed(&["create", "pool", "twin", "--file", "-", "--json"], &pool);
    assert_eq!(plan.code, 2, "{plan:?}");
    // What it does not carry over is said.
    assert!(plan.json()["warnings"].to_string().contains("LambdaConfig"));
}

/// A resource without what says which one it is.
fn settings(shown: &Value) -> Value {
    let mut settings = shown.clone();
    let members = settings.as_object_mut().unwrap();
    for name in ["pool_id", "id", "created", "modified", "clients"] {
        members.remove(name);
    }
    settings
}

#[test]
fn a_file_that_is_not_one_is_refused_without_its_values() {
    let world = World::new();
    let create = ["create", "client", "x", "--pool", STAGING, "--file", "-"];
    for (text, words) in [
        ("{", "line 1"),
        (r#"{"client_secret": "hush-hush"}"#, "client_secret"),
        (r#"{"secret": "hush-hush"}"#, "wrong type"),
        (r#"{"scopes": "hush-hush"}"#, "wrong type"),
    ] {
        let ran = world.feed(&create, text);
        assert!(!ran.err.contains("hush"), "{ran:?}");
        ran.misused(&[words]);
    }
    world
        .run(&["create", "client", "--pool", STAGING])
        .misused(&["NAME"]);
    let missing = [
        "create", "client", "x", "--pool", STAGING, "--file", "nowhere",
    ];
    assert_eq!(world.run(&missing).code, 1);
}

#[test]
fn unknown_settings_stay_through_an_update_and_are_named_by_a_creation() {
    let cognito = Cognito::start();
    cognito.state().client("shown").more = json!({"FutureMode": "ON"});
    let shown = cognito.run(&["show", "client", "shown", "--pool", POOL, "--json"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &shown.out).unwrap();
    let path = file.path().display().to_string();
    let same = ["update", "client", "shown", "--pool", POOL, "--file", &path];
    let ran = cognito.run(&same);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn every_known_setting_of_a_client_is_carried_over() {
    let world = World::new();
    let more = json!({
        "name": "all", "flows": ["code"], "scopes": ["openid"], "explicit_auth_flows": ["ALLOW_USER_SRP_AUTH"],
        "callback_urls": ["https://a.example"], "logout_urls": ["https://b.example"],
        "default_redirect_uri": "https://a.example", "access_token": "10 minutes", "id_token": "20 minutes",
        "refresh_token": "2 days", "auth_session_minutes": 5, "token_revocation": false,
        "prevent_user_existence_errors": "ENABLED", "read_attributes": ["email"], "write_attributes": ["email"],
        "propagates_user_context": true, "refresh_token_rotation": {"enabled": true, "grace_seconds": 9},
        "analytics": {
            "application_id": "d70b2ba36a8c4dc5a04a0451a31a1e12", "application_arn": null,
            "role_arn": "arn:aws:iam::123456789012:role/pinpoint", "external_id": "x", "user_data_shared": true,
        },
    });
    let create = [
        "create", "client", "--pool", STAGING, "--file", "-", "--apply",
    ];
    let done = world.feed(&create, &more.to_string());
    assert_eq!(done.code, 0, "{done:?}");
    let again = world.feed(&create, &more.to_string());
    assert!(again.out.contains("No changes."), "{again:?}");
    let shown = world.run(&["show", "client", "all", "--pool", STAGING, "--json"]);
    let shown = shown.json();
    for (name, value) in more.as_object().unwrap() {
        assert_eq!(&shown[name], value, "{name}");
    }
}

#[test]
fn a_plan_is_printed_as_json_and_as_commands() {
    let world = World::new();
    let args = ["delete", "client", "checkout", "--pool", PROD];
    let plan = world.run(&[&args[..], &["--json"]].concat());
    assert_eq!(plan.code, 2);
    let plan = plan.json();
    assert_eq!(plan["pending"], 1);
    assert_eq!(plan["steps"][0]["operation"], "DeleteUserPoolClient");
    let cli = world.run(&[&args[..], &["--cli"]].concat());
    assert!(
        cli.out.contains("cognito-idp delete-user-pool-client"),
        "{cli:?}"
    );
    let blocked = world.run(&[
        "create", "client", "x", "--pool", TEAM, "--scope", "a/b", "--json",
    ]);
    assert_eq!(blocked.code, 1, "{blocked:?}");
    assert!(!blocked.json()["obstacles"].as_array().unwrap().is_empty());
}
