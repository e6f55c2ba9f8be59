//! Interrupts a command during a write: it ends at once, and reports what may have been done.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::hung::Hung;
use crate::rotate::{Case, OWN, ROTATE, handed_over, started};
use crate::world::{Ran, TEAM, World, ended};

const SIGNALS: [(Signal, i32); 3] = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)];

/// Starts the program at an address in front of the world's Cognito.
fn start(world: &World, hung: &Hung, args: &[&str], input: &str) -> Child {
    let mut child = command(world, hung, args);
    let mut child = child.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    child
}

fn command(world: &World, hung: &Hung, args: &[&str]) -> Command {
    let mut command = world.command(args);
    command
        .env("COGNITUI_ENDPOINT_URL", &hung.url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Runs until `operation` was called, which is never answered, and then sends the signal.
fn interrupted(
    world: &World,
    operation: &'static str,
    args: &[&str],
    input: &str,
    by: Signal,
) -> Ran {
    let hung = Hung::at(operation, world.sandbox.url());
    let child = start(world, &hung, args, input);
    hung.until_asked();
    signal(&child, by);
    ended(child)
}

#[test]
fn a_set_up_says_what_is_done_what_may_be_and_what_is_not_started() {
    for (by, code) in SIGNALS {
        let world = World::new();
        let args = ["setup", "plain", "--set", "domain=acme-plain", "--apply"];
        let ran = interrupted(&world, "CreateUserPoolClient", &args, "", by);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
        ran.said(&[
            "Done: Create user pool",
            "CreateUserPoolClient may have been done: Create app client",
            "Check: aws",
            "Not started: Create domain acme-plain",
            "Run the same command",
        ]);
        let domains = world.sandbox.state().domains;
        assert!(!domains.contains_key("acme-plain"), "it went on");
    }
}

#[test]
fn a_take_down_says_the_same() {
    let world = World::new();
    world.machine_auth();
    let args = [
        "setup",
        "machine-auth",
        "--pool",
        TEAM,
        "--destroy",
        "--with",
        "scopes",
        "--yes",
        "machine_auth",
    ];
    let ran = interrupted(&world, "DeleteUserPoolClient", &args, "", Signal::TERM);
    assert_eq!(ran.code, 143, "{ran:?}");
    ran.said(&[
        "DeleteUserPoolClient may have been done: Delete app client machine_auth",
        "describe-user-pool-client",
        "Not started: Delete resource server api",
    ]);
    // It says how to find out, and that is so.
    assert!(
        world
            .clients(TEAM)
            .iter()
            .any(|client| client.name == "machine_auth")
    );
}

#[test]
fn while_only_reading_a_signal_ends_it_as_ever() {
    let world = World::new();
    let args = ["setup", "machine-auth", "--pool", TEAM, "--apply"];
    let ran = interrupted(&world, "DescribeUserPool", &args, "", Signal::TERM);
    assert_eq!((ran.code, ran.err.as_str()), (-1, ""), "{ran:?}");
}

#[test]
fn a_secret_that_may_have_been_added_is_said_to_be_lost() {
    let case = Case::new();
    for (by, code) in SIGNALS {
        let ran = interrupted(&case.world, "AddUserPoolClientSecret", &ROTATE, "", by);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
        ran.said(&[
            "AddUserPoolClientSecret may have been done",
            "its value is lost",
            "list-user-pool-client-secrets",
            "--start-over",
        ]);
    }
    let own = [&ROTATE[..], &["--own"]].concat();
    let ran = interrupted(
        &case.world,
        "AddUserPoolClientSecret",
        &own,
        OWN,
        Signal::INT,
    );
    assert_eq!(ran.code, 130);
    ran.said(&["verify yours with `cognitui rotate --own --apply`"]);
    assert!(
        !ran.err.contains(OWN) && !ran.err.contains("lost"),
        "{ran:?}"
    );
}

#[test]
fn a_secret_that_may_have_been_added_again_is_told() {
    let case = Case::new();
    started(&case);
    let args = [&ROTATE[..], &["--finish", "--sure"]].concat();
    let old = case.old.as_str();
    let ran = interrupted(
        &case.world,
        "AddUserPoolClientSecret",
        &args,
        old,
        Signal::INT,
    );
    assert_eq!(ran.code, 130, "{ran:?}");
    ran.said(&[
        "AddUserPoolClientSecret may have been done",
        "list-user-pool-client-secrets",
        "--own",
    ]);
    // To finish is wrong here: the old secret is the newer one then.
    assert!(!ran.err.contains("--finish"), "{ran:?}");
}

/// The value was received, and is being delivered to a program that does not end.
#[test]
fn a_secret_that_was_received_and_not_delivered_is_never_lost_silently() {
    let case = Case::new();
    let held = case.pipe("held");
    let got = case.path("got");
    let line = format!("exec:cat > {got}; echo got it >&2; cat {held}");
    // Nothing hangs but the program.
    let hung = Hung::at("no operation", case.world.sandbox.url());
    let mut child = start(
        &case.world,
        &hung,
        &[&ROTATE[..], &["--to", &line]].concat(),
        "",
    );
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("got it") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
    }
    signal(&child, Signal::TERM);
    let code = child.wait().unwrap().code();
    // The program that was handed it is ended, too, and with it the last holder of standard error.
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(code, Some(143), "{said}");
    let new = handed_over(&got);
    assert!(
        said.contains("may have been delivered") && said.contains("--own"),
        "{said}"
    );
    assert!(!said.contains(&new), "{said}");
    assert_eq!(case.live(), [case.old.clone(), new]);
}

#[test]
fn credentials_that_hang_on_their_way_are_given_up_and_told() {
    let case = Case::new();
    let held = case.pipe("held");
    let args = ["credentials", "--pool", TEAM, "--to"];
    for (by, code) in SIGNALS {
        let line = format!("exec:echo got it >&2; cat {held}");
        let hung = Hung::at("no operation", case.world.sandbox.url());
        let args = [&args[..], &[&line]].concat();
        let mut child = start(&case.world, &hung, &args, "");
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains("got it") {
            assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
        }
        signal(&child, by);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        // It ends with the program, which held it.
        stderr.read_to_string(&mut said).unwrap();
        assert!(said.contains("may have been delivered"), "{said}");
        assert!(!said.contains(&case.old), "{said}");
        let args = [&args[..4], &["secretsmanager:kept"]].concat();
        let ran = interrupted(&case.world, "CreateSecret", &args, "", by);
        assert_eq!(ran.code, code, "{ran:?}");
        ran.said(&["may have been delivered", "AWS Secrets Manager"]);
    }
}

/// A credentials source hangs: nothing was sent, and nothing is waited for.
#[test]
fn a_command_whose_credentials_hang_is_given_up() {
    let case = Case::new();
    let (asked, held) = (case.pipe("asked"), case.pipe("held"));
    let process = case
        .world
        .file("process", &format!("echo > {asked}; exec cat {held}"));
    let profile = format!("[profile hung]\ncredential_process = sh {process}\n");
    let profile = case.world.file("aws", &profile);
    let before = case.world.sandbox.calls().len();
    for (by, _) in SIGNALS {
        for args in [
            &["list", "pools"][..],
            &["setup", "machine-auth", "--pool", TEAM, "--apply"],
            &["credentials", "--pool", TEAM, "--to", "exec:cat"],
            &ROTATE,
        ] {
            let args = [args, &["--profile", "hung"]].concat();
            let mut command = case.world.command(&args);
            command.env("AWS_CONFIG_FILE", &profile);
            let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            std::fs::read(&asked).unwrap();
            signal(&child, by);
            let ended = child.wait().unwrap();
            assert_eq!(ended.code(), None, "{args:?}");
            // Lets the process go.
            std::fs::write(&held, "").unwrap();
        }
    }
    assert_eq!(case.world.sandbox.calls().len(), before);
}

#[test]
fn a_secret_that_was_handed_over_and_not_proven_is_told_as_such() {
    let case = Case::new();
    let to = format!("file:{}", case.path("new.json"));
    let args = [&ROTATE[..], &["--to", &to]].concat();
    let ran = interrupted(&case.world, "token", &args, "", Signal::INT);
    assert_eq!(ran.code, 130, "{ran:?}");
    ran.said(&["was delivered, but not verified", "--own"]);
    assert_eq!(case.live()[1], handed_over(&case.path("new.json")));
}

#[test]
fn the_old_secret_that_may_have_been_deleted_is_told() {
    let case = Case::new();
    let new = started(&case);
    let args = [&ROTATE[..], &["--finish"]].concat();
    let ran = interrupted(
        &case.world,
        "DeleteUserPoolClientSecret",
        &args,
        &new,
        Signal::TERM,
    );
    assert_eq!(ran.code, 143, "{ran:?}");
    ran.said(&[
        "DeleteUserPoolClientSecret may have been done",
        "old secret",
        "--finish",
    ]);
    assert!(!ran.err.contains(&new), "{ran:?}");
    assert_eq!(case.live().len(), 2);
    // And that is how it goes on.
    assert_eq!(case.finish(&new).code, 0);
}

#[test]
fn a_managed_rotation_says_that_it_may_have_been_done() {
    let world = World::new();
    let about = ["--pool", "notifications-prod", "--client", "push-gateway"];
    let rotate = [&["rotate", "--apply"][..], &about].concat();
    for (by, code) in SIGNALS {
        let ran = interrupted(&world, "RotateSecret", &rotate, "", by);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{ran:?}");
        ran.said(&[
            "RotateSecret may have been done",
            "arn:aws:secretsmanager:",
            "secretsmanager describe-secret --secret-id",
            "cognitui credentials",
        ]);
        assert!(!ran.err.contains("Nothing was changed"), "{ran:?}");
    }
    let ran = interrupted(&world, "DescribeSecret", &rotate, "", Signal::INT);
    ran.said(&["Nothing was changed"]);
}
