//! Managed secrets: Cognito keeps a client's secret in Secrets Manager and rotates it there.

use std::time::Duration;

use cognitui::sandbox::Options;
use serde_json::{Value, json};

use super::api::{Api, text, with};

const PUBLISH: &str = "PublishSecretsInAWSSecretsManager";
const WEEK: Duration = Duration::from_hours(7 * 24);

/// Returns a client that may request tokens without a domain.
fn new(pool: &str) -> Value {
    json!({
        "UserPoolId": pool, "ClientName": "machine", "GenerateSecret": true,
        "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
    })
}

async fn created(api: &Api, changes: &Value) -> Value {
    let input = with(&new(&api.pool("p").await), changes);
    let mut answer = api.ok("CreateUserPoolClient", input).await;
    answer["UserPoolClient"].take()
}

fn key(client: &Value) -> Value {
    json!({"UserPoolId": client["UserPoolId"], "ClientId": client["ClientId"]})
}

/// Updates a client with this value of the parameter.
async fn published(api: &Api, client: &Value, publish: &Value) -> Value {
    let input = with(
        &key(client),
        &json!({PUBLISH: publish, "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"]}),
    );
    let mut answer = api.ok("UpdateUserPoolClient", input).await;
    answer["UserPoolClient"].take()
}

/// Returns the value under a label of the client's secret.
async fn value(api: &Api, client: &Value, stage: &str) -> String {
    let input = json!({"SecretId": client["ClientSecretArn"], "VersionStage": stage});
    let answer = api.ok("GetSecretValue", input).await;
    let kept: Value = serde_json::from_str(answer["SecretString"].as_str().unwrap()).unwrap();
    assert_eq!(kept["userPoolId"], client["UserPoolId"]);
    assert_eq!(kept["userPoolClientId"], client["ClientId"]);
    assert_eq!(kept.as_object().unwrap().len(), 3);
    text(&kept["clientSecretValue"])
}

async fn count(api: &Api, client: &Value) -> usize {
    let answer = api.ok("ListUserPoolClientSecrets", key(client)).await;
    answer["ClientSecrets"].as_array().unwrap().len()
}

async fn described(api: &Api, client: &Value) -> Value {
    let secret = json!({"SecretId": client["ClientSecretArn"]});
    api.ok("DescribeSecret", secret).await
}

#[tokio::test]
async fn a_client_is_made_with_a_managed_secret_that_is_rotated_at_once() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    assert!(client.get("ClientSecret").is_none(), "{client}");
    assert!(client.get(PUBLISH).is_none(), "{client}");
    let arn = text(&client["ClientSecretArn"]);
    assert!(arn.starts_with("arn:aws:secretsmanager:eu-west-1:123456789012:secret:"));
    let mut again = api.ok("DescribeUserPoolClient", key(&client)).await;
    assert_eq!(again["UserPoolClient"].take(), client);

    let secret = described(&api, &client).await;
    assert_eq!(secret["OwningService"], "cognito-idp");
    assert_eq!(secret["RotationEnabled"], true);
    assert_eq!(
        secret["RotationRules"],
        json!({"AutomaticallyAfterDays": 7})
    );
    let (last, next) = (&secret["LastRotatedDate"], &secret["NextRotationDate"]);
    let days = (next.as_f64().unwrap() - last.as_f64().unwrap()) / 86_400.0;
    assert!((days - 7.0).abs() < 1e-6, "{secret}");
    let stages: Vec<&Value> = secret["VersionIdsToStages"]
        .as_object()
        .unwrap()
        .values()
        .collect();
    assert_eq!(stages.len(), 2, "{secret}");
    assert!(stages.contains(&&json!(["AWSCURRENT", "AWSPENDING"])));
    assert!(stages.contains(&&json!(["AWSPREVIOUS"])));

    let current = value(&api, &client, "AWSCURRENT").await;
    let previous = value(&api, &client, "AWSPREVIOUS").await;
    assert_ne!(current, previous);
    assert!(api.works(&client, &current).await);
    assert!(api.works(&client, &previous).await);
    assert_eq!(count(&api, &client).await, 2);
}

#[tokio::test]
async fn a_secret_is_moved_in_and_of_two_the_older_is_deleted() {
    let api = Api::start().await;
    let client = created(&api, &json!({})).await;
    let original = text(&client["ClientSecret"]);
    let moved = published(&api, &client, &json!(true)).await;
    assert!(moved.get("ClientSecret").is_none(), "{moved}");
    assert_eq!(value(&api, &moved, "AWSPREVIOUS").await, original);
    assert!(api.works(&client, &original).await);

    let client = created(&api, &json!({})).await;
    let original = text(&client["ClientSecret"]);
    api.sandbox.advance(Duration::from_mins(1));
    let added = api.ok("AddUserPoolClientSecret", key(&client)).await;
    let added = text(&added["ClientSecretDescriptor"]["ClientSecretValue"]);
    api.sandbox.advance(Duration::from_mins(1));
    let moved = published(&api, &client, &json!(true)).await;
    assert_eq!(value(&api, &moved, "AWSPREVIOUS").await, added);
    assert!(!api.works(&client, &original).await);
    assert!(api.works(&client, &added).await);
    let current = value(&api, &moved, "AWSCURRENT").await;
    assert!(api.works(&client, &current).await);
}

#[tokio::test]
async fn an_update_that_says_nothing_or_the_same_again_moves_and_rotates_nothing() {
    let api = Api::start().await;
    let plain = created(&api, &json!({})).await;
    for publish in [json!(null), json!(false)] {
        let client = published(&api, &plain, &publish).await;
        assert_eq!(client["ClientSecret"], plain["ClientSecret"]);
    }
    let managed = created(&api, &json!({PUBLISH: true})).await;
    let before = described(&api, &managed).await;
    for publish in [json!(null), json!(true)] {
        let client = published(&api, &managed, &publish).await;
        assert_eq!(client["ClientSecretArn"], managed["ClientSecretArn"]);
        assert_eq!(described(&api, &managed).await, before);
    }
}

#[tokio::test]
async fn a_secret_is_moved_out_and_secrets_manager_has_it_no_more() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    let current = value(&api, &client, "AWSCURRENT").await;
    let previous = value(&api, &client, "AWSPREVIOUS").await;
    let out = published(&api, &client, &json!(false)).await;
    assert!(out.get("ClientSecretArn").is_none(), "{out}");
    assert_eq!(out["ClientSecret"], json!(current));
    let mut again = api.ok("DescribeUserPoolClient", key(&client)).await;
    assert_eq!(again["UserPoolClient"].take(), out);
    assert!(api.works(&client, &current).await && api.works(&client, &previous).await);
    for operation in ["GetSecretValue", "DescribeSecret", "RestoreSecret"] {
        let secret = json!({"SecretId": client["ClientSecretArn"]});
        assert_eq!(
            api.refused(operation, secret).await,
            "ResourceNotFoundException: Secrets Manager can't find the specified secret."
        );
    }
    // In again, it is another secret.
    let again = published(&api, &client, &json!(true)).await;
    assert_ne!(again["ClientSecretArn"], client["ClientSecretArn"]);
}

#[tokio::test]
async fn only_a_generated_secret_is_managed() {
    let api = Api::start().await;
    let own = json!({"GenerateSecret": null, "ClientSecret": "abcdefghijklmnopqrstuvwx"});
    let public = json!({"GenerateSecret": null});
    for without in [own, public] {
        let pool = api.pool("p").await;
        let input = with(&with(&new(&pool), &without), &json!({PUBLISH: true}));
        let refusal = api.refused("CreateUserPoolClient", input).await;
        assert!(
            refusal.starts_with("InvalidParameterException: Publish"),
            "{refusal}"
        );
        assert!(api.sandbox.state().pools[&pool].clients.is_empty());

        let client = created(&api, &without).await;
        let input = with(&key(&client), &json!({PUBLISH: true}));
        let refusal = api.refused("UpdateUserPoolClient", input).await;
        assert!(
            refusal.starts_with("InvalidParameterException: Publish"),
            "{refusal}"
        );
    }
}

#[tokio::test]
async fn a_rotation_on_request_makes_a_new_secret_and_keeps_the_one_before() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    let first = value(&api, &client, "AWSPREVIOUS").await;
    let second = value(&api, &client, "AWSCURRENT").await;
    let token = "11111111-1111-4111-8111-111111111111";
    let rotate = json!({"SecretId": client["ClientSecretArn"], "ClientRequestToken": token});
    let answer = api.ok("RotateSecret", rotate.clone()).await;
    assert_eq!(answer["VersionId"], token);
    let third = value(&api, &client, "AWSCURRENT").await;
    assert_eq!(value(&api, &client, "AWSPREVIOUS").await, second);
    assert!(!api.works(&client, &first).await);
    assert!(api.works(&client, &second).await && api.works(&client, &third).await);
    // The same request sent again is the same rotation.
    assert_eq!(api.ok("RotateSecret", rotate).await, answer);
    assert_eq!(value(&api, &client, "AWSCURRENT").await, third);
    assert_eq!(
        described(&api, &client).await["VersionIdsToStages"][token],
        json!(["AWSCURRENT", "AWSPENDING"])
    );
}

#[tokio::test]
async fn a_secret_is_rotated_every_week_by_the_clock() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    let first = value(&api, &client, "AWSCURRENT").await;
    api.sandbox.advance(Duration::from_hours(7 * 24 - 1));
    assert_eq!(value(&api, &client, "AWSCURRENT").await, first);
    let due = described(&api, &client).await["NextRotationDate"].clone();

    api.sandbox.advance(Duration::from_hours(2));
    let second = value(&api, &client, "AWSCURRENT").await;
    assert_eq!(value(&api, &client, "AWSPREVIOUS").await, first);
    assert!(api.works(&client, &first).await && api.works(&client, &second).await);
    let secret = described(&api, &client).await;
    assert_eq!(secret["LastRotatedDate"], due);

    // A year without a request: it was rotated all the same, and the values of before are refused.
    api.sandbox.advance(WEEK * 52);
    let last = value(&api, &client, "AWSCURRENT").await;
    assert!(!api.works(&client, &first).await && !api.works(&client, &second).await);
    assert!(api.works(&client, &last).await);
    let next = described(&api, &client).await["NextRotationDate"]
        .as_f64()
        .unwrap();
    let missed = (next - due.as_f64().unwrap()) / WEEK.as_secs_f64();
    assert!((missed - 53.0).abs() < 1e-6, "{missed}");
}

#[tokio::test]
async fn rotation_is_rescheduled_and_turned_off_in_secrets_manager() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    let id = json!({"SecretId": client["ClientSecretArn"]});
    let first = value(&api, &client, "AWSCURRENT").await;
    let rotate = |rules: Value| {
        with(
            &id,
            &json!({
                "ClientRequestToken": "22222222-2222-4222-8222-222222222222",
                "RotateImmediately": false, "RotationRules": rules,
            }),
        )
    };
    let hours = rotate(json!({"ScheduleExpression": "rate(12 hours)"}));
    api.ok("RotateSecret", hours).await;
    assert_eq!(value(&api, &client, "AWSCURRENT").await, first);
    let rules = &described(&api, &client).await["RotationRules"];
    assert_eq!(*rules, json!({"ScheduleExpression": "rate(12 hours)"}));
    api.sandbox.advance(Duration::from_hours(13));
    let second = value(&api, &client, "AWSCURRENT").await;
    assert_ne!(second, first);

    api.ok("CancelRotateSecret", id.clone()).await;
    api.sandbox.advance(WEEK * 10);
    let secret = described(&api, &client).await;
    assert_eq!(secret["RotationEnabled"], false);
    assert!(secret.get("NextRotationDate").is_none(), "{secret}");
    assert_eq!(value(&api, &client, "AWSCURRENT").await, second);
    let refusal = api.refused("CancelRotateSecret", id.clone()).await;
    assert!(
        refusal.starts_with("InvalidRequestException: "),
        "{refusal}"
    );

    api.ok(
        "RotateSecret",
        rotate(json!({"AutomaticallyAfterDays": 30})),
    )
    .await;
    let secret = described(&api, &client).await;
    assert_eq!(secret["RotationEnabled"], true);
    assert_eq!(
        secret["RotationRules"],
        json!({"AutomaticallyAfterDays": 30})
    );
    for (rules, name) in [
        (
            json!({"ScheduleExpression": "cron(0 8 1 * ? *)"}),
            "cron(0 8 1 * ? *)",
        ),
        (
            json!({"ScheduleExpression": "rate(3 hours)"}),
            "rate(3 hours)",
        ),
        (
            json!({"AutomaticallyAfterDays": 7, "Duration": "3h"}),
            "Duration",
        ),
        (
            json!({"AutomaticallyAfterDays": 7, "ScheduleExpression": "rate(7 days)"}),
            "both",
        ),
    ] {
        let refusal = api.refused("RotateSecret", rotate(rules)).await;
        assert!(
            refusal.starts_with("InvalidParameterException: "),
            "{refusal}"
        );
        assert!(refusal.contains(name), "{refusal}");
    }
}

#[tokio::test]
async fn rotation_can_be_hurried() {
    let api = Api::with(Options {
        sample: true,
        managed_rotation_every: Some(Duration::from_secs(5)),
        ..Options::default()
    })
    .await;
    let of_sample = |api: &Api| {
        let stored = api.sandbox.state().stored;
        let kept = stored.into_values().next().unwrap();
        kept.labelled("AWSCURRENT").unwrap().id.clone()
    };
    let before = of_sample(&api);
    let client = created(&api, &json!({PUBLISH: true})).await;
    let first = value(&api, &client, "AWSCURRENT").await;
    api.sandbox.advance(Duration::from_secs(6));
    assert_ne!(value(&api, &client, "AWSCURRENT").await, first);
    assert_ne!(
        of_sample(&api),
        before,
        "the sample's secret is rotated, too"
    );
}

#[tokio::test]
async fn a_rotation_that_fails_leaves_a_label_without_a_value_and_is_tried_again() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    let id = json!({"SecretId": client["ClientSecretArn"]});
    let current = value(&api, &client, "AWSCURRENT").await;
    api.sandbox
        .faults()
        .set("ManagedRotation:500".parse().unwrap());
    let token = "33333333-3333-4333-8333-333333333333";
    let rotate = with(&id, &json!({"ClientRequestToken": token}));
    assert_eq!(
        api.ok("RotateSecret", rotate.clone()).await["VersionId"],
        token
    );
    assert_eq!(value(&api, &client, "AWSCURRENT").await, current);
    let secret = described(&api, &client).await;
    assert_eq!(secret["VersionIdsToStages"][token], json!(["AWSPENDING"]));
    let date = |name: &str| secret[name].as_f64().unwrap();
    assert!(
        date("NextRotationDate") - date("LastRotatedDate") < 60.0,
        "{secret}"
    );
    let pending = with(&id, &json!({"VersionStage": "AWSPENDING"}));
    assert_eq!(
        api.refused("GetSecretValue", pending).await,
        "ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: AWSPENDING"
    );
    let other = with(
        &id,
        &json!({"ClientRequestToken": "44444444-4444-4444-8444-444444444444"}),
    );
    let refusal = api.refused("RotateSecret", other).await;
    assert!(refusal.starts_with("InvalidRequestException: A previous rotation isn't complete."));

    api.sandbox.faults().clear();
    let rotated = value(&api, &client, "AWSCURRENT").await;
    assert_ne!(rotated, current);
    assert!(api.works(&client, &rotated).await && api.works(&client, &current).await);
    let stages = &described(&api, &client).await["VersionIdsToStages"];
    assert_eq!(stages[token], json!(["AWSCURRENT", "AWSPENDING"]));
}

#[tokio::test]
async fn only_cognito_changes_or_deletes_a_managed_secret() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    let id = json!({"SecretId": client["ClientSecretArn"]});
    let before = described(&api, &client).await;
    let token = "55555555-5555-4555-8555-555555555555";
    for (operation, changes) in [
        (
            "PutSecretValue",
            json!({"ClientRequestToken": token, "SecretString": "mine"}),
        ),
        ("DeleteSecret", json!({})),
        ("DeleteSecret", json!({"ForceDeleteWithoutRecovery": true})),
    ] {
        let refusal = api.refused(operation, with(&id, &changes)).await;
        assert!(
            refusal.starts_with("InvalidRequestException: "),
            "{refusal}"
        );
        assert!(refusal.contains("managed by cognito-idp"), "{refusal}");
    }
    let lambda = json!({"ClientRequestToken": token, "RotationLambdaARN": "arn:aws:lambda:eu-west-1:123456789012:function:mine"});
    let refusal = api.refused("RotateSecret", with(&id, &lambda)).await;
    assert!(
        refusal.starts_with("InvalidParameterException: "),
        "{refusal}"
    );
    assert_eq!(described(&api, &client).await, before);
}

#[tokio::test]
async fn a_managed_secret_goes_with_its_client_and_its_pool() {
    let api = Api::start().await;
    let client = created(&api, &json!({PUBLISH: true})).await;
    api.ok("DeleteUserPoolClient", key(&client)).await;
    assert!(api.sandbox.state().stored.is_empty());
    let client = created(&api, &json!({PUBLISH: true})).await;
    let pool = json!({"UserPoolId": client["UserPoolId"]});
    api.ok("DeleteUserPool", pool).await;
    assert!(api.sandbox.state().stored.is_empty());
}

#[tokio::test]
async fn the_sample_has_a_managed_secret_and_one_that_is_not_shown() {
    let api = Api::with(Options {
        sample: true,
        ..Options::default()
    })
    .await;
    let state = api.sandbox.state();
    let find = |name: &str| {
        let pools = state.pools.values();
        let clients = pools.flat_map(|pool| pool.clients.iter().map(move |client| (pool, client)));
        let mut named = clients.filter(|(_, client)| client.name == name);
        let (pool, client) = named.next().unwrap();
        (
            json!({"UserPoolId": pool.id, "ClientId": client.id}),
            client,
        )
    };
    let (managed, client) = find("push-gateway");
    let answer = api.ok("DescribeUserPoolClient", managed).await;
    let described_client = &answer["UserPoolClient"];
    let current = value(&api, described_client, "AWSCURRENT").await;
    assert_eq!(current, client.secrets[1].value);
    assert_eq!(
        value(&api, described_client, "AWSPREVIOUS").await,
        client.secrets[0].value
    );
    let secret = described(&api, described_client).await;
    let days = |name: &str| secret[name].as_f64().unwrap() / 86_400.0;
    assert!((days("NextRotationDate") - days("LastRotatedDate") - 7.0).abs() < 1e-6);

    let (hidden, client) = find("bid-sync");
    let answer = api.ok("DescribeUserPoolClient", hidden.clone()).await;
    assert!(answer["UserPoolClient"].get("ClientSecret").is_none());
    assert!(answer["UserPoolClient"].get("ClientSecretArn").is_none());
    let listed = api.ok("ListUserPoolClientSecrets", hidden).await;
    assert_eq!(listed["ClientSecrets"].as_array().unwrap().len(), 1);
    assert_eq!(client.secrets.len(), 1);
}
