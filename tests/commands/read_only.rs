//! Read-only sessions: by flag, by the file, by a rule for the profile.

use crate::world::{Ran, World, ran};

const SETUP: [&str; 4] = ["setup", "machine-auth", "--pool", "team06dbb7fc"];

/// Runs the set-up with this configuration, for a profile.
fn setup(world: &World, config: &str, profile: &str, more: &[&str]) -> Ran {
    let config = world.file("config.toml", config);
    // The SDK must know the profile, or it would refuse it first.
    let keys = "aws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = example\n";
    let profiles = world.file("aws", &format!("[profile {profile}]\n{keys}"));
    let given = ["--config", &config, "--profile", profile];
    let args = [&SETUP[..], &given, more].concat();
    ran(world.command(&args).env("AWS_CONFIG_FILE", profiles))
}

fn writes(world: &World) -> usize {
    let calls = world.sandbox.calls();
    let write = |call: &&String| call.starts_with("Create") || call.starts_with("Update");
    calls.iter().filter(write).count()
}

#[test]
fn the_flag_refuses_to_apply_and_still_shows_the_plan() {
    let world = World::new();
    let args = [&SETUP[..], &["--read-only"]].concat();
    let plan = world.run(&args);
    assert_eq!(plan.code, 2, "{plan:?}");
    for more in [&["--apply"][..], &["--destroy", "--yes", "machine_auth"]] {
        let args = [&args[..], more].concat();
        world.run(&args).refused(&[
            "read-only; nothing was written",
            "it was started with --read-only",
        ]);
    }
    assert_eq!(writes(&world), 0);
    let secret = [
        "credentials",
        "--pool",
        "acme-platform-prod",
        "--client",
        "checkout",
        "--read-only",
    ];
    let to = |place| [&secret[..], &["--to", place]].concat();
    world
        .run(&to("secretsmanager:kept"))
        .refused(&["read-only; nothing was written"]);
    let file = world.home.path().join("kept");
    let ran = world.run(&to(&format!("file:{}", file.display())));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_rule_refuses_the_profiles_it_fits_and_is_named() {
    let (world, config) = (World::new(), "[profiles.\"*prod*\"]\nread_only = true\n");
    setup(&world, config, "team-PROD-1", &["--apply"]).refused(&[
        "read-only; nothing was written",
        "[profiles.\"*prod*\"]",
        "for profile team-PROD-1",
    ]);
    assert_eq!(writes(&world), 0);
    let done = setup(&world, config, "team-dev", &["--apply"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(writes(&world), 2);
}

#[test]
fn the_file_refuses_all_but_the_profiles_that_a_rule_lets() {
    let (world, config) = (
        World::new(),
        "read_only = true\n[profiles.\"sandbox\"]\nread_only = false\n",
    );
    setup(&world, config, "team-dev", &["--apply"])
        .refused(&["the configuration has read_only = true"]);
    assert_eq!(writes(&world), 0);
    let done = setup(&world, config, "sandbox", &["--apply"]);
    assert_eq!(done.code, 0, "{done:?}");
}

#[test]
fn a_rule_that_is_wrong_is_an_error_with_its_line() {
    let (world, config) = (
        World::new(),
        "region = \"eu-west-1\"\n[profiles.\"*\"]\nreadonly = true\n",
    );
    let ran = setup(&world, config, "team-dev", &[]);
    ran.refused(&["line 3", "readonly"]);
}
