//! A ministack process for one test.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cognitoidentityprovider::Client;
use tempfile::TempDir;
use tokio::net::TcpStream;

/// The variable with the path that `./tests/run` sets to the emulator's executable.
const PATH: &str = "COGNITUI_MINISTACK";
const READY_POLLS: u32 = 600;
const POLL_EVERY: Duration = Duration::from_millis(50);

/// Ends when dropped.
pub struct Ministack {
    pub url: String,
    process: Child,
    /// The emulator's own files.
    _home: TempDir,
}

impl Ministack {
    /// Starts it on a free port and waits until it accepts connections.
    pub async fn start() -> Self {
        let Some(path) = std::env::var_os(PATH) else {
            panic!("{PATH} is not set: run ./tests/run, which installs ministack and sets it");
        };
        let home = tempfile::tempdir().unwrap();
        // Freed again at once for the emulator to take; nothing else is given it in between by most systems.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let process = Command::new(&path)
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", "127.0.0.1")
            .env(
                "SERVICES",
                "cognito-idp,sts,appsync,apigateway,secretsmanager",
            )
            .env("TMPDIR", home.path())
            .env("HOME", home.path())
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "{} does not start ({error}): run ./tests/run",
                    path.display()
                )
            });
        let mut ministack = Self {
            url: format!("http://127.0.0.1:{port}"),
            process,
            _home: home,
        };
        ministack.wait_until_ready(port).await;
        ministack
    }

    async fn wait_until_ready(&mut self, port: u16) {
        for _ in 0..READY_POLLS {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return;
            }
            if let Some(status) = self.process.try_wait().unwrap() {
                panic!("ministack ended with {status} before it accepted a connection");
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
        panic!(
            "ministack accepted no connection in {:?}",
            POLL_EVERY * READY_POLLS
        );
    }

    /// For a client of the bare SDK, for what the gateway is not for.
    pub fn config(&self) -> SdkConfig {
        let keys = Credentials::new("test", "test", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .endpoint_url(&self.url)
            .build()
    }

    /// The bare SDK of Cognito.
    pub fn sdk(&self) -> Client {
        Client::new(&self.config())
    }
}

impl Drop for Ministack {
    fn drop(&mut self) {
        // It holds nothing worth a gentle end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
