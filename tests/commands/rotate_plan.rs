//! `rotate` without `--apply`.

use serde_json::Value;

use crate::rotate::{Case, ROTATE, started};
use crate::world::{STAGING, World};

#[test]
fn without_apply_the_plan_is_printed_and_nothing_is_done() {
    let case = Case::new();
    let unapplied: Vec<&str> = ROTATE.into_iter().filter(|arg| *arg != "--apply").collect();
    let calls = || {
        let calls = case.world.sandbox.calls();
        let acts = ["token", "AddUserPool", "DeleteUserPool", "UpdateUserPool"];
        let is_act = |call: &&String| acts.iter().any(|act| call.starts_with(act));
        calls.iter().filter(is_act).count()
    };
    let plan = |more: &[&str], words: &[&str]| {
        let before = (calls(), case.live());
        // Stdin has no secret, and is not read.
        let ran = case
            .world
            .feed(&[&unapplied[..], more].concat(), "no secret");
        assert_eq!(ran.code, 2, "{ran:?}");
        for word in words {
            assert!(ran.out.contains(word), "no {word} in {ran:?}");
        }
        assert_eq!((calls(), case.live()), before);
        ran
    };
    let file = case.path("new.json");
    let to = format!("file:{file}");
    let (add, delete) = ("AddUserPoolClientSecret", "DeleteUserPoolClientSecret");
    plan(&[], &[add, "stdout", delete, "later", "--apply"]);
    plan(&["--own"], &["your value", add]);
    plan(&["--read-only"], &[add]);
    plan(&["--to", &to], &[add, &to]);
    assert!(!std::path::Path::new(&file).exists());
    let told = plan(&["--json"], &[]).json();
    assert_eq!(told["state"], "planned");
    assert_eq!(told["plan"][0]["writes"], add);
    let last = told["plan"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["writes"], &last["later"]),
        (&delete.into(), &true.into())
    );

    started(&case);
    let (old, new) = {
        let told = plan(&["--json"], &[]).json();
        assert_eq!(
            (&told["state"], &told["plan"]),
            (&"under-way".into(), &Value::Null)
        );
        let id = |at: usize| told["secrets"][at]["id"].as_str().unwrap().to_owned();
        (id(0), id(1))
    };
    plan(&["--finish"], &[&old, delete, "Test"]);
    plan(&["--start-over"], &[&new, delete, add]);
    let proving = plan(&["--own"], &["Test"]);
    assert!(!proving.out.contains("UserPoolClientSecret"), "{proving:?}");
}

#[test]
fn a_client_that_cannot_be_rotated_says_why() {
    let world = World::new();
    let public = ["rotate", "--pool", STAGING, "--client", "batch-client"];
    world.run(&public).refused(&["public client"]);
    let iot = [
        "rotate",
        "--pool",
        "iot-device-gateway",
        "--client",
        "telemetry",
    ];
    world
        .run(&iot)
        .refused(&["has no domain", "could not be verified"]);
}
