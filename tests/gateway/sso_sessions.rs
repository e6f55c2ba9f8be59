//! A session of IAM Identity Center that renews itself: no person is asked while it can.

use std::fs;

use crate::logins::{in_future, team};
use crate::signing::{home, key_of};
use crate::stub::Stub;

#[tokio::test]
async fn a_session_renews_its_token_at_the_endpoint_of_its_own_section() {
    let name = "sso_sessions::a_session_renews_its_token_at_the_endpoint_of_its_own_section";
    if crate::elsewhere::elsewhere(name, &[], "") {
        return;
    }
    let stub = Stub::start(|call, _| {
        let answer = match call.path.as_str() {
            "/token" => r#"{"accessToken":"renewed","expiresIn":3600,"tokenType":"Bearer"}"#,
            "/federation/credentials" => {
                assert_eq!(call.headers["x-amz-sso_bearer_token"], "renewed");
                r#"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"x","sessionToken":"t","expiration":4070908800000}}"#
            }
            _ => r#"{"UserPools":[]}"#,
        };
        (200, answer.to_owned())
    })
    .await;
    // What `printf %s s | sha1sum` prints.
    let file = home(".aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let end = in_future();
    let token = format!(
        r#"{{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z","refreshToken":"r","clientId":"c","clientSecret":"s",
            "registrationExpiresAt":"{end}","region":"eu-west-1","startUrl":"https://example.awsapps.com/start"}}"#
    );
    fs::write(file, token).unwrap();
    let profile = "sso_session = s\nsso_account_id = 111111111111\nsso_role_name = r\nservices = local\n\
                   [sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.awsapps.com/start\n\
                   [services local]\nsso =\n  endpoint_url = URL\nsso_oidc =\n  endpoint_url = URL\n\
                   cognito_identity_provider =\n  endpoint_url = URL\n";
    let gateway = team(&stub, profile).await.unwrap();
    gateway.pools(None).await.unwrap();
    let paths: Vec<String> = stub.calls().into_iter().map(|call| call.path).collect();
    assert_eq!(paths, ["/token", "/federation/credentials", "/"]);
    assert_eq!(key_of(stub.calls().last().unwrap()), "ASIASSO");
}
