//! A client's secrets: at most two, and never none again.

use serde_json::{Value, json};

use super::api::{Api, text, with};

async fn machine(api: &Api) -> (Value, Value) {
    let pool = api.pool("p").await;
    let client = api.client(&pool).await;
    (
        json!({"UserPoolId": pool, "ClientId": client["ClientId"]}),
        client,
    )
}

async fn ids(api: &Api, key: &Value) -> Vec<String> {
    let answer = api.ok("ListUserPoolClientSecrets", key.clone()).await;
    let secrets = answer["ClientSecrets"].as_array().unwrap();
    assert!(
        secrets
            .iter()
            .all(|secret| secret.get("ClientSecretValue").is_none())
    );
    secrets
        .iter()
        .map(|secret| text(&secret["ClientSecretId"]))
        .collect()
}

#[tokio::test]
async fn a_secret_is_rotated() {
    let api = Api::start().await;
    let (key, client) = machine(&api).await;
    let first = ids(&api, &key).await;
    let (id, epoch) = first[0].split_once("--").unwrap();
    assert_eq!(json!(id), client["ClientId"]);
    assert!(epoch.parse::<u64>().is_ok());

    let added = api.ok("AddUserPoolClientSecret", key.clone()).await;
    let added = &added["ClientSecretDescriptor"];
    let value = text(&added["ClientSecretValue"]);
    assert!([51, 52].contains(&value.len()) && client["ClientSecret"] != json!(value));
    assert_eq!(
        ids(&api, &key).await,
        [first[0].clone(), text(&added["ClientSecretId"])]
    );

    let old = with(&key, &json!({"ClientSecretId": first[0]}));
    assert_eq!(
        api.ok("DeleteUserPoolClientSecret", old.clone()).await,
        json!({})
    );
    assert_eq!(ids(&api, &key).await, [text(&added["ClientSecretId"])]);
    let described = api.ok("DescribeUserPoolClient", key).await;
    assert_eq!(described["UserPoolClient"]["ClientSecret"], json!(value));
    assert_eq!(
        api.refused("DeleteUserPoolClientSecret", old).await,
        format!(
            "ResourceNotFoundException: Client secret {} does not exist.",
            first[0]
        )
    );
}

#[tokio::test]
async fn a_secret_of_ones_own_is_not_told_back() {
    let api = Api::start().await;
    let (key, _) = machine(&api).await;
    let own = "abcdefghijklmnopqrstuvwx+_09";
    let added = api
        .ok(
            "AddUserPoolClientSecret",
            with(&key, &json!({"ClientSecret": own})),
        )
        .await;
    assert!(
        added["ClientSecretDescriptor"]
            .get("ClientSecretValue")
            .is_none()
    );
    let state = api.sandbox.state();
    let pool = &state.pools[key["UserPoolId"].as_str().unwrap()];
    assert_eq!(pool.clients[0].secrets[1].value, own);
}

#[tokio::test]
async fn a_third_secret_and_the_end_of_the_last_are_refused() {
    let api = Api::start().await;
    let (key, _) = machine(&api).await;
    let only = with(&key, &json!({"ClientSecretId": ids(&api, &key).await[0]}));
    assert!(
        api.refused("DeleteUserPoolClientSecret", only)
            .await
            .starts_with("InvalidParameterException: The last secret")
    );
    api.ok("AddUserPoolClientSecret", key.clone()).await;
    assert!(
        api.refused("AddUserPoolClientSecret", key)
            .await
            .starts_with("LimitExceededException: ")
    );
}

#[tokio::test]
async fn a_public_client_gets_no_secret() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let public = json!({"UserPoolId": pool, "ClientName": "web"});
    let client = api.ok("CreateUserPoolClient", public).await;
    let key = json!({"UserPoolId": pool, "ClientId": client["UserPoolClient"]["ClientId"]});
    assert!(ids(&api, &key).await.is_empty());
    assert!(
        api.refused("AddUserPoolClientSecret", key)
            .await
            .starts_with("InvalidParameterException: ")
    );
}
