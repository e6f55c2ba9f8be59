//! A copy through the terminal: OSC 52, whose payload is base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::pty::console::Start;

/// Returns the text of the last complete OSC 52 request in `raw`.
pub fn copied(raw: &[u8]) -> Option<String> {
    let raw = String::from_utf8_lossy(raw);
    let (_, request) = raw.rsplit_once("\x1b]52;c;")?;
    let payload = request.split(['\x07', '\x1b']).next()?;
    if payload.len() == request.len() {
        return None;
    }
    String::from_utf8(STANDARD.decode(payload).ok()?).ok()
}

#[test]
fn over_ssh_the_terminal_is_asked_even_where_there_is_a_display() {
    let mut console = Start::console(&["--demo"])
        .env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
        .env("DISPLAY", ":0")
        .open();
    console.wait_for_words(&["acme-platform-prod"]);
    console.press("/acme-platform-prod\r");
    console.wait_for_words(&["1 of "]);
    console.press("y\r");
    console.wait_for_words(&["Copied", "OSC 52"]);
    let text = console.wait_for_bytes("an OSC 52 request", copied);
    assert!(text.starts_with("eu-west-1_"), "{text}");
}

#[test]
fn a_copied_secret_is_never_shown() {
    let mut console = Start::console(&["--demo"]).open();
    console.open_pool("team06dbb7fc");
    console.make_machine_auth();
    console.copy_secret();
    let secret = console.wait_for_bytes("an OSC 52 request", copied);
    console.press("\x03");
    let raw = console.end().text();
    assert!(
        !raw.contains(&secret),
        "the secret stands in what was drawn"
    );
}
