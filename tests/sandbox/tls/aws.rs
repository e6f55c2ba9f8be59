//! AWS behind a company's proxy: the proxy terminates TLS with its own certificates and sees all hosts and all requests. The
//! embedded Cognito answers under AWS's names.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use cognitui::sandbox::{Options, Sandbox};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use crate::tls::authority::Authority;
use crate::tls::server::{http, reply, request};

pub const TEAM: &str = "eu-west-1_sT7eAm06d";
pub const PROD_ID: &str = "eu-west-1_Pr0dAcm3X";

pub struct Aws {
    pub authority: Arc<Authority>,
    pub sandbox: Sandbox,
    pub home: TempDir,
    proxy: u16,
    seen: Arc<Seen>,
    /// Serves while the test waits for the program.
    _runtime: Runtime,
}

#[derive(Default)]
struct Seen {
    /// The requested hosts.
    asked_for: Mutex<Vec<String>>,
    /// The requests, with their hosts.
    heard: Mutex<Vec<(String, String)>>,
    /// Responses that replace the sandbox's, by operation.
    instead: Mutex<BTreeMap<&'static str, String>>,
}

/// The result of a run of the program.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Aws {
    pub fn new() -> Self {
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
        let authority = Arc::new(Authority::new());
        let seen = Arc::new(Seen::default());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let proxy = listener.local_addr().unwrap().port();
        let behind = sandbox.url().replace("http://", "");
        let (record, signs) = (Arc::clone(&seen), Arc::clone(&authority));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (record, signs) = (Arc::clone(&record), Arc::clone(&signs));
                tokio::spawn(opened(stream, record, signs, behind.clone()));
            }
        });
        Self {
            authority,
            sandbox,
            home: tempfile::tempdir().unwrap(),
            proxy,
            seen,
            _runtime: runtime,
        }
    }

    /// Returns the program behind this proxy, on a machine with nothing else.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cognitui"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE000000000")
            .env("AWS_SECRET_ACCESS_KEY", "example")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("HTTPS_PROXY", format!("http://127.0.0.1:{}", self.proxy))
            .stdin(Stdio::null());
        command
    }

    /// Runs it with the proxy's authority trusted.
    pub fn run(&self, args: &[&str]) -> Ran {
        ran(self
            .command(args)
            .env("AWS_CA_BUNDLE", self.authority.file()))
    }

    /// Sets the response to an operation from now on.
    pub fn instead(&self, operation: &'static str, status: &str, body: &str) {
        lock(&self.seen.instead).insert(operation, http(status, body));
    }

    /// Returns the hosts called so far, in order.
    pub fn asked_for(&self) -> Vec<String> {
        lock(&self.seen.asked_for).clone()
    }

    /// Returns everything that was sent to a host.
    pub fn heard(&self, host: &str) -> String {
        let heard = lock(&self.seen.heard);
        let at = heard.iter().filter(|(at, _)| at == host);
        at.map(|(_, said)| said.as_str()).collect()
    }

    /// Returns everything that was sent to any host.
    pub fn heard_anywhere(&self) -> String {
        let heard = lock(&self.seen.heard);
        heard.iter().map(|(_, said)| said.as_str()).collect()
    }

    /// Forgets all requests.
    pub fn forget(&self) {
        lock(&self.seen.asked_for).clear();
        lock(&self.seen.heard).clear();
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        let path: &Path = self.home.path();
        let path = path.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Ran {
    /// Checks that it failed and printed no answer.
    #[track_caller]
    pub fn refused(self, words: &[&str]) {
        self.refused_as(1, words);
    }

    /// The same with the exit code of a class.
    #[track_caller]
    pub fn refused_as(self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in: {}", self.err);
        }
    }

    #[track_caller]
    pub fn answered(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }
}

pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn lock<T>(what: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Handles one connection through the proxy, with one request.
async fn opened(mut stream: TcpStream, seen: Arc<Seen>, signs: Arc<Authority>, behind: String) {
    let Some(connect) = request(&mut stream).await else {
        return;
    };
    let asked = connect.split_whitespace().nth(1).unwrap_or_default();
    let host = asked.trim_end_matches(":443").to_owned();
    lock(&seen.asked_for).push(host.clone());
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    let Ok(mut stream) = signs.acceptor(&host).accept(stream).await else {
        return;
    };
    let Some(said) = request(&mut stream).await else {
        return;
    };
    lock(&seen.heard).push((host, said.clone()));
    let instead = lock(&seen.instead)
        .iter()
        .find(|(operation, _)| said.contains(&format!("Service.{operation}\r\n")))
        .map(|(_, answer)| answer.clone());
    let answer = match instead {
        Some(answer) => answer.into_bytes(),
        None => passed_on(&said, &behind).await,
    };
    reply(&mut stream, &answer).await;
}

async fn passed_on(said: &str, behind: &str) -> Vec<u8> {
    let (line, rest) = said.split_once("\r\n").unwrap();
    let mut stream = TcpStream::connect(behind).await.unwrap();
    let asked = format!("{line}\r\nconnection: close\r\n{rest}");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    answer
}
