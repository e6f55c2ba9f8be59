use super::*;
use crate::sandbox::state::REGISTER_SCOPE;

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(500_000)
}

fn sample() -> State {
    load(REGION, ACCOUNT, &Assumptions::default(), now()).unwrap()
}

fn pool<'a>(state: &'a State, name: &str) -> &'a Pool {
    state.pools.values().find(|pool| pool.name == name).unwrap()
}

fn client<'a>(state: &'a State, name: &str) -> &'a Client {
    let mut named = pool(state, "acme-platform-staging")
        .clients
        .iter()
        .filter(|client| client.name == name);
    named.next().unwrap()
}

fn days_old(created: f64) -> f64 {
    (1_800_000_000.0 - created) / 86_400.0
}

/// Counts the listed scopes that are not defined.
fn inactive(pool: &Pool, client: &Client) -> usize {
    let listed = client.list("AllowedOAuthScopes");
    listed
        .iter()
        .filter(|scope| scope.contains('/') && !pool.defines(scope))
        .count()
}

#[test]
fn the_list_of_pools_scrolls_and_the_team_pool_is_not_on_the_first_page_of_ten() {
    let state = sample();
    assert!(state.pools.len() >= 15);
    let by_id = state
        .pools
        .values()
        .position(|pool| pool.name == "team06dbb7fc_userpool_06dbb7fc");
    assert!(by_id.unwrap() >= 10, "{by_id:?}");
}

#[test]
fn the_team_pool_waits_for_its_machine_client() {
    let state = sample();
    let team = pool(&state, "team06dbb7fc_userpool_06dbb7fc");
    assert!(team.servers.is_empty());
    assert!(team.clients.iter().all(|c| c.name != "machine_auth"));
    assert_eq!(state.domains["team06dbb7fc-prod"].pool, team.id);
    assert_eq!(team.clients[0].list("AllowedOAuthFlows"), ["code"]);
}

#[test]
fn production_is_healthy() {
    let state = sample();
    let prod = pool(&state, "acme-platform-prod");
    assert_eq!(prod.settings["DeletionProtection"], "ACTIVE");
    assert!(prod.clients.len() >= 10);
    assert!(prod.defines("orders/read") && prod.defines("orders/write"));
    assert!(prod.defines("https://inventory.acme.example/v1/stock.read"));
    for client in &prod.clients {
        assert_eq!(inactive(prod, client), 0, "{}", client.name);
        assert!(client.flag("AllowedOAuthFlowsUserPoolClient"));
        assert_eq!(client.list("AllowedOAuthFlows"), ["client_credentials"]);
        assert_eq!(client.secrets.len(), 1);
        assert!(
            days_old(client.secrets[0].created) <= 90.0,
            "{}",
            client.name
        );
    }
    let custom: Vec<bool> = state
        .domains
        .values()
        .filter(|domain| domain.pool == prod.id)
        .map(|domain| domain.certificate_arn.is_some())
        .collect();
    assert_eq!(custom.len(), 2);
    assert!(custom.contains(&true) && custom.contains(&false));
}

#[test]
fn staging_has_every_planted_mistake() {
    let state = sample();
    let staging = pool(&state, "acme-platform-staging");
    assert!(!client(&state, "billing-export").flag("AllowedOAuthFlowsUserPoolClient"));
    assert_eq!(inactive(staging, client(&state, "invoice-sync")), 1);
    assert!(
        client(&state, "batch-client-credentials")
            .secrets
            .is_empty()
    );
    let two = &client(&state, "warehouse-sync").secrets;
    assert_eq!(two.len(), 2);
    assert!((days_old(two[0].created) - 200.0).abs() < 0.1);
    assert!(
        client(&state, "support-console")
            .list("ExplicitAuthFlows")
            .contains(&"ALLOW_USER_PASSWORD_AUTH")
    );
    for (name, count, unit) in [
        ("price-poller", 5, "minutes"),
        ("nightly-report", 24, "hours"),
    ] {
        let settings = &client(&state, name).settings;
        assert_eq!(settings["AccessTokenValidity"], count);
        assert_eq!(settings["TokenValidityUnits"]["AccessToken"], unit);
    }
    let namesakes: Vec<&str> = staging
        .clients
        .iter()
        .filter(|client| client.name == "orders-worker")
        .map(|client| client.id.as_str())
        .collect();
    assert_eq!(namesakes.len(), 2);
    assert_ne!(namesakes[0], namesakes[1]);
    let trigger = &staging.settings["LambdaConfig"]["PreTokenGenerationConfig"];
    assert_eq!(trigger["LambdaVersion"], "V1_0");
    assert!(days_old(client(&state, "old-batch").secrets[0].created) > 3.0 * 365.0);
}

#[test]
fn one_pool_has_300_clients_and_60_scopes() {
    let state = sample();
    let fleet = pool(&state, "partner-api-prod");
    assert_eq!(fleet.clients.len(), 300);
    let scopes: usize = fleet.servers.iter().map(|server| server.scopes.len()).sum();
    assert_eq!(scopes, 60);
    let ids: std::collections::BTreeSet<&str> = fleet
        .clients
        .iter()
        .map(|client| client.id.as_str())
        .collect();
    assert_eq!(ids.len(), 300);
    for client in &fleet.clients {
        assert_eq!(inactive(fleet, client), 0);
        assert!(client.secrets[0].created >= client.created);
        let lifetime = &client.settings["AccessTokenValidity"];
        assert!([15, 30, 60, 120].iter().any(|minutes| lifetime == minutes));
    }
}

#[test]
fn one_pool_has_no_domain_and_one_client_that_needs_none() {
    let state = sample();
    let devices = pool(&state, "iot-device-gateway");
    assert!(
        state
            .domains
            .values()
            .all(|domain| domain.pool != devices.id)
    );
    let without_domain: Vec<bool> = devices
        .clients
        .iter()
        .map(|client| client.list("ExplicitAuthFlows") == ["ALLOW_CLIENT_TOKEN_AUTH"])
        .collect();
    assert_eq!(without_domain, [true, false]);
}

#[test]
fn strangers_can_register_machines_in_one_pool_and_have() {
    let state = sample();
    let open = pool(&state, "notifications-prod");
    let registration = &open.settings["DcrConfiguration"];
    assert_eq!(registration["OpenDcrEnabled"], true);
    let grants = registration["OpenDcrGrantTypes"].as_array().unwrap();
    assert!(grants.contains(&json!("client_credentials")));
    let kinds: Vec<(&str, bool)> = open
        .clients
        .iter()
        .filter(|client| client.client_type == ClientType::Dcr)
        .map(|client| (client.name.as_str(), client.secrets.is_empty()))
        .collect();
    assert_eq!(kinds, [("mail-agent", false), ("helpdesk-copilot", true)]);
    let holds = |client: &&Client| client.list("AllowedOAuthScopes") == [REGISTER_SCOPE];
    assert_eq!(open.clients.iter().filter(holds).count(), 1);
}

#[test]
fn ids_and_secrets_look_like_cognitos_and_stay_the_same() {
    let (one, two) = (
        sample(),
        load(
            REGION,
            ACCOUNT,
            &Assumptions::default(),
            now() + Duration::from_mins(1),
        )
        .unwrap(),
    );
    for (pool, later) in one.pools.values().zip(two.pools.values()) {
        assert!(pool.keys.is_empty());
        assert_eq!(unregional(&pool.id).len(), 9, "{}", pool.id);
        for (client, later) in pool.clients.iter().zip(&later.clients) {
            assert_eq!(client.id, later.id);
            assert_eq!(client.id.len(), 26);
            for (secret, later) in client.secrets.iter().zip(&later.secrets) {
                assert_eq!(secret.value, later.value);
                assert_eq!(secret.value.len(), 52);
                assert!(
                    secret
                        .value
                        .bytes()
                        .all(|b| b"0123456789abcdefghijklmnopqrstuv".contains(&b))
                );
                let (owner, epoch) = secret.id.split_once("--").unwrap();
                assert_eq!(owner, client.id);
                assert!(epoch.parse::<u64>().is_ok(), "{epoch}");
            }
        }
    }
}

#[test]
fn the_account_moves_to_another_region_with_its_secrets() {
    let here = sample();
    let there = load("us-east-2", "210987654321", &Assumptions::default(), now()).unwrap();
    let prod = pool(&there, "acme-platform-prod");
    assert!(prod.id.starts_with("us-east-2_"));
    assert_eq!(
        prod.clients[0].secrets[0].value,
        pool(&here, "acme-platform-prod").clients[0].secrets[0].value
    );
    assert!(!serde_json::to_string(&there).unwrap().contains(REGION));
}
