//! `whoami`: who calls, where, and what was read, without a secret.

use std::process::{Command, Stdio};

use crate::world::{World, ran};

#[test]
fn it_says_who_calls_and_what_was_read() {
    let world = World::new();
    let config = world.file("config.toml", "read_only = true\n");
    let aws = world.file(
        "aws",
        "[profile dev]\naws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = a-planted-secret\n",
    );
    let run = |more: &[&str]| {
        let mut command =
            world.command(&[&["whoami", "--profile", "dev", "--config", &config], more].concat());
        ran(command.env("AWS_CONFIG_FILE", &aws))
    };
    let told = run(&[]);
    assert_eq!(told.code, 0, "{told:?}");
    let url = world.sandbox.url();
    for words in [
        "123456789012",
        "arn:aws:",
        "dev",
        "profile from --profile",
        "keys of profile dev",
        "eu-west-1",
        &url,
        &aws,
        &config,
        "read-write",
        env!("CARGO_PKG_VERSION"),
    ] {
        assert!(told.out.contains(words), "{words}: {told:?}");
    }
    let told = run(&["--json"]);
    assert!(!format!("{told:?}").contains("a-planted-secret"));
    let json = told.json();
    assert_eq!(json["identity"]["account"], "123456789012");
    assert_eq!(json["identity"]["profile"], "dev");
    assert_eq!(json["login"], "keys of profile dev");
    assert_eq!(json["files"]["aws"], serde_json::json!([aws]));
    assert_eq!(json["files"]["cognitui"], config);
    assert!(
        json["expires"].is_null() && json["error"].is_null(),
        "{json}"
    );
}

#[test]
fn where_nothing_works_it_says_what_it_knows_all_the_same() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognitui"));
    command
        .args(["whoami", "--json", "--profile", "nobody"])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null());
    let told = ran(&mut command);
    assert_eq!(told.code, 5, "{told:?}");
    let json = told.json();
    assert!(json["error"].as_str().unwrap().contains("nobody"), "{json}");
    assert!(json["identity"]["account"].is_null(), "{json}");
    assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
}
