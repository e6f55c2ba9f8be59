//! The differences if stdout is a terminal.

use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::world::{TEAM, World};

/// Runs in a terminal of 40 columns; returns its screen and the exit code.
fn on_a_terminal(world: &World, args: &[&str], more: &[(&str, &str)]) -> (String, u32) {
    typing(world, args, more, b"")
}

/// Like [`on_a_terminal`], and types this text.
fn typing(world: &World, args: &[&str], more: &[(&str, &str)], typed: &[u8]) -> (String, u32) {
    let size = PtySize {
        rows: 24,
        cols: 40,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_cognitui"));
    command.args(args);
    command.env_clear();
    for (name, value) in world.environment() {
        command.env(name, value);
    }
    for (name, value) in more {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut writer = pair.master.take_writer().unwrap();
    writer.write_all(typed).unwrap();
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut shown = Vec::new();
    let mut part = [0; 4096];
    // On Linux a terminal whose program has ended reads as an error.
    while let Ok(count @ 1..) = reader.read(&mut part) {
        shown.extend_from_slice(&part[..count]);
    }
    let code = child.wait().unwrap().exit_code();
    (String::from_utf8_lossy(&shown).replace('\r', ""), code)
}

#[test]
fn a_secret_is_shown_only_where_it_is_asked_for_twice() {
    let world = World::new();
    let secret = world.machine_auth().secrets[0].value.clone();
    let asked_before = world.sandbox.calls().len();
    let (shown, code) = on_a_terminal(&world, &["credentials", "--pool", TEAM], &[]);
    assert_eq!(code, 1, "{shown}");
    assert!(
        shown.contains("--reveal") && !shown.contains(&secret),
        "{shown}"
    );
    assert_eq!(world.sandbox.calls().len(), asked_before, "nothing is read");
    let args = ["credentials", "--pool", TEAM, "--reveal"];
    let (shown, code) = on_a_terminal(&world, &args, &[]);
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains(&format!("client_secret=\"{secret}\"")),
        "{shown}"
    );
    let args = ["credentials", "--pool", TEAM, "--format", "curl"];
    let (shown, code) = on_a_terminal(&world, &args, &[]);
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains(&secret), "{shown}");
}

#[test]
fn a_table_keeps_to_the_width_and_to_no_color() {
    let world = World::new();
    let (shown, code) = on_a_terminal(&world, &["list", "pools"], &[]);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.starts_with("\x1b[1mID"), "{shown}");
    assert!(shown.contains('…'), "{shown}");
    let (plain, _) = on_a_terminal(&world, &["list", "pools"], &[("NO_COLOR", "1")]);
    assert!(!plain.contains('\x1b'), "{plain}");
    for line in plain.lines() {
        assert!(line.chars().count() <= 40, "{line}");
    }
}

#[test]
fn the_terminal_is_asked_to_copy_and_shows_nothing() {
    let world = World::new();
    let secret = world.machine_auth().secrets[0].value.clone();
    let args = [
        "credentials",
        "--pool",
        TEAM,
        "--format",
        "env",
        "--to",
        "osc52",
    ];
    let (shown, code) = on_a_terminal(&world, &args, &[]);
    assert_eq!(code, 0, "{shown}");
    let request = shown.split("\x1b]52;c;").nth(1).unwrap();
    let copied = STANDARD.decode(request.split(['\x1b', '\x07']).next().unwrap());
    let copied = String::from_utf8(copied.unwrap()).unwrap();
    assert!(
        copied.contains(&format!("CLIENT_SECRET='{secret}'")),
        "{copied}"
    );
    assert!(!shown.contains(&secret), "{shown}");
}

#[test]
fn a_name_that_cannot_be_read_takes_nothing_down_and_is_not_called_an_answer() {
    let world = World::new();
    world.machine_auth();
    let args = ["setup", "machine-auth", "--pool", TEAM, "--destroy"];
    let (shown, code) = typing(&world, &args, &[], b"\xff\n");
    assert_eq!(code, 1, "{shown}");
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("cannot read the name"), "{shown}");
    assert!(words.contains("Nothing was taken down"), "{shown}");
    assert!(!words.contains("cannot print"), "{shown}");
    world.machine_auth();
}

#[test]
fn a_deletion_is_confirmed_by_typing_its_name_and_nobody_is_asked_with_no_input() {
    let world = World::new();
    let name = world.machine_auth().name;
    let args = ["delete", "client", &name, "--pool", TEAM, "--apply"];
    let there = || {
        let clients = world.clients(TEAM);
        clients.iter().any(|client| client.name == name)
    };
    let silent = [&args[..], &["--no-input"]].concat();
    let (shown, code) = typing(&world, &silent, &[], b"");
    assert_eq!(code, 2, "{shown}");
    assert!(!shown.contains("to confirm") && there(), "{shown}");
    let (shown, code) = typing(&world, &args, &[], b"something\n");
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("to confirm") && there(), "{shown}");
    let (shown, code) = typing(&world, &args, &[], b"machine_auth\n");
    assert_eq!(code, 0, "{shown}");
    assert!(!there());
    // A token is not waited for, either.
    let (shown, code) = typing(&world, &["decode", "--no-input"], &[], b"");
    assert_eq!(code, 3, "{shown}");
}
