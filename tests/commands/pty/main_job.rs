//! The main job, key by key: a pool, a new client, its secret, a token and its claims.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use cognitui::cognito::{Credentials, Gateway, Target};
use cognitui::domain::ids::{ClientId, PoolId};
use secrecy::SecretString;

use crate::pty::clipboard::copied;
use crate::pty::console::{BINARY, Console, Start};
use crate::pty::ministack::Ministack;

/// Presses the keys from the list of pools to a verified token. Returns the copied secret.
fn main_job(console: &mut Console, pool: &str) -> String {
    console.open_pool(pool);
    console.make_machine_auth();

    console.press("x");
    let revealed = console.wait_for_secret();
    console.press("x");
    console.wait_for("the secret to be covered", |screen| {
        !screen.contents().contains(&revealed)
    });
    console.copy_secret();
    let secret = console.wait_for_bytes("an OSC 52 request", copied);
    assert_eq!(secret, revealed);

    console.press("t");
    console.wait_for_words(&["Request", "[x] api/admin"]);
    console.press("\r");
    console.wait_for_words(&["✓ valid", "RS256"]);
    secret
}

/// Checks that the secret has Cognito's form.
fn assert_cognitos_form(secret: &str) {
    assert!(matches!(secret.len(), 51 | 52), "{}", secret.len());
    assert!(secret.chars().all(|c| matches!(c, '0'..='9' | 'a'..='v')));
}

#[test]
fn on_the_embedded_cognito() {
    let mut console = Start::console(&["--demo"]).open();
    console.wait_for_words(&["DEMO"]);
    let secret = main_job(&mut console, "team06dbb7fc");
    assert_cognitos_form(&secret);
    console.wait_for_words(&["client_id", "token_use", "access", "✓ api/admin"]);
    console.press("\x03");
    let ended = console.end();
    assert_eq!(ended.code, 0);
    ended.assert_restored();
}

#[test]
fn in_a_terminal_of_80_by_24() {
    let mut console = Start::console(&["--demo"]).size(80, 24).open();
    assert_cognitos_form(&main_job(&mut console, "team06dbb7fc"));
}

#[test]
fn on_a_sandbox_in_another_process() {
    let sandbox = ServedSandbox::start();
    let mut console = Start::console(&["--endpoint-url", &sandbox.url, "--region", "eu-west-1"])
        .with_credentials()
        .open();
    console.wait_for_words(&["123456789012", "eu-west-1"]);
    assert_cognitos_form(&main_job(&mut console, "team06dbb7fc"));
    assert!(!console.text().contains("DEMO"), "it is not the demo");
}

/// Ministack has no operations on secrets, and secrets of another form; the job works anyway.
#[tokio::test]
async fn on_ministack() {
    let ministack = Ministack::start().await;
    let sdk = ministack.sdk();
    let made = sdk
        .create_user_pool()
        .pool_name("peers")
        .send()
        .await
        .unwrap();
    let pool = PoolId::new(made.user_pool.unwrap().id.unwrap());
    let domain = sdk.create_user_pool_domain();
    domain
        .user_pool_id(pool.as_str())
        .domain("peers")
        .send()
        .await
        .unwrap();

    let mut console = Start::console(&["--endpoint-url", &ministack.url, "--region", "eu-west-1"])
        .with_credentials()
        .open();
    let secret = main_job(&mut console, "peers");

    // The claims on the screen are those of the client that ministack knows, and its secret is the one that was copied.
    let target = Target {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(ministack.url.clone()),
        credentials: Some(Credentials {
            access_key_id: "test".to_owned(),
            secret_access_key: SecretString::from("test"),
        }),
        ..Target::default()
    };
    let gateway = Gateway::connect(target, std::sync::Arc::new(|_| {}))
        .await
        .unwrap();
    let clients = gateway.clients(&pool, None).await.unwrap().items;
    let [client] = clients.as_slice() else {
        panic!("{} clients", clients.len());
    };
    assert!(console.text().contains(client.id.as_str()));
    assert_eq!(secret, secret_of(&ministack, &pool, &client.id).await);

    // What ministack cannot answer is a gap on the screen, never an error in the way.
    console.press("\x1b");
    console.wait_for_words(&["AllowedOAuthFlows", "client_credentials"]);
}

async fn secret_of(ministack: &Ministack, pool: &PoolId, client: &ClientId) -> String {
    let described = ministack.sdk().describe_user_pool_client();
    let described = described
        .user_pool_id(pool.as_str())
        .client_id(client.as_str());
    let client = described.send().await.unwrap().user_pool_client.unwrap();
    client.client_secret.unwrap()
}

/// `cognitui sandbox` on a free port. Ends when dropped.
pub struct ServedSandbox {
    pub url: String,
    process: Child,
}

impl ServedSandbox {
    pub fn start() -> Self {
        let mut process = Command::new(BINARY)
            .args(["sandbox", "--port", "0"])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let output = process.stdout.as_mut().unwrap();
        BufReader::new(output).read_line(&mut first).unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{first}");
        Self { url, process }
    }
}

impl Drop for ServedSandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
