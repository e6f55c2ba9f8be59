//! `credentials --to`: delivered and not printed.

use cognitui::sandbox::secrets_manager::Content;
use serde_json::Value;

use crate::world::{Ran, STAGING, TEAM, World, read};

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
    ran.said(&[
        "delivered to the file",
        "team.json",
        "verified by reading back",
    ]);
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
        to(&world, &target, &[]).refused(&["already exists", "--replace"]);
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
            "--apply",
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
        .misused(&["--replace does not apply"]);
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
    ran.said(&["hello", "delivered to the command"]);
    assert!(read(&path).contains(&client.secrets[0].value));
    let ran = to(&world, "exec:cat >/dev/null; exit 9", &[]);
    assert!(!ran.err.contains("not delivered"), "it was read: {ran:?}");
    ran.refused(&[
        "perhaps delivered",
        "exit code 9",
        "They may have been delivered",
    ]);
}

#[test]
fn what_is_not_there_is_said_before_a_secret_is_read() {
    let world = World::new();
    world.machine_auth();
    let asked = world.sandbox.calls().len();
    // The test's environment has no display and no terminal.
    to(&world, "clipboard", &[]).refused(&["no clipboard available", "osc52"]);
    to(&world, "osc52", &[]).refused(&["needs a terminal"]);
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
    let rotate = [
        "rotate",
        "--apply",
        "--pool",
        TEAM,
        "--client",
        "machine_auth",
        "--to",
    ];
    let rotate = [&rotate[..], &["secretsmanager:team/machine"]].concat();
    world.fault("CreateSecret:access-denied");
    to(&world, "secretsmanager:team/machine", &[]).refused(&["not delivered"]);
    world
        .run(&rotate)
        .refused(&["the new secret was not delivered"]);
    // Where it is not known what is there, nothing is added at all.
    world.fault("GetSecretValue:access-denied");
    world.run(&rotate).refused(&[
        "cannot check the content",
        "Nothing was changed",
        "--replace",
    ]);
    let clients = world.clients(TEAM);
    let machine = clients.iter().find(|client| client.name == "machine_auth");
    assert_eq!(machine.unwrap().secrets.len(), 1);
    assert!(!world.sandbox.state().stored.contains_key("team/machine"));
    // One that is there is read, and may not be written.
    world.fault("");
    assert_eq!(to(&world, "secretsmanager:team/machine", &[]).code, 0);
    let versions = || world.sandbox.state().stored["team/machine"].versions.len();
    let before = versions();
    world.fault("PutSecretValue:access-denied");
    to(&world, "secretsmanager:team/machine", &[]).refused(&["not delivered"]);
    world
        .run(&rotate)
        .refused(&["the new secret was not delivered"]);
    assert_eq!(versions(), before);
    let clients = world.clients(TEAM);
    let machine = clients.iter().find(|client| client.name == "machine_auth");
    assert_eq!(machine.unwrap().secrets.len(), 1);
}

#[test]
fn secrets_manager_gets_what_would_have_been_printed() {
    let world = World::new();
    let client = world.machine_auth();
    let ran = to(&world, "secretsmanager:team/machine", &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.said(&["delivered to AWS Secrets Manager", "team/machine"]);
    let stored = world.sandbox.state().stored;
    let kept = stored["team/machine"].labelled("AWSCURRENT").unwrap();
    let Some(Content::Text(text)) = &kept.content else {
        panic!("no text is kept");
    };
    let json: Value = serde_json::from_str(text).unwrap();
    assert_eq!(json["client_secret"], client.secrets[0].value.as_str());
    // A rotation writes over it; another client is not written over it.
    let rotate = [
        "rotate",
        "--apply",
        "--pool",
        TEAM,
        "--client",
        "machine_auth",
        "--to",
    ];
    let target = ["secretsmanager:team/machine"];
    let rotated = world.run(&[&rotate[..], &target].concat());
    assert_eq!(rotated.code, 0, "{rotated:?}");
    rotated.said(&["a new version of", "verified by reading back"]);
    let other = [
        "credentials",
        "--pool",
        STAGING,
        "--client",
        "price-poller",
        "--to",
    ];
    let other = [&other[..], &target].concat();
    world
        .run(&other)
        .refused(&["another app client", "--replace"]);
    let newest = |world: &World| {
        let stored = world.sandbox.state().stored;
        match &stored["team/machine"]
            .labelled("AWSCURRENT")
            .unwrap()
            .content
        {
            Some(Content::Text(text)) => text.clone(),
            other => panic!("{other:?} is kept"),
        }
    };
    assert!(newest(&world).contains(&client.id));
    let replaced = world.run(&[&other[..], &["--replace"]].concat());
    assert_eq!(replaced.code, 0, "{replaced:?}");
    assert!(!newest(&world).contains(&client.id));
    // Where it may not be read back, that is said.
    world.fault("GetSecretValue:access-denied");
    let blind = world.run(&[&other[..], &["--replace"]].concat());
    assert_eq!(blind.code, 0, "{blind:?}");
    blind.said(&["not verified", "secretsmanager:GetSecretValue"]);
    assert!(!ran.err.contains(&client.secrets[0].value));
}
