//! The program's output outside its screen: help, version, errors, and the sandbox as a server.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::pty::console::{BINARY, Start};

/// Runs it to its end without any terminal.
fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_and_version_are_plain_text() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    let words = text(&help.stdout);
    for word in ["--demo", "--endpoint-url", "--profile", "sandbox"] {
        assert!(words.contains(word), "{word} is not in\n{words}");
    }
    assert!(!words.contains('\x1b'));
    let version = run(&["--version"]);
    assert_eq!(
        text(&version.stdout),
        concat!("cognitui ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn without_a_terminal_it_says_so_and_writes_no_escapes() {
    let refused = run(&["--demo"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(text(&refused.stdout), "");
    let words = text(&refused.stderr);
    assert!(words.contains("terminal"), "{words}");
    assert!(!words.contains('\x1b'), "{words:?}");
}

/// Also with a terminal that is not its own output.
#[test]
fn in_a_pipe_it_says_so_and_writes_no_escapes() {
    let shell = Start::program(
        "bash",
        &[
            "--norc",
            "-c",
            "$0 --demo | cat; echo code ${PIPESTATUS[0]}",
            BINARY,
        ],
    )
    .open();
    let ended = shell.end();
    let words = ended.text();
    assert!(words.contains("code 1"), "{words}");
    assert!(words.contains("terminal"), "{words}");
    assert!(!words.contains("\x1b[?"), "{words:?}");
}

#[test]
fn a_mistake_in_the_configuration_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    fs::write(&config, "region = \"eu-west-1\"\nregoin = \"eu-west-2\"\n").unwrap();
    let refused = run(&["--config", config.to_str().unwrap(), "--demo"]);
    assert_eq!(refused.status.code(), Some(1));
    let words = text(&refused.stderr);
    for word in ["config.toml", "line 2", "regoin"] {
        assert!(words.contains(word), "{word} is not in\n{words}");
    }
    assert!(!words.contains('\x1b'), "{words:?}");
    assert!(!words.contains("src/"), "{words}");
}

/// `cognitui sandbox` with its state in a file.
pub struct Served {
    process: Child,
    output: BufReader<ChildStdout>,
    pub address: String,
}

impl Served {
    pub fn start(state: &Path) -> Self {
        let state = state.to_str().unwrap();
        let mut process = command(&["sandbox", "--port", "0", "--empty", "--state", state])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let (_, address) = line.trim_end().rsplit_once("http://").unwrap();
        Self {
            process,
            address: address.to_owned(),
            output,
        }
    }

    /// Calls an operation like a bare HTTP client; only the form of the signature is checked.
    fn call(&self, operation: &str, body: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        write!(
            connection,
            "POST / HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n\
             x-amz-target: AWSCognitoIdentityProviderService.{operation}\r\nx-amz-date: 20261121T000000Z\r\n\
             authorization: AWS4-HMAC-SHA256 Credential=test/20261121/eu-west-1/cognito-idp/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature=0\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len(),
        )
        .unwrap();
        std::io::read_to_string(connection).unwrap()
    }

    /// Sends SIGTERM and waits for the end.
    pub fn terminate(mut self) {
        let pid = Pid::from_raw(self.process.id().cast_signed()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        let mut rest = String::new();
        while self.output.read_line(&mut rest).unwrap() > 0 {}
        assert!(self.process.wait().unwrap().success());
    }
}

#[test]
fn the_sandbox_says_where_it_is_and_keeps_its_state_between_runs() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let served = Served::start(&state);
    let created = served.call("CreateUserPool", r#"{"PoolName":"kept"}"#);
    assert!(created.starts_with("HTTP/1.1 200"), "{created}");
    served.terminate();

    let served = Served::start(&state);
    let listed = served.call("ListUserPools", r#"{"MaxResults":10}"#);
    assert!(listed.contains(r#""Name":"kept""#), "{listed}");
    served.terminate();
}

#[test]
fn a_state_file_that_is_none_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    fs::write(&state, "{\"pools\": [").unwrap();
    let refused = run(&["sandbox", "--port", "0", "--state", state.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1));
    let words = text(&refused.stderr);
    assert!(words.contains("state.json"), "{words}");
    assert!(words.contains("does not hold a sandbox's state"), "{words}");
    assert_eq!(fs::read_to_string(&state).unwrap(), "{\"pools\": [");
}

/// On the screen, with the embedded Cognito behind it.
#[test]
fn the_demo_names_a_bad_state_file_on_the_screen() {
    let start = Start::console(&["--demo", "--state", "state.json"]);
    fs::write(start.home().join("state.json"), "no state").unwrap();
    let console = start.open();
    console.wait_for_words(&["state.json"]);
    assert_eq!(
        fs::read_to_string(console.home.path().join("state.json")).unwrap(),
        "no state"
    );
}
