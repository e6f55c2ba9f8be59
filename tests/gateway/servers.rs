//! `UpdateResourceServer` replaces the name and the whole list of scopes.

use cognitui::cognito::ErrorKind;
use cognitui::domain::ids::PoolId;
use cognitui::domain::new_client::machine_auth_server;
use cognitui::domain::resource_server::{ResourceServer, Scope};
use serde_json::{Value, json};

use crate::sandbox::Demo;
use crate::stub::Stub;

fn server(scopes: &[(&str, &str)]) -> Value {
    let scopes: Vec<Value> = scopes
        .iter()
        .map(|(name, description)| json!({"ScopeName": name, "ScopeDescription": description}))
        .collect();
    json!({"ResourceServer": {"UserPoolId": "eu-west-1_A", "Identifier": "api", "Name": "Admin API", "Scopes": scopes}})
}

fn scope(name: &str) -> Scope {
    Scope {
        name: name.to_owned(),
        description: format!("new {name}"),
    }
}

#[tokio::test]
async fn adding_a_scope_sends_those_that_are_there_as_well() {
    let stub =
        Stub::start(|_, _| (200, server(&[("a", "first"), ("b", "second")]).to_string())).await;
    let gateway = stub.gateway().await;
    let pool = PoolId::new("eu-west-1_A");
    let seen = gateway.resource_server(&pool, "api").await.unwrap();
    let add = |server: &mut ResourceServer| server.scopes.push(scope("c"));
    gateway
        .update_resource_server(&pool, &seen, add)
        .await
        .unwrap();
    let expected = server(&[("a", "first"), ("b", "second"), ("c", "new c")]);
    assert_eq!(stub.calls()[2].json(), expected["ResourceServer"]);
}

#[tokio::test]
async fn a_server_is_renamed_and_its_scopes_described_again_added_and_removed() {
    let demo = Demo::start().await;
    let (gateway, pool) = (&demo.gateway, demo.team().await.id);
    let mut new = machine_auth_server();
    new.scopes.push(scope("gone"));
    let seen = gateway.create_resource_server(&pool, &new).await.unwrap();
    let changed = gateway
        .update_resource_server(&pool, &seen, |server| {
            server.identifier = "another".to_owned();
            server.name = "Renamed".to_owned();
            server.scopes.retain(|scope| scope.name != "gone");
            server.scopes[0].description = "Again".to_owned();
            server.scopes.push(scope("audit"));
        })
        .await
        .unwrap();
    let expected = ResourceServer {
        identifier: "api".to_owned(),
        name: "Renamed".to_owned(),
        scopes: vec![
            Scope {
                name: "admin".to_owned(),
                description: "Again".to_owned(),
            },
            scope("audit"),
        ],
        ..ResourceServer::default()
    };
    assert_eq!(changed, expected);
    assert_eq!(
        gateway.resource_server(&pool, "api").await.unwrap(),
        expected
    );

    let stale = gateway
        .update_resource_server(&pool, &seen, |server| server.scopes.clear())
        .await
        .unwrap_err();
    assert_eq!(stale.kind, ErrorKind::Changed);
    assert_eq!(
        stale.resource.as_deref(),
        Some(format!("{pool}, resource server api").as_str())
    );
    assert_eq!(
        gateway.resource_server(&pool, "api").await.unwrap(),
        expected
    );
}

#[tokio::test]
async fn the_order_of_scopes_is_no_change_and_no_change_is_not_sent() {
    let stub =
        Stub::start(|_, _| (200, server(&[("a", "first"), ("b", "second")]).to_string())).await;
    let gateway = stub.gateway().await;
    let pool = PoolId::new("eu-west-1_A");
    let mut seen = gateway.resource_server(&pool, "api").await.unwrap();
    seen.scopes.reverse();
    gateway
        .update_resource_server(&pool, &seen, |_| {})
        .await
        .unwrap();
    assert!(
        stub.calls()
            .iter()
            .all(|call| call.operation == "DescribeResourceServer")
    );
}
