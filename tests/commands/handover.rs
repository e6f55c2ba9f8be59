//! `credentials --to`: handed over and not printed.

use cognitui::sandbox::secrets_manager::Content;
use serde_json::Value;

use crate::world::{Ran, TEAM, World, read};

fn to(world: &World, target: &str, more: &[&str]) -> Ran {
    let args = [
        "credentials",
        "--pool",
        TEAM,
        "--format",
        "json",
        "--to",
        target,
    ];
    world.run(&[&args[..], more].concat())
}

#[test]
fn a_new_file_gets_what_would_have_been_printed() {
    let world = World::new();
    let client = world.machine_auth();
    let path = world.home.path().join("team.json");
    let target = format!("file:{}", path.display());
    let ran = to(&world, &target, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.said(&["handed over to the file", "team.json", "read back"]);
    let text = read(&path);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["client_secret"], client.secrets[0].value.as_str());
    assert!(!ran.err.contains(&client.secrets[0].value));
    // The same client's again, and nothing else.
    let again = to(&world, &target, &["--client", "machine_auth"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(read(&path), text);
    for other in ["somebody's", &text.replace(&client.id, "another")] {
        std::fs::write(&path, other).unwrap();
        to(&world, &target, &[]).refused(&["is there already", "--replace"]);
        assert_eq!(read(&path), other);
    }
    let replaced = to(&world, &target, &["--replace"]);
    assert_eq!(replaced.code, 0, "{replaced:?}");
    assert_eq!(read(&path), text);
}

#[test]
fn nothing_is_rotated_that_has_no_place_to_go() {
    let world = World::new();
    let client = world.machine_auth();
    let path = world.home.path().join("taken.json");
    let theirs = r#"{"client_id":"another","client_secret":"x"}"#;
    std::fs::write(&path, theirs).unwrap();
    let target = format!("file:{}", path.display());
    let rotate = |more: &[&str]| {
        let args = [
            "rotate",
            "--pool",
            TEAM,
            "--client",
            "machine_auth",
            "--to",
            &target,
        ];
        world.run(&[&args[..], more].concat())
    };
    let secrets = || {
        let clients = world.clients(TEAM);
        let found = clients.into_iter().find(|one| one.id == client.id);
        found.unwrap().secrets.len()
    };
    rotate(&[]).refused(&["another app client", "Nothing was changed", "--replace"]);
    assert_eq!((secrets(), read(&path).as_str()), (1, theirs));
    let ran = rotate(&["--replace"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(secrets(), 2);
    assert!(read(&path).contains(&client.id));
    world
        .run(&[
            "credentials",
            "--pool",
            TEAM,
            "--to",
            "exec:cat",
            "--replace",
        ])
        .misused(&["--replace means nothing"]);
}

#[test]
fn a_command_reads_them_and_what_it_says_is_no_answer() {
    let world = World::new();
    let client = world.machine_auth();
    let path = world.home.path().join("read");
    let ran = to(
        &world,
        &format!("exec:echo hello; cat > {}", path.display()),
        &[],
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.said(&["hello", "handed over to the command"]);
    assert!(read(&path).contains(&client.secrets[0].value));
    let ran = to(&world, "exec:cat >/dev/null; exit 9", &[]);
    assert!(!ran.err.contains("not handed over"), "it was read: {ran:?}");
    ran.refused(&["perhaps handed over", "exit code 9", "Somebody may have"]);
}

#[test]
fn what_is_not_there_is_said_before_a_secret_is_read() {
    let world = World::new();
    world.machine_auth();
    let asked = world.sandbox.calls().len();
    // The test's environment has no display and no terminal.
    to(&world, "clipboard", &[]).refused(&["no clipboard here", "osc52"]);
    to(&world, "osc52", &[]).refused(&["no terminal"]);
    assert_eq!(world.sandbox.calls().len(), asked);
    for wrong in ["nowhere", "file:", "exec:", "secretsmanager:"] {
        let ran = to(&world, wrong, &[]);
        assert_eq!(ran.code, 3, "{wrong}");
        ran.said(&["secretsmanager:NAME"]);
    }
}

#[test]
fn a_secrets_manager_that_refuses_gets_nothing() {
    let world = World::new();
    world.machine_auth();
    let denied = "PutSecretValue:access-denied".parse().unwrap();
    world.sandbox.faults().set(denied);
    to(&world, "secretsmanager:team/machine", &[]).refused(&["not handed over"]);
    let rotate = ["rotate", "--pool", TEAM, "--client", "machine_auth", "--to"];
    let ran = world.run(&[&rotate[..], &["secretsmanager:team/machine"]].concat());
    ran.refused(&["GetSecretValue", "Nothing was changed"]);
    let clients = world.clients(TEAM);
    let machine = clients.iter().find(|client| client.name == "machine_auth");
    assert_eq!(machine.unwrap().secrets.len(), 1);
    assert!(!world.sandbox.state().stored.contains_key("team/machine"));
}

#[test]
fn secrets_manager_gets_what_would_have_been_printed() {
    let world = World::new();
    let client = world.machine_auth();
    let ran = to(&world, "secretsmanager:team/machine", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.said(&["handed over to AWS Secrets Manager", "team/machine"]);
    let stored = world.sandbox.state().stored;
    let kept = stored["team/machine"].labelled("AWSCURRENT").unwrap();
    let Some(Content::Text(text)) = &kept.content else {
        panic!("no text is kept");
    };
    let json: Value = serde_json::from_str(text).unwrap();
    assert_eq!(json["client_secret"], client.secrets[0].value.as_str());
    assert!(!ran.err.contains(&client.secrets[0].value));
}
