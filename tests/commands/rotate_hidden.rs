//! `rotate` if Cognito does not show a secret, and if AWS Secrets Manager holds it.

use serde_json::{Value, json};

use crate::cognito::{Cognito, POOL};
use crate::world::{Ran, read};

fn rotate(cognito: &Cognito, client: &str, more: &[&str], input: Option<&str>) -> Ran {
    let args = [
        &["rotate", "--apply", "--pool", POOL, "--client", client],
        more,
    ]
    .concat();
    match input {
        Some(input) => cognito.feed(&args, input),
        None => cognito.run(&args),
    }
}

/// Adds a second secret; returns its value.
fn started(cognito: &Cognito, client: &str) -> String {
    let ran = rotate(cognito, client, &[], None);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.said(&["Cognito may never show a secret of this client again"]);
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    value["client_secret"].as_str().unwrap().to_owned()
}

#[test]
fn a_client_whose_original_secret_is_lost_is_rotated_twice() {
    let cognito = Cognito::start();
    let first = cognito.live("shown")[0].clone();
    let second = started(&cognito, "shown");
    let ran = rotate(&cognito, "shown", &["--finish"], Some(&second));
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.said(&[
        "the old secret is rejected",
        "no longer shows the secret of shown",
        "--secret -",
    ]);
    assert!(!ran.err.contains("public"), "{ran:?}");
    assert_eq!(cognito.live("shown"), std::slice::from_ref(&second));

    let third = started(&cognito, "shown");
    assert_eq!(cognito.live("shown"), [second.clone(), third.clone()]);
    // Cognito shows neither, so that one alone proves nothing.
    for alone in [&second, &third] {
        rotate(&cognito, "shown", &["--finish"], Some(alone)).refused(&[
            "Cognito shows neither",
            "Nothing was deleted",
            "old_client_secret",
            "--sure",
        ]);
    }
    let both =
        |new: &str, old: &str| json!({"client_secret": new, "old_client_secret": old}).to_string();
    rotate(
        &cognito,
        "shown",
        &["--finish"],
        Some(&both(&third, &first)),
    )
    .refused(&[
        "not an active secret",
        "old_client_secret",
        "Nothing was deleted",
    ]);
    rotate(
        &cognito,
        "shown",
        &["--finish"],
        Some(&both(&third, &third)),
    )
    .refused(&["are equal", "Nothing was deleted"]);
    assert_eq!(cognito.live("shown").len(), 2);
    let ran = rotate(
        &cognito,
        "shown",
        &["--finish", "--json"],
        Some(&both(&third, &second)),
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let told = ran.json();
    assert_eq!(
        (&told["state"], &told["old_refused"]),
        (&json!("finished"), &json!(true))
    );
    assert_eq!(
        (&told["secret"]["state"], &told["client_type"]),
        (&json!("hidden"), &json!("REGULAR"))
    );
    assert_eq!(cognito.live("shown"), std::slice::from_ref(&third));

    // And once more, on the user's word.
    let fourth = started(&cognito, "shown");
    let ran = rotate(&cognito, "shown", &["--finish", "--sure"], Some(&fourth));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(cognito.live("shown"), std::slice::from_ref(&fourth));
    let token = [
        "token", "--pool", POOL, "--client", "shown", "--secret", "-",
    ];
    assert_eq!(cognito.feed(&token, &fourth).code, 0);
}

#[test]
fn old_and_new_mixed_up_lock_nobody_out() {
    let cognito = Cognito::start();
    let old = cognito.live("hidden")[0].clone();
    let new = started(&cognito, "hidden");
    let both = json!({"client_secret": old, "old_client_secret": new}).to_string();
    for (more, input) in [(&["--finish"][..], &both), (&["--finish", "--sure"], &old)] {
        let older = cognito.live("hidden")[0].clone();
        let ran = rotate(
            &cognito,
            "hidden",
            more,
            Some(if older == old { input } else { &new }),
        );
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.said(&[
            "was the old one",
            "added again",
            "both secrets work",
            "--start-over",
        ]);
        let mut live = cognito.live("hidden");
        live.sort();
        let mut all = [old.clone(), new.clone()];
        all.sort();
        assert_eq!(live, all);
    }
    // Where it can't be added again, the way out is told.
    let older = cognito.live("hidden")[0].clone();
    cognito.deny(&["AddUserPoolClientSecret"]);
    let ran = rotate(
        &cognito,
        "hidden",
        &["--finish", "--sure", "--json"],
        Some(&older),
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.said(&[
        "was the old one",
        "could not be added again",
        "run rotate again now",
    ]);
    let told = ran.json();
    assert_eq!(
        (&told["state"], &told["proven"]),
        (&json!("finished"), &json!(false))
    );
}

#[test]
fn a_managed_secret_is_rotated_where_it_is() {
    let cognito = Cognito::start();
    let before = cognito.live("managed");
    let ran = rotate(&cognito, "managed", &[], None);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.said(&[
        "rotated the secret of managed",
        "before: v3, rotated",
        "now: v4, rotated",
    ]);
    let after = cognito.live("managed");
    assert_ne!(before, after);
    let heard = cognito.heard();
    for not in [
        "GetSecretValue",
        "ListUserPoolClientSecrets",
        "AddUserPoolClientSecret",
        "token",
    ] {
        assert!(!heard.iter().any(|call| call == not), "{heard:?}");
    }
    let told = rotate(&cognito, "managed", &["--json"], None);
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{told:?}");
    let told = told.json();
    assert_eq!(
        (&told["state"], &told["secret"]["state"]),
        (&json!("rotated"), &json!("managed"))
    );
    let versions = (
        &told["managed"]["before"]["version"],
        &told["managed"]["after"]["version"],
    );
    assert_eq!(versions, (&json!("v4"), &json!("v5")));
    assert!(
        told["managed"]["after"]["next_rotation"].is_string(),
        "{told}"
    );
}

#[test]
fn the_new_value_of_a_managed_secret_is_read_where_it_is_asked_for() {
    let cognito = Cognito::start();
    let ran = rotate(&cognito, "managed", &["--reveal"], None);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.said(&["a copy stops working"]);
    assert_eq!(
        ran.json()["client_secret"],
        *cognito.live("managed").last().unwrap()
    );
    let file = cognito.home.path().join("new.json");
    let to = format!("file:{}", file.display());
    let ran = rotate(&cognito, "managed", &["--to", &to, "--json"], None);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["to"], to);
    let kept: Value = serde_json::from_str(&read(&file)).unwrap();
    assert_eq!(
        kept["client_secret"],
        *cognito.live("managed").last().unwrap()
    );
    assert_eq!(
        kept["client_secret_arn"],
        cognito.state().client("managed").arn()
    );
    let calls = cognito.heard().len();
    rotate(&cognito, "managed", &["--reveal", "--format", "curl"], None)
        .misused(&["contains no secret"]);
    assert!(cognito.heard().len() < calls);
}

#[test]
fn what_goes_with_a_rotation_by_hand_is_refused_of_a_managed_one() {
    let cognito = Cognito::start();
    let before = cognito.live("managed");
    for flag in ["--finish", "--own", "--start-over"] {
        let ran = rotate(&cognito, "managed", &[flag], Some(&before[0]));
        ran.refused(&[
            "AWS Secrets Manager manages the secret of managed",
            flag,
            "Nothing was changed",
        ]);
    }
    assert_eq!(cognito.live("managed"), before);
}

#[test]
fn a_managed_rotation_that_is_denied_or_not_seen_says_so() {
    let cognito = Cognito::start();
    cognito.deny(&["RotateSecret"]);
    rotate(&cognito, "managed", &[], None)
        .refused_as(5, &["access denied", "secretsmanager:RotateSecret"]);
    cognito.deny(&["DescribeSecret"]);
    let ran = rotate(&cognito, "managed", &[], None);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.said(&[
        "accepted the rotation",
        "the result is unknown",
        "secretsmanager:DescribeSecret",
    ]);
    let told = rotate(&cognito, "managed", &["--json"], None);
    assert_eq!((told.code, &told.json()["state"]), (2, &json!("requested")));
}

#[test]
fn a_managed_rotation_that_never_ends_is_waited_for_as_long_as_two_calls_and_claims_nothing() {
    let cognito = Cognito::start();
    cognito.state().stuck = true;
    let before = cognito.live("managed");
    let ran = rotate(&cognito, "managed", &["--timeout", "1", "--reveal"], None);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    ran.said(&["accepted the rotation", "did not finish within 2 s"]);
    assert!(!ran.err.contains("rotated the secret"), "{ran:?}");
    let told = rotate(&cognito, "managed", &["--timeout", "1", "--json"], None);
    assert_eq!(told.code, 2, "{told:?}");
    let told = told.json();
    assert_eq!(
        (&told["state"], &told["managed"]["after"]),
        (&json!("requested"), &Value::Null)
    );
    assert_eq!(cognito.live("managed"), before);
}

#[test]
fn where_no_secrets_manager_answers_that_is_said_with_what_to_do() {
    let cognito = Cognito::start();
    cognito.state().alone = true;
    let about = ["--pool", POOL, "--client", "managed"];
    for args in [
        &["rotate", "--apply"][..],
        &["token"],
        &["credentials", "--json"],
    ] {
        cognito.run(&[args, &about].concat()).refused(&[
            "no Secrets Manager at http://127.0.0.1:",
            "Use an endpoint with Secrets Manager",
        ]);
    }
}
