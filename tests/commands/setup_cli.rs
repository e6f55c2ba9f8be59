//! `setup --cli`: its output, run by bash with the real AWS CLI, does the same as `--apply` and `--destroy`.

use serde_json::json;

use crate::export::script;
use crate::presets::{LIVES, Life};
use crate::world::World;

/// A text that needs escaping in every shell.
const STRANGE: &str = "it's `id` $(id) \"é\" \\";

/// Runs the commands that the set-up prints.
fn carry_out(world: &World, life: &Life, more: &[&str]) {
    let printed = life.code(world, &[more, &["--cli"]].concat(), 2).out;
    let script = world.file("commands.sh", &format!("set -eu\n{printed}"));
    let ran = script::run(world, &script, &[]);
    assert_eq!(ran.code, 0, "{}: {}\n{printed}", life.preset, ran.err);
    let secrets = world.sandbox.state().pools;
    let secrets = secrets.values().flat_map(|pool| &pool.clients);
    for secret in secrets.flat_map(|client| &client.secrets) {
        assert!(
            !ran.out.contains(&secret.value),
            "{} prints a secret",
            life.preset
        );
    }
}

fn whole_life(life: &Life) {
    let (ours, theirs) = (World::new(), World::new());
    let before = life.shape(&theirs);
    life.code(&ours, &["--apply"], 0);
    carry_out(&theirs, life, &[]);
    assert_eq!(life.shape(&theirs), life.shape(&ours), "{}", life.preset);
    life.code(&theirs, &[], 0);

    // Half of it: a scope of the server is gone and the client is broken, or has never been.
    let made = life.client(&theirs);
    life.edit(&theirs, |pool| {
        let scopes = made.list("AllowedOAuthScopes");
        let (identifier, gone) = scopes[0].rsplit_once('/').unwrap();
        let server = pool
            .servers
            .iter_mut()
            .find(|server| server.identifier == identifier);
        let scopes = &mut server.unwrap().scopes;
        "a`b".clone_into(&mut scopes[0].scope_name);
        STRANGE.clone_into(&mut scopes[0].scope_description);
        assert!(scopes.iter().all(|scope| scope.scope_name != gone));
        let client = pool
            .clients
            .iter_mut()
            .find(|client| client.id == made.id)
            .unwrap();
        client.settings["AllowedOAuthFlowsUserPoolClient"] = json!(false);
    });
    if let Some(domain) = life.domain {
        theirs
            .sandbox
            .edit(|state| drop(state.domains.remove(domain)));
    }
    carry_out(&theirs, life, &[]);
    life.code(&theirs, &[], 0);
    let mended = life.client(&theirs);
    assert_eq!((&mended.id, mended.secrets.len()), (&made.id, 1));
    assert!(mended.flag("AllowedOAuthFlowsUserPoolClient"));
    let state = theirs.sandbox.state();
    let servers = &life.find(&state).unwrap().servers;
    let kept = servers.iter().flat_map(|server| &server.scopes);
    let kept: Vec<&str> = kept.map(|scope| scope.scope_description.as_str()).collect();
    assert!(kept.contains(&STRANGE), "{kept:?}");

    let down = ["--destroy", "--with", "pool"];
    let down = if life.pool.is_some() {
        &down[..]
    } else {
        &down[..1]
    };
    carry_out(&theirs, life, down);
    life.code(&theirs, &["--destroy"], 0);
    let mut left = life.shape(&theirs);
    if life.pool.is_none() {
        // The scope that is not the set-up's keeps its server.
        left["servers"] = before["servers"].clone();
    }
    assert_eq!(left, before, "{}", life.preset);
}

macro_rules! each {
    ($($name:ident: $at:literal)+) => { $(
        #[test]
        fn $name() {
            whole_life(&LIVES[$at]);
        }
    )+ };
}

each! { team: 0 read_write: 1 m2m_client: 2 api_gateway: 3 plain: 4 no_domain: 5 }

/// Names that Cognito accepts, and that the AWS CLI would take for an option or for a file to read.
const ODD: &str = r#"
title = "Odd names"

[pool]
name = "--debug"

[[server]]
identifier = "-api"
name = "-x"

[[server.scope]]
name = "-read"
description = "-d"

[[server]]
identifier = "file:///etc/hostname"
name = "--output"

[[server.scope]]
name = "a"
description = "file:///etc/hostname"

[client]
name = "--no-sign-request"
scopes = ["-api/-read", "file:///etc/hostname/a"]
"#;

#[test]
fn names_that_look_like_options_and_files_arrive_as_they_are() {
    let (ours, theirs) = (World::empty(), World::empty());
    for world in [&ours, &theirs] {
        let folder = world.home.path().join(".config/cognitui/presets");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("odd.toml"), ODD).unwrap();
    }
    let applied = ours.run(&["setup", "odd", "--apply"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    let carry_out = |more: &[&str]| {
        let printed = theirs.run(&[&["setup", "odd", "--cli"], more].concat());
        assert_eq!(printed.code, 2, "{printed:?}");
        let script = theirs.file("commands.sh", &format!("set -eu\n{}", printed.out));
        let ran = script::run(&theirs, &script, &[]);
        assert_eq!(ran.code, 0, "{}\n{}", ran.err, printed.out);
    };
    let made = |world: &World| {
        let state = world.sandbox.state();
        assert_eq!(state.pools.len(), 1);
        let pool = state.pools.values().next().unwrap();
        let clients: Vec<_> = pool
            .clients
            .iter()
            .map(|client| json!([client.name, client.settings]))
            .collect();
        json!([pool.name, pool.servers, clients])
    };
    carry_out(&[]);
    assert_eq!(made(&theirs), made(&ours));
    assert!(made(&theirs).to_string().contains("file:///etc/hostname/a"));
    carry_out(&["--destroy", "--with", "pool"]);
    assert_eq!(theirs.sandbox.state().pools.len(), 0);
}
