//! Every way of logging in, judged by the profile's settings: what works, and which command helps where it does not.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cognitui::cognito::{
    CodeRequest, ConnectionEvent, Error, ErrorKind, Gateway, SignInEvent, Target,
};
use cognitui::domain::identity::SignIn;
use cognitui::domain::time::Timestamp;
use secrecy::SecretString;

use crate::signing::{home, key_of};
use crate::stub::{Answer, Call, Stub};

const ROLE: &str = "arn:aws:iam::111111111111:role/r";
const DEVICE: &str = "arn:aws:iam::111111111111:mfa/me";

fn elsewhere(name: &str, vars: &[(&str, &str)], config: &str) -> bool {
    crate::elsewhere::elsewhere(&format!("logins::{name}"), vars, config)
}

/// Connects with the profile `team`, written as told; its `URL` is the server's.
pub async fn team(stub: &Stub, profile: &str) -> Result<Gateway, Error> {
    team_telling(stub, profile, Arc::new(|_| {})).await
}

async fn team_telling(
    stub: &Stub,
    profile: &str,
    signals: cognitui::cognito::ConnectionEvents,
) -> Result<Gateway, Error> {
    let text = format!("[profile team]\nregion = eu-west-1\n{profile}").replace("URL", &stub.url);
    fs::write(home(".aws/config"), text).unwrap();
    let target = Target {
        profile: Some("team".to_owned()),
        ..Target::default()
    };
    Gateway::connect(target, signals).await
}

async fn pools() -> Stub {
    Stub::start(|_, _| (200, r#"{"UserPools":[]}"#.to_owned())).await
}

/// The error of the connection, or else of its first call.
async fn error_of(stub: &Stub, profile: &str) -> Error {
    match team(stub, profile).await {
        Ok(gateway) => gateway.pools(None).await.unwrap_err(),
        Err(error) => error,
    }
}

pub fn in_future() -> String {
    let end = Timestamp::from(SystemTime::now() + Duration::from_hours(1));
    end.rfc3339().unwrap()
}

#[tokio::test]
async fn what_a_profile_lacks_is_told_with_the_command_that_helps() {
    let name = "what_a_profile_lacks_is_told_with_the_command_that_helps";
    if elsewhere(name, &[], "") {
        return;
    }
    let stub = pools().await;
    for (profile, said, helps) in [
        (
            "aws_access_key_id = AKIA\n",
            "has aws_access_key_id, but no aws_secret_access_key",
            "`aws configure --profile team`",
        ),
        (
            "aws_secret_access_key = x\n",
            "has aws_secret_access_key, but no aws_access_key_id",
            "`aws configure --profile team`",
        ),
        (
            "sso_account_id = 1\nsso_role_name = r\n",
            "has no sso_start_url, sso_region",
            "`aws configure sso --profile team`",
        ),
        (
            "sso_account_id = 1\nsso_role_name = r\nsso_session = gone\n",
            "there is no section [sso-session gone]",
            "`aws configure sso --profile team`",
        ),
        (
            "role_arn = r\n",
            "neither source_profile nor credential_source",
            "source_profile",
        ),
        (
            "role_arn = r\nsource_profile = gone\n",
            "No profile gone",
            "--profile gone",
        ),
        (
            "role_arn = r\nsource_profile = team\n",
            "leads back to profile team",
            "credentials",
        ),
        (
            "role_arn = r\nsource_profile = empty\n[profile empty]\nregion = x\n",
            "has source_profile = empty, which has no credentials",
            "credentials",
        ),
        (
            "role_arn = r\ncredential_source = Sso\n",
            "has credential_source = Sso",
            "Ec2InstanceMetadata",
        ),
        (
            "web_identity_token_file = /nowhere\n",
            "no role_arn",
            "role_arn",
        ),
        (
            "role_arn = r\nweb_identity_token_file = /nowhere\n",
            "/nowhere cannot be read",
            "web_identity_token_file",
        ),
        (
            "credential_process = echo 'the expired secret of sso' >&2; false\n",
            "The credential_process of profile team failed.",
            "Run it in a shell",
        ),
        (
            "credential_process = echo nothing\n",
            "The credential_process of profile team failed.",
            "Run it in a shell",
        ),
        ("", "Checked: environment", "aws configure --profile team"),
    ] {
        let error = error_of(&stub, profile).await;
        assert_eq!(error.kind, ErrorKind::NoCredentials, "{profile}{error:?}");
        assert!(error.detail.contains(said), "{profile}{error:?}");
        assert!(error.hint.contains(helps), "{profile}{error:?}");
        assert!(!format!("{error:?}").contains("secret of"), "{error:?}");
    }
    assert_eq!(stub.calls().len(), 0);
}

#[tokio::test]
async fn a_process_that_is_slow_or_gives_old_keys_is_told_so() {
    let name = "a_process_that_is_slow_or_gives_old_keys_is_told_so";
    if elsewhere(name, &[], "") {
        return;
    }
    let stub = pools().await;
    let old = r#"credential_process = echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"x","SessionToken":"t","Expiration":"2020-01-01T00:00:00Z"}'"#;
    let error = error_of(&stub, &format!("{old}\n")).await;
    assert_eq!(error.kind, ErrorKind::ExpiredCredentials { sign_in: None });
    assert!(
        error
            .detail
            .contains("have expired already (credential_process of profile team)"),
        "{error:?}"
    );
    // It waits for input that never comes: the test's own lock on its stdin.
    let wait = "credential_process = sh -c 'mkfifo \"$HOME/never\"; cat \"$HOME/never\"'\n";
    fs::write(
        home(".aws/config"),
        format!("[profile team]\nregion = eu-west-1\n{wait}"),
    )
    .unwrap();
    let target = Target {
        profile: Some("team".to_owned()),
        endpoint_url: Some(stub.url.clone()),
        timeout: Some(Duration::from_secs(2)),
        ..Target::default()
    };
    let gateway = Gateway::connect(target, Arc::new(|_| {})).await.unwrap();
    let error = gateway.pools(None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoCredentials, "{error:?}");
    assert!(
        error
            .detail
            .contains("The credential_process of profile team gave no credentials within"),
        "{error:?}"
    );
    assert!(error.hint.contains("--timeout"), "{error:?}");
    // Nobody keeps it waiting.
    fs::write(home("never"), "").unwrap();
}

const SSO: &str = "sso_account_id = 111111111111\nsso_role_name = r\nsso_region = eu-west-1\n\
                   sso_start_url = https://example.awsapps.com/start\nendpoint_url = URL\n";

fn write_sso_token(end: &str) {
    // What `printf %s https://example.awsapps.com/start | sha1sum` prints.
    let file = home(".aws/sso/cache/e8be5486177c5b5392bd9aa76563515b29358e6e.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(
        file,
        format!(r#"{{"accessToken":"portal","expiresAt":"{end}"}}"#),
    )
    .unwrap();
}

#[tokio::test]
async fn an_sso_session_that_does_not_work_is_begun_again_with_its_command() {
    let name = "an_sso_session_that_does_not_work_is_begun_again_with_its_command";
    if elsewhere(name, &[], "") {
        return;
    }
    let refusal = Arc::new(Mutex::new("UnauthorizedException"));
    let code = Arc::clone(&refusal);
    let stub = Stub::start(move |_, _| {
        let code = *code.lock().unwrap();
        (
            401,
            format!(r#"{{"__type":"{code}","message":"Session token not found or invalid"}}"#),
        )
    })
    .await;
    let signed_out = ErrorKind::ExpiredCredentials {
        sign_in: Some(Box::new(SignIn::Sso("team".to_owned()))),
    };
    let command = "Run `aws sso login --profile team`.";
    // Nobody has logged in.
    let error = error_of(&stub, SSO).await;
    assert_eq!((&error.kind, error.hint.as_str()), (&signed_out, command));
    // The session is over.
    write_sso_token("2020-01-01T00:00:00Z");
    let error = error_of(&stub, SSO).await;
    assert_eq!((&error.kind, error.hint.as_str()), (&signed_out, command));
    assert!(error.detail.contains("has expired"), "{error:?}");
    assert_eq!(stub.calls().len(), 0);
    // It was ended at the portal.
    write_sso_token(&in_future());
    let error = error_of(&stub, SSO).await;
    assert_eq!((&error.kind, error.hint.as_str()), (&signed_out, command));
    assert_eq!(stub.calls()[0].path, "/federation/credentials");
    // It works, but the role is not assigned: another login would not help.
    *refusal.lock().unwrap() = "ForbiddenException";
    let error = error_of(&stub, SSO).await;
    assert_eq!(error.kind, ErrorKind::NoCredentials);
    assert!(
        error.detail.contains("no role r in account 111111111111"),
        "{error:?}"
    );
    assert!(error.hint.contains("sso_role_name"), "{error:?}");
}

#[tokio::test]
async fn a_login_of_the_aws_console_signs_until_it_ends() {
    let name = "a_login_of_the_aws_console_signs_until_it_ends";
    if elsewhere(name, &[], "") {
        return;
    }
    let stub = pools().await;
    let profile = "login_session = arn:aws:iam::111111111111:user/me\nendpoint_url = URL\n";
    let error = error_of(&stub, profile).await;
    let sign_in = Some(Box::new(SignIn::Console("team".to_owned())));
    assert_eq!(error.kind, ErrorKind::ExpiredCredentials { sign_in });
    assert_eq!(error.hint, "Run `aws login --profile team`.");
    // What `printf %s arn:aws:iam::111111111111:user/me | sha256sum` prints.
    let file = home(
        ".aws/login/cache/f588fbe994a0abe4d250a61f6da847b285b7ffe841c32dc31fbeed4f0bc75d30.json",
    );
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let end = in_future();
    let token = format!(
        r#"{{"accessToken":{{"accessKeyId":"ASIACONSOLE","secretAccessKey":"x","sessionToken":"t","accountId":"111111111111","expiresAt":"{end}"}},
            "tokenType":"aws_sigv4","refreshToken":"r","clientId":"arn:aws:signin:::devtools/same-device","dpopKey":"k"}}"#
    );
    fs::write(file, token).unwrap();
    let gateway = team(&stub, profile).await.unwrap();
    gateway.pools(None).await.unwrap();
    assert_eq!(key_of(&stub.calls()[0]), "ASIACONSOLE");
}

/// STS, for which only the code 123456 is right, and which gives the n-th session the key `ASIAn`; and a list of pools, for which some
/// keys have expired.
fn with_mfa(call: &Call, sessions: &Mutex<u32>, expired: &Mutex<Vec<String>>) -> Answer {
    if !call.operation.is_empty() {
        let key = key_of(call);
        return if expired.lock().unwrap().contains(&key) {
            (
                400,
                r#"{"__type":"ExpiredTokenException","message":"expired"}"#.to_owned(),
            )
        } else {
            (200, r#"{"UserPools":[]}"#.to_owned())
        };
    }
    let has = |word: &str| call.body.contains(word);
    if has("Action=GetCallerIdentity") {
        return (
            200,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::111111111111:assumed-role/r/s</Arn>\
             <UserId>u</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
                .to_owned(),
        );
    }
    assert!(
        has("SerialNumber=arn%3Aaws%3Aiam%3A%3A111111111111%3Amfa%2Fme"),
        "{}",
        call.body
    );
    if !has("TokenCode=123456") {
        let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                    <Message>MultiFactorAuthentication failed with invalid MFA one time pass code. </Message></Error></ErrorResponse>";
        return (403, body.to_owned());
    }
    let mut sessions = sessions.lock().unwrap();
    *sessions += 1;
    let (end, number) = (in_future(), *sessions);
    let body = format!(
        "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId>\
         <Arn>arn:aws:sts::111111111111:assumed-role/r/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIA{number}</AccessKeyId>\
         <SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{end}</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>"
    );
    (200, body)
}

#[tokio::test]
async fn a_role_with_mfa_asks_for_a_code_once_a_session() {
    let name = "a_role_with_mfa_asks_for_a_code_once_a_session";
    if elsewhere(name, &[], "") {
        return;
    }
    let expired = Arc::new(Mutex::new(Vec::new()));
    let (sessions, known) = (Mutex::new(0), Arc::clone(&expired));
    let sessions = Arc::new(sessions);
    let stub = Stub::start(move |call, _| with_mfa(call, &sessions, &known)).await;
    let profile = format!(
        "role_arn = {ROLE}\nmfa_serial = {DEVICE}\nsource_profile = base\nendpoint_url = URL\n\
         [profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = x\n"
    );
    let heard = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&heard);
    let signals = move |signal| {
        if let ConnectionEvent::SignIn(event) = signal {
            record.lock().unwrap().push(event);
        }
    };
    let gateway = team_telling(&stub, &profile, Arc::new(signals))
        .await
        .unwrap();
    let request = |refused| CodeRequest {
        profile: "team".to_owned(),
        serial: DEVICE.to_owned(),
        refused,
    };
    let asked = |error: Error, refused| {
        assert_eq!(
            error.kind,
            ErrorKind::CodeNeeded(Box::new(request(refused))),
            "{error:?}"
        );
    };
    asked(gateway.pools(None).await.unwrap_err(), false);
    assert_eq!(
        *heard.lock().unwrap(),
        [SignInEvent::CodeNeeded(request(false))]
    );
    // A code is not sent that was not asked for, and nothing else is.
    assert_eq!(stub.calls().len(), 0);
    let code = |text: &str| SecretString::from(text.to_owned());
    asked(gateway.give_code(&code("654321")).await.unwrap_err(), true);
    gateway.give_code(&code("123456")).await.unwrap();
    gateway.pools(None).await.unwrap();
    assert_eq!(key_of(stub.calls().last().unwrap()), "ASIA1");

    // The next program is not asked: the session is in the AWS CLI's cache, for nobody else to read.
    let next = team(&stub, &profile).await.unwrap();
    next.pools(None).await.unwrap();
    assert_eq!(key_of(stub.calls().last().unwrap()), "ASIA1");
    let files: Vec<_> = fs::read_dir(home(".aws/cli/cache"))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(files.len(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            files[0].metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    // A session that AWS ends before its time is not taken from the cache again.
    expired.lock().unwrap().push("ASIA1".to_owned());
    next.pools(None).await.unwrap_err();
    asked(next.pools(None).await.unwrap_err(), false);
    next.give_code(&code("123456")).await.unwrap();
    next.pools(None).await.unwrap();
    assert_eq!(key_of(stub.calls().last().unwrap()), "ASIA2");
}

#[tokio::test]
async fn calls_are_tried_as_often_as_aws_tools_are_told_to() {
    let vars = [
        ("AWS_ACCESS_KEY_ID", "AKIA"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_MAX_ATTEMPTS", "2"),
    ];
    let keys = "aws_access_key_id = AKIA\naws_secret_access_key = x\nendpoint_url = URL\n";
    let name = "calls_are_tried_as_often_as_aws_tools_are_told_to";
    let inside =
        std::env::var_os("AWS_MAX_ATTEMPTS").is_some() || std::env::var_os("ALONE").is_some();
    if !inside {
        assert!(elsewhere(name, &vars, ""));
        assert!(elsewhere(name, &[("ALONE", "1")], ""));
        return;
    }
    let stub = Stub::start(|_, _| (500, String::new())).await;
    let tried = async |profile: &str| {
        let before = stub.calls().len();
        let gateway = team(&stub, &format!("{keys}{profile}")).await.unwrap();
        gateway.pools(None).await.unwrap_err();
        stub.calls().len() - before
    };
    if std::env::var_os("ALONE").is_none() {
        // The environment comes first.
        assert_eq!(tried("max_attempts = 4\n").await, 2);
        return;
    }
    assert_eq!(tried("max_attempts = 3\nretry_mode = legacy\n").await, 3);
    assert_eq!(tried("max_attempts = 1\nretry_mode = Standard\n").await, 1);
    for (setting, said) in [
        ("max_attempts = 0\n", "AWS_MAX_ATTEMPTS"),
        ("max_attempts = many\n", "AWS_MAX_ATTEMPTS"),
        ("retry_mode = never\n", "AWS_RETRY_MODE"),
    ] {
        let error = team(&stub, &format!("{keys}{setting}")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
        assert!(error.hint.contains(said), "{error:?}");
    }
}

#[tokio::test]
async fn a_call_says_that_it_is_of_this_program() {
    let vars = [("AWS_SDK_UA_APP_ID", "our-team")];
    if elsewhere("a_call_says_that_it_is_of_this_program", &vars, "") {
        return;
    }
    let stub = pools().await;
    let keys = "aws_access_key_id = AKIA\naws_secret_access_key = x\nendpoint_url = URL\n";
    let gateway = team(&stub, keys).await.unwrap();
    gateway.pools(None).await.unwrap();
    let calls = stub.calls();
    let agent = calls[0].headers["x-amz-user-agent"].to_str().unwrap();
    let ours = concat!("lib/cognitui/", env!("CARGO_PKG_VERSION"));
    assert!(
        agent.contains(ours) && agent.contains("app/our-team"),
        "{agent}"
    );
}

#[tokio::test]
async fn the_profiles_ca_bundle_is_read_before_a_call() {
    let name = "the_profiles_ca_bundle_is_read_before_a_call";
    if elsewhere(name, &[], "") {
        return;
    }
    let stub = pools().await;
    let keys = "aws_access_key_id = AKIA\naws_secret_access_key = x\nca_bundle = /nowhere/ca.pem\n";
    let error = team(&stub, keys).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
    assert!(error.detail.contains("/nowhere/ca.pem"), "{error:?}");
    assert!(
        error.hint.contains("ca_bundle of profile team"),
        "{error:?}"
    );
}

#[tokio::test]
async fn files_that_cannot_be_read_send_nothing_to_aws() {
    let name = "files_that_cannot_be_read_send_nothing_to_aws";
    let vars = [
        ("AWS_ACCESS_KEY_ID", "AKIA"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_REGION", "eu-west-1"),
    ];
    if elsewhere(name, &vars, "[default\nendpoint_url = http://127.0.0.1:1\n") {
        return;
    }
    let error = Gateway::connect(Target::default(), Arc::new(|_| {}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid, "{error:?}");
    assert!(
        error.detail.contains("AWS configuration cannot be read"),
        "{error:?}"
    );
    assert!(error.hint.contains(".aws/config"), "{error:?}");
}
