//! The sample account against the server's own rules: all of it could have been created through the API.

use serde_json::{Value, json};

use crate::oauth::server::{Server, answer};

/// Converts the response of Describe into an input of Update.
fn for_update(mut described: Value) -> Value {
    let members = described.as_object_mut().unwrap();
    for name in [
        "ClientSecret",
        "ClientSecretArn",
        "ClientType",
        "CreationDate",
        "LastModifiedDate",
    ] {
        members.remove(name);
    }
    described
}

#[tokio::test]
async fn every_client_can_be_read_and_written_back_but_for_the_one_with_a_deleted_scope() {
    let server = Server::start().await;
    let mut refused = Vec::new();
    for pool in server.state().pools.into_values() {
        for client in &pool.clients {
            let key = json!({ "UserPoolId": pool.id, "ClientId": client.id });
            let (status, body) = answer(server.call("DescribeUserPoolClient", &key)).await;
            assert_eq!(status, 200, "{}: {body}", client.name);
            let update = for_update(body["UserPoolClient"].clone());
            let (status, body) = answer(server.call("UpdateUserPoolClient", &update)).await;
            if status != 200 {
                refused.push((client.name.clone(), body["__type"].clone()));
            } else if for_update(body["UserPoolClient"].clone()) != update {
                panic!(
                    "{} came back as {}, not as {update}",
                    client.name, body["UserPoolClient"]
                );
            }
        }
    }
    let only = (
        "invoice-sync".to_owned(),
        json!("ScopeDoesNotExistException"),
    );
    assert_eq!(refused, [only]);
}

#[tokio::test]
async fn the_machine_client_of_team_is_one_resource_server_and_one_client_away() {
    let server = Server::start().await;
    let pool = server.pool("team06dbb7fc_userpool_06dbb7fc").id;
    let scope = json!({ "ScopeName": "admin", "ScopeDescription": "Provides Admin access to machine authentication flows" });
    let resource_server =
        json!({ "UserPoolId": pool, "Identifier": "api", "Name": "api", "Scopes": [scope] });
    let (status, body) = answer(server.call("CreateResourceServer", &resource_server)).await;
    assert_eq!(status, 200, "{body}");
    let client = json!({
        "UserPoolId": pool,
        "ClientName": "machine_auth",
        "GenerateSecret": true,
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://localhost"],
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": ["api/admin"],
        "AllowedOAuthFlowsUserPoolClient": true,
    });
    let (status, body) = answer(server.call("CreateUserPoolClient", &client)).await;
    assert_eq!(status, 200, "{body}");
    let who = server.credentials("team06dbb7fc_userpool_06dbb7fc", "machine_auth");
    let token = server.token(&who, Some("api/admin")).await;
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(&token)
        .unwrap()
        .claims;
    assert_eq!(claims["scope"], "api/admin");
}
