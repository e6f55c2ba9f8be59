//! Lists to their end, page by page.

use serde_json::{Value, json};

use super::api::{Api, text, with};

/// Returns every item of the list, and the number of pages.
async fn drain(api: &Api, operation: &str, input: &Value, list: &str) -> (Vec<Value>, usize) {
    let (mut items, mut pages) = (Vec::new(), 0);
    let mut token = Value::Null;
    loop {
        let answer = api
            .ok(operation, with(input, &json!({"NextToken": token})))
            .await;
        items.extend(answer[list].as_array().unwrap().clone());
        pages += 1;
        token = answer["NextToken"].clone();
        if token.is_null() {
            return (items, pages);
        }
    }
}

#[tokio::test]
async fn every_list_can_be_read_to_its_end() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    for number in 1..=7 {
        api.pool("another").await;
        api.client(&pool).await;
        api.ok(
            "CreateResourceServer",
            json!({"UserPoolId": pool, "Identifier": format!("server-{number}"), "Name": "s"}),
        )
        .await;
    }
    for (operation, list, total) in [
        ("ListUserPools", "UserPools", 8),
        ("ListUserPoolClients", "UserPoolClients", 7),
        ("ListResourceServers", "ResourceServers", 7),
    ] {
        let mut input = json!({"MaxResults": 3});
        if operation != "ListUserPools" {
            input["UserPoolId"] = json!(pool);
        }
        let (mut items, pages) = drain(&api, operation, &input, list).await;
        assert_eq!((items.len(), pages), (total, 3), "{operation}");
        items.dedup();
        assert_eq!(items.len(), total, "{operation} repeats itself");
    }
}

#[tokio::test]
async fn a_full_last_page_promises_no_more() {
    let api = Api::start().await;
    for _ in 0..4 {
        api.pool("p").await;
    }
    let input = json!({"MaxResults": 2});
    assert_eq!(drain(&api, "ListUserPools", &input, "UserPools").await.1, 2);
}

#[tokio::test]
async fn pages_have_a_size_without_being_asked() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    for _ in 0..61 {
        api.client(&pool).await;
    }
    let answer = api
        .ok("ListUserPoolClients", json!({"UserPoolId": pool}))
        .await;
    assert_eq!(answer["UserPoolClients"].as_array().unwrap().len(), 60);
    assert!(answer["NextToken"].is_string());
}

#[tokio::test]
async fn a_token_of_another_list_or_none_at_all_is_refused() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let other = api.pool("q").await;
    for pool in [&pool, &other] {
        api.client(pool).await;
        api.client(pool).await;
    }
    let first = api
        .ok(
            "ListUserPoolClients",
            json!({"UserPoolId": pool, "MaxResults": 1}),
        )
        .await;
    let token = text(&first["NextToken"]);
    let refusal = "InvalidParameterException: Invalid pagination token.";
    let clients = |pool: &str, token: &str| json!({"UserPoolId": pool, "NextToken": token});
    for input in [
        clients(&other, &token),
        clients(&pool, "1"),
        clients(&pool, "Zm9v"),
    ] {
        assert_eq!(api.refused("ListUserPoolClients", input).await, refusal);
    }
    let pools = json!({"MaxResults": 1, "NextToken": token});
    assert_eq!(api.refused("ListUserPools", pools).await, refusal);
}
