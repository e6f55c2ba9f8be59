//! `doctor`.

use std::process::Stdio;

use cognitui::sandbox::state::{Client, Shown};
use serde_json::{Value, json};

use crate::world::{Ran, STAGING, World};

const PROD: &str = "acme-platform-prod";

#[test]
fn an_error_in_the_set_up_is_told_in_full_and_ends_in_exit_code_1() {
    let world = World::new();
    let ran = world.run(&["doctor", "--pool", STAGING]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert!(
        ran.out.starts_with(
            "error: OAuth is switched off (oauth-off)\nOn:     app client billing-export ("
        ),
        "{}",
        ran.out
    );
    assert_eq!(
        ran.out.lines().last(),
        Some("2 errors · 11 warnings · 4 hints")
    );
}

#[test]
fn one_client_is_judged_alone_and_as_json() {
    let world = World::new();
    let ran = world.run(&[
        "doctor",
        "--pool",
        STAGING,
        "--client",
        "price-poller",
        "--json",
    ]);
    let findings: Vec<Value> = ran
        .answer()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let rules: Vec<&Value> = findings.iter().map(|finding| &finding["rule"]).collect();
    assert_eq!(rules, ["token-short", "trigger-never-fires"]);
    assert_eq!(findings[0]["severity"], "warning");
    assert_eq!(findings[0]["name"], "price-poller");
    assert!(findings[0]["seen"].as_str().unwrap().contains("5 min"));
    assert_eq!(findings[1]["client_id"], Value::Null);
}

#[test]
fn a_healthy_client_has_no_findings() {
    let world = World::new();
    let out = world
        .run(&["doctor", "--pool", PROD, "--client", "carrier-webhook"])
        .answer();
    assert!(out.starts_with("no findings: "), "{out}");
}

#[test]
fn what_may_not_be_read_is_named_once_and_skipped() {
    let world = World::new();
    world.fault("DescribeUserPoolClient:access-denied,ListResourceServers:access-denied");
    let ran = world.run(&["doctor", "--pool", STAGING]);
    // Of the clients nothing is known, which is no clean bill of health.
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.said(&["skipped: resource servers", "skipped: app client settings"]);
    assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
    assert!(ran.out.contains("(deletion-unprotected)"), "{}", ran.out);
}

#[test]
fn a_client_that_is_deleted_meanwhile_does_not_end_it() {
    let world = World::new();
    // Long enough for the deletion, which comes between the list and the first answer about a client.
    world.fault("DescribeUserPoolClient:latency=2s*8,ListUserPoolClientSecrets:latency=2s*8");
    let child = world
        .command(&["doctor", "--pool", STAGING])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let listed = |call: &String| call == "ListUserPoolClients";
    while !world.sandbox.calls().iter().any(listed) {
        std::thread::yield_now();
    }
    world.sandbox.edit(|state| {
        let pool = state.pools.values_mut().find(|pool| pool.name == STAGING);
        pool.unwrap().clients.remove(0);
    });
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!((ended.status.code(), said.as_str()), (Some(1), ""));
    let out = String::from_utf8(ended.stdout).unwrap();
    assert!(out.contains("app client billing-export"), "{out}");
}

#[test]
fn clients_that_may_not_be_read_are_not_called_healthy() {
    let world = World::new();
    let healthy = ["doctor", "--pool", PROD, "--client", "carrier-webhook"];
    world.fault("DescribeUserPoolClient:access-denied");
    let ran = world.run(&healthy);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.out
            .contains("no findings; skipped: app client settings"),
        "{}",
        ran.out
    );
    ran.said(&["skipped: app client settings", "access denied"]);
    world.fault("ListResourceServers:access-denied");
    let ran = world.run(&healthy);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("skipped: resource servers"), "{}", ran.out);
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let world = World::new();
    for more in [&[][..], &["--json"]] {
        let ran = world.run_for_nobody(&[&["doctor", "--pool", STAGING], more].concat(), "");
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{ran:?}");
    }
    let healthy = ["doctor", "--pool", PROD, "--client", "carrier-webhook"];
    assert_eq!(world.run_for_nobody(&healthy, "").code, 0);
}

#[test]
fn the_ways_out_are_those_of_the_finding_and_not_of_its_rule() {
    let world = World::new();
    let about = ["--pool", STAGING, "--client", "storefront"];
    let ways = || {
        let ran = world.run(&[&["doctor", "--json"], &about[..]].concat());
        let mut lines = ran
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let old = lines.find(|line: &Value| line["rule"] == "secret-old");
        let old = old.unwrap_or_else(|| panic!("{ran:?}"));
        (
            old["ways"].clone(),
            old["change"].as_str().unwrap().contains("can't be moved"),
        )
    };
    let age = |change: fn(&mut Client)| {
        world.sandbox.edit(|state| {
            let pool = state.pools.values_mut().find(|pool| pool.name == STAGING);
            let mut clients = pool.unwrap().clients.iter_mut();
            change(clients.find(|client| client.name == "storefront").unwrap());
        });
    };
    age(|client| client.secrets[0].created -= 400.0 * 86_400.0);
    assert_eq!(ways(), (json!(["rotate", "move-secret"]), false));
    age(|client| client.shown = Shown::Nothing);
    assert_eq!(ways(), (json!(["rotate"]), true));
}

/// The clients of notifications-prod that a rule about secrets names.
fn named_by(world: &World, rule: &str) -> (Ran, Vec<String>) {
    let ran = world.run(&["doctor", "--pool", "notifications-prod", "--json"]);
    let rows = ran.out.lines().map(serde_json::from_str);
    let about = rows
        .map(Result::unwrap)
        .filter(|row: &Value| row["rule"] == rule);
    let mut names: Vec<String> = about
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    (ran, names)
}

fn with_old_secrets() -> World {
    let world = World::new();
    world.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools
            .find(|pool| pool.name == "notifications-prod")
            .unwrap();
        for client in &mut pool.clients {
            for secret in &mut client.secrets {
                secret.created -= 400.0 * 86_400.0;
            }
        }
    });
    world
}

#[test]
fn a_registered_client_hides_the_secrets_of_no_other() {
    let world = with_old_secrets();
    let (ran, old) = named_by(&world, "secret-old");
    assert_eq!(old, ["agent-registrar", "marketing", "order-mails"]);
    assert!(!ran.err.contains("skipped"), "{ran:?}");
    let asked = world.sandbox.calls().into_iter();
    let asked = asked.filter(|call| call == "ListUserPoolClientSecrets");
    assert_eq!(
        asked.count(),
        4,
        "not of the two that registered themselves"
    );
}

#[test]
fn one_client_whose_secrets_are_refused_hides_no_other() {
    let world = with_old_secrets();
    world.fault("ListUserPoolClientSecrets:access-denied*1");
    let (ran, old) = named_by(&world, "secret-old");
    assert_eq!(ran.code, 1, "{ran:?}");
    // Which one is denied differs: they are asked side by side.
    assert!((2..=3).contains(&old.len()), "{old:?}");
    ran.said(&["skipped: client secret dates, 1 of 6 (", "access denied"]);
}

/// notifications-prod with a second managed secret; neither rotates.
fn with_two_managed_secrets() -> World {
    let world = World::new();
    world.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools
            .find(|pool| pool.name == "notifications-prod")
            .unwrap();
        let of = |name: &str| pool.clients.iter().position(|client| client.name == name);
        let (first, second) = (of("push-gateway").unwrap(), of("order-mails").unwrap());
        let kept = pool.clients[first].managed.clone().unwrap();
        let kept = state.stored.get_mut(&kept).unwrap();
        kept.rotation.as_mut().unwrap().enabled = false;
        let (from, to) = (&pool.clients[first].id, &pool.clients[second].id);
        let mut other = kept.clone();
        other.name = kept.name.replace(from.as_str(), to);
        other.arn = kept.arn.replace(from.as_str(), to);
        pool.clients[second].managed = Some(other.name.clone());
        state.stored.insert(other.name.clone(), other);
    });
    world
}

#[test]
fn a_managed_secret_that_is_gone_hides_no_other() {
    let world = with_two_managed_secrets();
    let (_, off) = named_by(&world, "managed-rotation-off");
    assert_eq!(off, ["order-mails", "push-gateway"]);
    world.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools
            .find(|pool| pool.name == "notifications-prod")
            .unwrap();
        let of = |client: &&mut Client| client.name == "push-gateway";
        let client = pool.clients.iter_mut().find(of).unwrap();
        let kept = state
            .stored
            .remove(&client.managed.take().unwrap())
            .unwrap();
        let settings = &mut client.settings;
        settings.insert("ClientSecretArn".to_owned(), json!(kept.arn));
        client.shown = Shown::Nothing;
    });
    let (ran, off) = named_by(&world, "managed-rotation-off");
    assert_eq!(off, ["order-mails"], "{ran:?}");
    ran.said(&["skipped: managed secret rotation, 1 of 2 (", "not found"]);
    assert_eq!(ran.code, 1);
}

#[test]
fn a_managed_secret_that_may_not_be_read_hides_no_other() {
    let world = with_two_managed_secrets();
    world.fault("DescribeSecret:access-denied*1");
    let (ran, off) = named_by(&world, "managed-rotation-off");
    assert_eq!((ran.code, off.len()), (1, 1), "{ran:?}");
    ran.said(&[
        "skipped: managed secret rotation, 1 of 2 (",
        "access denied",
    ]);
}

#[test]
fn only_checks_that_were_made_count_as_passed() {
    let world = World::new();
    let last = |more: &[&str]| {
        let out = world.run(&[&["doctor", "--pool", PROD], more].concat()).out;
        out.lines().last().unwrap_or_default().to_owned()
    };
    // The sandbox's domains are not in the DNS.
    assert_eq!(
        last(&[]),
        "no findings: 32 checks passed; not checked: domain-without-record"
    );
    // Five rules are about the pool or its scopes.
    assert_eq!(
        last(&["--client", "carrier-webhook"]),
        "no findings: 27 checks passed; not checked: domain-without-record"
    );
}

#[test]
fn one_cause_is_told_once_with_all_that_it_concerns() {
    let world = World::new();
    let ran = world.run(&["doctor", "--pool", STAGING, "--json"]);
    let rows: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let text = world.run(&["doctor", "--pool", STAGING]).out;
    let mut shared = 0;
    for row in &rows {
        let (rule, title) = (
            row["rule"].as_str().unwrap(),
            row["title"].as_str().unwrap(),
        );
        let count = rows.iter().filter(|other| other["rule"] == rule).count();
        assert_eq!(row["of_rule"], json!(count), "{row}");
        let heading = format!(": {title} ({rule})");
        assert_eq!(text.matches(&heading).count(), 1, "{rule}: {text}");
        if count > 1 {
            shared += 1;
            assert!(
                text.contains(&format!("On:     {count} ")),
                "{rule}: {text}"
            );
            let name = row["name"].as_str().unwrap();
            assert!(text.contains(&format!("- {name}")), "{name}: {text}");
        }
    }
    assert!(shared > 1, "{text}");
}
