//! Delivers a client's credentials from the copy menu: to a file, to a command, to AWS Secrets Manager, to the terminal.

use cognitui::app::message::{ClientForm, CopyRequest, Route, SetupOutcome};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::runtime::LoopControl;
use cognitui::sandbox::secrets_manager::Content;

use crate::desk::Desk;
use crate::stage::{PROD, PROD_ID, Stage, TEAM_ID};

const NAME: &str = "checkout";

/// Opens the copy menu of a client; returns the client's secret, too.
async fn open() -> (Stage, String) {
    let mut stage = Stage::open().await;
    let secret = stage.secret(PROD_ID, NAME);
    stage.client(PROD, NAME).await;
    stage.press("y").await;
    stage.sees(&[
        "7 JSON to a new file …",
        "8 JSON to a command …",
        "9 JSON to AWS Secrets Manager …",
        "via terminal (OSC 52) …",
    ]);
    (stage, secret)
}

#[tokio::test]
async fn to_a_new_file_and_to_no_other() {
    let (mut stage, secret) = open().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkout.json");
    std::fs::write(&path, "somebody's").unwrap();
    stage.press("7 enter").await;
    stage.sees(&["Credentials to a new file", "Required"]);
    stage.paste(&path.display().to_string()).await;
    stage.press("enter").await;
    // It is said where the name can be mended.
    stage.sees(&["✗ Not delivered", "already exists"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "somebody's");
    stage.press("backspace").await;
    stage.press("enter").await;
    let bottom = stage.bottom();
    assert!(bottom.contains("Delivered to the file"), "{bottom}");
    stage.sees(&["AccessTokenValidity"]);
    let written = std::fs::read_to_string(path.with_extension("jso")).unwrap();
    assert!(written.contains(&secret) && written.contains("\"token_endpoint\""));
    stage.sees_no(&secret);
    assert!(!stage.asked_to_copy().contains("52;"));
    // On purpose it is written over, and only then.
    stage.press("y 7").await;
    stage.paste(&path.display().to_string()).await;
    stage.press("enter tab right").await;
    stage.sees(&["(•) replace"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "somebody's");
    stage.press("enter").await;
    let bottom = stage.bottom();
    assert!(bottom.contains("verified by reading back"), "{bottom}");
    assert!(std::fs::read_to_string(&path).unwrap().contains(&secret));
}

#[tokio::test]
async fn to_a_commands_standard_input() {
    let (mut stage, secret) = open().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("read");
    stage.press("8").await;
    stage.sees(&["Gets JSON on stdin"]);
    stage
        .paste(&format!("cat > {}; exit 9", path.display()))
        .await;
    stage.press("enter").await;
    // It has read the secret, and it failed.
    let bottom = stage.bottom();
    assert!(bottom.contains("Perhaps delivered"), "{bottom}");
    stage.sees(&["! Perhaps delivered", "failed with exit code 9"]);
    stage.sees_no("Not delivered");
    stage.press("home").await;
    stage.paste("true && ").await;
    stage.press("end backspace").await;
    stage.type_text("0").await;
    stage.press("enter").await;
    let bottom = stage.bottom();
    assert!(bottom.contains("Delivered to the command"), "{bottom}");
    assert!(std::fs::read_to_string(&path).unwrap().contains(&secret));
}

#[tokio::test]
async fn to_secrets_manager_and_a_refusal_is_shown() {
    let (mut stage, secret) = open().await;
    stage.fault("CreateSecret:access-denied*1");
    stage.press("9").await;
    stage.type_text("team/checkout").await;
    stage.press("enter").await;
    stage.sees(&["✗ Not delivered", "CreateSecret"]);
    stage.sees_no(&secret);
    assert!(!stage.sandbox.state().stored.contains_key("team/checkout"));
    stage.press("enter").await;
    stage.sees(&["AccessTokenValidity", "Delivered to AWS Secrets Manager"]);
    let stored = stage.sandbox.state().stored;
    let version = stored["team/checkout"].labelled("AWSCURRENT").unwrap();
    match &version.content {
        Some(Content::Text(text)) => assert!(text.contains(&secret)),
        other => panic!("{other:?} is kept"),
    }
}

#[tokio::test]
async fn to_the_terminal_only_after_its_risks_were_told() {
    let (mut stage, secret) = open().await;
    stage.press("G enter").await;
    stage.sees(&["Copy a secret through the terminal?", "clear it later"]);
    assert_eq!(stage.asked_to_copy(), "");
    stage.press("enter").await;
    assert_eq!(stage.clipboard(), secret);
}

#[tokio::test]
async fn nobody_leaves_while_it_is_under_way_without_being_told() {
    let (mut stage, _) = open().await;
    stage.press("8").await;
    let folder = tempfile::tempdir().unwrap();
    let held = folder.path().join("held");
    let made = std::process::Command::new("mkfifo").arg(&held).status();
    assert!(made.unwrap().success());
    stage
        .paste(&format!("cat {} - >/dev/null", held.display()))
        .await;
    stage.tap("enter");
    stage.sees(&["delivering"]);
    stage.tap("ctrl-c");
    assert_eq!(stage.turn(), LoopControl::Go);
    let bottom = stage.bottom();
    assert!(bottom.contains("Still writing"), "{bottom}");
    // Opening the pipe waits for its reader.
    let open = move || drop(std::fs::OpenOptions::new().write(true).open(&held).unwrap());
    let opened = tokio::task::spawn_blocking(open);
    stage.settle().await;
    opened.await.unwrap();
    let bottom = stage.bottom();
    assert!(bottom.contains("Delivered to the command"), "{bottom}");
}

#[test]
fn only_a_copy_of_its_secret_counts_as_a_look_at_it() {
    let (pool, client) = (PoolId::new(TEAM_ID), ClientId::new("a"));
    let ready = SetupOutcome {
        pool: pool.clone(),
        client: client.clone(),
        made: true,
        within: false,
    };
    let mut desk = Desk::on(Route::SetupResult(ready), 1_000);
    let what = "the id of my-secret-app";
    let id = CopyRequest::Plain {
        what: what.to_owned(),
        text: "a".to_owned(),
    };
    assert!(!desk.may_leave_after(id, what));
    let secret_of = |client: ClientId| CopyRequest::Client {
        pool: pool.clone(),
        client,
        name: "my-secret-app".to_owned(),
        endpoint: None,
        form: ClientForm::Secret,
    };
    let what = "the secret of my-secret-app";
    assert!(!desk.may_leave_after(secret_of(ClientId::new("b")), what));
    assert!(desk.may_leave_after(secret_of(client.clone()), what));
}

#[tokio::test]
async fn what_a_set_up_led_to_is_handed_over_from_its_last_page() {
    let mut stage = Stage::open().await;
    stage.press("m enter enter").await;
    let client = stage.sandbox_client(TEAM_ID, "machine_auth");
    stage.sees(&["ready to use", &client.id]);
    stage.press("q").await;
    stage.sees(&["ready to use", "was not shown yet"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("team.json");
    stage.press("y 7").await;
    stage.paste(&path.display().to_string()).await;
    stage.press("enter").await;
    let bottom = stage.bottom();
    assert!(bottom.contains("Delivered to the file"), "{bottom}");
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains(&client.secrets[0].value));
    // Somebody has the secret now: nothing holds the user back.
    stage.press("q").await;
    stage.sees_no("was not shown yet");
    stage.sees_no("ready to use");
}
