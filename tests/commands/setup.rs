//! `setup`.

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
    assert_eq!(states(&plan), ["pending", "pending"]);
    assert_eq!(plan["steps"][1]["operation"], "CreateUserPoolClient");
    assert_eq!(plan["pending"], 2);
    assert!(plan["client_id"].is_null());
    let done = setup(&world, &["--apply", "--json"]).json();
    assert_eq!(states(&done), ["done", "done"]);
    assert!(done["client_id"].is_string());
    let again = setup(&world, &["--json"]).json();
    assert_eq!(states(&again), ["present", "present"]);
    assert_eq!(again["client_id"], done["client_id"]);
}

#[test]
fn a_failing_step_stops_and_the_next_run_goes_on_from_there() {
    let world = World::new();
    world.fault("CreateUserPoolClient:access-denied");
    let cut = setup(&world, &["--apply"]);
    assert_eq!(cut.code, 1, "{cut:?}");
    for words in [
        "✓ Create resource server api",
        "✗ Create app client machine_auth",
        "cognito-idp:CreateUserPoolClient",
        "1 not made",
    ] {
        assert!(cut.out.contains(words), "no {words:?} in {}", cut.out);
    }
    let json = setup(&world, &["--apply", "--json"]);
    assert_eq!(json.code, 1);
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
        rest.out.contains("= Resource server api is there"),
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
fn two_clients_of_the_name_are_pointed_at() {
    let world = World::new();
    let client = world.machine_auth();
    world.sandbox.edit(|state| {
        let mut twin = client.clone();
        twin.id = "twin".to_owned();
        state.pools.get_mut(TEAM).unwrap().clients.push(twin);
    });
    let ran = setup(&world, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.said(&["2 app clients are named machine_auth"]);
    world.run(&["credentials", "--pool", TEAM]).refused(&[
        "2 app clients are named machine_auth",
        &client.id,
        "twin",
    ]);
}
