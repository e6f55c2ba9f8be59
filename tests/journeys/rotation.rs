//! The rotation of a client's secret at the console, and after an interruption at every step.

use cognitui::app::message::clipboard::ClipboardKind;
use cognitui::app::message::rotation::{RotationCommand, RotationResult, RotationStep};
use cognitui::app::message::{ClientForm, CopyRequest, Route, TaskEvent};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::rotation::{DeletedSecret, Proof};
use cognitui::runtime::LoopControl;
use crossterm::event::Event;

use crate::desk::Desk;
use crate::stage::{PROD, PROD_ID, STAGING, Stage};

pub const NAME: &str = "checkout";
const OWN: &str = "my_own+secret_0123456789ABC";

/// The rotation of a client with one secret, and that secret.
pub async fn open() -> (Stage, String) {
    let mut stage = Stage::open().await;
    let old = live(&stage).remove(0);
    stage.client(PROD, NAME).await;
    stage.press("R").await;
    stage.sees(&["Rotate checkout", "Second slot", "only once"]);
    (stage, old)
}

pub fn live(stage: &Stage) -> Vec<String> {
    let client = stage.sandbox_client(PROD_ID, NAME);
    client
        .secrets
        .into_iter()
        .map(|secret| secret.value)
        .collect()
}

/// Returns whether a consumer gets a token with this secret.
async fn works(stage: &Stage, secret: &str) -> bool {
    let reply = reqwest::Client::new()
        .post(format!("{}/oauth2/token", stage.sandbox.url()))
        .basic_auth(stage.sandbox_client(PROD_ID, NAME).id, Some(secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials")
        .send()
        .await
        .unwrap();
    reply.status().is_success()
}

/// Opens a new console on the same Cognito, without any memory: as after a crash.
async fn after_a_crash(stage: Stage) -> Stage {
    let mut stage = stage.restarted().await;
    stage.client(PROD, NAME).await;
    stage.press("R").await;
    stage
}

#[tokio::test]
async fn from_one_secret_to_another() {
    let (mut stage, old) = open().await;
    stage.press("1 enter").await;
    let new = live(&stage)[1].clone();
    stage.sees(&["Only this console has the new secret", "known here, masked"]);
    stage.sees_no(&new);
    assert!(works(&stage, &old).await && works(&stage, &new).await);

    // It does not go on before somebody has the secret and the user says so.
    stage.press("6").await;
    assert!(
        stage.bottom().contains("Deliver it first"),
        "{}",
        stage.bottom()
    );
    stage.press("1").await;
    assert_eq!(stage.clipboard(), new);
    stage.sees(&["unconfirmed: check it arrived, then continue"]);
    stage.press("6 7").await;
    stage.sees(&["Both secrets work", "▸ 4 Wait"]);

    stage.press("8").await;
    stage.sees(&["App client"]);
    stage.type_text("chekout").await;
    stage.press("enter").await;
    stage.sees(&["to confirm"]);
    assert_eq!(live(&stage), [old.clone(), new.clone()]);
    stage.press("backspace backspace backspace backspace").await;
    stage.type_text("ckout").await;
    stage.press("enter").await;
    stage.sees(&["The new secret works", "The old secret is rejected", "✓ 6"]);
    assert_eq!(live(&stage), std::slice::from_ref(&new));
    assert!(!works(&stage, &old).await && works(&stage, &new).await);
    stage.press("enter").await;
    stage.sees(&["AccessTokenValidity"]);
}

#[tokio::test]
async fn leaving_the_screen_forgets_nothing_and_quitting_asks() {
    let (mut stage, _) = open().await;
    stage.press("1 enter esc").await;
    stage.press("ctrl-c").await;
    assert_eq!(stage.turn(), LoopControl::Go);
    assert!(
        stage.bottom().contains("leaving loses it"),
        "{}",
        stage.bottom()
    );
    // The terminal does not confirm a copy.
    stage.press("R 1").await;
    assert_eq!(stage.clipboard(), live(&stage)[1]);
    stage.sees(&["delivery unconfirmed"]);
    stage.press("esc ctrl-c").await;
    assert_eq!(stage.turn(), LoopControl::Go);
    assert!(
        stage.bottom().contains("is not confirmed as delivered"),
        "{}",
        stage.bottom()
    );
    // The user does.
    stage.press("R 6").await;
    stage.press("esc ctrl-c").await;
    assert_eq!(stage.turn(), LoopControl::Quit);
}

#[tokio::test]
async fn after_a_crash_before_the_hand_over() {
    let (mut stage, old) = open().await;
    stage.press("1 enter").await;
    let mut stage = after_a_crash(stage).await;
    stage.sees(&[
        "value unknown",
        "does not show the value",
        "the maximum per client",
    ]);
    // What somebody pastes is tried before it is believed.
    stage.press("1").await;
    stage.paste(OWN).await;
    stage.sees_no(OWN);
    stage.press("enter").await;
    stage.sees(&["not one of its active secrets", "value unknown"]);
    // Nobody has it: it goes, and the next one is added.
    stage.press("9").await;
    stage.sees(&["the older one keeps working"]);
    stage.type_text(NAME).await;
    stage.press("enter").await;
    stage.sees(&["Second slot"]);
    assert_eq!(live(&stage), std::slice::from_ref(&old));
    stage.press("1 enter").await;
    assert_eq!(live(&stage).len(), 2);
}

#[tokio::test]
async fn the_older_value_is_not_taken_for_the_newer() {
    let (mut stage, old) = open().await;
    stage.press("1 enter 1").await;
    let new = stage.clipboard();
    let mut stage = after_a_crash(stage).await;
    stage.press("1").await;
    stage.paste(&old).await;
    stage.press("enter").await;
    stage.sees(&["most likely the older secret", "value unknown"]);
    assert_eq!(live(&stage), [old, new]);
}

#[tokio::test]
async fn after_a_crash_while_everybody_switches() {
    let (mut stage, old) = open().await;
    stage.press("1 enter 1").await;
    let new = stage.clipboard();
    let mut stage = after_a_crash(stage).await;
    stage.press("1").await;
    stage.paste(&new).await;
    stage.press("enter").await;
    stage.sees(&["▸ 4 Wait"]);
    stage.press("8").await;
    stage.type_text(NAME).await;
    stage.press("enter").await;
    stage.sees(&["The old secret is rejected"]);
    assert_eq!(live(&stage), std::slice::from_ref(&new));
    assert!(!works(&stage, &old).await);
}

#[tokio::test]
async fn a_secret_of_ones_own_is_checked_before_it_is_added() {
    let (mut stage, old) = open().await;
    stage.press("2").await;
    stage.type_text("short").await;
    stage.press("enter").await;
    stage.sees(&["24 to 64 characters"]);
    assert_eq!(live(&stage), std::slice::from_ref(&old));
    stage.press("ctrl-u").await;
    stage.type_text(OWN).await;
    stage.sees_no(OWN);
    // It has a plus.
    stage.sees(&["form-encoding changes"]);
    stage.press("enter").await;
    assert_eq!(live(&stage), [old, OWN.to_owned()]);
}

#[tokio::test]
async fn the_new_credentials_go_to_a_file_and_to_a_command() {
    let (mut stage, _) = open().await;
    stage.press("1 enter").await;
    let new = live(&stage)[1].clone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.json").display().to_string();
    // A second time it is the client's own already; then somebody's, which is written over on purpose alone.
    for (theirs, keys, words) in [
        (None, "enter", "Delivered to the file"),
        (None, "enter", "Delivered to the file"),
        (Some("somebody's"), "enter", "already exists"),
        (None, "tab right enter", "Delivered to the file"),
    ] {
        if let Some(theirs) = theirs {
            std::fs::write(&path, theirs).unwrap();
        }
        stage.press("3").await;
        stage.paste(&path).await;
        stage.press(keys).await;
        assert!(stage.bottom().contains(words), "{}", stage.bottom());
    }
    assert!(std::fs::read_to_string(&path).unwrap().contains(&new));
    let other = folder.path().join("piped").display().to_string();
    stage.press("4").await;
    stage.paste(&format!("cat > {other}")).await;
    stage.press("enter").await;
    assert!(
        stage.bottom().contains("to the command"),
        "{}",
        stage.bottom()
    );
    assert!(std::fs::read_to_string(&other).unwrap().contains(&new));
    // That it was handed over is known: the user can say that it has arrived.
    stage.sees(&["delivered to the command"]);
    stage.press("6").await;
    stage.sees(&["▸ 3 Test"]);
}

#[tokio::test]
async fn a_new_secret_that_somebody_may_have_can_be_said_to_have_arrived() {
    let (mut stage, _) = open().await;
    stage.press("1 enter").await;
    let new = live(&stage)[1].clone();
    stage.sees(&["Only this console has the new secret"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("got");
    stage.press("4").await;
    stage
        .paste(&format!("cat > {}; exit 7", path.display()))
        .await;
    stage.press("enter").await;
    assert!(std::fs::read_to_string(&path).unwrap().contains(&new));
    let bottom = stage.bottom();
    assert!(bottom.contains("Perhaps delivered"), "{bottom}");
    stage.sees(&["delivery unconfirmed", "is unconfirmed"]);
    stage.sees_no("Only this console has the new secret");
    // It may be nowhere, too.
    stage.press("ctrl-c").await;
    let bottom = stage.bottom();
    assert!(bottom.contains("is not confirmed as delivered"), "{bottom}");
    stage.press("6").await;
    stage.sees(&["▸ 3 Test"]);
}

#[tokio::test]
async fn the_new_secret_can_be_looked_at_for_a_while() {
    let (mut stage, old) = open().await;
    stage.press("x").await;
    let bottom = stage.bottom();
    assert!(bottom.contains("Unknown value"), "{bottom}");
    stage.press("1 enter").await;
    let new = live(&stage)[1].clone();
    stage.sees_no(&new);
    stage.press("x").await;
    stage.sees(&[&new, "hides in"]);
    stage.sees_no(&old);
    stage.press("x").await;
    stage.sees_no(&new);
    stage.press("x").await;
    stage.sees(&[&new]);
    // Whoever looks away covers it.
    stage.event(Event::FocusLost);
    stage.sees_no(&new);
    // A look is no hand-over: it is lost all the same when the console goes.
    stage.press("6").await;
    assert!(stage.bottom().contains("Deliver it first"));
    stage.press("x esc").await;
    stage.sees_no(&new);
}

#[tokio::test]
async fn nothing_is_deleted_that_could_not_be_proven_again() {
    let (mut stage, _) = open().await;
    stage.press("1 enter 1 6 7").await;
    stage.fault("token:500");
    stage.press("8").await;
    stage.type_text(NAME).await;
    stage.press("enter").await;
    assert!(
        stage.bottom().contains("Nothing was deleted"),
        "{}",
        stage.bottom()
    );
    assert_eq!(live(&stage).len(), 2);
}

#[tokio::test]
async fn the_doctors_old_secret_opens_its_rotation() {
    let mut stage = Stage::open().await;
    stage.pool(STAGING).await;
    stage.press("1 D /").await;
    stage.type_text("old-batch").await;
    stage.press("enter").await;
    stage.sees(&["secret-old"]);
    stage.press("R").await;
    stage.sees(&["Rotate old-batch"]);
}

/// Returns the copy request for the secret that was added to a client of one pool.
fn the_new_secret_of(client: &str) -> CopyRequest {
    CopyRequest::Added {
        pool: PoolId::new(PROD_ID),
        client: ClientId::new(client),
        name: client.to_owned(),
        endpoint: None,
        form: ClientForm::Secret,
    }
}

#[test]
fn only_a_copy_of_its_own_new_secret_hands_it_over() {
    let (pool, client) = (PoolId::new(PROD_ID), ClientId::new("a"));
    let mut desk = Desk::on(Route::Rotate(pool.clone(), client.clone()), 1_000);
    let what = RotationCommand {
        pool,
        client,
        step: RotationStep::Add(None),
    };
    let outcome = Ok(RotationResult::Added { held: true });
    desk.tell(TaskEvent::Rotated { what, outcome }, 1_000);

    let words = "the secret of b, the new one,";
    assert!(!desk.may_leave_after(the_new_secret_of("b"), words));
    // A name may read like anything.
    let id = CopyRequest::Plain {
        what: words.to_owned(),
        text: "b".to_owned(),
    };
    assert!(!desk.may_leave_after(id, words));
    // The terminal confirms nothing.
    let copy = the_new_secret_of("a");
    assert!(!desk.may_leave_after_copy(copy, words, ClipboardKind::Terminal));
    assert!(
        desk.screen().contains("is not confirmed as delivered"),
        "{}",
        desk.screen()
    );
    assert!(desk.may_leave_after(the_new_secret_of("a"), words));
}

#[test]
fn a_step_that_ends_after_the_console_is_done_only_if_it_went_well() {
    let (pool, client) = (PoolId::new(PROD_ID), ClientId::new("a"));
    let desk = Desk::on(Route::Pools, 1_000);
    let deleted = |remaining: Option<Proof>, deleted: Option<Proof>| {
        RotationResult::Deleted(DeletedSecret {
            id: "a--1".to_owned(),
            remaining,
            deleted,
        })
    };
    let delete = || RotationStep::DeleteOlder("a--1".to_owned());
    let (works, refused) = (Some(Proof::Works), Some(Proof::Refused));
    for (step, result, well, words) in [
        (
            RotationStep::Add(None),
            RotationResult::Added { held: true },
            true,
            "has a second secret",
        ),
        (
            RotationStep::Add(None),
            RotationResult::Added { held: false },
            false,
            "did not return its value",
        ),
        (
            delete(),
            RotationResult::NotDeleted(Proof::Refused),
            false,
            "Nothing was deleted",
        ),
        (
            delete(),
            deleted(refused.clone(), None),
            false,
            "The remaining secret is rejected",
        ),
        (
            delete(),
            deleted(works.clone(), works.clone()),
            false,
            "still accepts it",
        ),
        (
            delete(),
            RotationResult::PutBack { works: true },
            false,
            "added again",
        ),
        (delete(), deleted(works, refused), true, "has one secret"),
    ] {
        let what = RotationCommand {
            pool: pool.clone(),
            client: client.clone(),
            step,
        };
        let outcome = Ok(result);
        let report = desk
            .app
            .outcome(&TaskEvent::Rotated { what, outcome })
            .unwrap();
        assert!(report.lines[0].contains(words), "{report:?}");
        assert_eq!(report.well, well, "{report:?}");
    }
}

#[tokio::test]
async fn one_step_at_a_time_whoever_comes_and_goes() {
    let (mut stage, _) = open().await;
    stage.fault("AddUserPoolClientSecret:latency=50ms*1");
    stage.tap("1 enter esc R 1");
    let bottom = stage.bottom();
    assert!(
        bottom.contains("The last step is still running"),
        "{bottom}"
    );
    stage.settle().await;
    assert_eq!(live(&stage).len(), 2);
    assert_eq!(stage.calls("AddUserPoolClientSecret"), 1);
    stage.sees(&["known here, masked"]);
}

#[tokio::test]
async fn enter_goes_on_with_what_comes_next() {
    let (mut stage, old) = open().await;
    stage.press("enter enter enter enter enter").await;
    stage.sees(&["Both secrets work", "▸ 4 Wait"]);
    // Going on deletes nothing: the cursor is on leaving.
    let both = live(&stage);
    assert_eq!(both[0], old);
    stage.press("enter").await;
    stage.sees(&["AccessTokenValidity"]);
    stage.press("R").await;
    stage.sees(&["▸ 4 Wait"]);
    assert_eq!(live(&stage), both);
}

#[tokio::test]
async fn a_retirement_whose_answer_was_lost_is_over_all_the_same() {
    let (mut stage, _) = open().await;
    stage.press("1 enter 1 6 7").await;
    let new = live(&stage)[1].clone();
    stage.press("8").await;
    stage.type_text(NAME).await;
    stage.fault("DeleteUserPoolClientSecret:cut*1");
    stage.press("enter").await;
    stage.sees(&["The old secret is rejected", "✓ 6"]);
    assert_eq!(live(&stage), [new]);
}

#[tokio::test]
async fn a_value_that_was_lost_with_its_answer_leads_to_another() {
    let (mut stage, old) = open().await;
    stage.fault("AddUserPoolClientSecret:cut*1");
    stage.press("1 enter").await;
    let bottom = stage.bottom();
    assert!(bottom.contains("lost with the response"), "{bottom}");
    stage.sees(&["value unknown", "Delete the newer secret"]);
    assert_eq!(live(&stage).len(), 2);
    stage.press("9").await;
    stage.type_text(NAME).await;
    stage.press("enter").await;
    assert_eq!(live(&stage), [old]);
}
