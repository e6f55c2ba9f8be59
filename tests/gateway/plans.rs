//! Reads the state for a plan in parallel, and applies plans, also in part.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use cognitui::cognito::{ErrorKind, PlanProgress};
use cognitui::domain::client::ClientSummary;
use cognitui::domain::new_client::{machine_auth, machine_auth_server};
use cognitui::domain::plan::{
    self, CurrentState, DesiredPool, DesiredState, Plan, Step, delete_client, edit_client,
    edit_domain, edit_server, protect, set_up,
};
use cognitui::domain::pool::NewDomain;
use cognitui::domain::preset::{Answers, PresetCatalog};
use secrecy::ExposeSecret;

use crate::sandbox::Demo;
use crate::two_writers::scope;

fn wanted(preset: &str, answers: &[(&str, &str)], pool: Option<DesiredPool>) -> DesiredState {
    let shelf = PresetCatalog::new(&[]);
    let answers: Answers = answers
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let preset = shelf.get(preset).unwrap();
    preset.wanted(&answers, pool, "eu-west-1").unwrap()
}

#[tokio::test]
async fn whatever_is_to_be_read_takes_three_rounds_at_most() {
    let demo = Demo::start().await;
    let team = demo.team().await;
    // So that there is a client to be described and a domain to be looked at.
    let made = set_up(
        &wanted("team", &[], None),
        &demo
            .gateway
            .read_plan_input(&wanted("team", &[], None))
            .await
            .unwrap(),
    );
    assert!(demo.gateway.execute(&made, |_| ()).await.failed.is_none());
    demo.sandbox.faults().set("latency=300ms".parse().unwrap());
    let round = Duration::from_millis(300);
    let start = Instant::now();
    demo.gateway.pool(&team.id).await.unwrap();
    assert!(start.elapsed() >= round, "no latency");
    for (what, wanted, rounds) in [
        (
            "by id",
            wanted("team", &[], Some(DesiredPool::This(team.id.clone()))),
            2,
        ),
        ("by name", wanted("team", &[], None), 3),
        (
            "a pool to be made, with a domain",
            wanted("plain", &[("domain", "nobodys-1")], None),
            1,
        ),
        (
            "by name, with a domain",
            wanted(
                "plain",
                &[("domain", "nobodys-1")],
                Some(DesiredPool::Find("team06dbb7fc".to_owned())),
            ),
            3,
        ),
    ] {
        // A busy machine makes a call late, never early: the fastest of a few is what counts.
        let (mut took, mut tries) = (Duration::MAX, 0);
        let most = round * rounds + round * 3 / 4;
        let mut found = CurrentState::default();
        while took >= most && tries < 5 {
            let start = Instant::now();
            found = demo.gateway.read_plan_input(&wanted).await.unwrap();
            took = took.min(start.elapsed());
            tries += 1;
        }
        assert!(
            took < most,
            "{what}: {took:?} is more than {rounds} rounds of {round:?}"
        );
        assert_eq!(
            found.pool.is_some(),
            what != "a pool to be made, with a domain"
        );
    }
}

#[tokio::test]
async fn the_secret_of_a_client_is_there_whatever_fails_after_it() {
    let demo = Demo::start().await;
    let wanted = wanted("plain", &[("domain", "acme-plain")], None);
    let plan = set_up(
        &wanted,
        &demo.gateway.read_plan_input(&wanted).await.unwrap(),
    );
    demo.sandbox
        .faults()
        .set("CreateUserPoolDomain:access-denied".parse().unwrap());
    let heard = Mutex::new(Vec::new());
    let done = demo
        .gateway
        .execute(&plan, |progress| heard.lock().unwrap().push(progress))
        .await;
    let error = done.failed.unwrap();
    assert!(error.is_access_denied(), "{error}");
    assert_eq!(
        plan.steps[done.completed].operation(),
        Some("CreateUserPoolDomain")
    );
    assert_eq!(
        *heard.lock().unwrap(),
        [
            PlanProgress::Started(0),
            PlanProgress::Finished(0),
            PlanProgress::Started(1),
            PlanProgress::Finished(1),
            PlanProgress::Started(2),
            PlanProgress::Finished(2),
            PlanProgress::Started(3),
        ]
    );
    let (pool, client) = (done.pool.unwrap(), done.client.unwrap());
    let secret = demo.gateway.secret(&pool, &client.id).await.unwrap();
    assert!(secret.expose_secret().len() > 40);
    assert!(!format!("{plan:?}").contains(secret.expose_secret()));

    demo.sandbox.faults().clear();
    let rest = set_up(
        &wanted,
        &demo.gateway.read_plan_input(&wanted).await.unwrap(),
    );
    let to_do: Vec<_> = rest.to_do().map(Step::operation).collect();
    assert_eq!(to_do, [Some("CreateUserPoolDomain")]);
    assert_eq!(rest.client_found(), Some(&client.id));
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let demo = Demo::start().await;
    let team = demo.team().await;
    let wanted = wanted("team", &[], None);
    let plan = set_up(
        &wanted,
        &demo.gateway.read_plan_input(&wanted).await.unwrap(),
    );
    let client = demo.gateway.execute(&plan, |_| ()).await.client.unwrap();
    let servers = demo.gateway.resource_servers(&team.id, None).await.unwrap();
    let mut after = client.settings.clone();
    after.name = "mine".to_owned();
    let plan = edit_client((&team).into(), &client, &after, &servers.items);
    let protect = protect(&team, team.deletion_protection == Some(false));
    demo.sandbox.edit(|state| {
        let pool = state.pools.get_mut(team.id.as_str()).unwrap();
        pool.modified += 1.0;
        for client in &mut pool.clients {
            client.modified += 1.0;
        }
    });
    for plan in [plan, protect] {
        let done = demo.gateway.execute(&plan, |_| ()).await;
        assert_eq!(done.failed.unwrap().kind, ErrorKind::Changed);
        assert_eq!(done.completed, 0);
    }
    assert!(
        demo.gateway
            .client(&team.id, &client.id)
            .await
            .unwrap()
            .settings
            .name
            == "machine_auth"
    );
}

#[tokio::test]
async fn a_plan_with_obstacles_is_not_carried_out() {
    let demo = Demo::start().await;
    let wanted = wanted("plain", &[("domain", "acme-plain")], None);
    let mut found = demo.gateway.read_plan_input(&wanted).await.unwrap();
    found.domains.clear();
    let mut plan = set_up(&wanted, &found);
    let other = demo.team().await;
    let mut blocked = found.clone();
    blocked.domain_owner = demo
        .gateway
        .domain_owner(other.prefix_domain.as_deref().unwrap())
        .await
        .unwrap();
    plan.obstacles = set_up(&wanted, &blocked).obstacles;
    assert!(
        plan.obstacles[0].what.contains(other.id.as_str()),
        "{:?}",
        plan.obstacles
    );
    let before = demo.sandbox.calls().len();
    let done = demo.gateway.execute(&plan, |_| ()).await;
    assert_eq!(done.failed.unwrap().kind, ErrorKind::Invalid);
    assert_eq!(demo.sandbox.calls().len(), before);
}

#[tokio::test]
async fn every_kind_of_step_is_confirmed_by_a_healthy_cognito() {
    let demo = Demo::start().await;
    let gateway = &demo.gateway;
    let team = demo.team().await;
    let wanted = DesiredState {
        pool: DesiredPool::This(team.id.clone()),
        servers: vec![machine_auth_server()],
        client: Some(machine_auth()),
        domain: None,
    };
    let found = gateway.read_plan_input(&wanted).await.unwrap();
    let mut seen = Vec::new();
    let mut carry = async |plan: Plan| {
        let before = demo.sandbox.calls().len();
        let done = gateway.execute(&plan, |_| ()).await;
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
    carry(protect(&team, team.deletion_protection == Some(false))).await;
    let domains = gateway.domains(&team).await.unwrap();
    let other = NewDomain {
        name: domains[0].name.clone(),
        certificate_arn: None,
        managed_login_version: Some(3 - domains[0].managed_login_version.unwrap_or(1)),
    };
    carry(edit_domain(&team, &domains[0], &other)).await;
    let summary = ClientSummary {
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
