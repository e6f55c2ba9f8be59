//! What every command says when it cannot do its work, and its exit codes.

use crate::world::{STAGING, World, ran};

#[test]
fn two_matches_are_an_error_that_lists_them() {
    let world = World::new();
    let run = |args: &[&str]| world.run(args);
    run(&["list", "clients", "--pool", "staging"]).refused(&[
        "2 user pools have in their name staging",
        "eu-west-1_St4g1ngQ7  acme-platform-staging",
        "eu-west-1_CuStWebSt  customers-web-staging",
    ]);
    run(&["token", "--pool", STAGING, "--client", "orders-worker"])
        .refused(&["2 app clients are named orders-worker"]);
    // Beyond the first page of 60.
    run(&["token", "--pool", "partner-api", "--client", "-"])
        .refused(&["300 app clients have in their name -", "and 280 more"]);
    run(&["list", "clients", "--pool", "nowhere"]).refused(&["no user pool", "nowhere"]);
}

#[test]
fn an_id_needs_no_list_of_pools() {
    let world = World::new();
    world.fault("ListUserPools:access-denied");
    let out = world
        .run(&["list", "clients", "--pool", "eu-west-1_St4g1ngQ7"])
        .answer();
    assert!(out.contains("price-poller"), "{out}");
    world
        .run(&["list", "clients", "--pool", STAGING])
        .refused(&["access denied", "cognito-idp:ListUserPools"]);
}

#[test]
fn a_name_that_looks_like_an_id_is_still_a_name() {
    let world = World::new();
    world.sandbox.edit(|state| {
        let pool = state.pools.get_mut("eu-west-1_sT7eAm06d").unwrap();
        pool.name = "us-east-1_customers".to_owned();
    });
    let out = world
        .run(&["list", "pools", "--pool", "us-east-1_customers"])
        .answer();
    assert!(out.contains("eu-west-1_sT7eAm06d"), "{out}");
}

#[test]
fn where_there_is_no_answer_the_way_out_is_told() {
    let world = World::new();
    let mut no_region = world.command(&["list", "pools"]);
    ran(no_region.env_remove("AWS_REGION")).refused(&["no Region is set", "--region"]);
    let mut nobody = world.command(&["list", "pools"]);
    ran(nobody
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY"))
    .refused(&["no AWS credentials"]);
    let mut dead = world.command(&["list", "pools"]);
    ran(dead.env("COGNITUI_ENDPOINT_URL", "http://127.0.0.1:1")).refused(&["no connection"]);
}

#[test]
fn a_wrong_command_line_is_3_and_help_is_0() {
    let world = World::new();
    for args in [
        &["list"][..],
        &["list", "users"],
        &["token", "--pool", "x"],
        &["token", "--pool", "", "--client", "x"],
        &["setup", "unknown", "--pool", "x"],
        &[
            "token", "--pool", "x", "--client", "y", "--claims", "--header",
        ],
        &["--demo", "list", "pools"],
        &["--no-such-flag"],
    ] {
        let ran = world.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{args:?}");
    }
    let help = world.run(&["--help"]).answer();
    for code in ["0  done", "1  failed", "2  setup", "3  the command line"] {
        assert!(help.contains(code), "{help}");
    }
    assert!(
        world
            .run(&["list", "--help"])
            .answer()
            .contains("token_endpoint")
    );
    assert!(
        world
            .run(&["credentials", "--help"])
            .answer()
            .contains("--graph-endpoint")
    );
}

#[test]
fn connection_flags_stand_before_or_after_the_command_and_win_over_the_environment() {
    let world = World::new();
    let url = world.sandbox.url();
    let dead = "http://127.0.0.1:1";
    for args in [
        ["--endpoint-url", &url, "list", "pools"],
        ["list", "pools", "--endpoint-url", &url],
    ] {
        let mut command = world.command(&args);
        ran(command.env("COGNITUI_ENDPOINT_URL", dead)).answer();
    }
    let config = world.file("cognitui.toml", &format!("endpoint_url = \"{url}\"\n"));
    let mut command = world.command(&["list", "pools", "--config", &config]);
    ran(command.env_remove("COGNITUI_ENDPOINT_URL")).answer();
    world
        .run(&[
            "token",
            "--token-endpoint",
            dead,
            "--pool",
            STAGING,
            "--client",
            "price-poller",
        ])
        .refused(&["token request", "no connection"]);
}

#[test]
fn a_throttled_call_is_tried_again_and_said_once() {
    let world = World::new();
    world.fault("ListUserPools:throttle*2");
    let ran = world.run(&["list", "pools"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.err, "cognitui: throttled by AWS, trying again\n");
}
