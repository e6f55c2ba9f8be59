//! A secret that AWS Secrets Manager holds: read by its ARN, shown, copied, delivered, used, rotated, moved out and in. All its
//! values are searched for.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

use cognitui::sandbox::secrets_manager::Content;
use cognitui::sandbox::{Options, Sandbox};
use rustix::process::Signal;
use tokio::runtime::Runtime;

use crate::leaks::journey::copied;
use crate::leaks::needles::Needles;
use crate::leaks::traces;
use crate::pty::console::{BINARY, Console, Start};

const POOL: &str = "notifications-prod";
const POOL_ID: &str = "eu-west-1_N0t1fyPr0";
const CLIENT: &str = "push-gateway";

/// Reads its input, and records what the system shows about itself and the program that started it.
const WITNESS: &str =
    "wc -c >> got; for it in $$ $PPID; do cat /proc/$it/cmdline /proc/$it/environ; done >> told";

/// A Cognito for the test, and all values that its secrets ever had.
struct Account {
    sandbox: Sandbox,
    runtime: Runtime,
    needles: Needles,
}

impl Account {
    fn open() -> Self {
        let runtime = Runtime::new().unwrap();
        let options = Options {
            sample: true,
            ..Options::default()
        };
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let mut account = Self {
            sandbox,
            runtime,
            needles: Needles::default(),
        };
        account.note();
        account
    }

    /// Records the current values, to search for all of them; returns the one that the client's consumers use.
    fn note(&mut self) -> String {
        let state = self.sandbox.state();
        for client in state.pools.values().flat_map(|pool| &pool.clients) {
            for secret in &client.secrets {
                let name = format!("a secret of {}", client.name);
                self.needles.add(&name, &secret.value);
            }
        }
        let clients = &state.pools[POOL_ID].clients;
        let client = clients.iter().find(|client| client.name == CLIENT).unwrap();
        client.secrets.last().unwrap().value.clone()
    }

    fn is_managed(&self) -> bool {
        let state = self.sandbox.state();
        let clients = &state.pools[POOL_ID].clients;
        let client = clients.iter().find(|client| client.name == CLIENT).unwrap();
        client.managed.is_some()
    }
}

/// A console that did all of it, and the secrets that it must not have leaked.
struct Walk {
    account: Account,
    console: Console,
    /// The terminal's bytes while a secret was to be shown.
    shown: Vec<Range<usize>>,
    copies: usize,
}

impl Walk {
    fn go() -> Self {
        let account = Account::open();
        let url = account.sandbox.url();
        let start = Start::console(&["--endpoint-url", &url, "--region", "eu-west-1"])
            .with_credentials()
            .size(140, 50)
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .env("COGNITUI_PANIC_AT", "P");
        let home = start.home().to_owned();
        let mut start = start;
        start.command.env("TMPDIR", &home);
        start.command.arg("--log");
        start.command.arg(home.join("cognitui.log"));
        let console = start.open();
        let mut walk = Self {
            account,
            console,
            shown: Vec::new(),
            copies: 0,
        };
        walk.through(&home);
        walk
    }

    fn through(&mut self, home: &Path) {
        let first = self.account.note();
        let console = &mut self.console;
        console.wait_for_words(&[POOL]);
        console.press(&format!("/{POOL}\r"));
        console.wait_for_words(&["1 of "]);
        console.press("\r");
        console.wait_for_words(&["App clients", CLIENT]);
        console.press(&format!("/{CLIENT}\r\r"));
        console.wait_for_words(&["in AWS Secrets Manager", "every 7 days"]);
        self.reveal(&first);
        self.console.copy_secret();
        self.copied(&first);

        let console = &mut self.console;
        console.press("y9");
        console.wait_for_words(&["JSON on stdin"]);
        console.press(&format!("\x1b[200~{WITNESS}\x1b[201~\r"));
        console.wait_for_words(&["Delivered to the command"]);
        let got = fs::read_to_string(home.join("got")).unwrap();
        assert!(got.trim().parse::<usize>().unwrap() > first.len(), "{got}");
        assert!(fs::metadata(home.join("told")).unwrap().len() > 0);

        console.press("R");
        console.wait_for_words(&["Rotate push-gateway", "Rotate now", "every 7 days"]);
        console.press("1");
        console.wait_for_words(&["Programs with a copy fail"]);
        console.press("\r");
        console.wait_for_words(&["Rotate now", "just now"]);
        let second = self.account.note();
        assert_ne!(first, second);
        let console = &mut self.console;
        console.press("2");
        console.wait_for_words(&["Type push-gateway to confirm"]);
        console.press(&format!("{CLIENT}\r"));
        console.wait_for_words(&["Move the secret to AWS Secrets Manager"]);
        assert!(!self.account.is_managed());
        let out = self.account.note();
        let console = &mut self.console;
        console.press("3");
        console.wait_for_words(&["Type push-gateway to confirm"]);
        console.press(&format!("{CLIENT}\r"));
        console.wait_for_words(&["Rotate now", "every 7 days"]);
        assert!(self.account.is_managed());
        let third = self.account.note();
        assert_ne!(out, third, "moved in, it is rotated at once");

        let console = &mut self.console;
        console.press("\x1b");
        console.wait_for_words(&["in AWS Secrets Manager", "every 7 days"]);
        self.reveal(&third);
        self.console.press("y\r");
        self.copied(&third);
        let console = &mut self.console;
        console.press("t");
        console.wait_for_words(&["Request"]);
        console.press("\r");
        console.wait_for_words(&["✓ valid", "RS256"]);
    }

    /// Shows the secret and hides it again.
    fn reveal(&mut self, secret: &str) {
        let from = self.console.raw().len();
        self.console.press("x");
        assert_eq!(self.console.wait_for_secret(), secret);
        self.console.press("x");
        self.console.wait_for("the secret to be covered", |screen| {
            !screen.contents().contains(secret)
        });
        self.shown.push(from..self.console.raw().len());
    }

    fn copied(&mut self, secret: &str) {
        self.console
            .wait_for_bytes("a copy", |raw| copied(raw).filter(|text| text == secret));
        self.copies += 1;
    }

    /// Searches while it runs, lets it end, and searches again.
    #[track_caller]
    fn leaves_nothing(mut self, end: impl FnOnce(&mut Console)) {
        let needles = &self.account.needles;
        let mut found = traces::in_process(self.console.pid(), needles);
        end(&mut self.console);
        let ended = self.console.end();
        found.extend(traces::in_files(ended.home.path(), needles));
        let log = fs::read_to_string(ended.home.path().join("cognitui.log")).unwrap();
        for told in [
            "reveal ",
            "credentials delivered",
            "Rotate the managed secret",
        ] {
            assert!(log.contains(told), "the log tells of no {told}:\n{log}");
        }
        let mut raw = ended.raw.clone();
        for shown in self.shown.into_iter().rev() {
            raw.drain(shown);
        }
        let (raw, copies) = traces::without_copies(&raw);
        assert_eq!(copies, self.copies, "requests to copy that nobody made");
        let in_terminal = needles.found_in(&raw);
        found.extend(in_terminal.map(|what| format!("the terminal was sent {what}")));
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn a_managed_secret_is_left_nowhere_by_a_panic() {
    Walk::go().leaves_nothing(|console| console.press("P"));
}

#[test]
fn a_managed_secret_is_left_nowhere_by_a_killed_console() {
    Walk::go().leaves_nothing(|console| console.signal(Signal::KILL));
}

/// Changes the secret in Secrets Manager so that it cannot be read as Cognito's.
type Spoil = fn(&str) -> String;

#[test]
fn a_managed_secret_is_in_no_output_of_a_command_that_was_not_asked_for_it() {
    let mut account = Account::open();
    let home = tempfile::tempdir().unwrap();
    let url = account.sandbox.url();
    let mut found = Vec::new();
    let mut run = |account: &mut Account, args: &[&str], code: i32| {
        let pool = ["--pool", POOL, "--client", CLIENT];
        let output = Command::new(BINARY)
            .args([args, &pool].concat())
            .args(["--endpoint-url", &url, "--region", "eu-west-1", "--log"])
            .arg(home.path().join("cognitui.log"))
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .current_dir(home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        account.note();
        let printed = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&printed).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {text}");
        let what = account.needles.found_in(&printed);
        found.extend(what.map(|what| format!("{args:?} prints {what}")));
    };
    let witness = format!("exec:{WITNESS}");
    for args in [
        &["token", "--json"][..],
        &["credentials", "--to", &witness],
        &["credentials", "--to", &witness, "--json"],
        &["credentials", "--to", "secretsmanager:team/push-gateway"],
        &["credentials", "--format", "terraform"],
        &["rotate", "--apply", "--json"],
        &["rotate", "--apply", "--to", &witness, "--json"],
        &["rotate", "--apply"],
    ] {
        run(&mut account, args, 0);
    }
    // What can't be read is not told in the words of what is wrong with it.
    let spoils: [Spoil; 4] = [
        |value| value.to_owned(),
        |value| format!(r#"{{"clientSecretValue":"{value}""#),
        |value| format!(r#"{{"userPoolId":"{value}","userPoolClientId":"{value}"}}"#),
        |value| format!(r#"{{"{value}":"{value}","clientSecretValue":7}}"#),
    ];
    for spoil in spoils {
        let value = account.note();
        account.sandbox.edit(|state| {
            let owned =
                |stored: &&mut cognitui::sandbox::secrets_manager::Stored| stored.owner.is_some();
            for stored in state.stored.values_mut().filter(owned) {
                for version in &mut stored.versions {
                    if let Some(Content::Text(text)) = &mut version.content {
                        *text = spoil(&value);
                    }
                }
            }
        });
        run(&mut account, &["token"], 1);
        run(&mut account, &["credentials", "--to", &witness], 1);
    }
    found.extend(traces::in_files(home.path(), &account.needles));
    let log = fs::read_to_string(home.path().join("cognitui.log")).unwrap();
    assert!(log.contains("rotate arn:aws:secretsmanager"), "{log}");
    assert!(found.is_empty(), "{found:#?}");
    drop(account.runtime);
}
