//! Deleting in the real terminal: nothing is deleted before its name was typed.

use crate::pty::console::Start;

#[test]
fn a_client_is_deleted_after_its_name_was_typed() {
    let mut console = Start::console(&["--demo"]).size(80, 24).open();
    console.wait_for_words(&["DEMO"]);
    console.open_pool("team06dbb7fc");
    console.make_machine_auth();
    console.press("\x04");
    console.wait_for_words(&[
        "Delete app client machine_auth (",
        "Type machine_auth to confirm",
    ]);
    console.press("machine\r");
    console.wait_for_words(&["Type machine_auth to confirm"]);
    console.press("_auth");
    console.wait_for_words(&["Confirmed"]);
    console.press("\r");
    console.wait_for_words(&["Done: Delete app client machine_auth", "App clients 2"]);
    console.press("\x03");
    let ended = console.end();
    assert_eq!(ended.code, 0);
    ended.assert_restored();
}

#[test]
fn read_only_refuses_it_with_the_reason() {
    let mut console = Start::console(&["--demo", "--read-only"]).open();
    console.wait_for_words(&["DEMO", "READ-ONLY"]);
    console.press("\x04");
    console.wait_for_words(&["Read-only: it was started with --read-only"]);
}

#[test]
fn a_production_profile_is_marked_without_colour_too() {
    let console = Start::console(&[
        "--endpoint-url",
        "http://127.0.0.1:9",
        "--region",
        "eu-west-1",
    ])
    .with_credentials()
    .env("NO_COLOR", "1")
    .env("AWS_PROFILE", "team-prod")
    .open();
    console.wait_for_words(&["PROD", "team-prod"]);
}
