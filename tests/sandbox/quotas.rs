//! Quotas and request rates.

use cognitui::sandbox::Options;
use serde_json::{Value, json};

use super::api::{Api, text};

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/6a1f";

async fn exceeds(api: &Api, operation: &str, input: Value) {
    let refusal = api.refused(operation, input).await;
    assert!(refusal.starts_with("LimitExceededException: "), "{refusal}");
}

#[tokio::test]
async fn a_pool_has_a_thousand_clients_and_an_account_a_thousand_pools() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let client = text(&api.client(&pool).await["ClientId"]);
    // Copies made behind the API's back: a thousand calls would prove no more.
    api.sandbox.edit(|state| {
        let original = state.pools.get_mut(&pool).unwrap();
        for number in 1..999 {
            let mut copy = original.clients[0].clone();
            copy.id = format!("{client}{number}");
            original.clients.push(copy);
        }
        let mut other = original.clone();
        other.clients.clear();
        for number in 1..999 {
            other.id = format!("{pool}{number}");
            state.pools.insert(other.id.clone(), other.clone());
        }
    });
    api.client(&pool).await;
    exceeds(
        &api,
        "CreateUserPoolClient",
        json!({"UserPoolId": pool, "ClientName": "c"}),
    )
    .await;
    api.pool("the last").await;
    exceeds(&api, "CreateUserPool", json!({"PoolName": "one too many"})).await;
}

#[tokio::test]
async fn a_pool_has_25_resource_servers_of_100_scopes() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let scopes = |count: usize| -> Value {
        (0..count)
            .map(|number| json!({"ScopeName": format!("s{number}"), "ScopeDescription": "d"}))
            .collect()
    };
    let server = |number: usize, count| json!({"UserPoolId": pool, "Identifier": format!("api-{number}"), "Name": "n", "Scopes": scopes(count)});
    let refusal = api.refused("CreateResourceServer", server(0, 101)).await;
    assert!(refusal.contains("at 'scopes' failed to satisfy constraint: Member must have length less than or equal to 100"));
    for number in 0..25 {
        api.ok("CreateResourceServer", server(number, 100)).await;
    }
    exceeds(&api, "CreateResourceServer", server(25, 0)).await;

    let allowed: Vec<String> = (0..51).map(|number| format!("api-0/s{number}")).collect();
    let client = json!({"UserPoolId": pool, "ClientName": "c", "AllowedOAuthScopes": allowed});
    let refusal = api.refused("CreateUserPoolClient", client).await;
    assert!(refusal.contains("at 'allowedOAuthScopes' failed to satisfy constraint: Member must have length less than or equal to 50"));
}

#[tokio::test]
async fn a_region_has_four_custom_domains() {
    let api = Api::start().await;
    for number in 0..5 {
        let domain = json!({
            "UserPoolId": api.pool("p").await, "Domain": format!("auth{number}.acme.example"),
            "CustomDomainConfig": {"CertificateArn": CERTIFICATE},
        });
        if number < 4 {
            api.ok("CreateUserPoolDomain", domain).await;
        } else {
            exceeds(&api, "CreateUserPoolDomain", domain).await;
        }
    }
}

#[tokio::test]
async fn rates_are_enforced_where_asked_for() {
    let api = Api::with(Options {
        enforce_rates: true,
        ..Options::default()
    })
    .await;
    let pool = api.pool("p").await;
    let mut refusals = Vec::new();
    for _ in 0..40 {
        let input = json!({"UserPoolId": pool});
        refusals.extend(api.call("ListUserPoolClients", input).await.err());
    }
    assert!(!refusals.is_empty(), "40 calls at once are all answered");
    refusals.dedup();
    assert_eq!(refusals, ["TooManyRequestsException: Rate exceeded"]);
}
