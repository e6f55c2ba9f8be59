//! Logging in on the terminal: a program gets it for a while, and a command asks for a code.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use cognitui::sandbox::{Options, Sandbox};
use tokio::runtime::Runtime;

use crate::front::{Answer, Call, Front, answered, json};
use crate::pty::console::Start;

/// `aws`: it says how it was called, and logs in where the answer is `yes`.
const AWS: &str = r#"#!/bin/sh
echo "called: $*"
read answer
[ "$answer" = yes ] || exit 3
mkdir -p "$HOME/.aws/sso/cache"
echo '{"accessToken":"portal","expiresAt":"2099-01-01T00:00:00Z"}' > "$HOME/.aws/sso/cache/e8be5486177c5b5392bd9aa76563515b29358e6e.json"
"#;

/// The portal, and STS, for which the code 123456 is right.
fn logs_in(call: &Call, _: &str) -> Answer {
    if call.headers.contains_key("x-amz-sso_bearer_token") {
        return json(
            200,
            r#"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"x","sessionToken":"t","expiration":4070908800000}}"#,
        );
    }
    if !call.body.contains("Action=AssumeRole") {
        return Answer::Cognito;
    }
    let (status, text) = if call.body.contains("TokenCode=123456") {
        (
            200,
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey>\
             <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>\
             </AssumeRoleResponse>",
        )
    } else {
        (
            403,
            "<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time \
             pass code.</Message></Error></ErrorResponse>",
        )
    };
    answered(status, ("content-type", "text/xml".to_owned()), text)
}

struct World {
    front: Front,
    _sandbox: Sandbox,
    _runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            sample: true,
            ..Options::default()
        };
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let front = runtime.block_on(Front::of(sandbox.url(), logs_in));
        Self {
            front,
            _sandbox: sandbox,
            _runtime: runtime,
        }
    }

    /// The program with the profile `team`, and the `aws` of this file before any other.
    fn start(&self, arguments: &[&str], profile: &str) -> Start {
        let start = Start::console(arguments);
        let home = start.home().to_owned();
        fs::create_dir_all(home.join(".aws")).unwrap();
        let url = &self.front.url;
        let config = format!("[profile team]\nregion = eu-west-1\nendpoint_url = {url}\n{profile}");
        fs::write(home.join(".aws/config"), config).unwrap();
        let aws = home.join("bin/aws");
        fs::create_dir(home.join("bin")).unwrap();
        fs::write(&aws, AWS).unwrap();
        fs::set_permissions(&aws, fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", home.join("bin").display());
        start.env("PATH", &path).env("AWS_PROFILE", "team")
    }
}

#[test]
fn a_program_logs_in_on_the_terminal_and_the_console_comes_back() {
    let world = World::new();
    let mut console = world
        .start(
            &[],
            "sso_account_id = 123456789012\nsso_role_name = r\nsso_region = eu-west-1\n\
             sso_start_url = https://example.awsapps.com/start\n",
        )
        .open();
    console.wait_for_words(&["aws sso login --profile team"]);
    console.press("L");
    let called = |screen: &vt100::Screen| {
        !screen.alternate_screen()
            && screen
                .contents()
                .contains("called: sso login --profile=team")
    };
    console.wait_for("the program", called);
    // It reads what is typed, and the console does not.
    console.press("no\n");
    console.wait_for_words(&["Press Enter to go back"]);
    console.press("\n");
    console.wait_for_words(&["Not logged in"]);
    console.press("L");
    console.wait_for("the program", called);
    console.press("yes\n");
    console.wait_for("the console", |screen| {
        screen.alternate_screen() && screen.contents().contains("team06dbb7fc")
    });
    console.press("q");
    let ended = console.end();
    assert_eq!(ended.code, 0);
    ended.assert_restored();
}

#[test]
fn a_command_asks_for_a_code_on_the_terminal() {
    let world = World::new();
    let mut console = world
        .start(
            &["list", "pools"],
            "role_arn = arn:aws:iam::123456789012:role/r\nmfa_serial = arn:aws:iam::123456789012:mfa/me\nsource_profile = base\n\
             [profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = x\n",
        )
        .open();
    console.wait_for_words(&["MFA code of arn:aws:iam::123456789012:mfa/me:"]);
    console.press("654321\n");
    console.wait_for_words(&["MultiFactorAuthentication failed"]);
    console.press("123456\n");
    console.wait_for_words(&["team06dbb7fc"]);
    assert_eq!(console.end().code, 0);
}
