//! Secrets Manager, through AWS's own SDK and raw requests.

mod refusals;

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_secretsmanager::primitives::Blob;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType, Tag};
use cognitui::sandbox::Options;
use serde_json::{Value, json};

use super::api::{Api, text, with};

const NAME: &str = "team/machine_auth";
const TOKEN: &str = "00000000-0000-4000-8000-00000000000";
const DAY: Duration = Duration::from_hours(24);

/// Returns the token of a request, which is the id of its version.
fn token(number: u8) -> String {
    format!("{TOKEN}{number}")
}

/// Returns the standard SDK.
fn sdk(api: &Api) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .endpoint_url(api.sandbox.url())
        .build();
    Client::from_conf(config)
}

async fn create(api: &Api, name: &str, value: &str) -> Value {
    let input = json!({"Name": name, "SecretString": value, "ClientRequestToken": token(0)});
    api.ok("CreateSecret", input).await
}

async fn put(api: &Api, number: u8, value: &str, more: &Value) -> Value {
    let input =
        json!({"SecretId": NAME, "SecretString": value, "ClientRequestToken": token(number)});
    api.ok("PutSecretValue", with(&input, more)).await
}

async fn read(api: &Api, more: &Value) -> Value {
    let input = with(&json!({"SecretId": NAME}), more);
    api.ok("GetSecretValue", input).await
}

#[tokio::test]
async fn the_sdk_makes_reads_replaces_lists_and_deletes_a_secret() {
    let api = Api::start().await;
    let sdk = sdk(&api);
    let made = sdk
        .create_secret()
        .name(NAME)
        .description("Credentials of the machine")
        .secret_string("one")
        .tags(Tag::builder().key("Owner").value("team").build())
        .send()
        .await
        .unwrap();
    let arn = made.arn().unwrap();
    let start = format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{NAME}-");
    assert_eq!(arn.strip_prefix(&start).unwrap().len(), 6);

    let put = sdk.put_secret_value().secret_id(arn).secret_string("two");
    let put = put.send().await.unwrap();
    assert_eq!(put.version_stages(), ["AWSCURRENT"]);
    assert_ne!(put.version_id(), made.version_id());

    let read = |stage| sdk.get_secret_value().secret_id(NAME).version_stage(stage);
    let now = read("AWSCURRENT").send().await.unwrap();
    assert_eq!(
        (now.secret_string(), now.version_id()),
        (Some("two"), put.version_id())
    );
    let before = read("AWSPREVIOUS").send().await.unwrap();
    assert_eq!(before.secret_string(), Some("one"));

    let described = sdk.describe_secret().secret_id(NAME).send().await.unwrap();
    assert_eq!(described.description(), Some("Credentials of the machine"));
    assert_eq!(described.tags()[0].value(), Some("team"));
    assert!(described.rotation_enabled().is_none() && described.owning_service().is_none());
    assert_eq!(described.version_ids_to_stages().unwrap().len(), 2);
    let listed = sdk.list_secrets().send().await.unwrap();
    assert_eq!(listed.secret_list()[0].arn(), Some(arn));

    let deleted = sdk.delete_secret().secret_id(arn).send().await.unwrap();
    let days = (deleted.deletion_date().unwrap().secs() - described.created_date().unwrap().secs())
        / 86_400;
    assert_eq!(days, 30);
    let refused = read("AWSCURRENT")
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert!(refused.is_invalid_request_exception(), "{refused:?}");
    sdk.restore_secret().secret_id(arn).send().await.unwrap();
    assert!(read("AWSCURRENT").send().await.is_ok());
}

#[tokio::test]
async fn bytes_come_back_as_they_went() {
    let api = Api::start().await;
    let sdk = sdk(&api);
    let bytes = Blob::new([0_u8, 255, 10, 128]);
    let make = sdk.create_secret().name(NAME).secret_binary(bytes.clone());
    make.send().await.unwrap();
    let read = sdk.get_secret_value().secret_id(NAME).send().await.unwrap();
    assert_eq!(
        (read.secret_binary(), read.secret_string()),
        (Some(&bytes), None)
    );
}

#[tokio::test]
async fn a_secret_is_found_by_name_by_arn_and_by_the_start_of_its_arn() {
    let api = Api::start().await;
    let arn = text(&create(&api, NAME, "one").await["ARN"]);
    // Its name ends as an ARN does, which is why AWS advises against such names.
    let trap = text(&create(&api, "team/machine-abcdef", "two").await["ARN"]);
    let partial = &arn[..arn.len() - 7];
    for id in [NAME, &arn, partial, &trap, "team/machine-abcdef"] {
        api.ok("DescribeSecret", json!({"SecretId": id})).await;
    }
    for id in [
        "team/machine",
        "Team/machine_auth",
        &arn[..arn.len() - 1],
        &arn.replace("eu-west-1", "us-east-1"),
        &trap[..trap.len() - 7],
    ] {
        assert_eq!(
            api.refused("DescribeSecret", json!({"SecretId": id})).await,
            "ResourceNotFoundException: Secrets Manager can't find the specified secret.",
            "{id}"
        );
    }
}

#[tokio::test]
async fn labels_move_from_version_to_version() {
    let api = Api::start().await;
    create(&api, NAME, "one").await;
    let answer = put(
        &api,
        1,
        "two",
        &json!({"VersionStages": ["AWSPENDING", "mine"]}),
    )
    .await;
    assert_eq!(answer["VersionStages"], json!(["AWSPENDING", "mine"]));
    assert_eq!(read(&api, &json!({})).await["SecretString"], "one");
    assert_eq!(
        read(&api, &json!({"VersionStage": "mine"})).await["SecretString"],
        "two"
    );
    put(
        &api,
        2,
        "three",
        &json!({"VersionStages": ["AWSCURRENT", "mine"]}),
    )
    .await;
    let described = api.ok("DescribeSecret", json!({"SecretId": NAME})).await;
    assert_eq!(
        described["VersionIdsToStages"],
        json!({
            (token(0)): ["AWSPREVIOUS"], (token(1)): ["AWSPENDING"], (token(2)): ["AWSCURRENT", "mine"],
        })
    );
    put(&api, 3, "four", &json!({})).await;
    let described = api.ok("DescribeSecret", json!({"SecretId": NAME})).await;
    let stages = &described["VersionIdsToStages"];
    // The first has lost its last label: it is not listed any more, and still read by its id.
    assert!(stages.get(token(0)).is_none(), "{stages}");
    let first = read(&api, &json!({"VersionId": token(0)})).await;
    assert_eq!(first["SecretString"], "one");
    assert!(first.get("VersionStages").is_none());
}

#[tokio::test]
async fn a_version_that_is_not_there_is_named() {
    let api = Api::start().await;
    create(&api, NAME, "one").await;
    put(&api, 1, "two", &json!({})).await;
    let start =
        "ResourceNotFoundException: Secrets Manager can't find the specified secret value for";
    for (more, expected) in [
        (json!({"VersionStage": "AWSPENDING"}), format!("{start} staging label: AWSPENDING")),
        (json!({"VersionId": token(9)}), format!("{start} VersionId: {}", token(9))),
        (
            json!({"VersionId": token(0), "VersionStage": "AWSCURRENT"}),
            "InvalidRequestException: You provided a VersionStage that is not associated to the provided VersionId."
                .to_owned(),
        ),
    ] {
        let input = with(&json!({"SecretId": NAME}), &more);
        assert_eq!(api.refused("GetSecretValue", input).await, expected);
    }
    let empty = json!({"Name": "empty", "ClientRequestToken": token(5)});
    let made = api.ok("CreateSecret", empty).await;
    assert!(made.get("VersionId").is_none(), "{made}");
    let refusal = api
        .refused("GetSecretValue", json!({"SecretId": "empty"}))
        .await;
    assert_eq!(refusal, format!("{start} staging label: AWSCURRENT"));
}

#[tokio::test]
async fn a_request_that_is_sent_twice_is_done_once() {
    let api = Api::start().await;
    let first = create(&api, NAME, "one").await;
    assert_eq!(create(&api, NAME, "one").await, first);
    let second = put(&api, 1, "two", &json!({})).await;
    put(&api, 2, "three", &json!({})).await;
    let again = put(&api, 1, "two", &json!({})).await;
    assert_eq!(again["VersionId"], second["VersionId"]);
    assert_eq!(read(&api, &json!({})).await["SecretString"], "three");
    for (operation, input) in [
        (
            "CreateSecret",
            json!({"Name": NAME, "SecretString": "other", "ClientRequestToken": token(0)}),
        ),
        (
            "PutSecretValue",
            json!({"SecretId": NAME, "SecretString": "other", "ClientRequestToken": token(1)}),
        ),
    ] {
        let refusal = api.refused(operation, input).await;
        assert!(
            refusal.starts_with("ResourceExistsException: You can't use ClientRequestToken"),
            "{refusal}"
        );
        assert!(!refusal.contains("other"), "{refusal}");
    }
    for (operation, name) in [
        ("CreateSecret", "InvalidRequestException"),
        ("PutSecretValue", "InvalidRequestException"),
        ("RotateSecret", "InvalidParameterException"),
    ] {
        let input = match operation {
            "CreateSecret" => json!({"Name": "new", "SecretString": "s"}),
            "PutSecretValue" => json!({"SecretId": NAME, "SecretString": "s"}),
            _ => json!({"SecretId": NAME}),
        };
        let refusal = api.refused(operation, input).await;
        let text = "You must provide a ClientRequestToken value. We recommend a UUID-type value.";
        assert_eq!(refusal, format!("{name}: {text}"));
    }
}

#[tokio::test]
async fn a_deletion_waits_can_be_taken_back_and_then_is_final() {
    let api = Api::start().await;
    let made = create(&api, NAME, "one").await;
    let id = json!({"SecretId": NAME});
    for (more, text) in [
        (json!({"RecoveryWindowInDays": 6}), "between 7 and 30"),
        (json!({"RecoveryWindowInDays": 31}), "between 7 and 30"),
        (
            json!({"RecoveryWindowInDays": 7, "ForceDeleteWithoutRecovery": true}),
            "in conjunction with",
        ),
    ] {
        let refusal = api.refused("DeleteSecret", with(&id, &more)).await;
        assert!(
            refusal.starts_with("InvalidParameterException: "),
            "{refusal}"
        );
        assert!(refusal.contains(text), "{refusal}");
    }
    let week = with(&id, &json!({"RecoveryWindowInDays": 7}));
    let deleted = api.ok("DeleteSecret", week.clone()).await;
    let marked = "InvalidRequestException: You can't perform this operation on the secret because it was marked for deletion.";
    for (operation, input) in [
        ("GetSecretValue", id.clone()),
        ("DeleteSecret", week.clone()),
        ("CancelRotateSecret", id.clone()),
        (
            "PutSecretValue",
            with(
                &id,
                &json!({"SecretString": "s", "ClientRequestToken": token(7)}),
            ),
        ),
        (
            "RotateSecret",
            with(&id, &json!({"ClientRequestToken": token(7)})),
        ),
    ] {
        assert_eq!(api.refused(operation, input).await, marked, "{operation}");
    }
    let taken = json!({"Name": NAME, "SecretString": "s", "ClientRequestToken": token(8)});
    assert_eq!(
        api.refused("CreateSecret", taken.clone()).await,
        "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion."
    );
    let described = api.ok("DescribeSecret", id.clone()).await;
    assert_eq!(described["DeletedDate"], deleted["DeletionDate"]);
    assert_eq!(
        api.ok("ListSecrets", json!({})).await["SecretList"],
        json!([])
    );
    let all = api
        .ok("ListSecrets", json!({"IncludePlannedDeletion": true}))
        .await;
    assert_eq!(all["SecretList"].as_array().unwrap().len(), 1);

    api.ok("RestoreSecret", id.clone()).await;
    api.sandbox.advance(DAY * 8);
    assert_eq!(read(&api, &json!({})).await["SecretString"], "one");
    api.ok("DeleteSecret", week).await;
    api.sandbox.advance(DAY * 8);
    assert!(
        api.refused("DescribeSecret", id.clone())
            .await
            .starts_with("ResourceNotFound")
    );
    let another = api.ok("CreateSecret", taken.clone()).await;
    assert_ne!(another["ARN"], made["ARN"]);

    let force = with(&id, &json!({"ForceDeleteWithoutRecovery": true}));
    api.ok("DeleteSecret", force.clone()).await;
    api.ok("CreateSecret", taken).await;
    api.ok("DeleteSecret", id).await;
    for _ in ["what is marked", "what is gone"] {
        let answer = api.ok("DeleteSecret", force.clone()).await;
        assert_eq!(answer["Name"], NAME);
    }
}

#[tokio::test]
async fn a_list_is_filtered_and_comes_in_pages() {
    let api = Api::with(Options {
        sample: true,
        ..Options::default()
    })
    .await;
    let sdk = sdk(&api);
    for name in ["alpha", "beta", "gamma"] {
        api.sandbox.advance(Duration::from_secs(1));
        create(&api, name, "s").await;
    }
    let names = async |key: &str, value: &str| -> Vec<String> {
        let filter = Filter::builder()
            .key(FilterNameStringType::from(key))
            .values(value)
            .build();
        let pages = sdk.list_secrets().filters(filter).max_results(1);
        let mut pages = pages.into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            names.extend(
                page.unwrap()
                    .secret_list()
                    .iter()
                    .map(|s| s.name().unwrap().to_owned()),
            );
        }
        names
    };
    assert_eq!(
        names("owning-service", "!cognito").await,
        ["alpha", "beta", "gamma"]
    );
    assert_eq!(names("name", "al").await, ["alpha"]);
    assert_eq!(names("owning-service", "cognito-idp").await.len(), 1);
    assert_eq!(names("tag-key", "aws:").await.len(), 1);
    let bad = api.refused("ListSecrets", json!({"NextToken": "2"})).await;
    assert!(bad.starts_with("InvalidNextTokenException: "), "{bad}");
}
