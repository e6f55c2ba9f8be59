//! Resource servers and scopes.

use serde_json::{Value, json};

use super::api::Api;

fn scope(name: &str) -> Value {
    json!({"ScopeName": name, "ScopeDescription": format!("May {name}")})
}

#[tokio::test]
async fn a_server_lives_and_dies() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let server = json!({
        "UserPoolId": pool, "Identifier": "https://inventory.acme.example/v1", "Name": "Inventory",
        "Scopes": [scope("read"), scope("write")],
    });
    let made = api.ok("CreateResourceServer", server.clone()).await;
    assert_eq!(made, json!({"ResourceServer": server}));
    let key = json!({"UserPoolId": pool, "Identifier": server["Identifier"]});
    assert_eq!(api.ok("DescribeResourceServer", key.clone()).await, made);
    let list = api
        .ok("ListResourceServers", json!({"UserPoolId": pool}))
        .await;
    assert_eq!(list, json!({"ResourceServers": [server]}));
    assert_eq!(
        api.ok("DeleteResourceServer", key.clone()).await,
        Value::Null
    );
    let gone = "ResourceNotFoundException: Resource server https://inventory.acme.example/v1 does not exist.";
    for operation in ["DescribeResourceServer", "DeleteResourceServer"] {
        assert_eq!(api.refused(operation, key.clone()).await, gone);
    }
}

#[tokio::test]
async fn an_update_replaces_the_whole_list_of_scopes() {
    let api = Api::start().await;
    let pool = api.pool_with_api().await;
    let update = |scopes: Value| json!({"UserPoolId": pool, "Identifier": "api", "Name": "renamed", "Scopes": scopes});
    let answer = api
        .ok("UpdateResourceServer", update(json!([scope("admin")])))
        .await;
    assert_eq!(answer["ResourceServer"]["Scopes"], json!([scope("admin")]));
    assert_eq!(answer["ResourceServer"]["Name"], "renamed");
    let answer = api.ok("UpdateResourceServer", update(Value::Null)).await;
    assert_eq!(answer["ResourceServer"]["Scopes"], json!([]));
    let nameless = json!({"UserPoolId": pool, "Identifier": "api"});
    assert_eq!(
        api.refused("UpdateResourceServer", nameless).await,
        "InvalidParameterException: 1 validation error detected: Value null at 'name' failed to satisfy constraint: \
         Member must not be null"
    );
}

#[tokio::test]
async fn what_is_taken_twice_or_missing_is_refused() {
    let api = Api::start().await;
    let pool = api.pool_with_api().await;
    let server = |pool: &str, identifier: &str| json!({"UserPoolId": pool, "Identifier": identifier, "Name": "n", "Scopes": [scope("a"), scope("a")]});
    assert_eq!(
        api.refused("CreateResourceServer", server(&pool, "new"))
            .await,
        "InvalidParameterException: Duplicate scope name: a"
    );
    let again = json!({"UserPoolId": pool, "Identifier": "api", "Name": "n"});
    assert_eq!(
        api.refused("CreateResourceServer", again).await,
        format!("InvalidParameterException: api already exists in user pool {pool}.")
    );
    let missing = json!({"UserPoolId": pool, "Identifier": "none", "Name": "n"});
    assert_eq!(
        api.refused("UpdateResourceServer", missing).await,
        "ResourceNotFoundException: Resource server none does not exist."
    );
    let none = "eu-west-1_none";
    for (operation, input) in [
        ("CreateResourceServer", server(none, "x")),
        ("UpdateResourceServer", server(none, "x")),
        ("ListResourceServers", json!({"UserPoolId": none})),
    ] {
        assert_eq!(
            api.refused(operation, input).await,
            "ResourceNotFoundException: User pool eu-west-1_none does not exist."
        );
    }
}

#[tokio::test]
async fn a_scope_in_use_can_be_deleted_and_stays_listed() {
    let api = Api::start().await;
    let pool = api.pool_with_api().await;
    let client = json!({
        "UserPoolId": pool, "ClientName": "c", "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["api/read"],
    });
    let made = api.ok("CreateUserPoolClient", client).await;
    api.ok(
        "DeleteResourceServer",
        json!({"UserPoolId": pool, "Identifier": "api"}),
    )
    .await;
    let key = json!({"UserPoolId": pool, "ClientId": made["UserPoolClient"]["ClientId"]});
    assert_eq!(api.ok("DescribeUserPoolClient", key).await, made);
    assert!(!api.sandbox.state().pools[&pool].defines("api/read"));
}

#[tokio::test]
async fn what_cognito_manages_is_read_and_not_written() {
    let api = Api::start().await;
    let pool = api.pool_with_api().await;
    api.sandbox.edit(|state| {
        let server = &mut state.pools.get_mut(&pool).unwrap().servers[0];
        server.managed_by = Some("COGNITO".to_owned());
    });
    let key = json!({"UserPoolId": pool, "Identifier": "api"});
    let before = api.ok("DescribeResourceServer", key.clone()).await;
    assert_eq!(before["ResourceServer"]["ManagedBy"], "COGNITO");
    let update = json!({"UserPoolId": pool, "Identifier": "api", "Name": "mine"});
    for (operation, input) in [
        ("UpdateResourceServer", update),
        ("DeleteResourceServer", key.clone()),
    ] {
        let refusal = api.refused(operation, input).await;
        assert!(
            refusal.starts_with("InvalidParameterException: "),
            "{refusal}"
        );
    }
    assert_eq!(api.ok("DescribeResourceServer", key).await, before);
}
