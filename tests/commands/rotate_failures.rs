//! `rotate` with a failure after a change: the change is reported, and no value is lost.

use std::process::Stdio;

use crate::rotate::{Case, OWN, ROTATE, handed_over, started};

#[test]
fn where_nobody_reads_what_is_said_the_new_secret_still_arrives() {
    let case = Case::new();
    let file = case.path("new.json");
    let to = format!("file:{file}");
    let mut child = case
        .world
        .command(&[&ROTATE[..], &["--to", &to]].concat())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let new = handed_over(&file);
    assert_eq!(case.live(), [case.old.clone(), new.clone()]);
    assert!(case.works(&new));
}

#[test]
fn what_was_added_is_told_where_it_could_not_be_proven() {
    let case = Case::new();
    case.world.fault("token:cut");
    let file = case.path("new.json");
    let ran = case.rotate(&["--to", &format!("file:{file}"), "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.said(&["cannot verify the secret", "It was delivered", "--own"]);
    let told = ran.json();
    assert_eq!(told["secrets"][1]["id"], told["added"]);
    assert_eq!(told["to"], format!("file:{file}"));
    assert_eq!(
        (&told["state"], &told["proven"]),
        (&"under-way".into(), &false.into())
    );
    assert_eq!(case.live()[1], handed_over(&file));
}

#[test]
fn what_was_added_is_told_where_it_could_not_be_handed_over() {
    let case = Case::new();
    let ran = case.rotate(&["--to", "exec:exit 3", "--json"]);
    ran.said(&["may have been delivered"]);
    assert_eq!(ran.code, 1);
    let told = ran.json();
    assert!(told["added"].is_string() && told["to"].is_null(), "{told}");
    assert_eq!(told["state"], "under-way");
    assert_eq!(case.live().len(), 2);
}

#[test]
fn the_deletion_is_told_where_nothing_answers_after_it() {
    let case = Case::new();
    let new = started(&case);
    // The proof before it goes through, and the one after it does not.
    case.world.fault("token:cut/2");
    let ran = case.finish(&new);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.said(&["the old secret is deleted", "cannot verify the new one"]);
    let told = ran.json();
    assert!(told["retired"].is_string(), "{told}");
    assert_eq!(
        (&told["state"], &told["proven"]),
        (&"finished".into(), &false.into())
    );
    assert_eq!(case.live(), [new]);
}

#[test]
fn the_deletion_is_told_where_the_old_secret_could_not_be_tried() {
    let case = Case::new();
    let new = started(&case);
    case.world.fault("token:cut/3");
    let ran = case.finish(&new);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let told = ran.json();
    assert_eq!(
        (&told["state"], &told["proven"]),
        (&"finished".into(), &true.into())
    );
    assert!(told["old_refused"].is_null(), "{told}");

    let case = Case::new();
    let new = started(&case);
    case.world.fault("token:cut/3");
    let ran = case.feed(&["--finish"], &new);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.said(&[
        "deleted the old secret",
        "cannot verify that it is rejected",
    ]);
}

#[test]
fn a_deletion_that_failed_is_told_with_both_secrets() {
    let case = Case::new();
    let new = started(&case);
    case.world.fault("DeleteUserPoolClientSecret:access-denied");
    let ran = case.finish(&new);
    assert_eq!(ran.code, 5, "{ran:?}");
    ran.said(&["access denied"]);
    let told = ran.json();
    assert_eq!(
        (&told["state"], &told["proven"], &told["retired"]),
        (&"waiting".into(), &true.into(), &serde_json::Value::Null)
    );
    assert_eq!(case.live().len(), 2);
}

#[test]
fn what_starting_over_deleted_is_told_where_nothing_could_be_added() {
    let case = Case::new();
    started(&case);
    let file = format!("file:{}", case.path("new.json"));
    case.world.fault("AddUserPoolClientSecret:access-denied");
    let ran = case.rotate(&["--to", &file, "--start-over", "--json"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    ran.said(&["access denied"]);
    let told = ran.json();
    assert!(
        told["retired"].is_string() && told["added"].is_null(),
        "{told}"
    );
    assert_eq!(told["state"], "not-begun");
    assert_eq!(case.live(), std::slice::from_ref(&case.old));
}

#[test]
fn starting_over_deletes_nothing_for_a_secret_that_cognito_would_refuse() {
    let case = Case::new();
    started(&case);
    let both = case.live();
    case.feed(&["--own", "--start-over"], "short")
        .refused(&["24 to 64 characters", "Nothing was sent"]);
    assert_eq!(case.live(), both);
    let taken = case.feed(&["--own", "--start-over"], OWN);
    assert_eq!(taken.code, 0, "{taken:?}");
    assert_eq!(case.live(), [case.old.clone(), OWN.to_owned()]);
}

#[test]
fn a_deletion_whose_answer_was_lost_is_done() {
    let case = Case::new();
    let new = started(&case);
    case.world.fault("DeleteUserPoolClientSecret:cut*1");
    let ran = case.finish(&new);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let told = ran.json();
    assert_eq!(
        (&told["state"], &told["old_refused"]),
        (&"finished".into(), &true.into())
    );
    assert_eq!(case.live(), [new]);
}

#[test]
fn an_addition_whose_answer_was_lost_is_not_made_twice() {
    let case = Case::new();
    let to = format!("file:{}", case.path("new.json"));
    case.world.fault("AddUserPoolClientSecret:cut*1");
    let ran = case.rotate(&["--to", &to, "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.said(&[
        "lost with the response",
        "its value was lost",
        "--start-over",
    ]);
    let told = ran.json();
    assert_eq!(told["state"], "under-way");
    assert_eq!(told["secrets"].as_array().map(Vec::len), Some(2));
    assert_eq!(case.live().len(), 2);
    // The way out that is told of.
    let ran = case.rotate(&["--to", &to, "--start-over"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        case.live(),
        [case.old.clone(), handed_over(&case.path("new.json"))]
    );
}

#[test]
fn a_secret_of_ones_own_is_added_although_the_answer_was_lost() {
    let case = Case::new();
    case.world.fault("AddUserPoolClientSecret:cut*1");
    let ran = case.feed(&["--own"], OWN);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(case.live(), [case.old.clone(), OWN.to_owned()]);
}
