//! However the console ends, the terminal is restored.

use std::io::Read;
use std::sync::mpsc;
use std::thread;

use portable_pty::{PtySize, native_pty_system};
use rustix::process::Signal;

use crate::pty::console::{Console, PATIENCE, Start};

fn opened() -> Console {
    let console = Start::console(&["--demo"]).open();
    console.wait_for_words(&["team06dbb7fc"]);
    console
}

#[test]
fn q_leaves() {
    let mut console = opened();
    console.press("q");
    let ended = console.end();
    assert_eq!(ended.code, 0);
    ended.assert_restored();
    assert_eq!(
        ended.screen.contents().trim(),
        "",
        "something was left on the screen"
    );
}

#[test]
fn ctrl_c_leaves_from_anywhere() {
    let mut console = opened();
    console.press("\r");
    console.wait_for_words(&["Resource servers"]);
    // In the midst of typing, too.
    console.press("/q\x03");
    let ended = console.end();
    assert_eq!(ended.code, 0);
    ended.assert_restored();
}

#[test]
fn whoever_leaves_during_a_write_is_told_of_it_in_the_shell() {
    let fault = "CreateUserPoolClient:latency=2s";
    for signal in [None, Some(Signal::INT)] {
        let mut console = Start::console(&["--demo", "--fault", fault]).open();
        console.open_pool("team06dbb7fc");
        console.press("n");
        console.wait_for_words(&["New app client in", "api first"]);
        console.press("\r");
        console.wait_for_words(&["Apply this plan?"]);
        console.press("\r");
        console.wait_for_words(&["✓ Create resource server api", "writing"]);
        match signal {
            None => console.press("\x03\x03"),
            Some(signal) => console.signal(signal),
        }
        // While it is being written.
        console.wait_for_words(&["waiting for CreateUserPoolClient …"]);
        let ended = console.end();
        assert_eq!(ended.code, 0);
        ended.assert_restored();
        let said = ended.screen.contents();
        let done = "done: Create app client machine_auth";
        assert!(said.contains(done), "{said}");
    }
}

#[test]
fn a_state_that_could_not_be_saved_is_told() {
    let start = Start::console(&["--demo", "--state", "kept/state.json"]);
    let folder = start.home().join("kept");
    std::fs::create_dir(&folder).unwrap();
    let mut console = start.open();
    console.wait_for_words(&["team06dbb7fc"]);
    std::fs::remove_dir_all(&folder).unwrap();
    console.press("q");
    let ended = console.end();
    ended.assert_restored();
    let said = ended.screen.contents();
    assert_eq!(ended.code, 1, "{said}");
    assert!(
        said.contains("the embedded Cognito's state was not saved"),
        "{said}"
    );
}

#[test]
fn each_signal_that_asks_for_the_end_is_obeyed() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let console = opened();
        console.signal(signal);
        let ended = console.end();
        assert_eq!(ended.code, 0, "{signal:?}");
        ended.assert_restored();
    }
}

#[test]
fn a_panic_gives_the_terminal_back_before_it_reports() {
    let mut console = Start::console(&["--demo"])
        .env("COGNITUI_PANIC_AT", "P")
        .env("RUST_BACKTRACE", "1")
        .open();
    console.open_pool("team06dbb7fc");
    console.make_machine_auth();
    console.press("x");
    let secret = console.wait_for_secret();
    console.press("P");
    let ended = console.end();
    assert_eq!(ended.code, 101);
    ended.assert_restored();
    let text = ended.text();
    let report = text.rsplit("\x1b[?1049l").next().unwrap();
    assert!(report.contains("panicked"), "{report}");
    assert!(!report.contains(&secret), "the report holds a secret");
}

/// The window is closed: no key can arrive any more and no frame is visible.
#[test]
fn a_terminal_that_is_gone_ends_it() {
    for _ in 0..5 {
        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let mut child = pair
            .slave
            .spawn_command(Start::console(&["--demo"]).command)
            .unwrap();
        drop(pair.slave);
        let mut output = pair.master.try_clone_reader().unwrap();
        let mut seen = Vec::new();
        let mut bytes = [0; 4096];
        while !String::from_utf8_lossy(&seen).contains("team06dbb7fc") {
            let count = output.read(&mut bytes).unwrap();
            seen.extend_from_slice(&bytes[..count]);
        }
        drop((output, pair.master));

        let mut killer = child.clone_killer();
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || sender.send(child.wait().unwrap().exit_code()));
        let code = ended.recv_timeout(PATIENCE);
        if code.is_err() {
            killer.kill().unwrap();
        }
        assert!(
            code.is_ok(),
            "it still runs, with no terminal to show itself on"
        );
    }
}
