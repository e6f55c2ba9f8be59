//! A rotation that is killed at every step: the next process continues from the state of Cognito, and the client always has a
//! working secret.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustix::process::Signal;

use crate::pty::clipboard::copied;
use crate::pty::console::{Console, Start};
use crate::pty::main_job::ServedSandbox;

const POOL: &str = "team06dbb7fc";

/// Starts a new process on the list of pools.
fn open(sandbox: &ServedSandbox) -> Console {
    let console = Start::console(&["--endpoint-url", &sandbox.url, "--region", "eu-west-1"])
        .with_credentials()
        .open();
    console.wait_for_words(&[POOL, "123456789012"]);
    console
}

/// Starts a new process at the client's rotation.
fn at_the_rotation(sandbox: &ServedSandbox) -> Console {
    let mut console = open(sandbox);
    console.press(&format!("/{POOL}\r"));
    console.wait_for_words(&["1 of "]);
    console.press("\r");
    console.wait_for_words(&["machine_auth", "App clients 3"]);
    // Where it stands in the list is up to its id.
    console.press("/machine_auth");
    console.wait_for_words(&["▌ machine_auth", "1 of 3"]);
    console.press("\r\r");
    console.wait_for_words(&["AccessTokenValidity"]);
    console.press("R");
    console.wait_for_words(&["Rotate machine_auth", "secret"]);
    console
}

fn kill(console: Console) {
    console.signal(Signal::KILL);
    console.end();
}

/// Copies the new credentials and returns the new secret.
fn copy_new(console: &mut Console) -> String {
    console.press("1");
    console.wait_for_words(&["Copy a secret through the terminal?"]);
    console.press("\r");
    console.wait_for_words(&["delivery unconfirmed"]);
    console.wait_for_bytes("an OSC 52 request", copied)
}

/// Enters the newer value in a process that knows no value.
fn give(console: &mut Console, secret: &str) {
    console.wait_for_words(&["value unknown"]);
    console.press("1");
    console.wait_for_words(&["tested with a token"]);
    console.press(&format!("{secret}\r"));
    console.wait_for_words(&["▸ 4 Wait"]);
}

/// Returns whether a consumer with this secret gets a token.
fn works(sandbox: &ServedSandbox, client: &str, secret: &str) -> bool {
    let address = sandbox.url.replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    let pair = STANDARD.encode(format!("{client}:{secret}"));
    let body = "grant_type=client_credentials";
    write!(
        stream,
        "POST /oauth2/token HTTP/1.1\r\nhost: {address}\r\nauthorization: Basic {pair}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).unwrap();
    status.contains(" 200 ")
}

#[test]
fn killed_at_every_step_it_is_gone_on_with() {
    let sandbox = ServedSandbox::start();
    let mut console = open(&sandbox);
    console.open_pool(POOL);
    console.make_machine_auth();
    console.press("x");
    let old = console.wait_for_secret();
    let id = console.text();
    let id = id
        .lines()
        .find(|line| line.contains("│ Client id "))
        .unwrap();
    let id = id.split_whitespace().nth(3).unwrap().to_owned();
    assert!(works(&sandbox, &id, &old), "{id}");
    // Before anything was added.
    console.press("R");
    console.wait_for_words(&["Rotate machine_auth", "Second slot"]);
    kill(console);

    // After a second secret was added, which nobody else has seen but who looked at it.
    let mut console = at_the_rotation(&sandbox);
    console.wait_for_words(&["Second slot"]);
    console.press("1");
    console.wait_for_words(&["What is written"]);
    console.press("\r");
    console.wait_for_words(&["known here, masked"]);
    console.press("x");
    console.wait_for_words(&["Newer secret", "hides in"]);
    let shown = console.text();
    let shown = shown.lines().find(|line| line.contains("Newer secret"));
    let lost = shown.unwrap().split_whitespace().nth(3).unwrap().to_owned();
    kill(console);
    assert!(works(&sandbox, &id, &old) && works(&sandbox, &id, &lost));

    // Its value is gone with the process: it is retired, and another is added and handed over.
    let mut console = at_the_rotation(&sandbox);
    console.wait_for_words(&["value unknown"]);
    console.press("9");
    console.wait_for_words(&["the older one keeps working"]);
    console.press("machine_auth\r");
    console.wait_for_words(&["Second slot"]);
    assert!(works(&sandbox, &id, &old) && !works(&sandbox, &id, &lost));
    console.press("1");
    console.wait_for_words(&["What is written"]);
    console.press("\r");
    console.wait_for_words(&["known here, masked"]);
    let new = copy_new(&mut console);
    kill(console);
    assert!(works(&sandbox, &id, &old) && works(&sandbox, &id, &new));

    // After it was proven, while everybody switches.
    let mut console = at_the_rotation(&sandbox);
    give(&mut console, &new);
    kill(console);
    assert!(works(&sandbox, &id, &old) && works(&sandbox, &id, &new));

    // In the midst of the confirmation.
    let mut console = at_the_rotation(&sandbox);
    give(&mut console, &new);
    console.press("8");
    console.wait_for_words(&["App client"]);
    console.press("machine_aut");
    console.wait_for_words(&["machine_aut"]);
    kill(console);
    assert!(works(&sandbox, &id, &old) && works(&sandbox, &id, &new));

    // Once the older one is deleted, and before the console was left.
    let mut console = at_the_rotation(&sandbox);
    give(&mut console, &new);
    console.press("8");
    console.wait_for_words(&["App client"]);
    console.press("machine_auth\r");
    console.wait_for_words(&["The old secret is rejected", "✓ 6"]);
    kill(console);
    assert!(!works(&sandbox, &id, &old) && works(&sandbox, &id, &new));

    // What is left is a client with one secret, which can be rotated anew.
    let console = at_the_rotation(&sandbox);
    console.wait_for_words(&["Second slot", "▸ 1 Add"]);
}
