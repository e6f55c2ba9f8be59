//! A start compared with the AWS CLI: both run with the same files, environment and options, and both must call the same places as the same
//! caller. Places that are not on this machine are seen by a proxy, which refuses them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::peers::start_cases::{CASES, Case};

/// What arrived: the place, the key and the Region, or the address that a proxy was asked for. Repetitions are one.
type Calls = Arc<Mutex<Vec<String>>>;

fn record(calls: &Calls, call: String) {
    let mut calls = calls.lock().unwrap();
    if calls.last() != Some(&call) {
        calls.push(call);
    }
}

async fn answer(place: &'static str, calls: Calls, request: Request) -> (StatusCode, String) {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap());
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let signature = header("authorization").and_then(|header| header.split_once("Credential="));
    let scope: Vec<&str> = signature.map_or(Vec::new(), |(_, scope)| scope.split('/').collect());
    let of_sso = header("x-amz-sso_bearer_token");
    let key = scope.first().copied().or(of_sso).unwrap_or("-");
    record(
        &calls,
        format!("{place} {key} {}", scope.get(2).unwrap_or(&"-")),
    );
    let end = "2099-01-01T00:00:00Z";
    if of_sso.is_some() {
        let keys = r#"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"x","sessionToken":"t","expiration":4070908800000}}"#;
        return (StatusCode::OK, keys.to_owned());
    }
    for operation in ["AssumeRoleWithWebIdentity", "AssumeRole"] {
        if body.contains(&format!("Action={operation}&"))
            || body.ends_with(&format!("Action={operation}"))
        {
            let (_, role) = body.split_once("role%2F").unwrap();
            let role = role.split('&').next().unwrap();
            let xml = format!(
                "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result><Credentials>\
                 <AccessKeyId>ASIA{role}</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken>\
                 <Expiration>{end}</Expiration></Credentials></{operation}Result></{operation}Response>"
            );
            return (StatusCode::OK, xml);
        }
    }
    (StatusCode::OK, r#"{"UserPools":[]}"#.to_owned())
}

async fn serve(place: &'static str, calls: &Calls) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::clone(calls);
    let handle = move |request: Request| answer(place, Arc::clone(&calls), request);
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(handle)).await });
    url
}

/// A proxy that notes where it was to connect to, and refuses.
async fn proxy(calls: &Calls) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::clone(calls);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let address = head.split_whitespace().take(2).collect::<Vec<_>>();
            record(&calls, address.join(" "));
            let _ = stream
                .write_all(
                    b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                )
                .await;
        }
    });
    url
}

struct Servers {
    calls: Calls,
    names: BTreeMap<&'static str, String>,
}

impl Servers {
    async fn start() -> Self {
        let calls = Calls::default();
        let names = [
            ("ONE", serve("one", &calls).await),
            ("TWO", serve("two", &calls).await),
            ("LOGIN", serve("login", &calls).await),
            ("PROXY", proxy(&calls).await),
        ];
        Self {
            calls,
            names: names.into(),
        }
    }

    fn filled(&self, text: &str, home: &Path) -> String {
        let text = text.replace("HOME", &home.display().to_string());
        self.names
            .iter()
            .fold(text, |text, (name, url)| text.replace(name, url))
    }

    /// What a program does with a configuration, and whether it ends well.
    async fn run(&self, case: &Case, program: &Path, words: &[&str]) -> (Vec<String>, bool) {
        let home = tempfile::tempdir().unwrap();
        let aws = home.path().join(".aws");
        let cache = aws.join("sso/cache");
        std::fs::create_dir_all(&cache).unwrap();
        let write = |path: PathBuf, text: &str| {
            std::fs::write(path, self.filled(text, home.path())).unwrap();
        };
        write(aws.join("config"), case.config);
        write(aws.join("credentials"), case.credentials);
        write(home.path().join("token"), "identity");
        write(
            home.path().join("process"),
            r#"{"Version":1,"AccessKeyId":"AKIAPROCESS","SecretAccessKey":"x"}"#,
        );
        write(
            home.path().join("elsewhere"),
            "[default]\nregion=eu-west-2\naws_access_key_id=AKIAELSEWHERE\naws_secret_access_key=x\nendpoint_url=TWO\n",
        );
        // What `printf %s https://example.awsapps.com/start | sha1sum` prints.
        write(
            cache.join("e8be5486177c5b5392bd9aa76563515b29358e6e.json"),
            r#"{"accessToken":"portal-token","expiresAt":"2099-01-01T00:00:00Z"}"#,
        );
        let mut command = Command::new(program);
        command
            .args(words)
            .args(case.args.iter().map(|arg| self.filled(arg, home.path())))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", home.path())
            .env("HTTPS_PROXY", self.names["PROXY"].as_str())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "1")
            .stdin(Stdio::null());
        for (name, value) in case.environment {
            command.env(name, self.filled(value, home.path()));
        }
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let calls = std::mem::take(&mut *self.calls.lock().unwrap());
        (calls, output.status.success())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_calls_the_places_that_the_aws_cli_calls_as_the_same_caller() {
    let Some(python) = std::env::var_os("COGNITUI_PYTHON") else {
        panic!(
            "COGNITUI_PYTHON is not set: run ./tests/run, which installs the AWS CLI and sets it"
        );
    };
    let aws = PathBuf::from(python).with_file_name("aws");
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_cognitui"));
    assert!(CASES.len() >= 30);
    let mut wrong = Vec::new();
    let (half, rest) = CASES.split_at(CASES.len() / 2);
    let walk = async |cases: &'static [Case]| {
        let servers = Servers::start().await;
        let mut wrong = Vec::new();
        for case in cases {
            let theirs = ["cognito-idp", "list-user-pools", "--max-results", "1"];
            let theirs = servers.run(case, &aws, &theirs).await;
            let own = servers.run(case, &ours, &["list", "pools"]).await;
            let expected = case.calls.iter().map(|call| (*call).to_owned()).collect();
            // What a proxy refuses is no success; where nothing is called, both fail.
            let well = case.calls.last().is_some_and(|call| !call.contains(':'));
            let expected: (Vec<String>, bool) = (expected, well);
            if theirs != expected || own != expected {
                wrong.push(format!(
                    "{}: AWS CLI {theirs:?}, cognitui {own:?}",
                    case.name
                ));
            }
        }
        wrong
    };
    let (one, two) = tokio::join!(walk(half), walk(rest));
    wrong.extend(one.into_iter().chain(two));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
