//! Written is not done: what a step wrote is read back, by a Cognito that others write to as well.

use std::sync::{Arc, Mutex};

use cognitui::cognito::{Done, ErrorKind, Gateway};
use cognitui::domain::client::{ClientSettings, TimeUnit, Validity};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::plan::{
    self, Plan, Step, Target, Wanted, WantedPool, delete_client, edit_client, edit_domain,
    edit_server, protect, set_up,
};
use cognitui::domain::pool::NewDomain;
use cognitui::domain::resource_server::{ResourceServer, Scope};
use serde_json::{Value, json};

use crate::sandbox::Demo;
use crate::stub::{Call, Stub};

const POOL: &str = "eu-west-1_A";

fn pool() -> PoolId {
    PoolId::new(POOL)
}

fn target() -> Target {
    Target {
        id: Some(pool()),
        name: "machines".to_owned(),
    }
}

fn minutes(value: i32) -> Validity {
    Validity {
        value,
        unit: TimeUnit::Minutes,
    }
}

/// A Cognito with one thing in it, which somebody else may change at any moment.
#[derive(Clone)]
struct World(Arc<Mutex<Value>>);

impl World {
    fn with(thing: Value) -> Self {
        Self(Arc::new(Mutex::new(thing)))
    }

    fn now(&self) -> Value {
        self.0.lock().unwrap().clone()
    }

    /// What an update or a creation leaves, with the date that Cognito gives it.
    fn write(&self, call: &Call, date: f64) -> Value {
        let mut thing = call.json();
        thing["LastModifiedDate"] = json!(date);
        *self.0.lock().unwrap() = thing.clone();
        thing
    }

    fn change(&self, field: &str, value: Value) {
        self.0.lock().unwrap()[field] = value;
    }
}

fn client(minutes: i32, date: f64) -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": "4k2", "ClientName": "machine_auth", "LastModifiedDate": date,
        "AccessTokenValidity": minutes, "IdTokenValidity": 60, "RefreshTokenValidity": 30,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
    })
}

fn in_answer(of: &str, thing: &Value) -> (u16, String) {
    (200, json!({ of: thing }).to_string())
}

/// The change of a client's access tokens from 5 to 15 minutes, on a Cognito that answers so.
async fn edit(gateway: &Gateway) -> (Plan, Done) {
    edit_by(gateway, |settings| settings.access_token = minutes(15)).await
}

async fn edit_by(gateway: &Gateway, change: impl FnOnce(&mut ClientSettings)) -> (Plan, Done) {
    let seen = gateway
        .client(&pool(), &ClientId::new("4k2"))
        .await
        .unwrap();
    let mut after = seen.settings.clone();
    change(&mut after);
    let plan = edit_client(target(), &seen, &after, &[]);
    assert_eq!(plan.obstacles, []);
    let done = gateway.carry_out(&plan, |_| ()).await;
    (plan, done)
}

#[tokio::test]
async fn a_client_is_done_once_it_is_read_back_as_it_was_written() {
    let world = World::with(client(5, 1.0));
    let of = world.clone();
    let stub = Stub::start(move |call, _| match call.operation.as_str() {
        "UpdateUserPoolClient" => in_answer("UserPoolClient", &of.write(call, 2.0)),
        _ => in_answer("UserPoolClient", &of.now()),
    })
    .await;
    let (_, done) = edit(&stub.gateway().await).await;
    assert_eq!((done.failed, done.through), (None, 1));
    assert_eq!(done.unconfirmed, []);
    let calls = stub.calls();
    let calls: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    let (read, write) = ("DescribeUserPoolClient", "UpdateUserPoolClient");
    assert_eq!(calls, [read, read, write, read], "one read-back a step");
}

#[tokio::test]
async fn a_client_that_somebody_overwrote_is_told_field_by_field_and_can_be_planned_again() {
    let world = World::with(client(5, 1.0));
    let of = world.clone();
    let stub = Stub::start(move |call, _| match call.operation.as_str() {
        "UpdateUserPoolClient" => {
            let answer = of.write(call, 2.0);
            // Another console that had read the client before.
            *of.0.lock().unwrap() = client(30, 3.0);
            of.change("ClientName", json!("theirs"));
            in_answer("UserPoolClient", &answer)
        }
        _ => in_answer("UserPoolClient", &of.now()),
    })
    .await;
    let gateway = stub.gateway().await;
    let (plan, done) = edit(&gateway).await;
    let error = done.failed.clone().unwrap();
    assert!(
        matches!(&error.kind, ErrorKind::Overwritten(_)),
        "{error:?}"
    );
    assert_eq!(
        error.detail,
        "AccessTokenValidity is 30 minutes, not 15 minutes"
    );
    assert_eq!(error.resource.as_deref(), Some("eu-west-1_A/4k2"));
    assert_eq!(
        (done.through, stub.calls().len()),
        (0, 4),
        "a later date is no stale answer"
    );
    // Mine goes on top of theirs.
    let again = plan.rest(done.through, done.pool.as_ref(), done.left.as_deref());
    let [Step::UpdateClient { before, after }] = &again.steps[..] else {
        panic!("{again:?}");
    };
    assert_eq!(before.settings.access_token, minutes(30));
    assert_eq!(after.access_token, minutes(15));
    assert_eq!(after.name, "theirs");
}

#[tokio::test]
async fn what_others_changed_besides_takes_nothing_from_a_step() {
    let world = World::with(client(5, 1.0));
    let of = world.clone();
    let stub = Stub::start(move |call, _| match call.operation.as_str() {
        "UpdateUserPoolClient" => {
            let answer = of.write(call, 2.0);
            of.change("ClientName", json!("theirs"));
            of.change("CallbackURLs", json!(["https://theirs"]));
            of.change("LastModifiedDate", json!(3.0));
            in_answer("UserPoolClient", &answer)
        }
        _ => in_answer("UserPoolClient", &of.now()),
    })
    .await;
    let (_, done) = edit(&stub.gateway().await).await;
    assert_eq!(done.failed, None);
    assert_eq!(done.client.unwrap().settings.name, "theirs");
}

#[tokio::test]
async fn a_stale_answer_is_asked_again_and_is_no_overwriting() {
    let world = World::with(client(5, 1.0));
    for (stale, confirmed) in [(2, true), (99, false)] {
        let of = world.clone();
        *of.0.lock().unwrap() = client(5, 1.0);
        let stub = Stub::start(move |call, before| match call.operation.as_str() {
            "UpdateUserPoolClient" => in_answer("UserPoolClient", &of.write(call, 2.0)),
            // It has read, read and written by then.
            _ if before >= 3 && before < 3 + stale => in_answer("UserPoolClient", &client(5, 1.0)),
            _ => in_answer("UserPoolClient", &of.now()),
        })
        .await;
        let (_, done) = edit(&stub.gateway().await).await;
        assert_eq!((done.failed, done.through), (None, 1));
        let kinds: Vec<&ErrorKind> = done
            .unconfirmed
            .iter()
            .map(|(_, error)| &error.kind)
            .collect();
        if confirmed {
            assert!(kinds.is_empty(), "{kinds:?}");
        } else {
            assert_eq!(kinds, [&ErrorKind::Unconfirmed]);
            assert!(stub.calls().len() < 10, "it is asked for ever");
        }
    }
}

#[tokio::test]
async fn what_can_not_be_read_back_is_not_confirmed() {
    for (status, body) in [
        (400, r#"{"__type":"AccessDeniedException","message":"no"}"#),
        (500, r#"{"__type":"InternalErrorException","message":"no"}"#),
        (200, "<html>"),
    ] {
        let world = World::with(client(5, 1.0));
        let of = world.clone();
        let stub = Stub::start(move |call, before| match call.operation.as_str() {
            "UpdateUserPoolClient" => in_answer("UserPoolClient", &of.write(call, 2.0)),
            _ if before >= 3 => (status, body.to_owned()),
            _ => in_answer("UserPoolClient", &of.now()),
        })
        .await;
        let (_, done) = edit(&stub.gateway().await).await;
        assert_eq!((done.failed, done.through), (None, 1));
        let [(0, error)] = &done.unconfirmed[..] else {
            panic!("{:?}", done.unconfirmed);
        };
        assert_eq!(error.operation, "DescribeUserPoolClient");
    }
}

#[tokio::test]
async fn what_cognito_does_not_take_is_not_blamed_on_somebody_else() {
    let world = World::with(client(5, 1.0));
    let of = world.clone();
    let stub = Stub::start(move |call, _| match call.operation.as_str() {
        "UpdateUserPoolClient" => {
            of.write(call, 2.0);
            of.change("AccessTokenValidity", json!(5));
            in_answer("UserPoolClient", &of.now())
        }
        _ => in_answer("UserPoolClient", &of.now()),
    })
    .await;
    let (_, done) = edit(&stub.gateway().await).await;
    let error = done.failed.unwrap();
    assert!(matches!(&error.kind, ErrorKind::NotTaken(_)), "{error:?}");
    assert_eq!(
        error.detail,
        "AccessTokenValidity is 5 minutes, not 15 minutes"
    );
}

/// What AWS makes of what it was sent without changing what it means.
#[tokio::test]
async fn what_aws_normalises_is_no_difference() {
    type Change = fn(&mut ClientSettings);
    type Normal = fn(&World);
    let cases: [(&str, Change, Normal); 7] = [
        (
            "the order of lists",
            |set| set.callback_urls = vec!["https://a".to_owned(), "https://b".to_owned()],
            |world| world.change("CallbackURLs", json!(["https://b", "https://a"])),
        ),
        (
            "units",
            |set| set.access_token = minutes(60),
            |world| {
                world.change("AccessTokenValidity", json!(1));
                let units =
                    json!({"AccessToken": "hours", "IdToken": "minutes", "RefreshToken": "days"});
                world.change("TokenValidityUnits", units);
            },
        ),
        (
            "a default that is left unsaid",
            |set| set.token_revocation = Some(true),
            |world| world.change("EnableTokenRevocation", Value::Null),
        ),
        (
            "a default that is filled in",
            |set| set.auth_session_minutes = Some(3),
            |world| world.change("AuthSessionValidity", Value::Null),
        ),
        (
            "a switch that is off",
            |set| set.propagates_user_context = Some(false),
            |world| {
                world.change("EnablePropagateAdditionalUserContextData", Value::Null);
                let off = json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0});
                world.change("RefreshTokenRotation", off);
            },
        ),
        (
            "the mode of errors",
            |set| set.prevent_user_existence_errors = Some("LEGACY".to_owned()),
            |world| world.change("PreventUserExistenceErrors", Value::Null),
        ),
        (
            "an empty list and an empty text",
            |set| set.name = "new".to_owned(),
            |world| {
                world.change("LogoutURLs", json!([]));
                world.change("DefaultRedirectURI", json!(""));
            },
        ),
    ];
    for (what, change, normal) in cases {
        let world = World::with(client(5, 1.0));
        let of = world.clone();
        let stub = Stub::start(move |call, _| match call.operation.as_str() {
            "UpdateUserPoolClient" => {
                of.write(call, 2.0);
                normal(&of);
                in_answer("UserPoolClient", &of.now())
            }
            _ => in_answer("UserPoolClient", &of.now()),
        })
        .await;
        let (plan, done) = edit_by(&stub.gateway().await, change).await;
        assert_eq!(plan.steps.len(), 1, "{what}");
        assert_eq!((done.failed, done.unconfirmed), (None, vec![]), "{what}");
    }
}

fn server(scopes: &[&str]) -> Value {
    let scopes: Vec<Value> = scopes
        .iter()
        .map(|name| json!({"ScopeName": name, "ScopeDescription": format!("{name} it")}))
        .collect();
    json!({"UserPoolId": POOL, "Identifier": "api", "Name": "API", "Scopes": scopes})
}

fn scope(name: &str) -> Scope {
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

/// The change of a resource server, planned on what is there first, on a Cognito where somebody else comes between at the `at`-th call.
async fn edit_beside(
    at: usize,
    theirs: fn(&World),
    mine: fn(&mut ResourceServer),
) -> (World, Done) {
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
    let done = gateway.carry_out(&plan, |_| ()).await;
    (world, done)
}

/// Two writers add scopes to one server. The other one writes after the plan was made and before it is carried out, or right after it,
/// going by what it had read before.
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

/// The same of a set-up, which adds what its preset's server lacks.
#[tokio::test]
async fn a_set_up_that_adds_scopes_keeps_those_that_another_added_meanwhile() {
    let demo = Demo::start().await;
    let team = demo.team().await;
    let seen = ResourceServer {
        identifier: "api".to_owned(),
        name: "API".to_owned(),
        scopes: vec![scope("s")],
        ..ResourceServer::default()
    };
    let gateway = &demo.gateway;
    let made = gateway
        .create_resource_server(&team.id, &seen)
        .await
        .unwrap();
    let wanted = |name: &str| Wanted {
        pool: WantedPool::This(team.id.clone()),
        servers: vec![ResourceServer {
            scopes: vec![scope(name)],
            ..made.clone()
        }],
        client: None,
        domain: None,
    };
    let (mine, theirs) = (wanted("mine"), wanted("theirs"));
    let found = gateway.read_for(&mine).await.unwrap();
    for (plan, told) in [(set_up(&theirs, &found), 0), (set_up(&mine, &found), 1)] {
        let done = gateway.carry_out(&plan, |_| ()).await;
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
    let done = gateway.carry_out(&plan, |_| ()).await;
    let error = done.failed.unwrap();
    assert!(matches!(error.kind, ErrorKind::Overwritten(_)), "{error:?}");
    assert_eq!(error.detail, "Scope mine · mine it is not there");
    let writes = stub.calls().into_iter();
    let writes = writes.filter(|call| call.operation == "UpdateResourceServer");
    assert_eq!(writes.count(), 3);
}

#[tokio::test]
async fn a_server_that_gained_scopes_is_not_deleted_unseen() {
    let demo = Demo::start().await;
    let team = demo.team().await;
    let seen = ResourceServer {
        identifier: "api".to_owned(),
        name: "API".to_owned(),
        scopes: vec![scope("s")],
        ..ResourceServer::default()
    };
    let gateway = &demo.gateway;
    let seen = gateway
        .create_resource_server(&team.id, &seen)
        .await
        .unwrap();
    let plan = plan::delete_server((&team).into(), &seen, &[], &[], false);
    let add = |server: &mut ResourceServer| server.scopes.push(scope("theirs"));
    gateway
        .update_resource_server(&team.id, &seen, add)
        .await
        .unwrap();
    let done = gateway.carry_out(&plan, |_| ()).await;
    assert_eq!(done.failed.clone().unwrap().kind, ErrorKind::Changed);
    // What is shown next names it.
    let again = plan.rest(done.through, done.pool.as_ref(), done.left.as_deref());
    let [Step::DeleteServer { server, .. }] = &again.steps[..] else {
        panic!("{again:?}");
    };
    assert_eq!(server.scopes.len(), 2);
    assert_eq!(gateway.carry_out(&again, |_| ()).await.failed, None);
}

#[tokio::test]
async fn every_kind_of_step_is_confirmed_by_a_healthy_cognito() {
    let demo = Demo::start().await;
    let gateway = &demo.gateway;
    let team = demo.team().await;
    let wanted = Wanted {
        pool: WantedPool::This(team.id.clone()),
        servers: vec![cognitui::domain::new_client::machine_auth_server()],
        client: Some(cognitui::domain::new_client::machine_auth()),
        domain: None,
    };
    let found = gateway.read_for(&wanted).await.unwrap();
    let mut seen = Vec::new();
    let mut carry = async |plan: Plan| {
        let before = demo.sandbox.calls().len();
        let done = gateway.carry_out(&plan, |_| ()).await;
        assert_eq!((done.failed, done.unconfirmed), (None, vec![]), "{plan:?}");
        let calls = demo.sandbox.calls()[before..].to_vec();
        for step in plan.to_do() {
            seen.push(step.operation().unwrap());
        }
        // The last thing that is done is to look.
        assert!(calls.last().unwrap().starts_with("Describe"), "{calls:?}");
        done.client
    };
    let made = carry(set_up(&wanted, &found)).await.unwrap();
    let mut after = made.settings.clone();
    after.name = "renamed".to_owned();
    let servers = gateway
        .resource_servers(&team.id, None)
        .await
        .unwrap()
        .items;
    carry(edit_client((&team).into(), &made, &after, &servers)).await;
    let mut more = servers[0].clone();
    more.scopes.push(scope("more"));
    carry(edit_server(
        (&team).into(),
        &servers[0],
        &more,
        &[],
        &[],
        false,
    ))
    .await;
    carry(protect(&team, !team.deletion_protection)).await;
    let domains = gateway.domains(&team).await.unwrap();
    let other = NewDomain {
        name: domains[0].name.clone(),
        certificate_arn: None,
        managed_login_version: Some(3 - domains[0].managed_login_version.unwrap_or(1)),
    };
    carry(edit_domain(&team, &domains[0], &other)).await;
    let summary = cognitui::domain::client::ClientSummary {
        id: made.id.clone(),
        name: "renamed".to_owned(),
    };
    carry(delete_client((&team).into(), &summary)).await;
    carry(plan::delete_server((&team).into(), &more, &[], &[], false)).await;
    let team = gateway.pool(&team.id).await.unwrap();
    let domains = gateway.domains(&team).await.unwrap();
    carry(plan::delete_pool(&team, &domains, &[])).await;
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(
        seen,
        [
            "CreateResourceServer",
            "CreateUserPoolClient",
            "DeleteResourceServer",
            "DeleteUserPool",
            "DeleteUserPoolClient",
            "DeleteUserPoolDomain",
            "UpdateResourceServer",
            "UpdateUserPool",
            "UpdateUserPoolClient",
            "UpdateUserPoolDomain",
        ]
    );
}
