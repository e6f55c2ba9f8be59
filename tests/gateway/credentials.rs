//! The sources of credentials, Region and endpoint. Each test runs itself again in a process with its own environment.

use std::sync::Arc;

use cognitui::cognito::{Error, ErrorKind, Gateway, Target};
use cognitui::domain::identity::SignIn;

use crate::stub::Stub;

/// Runs the test of this file again, in its own environment.
fn elsewhere(name: &str, vars: &[(&str, &str)], config: &str) -> bool {
    crate::elsewhere::elsewhere(&format!("credentials::{name}"), vars, config)
}

async fn connect(target: Target) -> Result<Gateway, Error> {
    Gateway::connect(target, Arc::new(|_| {})).await
}

async fn first_call(target: Target) -> Error {
    connect(target)
        .await
        .unwrap()
        .pools(None)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn without_a_region_nothing_is_tried() {
    if elsewhere("without_a_region_nothing_is_tried", &[], "") {
        return;
    }
    let error = connect(Target::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoRegion);
    assert!(error.hint.contains("--region"));
}

#[tokio::test]
async fn without_credentials_the_way_to_some_is_told() {
    let name = "without_credentials_the_way_to_some_is_told";
    if elsewhere(name, &[("AWS_REGION", "eu-west-1")], "") {
        return;
    }
    let error = first_call(Target::default()).await;
    assert_eq!(error.kind, ErrorKind::NoCredentials, "{error:?}");
    assert!(error.hint.contains("AWS_PROFILE"), "{error:?}");

    let endpoint_url = Some("http://127.0.0.1:1".to_owned());
    let error = first_call(Target {
        endpoint_url,
        ..Target::default()
    })
    .await;
    assert_eq!(error.kind, ErrorKind::NoCredentials, "{error:?}");
}

#[tokio::test]
async fn a_profile_that_does_not_exist_is_named() {
    let config = "[profile there]\nregion = eu-west-1\n";
    if elsewhere(
        "a_profile_that_does_not_exist_is_named",
        &[("AWS_REGION", "eu-west-1")],
        config,
    ) {
        return;
    }
    let gateway = connect(Target {
        profile: Some("elsewhere".to_owned()),
        ..Target::default()
    })
    .await;
    let Err(error) = gateway else {
        panic!("a connection without a profile");
    };
    assert_eq!(error.kind, ErrorKind::NoCredentials, "{error:?}");
    assert!(error.hint.contains("profile elsewhere"), "{error:?}");
    assert!(
        error.detail.starts_with("No profile elsewhere in"),
        "{error:?}"
    );
    assert!(error.detail.ends_with("Profiles: there."), "{error:?}");
}

#[tokio::test]
async fn an_sso_profile_without_a_session_is_told_to_log_in() {
    let config = "[profile team]\nregion = eu-west-1\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n\
                  [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n";
    if elsewhere(
        "an_sso_profile_without_a_session_is_told_to_log_in",
        &[("AWS_PROFILE", "team")],
        config,
    ) {
        return;
    }
    let error = first_call(Target::default()).await;
    let sign_in = Some(Box::new(SignIn::Sso("team".to_owned())));
    assert_eq!(
        error.kind,
        ErrorKind::ExpiredCredentials { sign_in },
        "{error:?}"
    );
    assert_eq!(error.hint, "Run `aws sso login --profile team`.");
    assert_eq!(error.detail, "No active SSO session for profile team.");
}

#[tokio::test]
async fn an_old_style_sso_profile_is_told_the_same() {
    let config = "[profile team]\nregion = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = r\n\
                  sso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n";
    if elsewhere("an_old_style_sso_profile_is_told_the_same", &[], config) {
        return;
    }
    let error = first_call(Target {
        profile: Some("team".to_owned()),
        ..Target::default()
    })
    .await;
    assert_eq!(
        error.hint, "Run `aws sso login --profile team`.",
        "{error:?}"
    );
}

#[tokio::test]
async fn a_failing_credential_process_says_so() {
    let config = "[profile process]\nregion = eu-west-1\ncredential_process = false\n";
    if elsewhere(
        "a_failing_credential_process_says_so",
        &[("AWS_PROFILE", "process")],
        config,
    ) {
        return;
    }
    let error = first_call(Target::default()).await;
    assert_eq!(error.kind, ErrorKind::NoCredentials, "{error:?}");
    assert!(
        error
            .detail
            .contains("credential_process of profile process"),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_profile_gives_region_and_endpoint() {
    let config = "[profile local]\nregion = eu-north-1\nendpoint_url = http://127.0.0.1:1\n";
    if elsewhere(
        "the_profile_gives_region_and_endpoint",
        &[("AWS_PROFILE", "local")],
        config,
    ) {
        return;
    }
    let gateway = connect(Target::default()).await.unwrap();
    assert_eq!(gateway.region(), Some("eu-north-1"));
    assert_eq!(gateway.profile(), Some("local"));
    assert_eq!(gateway.endpoint(), Some("http://127.0.0.1:1"));
    let asked = Target {
        region: Some("us-east-2".to_owned()),
        endpoint_url: Some("http://x".to_owned()),
        ..Target::default()
    };
    let gateway = connect(asked).await.unwrap();
    assert_eq!(
        (gateway.region(), gateway.endpoint()),
        (Some("us-east-2"), Some("http://x"))
    );
}

/// Returns the access key that signs a call of `target`.
async fn signed_by(target: Target) -> String {
    let stub = Stub::start(|_, _| (200, r#"{"UserPools":[]}"#.to_owned())).await;
    let gateway = connect(Target {
        endpoint_url: Some(stub.url.clone()),
        ..target
    });
    gateway.await.unwrap().pools(None).await.unwrap();
    let calls = stub.calls();
    let signature = calls[0].headers["authorization"].to_str().unwrap();
    let (_, key) = signature.split_once("Credential=").unwrap();
    key.split('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_profile_that_is_named_comes_before_the_environments_keys() {
    let vars = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT"),
        ("AWS_SECRET_ACCESS_KEY", "example"),
        ("AWS_PROFILE", "team"),
    ];
    let config =
        "[profile team]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = example\n";
    if elsewhere(
        "a_profile_that_is_named_comes_before_the_environments_keys",
        &vars,
        config,
    ) {
        return;
    }
    let named = |profile: &str| Target {
        profile: Some(profile.to_owned()),
        ..Target::default()
    };
    assert_eq!(signed_by(named("team")).await, "AKIAPROFILE");
    // Of what the environment says the SDKs take the keys first.
    assert_eq!(signed_by(Target::default()).await, "AKIAENVIRONMENT");
    let gateway = connect(Target::default()).await.unwrap();
    assert_eq!(gateway.profile(), None);
    let error = connect(named("nobody")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoCredentials, "{error:?}");
}

#[tokio::test]
async fn the_services_own_endpoint_variable_wins() {
    let vars = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
        (
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
            "http://127.0.0.1:2",
        ),
    ];
    if elsewhere("the_services_own_endpoint_variable_wins", &vars, "") {
        return;
    }
    let gateway = connect(Target::default()).await.unwrap();
    assert_eq!(gateway.endpoint(), Some("http://127.0.0.1:2"));
}
