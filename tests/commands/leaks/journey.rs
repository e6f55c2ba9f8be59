//! Whole journeys through secrets and tokens that the test knows, with every way to end the program.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognitui::sandbox::{Options, Sandbox};
use rustix::process::Signal;

use crate::leaks::needles::Needles;
use crate::leaks::traces;
use crate::pty::console::{BINARY, Console, Start};

const POOL: &str = "acme-platform-staging";
const POOL_ID: &str = "eu-west-1_St4g1ngQ7";
const CLIENT: &str = "price-poller";

/// A console that has shown, copied and used a secret, and the secrets that it must not have leaked.
struct Journey {
    console: Console,
    needles: Needles,
    /// The terminal's bytes while the secret was to be shown.
    shown: std::ops::Range<usize>,
    copies: usize,
}

/// Returns the text of the last complete request to copy.
pub fn copied(raw: &[u8]) -> Option<String> {
    let raw = String::from_utf8_lossy(raw);
    let (_, request) = raw.rsplit_once("\x1b]52;c;")?;
    let payload = request.split(['\x07', '\x1b']).next()?;
    let whole = payload.len() < request.len();
    String::from_utf8(STANDARD.decode(payload).ok().filter(|_| whole)?).ok()
}

impl Journey {
    /// Acts like a user, with all verbose settings on.
    fn go(limits: &str) -> Self {
        let start = Start::program("bash", &["-c", &format!("{limits} exec \"$0\" \"$@\"")]);
        let state = start.home().join("state.json");
        let log = start.home().join("cognitui.log");
        let mut needles = Needles::default();
        let secret = prepared(&state, &mut needles);
        let mut start = start
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .env("COGNITUI_PANIC_AT", "P");
        let temporary = start.home().to_owned();
        start.command.env("TMPDIR", temporary);
        start.command.args([BINARY, "--demo", "--state"]);
        start.command.arg(&state);
        start.command.arg("--log");
        start.command.arg(&log);
        let mut console = start.open();
        console.wait_for_words(&[POOL]);
        console.press(&format!("/{POOL}\r"));
        console.wait_for_words(&["1 of "]);
        console.press("\r");
        console.wait_for_words(&["App clients", CLIENT]);
        console.press(&format!("/{CLIENT}\r\r"));
        console.wait_for_words(&["AccessTokenValidity"]);

        let from = console.raw().len();
        console.press("x");
        assert_eq!(console.wait_for_secret(), secret);
        console.press("x");
        console.wait_for("the secret to be covered", |screen| {
            !screen.contents().contains(&secret)
        });
        let shown = from..console.raw().len();

        console.copy_secret();
        assert_eq!(console.wait_for_bytes("a copy", copied), secret);
        console.press("t");
        console.wait_for_words(&["Request"]);
        console.press("\r");
        console.wait_for_words(&["✓ valid", "RS256"]);
        console.press("y\r");
        console.wait_for_words(&["Copied the token"]);
        let token = console.wait_for_bytes("a copied token", |raw| {
            copied(raw).filter(|text| text.starts_with("eyJ"))
        });
        needles.add("the token", &token);

        // Everywhere else a token is: how it came, a call with it, the session's tokens, one of them again, and once more as pasted.
        console.press("v");
        console.wait_for_words(&["HTTP exchange", "authorization", "HTTP 200 ·"]);
        console.press("va");
        console.wait_for_words(&["No response yet", "/api/orders"]);
        console.press("\r");
        console.wait_for_words(&["ord-10021"]);
        console.press("\x1b");
        console.wait_for_words(&["Request"]);
        console.press("H");
        console.wait_for_words(&["Tokens of this session"]);
        console.press("\rv");
        console.wait_for_words(&["HTTP exchange of the issued token", "HTTP 200 ·"]);
        console.press("p");
        console.wait_for_words(&["Inspect a token"]);
        console.press(&format!("\x1b[200~{token}\x1b[201~"));
        console.wait_for_words(&["Pasted token", "✓ valid"]);
        Self {
            console,
            needles,
            shown,
            copies: 2,
        }
    }

    /// Searches while it runs, lets it end, and searches again.
    #[track_caller]
    fn leaves_nothing(mut self, end: impl FnOnce(&mut Console)) {
        let home = self.console.home.path().to_owned();
        let mut found = traces::in_process(self.console.pid(), &self.needles);
        found.extend(traces::in_files(&home, &self.needles));
        end(&mut self.console);
        let ended = self.console.end();
        found.extend(traces::in_files(ended.home.path(), &self.needles));
        let log = std::fs::read_to_string(ended.home.path().join("cognitui.log")).unwrap();
        assert!(log.contains("reveal "), "the log tells of nothing:\n{log}");
        let mut raw = ended.raw.clone();
        raw.drain(self.shown);
        let (raw, copies) = traces::without_copies(&raw);
        assert_eq!(copies, self.copies, "requests to copy that nobody made");
        let in_terminal = self.needles.found_in(&raw);
        found.extend(in_terminal.map(|what| format!("the terminal was sent {what}")));
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// Writes a state file with the sample. All its secrets are searched for; returns the client's.
fn prepared(state: &std::path::Path, needles: &mut Needles) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = Options {
        state_file: Some(state.to_owned()),
        sample: true,
        ..Options::default()
    };
    let kept = runtime.block_on(async {
        let sandbox = Sandbox::start(options).await.unwrap();
        let kept = sandbox.state();
        sandbox.stop().await.unwrap();
        kept
    });
    for pool in kept.pools.values() {
        for client in &pool.clients {
            for secret in &client.secrets {
                needles.add(&format!("a secret of {}", client.name), &secret.value);
            }
        }
        for key in &pool.keys {
            // Every RSA key begins alike; what is secret comes after that.
            needles.add(&format!("a key of {}", pool.name), &key.pkcs8[64..]);
        }
    }
    let clients = &kept.pools[POOL_ID].clients;
    let client = clients.iter().find(|client| client.name == CLIENT).unwrap();
    client.secrets[0].value.clone()
}

#[test]
fn quitting_leaves_nothing() {
    Journey::go("").leaves_nothing(|console| console.press("\x03"));
}

#[test]
fn a_panic_leaves_nothing() {
    Journey::go("").leaves_nothing(|console| console.press("P"));
}

#[test]
fn being_killed_leaves_nothing() {
    Journey::go("").leaves_nothing(|console| console.signal(Signal::KILL));
}

#[test]
fn a_crash_with_core_dumps_allowed_leaves_nothing() {
    let journey = Journey::go("ulimit -c unlimited || exit;");
    journey.leaves_nothing(|console| console.signal(Signal::ABORT));
}
