//! A client's second secret: added once, returned once, deleted.

use std::collections::BTreeMap;

use cognitui::cognito::ErrorKind;
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::new_client::{machine_auth, machine_auth_server};
use cognitui::domain::oauth::token::{ClientAuth, TokenRequest};
use cognitui::domain::pool::UserPool;
use cognitui::domain::secret::SecretDescriptor;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::sandbox::Demo;
use crate::stub::Stub;

async fn client(demo: &Demo, pool: &UserPool) -> (ClientId, SecretString) {
    let gateway = &demo.gateway;
    gateway
        .create_resource_server(&pool.id, &machine_auth_server())
        .await
        .unwrap();
    let made = gateway
        .create_client(&pool.id, &machine_auth())
        .await
        .unwrap();
    (made.client.id, made.secret.unwrap())
}

/// Returns whether the token endpoint accepts the secret.
async fn works(demo: &Demo, pool: &UserPool, client: &ClientId, secret: &SecretString) -> bool {
    let request = TokenRequest {
        pool: pool.id.clone(),
        client: client.clone(),
        endpoint: demo.gateway.token_endpoint(pool).unwrap(),
        scopes: vec![],
        auth: ClientAuth::Basic,
        metadata: BTreeMap::new(),
    };
    let reply = demo.gateway.issue(&request, secret).await.unwrap();
    reply.outcome.is_ok()
}

#[tokio::test]
async fn a_second_secret_works_beside_the_first_until_one_is_deleted() {
    let demo = Demo::start().await;
    let (gateway, pool) = (&demo.gateway, demo.team().await);
    let (id, first) = client(&demo, &pool).await;

    let added = gateway.add_secret(&pool.id, &id, None, &[]).await.unwrap();
    let second = added.value.unwrap();
    let listed: Vec<SecretDescriptor> = gateway.secrets(&pool.id, &id).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.contains(&added.descriptor));
    for secret in [&first, &second] {
        assert!(works(&demo, &pool, &id, secret).await);
    }
    let full = gateway
        .add_secret(&pool.id, &id, None, &[])
        .await
        .unwrap_err();
    assert_eq!(full.kind, ErrorKind::LimitExceeded, "{full:?}");

    let old = listed
        .iter()
        .find(|secret| **secret != added.descriptor)
        .unwrap();
    gateway.delete_secret(&pool.id, &id, &old.id).await.unwrap();
    assert!(!works(&demo, &pool, &id, &first).await);
    assert!(works(&demo, &pool, &id, &second).await);
    let last = gateway
        .delete_secret(&pool.id, &id, &added.descriptor.id)
        .await
        .unwrap_err();
    assert_eq!(last.kind, ErrorKind::Invalid, "{last:?}");
}

#[tokio::test]
async fn a_value_of_ones_own_is_taken_and_not_told_back() {
    let demo = Demo::start().await;
    let pool = demo.team().await;
    let (id, _) = client(&demo, &pool).await;
    let own = SecretString::from("0123456789_abcdefghij+XYZ");
    let added = demo
        .gateway
        .add_secret(&pool.id, &id, Some(&own), &[])
        .await
        .unwrap();
    assert!(added.value.is_none());
    assert!(works(&demo, &pool, &id, &own).await);
    assert!(!format!("{added:?}").contains("0123456789_"));
    assert!(own.expose_secret().starts_with('0'));
}

#[tokio::test]
async fn a_secret_is_added_once_even_where_the_answer_is_lost() {
    for (status, body) in [
        (500, String::new()),
        (200, "cut off".to_owned()),
        (200, json!({}).to_string()),
    ] {
        let stub = Stub::start(move |_, _| (status, body.clone())).await;
        let error = stub
            .gateway()
            .await
            .add_secret(
                &PoolId::new("eu-west-1_A"),
                &ClientId::new("4k2"),
                None,
                &[],
            )
            .await
            .unwrap_err();
        let calls = stub.calls();
        let adds = calls
            .iter()
            .filter(|call| call.operation == "AddUserPoolClientSecret");
        assert_eq!(adds.count(), 1, "{error:?}");
        assert!(error.hint.contains("may have been added"), "{error:?}");
        assert!(error.hint.contains("delete the new one"), "{error:?}");
    }
}

#[tokio::test]
async fn what_was_added_is_told_from_the_secrets_that_were_there_before() {
    let own = SecretString::from("0123456789_abcdefghij+XYZ");
    let (nothing, may_be, lost) = ("nothing was written", "may have been added", "Replace");
    // The ids before and after, and what is said of a generated and of a given value.
    for (before, after, generated, given) in [
        (&["a"][..], &["a"][..], nothing, Err(nothing)),
        (&["a"], &["a", "b"], lost, Ok("b")),
        // Another program deletes one of two: that there is one says nothing.
        (&["a"], &["b"], lost, Ok("b")),
        // There were two: that there are two says nothing.
        (&["a", "b"], &["a", "b"], nothing, Err(nothing)),
        (&["a", "b"], &["b"], nothing, Err(nothing)),
        // Another program adds one as well.
        (&["a"], &["b", "c"], may_be, Err(may_be)),
        (&["a"], &[], may_be, Err(may_be)),
    ] {
        let listed: Vec<_> = after
            .iter()
            .map(|id| json!({"ClientSecretId": id, "ClientSecretCreateDate": 1.0}))
            .collect();
        let stub = Stub::start(move |call, _| match call.operation.as_str() {
            "AddUserPoolClientSecret" => (500, String::new()),
            _ => (200, json!({"ClientSecrets": listed}).to_string()),
        })
        .await;
        let gateway = stub.gateway().await;
        let (pool, client) = (PoolId::new("eu-west-1_A"), ClientId::new("4k2"));
        let before: Vec<SecretDescriptor> = before
            .iter()
            .map(|id| SecretDescriptor {
                id: (*id).to_owned(),
                created: None,
            })
            .collect();
        let words = format!("{before:?} {after:?}");
        let error = gateway.add_secret(&pool, &client, None, &before).await;
        let hint = error.unwrap_err().hint;
        assert!(hint.contains(generated), "{words} {hint}");
        let added = gateway
            .add_secret(&pool, &client, Some(&own), &before)
            .await;
        match (added, given) {
            (Ok(added), Ok(id)) => assert_eq!(added.descriptor.id, id, "{words}"),
            (Err(error), Err(hint)) => assert!(error.hint.contains(hint), "{words} {error:?}"),
            (added, _) => panic!("{words} {added:?}"),
        }
    }
}
