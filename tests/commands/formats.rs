//! `--output`, `--quiet`, `--no-input`, errors as JSON, exit codes by class, and the doctor's formats for other programs.

use clap::CommandFactory as _;
use cognitui::cli::Cli;
use serde_json::Value;

use crate::world::{Ran, STAGING, TEAM, World};

const PROD: &str = "acme-platform-prod";

/// Rows, and the name of a column of theirs.
const ROWS: &[(&[&str], &str)] = &[
    (&["list", "pools"], "id"),
    (&["list", "clients", "--pool", STAGING], "name"),
    (
        &["list", "clients", "--pool", STAGING, "--details"],
        "client_type",
    ),
    (&["list", "servers", "--pool", STAGING], "identifier"),
    (&["list", "scopes", "--pool", STAGING, "--clients"], "scope"),
    (&["list", "domains", "--pool", STAGING], "domain"),
    (&["doctor", "--pool", STAGING], "rule"),
    (&["show", "secret-age", "--pool", STAGING], "age_days"),
    (&["presets"], "title"),
];

#[test]
fn rows_are_the_same_in_every_format() {
    let world = World::new();
    for (args, column) in ROWS {
        let with = |more: &[&'static str]| world.run(&[args, more].concat()).out;
        let lines = with(&["--json"]);
        assert_eq!(lines, with(&["--output", "jsonl"]), "{args:?}");
        let rows: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert!(!rows.is_empty(), "{args:?}: {lines}");
        let array: Value = serde_json::from_str(&with(&["--output", "json"])).unwrap();
        assert_eq!(array, Value::Array(rows.clone()), "{args:?}");
        let csv = with(&["--output", "csv"]);
        let mut csv = csv.lines();
        let heading: Vec<&str> = csv.next().unwrap().split(',').collect();
        assert!(heading.contains(column), "{args:?}: {heading:?}");
        assert!(!heading.contains(&"identity"), "{args:?}");
        assert!(csv.count() >= rows.len(), "{args:?}");
        assert_eq!(with(&["--output", "table"]), with(&[]), "{args:?}");
    }
}

#[test]
fn nothing_is_an_empty_array() {
    let world = World::new();
    let list = ["list", "domains", "--pool", "sandbox-jane", "--output"];
    let ran = |format| world.run(&[&list[..], &[format]].concat()).answer();
    assert_eq!(ran("json"), "[]\n");
    assert_eq!(ran("jsonl"), "");
    assert_eq!(ran("csv"), "");
}

#[test]
fn every_command_with_json_has_the_other_formats_and_one_meaning_of_them() {
    // Its formats are those of credentials.
    const OWN: &str = "credentials";
    let mut commands = vec![Cli::command()];
    let mut walked = 0;
    while let Some(command) = commands.pop() {
        let has = |id: &str| command.get_arguments().any(|one| one.get_id() == id);
        if has("json") && command.get_name() != OWN {
            assert!(has("output"), "{}", command.get_name());
            walked += 1;
        }
        commands.extend(command.get_subcommands().cloned());
    }
    assert!(walked > 20, "{walked}");
}

/// The error of a failed command.
fn error(ran: &Ran) -> Value {
    let line = ran.err.lines().last().unwrap_or_default();
    let error: Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    assert_eq!(error["error"]["exit_code"], ran.code);
    error["error"].clone()
}

#[test]
fn each_class_of_failures_has_its_exit_code_and_its_word() {
    let world = World::new();
    let list = ["list", "clients", "--pool", TEAM];
    // Its OAuth flag is off.
    let token = ["token", "--pool", STAGING, "--client", "billing-export"];
    let nobody = "http://127.0.0.1:1";
    let create = [
        "create",
        "domain",
        "acme-platform-prod",
        "--pool",
        TEAM,
        "--apply",
    ];
    for (args, fault, code, word) in [
        (
            &["show", "client", "nobody", "--pool", TEAM][..],
            "",
            4,
            "not_found",
        ),
        (
            &["list", "clients", "--pool", "eu-west-1_Nowhere99"],
            "",
            4,
            "not_found",
        ),
        (
            &list,
            "ListUserPoolClients:access-denied",
            5,
            "access_denied",
        ),
        (
            &["list", "pools", "--endpoint-url", nobody],
            "",
            6,
            "no_connection",
        ),
        (&token, "", 7, "token_refused"),
        (&create, "", 8, "conflict"),
    ] {
        world.fault(fault);
        let plain = world.run(&[args, &["--timeout", "3"]].concat());
        assert_eq!(plain.code, code, "{args:?}: {plain:?}");
        assert!(plain.err.starts_with("cognitui: "), "{plain:?}");
        for option in [
            &["--output", "json"][..],
            &["--output", "jsonl"],
            &["--json"],
        ] {
            if args == create {
                continue;
            }
            let ran = world.run(&[args, option, &["--timeout", "3"]].concat());
            let error = error(&ran);
            assert_eq!((ran.code, &error["code"]), (code, &word.into()), "{args:?}");
            assert!(
                error["reason"].is_string() && error["hint"].is_string(),
                "{error}"
            );
        }
        world.fault("");
    }
    // Some are found by the parser, some by the command, one by nobody who knows a command.
    for args in [
        &["show", "client", "web", "--output", "json"][..],
        &["show", "nothing", "--output=jsonl"],
        &["token", "--json"],
        &["nothing", "--json"],
    ] {
        let usage = world.run(args);
        assert_eq!((usage.code, &error(&usage)["code"]), (3, &"usage".into()));
    }
    let config = ["list", "pools", "--json", "--config", "nowhere.toml"];
    assert_eq!(error(&world.run(&config))["code"], "failed");
}

#[test]
fn an_error_of_aws_has_its_operation_its_resource_and_its_request_id() {
    let world = World::new();
    world.fault("ListUserPoolClients:access-denied");
    let ran = world.run(&["list", "clients", "--pool", TEAM, "--output", "json"]);
    let error = error(&ran);
    assert_eq!(error["operation"], "ListUserPoolClients");
    assert_eq!(error["resource"], TEAM);
    assert!(
        error["request_id"].as_str().is_some_and(|id| id.len() > 20),
        "{error}"
    );
}

#[test]
fn a_failed_step_has_the_exit_code_of_its_class() {
    let world = World::new();
    world.fault("CreateUserPoolClient:access-denied");
    let args = [
        "create",
        "client",
        "x",
        "--pool",
        STAGING,
        "--scope",
        "orders/read",
        "--apply",
    ];
    let ran = world.run(&args);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.out.contains("CreateUserPoolClient"), "{}", ran.out);
}

#[test]
fn quiet_leaves_notes_out_and_no_errors() {
    let world = World::new();
    let args = [
        "create",
        "client",
        "x",
        "--pool",
        STAGING,
        "--scope",
        "orders/read",
        "--apply",
    ];
    let noisy = world.run(&args);
    assert!(noisy.err.contains("done"), "{noisy:?}");
    let args = [
        "create",
        "client",
        "y",
        "--pool",
        STAGING,
        "--scope",
        "orders/read",
        "--apply",
    ];
    let quiet = world.run(&[&args[..], &["--quiet"]].concat());
    assert_eq!((quiet.code, quiet.err.as_str()), (0, ""));
    let failed = world.run(&["show", "pool", "nowhere", "--quiet"]);
    failed.refused_as(4, &["nowhere"]);
}

#[test]
fn the_doctors_findings_are_sarif_junit_and_workflow_commands() {
    let world = World::new();
    let doctor = ["doctor", "--pool", STAGING];
    let run = |more: &[&'static str]| world.run(&[&doctor[..], more].concat());
    let rows: Vec<Value> = run(&["--json"])
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let sarif = run(&["--format", "sarif"]);
    assert_eq!(sarif.code, 1);
    let sarif = sarif.json();
    assert_eq!(sarif["version"], "2.1.0");
    let run_of = &sarif["runs"][0];
    let results = run_of["results"].as_array().unwrap();
    assert_eq!(results.len(), rows.len());
    let rules = run_of["tool"]["driver"]["rules"].as_array().unwrap();
    for (result, row) in results.iter().zip(&rows) {
        assert_eq!(result["ruleId"], row["rule"]);
        assert!(rules.iter().any(|rule| rule["id"] == row["rule"]));
        let level = match row["severity"].as_str().unwrap() {
            "hint" => "note",
            other => other,
        };
        assert_eq!(result["level"], level);
    }
    let errors = rows.iter().filter(|row| row["severity"] == "error").count();
    let junit = run(&["--format", "junit"]).out;
    assert!(junit.starts_with("<?xml "), "{junit}");
    assert_eq!(junit.matches("<failure ").count(), errors);
    assert!(junit.contains(&format!("failures=\"{errors}\"")));
    assert_eq!(junit.matches("<testcase ").count(), count(&junit, "tests"));
    let github = run(&["--format", "github"]).out;
    assert_eq!(github.lines().count(), rows.len());
    assert_eq!(github.matches("::error title=").count(), errors);
    assert!(github.lines().all(|line| line.starts_with("::")));
}

/// The number in an attribute of JUnit's suite.
fn count(junit: &str, name: &str) -> usize {
    let (_, rest) = junit.split_once(&format!(" {name}=\"")).unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn warnings_fail_where_that_is_asked_for() {
    let world = World::new();
    // It has warnings and no error.
    let doctor = ["doctor", "--pool", "data-platform-dev"];
    let rows = world.run(&[&doctor[..], &["--json"]].concat());
    assert_eq!(rows.code, 0, "{rows:?}");
    assert!(rows.out.contains(r#""severity":"warning""#), "{rows:?}");
    assert!(!rows.out.contains(r#""severity":"error""#));
    let strict = [&doctor[..], &["--fail-on", "warning"]].concat();
    assert_eq!(world.run(&strict).code, 1);
    let junit = world.run(&[&strict[..], &["--format", "junit"]].concat());
    assert!(junit.out.contains("type=\"warning\""), "{junit:?}");
    let fine = [
        "doctor",
        "--pool",
        PROD,
        "--client",
        "checkout",
        "--fail-on",
        "warning",
    ];
    assert_eq!(world.run(&fine).code, 0);
}

#[test]
fn a_cached_token_is_private_used_while_it_holds_and_asked_for() {
    let world = World::new();
    let token = ["token", "--pool", STAGING, "--client", "storefront"];
    let cached = [&token[..], &["--cache"]].concat();
    let folder = world.home.path().join(".cache/cognitui/tokens");
    let plain = world.run(&token).answer();
    assert!(!folder.exists());
    let first = world.run(&cached).answer();
    assert_ne!(first, plain);
    assert_eq!(world.run(&cached).answer(), first);
    let files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    // Another request has another token.
    let other = [&cached[..], &["--scope", "orders/read"]].concat();
    assert_ne!(world.run(&other).answer(), first);
    assert_eq!(world.run(&cached).answer(), first);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&files[0]), mode(&folder)), (0o600, 0o700));
        // What others can read is not used.
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&files[0], open).unwrap();
        let renewed = world.run(&cached).answer();
        assert_ne!(renewed, first);
        assert_eq!(mode(&files[0]), 0o600);
    }
    // One that ends within a minute is not used either.
    let shortly = "eyJhbGciOiJub25lIn0.eyJleHAiOjF9.";
    std::fs::write(&files[0], shortly).unwrap();
    assert_ne!(world.run(&cached).answer().trim(), shortly);
    let secret = [&cached[..], &["--secret", "-"]].concat();
    assert_eq!(world.run(&secret).code, 3);
}

#[test]
fn a_token_is_an_exec_credential_of_the_version_that_is_asked_for() {
    let world = World::new();
    let args = [
        "token",
        "--pool",
        STAGING,
        "--client",
        "storefront",
        "--exec-credential",
    ];
    let credential = world.run(&args).json();
    assert_eq!(credential["kind"], "ExecCredential");
    assert_eq!(credential["apiVersion"], "client.authentication.k8s.io/v1");
    assert!(
        credential["status"]["token"]
            .as_str()
            .unwrap()
            .starts_with("ey")
    );
    assert!(credential["status"]["expirationTimestamp"].is_string());
    let info =
        r#"{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential"}"#;
    let mut command = world.command(&args);
    let ran = crate::world::ran(command.env("KUBERNETES_EXEC_INFO", info));
    assert_eq!(
        ran.json()["apiVersion"],
        "client.authentication.k8s.io/v1beta1"
    );
}
