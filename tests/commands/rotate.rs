//! `rotate`: from one secret to another, with an interruption at any point.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::front::json;
use crate::hung::Hung;
use crate::world::{Ran, TEAM, World, fed, read};

/// A rotation that is carried out.
pub const ROTATE: [&str; 6] = [
    "rotate",
    "--apply",
    "--pool",
    TEAM,
    "--client",
    "machine_auth",
];
pub const OWN: &str = "my_own+secret_0123456789ABC";

/// A machine with a client `machine_auth`, whose secret is to be rotated.
pub struct Case {
    pub world: World,
    pub id: String,
    pub old: String,
}

impl Case {
    pub fn new() -> Self {
        let world = World::new();
        let client = world.machine_auth();
        Self {
            id: client.id,
            old: client.secrets[0].value.clone(),
            world,
        }
    }

    /// Returns the values of the client's live secrets, in the order of creation.
    pub fn live(&self) -> Vec<String> {
        let clients = self.world.clients(TEAM);
        let client = clients.iter().find(|client| client.id == self.id).unwrap();
        client
            .secrets
            .iter()
            .map(|secret| secret.value.clone())
            .collect()
    }

    /// Returns whether a consumer with this secret gets a token from a plain request.
    pub fn works(&self, secret: &str) -> bool {
        let address = self.world.sandbox.url().replace("http://", "");
        let mut stream = TcpStream::connect(&address).unwrap();
        let pair = STANDARD.encode(format!("{}:{secret}", self.id));
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

    pub fn path(&self, name: &str) -> String {
        self.world.home.path().join(name).display().to_string()
    }

    /// A pipe with a name that nobody has opened.
    pub fn pipe(&self, name: &str) -> String {
        let path = self.path(name);
        let made = Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        path
    }

    pub fn rotate(&self, more: &[&str]) -> Ran {
        self.world.run(&[&ROTATE[..], more].concat())
    }

    pub fn feed(&self, more: &[&str], input: &str) -> Ran {
        self.world.feed(&[&ROTATE[..], more].concat(), input)
    }

    pub fn finish(&self, secret: &str) -> Ran {
        self.feed(&["--finish", "--json"], secret)
    }

    /// Runs until it has printed `words`, and kills it in the following step.
    fn killed_after(&self, words: &str, more: &[&str], input: &str) {
        let mut child = self
            .world
            .command(&[&ROTATE[..], more].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        wait_for(&mut child, words);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

fn wait_for(child: &mut Child, words: &str) {
    let mut said = String::new();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        if line.contains(words) {
            return;
        }
        said += &line;
        said.push('\n');
    }
    panic!("it ended and never said {words:?}:\n{said}");
}

/// Returns the secret in a file of credentials.
pub fn handed_over(path: &str) -> String {
    let value: Value = serde_json::from_str(&read(path.as_ref())).unwrap();
    value["client_secret"].as_str().unwrap().to_owned()
}

#[test]
fn a_rotation_from_end_to_end() {
    let case = Case::new();
    let file = case.path("new.json");
    let started = case.rotate(&["--to", &format!("file:{file}"), "--json"]);
    assert_eq!((started.code, started.err.as_str()), (0, ""), "{started:?}");
    let told = started.json();
    assert_eq!(
        (&told["state"], &told["proven"]),
        (&"waiting".into(), &true.into())
    );
    assert_eq!(told["secrets"].as_array().unwrap().len(), 2);
    assert_eq!(told["secrets"][1]["id"], told["added"]);
    let new = handed_over(&file);
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(case.live(), [case.old.clone(), new.clone()]);
    assert!(case.works(&case.old) && case.works(&new));

    let told = case.finish(&read(file.as_ref()));
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{told:?}");
    let told = told.json();
    assert_eq!(
        (&told["state"], &told["old_refused"]),
        (&"finished".into(), &true.into())
    );
    assert_eq!(case.live(), std::slice::from_ref(&new));
    assert!(case.works(&new) && !case.works(&case.old));
    // Once more changes nothing.
    assert_eq!(case.finish(&new).json()["retired"], Value::Null);
    assert_eq!(case.live(), [new]);
}

#[test]
fn people_are_told_of_every_step_and_never_of_a_value() {
    let case = Case::new();
    let started = case.rotate(&[]);
    let new = serde_json::from_str::<Value>(&started.out).unwrap()["client_secret"]
        .as_str()
        .unwrap()
        .to_owned();
    started.said(&["added secret", "both secrets work", "verified", "--finish"]);
    let finished = case.feed(&["--finish"], &new);
    assert_eq!(
        (finished.code, finished.out.as_str()),
        (0, ""),
        "{finished:?}"
    );
    finished.said(&[
        "verified",
        "deleted the old secret",
        "the old secret is rejected",
    ]);
    for said in [started.err, finished.err] {
        assert!(!said.contains(&new) && !said.contains(&case.old), "{said}");
    }
}

#[test]
fn cut_off_before_anything_was_added() {
    let case = Case::new();
    case.world.fault("AddUserPoolClientSecret:throttle");
    case.killed_after("throttled", &[], "");
    assert_eq!(case.live(), std::slice::from_ref(&case.old));
    case.world.fault("");
    assert_eq!(case.rotate(&[]).code, 0);
    assert_eq!(case.live().len(), 2);
}

#[test]
fn cut_off_between_adding_and_handing_over() {
    let case = Case::new();
    let (held, file) = (case.pipe("held"), case.path("new.json"));
    // It takes nothing before somebody writes into the pipe.
    let stuck = format!("exec:echo >&2 waiting; cat {held} - >/dev/null");
    case.killed_after("waiting", &["--to", &stuck], "");
    drop(std::fs::OpenOptions::new().write(true).open(&held).unwrap());
    assert_eq!(case.live().len(), 2);
    assert!(case.works(&case.old));

    let to = format!("file:{file}");
    let stopped = case.rotate(&["--to", &to]);
    assert_eq!((stopped.code, stopped.out.as_str()), (2, ""), "{stopped:?}");
    stopped.said(&[
        "two secrets",
        "does not show the value",
        "--own",
        "--start-over",
    ]);
    let told = case.rotate(&["--to", &to, "--json"]);
    assert_eq!((told.code, &told.json()["state"]), (2, &"under-way".into()));

    let lost = case.live()[1].clone();
    let again = case.rotate(&["--to", &to, "--start-over"]);
    assert_eq!(again.code, 0, "{again:?}");
    let new = handed_over(&file);
    assert_eq!(case.live(), [case.old.clone(), new.clone()]);
    assert!(!case.works(&lost) && case.works(&new) && case.works(&case.old));
}

#[test]
fn cut_off_between_handing_over_and_proving() {
    let case = Case::new();
    let file = case.path("new.json");
    case.world.fault("token:latency=600s");
    let to = format!("file:{file}");
    case.killed_after("delivered", &["--to", &to], "");
    case.world.fault("");
    let new = handed_over(&file);
    assert_eq!(case.live(), [case.old.clone(), new.clone()]);

    let proven = case.feed(&["--own"], &new);
    assert_eq!(proven.code, 0, "{proven:?}");
    proven.said(&["verified"]);
    assert_eq!(case.live(), [case.old.clone(), new]);
    case.feed(&["--own"], OWN)
        .refused(&["not an active secret", "Nothing was changed"]);
}

#[test]
fn cut_off_between_the_last_proof_and_the_deletion() {
    let case = Case::new();
    let new = started(&case);
    case.world.fault("DeleteUserPoolClientSecret:latency=600s");
    case.killed_after("verified", &["--finish"], &new);
    case.world.fault("");
    assert!(case.works(&case.old) && case.works(&new));
    assert_eq!(case.finish(&new).json()["old_refused"], true);
    assert_eq!(case.live(), [new]);
}

#[test]
fn cut_off_after_the_deletion() {
    let case = Case::new();
    let new = started(&case);
    case.world.fault("token:latency=600s/2");
    case.killed_after("deleted the old secret", &["--finish"], &new);
    case.world.fault("");
    assert_eq!(case.live(), std::slice::from_ref(&new));
    let over = case.feed(&["--finish"], &new);
    assert_eq!(over.code, 0, "{over:?}");
    over.said(&["the rotation is finished"]);
}

/// Starts a rotation; returns the new secret.
pub fn started(case: &Case) -> String {
    let started = case.rotate(&[]);
    assert_eq!(started.code, 0, "{started:?}");
    case.live()[1].clone()
}

#[test]
fn nothing_is_deleted_for_a_secret_that_does_not_work() {
    let case = Case::new();
    started(&case);
    let both = case.live();
    case.feed(&["--finish"], OWN)
        .refused(&["not an active secret", "Nothing was deleted"]);
    case.world.fault("token:throttle");
    case.feed(&["--finish"], &both[1])
        .refused(&["cannot verify the secret", "Nothing was deleted"]);
    for nothing in ["", "{}", "{\"client_secret\":1}"] {
        case.feed(&["--finish"], nothing)
            .refused(&["no secret on stdin"]);
    }
    assert_eq!(case.live(), both);
}

#[test]
fn what_can_be_no_secret_is_sent_nowhere_and_not_repeated() {
    let case = Case::new();
    let new = started(&case);
    let both = case.live();
    let token = case
        .world
        .run(&["token", "--pool", TEAM, "--client", "machine_auth"]);
    let token = token.answer();
    let asked = case.world.sandbox.calls().len();
    let long = "a".repeat(65);
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n";
    // Nowhere.
    let never = [
        token.trim(),
        "CLIENT_SECRET='abcdefghijklmnopqrstuvwxyz'",
        key,
        &long.repeat(2),
        "abcdefghijklmnop qrstuvwxyz",
        "abcdefghijklmnopqrstuvwx\nabcdefghijklmnopqrstuvwx",
        "\u{1}\u{2}abcdefghijklmnopqrstuvwxyz",
        r#"{"client_secret":"not a secret"}"#,
        r#"["abcdefghijklmnopqrstuvwxyz"]"#,
    ];
    // In AWS, which has a rule for what Cognito makes and takes.
    let not_of_aws = [
        "hunter2",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        &long,
        r#"{"client_secret":"not-a-secret"}"#,
    ];
    for flag in ["--finish", "--own"] {
        for (wrong, aws) in [(&never[..], false), (&never, true), (&not_of_aws, true)] {
            for wrong in wrong {
                let mut command = case.world.command(&[&ROTATE[..], &[flag]].concat());
                if aws {
                    command.env_remove("COGNITUI_ENDPOINT_URL");
                }
                let ran = fed(&mut command, wrong);
                assert!(!ran.err.contains(wrong), "{}", ran.err);
                ran.refused(&["stdin is not a client secret", "Nothing was sent"]);
            }
        }
    }
    assert_eq!(case.world.sandbox.calls().len(), asked);
    // The secret of another client, as its JSON says.
    let tokens = || {
        let calls = case.world.sandbox.calls();
        calls.iter().filter(|call| *call == "token").count()
    };
    let before = tokens();
    let theirs = format!(r#"{{"client_id":"another","client_secret":"{new}"}}"#);
    case.feed(&["--finish"], &theirs)
        .refused(&["of another app client, another", "Nothing was sent"]);
    assert_eq!((tokens(), case.live()), (before, both));
}

#[test]
fn what_never_ends_is_not_taken_for_a_secret() {
    let case = Case::new();
    case.feed(&["--own"], &"x".repeat(1_100_000))
        .refused(&["larger than 1 MiB"]);
    assert_eq!(case.live(), std::slice::from_ref(&case.old));
}

#[test]
fn the_old_secret_given_as_the_new_one_is_found_out() {
    let case = Case::new();
    started(&case);
    let both = case.live();
    case.feed(&["--finish"], &case.old).refused(&[
        "may be the old one",
        "Nothing was deleted",
        "--sure",
    ]);
    assert_eq!(case.live(), both);
    let refused = case.feed(&["--finish", "--sure"], &case.old);
    assert_eq!(refused.code, 1);
    refused.said(&["was the old one", "is now deleted", "added again"]);
    // Nobody is locked out.
    assert_eq!(case.live(), [both[1].clone(), both[0].clone()]);
    assert!(case.works(&both[0]) && case.works(&both[1]));
}

#[test]
fn a_list_without_the_secret_that_works_finishes_nothing() {
    let case = Case::new();
    let new = started(&case);
    let cognito = case.world.sandbox.url();
    let none = || json(200, r#"{"ClientSecrets":[]}"#);
    let front = Hung::answering("ListUserPoolClientSecrets", cognito, none);
    let args = [&ROTATE[..], &["--finish", "--endpoint-url", &front.url]].concat();
    case.world
        .feed(&args, &new)
        .refused(&["lists no secret", "Nothing was deleted"]);
    assert_eq!(case.live(), [case.old.clone(), new]);
}

#[test]
fn where_the_old_secret_cannot_be_added_again_the_other_is_named() {
    let case = Case::new();
    started(&case);
    case.world.fault("AddUserPoolClientSecret:access-denied");
    let refused = case.feed(&["--finish", "--sure"], &case.old);
    assert_eq!(refused.code, 1);
    refused.said(&["could not be added again", "cognitui credentials"]);
    // The way out that was told.
    let credentials = case
        .world
        .run(&["credentials", "--pool", TEAM, "--format", "json"]);
    let remains = credentials.json()["client_secret"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(case.works(&remains));
}

#[test]
fn a_secret_of_ones_own_is_checked_and_taken() {
    let case = Case::new();
    let short = case.feed(&["--own"], "short");
    short.refused(&["24 to 64 characters", "Nothing was sent"]);
    let odd = case.feed(&["--own"], "correct-horse-battery-staple");
    assert!(odd.code == 1 && !odd.err.contains("horse"));
    odd.refused(&["letters and digits"]);
    assert_eq!(case.live(), std::slice::from_ref(&case.old));
    let taken = case.feed(&["--own"], &format!("{OWN}\n"));
    assert_eq!(taken.code, 0, "{taken:?}");
    // It has a plus (ramosbugs/oauth2-rs#64); the value is not repeated.
    taken.said(&["form-encoding changes, such as +"]);
    assert!(!taken.err.contains(OWN));
    assert_eq!(case.live(), [case.old.clone(), OWN.to_owned()]);
    assert!(case.works(OWN) && case.works(&case.old));
}

#[test]
fn what_cannot_be_handed_over_is_not_added() {
    let case = Case::new();
    let there = case.world.file("there", "mine");
    case.rotate(&["--to", &format!("file:{there}")])
        .refused(&["already exists", "Nothing was changed"]);
    assert_eq!(read(there.as_ref()), "mine");
    for format in ["curl", "terraform"] {
        case.rotate(&["--format", format])
            .misused(&["contains no secret"]);
    }
    case.rotate(&["--json"]).misused(&["--to"]);
    assert_eq!(case.rotate(&["--to", "s3:bucket"]).code, 3);
    assert_eq!(case.live(), std::slice::from_ref(&case.old));

    // It goes away between the look and the writing.
    let folder = case.path("folder");
    std::fs::create_dir(&folder).unwrap();
    let command = format!("exec:exit 3 # {folder}");
    let failed = case.rotate(&["--to", &command]);
    failed.refused(&["exit code 3", "may have been delivered", "--start-over"]);
    assert_eq!(case.live().len(), 2);
}

#[test]
fn a_reader_that_is_gone_leaves_all_as_it_was() {
    let case = Case::new();
    let mut child = case
        .world
        .command(&ROTATE)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{err}");
    assert!(err.contains("deleted again"), "{err}");
    assert_eq!(case.live(), std::slice::from_ref(&case.old));
}

#[test]
fn where_nothing_may_be_written_nothing_is_rotated() {
    let case = Case::new();
    for more in [&["--read-only"][..], &["--read-only", "--finish"]] {
        case.rotate(more)
            .refused(&["read-only; nothing was written"]);
    }
    assert_eq!(case.live(), std::slice::from_ref(&case.old));
}
