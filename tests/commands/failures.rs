//! The error messages and exit codes of all commands.

use crate::world::{STAGING, World, ran, read};

#[test]
fn two_matches_are_an_error_that_lists_them() {
    let world = World::new();
    let run = |args: &[&str]| world.run(args);
    run(&["list", "clients", "--pool", "staging"]).refused(&[
        "\"staging\" matches 2 user pools",
        "eu-west-1_St4g1ngQ7  acme-platform-staging",
        "eu-west-1_CuStWebSt  customers-web-staging",
    ]);
    run(&["token", "--pool", STAGING, "--client", "orders-worker"])
        .refused(&["\"orders-worker\" matches 2 app clients"]);
    // Beyond the first page of 60.
    run(&["token", "--pool", "partner-api", "--client", "-"])
        .refused(&["\"-\" matches 300 app clients", "and 280 more"]);
    let none = |args: &[&str], words: &[&str]| run(args).refused_as(4, words);
    none(
        &["list", "clients", "--pool", "nowhere"],
        &["no user pool", "nowhere", "`cognitui list pools`"],
    );
    none(
        &["token", "--pool", STAGING, "--client", "nobody"],
        &[
            "no app client",
            "`cognitui list clients --pool eu-west-1_St4g1ngQ7`",
        ],
    );
    // Nobody typed that name.
    none(
        &["credentials", "--pool", STAGING],
        &[
            "no app client matches \"machine_auth\"",
            "--client",
            "`cognitui setup team --pool eu-west-1_St4g1ngQ7 --apply`",
        ],
    );
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
        .refused_as(5, &["access denied", "cognito-idp:ListUserPools"]);
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
fn what_is_on_this_machine_is_spared_only_where_that_is_asked_for() {
    let world = World::new();
    world.sandbox.edit(|state| {
        let pool = state
            .pools
            .values_mut()
            .find(|pool| pool.clients.len() > 100);
        pool.unwrap().clients.truncate(22);
    });
    let args = [
        "list",
        "scopes",
        "--clients",
        "--pool",
        "partner-api",
        "--json",
    ];
    let answer = world.run(&args).answer();
    let mut by_the_sdks_variable = world.command(&args);
    by_the_sdks_variable
        .env_remove("COGNITUI_ENDPOINT_URL")
        .env("AWS_ENDPOINT_URL", world.sandbox.url());
    assert_eq!(ran(&mut by_the_sdks_variable).answer(), answer);
    let paced = ran(world.command(&args).arg("--pace"));
    paced.said(&["reading 22 app clients"]);
    assert_eq!((paced.code, paced.out), (0, answer));
}

#[test]
fn an_id_of_another_region_says_where_to_look() {
    let world = World::new();
    for command in [&["doctor"][..], &["list", "clients"]] {
        world
            .run(&[command, &["--pool", "us-east-2_XXXXXXXX1"]].concat())
            .refused_as(
                4,
                &[
                    "The id is of Region us-east-2",
                    "eu-west-1",
                    "--region us-east-2",
                ],
            );
    }
}

#[test]
fn a_command_line_that_cannot_be_meant_is_told_as_one() {
    let world = World::new();
    for (args, words) in [
        (
            &["list", "pools", "--clients"][..],
            &["--clients applies to scopes"][..],
        ),
        (
            &["list", "scopes", "--type", "DCR"],
            &["--details and --type apply to clients"],
        ),
        (
            &["list", "matrix", "--csv"],
            &["--csv needs matrix and --pool"],
        ),
        (&["man", "nosuch"], &["unknown command"]),
        (
            &[
                "rotate",
                "--apply",
                "--pool",
                STAGING,
                "--client",
                "price-poller",
                "--json",
            ],
            &["Use --to TARGET", "--to"],
        ),
        (
            &[
                "rotate",
                "--apply",
                "--pool",
                STAGING,
                "--client",
                "price-poller",
                "--format",
                "terraform",
            ],
            &["contains no secret", "Use --format team"],
        ),
    ] {
        world.run(args).misused(words);
    }
    // The list of secrets is read to see how the client rotates; nothing is written.
    let calls = world.sandbox.calls();
    let mut of_secrets = calls.iter().filter(|call| call.contains("Secret"));
    assert!(
        of_secrets.all(|call| call.contains("ListUserPoolClientSecrets")),
        "{calls:?}"
    );
}

#[test]
fn where_there_is_no_answer_the_way_out_is_told() {
    let world = World::new();
    let mut no_region = world.command(&["list", "pools"]);
    ran(no_region.env_remove("AWS_REGION")).refused(&["no Region is set", "--region"]);
    let mut odd_region = world.command(&["list", "pools"]);
    ran(odd_region.env("AWS_REGION", "eu-west-1.example/x?")).refused(&[
        "\"eu-west-1.example/x?\" is not a Region name",
        "AWS_REGION",
    ]);
    let mut nobody = world.command(&["list", "pools"]);
    ran(nobody
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY"))
    .refused_as(
        5,
        &[
            "no AWS credentials",
            "AWS_ACCESS_KEY_ID",
            "profile default",
            "aws sso login",
            "aws configure",
            "--demo",
        ],
    );
    let mut dead = world.command(&["list", "pools"]);
    ran(dead.env("COGNITUI_ENDPOINT_URL", "http://127.0.0.1:1")).refused_as(6, &["no connection"]);
}

#[test]
fn a_wrong_command_line_is_3_and_help_is_0() {
    let world = World::new();
    for args in [
        &["list"][..],
        &["list", "users"],
        &["token", "--pool", "x"],
        &["token", "--pool", "", "--client", "x"],
        &["setup", "team", "--apply", "--destroy"],
        &["setup", "team", "--set", "client"],
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
    for code in ["0  done", "1  failed", "2  setup", "3  wrong command line"] {
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
        .refused_as(6, &["token request", "no connection"]);
}

#[test]
fn a_throttled_call_is_tried_again_and_said_once() {
    let world = World::new();
    world.fault("ListUserPools:throttle*2");
    let ran = world.run(&["list", "pools"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.err, "cognitui: throttled by AWS, retrying\n");
}

#[test]
fn what_the_sdk_says_of_credentials_goes_to_the_log_alone() {
    let world = World::new();
    let log = world.home.path().join("log");
    let ask = |vars: &[(&str, &str)]| {
        let mut command = world.command(&["list", "pools"]);
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env("COGNITUI_LOG", &log)
            .envs(vars.iter().copied());
        let ran = ran(&mut command);
        assert_eq!(ran.err.lines().count(), 3, "{}", ran.err);
        for raw in ["␊", "provider", "chain", "hush", "IMDS disabled"] {
            assert!(!ran.err.contains(raw), "{raw} in: {}", ran.err);
        }
        ran
    };
    ask(&[]).refused_as(5, &["Checked: environment"]);
    let said = read(&log);
    assert!(said.contains("IMDS disabled"), "{said}");

    std::fs::create_dir(world.home.path().join(".aws")).unwrap();
    world.file(
        ".aws/config",
        "[profile own]\ncredential_process = sh -c 'echo hush 1>&2; exit 3'\n",
    );
    ask(&[("AWS_PROFILE", "own")]).refused_as(5, &["The credential_process of profile own failed"]);
    ask(&[("AWS_PROFILE", "other")]).refused_as(5, &["No profile other in ~/.aws/config"]);
    assert!(!read(&log).contains("hush"), "a program's own words");
}

#[test]
fn an_address_without_its_scheme_is_a_wrong_command_line() {
    let world = World::new();
    let wrong = |ran: crate::world::Ran| {
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
        ran.said(&["add http:// or https://", "http://localhost:4566"]);
    };
    wrong(world.run(&["list", "pools", "--endpoint-url", "localhost:4566"]));
    wrong(world.run(&["--token-endpoint", "localhost:4566", "--demo"]));
    let mut command = world.command(&["list", "pools"]);
    wrong(ran(command.env("COGNITUI_ENDPOINT_URL", "localhost:4566")));
    // AWS's own variable is no part of our command line, and no better for it.
    let mut command = world.command(&["list", "pools"]);
    command
        .env_remove("COGNITUI_ENDPOINT_URL")
        .env("AWS_ENDPOINT_URL", "localhost:4566");
    ran(&mut command).refused(&[
        "The endpoint localhost:4566 is not a URL",
        "http://localhost:4566",
    ]);
}

#[test]
fn a_bad_fault_is_a_wrong_command_line() {
    let world = World::new();
    for args in [
        &["sandbox", "--port", "0", "--fault", "trottle"][..],
        &["--demo", "--fault", "trottle"],
    ] {
        let ran = world.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.err);
        ran.said(&["--fault: `trottle` is not a fault", "throttle"]);
    }
}

#[test]
fn what_is_set_in_the_environment_is_not_called_for_by_the_usage() {
    let ran = World::new().run(&["list"]);
    ran.said(&["Usage: cognitui list <WHAT>"]);
    assert!(!ran.err.contains("--endpoint-url"), "{}", ran.err);
}

#[test]
fn a_configuration_that_is_not_there_is_told_once() {
    let world = World::new();
    let mut command = world.command(&["list", "pools"]);
    let ran = ran(command.env("COGNITUI_CONFIG", "/nowhere/at.toml"));
    assert_eq!(ran.code, 1);
    ran.said(&["cannot read the configuration file /nowhere/at.toml"]);
    assert_eq!(ran.err.matches("os error").count(), 1, "{}", ran.err);
}

#[test]
fn options_may_stand_before_the_command_and_their_values_may_look_like_one() {
    let world = World::new();
    let after = world.run(&["list", "pools", "--read-only"]).answer();
    assert!(after.contains("eu-west-1_sT7eAm06d"), "{after}");
    assert_eq!(world.run(&["--read-only", "list", "pools"]).answer(), after);
    // Without a command the console opens, and this is no terminal.
    let log = world.home.path().join("list");
    let log = log.to_str().unwrap();
    let opened = world.run(&["--log", log, "--region", "list"]);
    opened.refused(&["cannot take over the terminal"]);
    world
        .run(&["--region", "list", "--paces"])
        .misused(&["unexpected argument '--paces'", "--pace"]);
}
