//! Credentials that expire during a connection: new ones are used only if they belong to the same account.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use cognitui::cognito::{ConnectionEvent, ErrorKind, Gateway, Identity, SignInEvent, Target};
use cognitui::domain::identity::Source;
use cognitui::domain::time::Timestamp;

use crate::stub::{Answer, Call, Stub};

/// The account of each key that the server knows.
const ACCOUNTS: [(&str, &str); 4] = [
    ("AKIAFIRST", "111111111111"),
    ("AKIASECOND", "111111111111"),
    ("AKIATHIRD", "111111111111"),
    ("AKIAOTHER", "222222222222"),
];

fn elsewhere(name: &str, vars: &[(&str, &str)], config: &str) -> bool {
    crate::elsewhere::elsewhere(&format!("signing::{name}"), vars, config)
}

pub fn home(path: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("HOME").unwrap()).join(path)
}

/// Writes these keys to the credentials file of AWS tools.
fn write_keys(key: &str) {
    let text =
        format!("[default]\naws_access_key_id = {key}\naws_secret_access_key = an-example\n");
    fs::write(home(".aws/credentials"), text).unwrap();
}

/// A server that treats the keys in `expired` as expired.
struct World {
    stub: Stub,
    expired: Arc<Mutex<Vec<&'static str>>>,
    heard: Arc<Mutex<Vec<SignInEvent>>>,
    gateway: Gateway,
}

pub fn key_of(call: &Call) -> String {
    let header = call.headers["authorization"].to_str().unwrap();
    let (_, rest) = header.split_once("Credential=").unwrap();
    rest.split('/').next().unwrap().to_owned()
}

pub fn answer(call: &Call, expired: &[&str]) -> Answer {
    let key = key_of(call);
    let is_sts = call.operation.is_empty();
    if expired.contains(&key.as_str()) {
        return if is_sts {
            let body = "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>\
                        <Message>The security token included in the request is expired</Message></Error></ErrorResponse>";
            (403, body.to_owned())
        } else {
            let body =
                r#"{"__type":"ExpiredTokenException","message":"The security token is expired"}"#;
            (400, body.to_owned())
        };
    }
    if !is_sts {
        return (200, r#"{"UserPools":[]}"#.to_owned());
    }
    let (_, account) = ACCOUNTS.iter().find(|(id, _)| *id == key).unwrap();
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{account}:user/{key}</Arn><UserId>u</UserId><Account>{account}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    (200, body)
}

impl World {
    async fn new(source: Source) -> Self {
        let expired = Arc::new(Mutex::new(Vec::new()));
        let of = Arc::clone(&expired);
        let stub = Stub::start(move |call, _| answer(call, &of.lock().unwrap())).await;
        let heard = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&heard);
        let target = Target {
            region: Some("eu-west-1".to_owned()),
            endpoint_url: Some(stub.url.clone()),
            source,
            ..Target::default()
        };
        let signals = move |signal| {
            if let ConnectionEvent::SignIn(signing) = signal {
                record.lock().unwrap().push(signing);
            }
        };
        let gateway = Gateway::connect(target, Arc::new(signals)).await.unwrap();
        Self {
            stub,
            expired,
            heard,
            gateway,
        }
    }

    fn expire(&self, key: &'static str) {
        self.expired.lock().unwrap().push(key);
    }

    async fn fails(&self) -> ErrorKind {
        self.gateway.pools(None).await.unwrap_err().kind
    }

    /// Returns the keys that signed calls of Cognito.
    fn signed(&self) -> Vec<String> {
        let calls = self.stub.calls();
        let cognito = calls.iter().filter(|call| !call.operation.is_empty());
        cognito.map(key_of).collect()
    }

    fn heard(&self) -> Vec<SignInEvent> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

pub fn identity(key: &str) -> Identity {
    let (_, account) = ACCOUNTS.iter().find(|(id, _)| *id == key).unwrap();
    Identity {
        account: (*account).to_owned(),
        arn: format!("arn:aws:iam::{account}:user/{key}"),
    }
}

pub const EXPIRED: ErrorKind = ErrorKind::ExpiredCredentials { sign_in: None };

#[tokio::test]
async fn a_credentials_file_is_read_again_once_its_keys_have_expired() {
    if elsewhere(
        "a_credentials_file_is_read_again_once_its_keys_have_expired",
        &[],
        "",
    ) {
        return;
    }
    write_keys("AKIAFIRST");
    let world = World::new(Source::Unset).await;
    world.gateway.pools(None).await.unwrap();
    assert_eq!(world.heard(), [SignInEvent::Found(None)]);
    // While they work, the file may say what it likes.
    write_keys("AKIASECOND");
    world.gateway.pools(None).await.unwrap();
    assert_eq!(world.signed(), ["AKIAFIRST", "AKIAFIRST"]);
    write_keys("AKIAFIRST");
    world.expire("AKIAFIRST");
    for _ in 0..2 {
        assert_eq!(world.fails().await, EXPIRED);
    }
    // Found again, they are nothing new.
    assert_eq!(world.heard(), [SignInEvent::Found(None)]);
    write_keys("AKIASECOND");
    world.gateway.pools(None).await.unwrap();
    let again = SignInEvent::Renewed(Some(identity("AKIASECOND")));
    assert_eq!(world.heard(), [again, SignInEvent::Found(None)]);
    assert_eq!(world.signed().last().unwrap(), "AKIASECOND");
}

#[tokio::test]
async fn credentials_that_were_not_there_are_looked_for_again() {
    let name = "credentials_that_were_not_there_are_looked_for_again";
    if elsewhere(name, &[], "") {
        return;
    }
    let world = World::new(Source::Unset).await;
    assert_eq!(world.fails().await, ErrorKind::NoCredentials);
    // What is there has expired as well: the error says that, and not that there is none.
    write_keys("AKIAFIRST");
    world.expire("AKIAFIRST");
    assert_eq!(world.fails().await, EXPIRED);
    assert_eq!(world.heard(), []);
    write_keys("AKIASECOND");
    world.gateway.pools(None).await.unwrap();
    let again = SignInEvent::Renewed(Some(identity("AKIASECOND")));
    assert_eq!(world.heard(), [again, SignInEvent::Found(None)]);
}

#[tokio::test]
async fn keys_of_another_account_sign_nothing() {
    if elsewhere("keys_of_another_account_sign_nothing", &[], "") {
        return;
    }
    write_keys("AKIAFIRST");
    let world = World::new(Source::Unset).await;
    assert_eq!(world.gateway.identity().await, Ok(identity("AKIAFIRST")));
    world.expire("AKIAFIRST");
    assert_eq!(world.fails().await, EXPIRED);
    world.heard();
    write_keys("AKIAOTHER");
    let error = world.gateway.pools(None).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::OtherAccount, "{error:?}");
    for account in ["111111111111", "222222222222"] {
        assert!(error.detail.contains(account), "{error:?}");
    }
    let other = SignInEvent::OtherAccount {
        found: identity("AKIAOTHER"),
        account: "111111111111".to_owned(),
    };
    assert_eq!(world.heard(), [other]);
    assert!(!world.signed().contains(&"AKIAOTHER".to_owned()));
    write_keys("AKIASECOND");
    world.gateway.pools(None).await.unwrap();
    let again = SignInEvent::Renewed(Some(identity("AKIASECOND")));
    assert_eq!(world.heard(), [again, SignInEvent::Found(None)]);
}

/// A program that prints the first keys once, and then those in a file; without the file it fails.
const PROCESS: &str = "[default]\ncredential_process = sh -c 'sh \"$HOME/process\"'\n";

/// Sets what the program prints from now on; `None` for nothing.
pub fn process_gives(key: Option<&str>, lives: Duration) -> Timestamp {
    let end = Timestamp::from_seconds(Timestamp::from(SystemTime::now() + lives).seconds());
    let text = key.map_or("exit 1".to_owned(), |key| {
        let end = end.rfc3339().unwrap();
        format!(
            "echo '{{\"Version\":1,\"AccessKeyId\":\"{key}\",\"SecretAccessKey\":\"an-example\",\"Expiration\":\"{end}\"}}'\n"
        )
    });
    fs::write(home("process"), text).unwrap();
    end
}

#[tokio::test]
async fn a_credential_process_is_run_again_when_what_it_gave_ends() {
    let name = "a_credential_process_is_run_again_when_what_it_gave_ends";
    if elsewhere(name, &[], PROCESS) {
        return;
    }
    // Less than what a call may need: it counts as over.
    let end = process_gives(Some("AKIAFIRST"), Duration::from_secs(5));
    let world = World::new(Source::Unset).await;
    world.gateway.identity().await.unwrap();
    assert_eq!(world.heard(), [SignInEvent::Found(Some(end))]);
    process_gives(None, Duration::ZERO);
    assert_eq!(world.fails().await, ErrorKind::NoCredentials);
    process_gives(Some("AKIAOTHER"), Duration::from_hours(1));
    assert_eq!(world.fails().await, ErrorKind::OtherAccount);
    let end = process_gives(Some("AKIASECOND"), Duration::from_hours(1));
    world.heard();
    world.gateway.pools(None).await.unwrap();
    world.gateway.pools(None).await.unwrap();
    let again = SignInEvent::Renewed(Some(identity("AKIASECOND")));
    assert_eq!(world.heard(), [again, SignInEvent::Found(Some(end))]);
    assert_eq!(world.signed(), ["AKIASECOND", "AKIASECOND"]);
}

#[tokio::test]
async fn what_ends_soon_is_renewed_early_and_used_where_it_cannot_be() {
    let name = "what_ends_soon_is_renewed_early_and_used_where_it_cannot_be";
    if elsewhere(name, &[], PROCESS) {
        return;
    }
    process_gives(Some("AKIAFIRST"), Duration::from_mins(2));
    let world = World::new(Source::Unset).await;
    world.gateway.pools(None).await.unwrap();
    process_gives(None, Duration::ZERO);
    world.gateway.pools(None).await.unwrap();
    assert_eq!(world.signed(), ["AKIAFIRST", "AKIAFIRST"]);

    process_gives(Some("AKIAFIRST"), Duration::from_mins(2));
    let world = World::new(Source::Unset).await;
    world.gateway.identity().await.unwrap();
    let end = process_gives(Some("AKIASECOND"), Duration::from_hours(1));
    world.heard();
    world.gateway.pools(None).await.unwrap();
    assert_eq!(world.signed(), ["AKIASECOND"]);
    // The session went on without a break.
    assert_eq!(world.heard(), [SignInEvent::Found(Some(end))]);
}

#[tokio::test]
async fn exported_keys_end_when_the_environment_says_and_are_not_renewed() {
    let vars = [
        ("AWS_ACCESS_KEY_ID", "AKIAFIRST"),
        ("AWS_SECRET_ACCESS_KEY", "an-example"),
        ("AWS_CREDENTIAL_EXPIRATION", "2030-01-02T03:04:05+00:00"),
    ];
    let name = "exported_keys_end_when_the_environment_says_and_are_not_renewed";
    if elsewhere(name, &vars, "") {
        return;
    }
    write_keys("AKIAOTHER");
    let world = World::new(Source::Keys).await;
    world.gateway.pools(None).await.unwrap();
    let end = Timestamp::from_seconds(1_893_553_445);
    assert_eq!(world.heard(), [SignInEvent::Found(Some(end))]);
    world.expire("AKIAFIRST");
    for _ in 0..2 {
        let error = world.gateway.pools(None).await.unwrap_err();
        assert_eq!(error.kind, EXPIRED);
        assert!(error.hint.contains("--profile"), "{error:?}");
    }
    assert!(!world.signed().contains(&"AKIAOTHER".to_owned()));
}

#[tokio::test]
async fn half_a_key_in_the_environment_is_no_reason_to_take_another() {
    let vars = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAFIRST"),
    ];
    let name = "half_a_key_in_the_environment_is_no_reason_to_take_another";
    if elsewhere(name, &vars, "") {
        return;
    }
    write_keys("AKIAOTHER");
    let target = Target::default();
    let error = Gateway::connect(target, Arc::new(|_| {}))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::NoCredentials);
    assert!(error.detail.contains("AWS_SECRET_ACCESS_KEY"), "{error:?}");
}
