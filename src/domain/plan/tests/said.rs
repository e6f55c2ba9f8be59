//! What is said before anything is written.

use super::model::pool;
use crate::domain::client::tests::client;
use crate::domain::client::{
    AppClient, CLIENT_TOKEN_FLOW, ClientSummary, OAuthFlow, TimeUnit, Validity,
};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::limits;
use crate::domain::new_client::{machine_auth, machine_auth_server};
use crate::domain::objection::Objection;
use crate::domain::plan::{
    CliContext, CurrentState, DesiredPool, DesiredState, DestroyScope, Plan, Step, Target,
    delete_server, edit_client, edit_server, set_up, take_down,
};
use crate::domain::pool::{Domain, DomainOwner, NewDomain, NewPool, PoolSummary};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::secret::DescribedSecret;

pub(super) fn team() -> DesiredState {
    DesiredState {
        pool: DesiredPool::Find("team".to_owned()),
        servers: vec![machine_auth_server()],
        client: Some(machine_auth()),
        domain: None,
    }
}

pub(super) fn with(clients: &[AppClient]) -> CurrentState {
    CurrentState {
        pool: Some(pool("team", false)),
        servers: vec![machine_auth_server()],
        clients: clients
            .iter()
            .map(|client| ClientSummary {
                id: client.id.clone(),
                name: client.settings.name.clone(),
            })
            .collect(),
        namesakes: clients.to_vec(),
        ..CurrentState::default()
    }
}

fn obstacle(plan: &Plan) -> String {
    assert_eq!(plan.obstacles.len(), 1, "{plan:#?}");
    plan.obstacles[0].to_string()
}

pub(super) fn fitting() -> AppClient {
    let mut there = client(&["api/admin"]);
    there.settings.identity_providers = vec!["COGNITO".to_owned()];
    there.settings.callback_urls = vec!["https://localhost".to_owned()];
    there
}

fn changes(plan: &Plan) -> Vec<String> {
    plan.to_do()
        .flat_map(Step::details)
        .map(|detail| detail.to_string())
        .collect()
}

fn place() -> CliContext<'static> {
    CliContext {
        pool: None,
        profile: None,
        region: Some("eu-west-1"),
        endpoint: None,
    }
}

#[test]
fn a_client_that_fits_is_there_already() {
    let plan = set_up(&team(), &with(&[fitting()]));
    assert!(plan.is_settled(), "{plan:#?}");
    assert_eq!(plan.client_found().unwrap().as_str(), "4k2");
    let sentences: Vec<String> = plan.steps.iter().map(Step::sentence).collect();
    assert_eq!(
        sentences,
        [
            "User pool team exists: eu-west-1_A",
            "Resource server api exists with its scopes",
            "App client machine_auth exists: 4k2",
        ]
    );
}

#[test]
fn what_a_repair_changes_is_shown_old_and_new() {
    let mut there = fitting();
    there.settings.oauth_enabled = false;
    there.settings.scopes = vec![ScopeName::new("gone/x"), ScopeName::new("api/admin")];
    there.settings.explicit_auth_flows = vec!["ALLOW_USER_SRP_AUTH".to_owned()];
    let plan = set_up(&team(), &with(&[there]));
    assert_eq!(
        changes(&plan),
        [
            "AllowedOAuthFlowsUserPoolClient false -> true",
            "AllowedOAuthScopes - gone/x",
            "ExplicitAuthFlows + ALLOW_REFRESH_TOKEN_AUTH - ALLOW_USER_SRP_AUTH",
        ]
    );
}

#[test]
fn who_gets_tokens_by_get_client_token_goes_on_doing_so() {
    let mut there = fitting();
    there.settings.explicit_auth_flows = vec![CLIENT_TOKEN_FLOW.to_owned()];
    assert!(set_up(&team(), &with(&[there])).is_settled());
}

#[test]
fn a_scope_that_no_server_defines_is_no_reason_to_write() {
    let mut there = fitting();
    there.settings.scopes.push(ScopeName::new("gone/x"));
    assert!(set_up(&team(), &with(&[there])).is_settled());
}

#[test]
fn an_hour_is_sixty_minutes() {
    let mut wanted = team();
    wanted.client.as_mut().unwrap().access_token = Some("60 min".parse().unwrap());
    assert!(set_up(&wanted, &with(&[fitting()])).is_settled());
}

#[test]
fn users_who_lose_their_way_in_are_warned_of() {
    let mut there = fitting();
    there.settings.flows = vec![OAuthFlow::Code];
    there.settings.scopes.push(ScopeName::new("openid"));
    let plan = set_up(&team(), &with(&[there]));
    let step = plan.to_do().next().unwrap();
    assert!(step.warning().unwrap().contains("sign in"), "{step:?}");
    assert!(changes(&plan).contains(&"AllowedOAuthScopes - openid".to_owned()));
}

#[test]
fn a_namesake_without_a_secret_stands_in_the_way() {
    let mut there = fitting();
    there.secret = DescribedSecret::Absent;
    there.settings.flows = vec![OAuthFlow::Code];
    let mut found = with(&[there]);
    // A description without a secret proves nothing by itself: then Cognito decides.
    assert!(set_up(&team(), &found).obstacles.is_empty());
    found.public = vec![found.namesakes[0].id.clone()];
    let said = obstacle(&set_up(&team(), &found));
    assert!(
        said.contains("4k2 is public and cannot get a secret"),
        "{said}"
    );
    assert!(said.contains("choose another name"), "{said}");
}

#[test]
fn of_two_namesakes_an_id_says_which_is_meant() {
    let mut twin = fitting();
    twin.id = ClientId::new("twin");
    let found = with(&[fitting(), twin.clone()]);
    let said = obstacle(&set_up(&team(), &found));
    assert!(
        said.contains("2 app clients are named machine_auth: 4k2, twin"),
        "{said}"
    );
    assert!(
        obstacle(&take_down(&team(), &found, &[], DestroyScope::default())).contains("4k2, twin")
    );

    let mut wanted = team();
    wanted.client.as_mut().unwrap().name = "twin".to_owned();
    let found = CurrentState {
        namesakes: vec![twin],
        ..found
    };
    assert!(set_up(&wanted, &found).is_settled());
}

#[test]
fn a_pool_that_is_not_there_or_there_twice_is_said() {
    let none = set_up(&team(), &CurrentState::default());
    assert!(obstacle(&none).contains("no user pool matches \"team\""));
    let summary = |id: &str| PoolSummary {
        id: PoolId::new(id),
        name: "team".to_owned(),
        created: None,
        modified: None,
    };
    let two = CurrentState {
        candidates: vec![summary("eu-west-1_A"), summary("eu-west-1_B")],
        ..CurrentState::default()
    };
    assert!(obstacle(&set_up(&team(), &two)).contains("eu-west-1_A (team), eu-west-1_B (team)"));
    let create = DesiredState {
        pool: DesiredPool::Create(NewPool {
            name: "team".to_owned(),
            ..NewPool::default()
        }),
        ..team()
    };
    assert!(obstacle(&set_up(&create, &two)).contains("2 user pools match"));
    assert_eq!(set_up(&create, &CurrentState::default()).steps.len(), 3);
}

pub(super) fn domain(name: &str) -> Domain {
    Domain {
        name: name.to_owned(),
        status: Some("ACTIVE".to_owned()),
        managed_login_version: Some(1),
        ..Domain::default()
    }
}

#[test]
fn a_domain_that_cannot_be_had_is_said_before() {
    let wanted = |name: &str, version: i32| DesiredState {
        client: None,
        servers: Vec::new(),
        domain: Some(NewDomain {
            name: name.to_owned(),
            certificate_arn: None,
            managed_login_version: Some(version),
        }),
        ..team()
    };
    let mut found = with(&[]);
    assert_eq!(set_up(&wanted("mine", 2), &found).to_do().count(), 1);
    let reserved = set_up(&wanted("my-cognito", 1), &found);
    assert_eq!(
        obstacle(&reserved),
        "Domain my-cognito: The prefix cannot contain the reserved word cognito · Choose another."
    );
    found.pool.as_mut().unwrap().tier = Some("LITE".to_owned());
    assert!(obstacle(&set_up(&wanted("mine", 2), &found)).contains("LITE"));
    found.domain_owner = Some(DomainOwner {
        pool: Some(PoolId::new("eu-west-1_B")),
        account: None,
        domain: domain("mine"),
    });
    assert!(obstacle(&set_up(&wanted("mine", 1), &found)).contains("user pool eu-west-1_B has it"));
    found.domains = vec![domain("other")];
    assert!(
        obstacle(&set_up(&wanted("mine", 1), &found))
            .contains("already has the prefix domain other")
    );
    found.domains = vec![domain("mine")];
    assert!(set_up(&wanted("mine", 1), &found).is_settled());
}

#[test]
fn an_obstacle_has_the_reason_and_the_way_out_of_its_rule() {
    let mut wanted = team();
    let client = wanted.client.as_mut().unwrap();
    client.access_token = Some(Validity {
        value: 2,
        unit: TimeUnit::Days,
    });
    client.scopes.push(ScopeName::new("api/Admin"));
    wanted.servers[0].scopes[0].description = "x".repeat(300);
    let plan = set_up(&wanted, &with(&[]));
    let found: Vec<_> = plan.obstacles.iter().collect();
    assert_eq!(found.len(), 3, "{found:?}");
    for obstacle in found {
        let parts = Objection::new(&obstacle.what, &obstacle.way_out);
        assert!(parts.is_whole(), "{obstacle:?}");
    }
}

#[test]
fn a_quota_that_is_used_up_is_said_before() {
    let summary = |at: usize| ClientSummary {
        id: ClientId::new(format!("id{at}")),
        name: format!("client {at}"),
    };
    let mut found = with(&[]);
    found.clients = (0..limits::CLIENTS_PER_POOL.default).map(summary).collect();
    let plan = set_up(&team(), &found);
    assert_eq!(plan.obstacles, []);
    assert!(plan.warnings[0].contains("1000 app clients"), "{plan:?}");
    found.clients = (0..limits::CLIENTS_PER_POOL.most).map(summary).collect();
    assert!(obstacle(&set_up(&team(), &found)).contains("the maximum is 10000"));

    let mut found = with(&[]);
    found.servers[0].scopes = (0..limits::SCOPES_PER_SERVER)
        .map(|at| Scope {
            name: format!("s{at}"),
            description: "d".to_owned(),
        })
        .collect();
    assert!(obstacle(&set_up(&team(), &found)).contains("it has 100 scopes"));

    let mut there = fitting();
    there.settings.oauth_enabled = false;
    there.settings.scopes = (0..limits::SCOPES_PER_CLIENT)
        .map(|at| ScopeName::custom("many", &format!("s{at}")))
        .collect();
    let mut found = with(&[there]);
    found.servers.push(ResourceServer {
        identifier: "many".to_owned(),
        name: "many".to_owned(),
        scopes: (0..limits::SCOPES_PER_CLIENT)
            .map(|at| Scope {
                name: format!("s{at}"),
                description: "d".to_owned(),
            })
            .collect(),
        ..ResourceServer::default()
    });
    assert!(obstacle(&set_up(&team(), &found)).contains("would have 51 scopes"));
}

#[test]
fn a_server_of_more_scopes_keeps_the_others() {
    let mut found = with(&[]);
    found.servers[0].scopes.push(Scope {
        name: "audit".to_owned(),
        description: "d".to_owned(),
    });
    let plan = take_down(&team(), &found, &[], DestroyScope::default());
    assert_eq!(changes(&plan), ["Scope admin -> none"]);
}

#[test]
fn clients_are_pruned_before_a_scope_goes() {
    let servers = [machine_auth_server()];
    let target = || Target {
        id: Some(PoolId::new("eu-west-1_A")),
        name: "team".to_owned(),
    };
    let clients = [fitting()];
    let plan = delete_server(target(), &servers[0], &clients, &servers, false);
    assert!(
        plan.steps[0]
            .warning()
            .unwrap()
            .contains("machine_auth (api/admin)")
    );
    let plan = delete_server(target(), &servers[0], &clients, &servers, true);
    assert_eq!(plan.steps.len(), 2);
    assert_eq!(plan.steps[1].warning(), None);
    assert!(plan.steps[0].warning().unwrap().contains("Turns OAuth off"));
    assert!(changes(&plan).contains(
        &"AllowedOAuthScopes - api/admin (none: there is no scope to request)".to_owned()
    ));

    let mut after = servers[0].clone();
    after.name = "API".to_owned();
    after.scopes[0].name = "audit".to_owned();
    let plan = edit_server(target(), &servers[0], &after, &clients, &servers, false);
    assert_eq!(
        changes(&plan),
        [
            "Name api -> API",
            "Scope admin -> none",
            "Scope audit · Provides Admin access to machine authentication flows",
        ]
    );
    assert_eq!(
        edit_server(target(), &after, &after, &clients, &servers, true).steps,
        []
    );
}

#[test]
fn an_edit_that_cognito_would_refuse_is_refused_here() {
    let target = || Target {
        id: Some(PoolId::new("eu-west-1_A")),
        name: "team".to_owned(),
    };
    let servers = [machine_auth_server()];
    let before = fitting();
    let mut after = before.settings.clone();
    after.flows.push(OAuthFlow::Code);
    let said = obstacle(&edit_client(target(), &before, &after, &servers));
    assert!(said.contains("cannot be combined"), "{said}");
    let mut after = before.settings.clone();
    after.name = "renamed".to_owned();
    let plan = edit_client(target(), &before, &after, &servers);
    assert_eq!(changes(&plan), ["ClientName machine_auth -> renamed"]);
    assert_eq!(
        edit_client(target(), &before, &before.settings, &servers).steps,
        []
    );
}

#[test]
fn commands_quote_every_value_and_hold_every_setting() {
    let mut hostile = machine_auth();
    hostile.name = "a'b $(x)".to_owned();
    let command = Step::CreateClient(hostile).cli(place());
    assert!(
        command.contains(r"--client-name 'a'\''b $(x)'"),
        "{command}"
    );
    assert!(
        command.contains("--user-pool-id \"$USER_POOL_ID\""),
        "{command}"
    );
    assert!(
        command.contains("--query 'UserPoolClient.ClientId'"),
        "{command}"
    );

    let before = fitting();
    let mut after = before.settings.clone();
    after.read_attributes = vec!["email".to_owned()];
    after.default_redirect_uri = Some("https://localhost".to_owned());
    let update = Step::UpdateClient {
        before: Box::new(before),
        after: Box::new(after),
    };
    let id = PoolId::new("eu-west-1_A");
    let command = update.cli(CliContext {
        pool: Some(&id),
        profile: Some("team prod"),
        endpoint: Some("http://127.0.0.1:9229"),
        ..place()
    });
    for words in [
        "aws --endpoint-url 'http://127.0.0.1:9229' --profile 'team prod' --region 'eu-west-1' cognito-idp update-user-pool-client",
        "--user-pool-id 'eu-west-1_A'",
        "--client-id '4k2'",
        "--client-name 'machine_auth'",
        "--allowed-o-auth-flows-user-pool-client",
        "--allowed-o-auth-scopes 'api/admin'",
        "--explicit-auth-flows 'ALLOW_REFRESH_TOKEN_AUTH'",
        r#"--callback-urls '["https://localhost"]'"#,
        r#"--cli-input-json '{"DefaultRedirectURI":"https://localhost"}'"#,
        "--token-validity-units 'AccessToken=hours,IdToken=hours,RefreshToken=hours'",
        "--read-attributes 'email'",
    ] {
        assert!(command.contains(words), "no {words:?} in {command}");
    }
}

#[test]
fn a_set_up_says_that_it_does_not_move_an_existing_secret() {
    let mut wanted = team();
    wanted.client.as_mut().unwrap().managed_secret = true;
    let warned = |plan: &Plan| {
        plan.warnings
            .iter()
            .any(|text| text.contains("Secrets Manager"))
    };
    assert!(warned(&set_up(&wanted, &with(&[fitting()]))));
    // A new client's secret is made there.
    assert!(!warned(&set_up(&wanted, &with(&[]))));
    wanted.client.as_mut().unwrap().managed_secret = false;
    assert!(!warned(&set_up(&wanted, &with(&[fitting()]))));
}

#[test]
fn spaces_in_a_changed_value_are_seen() {
    let mut there = fitting();
    there.settings.name = "machine_auth ".to_owned();
    there.settings.callback_urls = vec!["https://a.example/".to_owned()];
    there.settings.explicit_auth_flows = vec!["ALLOW_USER_SRP_AUTH".to_owned()];
    let mut after = there.settings.clone();
    after.name = "machine_auth".to_owned();
    after.callback_urls = vec!["https://a.example/\u{a0}".to_owned()];
    after.explicit_auth_flows.clear();
    let plan = edit_client(
        Target::from(&pool("team", false)),
        &there,
        &after,
        &[machine_auth_server()],
    );
    let changes = changes(&plan);
    assert_eq!(changes[0], "ClientName \"machine_auth \" -> machine_auth");
    // Cognito takes an empty list for three flows, so it is not called none alone.
    assert!(
        changes[1].starts_with("ExplicitAuthFlows - ALLOW_USER_SRP_AUTH (none: Cognito allows")
    );
    assert_eq!(
        changes[2],
        "CallbackURLs + \"https://a.example/\\u{a0}\" - https://a.example/"
    );
}
