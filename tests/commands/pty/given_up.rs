//! A hanging write can be aborted: the terminal is restored at once, and what may have been done is printed in the shell.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::Command;

use cognitui::sandbox::{Options, Sandbox};
use rustix::process::Signal;
use tokio::runtime::Runtime;

use crate::hung::Hung;
use crate::pty::console::{Console, Ended, Start};

const TEAM: &str = "team06dbb7fc";
const TEAM_ID: &str = "eu-west-1_sT7eAm06d";

/// A Cognito that never answers one operation, and a console on it.
struct World {
    sandbox: Sandbox,
    hung: Hung,
    _runtime: Runtime,
}

impl World {
    fn hung_at(operation: &'static str) -> Self {
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
        Self {
            hung: Hung::at(operation, sandbox.url()),
            sandbox,
            _runtime: runtime,
        }
    }

    fn open(&self) -> Console {
        Start::console(&["--endpoint-url", &self.hung.url, "--region", "eu-west-1"])
            .with_credentials()
            .size(200, 50)
            .open()
    }

    /// Opens a console that is creating a resource server and an app client.
    fn writing(&self) -> Console {
        let mut console = self.open();
        console.open_pool(TEAM);
        console.press("n");
        console.wait_for_words(&["New app client in", "api first"]);
        console.press("\r");
        console.wait_for_words(&["Apply this plan?"]);
        console.press("\r");
        self.hung.until_asked();
        console
    }

    /// Returns the names of the created clients.
    fn clients(&self) -> Vec<String> {
        let pools = self.sandbox.state().pools;
        let clients = pools[TEAM_ID].clients.iter();
        clients.map(|client| client.name.clone()).collect()
    }
}

fn said(ended: &Ended, code: u32, words: &[&str]) {
    ended.assert_restored();
    let screen = ended.screen.contents();
    assert_eq!(ended.code, code, "{screen}");
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in words {
        assert!(flat.contains(words), "no {words:?} in\n{screen}");
    }
}

#[test]
fn ctrl_c_once_more_ends_the_waiting() {
    for signal in [
        None,
        Some(Signal::TERM),
        Some(Signal::HUP),
        Some(Signal::INT),
    ] {
        let world = World::hung_at("CreateResourceServer");
        let mut console = world.writing();
        console.press("\x03\x03");
        // The shell has its terminal back while that is waited for.
        console.wait_for_words(&["waiting for CreateResourceServer …"]);
        let code = match signal {
            // The terminal makes a signal of the key.
            None => {
                console.press("\x03");
                130
            }
            Some(signal) => {
                console.signal(signal);
                match signal {
                    Signal::INT => 130,
                    Signal::HUP => 129,
                    _ => 143,
                }
            }
        };
        let ended = console.end();
        said(
            &ended,
            code,
            &[
                "CreateResourceServer may have been done: Create resource server api",
                "Check: aws",
                "describe-resource-server",
                "Not started: Create app client machine_auth",
            ],
        );
        assert!(!world.clients().contains(&"machine_auth".to_owned()));
    }
}

#[test]
fn a_signal_that_leaves_no_time_ends_it_at_once() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let world = World::hung_at("CreateUserPoolClient");
        let console = world.writing();
        console.signal(signal);
        let ended = console.end();
        said(
            &ended,
            code,
            &[
                "Done: Create resource server api with scope admin",
                "CreateUserPoolClient may have been done: Create app client machine_auth",
                "list-user-pool-clients",
            ],
        );
    }
}

/// Opens a client's page in a console.
fn at_the_client(world: &World) -> Console {
    let mut console = world.open();
    console.wait_for_words(&[TEAM]);
    console.press("/acme-platform-prod\r");
    console.wait_for_words(&["1 of "]);
    console.press("\r");
    console.wait_for_words(&["checkout", "Resource servers 3"]);
    console.press("/checkout");
    console.wait_for_words(&["▌ checkout"]);
    console.press("\r\r");
    console.wait_for_words(&["AccessTokenValidity"]);
    console
}

/// Opens a client's rotation in a console on a hanging Cognito.
fn at_the_rotation(world: &World) -> Console {
    let mut console = at_the_client(world);
    console.press("R");
    console.wait_for_words(&["Rotate checkout", "Add a second secret"]);
    console
}

#[test]
fn a_secret_that_may_have_been_added_is_told_when_the_waiting_ends() {
    let world = World::hung_at("AddUserPoolClientSecret");
    let mut console = at_the_rotation(&world);
    console.press("1");
    console.wait_for_words(&["What is written"]);
    console.press("\r");
    world.hung.until_asked();
    console.signal(Signal::TERM);
    let ended = console.end();
    said(
        &ended,
        143,
        &[
            "AddUserPoolClientSecret may have been done: then checkout has a second secret, and its value is lost",
            "list-user-pool-client-secrets",
            "--start-over",
        ],
    );
}

#[test]
fn a_secret_that_nobody_was_handed_is_told_when_the_console_is_ended() {
    let world = World::hung_at("no operation");
    let mut console = at_the_rotation(&world);
    console.press("1");
    console.wait_for_words(&["What is written"]);
    console.press("\r");
    console.wait_for_words(&["Only this console has the new secret"]);
    console.signal(Signal::TERM);
    let ended = console.end();
    said(
        &ended,
        143,
        &[
            "The new secret of checkout was added and not delivered: its value is lost",
            "--start-over",
        ],
    );
    let pools = world.sandbox.state().pools;
    let clients = pools["eu-west-1_Pr0dAcm3X"].clients.iter();
    let checkout = clients
        .into_iter()
        .find(|client| client.name == "checkout")
        .unwrap();
    for secret in &checkout.secrets {
        assert!(!ended.text().contains(&secret.value), "a secret was shown");
    }
}

/// Creates a named pipe that nothing has opened.
fn pipe(folder: &Path, name: &str) -> String {
    let path = folder.join(name).display().to_string();
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    path
}

/// Releases a reader of the pipe, if any.
fn release(pipe: &str) {
    let both = OpenOptions::new().read(true).write(true).open(pipe);
    drop(both.unwrap());
}

#[test]
fn a_delivery_that_hangs_is_given_up() {
    for (signal, code) in [(None, 130), (Some(Signal::TERM), 143)] {
        let world = World::hung_at("no operation");
        let folder = tempfile::tempdir().unwrap();
        let (asked, held) = (pipe(folder.path(), "asked"), pipe(folder.path(), "held"));
        let mut console = at_the_client(&world);
        console.press("y");
        console.wait_for_words(&["8 JSON to a command"]);
        console.press("8");
        console.wait_for_words(&["Credentials to a command"]);
        console.press(&format!("echo > {asked}; cat {held}"));
        console.press("\r");
        std::fs::read(&asked).unwrap();
        if let Some(signal) = signal {
            console.signal(signal);
        } else {
            console.press("\x03\x03");
            console.wait_for_words(&["waiting for", "Ctrl-C stops waiting"]);
            console.press("\x03");
        }
        let ended = console.end();
        said(&ended, code, &["The credentials may have been delivered."]);
        release(&held);
    }
}

#[test]
fn a_console_whose_credentials_hang_is_left_at_once() {
    for signal in [None, Some(Signal::TERM), Some(Signal::HUP)] {
        let folder = tempfile::tempdir().unwrap();
        let (asked, held) = (pipe(folder.path(), "asked"), pipe(folder.path(), "held"));
        let process = folder.path().join("process");
        std::fs::write(&process, format!("echo > {asked}; exec cat {held}")).unwrap();
        let config = folder.path().join("config");
        let process = process.display();
        let profile = format!("[profile hung]\ncredential_process = sh {process}\n");
        std::fs::write(&config, profile).unwrap();
        let world = World::hung_at("no operation");
        let url = &world.hung.url;
        let arguments = [
            "--endpoint-url",
            url,
            "--region",
            "eu-west-1",
            "--profile",
            "hung",
        ];
        let mut console = Start::console(&arguments)
            .env("AWS_CONFIG_FILE", &config.display().to_string())
            .open();
        std::fs::read(&asked).unwrap();
        match signal {
            Some(signal) => console.signal(signal),
            None => console.press("\x03"),
        }
        let ended = console.end();
        // Nothing was being written.
        said(&ended, 0, &[]);
        assert!(world.sandbox.calls().is_empty());
        release(&held);
    }
}
