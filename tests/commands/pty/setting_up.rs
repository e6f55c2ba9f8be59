//! Setting up in the real terminal: from the pools to a client with a token, and no accidental exit.

use crate::pty::command_line::Served;
use crate::pty::console::Start;

#[test]
fn team_is_set_up_and_its_secret_is_not_left_behind() {
    let mut console = Start::console(&["--demo"]).size(80, 24).open();
    console.wait_for_words(&["DEMO", "team06dbb7fc"]);
    console.press("m");
    console.wait_for_words(&["Set up M2M access", "AWS TEAM"]);
    console.press("\r");
    console.wait_for_words(&["+ Create resource server api", "enter apply"]);
    console.press("\r");
    console.wait_for_words(&["Set up, ready to use", "Granted scopes: api/admin"]);
    console.press("\x03");
    console.wait_for_words(&["press again to leave"]);
    console.press("\x03");
    let ended = console.end();
    assert_eq!(ended.code, 0);
    ended.assert_restored();
}

#[test]
fn a_preset_from_the_users_folder_is_in_the_list() {
    let start = Start::console(&["--demo"]);
    let folder = start.home().join(".config/cognitui/presets");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("nightly.toml"),
        "title = \"Nightly export\"\n[pool]\nfind = \"team06dbb7fc\"\n[client]\nname = \"nightly-export\"\n\
         scopes = [\"jobs/run\"]\n[[server]]\nidentifier = \"jobs\"\nname = \"jobs\"\n[[server.scope]]\nname = \"run\"\n\
         description = \"Runs jobs\"\n",
    )
    .unwrap();
    let mut console = start.open();
    console.wait_for_words(&["DEMO", "team06dbb7fc"]);
    console.press("m");
    console.wait_for_words(&["nightly", "Nightly export", "own"]);
    console.press("G\r");
    console.wait_for_words(&["+ Create app client nightly-export", "Runs jobs"]);
    console.press("\r");
    console.wait_for_words(&["Set up, ready to use", "Granted scopes: jobs/run"]);
}

#[test]
fn a_script_that_takes_down_asks_for_the_name_on_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start(&folder.path().join("state.json"));
    let url = format!("http://{}", served.address);
    let setup = |more: &str| {
        Start::console(&["setup", "plain", "--set", "domain=acme-pty", more])
            .with_credentials()
            .env("AWS_REGION", "eu-west-1")
            .env("COGNITUI_ENDPOINT_URL", &url)
            .open()
    };
    assert_eq!(setup("--apply").end().code, 0);

    let mut refused = setup("--destroy");
    refused.wait_for_words(&["- Delete user pool m2m", "Type m2m to confirm:"]);
    refused.press("m2\r");
    let refused = refused.end();
    assert_eq!(refused.code, 1);
    assert!(
        refused.text().contains("Nothing was taken down"),
        "{}",
        refused.text()
    );

    // Whoever thinks better of it.
    let mut left = setup("--destroy");
    left.wait_for_words(&["Type m2m to confirm:"]);
    left.press("\x03");
    assert_ne!(left.end().code, 0);

    let mut agreed = setup("--destroy");
    agreed.wait_for_words(&["Type m2m to confirm:"]);
    agreed.press("m2m\r");
    let agreed = agreed.end();
    assert_eq!(agreed.code, 0, "{}", agreed.text());
    assert!(agreed.text().contains("All done."), "{}", agreed.text());

    let again = setup("--destroy").end();
    assert_eq!(again.code, 0);
    assert!(again.text().contains("No changes."), "{}", again.text());
    served.terminate();
}
