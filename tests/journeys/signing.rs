//! Credentials that expire while the console runs: with new ones it continues, and nothing is lost; with another account's it
//! does not.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cognitui::app::session::Session;
use cognitui::cognito::Target;
use cognitui::domain::guard::{Account, AccountRule, Rules};
use cognitui::domain::time::Timestamp;
use cognitui::sandbox::Options;
use cognitui::ui::theme::Theme;
use ratatui::style::Color;

use crate::front::{Answer, Front, answered, json};
use crate::stage::{self, STAGING, STAGING_ID, Stage};

const ACCOUNT: &str = "123456789012";
const OTHER: &str = "210987654321";

fn elsewhere(name: &str) -> bool {
    crate::elsewhere::elsewhere(&format!("signing::{name}"), &[], "")
}

/// Writes these keys to the credentials file of AWS tools, or none.
fn write_keys(key: Option<&str>) {
    let text = key.map_or(String::new(), |key| {
        format!("[default]\naws_access_key_id = {key}\naws_secret_access_key = an-example\n")
    });
    let home = PathBuf::from(std::env::var_os("HOME").unwrap());
    fs::write(home.join(".aws/credentials"), text).unwrap();
}

/// The keys that are expired, or belong to another account.
type Keys = Arc<Mutex<HashMap<&'static str, Option<&'static str>>>>;

struct World {
    stage: Stage,
    keys: Keys,
    _front: Front,
}

/// Opens a console on the sample account, whose server knows expired keys.
async fn open(first: Option<&str>) -> World {
    write_keys(first);
    let sandbox = stage::sandbox(Options::default()).await;
    let keys = Keys::default();
    let known = Arc::clone(&keys);
    let front = Front::of(sandbox.url(), move |call, _| {
        let header = call.headers.get("authorization");
        let header = header.map_or("", |header| header.to_str().unwrap());
        let Some((_, rest)) = header.split_once("AWS4-HMAC-SHA256 Credential=") else {
            return Answer::Cognito;
        };
        let is_sts = call.body.contains("GetCallerIdentity");
        let key = rest.split('/').next().unwrap();
        match known.lock().unwrap().get(key) {
            Some(Some(account)) if is_sts => answered(
                200,
                ("content-type", "text/xml".to_owned()),
                format!(
                    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/x</Arn>\
                     <UserId>u</UserId><Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
                ),
            ),
            Some(None) if is_sts => answered(
                403,
                ("content-type", "text/xml".to_owned()),
                "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>",
            ),
            Some(None) => json(400, r#"{"__type":"ExpiredTokenException","message":"The security token has expired"}"#),
            Some(Some(_)) => panic!("a call of Cognito was signed with another account's key"),
            None => Answer::Cognito,
        }
    })
    .await;
    let target = Target {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(front.url.clone()),
        ..Target::default()
    };
    World {
        stage: Stage::at(sandbox, target).await,
        keys,
        _front: front,
    }
}

impl World {
    fn expire(&self, key: &'static str) {
        self.keys.lock().unwrap().insert(key, None);
    }
}

#[tokio::test]
async fn after_none_were_found_a_refresh_looks_again() {
    if elsewhere("after_none_were_found_a_refresh_looks_again") {
        return;
    }
    let mut world = open(None).await;
    world.stage.sees(&["no AWS credentials"]);
    write_keys(Some("AKIAFIRST"));
    world.stage.press("r").await;
    world
        .stage
        .sees(&["acme-platform-prod", "Signed in again as", ACCOUNT]);
}

#[tokio::test]
async fn a_credentials_file_that_changes_loses_nothing_of_the_session() {
    if elsewhere("a_credentials_file_that_changes_loses_nothing_of_the_session") {
        return;
    }
    let mut world = open(Some("AKIAFIRST")).await;
    let stage = &mut world.stage;
    // A token, a filter, and a secret that was not handed over.
    stage.client("acme-platform-prod", "checkout").await;
    stage.press("t enter").await;
    stage.sees(&["signature"]);
    stage.press("esc R 1 enter").await;
    stage.sees(&["Only this console has the new secret"]);
    world.expire("AKIAFIRST");
    let stage = &mut world.stage;
    stage.press("r r").await;
    stage.sees(&["credentials have expired"]);
    write_keys(Some("AKIASECOND"));
    stage.press("r").await;
    stage.sees(&["Signed in again as", ACCOUNT, "known here, masked"]);
    let client = stage.sandbox_client("eu-west-1_Pr0dAcm3X", "checkout");
    stage.press("1").await;
    assert_eq!(stage.clipboard(), client.secrets[1].value);
    stage.press("esc esc").await;
    stage.sees(&["checkout", "/ checkout"]);
    stage.press("H").await;
    stage.sees(&["Tokens of this session", "issued checkout"]);
}

#[tokio::test]
async fn a_plan_is_not_written_to_another_account() {
    if elsewhere("a_plan_is_not_written_to_another_account") {
        return;
    }
    let mut world = open(Some("AKIAFIRST")).await;
    world.stage.client(STAGING, "price-poller").await;
    world.stage.press("ctrl-d").await;
    world.stage.type_text("price-poller").await;
    world.expire("AKIAFIRST");
    world.keys.lock().unwrap().insert("AKIAOTHER", Some(OTHER));
    let stage = &mut world.stage;
    stage.press("enter").await;
    stage.sees(&["credentials have expired"]);
    write_keys(Some("AKIAOTHER"));
    stage.press("enter").await;
    stage.sees(&["OTHER ACCOUNT", OTHER, "signed in to another account"]);
    let there = |stage: &Stage| {
        let clients = stage.sandbox_pool(STAGING_ID).clients;
        clients.iter().any(|client| client.name == "price-poller")
    };
    assert!(there(stage));
    stage.press("esc r").await;
    stage.sees(&["OTHER ACCOUNT: the credentials", OTHER, ACCOUNT]);
    write_keys(Some("AKIASECOND"));
    stage.press("r").await;
    stage.sees(&["Signed in again as", ACCOUNT]);
    stage.sees_no("OTHER ACCOUNT");
    stage.press("ctrl-d").await;
    stage.type_text("price-poller").await;
    stage.press("enter").await;
    assert!(!there(stage));
}

/// Sets what the profile's program prints from now on.
fn process_gives(key: &str, lives: Duration) {
    let home = PathBuf::from(std::env::var_os("HOME").unwrap());
    let end = Timestamp::from(SystemTime::now() + lives)
        .rfc3339()
        .unwrap();
    let text = format!(
        "{{\"Version\":1,\"AccessKeyId\":\"{key}\",\"SecretAccessKey\":\"an-example\",\"Expiration\":\"{end}\"}}"
    );
    fs::write(home.join("keys"), text).unwrap();
}

#[tokio::test]
async fn credentials_that_end_soon_are_announced_and_renewed_by_a_refresh() {
    let name = "signing::credentials_that_end_soon_are_announced_and_renewed_by_a_refresh";
    let config = "[default]\ncredential_process = sh -c 'cat \"$HOME/keys\"'\n";
    if crate::elsewhere::elsewhere(name, &[], config) {
        return;
    }
    process_gives("AKIAFIRST", Duration::from_mins(3));
    let mut world = open(None).await;
    world
        .stage
        .sees(&["acme-platform-prod", "credentials expire at"]);
    world.stage.press("down").await;
    world.stage.sees_no("credentials expire at");
    process_gives("AKIASECOND", Duration::from_hours(1));
    world.stage.press("r").await;
    world.stage.sees(&["Credentials renewed until"]);
    world.stage.press("r").await;
    world.stage.sees_no("Credentials renewed until");
}

fn ruled(id: &str) -> Session {
    let rule = AccountRule {
        read_only: Some(true),
        production: Some(true),
    };
    let rules = Rules {
        accounts: [(id.to_owned(), rule)].into(),
        ..Rules::default()
    };
    Session {
        read_only: rules.guard(Account::Asked).read_only,
        rules,
        ..Session::default()
    }
}

#[tokio::test]
async fn an_accounts_rule_holds_once_the_account_is_known() {
    let mut stage = Stage::guarded(ruled(ACCOUNT), Theme::colour()).await;
    stage.sees(&["READ-ONLY", "PROD", ACCOUNT]);
    assert_eq!(stage.buffer()[(0, 1)].fg, Color::Red);
    stage.pool(STAGING).await;
    stage.press("n").await;
    stage.sees(&["Read-only", ACCOUNT, "read_only = true"]);

    let mut stage = Stage::guarded(ruled(OTHER), Theme::colour()).await;
    stage.sees_no("READ-ONLY");
    stage.pool(STAGING).await;
    stage.press("n").await;
    stage.sees(&["New app client"]);
}

#[tokio::test]
async fn what_exported_keys_bypass_is_the_first_thing_said() {
    let session = Session {
        rules: Rules {
            bypassed: Some("[profiles.\"*prod*\"] does not apply".to_owned()),
            ..Rules::default()
        },
        ..Session::default()
    };
    let mut stage = Stage::guarded(session, Theme::colour()).await;
    stage.sees(&["[profiles.\"*prod*\"] does not apply"]);
    stage.press("down").await;
    stage.sees_no("does not apply");
}

#[tokio::test]
async fn header_help_and_plan_say_who_and_by_which_setting() {
    let session = Session {
        source: cognitui::domain::identity::Source::Variable("AWS_PROFILE"),
        ..Session::default()
    };
    let mut stage = Stage::guarded(session, Theme::colour()).await;
    let line = stage.screen().lines().next().unwrap().to_owned();
    assert!(
        line.contains(ACCOUNT) && line.contains("AWS_PROFILE"),
        "{line}"
    );
    stage.press("?").await;
    stage.sees(&["As", ACCOUNT]);
    stage.press("esc").await;
    stage.client(STAGING, "price-poller").await;
    stage.press("ctrl-d").await;
    stage.sees(&[
        "As 123456789012 · eu-west-1 ·",
        "(profile from AWS_PROFILE)",
    ]);
    stage.press("esc R").await;
    stage.sees(&["(profile from AWS_PROFILE)"]);
}
