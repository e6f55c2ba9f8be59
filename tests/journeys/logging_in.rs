//! A console whose login needs a person: a code of an MFA device, or another SSO session.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use cognitui::cognito::Target;
use cognitui::domain::identity::SignIn;
use cognitui::domain::time::Timestamp;
use cognitui::sandbox::Options;

use crate::front::{Answer, Call, Front, answered, json};
use crate::stage::{self, Stage};

fn elsewhere(name: &str) -> bool {
    crate::elsewhere::elsewhere(&format!("logging_in::{name}"), &[], "")
}

fn home(path: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("HOME").unwrap()).join(path)
}

fn in_an_hour() -> Timestamp {
    Timestamp::from(SystemTime::now() + Duration::from_hours(1))
}

/// What the portal and STS answer: the portal knows the token `portal`, STS the code 123456.
fn logs_in(call: &Call, _: &str) -> Answer {
    if let Some(token) = call.headers.get("x-amz-sso_bearer_token") {
        assert_eq!(token, "portal");
        let end = in_an_hour().millis();
        let keys = format!(
            r#"{{"roleCredentials":{{"accessKeyId":"ASIASSO","secretAccessKey":"x","sessionToken":"t","expiration":{end}}}}}"#
        );
        return json(200, keys);
    }
    if !call.body.contains("Action=AssumeRole") {
        return Answer::Cognito;
    }
    let xml =
        |status, text: String| answered(status, ("content-type", "text/xml".to_owned()), text);
    if !call.body.contains("TokenCode=123456") {
        let refused = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid \
                       MFA one time pass code.</Message></Error></ErrorResponse>";
        return xml(403, refused.to_owned());
    }
    let end = in_an_hour().rfc3339().unwrap();
    xml(
        200,
        format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey>\
             <SessionToken>t</SessionToken><Expiration>{end}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        ),
    )
}

/// A console on the sample account with the profile `team`.
async fn open(profile: &str) -> (Stage, Front) {
    let sandbox = stage::sandbox(Options::default()).await;
    let front = Front::of(sandbox.url(), logs_in).await;
    let text = format!(
        "[profile team]\nregion = eu-west-1\nendpoint_url = {}\n{profile}",
        front.url
    );
    fs::write(home(".aws/config"), text).unwrap();
    let target = Target {
        profile: Some("team".to_owned()),
        ..Target::default()
    };
    (Stage::at(sandbox, target).await, front)
}

#[tokio::test]
async fn a_code_is_asked_for_in_a_dialog_and_what_was_asked_goes_on() {
    if elsewhere("a_code_is_asked_for_in_a_dialog_and_what_was_asked_goes_on") {
        return;
    }
    let (mut stage, _front) = open(
        "role_arn = arn:aws:iam::123456789012:role/r\nmfa_serial = arn:aws:iam::123456789012:mfa/me\nsource_profile = base\n\
         [profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = x\n",
    )
    .await;
    stage.sees(&["Log in with MFA", "arn:aws:iam::123456789012:mfa/me"]);
    stage.press("enter").await;
    stage.sees(&["Type the code first"]);
    stage.type_text("654321").await;
    stage.sees_no("654321");
    stage.press("enter").await;
    stage.sees(&["MultiFactorAuthentication failed"]);
    // Who has no device at hand goes on without, and is asked again by a refresh.
    stage.press("esc").await;
    stage.sees_no("Log in with MFA");
    stage.sees(&["an MFA code is needed"]);
    stage.press("r").await;
    stage.sees(&["Log in with MFA"]);
    stage.type_text("123456").await;
    stage.press("enter").await;
    stage.sees_no("Log in with MFA");
    stage.sees(&["acme-platform-prod", "Signed in again as"]);
}

#[tokio::test]
async fn an_sso_session_is_begun_from_the_console_and_it_goes_on() {
    if elsewhere("an_sso_session_is_begun_from_the_console_and_it_goes_on") {
        return;
    }
    let (mut stage, _front) = open(
        "sso_account_id = 123456789012\nsso_role_name = r\nsso_region = eu-west-1\n\
         sso_start_url = https://example.awsapps.com/start\n",
    )
    .await;
    stage.sees(&["aws sso login --profile team", "L runs it here"]);
    stage.press("L").await;
    stage.logs_in(Err("aws cannot be run".to_owned())).await;
    stage.sees(&["Not logged in: aws cannot be run"]);
    stage.press("L").await;
    // What `printf %s https://example.awsapps.com/start | sha1sum` prints.
    let file = home(".aws/sso/cache/e8be5486177c5b5392bd9aa76563515b29358e6e.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let end = in_an_hour().rfc3339().unwrap();
    let token = format!(r#"{{"accessToken":"portal","expiresAt":"{end}"}}"#);
    fs::write(file, token).unwrap();
    let sign_in = stage.logs_in(Ok(())).await;
    assert_eq!(sign_in, SignIn::Sso("team".to_owned()));
    stage.sees(&["acme-platform-prod", "Signed in again as"]);
}

#[tokio::test]
async fn keys_have_no_login_to_begin_again() {
    let mut stage = Stage::open().await;
    stage.press("L").await;
    stage.sees(&["L does nothing here"]);
}
