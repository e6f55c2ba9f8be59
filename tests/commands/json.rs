//! The JSON of all commands.

use std::collections::BTreeSet;

use clap::CommandFactory as _;
use cognitui::cli::Cli;
use serde_json::{Value, json};

use crate::cognito::{Cognito, POOL};
use crate::world::{Ran, STAGING, World};

/// A client of the sample that registered itself, and its pool.
const AGENTS: &str = "notifications-prod";
const REGISTERED: &str = "mail-agent";

/// Every command with --json, but for those that speak of nothing in AWS. Of `list` there is one for each thing.
pub const COMMANDS: &[&[&str]] = &[
    &["list", "pools"],
    &["list", "clients", "--pool", AGENTS],
    &["list", "clients", "--pool", AGENTS, "--details"],
    &["list", "servers", "--pool", AGENTS],
    &["list", "scopes", "--pool", AGENTS],
    &["list", "scopes", "--pool", AGENTS, "--clients"],
    &["list", "domains", "--pool", AGENTS],
    &["list", "matrix", "--pool", AGENTS],
    &["doctor", "--pool", AGENTS],
    &["token", "--pool", STAGING, "--client", "old-batch"],
    &[
        "token",
        "--pool",
        STAGING,
        "--client",
        "old-batch",
        "--claims",
    ],
    &["credentials", "--pool", STAGING, "--client", "old-batch"],
    &["rotate", "--pool", STAGING, "--client", "price-poller"],
    &[
        "rotate",
        "--apply",
        "--pool",
        STAGING,
        "--client",
        "price-poller",
        "--to",
        "file:new.json",
    ],
    &["setup", "machine-auth", "--pool", STAGING],
    &["setup", "machine-auth", "--pool", STAGING, "--apply"],
    &["setup", "machine-auth", "--pool", STAGING],
    &["export", "--pool", AGENTS, "--as", "cli"],
    &[
        "export", "--pool", AGENTS, "--client", REGISTERED, "--as", "cli",
    ],
    &["decode", "token.txt"],
    &["whoami"],
    &["show", "pool", AGENTS],
    &["show", "client", REGISTERED, "--pool", AGENTS],
    &["show", "server", "notify", "--pool", AGENTS],
    &["show", "scope", "notify/send", "--pool", AGENTS],
    &["show", "domain", "--pool", AGENTS],
    &["show", "secret-age", "--pool", AGENTS],
    &[
        "create",
        "client",
        "one",
        "--pool",
        AGENTS,
        "--scope",
        "notify/send",
        "--apply",
    ],
    &["create", "server", "srv", "--pool", AGENTS],
    &["create", "scope", "notify/read", "--pool", AGENTS],
    &[
        "create",
        "domain",
        "auth.acme.example",
        "--pool",
        AGENTS,
        "--certificate",
        "arn:a",
    ],
    &["create", "pool", "fresh"],
    &[
        "update",
        "client",
        REGISTERED,
        "--pool",
        AGENTS,
        "--access-token",
        "5min",
    ],
    &[
        "update", "server", "notify", "--pool", AGENTS, "--name", "N",
    ],
    &[
        "update",
        "scope",
        "notify/send",
        "--pool",
        AGENTS,
        "--description",
        "S",
    ],
    &[
        "update",
        "domain",
        "acme-notify",
        "--pool",
        AGENTS,
        "--managed-login",
        "2",
    ],
    &["update", "pool", AGENTS, "--protection", "on"],
    &["delete", "client", REGISTERED, "--pool", AGENTS],
    &["delete", "server", "notify", "--pool", AGENTS],
    &["delete", "scope", "notify/send", "--pool", AGENTS],
    &["delete", "domain", "acme-notify", "--pool", AGENTS],
    &["delete", "pool", AGENTS],
];
/// It speaks of files alone.
const ABOUT_FILES: &str = "presets";
/// Those that name one client without an id of it.
const OF_A_CLIENT: [&str; 2] = ["token", "credentials"];

/// All that a command printed: one value, or one a line.
pub fn values(ran: &Ran) -> Vec<Value> {
    let values = serde_json::Deserializer::from_str(&ran.out).into_iter();
    let values: Vec<Value> = values.map(Result::unwrap).collect();
    assert!(!values.is_empty(), "{ran:?}");
    values
}

/// Runs each command, and passes on what it printed.
fn walk(each: impl Fn(&str, Vec<Value>)) {
    let world = World::new();
    let token = ["token", "--pool", STAGING, "--client", "old-batch"];
    world.file("token.txt", &world.run(&token).answer());
    for args in COMMANDS {
        let mut command = world.command(&[args, &["--json"][..]].concat());
        let ran = crate::world::ran(command.current_dir(world.home.path()));
        each(&args.join(" "), values(&ran));
    }
}

#[test]
fn every_command_with_json_is_walked() {
    let mut all = BTreeSet::new();
    let has_json = |command: &clap::Command| {
        let mut arguments = command.get_arguments();
        arguments.any(|argument| argument.get_id() == "json")
    };
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        if has_json(command) {
            all.insert(name.to_owned());
        }
        let inner = command.get_subcommands().filter(|inner| has_json(inner));
        all.extend(inner.map(|inner| format!("{name} {}", inner.get_name())));
    }
    let mut walked: BTreeSet<String> = COMMANDS
        .iter()
        .map(|args| match args {
            [verb @ ("create" | "update" | "delete"), thing, ..] => format!("{verb} {thing}"),
            _ => args[0].to_owned(),
        })
        .collect();
    walked.insert(ABOUT_FILES.to_owned());
    assert_eq!(all, walked);
}

/// Returns the objects in a value that describe an app client.
fn clients<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            if members.get("client_id").is_some() {
                found.push(value);
            }
            for (name, member) in members {
                match member {
                    Value::Array(all) if name == "clients" => found.extend(all),
                    // The token's own words.
                    _ if name == "claims" => {}
                    _ => clients(member, found),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|one| clients(one, found)),
        _ => {}
    }
}

#[test]
fn whatever_speaks_of_an_app_client_says_how_it_was_made() {
    walk(|command, values| {
        let list = command.starts_with("list clients");
        for value in &values {
            let mut found = Vec::new();
            clients(value, &mut found);
            if list || OF_A_CLIENT.iter().any(|name| command.starts_with(name)) {
                found.push(value);
            }
            for client in &found {
                let made = client.get("client_type");
                assert!(made.is_some(), "{command}: {client}");
                // Where the client is read, Cognito says it.
                let unread = command.ends_with(AGENTS) && list
                    || client.get("client_id").is_some_and(Value::is_null);
                assert!(unread || made.unwrap().is_string(), "{command}: {client}");
            }
        }
        let text = Value::from(values).to_string();
        let known = ["matrix", "--clients", "--details", REGISTERED];
        if known.iter().any(|word| command.contains(word)) {
            assert!(text.contains(r#""client_type":"DCR""#), "{command}: {text}");
        }
    });
}

#[test]
fn every_answer_says_whose_account_it_is_of() {
    walk(|command, values| {
        // What a token says is read without AWS.
        let offline = command.starts_with("decode");
        for value in &values {
            let identity = &value["identity"];
            assert!(value.get("identity").is_some(), "{command}: {value}");
            if offline {
                assert!(identity.is_null(), "{command}: {identity}");
                continue;
            }
            let members = identity.as_object();
            let members = members.unwrap_or_else(|| panic!("{command}: {value}"));
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            let all = ["account", "endpoint", "profile", "region", "source"];
            assert_eq!(names, all, "{command}");
            assert_eq!(identity["account"], "123456789012", "{command}");
            assert_eq!(
                identity["source"], "keys from AWS_ACCESS_KEY_ID",
                "{command}"
            );
        }
    });
}

#[test]
fn a_doctor_that_finds_nothing_says_where() {
    let world = World::new();
    let ran = world.run(&["doctor", "--pool", "sandbox-jane", "--json"]);
    for value in values(&ran) {
        assert!(value["identity"]["account"].is_string(), "{value}");
    }
    let about = ["--pool", "acme-platform-prod", "--client", "checkout"];
    let ran = world.run(&[&["doctor", "--json"], &about[..]].concat());
    let rows = values(&ran);
    assert_eq!((ran.code, rows.len()), (0, 1), "{ran:?}");
    assert_eq!(rows[0]["identity"]["account"], "123456789012");
    assert!(rows[0]["rule"].is_null() && rows[0]["severity"].is_null());
}

#[test]
fn what_is_handed_over_says_nothing_of_who_did_it() {
    let world = World::new();
    let to = format!("file:{}", world.home.path().join("new.json").display());
    let about = ["--pool", STAGING, "--client", "price-poller", "--to", &to];
    let ran = world.run(&[&["credentials", "--json"], &about[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let text = crate::world::read(&world.home.path().join("new.json"));
    assert!(
        !text.contains("identity") && !text.contains("client_type"),
        "{text}"
    );
    // What was printed is this client's own, too, and can be replaced by its credentials.
    let printed = world.run(&[
        "credentials",
        "--json",
        "--pool",
        STAGING,
        "--client",
        "price-poller",
    ]);
    world.file("new.json", &printed.answer());
    let ran = world.run(&[&["credentials", "--json"], &about[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn words_that_no_build_knows_are_told_and_lead_to_no_finding() {
    let cognito = Cognito::start();
    cognito.state().client("shown").made = "AGENT";
    cognito.state().client("shown").more = json!({
        "AccessTokenValidity": 90, "TokenValidityUnits": {"AccessToken": "fortnights"},
        "RefreshTokenRotation": {"Feature": "SOMETIMES"},
    });
    let listed = cognito.run(&["list", "clients", "--details", "--json", "--pool", POOL]);
    let rows = values(&listed);
    let row = rows.iter().find(|row| row["name"] == "shown").unwrap();
    assert_eq!(row["client_type"], "AGENT");
    assert_eq!(row["other"]["TokenValidityUnits.AccessToken"], "fortnights");
    assert_eq!(row["other"]["RefreshTokenRotation.Feature"], "SOMETIMES");
    let about = ["--pool", POOL, "--client", "shown"];
    let found = cognito.run(&[&["doctor", "--json"], &about[..]].concat());
    for row in values(&found) {
        let seen = row["seen"].as_str().unwrap_or_default();
        assert!(!seen.contains("TokenValidity"), "{row}");
        assert_eq!(
            row["client_type"].as_str(),
            row["client_id"].as_str().map(|_| "AGENT")
        );
    }
    let code = cognito.run(&[&["export", "--as", "cli"], &about[..]].concat());
    assert!(
        code.err.contains("TokenValidityUnits.AccessToken"),
        "{code:?}"
    );
    assert!(!code.out.contains("AccessTokenValidity\""), "{code:?}");
}
