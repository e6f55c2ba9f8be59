//! `setup`.

use std::process::Stdio;

use crate::world::{TEAM, World};

const ARGS: [&str; 4] = ["setup", "machine-auth", "--pool", "team06dbb7fc"];

fn setup(world: &World, more: &[&str]) -> crate::world::Ran {
    world.run(&[&ARGS[..], more].concat())
}

fn writes(world: &World) -> usize {
    let calls = world.sandbox.calls();
    let write = |call: &&String| call.starts_with("Create") || call.starts_with("Update");
    calls.iter().filter(write).count()
}

#[test]
fn the_plan_is_shown_and_nothing_written() {
    let world = World::new();
    let plan = setup(&world, &[]);
    assert_eq!((plan.code, plan.err.as_str()), (2, ""));
    for words in [
        "+ Create resource server api with scope admin",
        "Provides Admin access to machine authentication flows",
        "+ Create app client machine_auth",
        "AllowedOAuthFlowsUserPoolClient true",
        "2 changes to make",
    ] {
        assert!(plan.out.contains(words), "no {words:?} in {}", plan.out);
    }
    assert_eq!(writes(&world), 0);
}

#[test]
fn applied_twice_it_changes_nothing_the_second_time() {
    let world = World::new();
    let first = setup(&world, &["--apply"]);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.out.contains("All done."), "{}", first.out);
    let state = world.sandbox.state().pools[TEAM].clone();
    let client = state
        .clients
        .iter()
        .find(|client| client.name == "machine_auth")
        .unwrap();
    assert!(first.out.contains(&client.id), "{}", first.out);
    assert_eq!(client.list("AllowedOAuthScopes"), ["api/admin"]);
    assert!(!first.out.contains(&client.secrets[0].value));
    assert_eq!(writes(&world), 2);

    for more in [&["--apply"][..], &[], &["--json"]] {
        let again = setup(&world, more);
        assert_eq!((again.code, again.err.as_str()), (0, ""), "{again:?}");
    }
    assert_eq!(writes(&world), 2);
    assert_eq!(world.clients(TEAM).len(), state.clients.len());
}

#[test]
fn the_json_says_the_state_of_every_step() {
    let world = World::new();
    let states = |json: &serde_json::Value| -> Vec<String> {
        let steps = json["steps"].as_array().unwrap();
        steps
            .iter()
            .map(|step| step["state"].as_str().unwrap().to_owned())
            .collect()
    };
    let plan = setup(&world, &["--json"]);
    assert_eq!(plan.code, 2);
    let plan = plan.json();
    assert_eq!(states(&plan), ["present", "pending", "pending"]);
    let client = &plan["steps"][2];
    assert_eq!(client["operation"], "CreateUserPoolClient");
    assert_eq!(
        client["details"][3],
        serde_json::json!({"field": "AllowedOAuthScopes", "old": null, "new": "api/admin"})
    );
    let command = client["command"].as_str().unwrap();
    assert!(command.contains("create-user-pool-client"), "{command}");
    assert_eq!(plan["pending"], 2);
    assert!(plan["client_id"].is_null());
    let done = setup(&world, &["--apply", "--json"]).json();
    assert_eq!(states(&done), ["present", "done", "done"]);
    assert!(done["client_id"].is_string());
    let again = setup(&world, &["--json"]).json();
    assert_eq!(states(&again), ["present", "present", "present"]);
    assert_eq!(again["client_id"], done["client_id"]);
}

#[test]
fn a_failing_step_stops_and_the_next_run_goes_on_from_there() {
    let world = World::new();
    world.fault("CreateUserPoolClient:access-denied");
    let cut = setup(&world, &["--apply"]);
    assert_eq!(cut.code, 5, "{cut:?}");
    for words in [
        "✓ Create resource server api",
        "✗ Create app client machine_auth",
        "cognito-idp:CreateUserPoolClient",
        "1 not made",
    ] {
        assert!(cut.out.contains(words), "no {words:?} in {}", cut.out);
    }
    let json = setup(&world, &["--apply", "--json"]);
    assert_eq!(json.code, 5);
    assert!(
        json.json()["error"]
            .as_str()
            .unwrap()
            .contains("access denied")
    );

    world.fault("");
    let rest = setup(&world, &["--apply"]);
    assert_eq!(rest.code, 0, "{rest:?}");
    assert!(
        rest.out.contains("= Resource server api exists"),
        "{}",
        rest.out
    );
    assert_eq!(setup(&world, &[]).code, 0);
}

#[test]
fn a_server_keeps_the_scopes_it_has() {
    let world = World::new();
    world.machine_auth();
    world.sandbox.edit(|state| {
        let pool = state.pools.get_mut(TEAM).unwrap();
        pool.servers[0].scopes[0].scope_name = "audit".to_owned();
    });
    let ran = setup(&world, &["--apply"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let servers = world.sandbox.state().pools[TEAM].servers.clone();
    let names: Vec<_> = servers[0]
        .scopes
        .iter()
        .map(|scope| scope.scope_name.as_str())
        .collect();
    assert_eq!(names, ["audit", "admin"]);
}

#[test]
fn of_two_clients_of_the_name_an_id_says_which() {
    let world = World::new();
    let client = world.machine_auth();
    world.sandbox.edit(|state| {
        let mut twin = client.clone();
        twin.id = "1h57kf5cpq17m0eml12EXAMPLE".to_lowercase();
        state.pools.get_mut(TEAM).unwrap().clients.push(twin);
    });
    let ran = setup(&world, &["--apply"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.said(&[
        "2 app clients are named machine_auth",
        &client.id,
        "Use the id",
    ]);
    let this = setup(&world, &["--set", &format!("client={}", client.id)]);
    assert_eq!(this.code, 0, "{this:?}");
    world
        .run(&["credentials", "--pool", TEAM])
        .refused(&["\"machine_auth\" matches 2 app clients", &client.id]);
}

#[test]
fn without_a_pool_team_finds_its_own() {
    let world = World::new();
    let ran = world.run(&["setup", "team"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains(TEAM), "{}", ran.out);
}

#[test]
fn what_cannot_be_is_said_and_nothing_is_written() {
    let world = World::new();
    world
        .run(&["setup", "team", "--pool", "nowhere"])
        .refused_as(4, &["no user pool matches \"nowhere\""]);
    world
        .run(&["setup", "team", "--pool", "acme"])
        .refused(&["user pools match", "pass an id"]);
    for (args, words) in [
        (
            &["setup", "unknown"][..],
            &["unknown preset", "read-write"][..],
        ),
        (&["setup", "no-domain"], &["needs a user pool", "--pool"]),
        (
            &["setup", "plain"],
            &["domain: it has no answer", "--set domain="],
        ),
        (
            &["setup", "plain", "--set", "domain=x", "--set", "life=2 d"],
            &["life: The access token lifetime"],
        ),
        (
            &["setup", "team", "--set", "colour=red"],
            &["colour: this preset does not ask for it"],
        ),
    ] {
        world.run(args).misused(words);
    }
    assert_eq!(writes(&world), 0);
}

#[test]
fn a_preset_of_ones_own_is_used_and_its_mistakes_are_placed() {
    let world = World::new();
    let folder = world.home.path().join(".config/cognitui/presets");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("batch.toml");
    std::fs::write(
        &file,
        "title = \"Batch\"\n[client]\nname = \"batch-export\"\nscopes = [\"{scope}\"]\n",
    )
    .unwrap();
    world.run(&["setup", "batch", "--pool", TEAM]).refused(&[
        "batch.toml, line 4, column 11: nothing asks for {scope}",
        "Fix the file",
    ]);
    let listed = world.run(&["presets"]);
    assert_eq!(listed.code, 1, "{listed:?}");
    listed.said(&["skipped:", "line 4"]);

    std::fs::write(
        &file,
        "title = \"Batch\"\n[client]\nname = \"batch-export\"\nscopes = [\"api/admin\"]\n",
    )
    .unwrap();
    world.machine_auth();
    let ran = world.run(&["setup", "batch", "--pool", TEAM, "--apply"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = world.run(&["presets", "--json"]).answer();
    assert_eq!(listed.lines().count(), 7);
    assert!(listed.contains("\"batch\""), "{listed}");

    // Beside another configuration file there are others.
    let elsewhere = world.home.path().join("elsewhere");
    std::fs::create_dir_all(elsewhere.join("presets")).unwrap();
    std::fs::rename(&file, elsewhere.join("presets/mine.toml")).unwrap();
    let config = elsewhere.join("config.toml");
    std::fs::write(&config, "").unwrap();
    let config = config.to_str().unwrap();
    let listed = world
        .run(&["presets", "--json", "--config", config])
        .answer();
    assert!(listed.contains("\"mine\""), "{listed}");
    assert!(!listed.contains("\"batch\""), "{listed}");
}

#[test]
fn a_presets_scope_without_its_identifier_is_told_the_full_one() {
    // aws-cdk#10676.
    let world = World::new();
    let folder = world.home.path().join(".config/cognitui/presets");
    std::fs::create_dir_all(&folder).unwrap();
    let preset = |scope: &str| {
        let text = format!(
            "title = \"Todo\"\n[[server]]\nidentifier = \"todo\"\nname = \"Todo API\"\n\
             [[server.scope]]\nname = \"get-todos\"\ndescription = \"Read\"\n\
             [client]\nname = \"reader\"\nscopes = [\"{scope}\"]\n"
        );
        std::fs::write(folder.join("todo.toml"), text).unwrap();
        world.run(&["setup", "todo", "--pool", TEAM])
    };
    for scope in ["get-todos", "Todo API/get-todos", "todo:get-todos"] {
        let ran = preset(scope);
        assert_eq!(ran.code, 1, "{ran:?}");
        let all = format!("{}{}", ran.out, ran.err);
        assert!(all.contains("Did you mean todo/get-todos?"), "{all}");
        if scope == "get-todos" {
            assert!(all.contains("a scope is written identifier/name"), "{all}");
        }
    }
    assert_eq!(preset("todo/get-todos").code, 2);
    assert_eq!(writes(&world), 0);
}

#[test]
fn where_nobody_reads_what_is_said_all_of_it_is_set_up() {
    let world = World::new();
    let mut child = world
        .command(&["setup", "machine-auth", "--pool", TEAM, "--apply"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let clients = world.clients(TEAM);
    assert!(clients.iter().any(|client| client.name == "machine_auth"));
}

#[test]
fn a_reader_that_goes_away_does_not_end_what_there_is_to_do() {
    let world = World::new();
    let plan = ["setup", "plain", "--set", "domain=nobody-reads-it"];
    for more in [&[][..], &["--json"], &["--cli"]] {
        let ran = world.run_for_nobody(&[&plan[..], more].concat(), "");
        assert_eq!((ran.code, ran.err.as_str()), (2, ""), "{ran:?}");
    }
    // What stands in the way is told, and told with a 1.
    let blocked = ["setup", "team", "--pool", "acme"];
    assert_eq!(world.run_for_nobody(&blocked, "").code, 1);
    world.fault("CreateUserPoolClient:access-denied");
    let ran = world.run_for_nobody(&[&plan[..], &["--apply"]].concat(), "");
    assert_eq!(ran.code, 5, "{ran:?}");
}
