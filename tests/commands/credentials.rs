//! `credentials`.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::export::by_python;
use crate::world::{Ran, STAGING, TEAM, World, ran};

#[test]
fn the_default_is_teams_four_lines_exactly() {
    let world = World::new();
    let client = world.machine_auth();
    let graph = "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql";
    let out = world
        .run(&[
            "credentials",
            "--pool",
            "team06dbb7fc",
            "--graph-endpoint",
            graph,
        ])
        .answer();
    assert_eq!(
        out,
        format!(
            "token_endpoint=\"{}/oauth2/token\"\ngraph_endpoint=\"{graph}\"\nclient_id=\"{}\"\nclient_secret=\"{}\"\n",
            world.sandbox.url(),
            client.id,
            client.secrets[0].value,
        )
    );
}

#[test]
fn on_the_sample_the_four_lines_come_without_an_option() {
    let world = World::new();
    let client = world.machine_auth();
    let out = world
        .run(&["credentials", "--pool", "team06dbb7fc"])
        .answer();
    let lines: Vec<(&str, &str)> = out
        .lines()
        .map(|line| line.split_once('=').unwrap())
        .collect();
    let quoted = |text: &str| format!("\"{text}\"");
    let graph = "https://tq5wgpz3brhxfmh2oeiakvfs3u.appsync-api.eu-west-1.amazonaws.com/graphql";
    assert_eq!(
        lines,
        [
            (
                "token_endpoint",
                &*quoted(&format!("{}/oauth2/token", world.sandbox.url()))
            ),
            ("graph_endpoint", &*quoted(graph)),
            ("client_id", &*quoted(&client.id)),
            ("client_secret", &*quoted(&client.secrets[0].value)),
        ]
    );
}

#[test]
fn without_a_graph_endpoint_its_line_is_left_out_and_said_so() {
    let world = World::new();
    world.machine_auth();
    world.sandbox.edit(|state| state.graph_apis.clear());
    let ran = world.run(&["credentials", "--pool", TEAM]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3), "{ran:?}");
    assert!(!ran.out.contains("graph_endpoint"));
    ran.said(&["graph_endpoint omitted", "--graph-endpoint"]);
}

/// Starts an AppSync with one API for each of these names.
fn appsync(names: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let _ = stream.read(&mut [0; 8192]);
            let api = |name: &&str| serde_json::json!({"name": name, "uris": {"GRAPHQL": format!("https://{name}/graphql")}});
            let apis: Vec<_> = names.iter().map(api).collect();
            let body = serde_json::json!({"graphqlApis": apis}).to_string();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:";
            let _ = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
        }
    });
    url
}

/// Runs `credentials` with the world's Cognito and an AppSync.
fn with_appsync(world: &World, appsync: &str, more: &[&str]) -> Ran {
    let mut command = world.command(&[&["credentials", "--pool", TEAM], more].concat());
    command
        .env_remove("COGNITUI_ENDPOINT_URL")
        .env(
            "COGNITUI_TOKEN_ENDPOINT",
            "https://team.example.com/oauth2/token",
        )
        .env(
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
            world.sandbox.url(),
        )
        .env("AWS_ENDPOINT_URL_APPSYNC", appsync);
    ran(&mut command)
}

#[test]
fn the_graph_endpoint_is_looked_up_in_appsync() {
    let world = World::new();
    world.machine_auth();
    let url = appsync(&["orders", "team-main-06dbb7fc", "team-x"]);
    let line = |name: &str| format!("\ngraph_endpoint=\"https://{name}/graphql\"\n");
    let out = with_appsync(&world, &url, &[]).answer();
    assert!(out.contains(&line("team-main-06dbb7fc")), "{out}");
    assert_eq!(out.lines().count(), 4);
    let out = with_appsync(&world, &url, &["--graph-api", "order"]).answer();
    assert!(out.contains(&line("orders")), "{out}");
    let json = ["--graph-api", "orders", "--format", "json"];
    let json = with_appsync(&world, &url, &json).json();
    assert_eq!(json["graph_endpoint"], "https://orders/graphql");
    // Only TEAM's lines want one unasked.
    let json = with_appsync(&world, &url, &["--format", "json"]).json();
    assert_eq!(json.get("graph_endpoint"), None);

    with_appsync(&world, &url, &["--graph-api", "team"]).refused(&[
        "several match",
        "2 GraphQL APIs match team",
        "team-main-06dbb7fc",
        "team-x",
    ]);
    with_appsync(&world, &url, &["--graph-api", "nope"]).refused(&["no GraphQL API", "nope"]);
    let without = with_appsync(&world, &appsync(&["orders"]), &[]);
    assert_eq!((without.code, without.out.lines().count()), (0, 3));
    without.said(&["graph_endpoint omitted", "team-main", "--graph-api"]);
}

#[test]
fn a_url_that_would_break_out_of_its_line_is_not_printed() {
    let world = World::new();
    world.machine_auth();
    let url = appsync(&["team-main\"\nclient_id=\"evil"]);
    with_appsync(&world, &url, &[]).refused(&["cannot print", "line breaks"]);
}

#[test]
fn without_appsync_the_note_says_so() {
    let world = World::new();
    world.machine_auth();
    // An emulator without AppSync answers something of its own.
    world.fault("ListGraphqlApis:html");
    let ran = world.run(&["credentials", "--pool", TEAM]);
    ran.said(&["no AppSync at", &world.sandbox.url()]);
    world
        .run(&["credentials", "--pool", TEAM, "--graph-api", "x"])
        .refused(&["no AppSync at"]);
}

#[test]
fn every_other_format() {
    let world = World::new();
    let client = world.machine_auth();
    let secret = client.secrets[0].value.as_str();
    let run = |format| {
        world
            .run(&[
                "credentials",
                "--pool",
                TEAM,
                "--client",
                "machine_auth",
                "--format",
                format,
            ])
            .answer()
    };
    let url = format!("{}/oauth2/token", world.sandbox.url());
    assert_eq!(
        run("env"),
        format!(
            "export TOKEN_ENDPOINT='{url}'\nexport CLIENT_ID='{}'\nexport CLIENT_SECRET='{secret}'\n",
            client.id
        )
    );
    assert_eq!(
        run("dotenv"),
        format!(
            "TOKEN_ENDPOINT='{url}'\nCLIENT_ID='{}'\nCLIENT_SECRET='{secret}'\n",
            client.id
        )
    );
    let mut json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
    let identity = json.as_object_mut().unwrap().remove("identity").unwrap();
    assert_eq!(identity["region"], "eu-west-1");
    assert_eq!(
        json,
        serde_json::json!({
            "token_endpoint": url, "client_id": client.id, "client_secret": secret, "client_type": "REGULAR",
        })
    );
    let curl = run("curl");
    assert!(
        curl.contains("$CLIENT_SECRET") && curl.contains(&url),
        "{curl}"
    );
    assert!(!curl.contains(secret));
}

#[test]
fn what_is_missing_is_named() {
    let world = World::new();
    world
        .run(&["credentials", "--pool", TEAM])
        .refused_as(4, &["no app client", "machine_auth"]);
    let iot = [
        "credentials",
        "--pool",
        "iot-device-gateway",
        "--client",
        "telemetry",
    ];
    world.run(&iot).refused(&["has no domain"]);
    let json = world.run(&[&iot[..], &["--format", "json"]].concat());
    assert_eq!(json.code, 0, "{json:?}");
    json.said(&["token_endpoint omitted"]);
    assert!(json.json().get("token_endpoint").is_none());
    world
        .run(&["credentials", "--pool", STAGING, "--client", "batch-client"])
        .refused(&["public client"]);
    let quote = world.run(&["credentials", "--pool", TEAM, "--graph-endpoint", "a\"b"]);
    assert_eq!(quote.code, 3, "{quote:?}");
}

#[test]
fn a_log_that_others_could_read_is_taken_from_them() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let log = world.file("log", "older lines\n");
    std::fs::set_permissions(&log, std::fs::Permissions::from_mode(0o664)).unwrap();
    let client = ["--pool", STAGING, "--client", "price-poller"];
    let asked = world.run(&[&["--log", &log, "token"][..], &client].concat());
    assert_eq!(asked.code, 0, "{asked:?}");
    let mode = std::fs::metadata(&log).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{mode:o}");
    let text = crate::world::read(log.as_ref());
    assert!(
        text.starts_with("older lines\n") && text.contains("token"),
        "{text}"
    );
}

#[test]
fn secrets_are_neither_taken_as_arguments_nor_logged() {
    let world = World::new();
    let client = world.machine_auth();
    let log = world.home.path().join("log");
    let path = log.display().to_string();
    world.run(&["--log", &path, "credentials", "--pool", TEAM]);
    let token = world
        .run(&[
            "token",
            "--log",
            &path,
            "--pool",
            TEAM,
            "--client",
            "machine_auth",
        ])
        .answer();
    let text = crate::world::read(&log);
    assert!(
        text.contains("credentials of") && text.contains("token for"),
        "{text}"
    );
    assert!(!text.contains(&client.secrets[0].value), "{text}");
    assert!(
        !text.contains(token.trim_end().rsplit('.').next().unwrap()),
        "{text}"
    );
    for command in ["token", "credentials", "rotate", "setup", "decode"] {
        for flag in ["--secret", "--client-secret", "--token"] {
            let ran = world.run(&[command, flag, "x"]);
            assert_eq!(ran.code, 3, "{command} {flag}");
        }
    }
}

#[test]
fn the_block_of_teams_provider_has_its_arguments_and_no_secret() {
    let world = World::new();
    let client = world.machine_auth();
    let graph = "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql";
    let args = ["credentials", "--pool", TEAM, "--format", "terraform"];
    let block = world
        .run(&[&args[..], &["--graph-endpoint", graph]].concat())
        .answer();
    assert!(!block.contains(&client.secrets[0].value), "{block}");
    let document = by_python("hcl.py", &world.file("team.tf", &block));
    assert_eq!(
        document["provider"][0]["awsteam"],
        serde_json::json!({
            "token_endpoint": format!("{}/oauth2/token", world.sandbox.url()),
            "graph_endpoint": graph,
            "client_id": client.id,
            "client_secret": "${var.awsteam_client_secret}",
        })
    );
    let variable = &document["variable"][0]["awsteam_client_secret"];
    assert_eq!(variable["sensitive"], true);
    let needs = &document["terraform"][0]["required_providers"][0]["awsteam"];
    assert_eq!(needs["source"], "awsteam-contrib/awsteam");

    world.sandbox.edit(|state| state.graph_apis.clear());
    let without = world.run(&args);
    assert_eq!(without.code, 0, "{without:?}");
    without.said(&["graph_endpoint omitted"]);
    assert!(without.out.contains("AWSTEAM_GRAPH_ENDPOINT"));
}

#[test]
fn json_has_a_flag_of_its_own() {
    let world = World::new();
    let of = [
        "credentials",
        "--pool",
        "acme-platform-prod",
        "--client",
        "checkout",
    ];
    let run = |more: &[&str]| world.run(&[&of[..], more].concat());
    let by_flag = run(&["--json"]);
    assert!(by_flag.out.contains("\"client_secret\": \""));
    assert_eq!(by_flag.out, run(&["--format", "json"]).out);
    assert_eq!(run(&["--json", "--format", "env"]).code, 3);
}

/// TEAM's own script takes the first pool whose name fits; the second of two may be the right one.
#[test]
fn of_two_pools_that_fit_teams_name_none_is_taken() {
    let world = World::new();
    let second = "eu-west-1_sT7eAm06e";
    world.sandbox.edit(|state| {
        let mut pool = state.pools[TEAM].clone();
        second.clone_into(&mut pool.id);
        pool.name = "team06dbb7fc_userpool_06dbb7fc-dev".to_owned();
        state.pools.insert(pool.id.clone(), pool);
    });
    for args in [
        &["credentials", "--pool", "team06dbb7fc"][..],
        &["setup", "team", "--apply"],
    ] {
        let ran = world.run(args);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (1, ""),
            "{args:?}: {}",
            ran.err
        );
        ran.said(&[TEAM, second]);
    }
    let writes = |call: &String| call.starts_with("Create") || call.starts_with("Update");
    assert!(!world.sandbox.calls().iter().any(writes));
}
