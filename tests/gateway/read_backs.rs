//! A step is confirmed by reading its result back, from a Cognito that others write to as well.

use std::sync::{Arc, Mutex};

use cognitui::cognito::{ErrorKind, Gateway, PlanOutcome};
use cognitui::domain::client::{ClientSettings, ClientSummary, TimeUnit, Validity};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::plan::{Plan, Step, Target, delete_client, edit_client, protect};
use cognitui::domain::pool::NewDomain;
use serde_json::{Value, json};

use crate::stub::{Call, Stub};

pub const POOL: &str = "eu-west-1_A";

pub fn pool() -> PoolId {
    PoolId::new(POOL)
}

pub fn target() -> Target {
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

/// A Cognito with one resource, which another writer may change at any moment.
#[derive(Clone)]
pub struct World(Arc<Mutex<Value>>);

impl World {
    pub fn with(thing: Value) -> Self {
        Self(Arc::new(Mutex::new(thing)))
    }

    pub fn now(&self) -> Value {
        self.0.lock().unwrap().clone()
    }

    /// Returns the result of an update or a creation, with the date that Cognito sets.
    pub fn write(&self, call: &Call, date: f64) -> Value {
        let mut thing = call.json();
        thing["LastModifiedDate"] = json!(date);
        *self.0.lock().unwrap() = thing.clone();
        thing
    }

    pub fn change(&self, field: &str, value: Value) {
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

pub fn in_answer(of: &str, thing: &Value) -> (u16, String) {
    (200, json!({ of: thing }).to_string())
}

/// Changes a client's access tokens from 5 to 15 minutes, on a Cognito with these responses.
async fn edit(gateway: &Gateway) -> (Plan, PlanOutcome) {
    edit_by(gateway, |settings| settings.access_token = minutes(15)).await
}

async fn edit_by(
    gateway: &Gateway,
    change: impl FnOnce(&mut ClientSettings),
) -> (Plan, PlanOutcome) {
    let seen = gateway
        .client(&pool(), &ClientId::new("4k2"))
        .await
        .unwrap();
    let mut after = seen.settings.clone();
    change(&mut after);
    let plan = edit_client(target(), &seen, &after, &[]);
    assert_eq!(plan.obstacles, []);
    let done = gateway.execute(&plan, |_| ()).await;
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
    assert_eq!((done.failed, done.completed), (None, 1));
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
        (done.completed, stub.calls().len()),
        (0, 4),
        "a later date is no stale answer"
    );
    // Mine goes on top of theirs.
    let again = plan.rest(done.completed, done.pool.as_ref(), done.left.as_deref());
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
        assert_eq!((done.failed, done.completed), (None, 1));
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
        assert_eq!((done.failed, done.completed), (None, 1));
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

/// AWS returns the sent values in another form with the same meaning.
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

fn user_pool(protection: &str, date: f64) -> Value {
    json!({"Id": POOL, "Name": "machines", "DeletionProtection": protection, "LastModifiedDate": date})
}

/// Turns a pool's protection on; the pool is described like this after it.
async fn protect_and_read(after: Value) -> PlanOutcome {
    let stub = Stub::start(move |call, before| match call.operation.as_str() {
        "UpdateUserPool" => (200, "{}".to_owned()),
        _ if before < 2 => in_answer("UserPool", &user_pool("INACTIVE", 1.0)),
        _ => in_answer("UserPool", &after),
    })
    .await;
    let gateway = stub.gateway().await;
    let seen = gateway.pool(&pool()).await.unwrap();
    gateway.execute(&protect(&seen, true), |_| ()).await
}

#[tokio::test]
async fn a_pools_protection_is_told_apart_by_the_pools_date() {
    let done = protect_and_read(user_pool("ACTIVE", 2.0)).await;
    assert_eq!((done.failed, done.unconfirmed), (None, vec![]));
    let done = protect_and_read(user_pool("INACTIVE", 1.0)).await;
    assert_eq!(
        (done.failed, done.unconfirmed[0].1.kind.clone()),
        (None, ErrorKind::Unconfirmed)
    );
    let error = protect_and_read(user_pool("INACTIVE", 3.0))
        .await
        .failed
        .unwrap();
    assert!(matches!(error.kind, ErrorKind::Overwritten(_)), "{error:?}");
    assert_eq!(error.detail, "DeletionProtection is INACTIVE, not ACTIVE");
}

fn domain(version: i32, status: &str) -> Value {
    json!({"Domain": "machines", "UserPoolId": POOL, "ManagedLoginVersion": version, "Status": status})
}

/// Sets the second version of managed login on a domain, which is described like this after it.
async fn update_and_read(after: Value) -> PlanOutcome {
    let stub = Stub::start(move |call, before| match call.operation.as_str() {
        "UpdateUserPoolDomain" => (200, "{}".to_owned()),
        _ if before < 2 => in_answer("DomainDescription", &domain(1, "ACTIVE")),
        _ => in_answer("DomainDescription", &after),
    })
    .await;
    let gateway = stub.gateway().await;
    let before = gateway
        .domain_owner("machines")
        .await
        .unwrap()
        .unwrap()
        .domain;
    let after = NewDomain {
        name: "machines".to_owned(),
        certificate_arn: None,
        managed_login_version: Some(2),
    };
    let plan = Plan {
        pool: target(),
        steps: vec![Step::UpdateDomain { before, after }],
        obstacles: Vec::new(),
        warnings: Vec::new(),
        resumed: false,
        namesakes: Vec::new(),
    };
    gateway.execute(&plan, |_| ()).await
}

#[tokio::test]
async fn a_domain_that_cognito_is_at_is_not_confirmed_and_one_at_rest_is_overwritten() {
    let done = update_and_read(domain(2, "UPDATING")).await;
    assert_eq!((done.failed, done.unconfirmed), (None, vec![]));
    let done = update_and_read(domain(1, "UPDATING")).await;
    assert_eq!(
        (done.failed, done.unconfirmed[0].1.kind.clone()),
        (None, ErrorKind::Unconfirmed)
    );
    let error = update_and_read(domain(1, "ACTIVE")).await.failed.unwrap();
    assert!(matches!(error.kind, ErrorKind::Overwritten(_)), "{error:?}");
    assert_eq!(error.detail, "ManagedLoginVersion is 1, not 2");
}

#[tokio::test]
async fn what_was_deleted_and_is_still_described_is_not_confirmed() {
    let stub = Stub::start(|call, _| match call.operation.as_str() {
        "DeleteUserPoolClient" => (200, "{}".to_owned()),
        _ => in_answer("UserPoolClient", &client(5, 1.0)),
    })
    .await;
    let summary = ClientSummary {
        id: ClientId::new("4k2"),
        name: "machine_auth".to_owned(),
    };
    let plan = delete_client(target(), &summary);
    let done = stub.gateway().await.execute(&plan, |_| ()).await;
    assert_eq!((done.failed, done.completed), (None, 1));
    assert_eq!(done.unconfirmed[0].1.kind, ErrorKind::Unconfirmed);
}
