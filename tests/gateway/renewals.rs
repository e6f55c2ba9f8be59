//! All kinds of sources of credentials are asked again after their credentials expired.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cognitui::cognito::{ConnectionEvent, Gateway, SignInEvent, Target};
use cognitui::domain::identity::Source;
use cognitui::domain::time::Timestamp;

use crate::signing::{EXPIRED, answer, home, identity, key_of, process_gives};
use crate::stub::{Answer, Call, Stub};

fn elsewhere(name: &str, vars: &[(&str, &str)], config: &str) -> bool {
    crate::elsewhere::elsewhere(&format!("renewals::{name}"), vars, config)
}

/// How the user renews a kind of source.
struct Kind {
    name: &'static str,
    /// The profile; `URL` is the server's.
    profile: &'static str,
    renew: fn(&str),
}

const KINDS: &[Kind] = &[
    Kind {
        name: "file",
        profile: "region = eu-west-1\n",
        renew: |key| {
            let text =
                format!("[kind]\naws_access_key_id = {key}\naws_secret_access_key = an-example\n");
            fs::write(home(".aws/credentials"), text).unwrap();
        },
    },
    Kind {
        name: "credential_process",
        profile: "credential_process = sh -c 'sh \"$HOME/process\"'\n",
        renew: |key| {
            process_gives(Some(key), Duration::from_hours(1));
        },
    },
    Kind {
        name: "SSO",
        profile: "sso_account_id = 111111111111\nsso_role_name = r\nsso_region = eu-west-1\n\
                  sso_start_url = https://example.awsapps.com/start\nservices = local\n\
                  [services local]\nsso =\n  endpoint_url = URL\n",
        renew: |key| {
            // What `printf %s https://example.awsapps.com/start | sha1sum` prints.
            let file = home(".aws/sso/cache/e8be5486177c5b5392bd9aa76563515b29358e6e.json");
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            let end = Timestamp::from(SystemTime::now() + Duration::from_hours(1));
            let end = end.rfc3339().unwrap();
            let token = format!(
                "{{\"accessToken\":\"{key}\",\"expiresAt\":\"{end}\",\"region\":\"eu-west-1\",\
                 \"startUrl\":\"https://example.awsapps.com/start\"}}"
            );
            fs::write(file, token).unwrap();
        },
    },
    Kind {
        name: "role",
        profile: "role_arn = arn:aws:iam::111111111111:role/r\nsource_profile = base\nservices = local\n\
                  [services local]\nsts =\n  endpoint_url = URL\n",
        renew: |key| {
            let text =
                format!("[base]\naws_access_key_id = {key}\naws_secret_access_key = an-example\n");
            fs::write(home(".aws/credentials"), text).unwrap();
        },
    },
];

/// The sources of a machine's credentials that need only environment variables; `URL` is the server's, `FILE` a file.
const MACHINES: &[(&str, &[(&str, &str)])] = &[
    (
        "container",
        &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "URL/container")],
    ),
    (
        "instance",
        &[
            ("AWS_EC2_METADATA_DISABLED", "false"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "URL"),
        ],
    ),
    (
        "web identity",
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "FILE"),
            ("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/r"),
            ("AWS_ENDPOINT_URL_STS", "URL"),
        ],
    ),
];

/// Answers as a container's endpoint, an instance's metadata service and STS: with the key in `file`, or the one that signed the
/// request.
fn gives_machine(call: &Call, file: &str) -> Option<Answer> {
    const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
    let end = Timestamp::from(SystemTime::now() + Duration::from_hours(1));
    let end = end.rfc3339().unwrap();
    if let Some((_, token)) = call.body.split_once("WebIdentityToken=") {
        let key = token.split('&').next().unwrap();
        let body = format!(
            "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
             <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>an-example</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>{end}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
        );
        return Some((200, body));
    }
    if call.headers.contains_key("authorization") {
        return None;
    }
    Some(match call.path.as_str() {
        "/latest/api/token" => (200, "session".to_owned()),
        ROLES => (200, "r".to_owned()),
        path if path == "/container" || path.strip_prefix(ROLES) == Some("r") => {
            let key = fs::read_to_string(file).unwrap();
            let body = format!(
                "{{\"Code\":\"Success\",\"AccessKeyId\":\"{key}\",\"SecretAccessKey\":\"an-example\",\
                 \"Token\":\"t\",\"Expiration\":\"{end}\"}}"
            );
            (200, body)
        }
        _ => (404, String::new()),
    })
}

#[tokio::test]
async fn what_gives_a_machine_its_credentials_is_asked_again() {
    let set = |name| std::env::var(name).unwrap_or_default();
    let (address, file) = (set("TEST_ADDRESS"), set("TEST_FILE"));
    if address.is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key").display().to_string();
        for (_, vars) in MACHINES {
            // The child listens where its environment says.
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = free.local_addr().unwrap().to_string();
            drop(free);
            let url = format!("http://{address}");
            let value = |value: &str| value.replace("URL", &url).replace("FILE", &file);
            let of_kind = vars.iter().map(|(name, text)| (*name, value(text)));
            let own = [
                ("TEST_ADDRESS", address.clone()),
                ("TEST_FILE", file.clone()),
            ];
            let vars: Vec<(&str, String)> = of_kind.chain(own).collect();
            let vars: Vec<(&str, &str)> = vars
                .iter()
                .map(|(name, text)| (*name, text.as_str()))
                .collect();
            let name = "what_gives_a_machine_its_credentials_is_asked_again";
            assert!(elsewhere(name, &vars, ""));
        }
        return;
    }
    let expired = Arc::new(Mutex::new(vec![]));
    let (of, from) = (Arc::clone(&expired), file.clone());
    let stub = Stub::start_at(&address, move |call, _| {
        gives_machine(call, &from).unwrap_or_else(|| answer(call, &of.lock().unwrap()))
    });
    let renew = |key: &str| fs::write(&file, key).unwrap();
    is_asked_again(&stub.await, None, &renew, &expired, "a machine").await;
}

/// Answers as the portal of SSO and STS: the role's keys are those that signed the request.
fn gives_role(call: &Call) -> Option<Answer> {
    let end = SystemTime::now() + Duration::from_hours(1);
    if let Some(token) = call.headers.get("x-amz-sso_bearer_token") {
        let (key, end) = (token.to_str().unwrap(), Timestamp::from(end).millis());
        let body = format!(
            "{{\"roleCredentials\":{{\"accessKeyId\":\"{key}\",\"secretAccessKey\":\"an-example\",\
             \"sessionToken\":\"t\",\"expiration\":{end}}}}}"
        );
        return Some((200, body));
    }
    call.body.contains("Action=AssumeRole").then(|| {
        let (key, end) = (key_of(call), Timestamp::from(end).rfc3339().unwrap());
        let body = format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{key}</AccessKeyId>\
             <SecretAccessKey>an-example</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{end}</Expiration>\
             </Credentials></AssumeRoleResult></AssumeRoleResponse>"
        );
        (200, body)
    })
}

#[tokio::test]
async fn whatever_gives_credentials_is_asked_again() {
    if elsewhere("whatever_gives_credentials_is_asked_again", &[], "") {
        return;
    }
    for kind in KINDS {
        let expired = Arc::new(Mutex::new(vec![]));
        let of = Arc::clone(&expired);
        let stub = Stub::start(move |call, _| {
            gives_role(call).unwrap_or_else(|| answer(call, &of.lock().unwrap()))
        });
        let stub = stub.await;
        let config = format!("[profile kind]\n{}", kind.profile.replace("URL", &stub.url));
        fs::write(home(".aws/config"), config).unwrap();
        // Keys there would come before what the profile says.
        fs::write(home(".aws/credentials"), "").unwrap();
        is_asked_again(&stub, Some("kind"), &kind.renew, &expired, kind.name).await;
    }
}

/// Checks that a source with expired keys is asked again, that the new keys are used, and that this is reported.
async fn is_asked_again(
    stub: &Stub,
    profile: Option<&str>,
    renew: &dyn Fn(&str),
    expired: &Mutex<Vec<&str>>,
    name: &str,
) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&heard);
    let target = Target {
        profile: profile.map(str::to_owned),
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(stub.url.clone()),
        source: if profile.is_some() {
            Source::Flag
        } else {
            Source::Unset
        },
        ..Target::default()
    };
    let signals = move |signal| {
        if let ConnectionEvent::SignIn(signing) = signal {
            record.lock().unwrap().push(signing);
        }
    };
    renew("AKIAFIRST");
    let gateway = Gateway::connect(target, Arc::new(signals)).await.unwrap();
    let who = gateway.identity().await;
    assert_eq!(who, Ok(identity("AKIAFIRST")), "{name}");
    expired.lock().unwrap().push("AKIAFIRST");
    let error = gateway.pools(None).await.unwrap_err();
    assert_eq!(error.kind, EXPIRED, "{name}");
    renew("AKIASECOND");
    let pools = gateway.pools(None).await;
    assert!(pools.is_ok(), "{name}: {pools:?}");
    let last = key_of(stub.calls().last().unwrap());
    assert_eq!(last, "AKIASECOND", "{name}");
    let again = SignInEvent::Renewed(Some(identity("AKIASECOND")));
    assert!(heard.lock().unwrap().contains(&again), "{name}");
}
