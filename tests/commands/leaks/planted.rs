//! The search itself: planted secrets are found.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::leaks::needles::{Needles, forms};
use crate::leaks::traces;
use crate::pty::console::Start;

const SECRET: &str = "k3v0q9s8d7f6g5h4j3k2l1m0n9b8v7c6+5z4x3c2v1b0n9m8q7w";

fn needles() -> Needles {
    let mut needles = Needles::default();
    needles.add("the secret", SECRET);
    needles
}

#[test]
fn a_planted_secret_is_found_in_every_encoding_and_at_every_place() {
    for (form, text) in forms(SECRET) {
        let planted = format!("some words before {text} and behind");
        assert!(needles().found_in(planted.as_bytes()).is_some(), "{form}");
    }
    for before in ["", "a", "ab", "abc", "client:"] {
        let planted = STANDARD.encode(format!("{before}{SECRET}\n"));
        assert!(needles().found_in(planted.as_bytes()).is_some(), "{before}");
    }
    let half = format!("...{}...", &SECRET[17..40]);
    assert!(needles().found_in(half.as_bytes()).is_some());
    assert_eq!(needles().found_in(&SECRET.as_bytes()[..15]), None);
    assert_eq!(needles().found_in(b"nothing to see here, move on"), None);
}

#[test]
fn a_planted_secret_is_found_in_files_however_deep_and_in_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join(".config/a/b");
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("harmless"), "nothing").unwrap();
    assert_eq!(traces::in_files(folder.path(), &needles()).len(), 0);
    fs::write(deep.join("crash"), format!("\0\u{1}{SECRET}")).unwrap();
    fs::write(folder.path().join(&SECRET[..20]), "").unwrap();
    assert_eq!(traces::in_files(folder.path(), &needles()).len(), 2);
}

#[test]
fn a_planted_secret_is_found_in_arguments_and_environment_of_a_child() {
    let script = format!("echo started; cat & read -r line; : {SECRET}");
    let mut shell = Start::program("bash", &["-c", &script])
        .env("PLANTED", SECRET)
        .open();
    shell.wait_for_words(&["started"]);
    let found = traces::in_process(shell.pid(), &needles());
    let places = |name: &str| found.iter().filter(|place| place.contains(name)).count();
    assert!(places("cmdline") >= 1, "{found:?}");
    assert!(places("environ") >= 1, "{found:?}");
    shell.press("\n");
}

#[test]
fn what_was_asked_to_be_copied_is_no_leak_and_all_else_is() {
    let copy = format!("\x1b]52;c;{}\x1b\\", STANDARD.encode(SECRET));
    let (rest, copies) = traces::without_copies(format!("a{copy}b{copy}c").as_bytes());
    assert_eq!((needles().found_in(&rest), copies), (None, 2));
    let (rest, _) = traces::without_copies(format!("{copy}{SECRET}").as_bytes());
    assert!(needles().found_in(&rest).is_some());
}
