//! A machine with only this program, and an embedded Cognito.

use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use cognitui::sandbox::state::{Client, Pool};
use cognitui::sandbox::{Options, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub const TEAM: &str = "eu-west-1_sT7eAm06d";
pub const STAGING: &str = "acme-platform-staging";

pub struct World {
    pub sandbox: Sandbox,
    pub home: TempDir,
    /// Serves the sandbox while the test waits for the program.
    _runtime: Runtime,
}

/// The result of a run of the program.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Returns the output of a run that must have succeeded without a message.
    pub fn answer(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    pub fn json(self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// That it failed, printed nothing, and said all of `words`.
    #[track_caller]
    pub fn refused(self, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (1, ""), "{}", self.err);
        self.said(words);
    }

    /// That it failed with the exit code of a class, printed nothing, and said all of `words`.
    #[track_caller]
    pub fn refused_as(self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        self.said(words);
    }

    /// That the command line was refused as wrong, printed nothing, and said all of `words`.
    #[track_caller]
    pub fn misused(self, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (3, ""), "{}", self.err);
        self.said(words);
    }

    /// What an error in JSON says, without its quotes.
    fn error(&self) -> String {
        let line = self.err.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(line).unwrap_or_default();
        let words = ["reason", "hint"].map(|name| error["error"][name].as_str());
        words.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    #[track_caller]
    pub fn said(&self, words: &[&str]) {
        let told = format!("{}\n{}", self.err, self.error());
        for word in words {
            assert!(told.contains(word), "no {word:?} in: {told}");
        }
    }
}

impl World {
    pub fn new() -> Self {
        Self::with(true)
    }

    /// Creates a world with an empty account.
    pub fn empty() -> Self {
        Self::with(false)
    }

    fn with(sample: bool) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            sample,
            ..Options::default()
        };
        Self {
            sandbox: runtime.block_on(Sandbox::start(options)).unwrap(),
            home: tempfile::tempdir().unwrap(),
            _runtime: runtime,
        }
    }

    /// Returns the program's whole environment.
    pub fn environment(&self) -> BTreeMap<&'static str, String> {
        environment(&self.home, &self.sandbox.url())
    }

    pub fn command(&self, args: &[&str]) -> Command {
        program(args, &self.home, &self.sandbox.url())
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        ran(&mut self.command(args))
    }

    /// Runs for a reader that is gone before the first line is printed.
    pub fn run_for_nobody(&self, args: &[&str], input: &str) -> Ran {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        of(&child.wait_with_output().unwrap())
    }

    /// Runs with `input` on stdin.
    pub fn feed(&self, args: &[&str], input: &str) -> Ran {
        fed(&mut self.command(args), input)
    }

    pub fn fault(&self, faults: &str) {
        self.sandbox.faults().set(faults.parse().unwrap());
    }

    /// The clients that the sandbox now has in a pool.
    pub fn clients(&self, pool: &str) -> Vec<Client> {
        self.sandbox.state().pools[pool].clients.clone()
    }

    /// Changes a pool, by its name, behind the program's back.
    pub fn edit_pool(&self, name: &str, change: impl FnOnce(&mut Pool)) {
        self.sandbox.edit(|state| {
            let mut pools = state.pools.values_mut();
            change(pools.find(|pool| pool.name == name).unwrap());
        });
    }

    /// Gives a client, by its name, other scopes.
    pub fn set_scopes(&self, pool: &str, client: &str, scopes: &[&str]) {
        self.edit_pool(pool, |pool| {
            let mut clients = pool.clients.iter_mut();
            let client = clients.find(|one| one.name == client).unwrap();
            let scopes = serde_json::json!(scopes);
            let settings = &mut client.settings;
            settings.insert("AllowedOAuthScopes".to_owned(), scopes);
        });
    }

    /// The client `machine_auth` of TEAM's pool, made by the program.
    pub fn machine_auth(&self) -> Client {
        let made = self.run(&["setup", "machine-auth", "--pool", TEAM, "--apply"]);
        assert_eq!(made.code, 0, "{made:?}");
        let clients = self.clients(TEAM);
        clients
            .into_iter()
            .find(|client| client.name == "machine_auth")
            .unwrap()
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

fn environment(home: &TempDir, url: &str) -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("HOME", home.path().display().to_string()),
        ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE000000000".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "example".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("COGNITUI_ENDPOINT_URL", url.to_owned()),
    ])
}

/// The program on a machine with nothing but `home`, with a Cognito at `url`.
pub fn program(args: &[&str], home: &TempDir, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognitui"));
    command
        .args(args)
        .env_clear()
        .envs(environment(home, url))
        .stdin(Stdio::null());
    command
}

pub fn ran(command: &mut Command) -> Ran {
    of(&command.output().unwrap())
}

/// Runs with `input` on stdin.
pub fn fed(command: &mut Command, input: &str) -> Ran {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(input.as_bytes()).unwrap();
    file.rewind().unwrap();
    ran(command.stdin(file))
}

/// How a program that was started ended.
pub fn ended(child: Child) -> Ran {
    of(&child.wait_with_output().unwrap())
}

pub fn of(output: &std::process::Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}
