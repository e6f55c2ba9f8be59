//! All commands about a secret x all places of the secret x whether it may be read.

use serde_json::{Value, json};

use crate::cognito::{Cognito, POOL};
use crate::world::{Ran, read};

/// The commands, each with what it reads from standard input: the client's own secret, or nothing.
const COMMANDS: [(&str, &[&str], bool); 8] = [
    ("token", &["token"], false),
    ("token with it", &["token", "--secret", "-"], true),
    ("credentials", &["credentials", "--json"], false),
    (
        "credentials with it",
        &["credentials", "--json", "--secret", "-"],
        true,
    ),
    ("curl", &["credentials", "--format", "curl"], false),
    ("rotate", &["rotate", "--apply", "--format", "json"], false),
    ("finish", &["rotate", "--apply", "--finish"], true),
    ("list", &["list", "clients", "--details", "--json"], false),
];

/// The places of a secret, each with the operation to deny so that the secret is not readable.
const STATES: [(&str, &str); 5] = [
    ("shown", "DescribeUserPoolClient"),
    ("managed", "GetSecretValue"),
    ("hidden", "ListUserPoolClientSecrets"),
    ("none", "ListUserPoolClientSecrets"),
    ("unknown", "DescribeUserPoolClient"),
];

const DESCRIBE: &str = "cognito-idp:DescribeUserPoolClient";
const LIST: &str = "cognito-idp:ListUserPoolClientSecrets";
const GIVE: &str = "--secret -";
const NOT_SHOWN: &str = "Cognito does not show it";
const PUBLIC: &str = "public client";

/// The exit code of a cell, and its message: on stdout after a success, else on stderr.
#[expect(
    clippy::match_same_arms,
    clippy::unnested_or_patterns,
    reason = "a table, read row by row"
)]
fn expected(command: &str, state: &str, denied: bool) -> (i32, &'static [&'static str]) {
    match (command, state, denied) {
        // The value at hand needs no reading.
        ("token with it", "shown" | "managed" | "hidden", _) => (0, &["eyJ"]),
        ("token with it", "none", false) => (7, &["invalid_client", "The client is public"]),
        ("token with it", "none", true) => (7, &["invalid_client", "The secret is wrong"]),
        ("token with it", "unknown", false) => {
            (7, &["invalid_grant", "may not use client_credentials"])
        }
        ("token with it", "unknown", true) => (7, &["invalid_grant"]),
        ("credentials with it", _, _) => (0, &["client_id", "client_secret"]),

        (_, "shown", true) if command != "list" => (5, &["access denied", DESCRIBE]),
        ("token", "shown", _) => (0, &["eyJ"]),
        ("credentials", "shown", _) => (0, &["client_secret"]),

        ("token", "managed", false) => (0, &["eyJ"]),
        ("credentials", "managed", false) => (0, &["client_secret", "client_secret_arn"]),
        ("token" | "credentials", "managed", true) => (
            5,
            &[
                "secretsmanager:GetSecretValue",
                "kms:Decrypt on the KMS key arn:aws:kms",
                "arn:aws:secretsmanager",
            ],
        ),
        // The new value is not asked for, and nothing is read.
        ("rotate", "managed", _) => (0, &[]),
        ("finish", "managed", _) => (
            1,
            &[
                "AWS Secrets Manager manages the secret",
                "--finish does not apply",
            ],
        ),

        ("token" | "credentials", "hidden", false) => (1, &["there is one", NOT_SHOWN, GIVE]),
        ("token" | "credentials", "hidden", true) => (
            1,
            &[NOT_SHOWN, "client_credentials proves there is one", GIVE],
        ),
        ("rotate" | "finish", "hidden", true) => (5, &["access denied", LIST]),

        ("token" | "credentials" | "curl" | "rotate" | "finish", "none", false) => {
            (1, &[PUBLIC, "Create a new app client"])
        }
        ("token" | "credentials", "none", true) => (1, &["not known", LIST, GIVE]),
        ("rotate" | "finish", "none", true) => (5, &["access denied", LIST]),

        ("token" | "credentials", "unknown", false) => (1, &["not known", LIST, GIVE]),
        ("rotate" | "finish", "unknown", false) => (5, &["access denied", LIST]),
        ("curl", "unknown", true) | (_, "unknown", true) if command != "list" => {
            (5, &["access denied", DESCRIBE])
        }

        ("curl", _, _) => (0, &["curl", "$CLIENT_SECRET"]),
        ("rotate", _, _) => (0, &["client_secret"]),
        // There is one secret, and it is this one.
        ("finish", _, _) => (0, &[]),
        ("list", "shown" | "unknown", true) => (1, &[r#""secret":null"#, r#""client_type":null"#]),
        ("list", "shown", false) => (0, &[r#""state":"shown""#]),
        ("list", "managed", _) => (
            0,
            &[r#""state":"managed""#, r#""arn":"arn:aws:secretsmanager"#],
        ),
        ("list", "hidden", _) => (0, &[r#""state":"hidden""#, r#""client_type":"REGULAR""#]),
        ("list", "none", false) => (0, &[r#""state":"none""#, r#""arn":null"#]),
        ("list", "none", true) | ("list", "unknown", false) => (0, &[r#""state":"unknown""#, LIST]),
        cell => panic!("nothing is expected of {cell:?}"),
    }
}

/// Returns the client whose secret is in this state. If its secrets cannot be listed, nothing is known.
fn of_state(cognito: &Cognito, state: &str) -> &'static str {
    let mut inside = cognito.state();
    if state == "unknown" {
        let client = inside.client("hidden");
        client.machine = false;
        inside.denied.insert("ListUserPoolClientSecrets");
        return "hidden";
    }
    inside.client(state).name
}

/// Runs a cell for its client; returns the values of its secrets, too.
fn cell(
    args: &[&str],
    given: bool,
    state: &str,
    denied: Option<&'static str>,
) -> (Ran, Vec<String>, Cognito) {
    let cognito = Cognito::start();
    let client = of_state(&cognito, state);
    cognito.state().denied.extend(denied);
    let values = cognito.live(client);
    let mut args = args.to_vec();
    args.extend(["--pool", POOL]);
    if args[0] != "list" {
        args.extend(["--client", client]);
    }
    let input = values
        .last()
        .map_or("a_secret_of_no_client_at_all", String::as_str);
    let ran = if given {
        cognito.feed(&args, input)
    } else {
        cognito.run(&args)
    };
    let ran = if args[0] == "list" {
        let mine = |line: &&str| line.contains(&format!(r#""name":"{client}""#));
        let out = ran.out.lines().filter(mine).collect();
        Ran { out, ..ran }
    } else {
        ran
    };
    (ran, values, cognito)
}

#[test]
fn each_command_says_where_the_secret_is() {
    for (command, args, given) in COMMANDS {
        for (state, hides) in STATES {
            for denied in [false, true] {
                let (ran, values, _) = cell(args, given, state, denied.then_some(hides));
                let about = format!("{command} x {state} x denied {denied}: {ran:?}");
                let (code, words) = expected(command, state, denied);
                assert_eq!(ran.code, code, "{about}");
                let said = if code == 0 || command == "list" {
                    &ran.out
                } else {
                    &ran.err
                };
                for word in words {
                    assert!(said.contains(word), "no {word:?} in {about}");
                }
                // Only all the evidence makes a client public.
                let public = ran.err.contains("public") || ran.out.contains("public");
                let proven = state == "none" && !denied;
                assert!(proven || !public, "{about}");
                let advice = ran.err.contains("Create a new app client");
                assert!(proven || !advice, "{about}");
                for value in values {
                    assert!(!ran.err.contains(&value), "{about}");
                }
            }
        }
    }
}

/// Doctor and exports concern secrets, too.
#[test]
fn no_report_takes_a_secret_that_is_not_shown_for_none() {
    for (state, hides) in STATES {
        for denied in [None, Some(hides)] {
            if denied == Some("DescribeUserPoolClient") || (state, denied) == ("none", None) {
                continue;
            }
            for args in [
                &["doctor"][..],
                &["export", "--as", "terraform"],
                &["export", "--as", "cloudformation"],
            ] {
                let (ran, ..) = cell(args, false, state, denied);
                let said = (ran.out + &ran.err).to_lowercase();
                // Terraform aligns the signs of equality.
                let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                let about = format!("{args:?} x {state} x {denied:?}: {said}");
                assert!(!said.is_empty() && ran.code < 2, "{about}");
                for wrong in ["public client", "machine-without-secret", "delete this one"] {
                    assert!(!said.contains(wrong), "{wrong:?} in {about}");
                }
                // A secret that exists is made again, whatever Cognito shows of it.
                let exists = matches!(state, "shown" | "managed" | "hidden");
                let line = match args.last() {
                    Some(&"terraform") => "generate_secret = true",
                    Some(&"cloudformation") => "generatesecret: true",
                    _ => continue,
                };
                assert_eq!(said.contains(line), exists, "{about}");
            }
        }
    }
}

#[test]
fn whoever_copies_a_managed_secret_is_warned() {
    let cognito = Cognito::start();
    let managed = ["--pool", POOL, "--client", "managed"];
    let ran = cognito.run(&[&["credentials", "--json"], &managed[..]].concat());
    ran.said(&[
        "a copy stops working",
        "every 7 days",
        "arn:aws:secretsmanager",
    ]);
    let told = ran.json();
    let client = cognito.state().client("managed").clone();
    assert_eq!(told["client_secret_arn"], client.arn());
    assert_eq!(told["client_secret"], cognito.live("managed")[0]);
    // The schedule is not needed for it.
    cognito.deny(&["DescribeSecret"]);
    let ran = cognito.run(&[&["credentials", "--json"], &managed[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.said(&["every 7 days, unless its schedule was changed"]);
    // Nothing is copied here, so that nothing is to be said.
    let curl = cognito.run(&[&["credentials", "--format", "curl"], &managed[..]].concat());
    assert_eq!((curl.code, curl.err.as_str()), (0, ""), "{curl:?}");
    assert_eq!(cognito.run(&[&["token"], &managed[..]].concat()).err, "");
}

#[test]
fn a_managed_secret_that_may_not_be_read_names_action_and_key() {
    let cognito = Cognito::start();
    cognito.deny(&["GetSecretValue", "DescribeSecret"]);
    let token = cognito.run(&["token", "--pool", POOL, "--client", "managed"]);
    token.refused_as(
        5,
        &[
            "secretsmanager:GetSecretValue",
            "kms:Decrypt on its KMS key, if it has a custom one",
        ],
    );
    let heard = cognito.heard();
    assert!(!heard.iter().any(|call| call == "token"), "{heard:?}");
}

#[test]
fn what_cannot_be_a_secret_goes_nowhere() {
    let cognito = Cognito::start();
    let about = ["--pool", POOL, "--client", "hidden"];
    for args in [
        &["token", "--secret", "-"][..],
        &["credentials", "--secret", "-"],
        &["rotate", "--apply", "--finish"],
        &["rotate", "--apply", "--own"],
    ] {
        for wrong in [
            "a line\nand another line of some text",
            "-----BEGIN PRIVATE KEY-----",
            &"x".repeat(129),
            "{\"client_secret\": 1}",
        ] {
            let ran = cognito.feed(&[args, &about].concat(), wrong);
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            ran.said(&["stdin"]);
            assert!(!ran.err.contains(wrong), "{ran:?}");
        }
    }
    // An argument is refused and not repeated.
    for command in ["token", "credentials"] {
        let ran = cognito.run(
            &[
                &[command, "--secret", "hunter2hunter2hunter2hunter2"],
                &about[..],
            ]
            .concat(),
        );
        ran.misused(&["--secret accepts only -", "rotate it"]);
        let ran = cognito.run(
            &[
                &[command, "--secret", "hunter2hunter2hunter2hunter2"],
                &about[..],
            ]
            .concat(),
        );
        assert!(!ran.err.contains("hunter2"), "{ran:?}");
    }
    assert_eq!(cognito.heard(), [""; 0]);
}

#[test]
fn a_given_secret_is_handed_over_and_may_come_as_json() {
    let cognito = Cognito::start();
    let secret = cognito.live("hidden")[0].clone();
    let file = cognito.home.path().join("it.json");
    let to = format!("file:{}", file.display());
    let args = [
        "credentials",
        "--pool",
        POOL,
        "--client",
        "hidden",
        "--json",
        "--secret",
        "-",
        "--to",
        &to,
    ];
    let ran = cognito.feed(
        &args,
        &json!({"client_id": "x", "client_secret": secret}).to_string(),
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.said(&["delivered", "was not verified"]);
    let kept: Value = serde_json::from_str(&read(&file)).unwrap();
    assert_eq!(kept["client_secret"], secret);
    assert_eq!(kept["client_id"], cognito.state().client("hidden").id);
}

#[test]
fn clients_are_listed_by_the_way_they_were_made() {
    let cognito = Cognito::start();
    let names = |kind: &str| -> Vec<String> {
        let args = ["list", "clients", "--pool", POOL, "--json", "--type", kind];
        let ran = cognito.run(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
        let name = |line: &str| {
            serde_json::from_str::<Value>(line).unwrap()["name"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        ran.out.lines().map(name).collect()
    };
    assert_eq!(names("DCR"), ["dcr"]);
    assert_eq!(names("regular"), ["shown", "managed", "hidden", "none"]);
    let table = cognito.run(&["list", "clients", "--pool", POOL, "--details"]);
    let lines: Vec<Vec<&str>> = table
        .out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["ID", "NAME", "TYPE", "SECRET"]);
    let row = |name: &str| lines.iter().find(|line| line[1] == name).unwrap()[2..].join(" ");
    assert_eq!(row("shown"), "REGULAR shown");
    assert_eq!(row("managed"), "REGULAR managed");
    assert_eq!(row("hidden"), "REGULAR not shown");
    assert_eq!(row("none"), "REGULAR none");
    assert_eq!(row("dcr"), "DCR not shown");
    // Names alone need no reading of clients.
    cognito.heard();
    let names = cognito.run(&["list", "clients", "--pool", POOL, "--json"]);
    let first: Value = serde_json::from_str(names.out.lines().next().unwrap()).unwrap();
    for field in ["client_type", "secret", "other"] {
        assert_eq!(first[field], Value::Null);
    }
    assert!(
        !cognito
            .heard()
            .iter()
            .any(|call| call == "DescribeUserPoolClient")
    );
}

#[test]
fn settings_that_no_build_knows_are_listed() {
    let cognito = Cognito::start();
    cognito.state().client("shown").more =
        json!({"FutureSetting": {"Mode": 2}, "FutureSecret": "x"});
    let ran = cognito.run(&["list", "clients", "--pool", POOL, "--details", "--json"]);
    let first: Value = serde_json::from_str(ran.out.lines().next().unwrap()).unwrap();
    assert_eq!(
        first["other"],
        json!({"FutureSetting": {"Mode": 2}, "FutureSecret": "(hidden)"})
    );
}

#[test]
fn a_client_that_registered_itself_takes_no_secret_operation() {
    let cognito = Cognito::start();
    let about = ["--pool", POOL, "--client", "dcr"];
    for args in [
        &["rotate"][..],
        &["rotate", "--apply", "--finish"],
        &["rotate", "--start-over"],
        &["rotate", "--apply", "--own"],
    ] {
        let ran = cognito.feed(&[args, &about].concat(), &cognito.live("dcr")[0]);
        ran.refused(&["registered itself", "refuses secret operations"]);
    }
    let heard = cognito.heard();
    assert!(
        !heard.iter().any(|call| call.contains("ClientSecret")),
        "{heard:?}"
    );
    cognito
        .run(&[&["token"], &about[..]].concat())
        .refused(&["Cognito does not show it", "--secret -"]);
    let given = cognito.feed(
        &[&["token", "--secret", "-"], &about[..]].concat(),
        &cognito.live("dcr")[0],
    );
    assert_eq!(given.code, 0, "{given:?}");
}
