//! `token`.

use crate::world::{STAGING, World};

const PRICE_POLLER: [&str; 4] = ["--pool", STAGING, "--client", "price-poller"];

fn token(world: &World, more: &[&str]) -> crate::world::Ran {
    world.run(&[&["token"], &PRICE_POLLER[..], more].concat())
}

#[test]
fn the_token_stands_alone_on_stdout() {
    let world = World::new();
    for auth in ["basic", "body"] {
        let out = token(&world, &["--auth", auth]).answer();
        assert_eq!(out.lines().count(), 1);
        assert_eq!(out.trim_end().split('.').count(), 3, "{out}");
        assert!(out.ends_with('\n') && !out.contains(' '));
    }
    let header = token(&world, &["--header"]).answer();
    assert!(header.starts_with("Authorization: Bearer ey"), "{header}");
    let json = token(&world, &["--json", "--scope", "orders/read"]).json();
    assert_eq!(json["expires_in"], 300);
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["scope"], "orders/read");
}

#[test]
fn the_claims_are_decoded_and_verified() {
    let world = World::new();
    let text = token(&world, &["--claims"]).answer();
    for words in ["alg ", "RS256", "orders/read", "in 4 min", "valid: RS256"] {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
    let json = token(&world, &["--claims", "--json"]).json();
    assert_eq!(json["claims"]["token_use"], "access");
    assert_eq!(json["signature"]["status"], "valid");
    assert_eq!(json["expired"], false);
}

#[test]
fn the_api_needs_no_domain() {
    let world = World::new();
    let args = [
        "token",
        "--pool",
        "iot-device-gateway",
        "--client",
        "device-provisioner",
    ];
    world.run(&args).refused(&["has no domain", "--auth api"]);
    let out = world
        .run(&[&args[..], &["--auth", "api"]].concat())
        .answer();
    assert_eq!(out.trim_end().split('.').count(), 3, "{out}");
}

#[test]
fn a_refusal_is_explained() {
    let world = World::new();
    let refused = |client, more: &[&str]| {
        world.run(&[&["token", "--pool", STAGING, "--client", client], more].concat())
    };
    refused("billing-export", &[]).refused_as(
        7,
        &[
            "invalid_grant, HTTP 400",
            "likely: OAuth is switched off for this client.",
            "AllowedOAuthFlowsUserPoolClient",
        ],
    );
    refused("price-poller", &["--scope", "openid"]).refused_as(7, &["invalid_scope", "openid"]);
    refused("price-poller", &["--scope", "orders/write"])
        .refused_as(7, &["invalid_grant", "may not have it", "orders/write"]);
    refused("batch-client-credentials", &[]).refused(&["public client", "new app client"]);
}

/// hashicorp/terraform-provider-aws#34945: OAuth can be switched on only together with a scope.
#[test]
fn a_client_with_oauth_off_and_no_scopes_is_told_both() {
    let world = World::new();
    world.set_scopes(STAGING, "billing-export", &[]);
    let args = ["token", "--pool", STAGING, "--client", "billing-export"];
    let told = [
        "likely: OAuth is switched off for this client.",
        "likely: The client has no scopes",
        "in the same update that switches OAuth on",
    ];
    world.run(&args).refused_as(7, &told);
}

#[test]
fn a_scope_that_the_token_lacks_is_told_beside_it() {
    let world = World::new();
    let ran = world.run(&["token", "--pool", STAGING, "--client", "invoice-sync"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{ran:?}");
    ran.said(&["the token lacks billing/refunds.write: inactive"]);
}

#[test]
fn a_mistyped_scope_is_told_the_one_that_is_meant() {
    // aws-cdk#10676: the name alone, of a server whose identifier is a URL.
    let world = World::new();
    world.edit_pool(STAGING, |pool| {
        let mut server = pool.servers[0].clone();
        server.identifier = "https://api.example.com".to_owned();
        server.name = "Users API".to_owned();
        server.scopes.truncate(1);
        server.scopes[0].scope_name = "users:read".to_owned();
        pool.servers.push(server);
    });
    let has = ["orders/read", "https://api.example.com/users:read"];
    world.set_scopes(STAGING, "price-poller", &has);
    let meant = "Did you mean https://api.example.com/users:read? This client has it.";
    for asked in [
        "users:read",
        "Users API/users:read",
        "api.example.com/users/read",
    ] {
        let ran = token(&world, &["--scope", asked]);
        ran.refused_as(7, &["invalid_scope", meant]);
    }
    let bare = token(&world, &["--scope", "users:read"]);
    bare.refused_as(7, &["a scope is written identifier/name"]);
    // Beside one that is granted, it is missing; and the reason is the same.
    let ran = token(&world, &["--scope", "orders/read Orders/Read"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.said(&["the token lacks Orders/Read", "Did you mean orders/read?"]);
}

#[test]
fn several_scopes_are_separated_by_spaces_and_what_is_granted_is_not_missing() {
    let world = World::new();
    let has = ["orders/read", "orders/write"];
    world.set_scopes(STAGING, "price-poller", &has);
    for asked in [
        &["--scope", "orders/read orders/write"][..],
        &["--scope", " orders/write  orders/read orders/read"],
        &["--scope", "orders/read", "--scope", "orders/write"],
    ] {
        let ran = token(&world, &[asked, &["--claims", "--json"]].concat());
        assert!(!ran.err.contains("lacks"), "{ran:?}");
        let claims = ran.json();
        let scopes = claims["claims"]["scope"].as_str().unwrap();
        let mut scopes: Vec<&str> = scopes.split(' ').collect();
        scopes.sort_unstable();
        assert_eq!(scopes, ["orders/read", "orders/write"]);
    }
    token(&world, &["--scope", "orders/read,orders/write"]).refused_as(
        7,
        &[
            "invalid_scope",
            "scopes are separated by spaces",
            "Did you mean orders/read orders/write?",
        ],
    );
}

#[test]
fn a_public_client_or_a_denied_describe_asks_for_no_token() {
    let world = World::new();
    world.fault("DescribeUserPoolClient:access-denied");
    token(&world, &[]).refused_as(5, &["access denied", "cognito-idp:DescribeUserPoolClient"]);
    assert!(!world.sandbox.calls().iter().any(|call| call == "token"));
}

#[test]
fn metadata_that_nobody_gets_is_said_to_be() {
    let world = World::new();
    let ran = token(&world, &["--metadata", "env=prod", "--metadata", "a=b=c"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{ran:?}");
    ran.said(&["metadata is ignored", "V3_0"]);
    for wrong in ["env", "=prod"] {
        let ran = token(&world, &["--metadata", wrong]);
        assert_eq!(ran.code, 3, "{ran:?}");
        ran.said(&["KEY=VALUE"]);
    }
}
