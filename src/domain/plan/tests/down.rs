//! What a take-down takes, and what it leaves.

use super::model::pool;
use super::said::{domain, fitting, team, with};
use crate::domain::client::tests::client;
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::ClientId;
use crate::domain::plan::{
    CurrentState, DesiredPool, DesiredState, DestroyScope, Plan, Step, take_down,
};
use crate::domain::pool::{DcrConfiguration, NewDomain, NewPool, PreTokenTrigger};
use crate::domain::resource_server::{ResourceServer, Scope};

const ALL: DestroyScope = DestroyScope {
    pool: true,
    domain: true,
    scopes: true,
};

/// The set-up of a pool of its own, with a domain.
fn whole() -> DesiredState {
    DesiredState {
        pool: DesiredPool::Create(NewPool {
            name: "team".to_owned(),
            ..NewPool::default()
        }),
        domain: Some(NewDomain {
            name: "mine".to_owned(),
            certificate_arn: None,
            managed_login_version: None,
        }),
        ..team()
    }
}

/// The same in a pool that was named.
fn named() -> DesiredState {
    DesiredState {
        pool: DesiredPool::Find("team".to_owned()),
        ..whole()
    }
}

/// Its client and its domain, and nothing else.
fn made() -> CurrentState {
    CurrentState {
        domains: vec![domain("mine")],
        ..with(&[fitting()])
    }
}

/// Another client in the pool, which holds these scopes.
fn shared(found: &mut CurrentState, scopes: &[&str]) -> AppClient {
    let mut other = client(scopes);
    other.id = ClientId::new("other");
    other.settings.name = "batch".to_owned();
    found.clients.push(ClientSummary {
        id: other.id.clone(),
        name: "batch".to_owned(),
    });
    other
}

fn told(plan: &Plan) -> Vec<String> {
    assert_eq!(plan.obstacles, []);
    plan.steps.iter().map(Step::sentence).collect()
}

#[test]
fn what_only_the_set_up_uses_goes() {
    let plan = take_down(&whole(), &made(), &[fitting()], DestroyScope::default());
    assert_eq!(
        told(&plan),
        [
            "Delete app client machine_auth (4k2)",
            "Delete domain mine",
            "Delete resource server api",
            "Delete user pool team",
        ]
    );
    assert_eq!(plan.name_to_type(), Some("team"));
    let plan = take_down(&named(), &made(), &[], DestroyScope::default());
    assert_eq!(plan.to_do().count(), 3, "a pool that was named stays");
    assert_eq!(plan.name_to_type(), Some("machine_auth"));
}

#[test]
fn what_others_use_stays_and_is_named() {
    let mut found = made();
    let other = shared(&mut found, &["api/admin"]);
    let others = [fitting(), other];
    let stays = [
        "Delete app client machine_auth (4k2)",
        "Domain mine is kept: the pool has 1 other app client: batch; deleting it removes their token endpoint",
        "Resource server api is kept: its scopes are used by batch (api/admin)",
    ];
    let plan = take_down(&named(), &found, &others, DestroyScope::default());
    assert_eq!(told(&plan), stays);
    assert_eq!(plan.to_do().count(), 1);
    let plan = take_down(&whole(), &found, &others, DestroyScope::default());
    assert_eq!(told(&plan)[..3], stays);
    assert_eq!(
        told(&plan)[3..],
        ["User pool team is kept: it has 1 other app client: batch"]
    );
}

#[test]
fn asked_for_it_goes_all_the_same_and_its_users_are_named() {
    let mut found = made();
    let other = shared(&mut found, &["api/admin"]);
    let others = [fitting(), other];
    let also = DestroyScope { pool: false, ..ALL };
    let plan = take_down(&named(), &found, &others, also);
    let warnings: Vec<String> = plan.to_do().filter_map(Step::warning).collect();
    assert!(
        warnings[1].ends_with("of 1 app client: batch"),
        "{warnings:?}"
    );
    assert!(warnings[2].ends_with("batch (api/admin)"), "{warnings:?}");
    assert_eq!(
        take_down(&named(), &found, &others, ALL),
        plan,
        "the pool was named"
    );

    found.pool = Some(pool("team", true));
    let plan = take_down(&whole(), &found, &others, ALL);
    let operations: Vec<&str> = plan.steps.iter().filter_map(Step::operation).collect();
    assert_eq!(
        operations,
        [
            "UpdateUserPool",
            "DeleteUserPoolClient",
            "DeleteUserPoolDomain",
            "DeleteResourceServer",
            "DeleteUserPool",
        ]
    );
    let last = plan.steps[4].warning().unwrap();
    assert!(last.contains("1 app client: batch"), "{last}");
}

#[test]
fn a_pool_with_anything_else_in_it_stays() {
    let pool_stays = |change: &dyn Fn(&mut CurrentState), why: &str| {
        let mut found = made();
        change(&mut found);
        let plan = take_down(&whole(), &found, &[fitting()], DestroyScope::default());
        let told = told(&plan);
        let last = told.last().unwrap();
        assert_eq!(*last, format!("User pool team is kept: it has {why}"));
        assert!(plan.name_to_type() != Some("team"), "{told:?}");
        let plan = take_down(&whole(), &found, &[fitting()], ALL);
        assert_eq!(plan.name_to_type(), Some("team"));
    };
    pool_stays(
        &|found| found.pool = Some(pool("team", true)),
        "deletion protection",
    );
    pool_stays(
        &|found| found.pool.as_mut().unwrap().estimated_users = Some(7),
        "about 7 users",
    );
    pool_stays(
        &|found| found.pool.as_mut().unwrap().estimated_users = None,
        "an unknown number of users",
    );
    pool_stays(
        &|found| {
            let pool = found.pool.as_mut().unwrap();
            pool.lambda_triggers = vec!["PreSignUp".to_owned()];
        },
        "a trigger",
    );
    pool_stays(
        &|found| found.pool.as_mut().unwrap().dcr = Some(DcrConfiguration::default()),
        "dynamic client registration",
    );
    pool_stays(
        &|found| {
            let future = ("FutureSetting".to_owned(), "1".to_owned());
            found.pool.as_mut().unwrap().other.extend([future]);
        },
        "unknown settings: FutureSetting",
    );
    pool_stays(
        &|found| {
            found.pool.as_mut().unwrap().pre_token_trigger = Some(PreTokenTrigger {
                version: "V3_0".to_owned(),
                arn: "arn:x".to_owned(),
            });
        },
        "a trigger",
    );
    pool_stays(
        &|found| found.domains.push(domain("auth.example.com")),
        "the domain auth.example.com",
    );
    pool_stays(
        &|found| {
            found.servers.push(ResourceServer {
                identifier: "orders".to_owned(),
                name: "orders".to_owned(),
                scopes: Vec::new(),
                ..ResourceServer::default()
            });
        },
        "other scopes in orders",
    );
    pool_stays(
        &|found| {
            found.servers[0].scopes.push(Scope {
                name: "audit".to_owned(),
                description: "d".to_owned(),
            });
        },
        "other scopes in api",
    );
}

#[test]
fn a_pool_that_is_not_as_the_set_up_makes_it_stays() {
    let mut wanted = whole();
    wanted.pool = DesiredPool::Create(NewPool {
        name: "team".to_owned(),
        admin_create_only: true,
        tier: Some("LITE".to_owned()),
        username_attributes: vec!["email".to_owned()],
        tags: [("Project".to_owned(), "m2m".to_owned())].into(),
        ..NewPool::default()
    });
    let mut found = made();
    let plan = take_down(&wanted, &found, &[], DestroyScope::default());
    assert_eq!(
        told(&plan).last().unwrap(),
        "User pool team is kept: it has other values of UserPoolTags, UsernameAttributes, UserPoolTier, AllowAdminCreateUserOnly"
    );
    let there = found.pool.as_mut().unwrap();
    there.admin_create_only = true;
    there.tier = Some("LITE".to_owned());
    there.username_attributes = vec!["email".to_owned()];
    there.tags = [("Project", "m2m"), ("CostCentre", "7")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let plan = take_down(&wanted, &found, &[], DestroyScope::default());
    assert_eq!(plan.name_to_type(), Some("team"), "{plan:?}");
}

#[test]
fn scopes_stay_where_nobody_knows_who_holds_them() {
    let mut found = made();
    shared(&mut found, &[]);
    let plan = take_down(&named(), &found, &[fitting()], DestroyScope::default());
    assert_eq!(
        told(&plan)[2],
        "Resource server api is kept: one app client could not be read and may use its scopes"
    );
}

#[test]
fn of_a_server_only_the_scopes_go_that_nobody_else_holds() {
    let mut wanted = named();
    wanted.servers[0].scopes.push(Scope {
        name: "audit".to_owned(),
        description: "d".to_owned(),
    });
    let mut found = made();
    found.servers.clone_from(&wanted.servers);
    let other = shared(&mut found, &["api/audit"]);
    let plan = take_down(&wanted, &found, &[other], DestroyScope::default());
    assert_eq!(
        told(&plan)[2..],
        [
            "Resource server api is kept: its scopes are used by batch (api/audit)",
            "Change resource server api",
        ]
    );
    let details: Vec<String> = plan.steps[3]
        .details()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(details, ["Scope admin -> none"]);
}
