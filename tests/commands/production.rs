//! Writing in production: every writing command needs the name of the marked profile or account.

use std::collections::BTreeSet;

use clap::CommandFactory;
use cognitui::cli::Cli;

use crate::rotate::{Case, OWN, ROTATE, handed_over};
use crate::world::{Ran, STAGING, TEAM, World, fed};

const PROFILE: &str = "team-prod";
const ACCOUNT: &str = "123456789012";
/// Commands that serve this machine alone.
const OF_THIS_MACHINE: [&str; 1] = ["sandbox"];

/// A pool's life, one command after the other.
const ONE_BY_ONE: &[(&[&str], &[&str])] = &[
    (&["create", "pool", "fresh"], &["--apply"]),
    (
        &["create", "server", "srv", "--pool", "fresh"],
        &["--apply"],
    ),
    (
        &["create", "scope", "srv/read", "--pool", "fresh"],
        &["--apply"],
    ),
    (
        &["create", "domain", "fresh-auth", "--pool", "fresh"],
        &["--apply"],
    ),
    (
        &["create", "client", "one", "--pool", "fresh"],
        &["--scope", "srv/read", "--apply"],
    ),
    (
        &["update", "pool", "fresh", "--protection", "on"],
        &["--apply"],
    ),
    (
        &[
            "update", "server", "srv", "--pool", "fresh", "--name", "Srv",
        ],
        &["--apply"],
    ),
    (
        &["update", "scope", "srv/read", "--pool", "fresh"],
        &["--description", "Reads", "--apply"],
    ),
    (
        &["update", "domain", "fresh-auth", "--pool", "fresh"],
        &["--managed-login", "2", "--apply"],
    ),
    (
        &[
            "update", "client", "one", "--pool", "fresh", "--oauth", "off",
        ],
        &["--access-token", "5min", "--apply"],
    ),
    (
        &["delete", "client", "one", "--pool", "fresh"],
        &["--apply", "--yes", "one"],
    ),
    (
        &["delete", "scope", "srv/read", "--pool", "fresh"],
        &["--apply"],
    ),
    (
        &["delete", "server", "srv", "--pool", "fresh"],
        &["--apply", "--yes", "srv"],
    ),
    (
        &["delete", "domain", "fresh-auth", "--pool", "fresh"],
        &["--apply", "--yes", "fresh-auth"],
    ),
    (&["delete", "pool", "fresh"], &["--apply", "--yes", "fresh"]),
];

/// A command, and what it is about where that is a command of its own.
fn path_of(args: &[&str]) -> String {
    match args {
        [verb @ ("create" | "update" | "delete"), thing, ..] => format!("{verb} {thing}"),
        _ => args[0].to_owned(),
    }
}

/// Runs with the keys of a profile that is called after production.
fn as_profile(world: &World, args: &[&str], input: &str) -> Ran {
    let keys = "aws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = example\n";
    let profiles = world.file("aws", &format!("[profile {PROFILE}]\n{keys}"));
    let args = [args, &["--profile", PROFILE]].concat();
    let mut command = world.command(&args);
    fed(command.env("AWS_CONFIG_FILE", profiles), input)
}

fn writes(world: &World) -> usize {
    let verbs = ["Create", "Update", "Delete", "Add", "Put", "Rotate"];
    let calls = world.sandbox.calls();
    let is_write = |call: &&String| verbs.iter().any(|verb| call.starts_with(verb));
    calls.iter().filter(is_write).count()
}

/// Checks that it is refused without the name and with another one, and done with it.
fn takes_the_name(world: &World, args: &[&str], input: &str) {
    let before = writes(world);
    for more in [&[][..], &["--production", "team-dev"], &["--production="]] {
        let args = [args, more].concat();
        let refused = as_profile(world, &args, input);
        refused.misused(&["nothing was written", PROFILE, "--production team-prod"]);
        assert_eq!(writes(world), before, "{args:?}");
    }
    let args = [args, &["--production", PROFILE]].concat();
    let done = as_profile(world, &args, input);
    assert_eq!(done.code, 0, "{args:?}: {done:?}");
    assert!(writes(world) > before, "{args:?}: {done:?}");
}

#[test]
fn every_command_that_writes_in_production_takes_its_name_and_no_other_does() {
    let case = Case::new();
    let world = &case.world;
    let mut walked = BTreeSet::from(OF_THIS_MACHINE.map(str::to_owned));
    let path = |name| case.path(name);
    let to = |name| format!("file:{}", path(name));
    let mut write = |args: &[&'static str], more: &[&str], input: &str| {
        walked.insert(path_of(args));
        takes_the_name(world, &[args, more].concat(), input);
    };
    let credentials = ["credentials", "--pool", TEAM];
    write(&credentials, &["--to", "secretsmanager:kept"], "");
    write(&ROTATE, &["--to", &to("first")], "");
    write(&ROTATE, &["--start-over", "--to", &to("second")], "");
    write(&ROTATE, &["--finish"], &handed_over(&path("second")));
    write(&ROTATE, &["--own", "--to", &to("third")], OWN);
    let preset = ["setup", "machine-auth", "--pool", TEAM];
    write(&preset, &["--destroy", "--yes", "machine_auth"], "");
    write(&preset, &["--apply"], "");
    for (args, more) in ONE_BY_ONE {
        write(args, more, "");
    }
    let before = writes(world);
    for args in [
        &["list", "pools"][..],
        &["show", "pool", TEAM],
        &["create", "pool", "planned"],
        &["update", "pool", STAGING, "--protection", "on"],
        &["delete", "pool", STAGING],
        &["token", "--pool", TEAM, "--client", "machine_auth"],
        &["decode"],
        &credentials,
        &["setup", "machine-auth", "--pool", STAGING],
        &preset,
        &["rotate", "--pool", TEAM, "--client", "machine_auth"],
        &[
            "setup",
            "machine-auth",
            "--pool",
            TEAM,
            "--destroy",
            "--cli",
        ],
        &["presets"],
        &["whoami"],
        &["doctor", "--pool", TEAM],
        &["export", "--pool", TEAM],
        &["completions", "bash"],
        &["man"],
    ] {
        walked.insert(path_of(args));
        let ran = as_profile(world, args, "");
        assert!(!ran.err.contains("--production"), "{args:?}: {ran:?}");
    }
    assert_eq!(writes(world), before);
    let mut all = BTreeSet::new();
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        let inner = command.get_subcommands();
        let inner: Vec<String> = inner
            .map(|inner| format!("{name} {}", inner.get_name()))
            .collect();
        if inner.is_empty() {
            all.insert(name.to_owned());
        }
        all.extend(inner);
    }
    assert_eq!(walked, all, "a command that is not walked");
}

#[test]
fn an_account_that_is_marked_is_named_by_its_id_whatever_signs() {
    let world = World::new();
    let config = format!("[accounts.\"{ACCOUNT}\"]\nframe = \"red\"\n");
    let config = world.file("config.toml", &config);
    let setup = |more: &[&str]| {
        let args = ["setup", "machine-auth", "--pool", TEAM, "--apply"];
        world.run(&[&args[..], &["--config", &config], more].concat())
    };
    setup(&[]).misused(&["nothing was written", ACCOUNT]);
    setup(&["--production", "210987654321"]).misused(&["nothing was written"]);
    assert_eq!(writes(&world), 0);
    let done = setup(&["--production", ACCOUNT]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(writes(&world) > 0);
}

#[test]
fn a_profile_is_named_by_its_account_too() {
    let world = World::new();
    let args = ["setup", "machine-auth", "--pool", TEAM, "--apply"];
    let with = |name| as_profile(&world, &[&args[..], &["--production", name]].concat(), "");
    with("210987654321").misused(&["nothing was written", "210987654321"]);
    assert_eq!(writes(&world), 0);
    assert_eq!(with(ACCOUNT).code, 0);
}

#[test]
fn where_production_is_not_marked_its_name_is_not_asked_for() {
    let world = World::new();
    let args = ["setup", "machine-auth", "--pool", TEAM, "--apply"];
    let done = world.run(&[&args[..], &["--production", "any"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
}
