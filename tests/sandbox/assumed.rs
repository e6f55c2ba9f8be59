//! Unproven behaviour of AWS can be switched.

use cognitui::sandbox::Options;
use serde_json::{Value, json};

use super::api::{Api, text, with};

const PUBLISH: &str = "PublishSecretsInAWSSecretsManager";

async fn assuming(words: &str) -> Api {
    Api::with(Options {
        seed: Some(1),
        assumptions: words.parse().unwrap(),
        ..Options::default()
    })
    .await
}

async fn client(api: &Api, managed: bool) -> (Value, Value) {
    let input = json!({
        "UserPoolId": api.pool("p").await, "ClientName": "machine", "GenerateSecret": true,
        "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"], PUBLISH: managed,
    });
    let mut answer = api.ok("CreateUserPoolClient", input).await;
    let client = answer["UserPoolClient"].take();
    let key = json!({"UserPoolId": client["UserPoolId"], "ClientId": client["ClientId"]});
    (key, client)
}

async fn described(api: &Api, key: &Value) -> Value {
    let mut answer = api.ok("DescribeUserPoolClient", key.clone()).await;
    answer["UserPoolClient"].take()
}

async fn add(api: &Api, key: &Value) -> (String, String) {
    api.sandbox.advance(std::time::Duration::from_mins(1));
    let answer = api.ok("AddUserPoolClientSecret", key.clone()).await;
    let added = &answer["ClientSecretDescriptor"];
    (
        text(&added["ClientSecretId"]),
        text(&added["ClientSecretValue"]),
    )
}

async fn ids(api: &Api, key: &Value) -> Vec<String> {
    let answer = api.ok("ListUserPoolClientSecrets", key.clone()).await;
    let secrets = answer["ClientSecrets"].as_array().unwrap();
    secrets
        .iter()
        .map(|secret| text(&secret["ClientSecretId"]))
        .collect()
}

async fn delete(api: &Api, key: &Value, id: &str) {
    let input = with(key, &json!({"ClientSecretId": id}));
    api.ok("DeleteUserPoolClientSecret", input).await;
}

#[tokio::test]
async fn the_original_secret_is_followed_by_the_next_or_lost_for_good() {
    for (words, lost) in [
        ("original-secret-stays", false),
        ("original-secret-lost", true),
    ] {
        let api = assuming(words).await;
        let (key, made) = client(&api, false).await;
        let original = ids(&api, &key).await.remove(0);
        let (second, value) = add(&api, &key).await;
        assert_eq!(
            described(&api, &key).await["ClientSecret"],
            made["ClientSecret"]
        );
        delete(&api, &key, &original).await;
        let after = described(&api, &key).await;
        let shown = after.get("ClientSecret").cloned();
        assert_eq!(shown, (!lost).then(|| json!(value)), "{words}");
        assert_eq!(ids(&api, &key).await, std::slice::from_ref(&second));
        assert!(api.works(&made, &value).await, "{words}: it lives");

        // A second rotation finds the client in the same state.
        let (_, third) = add(&api, &key).await;
        delete(&api, &key, &second).await;
        let shown = described(&api, &key).await.get("ClientSecret").cloned();
        assert_eq!(shown, (!lost).then(|| json!(third)), "{words}");
    }
}

#[tokio::test]
async fn the_end_of_a_later_secret_loses_nothing() {
    let api = assuming("original-secret-lost").await;
    let (key, made) = client(&api, false).await;
    let (second, _) = add(&api, &key).await;
    delete(&api, &key, &second).await;
    assert_eq!(
        described(&api, &key).await["ClientSecret"],
        made["ClientSecret"]
    );
}

#[tokio::test]
async fn of_two_secrets_the_original_or_the_newest_is_described() {
    for (words, newest) in [
        ("original-secret-described", false),
        ("newest-secret-described", true),
    ] {
        let api = assuming(words).await;
        let (key, made) = client(&api, false).await;
        let (_, added) = add(&api, &key).await;
        let shown = described(&api, &key).await["ClientSecret"].clone();
        let expected = if newest {
            json!(added)
        } else {
            made["ClientSecret"].clone()
        };
        assert_eq!(shown, expected, "{words}");
    }
}

#[tokio::test]
async fn the_arn_is_described_or_only_returned_by_create_and_update() {
    for (words, there) in [("arn-described", true), ("arn-not-described", false)] {
        let api = assuming(words).await;
        let (key, made) = client(&api, true).await;
        let updated = api.ok("UpdateUserPoolClient", key.clone()).await;
        let arn = &made["ClientSecretArn"];
        assert_eq!(updated["UserPoolClient"]["ClientSecretArn"], *arn);
        let after = described(&api, &key).await;
        assert_eq!(
            after.get("ClientSecretArn"),
            there.then_some(arn),
            "{words}"
        );
        assert!(after.get("ClientSecret").is_none(), "{words}");
    }
}

#[tokio::test]
async fn the_arn_is_secrets_managers_or_the_models_and_leads_to_the_secret() {
    for (words, part) in [
        ("arn-of-secrets-manager", ":secret:cognito-idp!"),
        ("arn-of-the-model", ":secret/cognito-idp/"),
    ] {
        let api = assuming(words).await;
        let (_, made) = client(&api, true).await;
        let arn = text(&made["ClientSecretArn"]);
        assert!(arn.contains(part), "{arn}");
        for id in [arn.as_str(), &arn[..arn.len() - 7]] {
            let answer = api.ok("GetSecretValue", json!({"SecretId": id})).await;
            assert_eq!(answer["ARN"], made["ClientSecretArn"], "{words}");
        }
    }
}

#[tokio::test]
async fn a_rotation_keeps_the_secret_before_or_ends_it() {
    for (words, stays) in [
        ("previous-secret-stays", true),
        ("previous-secret-ends", false),
    ] {
        let api = assuming(words).await;
        let (key, made) = client(&api, true).await;
        let input = json!({"SecretId": made["ClientSecretArn"], "VersionStage": "AWSPREVIOUS"});
        let answer = api.ok("GetSecretValue", input).await;
        let kept: Value = serde_json::from_str(answer["SecretString"].as_str().unwrap()).unwrap();
        let previous = text(&kept["clientSecretValue"]);
        assert_eq!(api.works(&made, &previous).await, stays, "{words}");
        assert_eq!(ids(&api, &key).await.len(), if stays { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_managed_client_takes_secrets_by_rotation_alone_or_by_hand_too() {
    for (words, by_hand) in [
        ("managed-secrets-by-rotation,previous-secret-ends", false),
        ("managed-secrets-by-hand,previous-secret-ends", true),
    ] {
        let api = assuming(words).await;
        let (key, _) = client(&api, true).await;
        let only = ids(&api, &key).await.remove(0);
        let added = api.call("AddUserPoolClientSecret", key.clone()).await;
        let input = with(&key, &json!({"ClientSecretId": only}));
        let deleted = api.call("DeleteUserPoolClientSecret", input).await;
        assert_eq!(
            (added.is_ok(), deleted.is_ok()),
            (by_hand, by_hand),
            "{words}"
        );
        if !by_hand {
            for refusal in [added, deleted] {
                let refusal = refusal.unwrap_err();
                assert!(
                    refusal.starts_with("InvalidParameterException: The client secret is managed")
                );
            }
        }
    }
}

#[tokio::test]
async fn a_third_secret_and_the_end_of_the_last_are_refused_under_either_name() {
    for (words, third, last) in [
        (
            "",
            "LimitExceededException: ",
            "InvalidParameterException: ",
        ),
        (
            "third-secret-invalid,last-secret-limit",
            "InvalidParameterException: ",
            "LimitExceededException: ",
        ),
    ] {
        let api = assuming(words).await;
        let (key, _) = client(&api, false).await;
        let only = with(&key, &json!({"ClientSecretId": ids(&api, &key).await[0]}));
        let refusal = api.refused("DeleteUserPoolClientSecret", only).await;
        assert!(refusal.starts_with(last), "{words}: {refusal}");
        add(&api, &key).await;
        let refusal = api.refused("AddUserPoolClientSecret", key).await;
        assert!(refusal.starts_with(third), "{words}: {refusal}");
    }
}

#[tokio::test]
async fn an_update_without_tags_keeps_them_or_takes_them_away() {
    for (words, stay) in [("tags-stay", true), ("tags-lost", false)] {
        let api = assuming(words).await;
        let tags = json!({"team": "payments"});
        let input = json!({"PoolName": "p", "UserPoolTags": tags});
        let made = api.ok("CreateUserPool", input).await;
        let key = json!({"UserPoolId": made["UserPool"]["Id"]});
        api.ok("UpdateUserPool", key.clone()).await;
        let after = api.ok("DescribeUserPool", key).await;
        let expected = if stay { tags } else { json!({}) };
        assert_eq!(after["UserPool"]["UserPoolTags"], expected, "{words}");
    }
}

#[tokio::test]
async fn rotation_is_described_once_it_was_set_or_always() {
    let none = json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0});
    let on = json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": 10});
    for (words, always) in [
        ("rotation-not-described", false),
        ("rotation-described", true),
    ] {
        let api = assuming(words).await;
        let (key, made) = client(&api, false).await;
        let told = async || {
            described(&api, &key)
                .await
                .get("RefreshTokenRotation")
                .cloned()
        };
        assert_eq!(made.get("RefreshTokenRotation"), always.then_some(&none));
        api.ok("UpdateUserPoolClient", key.clone()).await;
        assert_eq!(told().await, always.then(|| none.clone()), "{words}");
        let set = with(&key, &json!({"RefreshTokenRotation": on}));
        api.ok("UpdateUserPoolClient", set).await;
        assert_eq!(told().await, Some(on.clone()), "{words}");
        for _ in 0..2 {
            api.ok("UpdateUserPoolClient", key.clone()).await;
            assert_eq!(told().await, Some(none.clone()), "{words}");
        }
    }
}

#[tokio::test]
async fn pools_are_in_the_order_of_their_ids_or_of_their_changes() {
    for (words, newest_first) in [("pools-by-id", false), ("pools-newest-first", true)] {
        let api = assuming(words).await;
        let mut made = Vec::new();
        for number in 0..5 {
            made.push(api.pool(&format!("p{number}")).await);
            api.sandbox.advance(std::time::Duration::from_mins(1));
        }
        let changed = json!({"UserPoolId": made[1]});
        api.ok("UpdateUserPool", changed).await;
        let mut expected: Vec<String> = [1, 4, 3, 2, 0].map(|at| made[at].clone()).into();
        if !newest_first {
            expected.sort();
        }
        let (mut seen, mut token) = (Vec::new(), Value::Null);
        loop {
            let input = with(&json!({"MaxResults": 2}), &json!({"NextToken": token}));
            let mut page = api.ok("ListUserPools", input).await;
            let pools = page["UserPools"].as_array().unwrap();
            seen.extend(pools.iter().map(|pool| text(&pool["Id"])));
            token = page["NextToken"].take();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(seen, expected, "{words}");
    }
}
