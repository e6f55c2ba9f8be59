//! However the console ends, the terminal is given back as it was.

use rustix::process::Signal;

use crate::console::{Console, Start};

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
