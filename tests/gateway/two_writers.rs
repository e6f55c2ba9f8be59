//! Two writers of one resource server, which has no date to distinguish its versions.

use cognitui::cognito::{ErrorKind, PlanOutcome};
use cognitui::domain::plan::{DesiredPool, DesiredState, Step, delete_server, edit_server, set_up};
use cognitui::domain::resource_server::{ResourceServer, Scope};
use serde_json::{Value, json};

use crate::read_backs::{POOL, World, in_answer, pool, target};
use crate::sandbox::Demo;
use crate::stub::Stub;

fn server(scopes: &[&str]) -> Value {
    let scopes: Vec<Value> = scopes
        .iter()
        .map(|name| json!({"ScopeName": name, "ScopeDescription": format!("{name} it")}))
        .collect();
    json!({"UserPoolId": POOL, "Identifier": "api", "Name": "API", "Scopes": scopes})
}

pub fn scope(name: &str) -> Scope {
    Scope {
        name: name.to_owned(),
        description: format!("{name} it"),
    }
}

fn scopes_of(world: &World) -> Vec<String> {
    let now = world.now();
    let scopes = now["Scopes"].as_array().unwrap().iter();
    let mut names: Vec<String> = scopes
        .map(|scope| scope["ScopeName"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// Changes a resource server by a plan, on a Cognito where another writer changes it at the `at`-th call.
async fn edit_beside(
    at: usize,
    theirs: fn(&World),
    mine: fn(&mut ResourceServer),
) -> (World, PlanOutcome) {
    let world = World::with(server(&["s"]));
    let of = world.clone();
    let stub = Stub::start(move |call, before| {
        if before == at {
            theirs(&of);
        }
        match call.operation.as_str() {
            "UpdateResourceServer" => in_answer("ResourceServer", &of.write(call, 0.0)),
            _ => in_answer("ResourceServer", &of.now()),
        }
    })
    .await;
    let gateway = stub.gateway().await;
    let seen = gateway.resource_server(&pool(), "api").await.unwrap();
    let mut after = seen.clone();
    mine(&mut after);
    let plan = edit_server(target(), &seen, &after, &[], &[], false);
    let done = gateway.execute(&plan, |_| ()).await;
    (world, done)
}

/// Two writers add scopes to one server. The other one writes between the plan and its application, or right after it, based on
/// an older state.
#[tokio::test]
async fn of_two_who_add_scopes_both_keep_theirs_and_the_second_is_told() {
    let before: fn(&World) =
        |world| world.change("Scopes", server(&["s", "theirs"])["Scopes"].clone());
    for (at, when) in [(1, "before the write"), (3, "after the write")] {
        let (world, done) =
            edit_beside(at, before, |server| server.scopes.push(scope("mine"))).await;
        assert_eq!(done.failed, None, "{when}");
        assert_eq!(scopes_of(&world), ["mine", "s", "theirs"], "{when}");
        let [(0, theirs)] = &done.kept[..] else {
            panic!("{when}: {:?}", done.kept);
        };
        let told: Vec<String> = theirs.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["Scope theirs · theirs it"], "{when}");
    }
}

/// Returns a resource server with one scope.
fn api() -> ResourceServer {
    ResourceServer {
        identifier: "api".to_owned(),
        name: "API".to_owned(),
        scopes: vec![scope("s")],
        ..ResourceServer::default()
    }
}

/// The same for a set-up, which adds what the preset's server lacks.
#[tokio::test]
async fn a_set_up_that_adds_scopes_keeps_those_that_another_added_meanwhile() {
    let demo = Demo::start().await;
    let team = demo.team().await;
    let gateway = &demo.gateway;
    let made = gateway
        .create_resource_server(&team.id, &api())
        .await
        .unwrap();
    let wanted = |name: &str| DesiredState {
        pool: DesiredPool::This(team.id.clone()),
        servers: vec![ResourceServer {
            scopes: vec![scope(name)],
            ..made.clone()
        }],
        client: None,
        domain: None,
    };
    let (mine, theirs) = (wanted("mine"), wanted("theirs"));
    let found = gateway.read_plan_input(&mine).await.unwrap();
    for (plan, told) in [(set_up(&theirs, &found), 0), (set_up(&mine, &found), 1)] {
        let done = gateway.execute(&plan, |_| ()).await;
        assert_eq!((done.failed, done.kept.len()), (None, told));
    }
    let now = gateway.resource_server(&team.id, "api").await.unwrap();
    let mut names: Vec<&str> = now.scopes.iter().map(|scope| scope.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["mine", "s", "theirs"]);
}

#[tokio::test]
async fn a_change_that_does_not_only_add_is_not_made_over_somebody_elses() {
    let theirs: fn(&World) = |world| world.change("Name", json!("theirs"));
    let mine: fn(&mut ResourceServer) = |server| {
        server.name = "mine".to_owned();
        server.scopes.push(scope("mine"));
    };
    let (world, done) = edit_beside(1, theirs, mine).await;
    assert_eq!(done.failed.unwrap().kind, ErrorKind::Changed);
    assert_eq!(
        (world.now()["Name"].clone(), scopes_of(&world)),
        (json!("theirs"), vec!["s".to_owned()])
    );
    let Some(Step::UpdateServer { before, after, .. }) = done.left.as_deref() else {
        panic!("{:?}", done.left);
    };
    assert_eq!(
        (before.name.as_str(), after.name.as_str()),
        ("theirs", "mine")
    );

    let (world, done) = edit_beside(3, theirs, mine).await;
    let error = done.failed.unwrap();
    assert!(matches!(error.kind, ErrorKind::Overwritten(_)), "{error:?}");
    assert_eq!(error.detail, "Name is theirs, not mine");
    assert_eq!(world.now()["Name"], "theirs");
}

#[tokio::test]
async fn somebody_who_takes_it_away_again_and_again_is_given_way() {
    let world = World::with(server(&["s"]));
    let of = world.clone();
    let stub = Stub::start(move |call, _| match call.operation.as_str() {
        "UpdateResourceServer" => {
            let answer = of.write(call, 0.0);
            of.change("Scopes", server(&["s"])["Scopes"].clone());
            in_answer("ResourceServer", &answer)
        }
        _ => in_answer("ResourceServer", &of.now()),
    })
    .await;
    let gateway = stub.gateway().await;
    let seen = gateway.resource_server(&pool(), "api").await.unwrap();
    let mut after = seen.clone();
    after.scopes.push(scope("mine"));
    let plan = edit_server(target(), &seen, &after, &[], &[], false);
    let done = gateway.execute(&plan, |_| ()).await;
    let error = done.failed.unwrap();
    assert!(matches!(error.kind, ErrorKind::Overwritten(_)), "{error:?}");
    assert_eq!(error.detail, "Scope mine · mine it is missing");
    let writes = stub.calls().into_iter();
    let writes = writes.filter(|call| call.operation == "UpdateResourceServer");
    assert_eq!(writes.count(), 3);
}

#[tokio::test]
async fn a_server_that_gained_scopes_is_not_deleted_unseen() {
    let demo = Demo::start().await;
    let team = demo.team().await;
    let gateway = &demo.gateway;
    let seen = gateway
        .create_resource_server(&team.id, &api())
        .await
        .unwrap();
    let plan = delete_server((&team).into(), &seen, &[], &[], false);
    let add = |server: &mut ResourceServer| server.scopes.push(scope("theirs"));
    gateway
        .update_resource_server(&team.id, &seen, add)
        .await
        .unwrap();
    let done = gateway.execute(&plan, |_| ()).await;
    assert_eq!(done.failed.clone().unwrap().kind, ErrorKind::Changed);
    // What is shown next names it.
    let again = plan.rest(done.completed, done.pool.as_ref(), done.left.as_deref());
    let [Step::DeleteServer { server, .. }] = &again.steps[..] else {
        panic!("{again:?}");
    };
    assert_eq!(server.scopes.len(), 2);
    assert_eq!(gateway.execute(&again, |_| ()).await.failed, None);
}
