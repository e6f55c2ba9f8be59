//! The errors of Secrets Manager and their messages.

use aws_sdk_secretsmanager::error::ProvideErrorMetadata;
use serde_json::json;

use super::{NAME, create, sdk, token};
use crate::api::{Api, send, with};

#[tokio::test]
async fn the_sdk_understands_every_refusal() {
    let api = Api::start().await;
    let sdk = sdk(&api);
    let missing = sdk.get_secret_value().secret_id("nothing").send().await;
    let missing = missing.unwrap_err().into_service_error();
    assert!(missing.is_resource_not_found_exception());
    assert_eq!(
        missing.message(),
        Some("Secrets Manager can't find the specified secret.")
    );
    create(&api, NAME, "one").await;
    let again = sdk
        .create_secret()
        .name(NAME)
        .secret_string("two")
        .send()
        .await;
    let again = again.unwrap_err().into_service_error();
    assert!(again.is_resource_exists_exception());
    assert!(again.message().unwrap().contains(NAME));
    let neither = sdk.put_secret_value().secret_id(NAME).send().await;
    assert!(
        neither
            .unwrap_err()
            .into_service_error()
            .is_invalid_request_exception()
    );
    let lambda = sdk.rotate_secret().secret_id(NAME).send().await;
    assert!(
        lambda
            .unwrap_err()
            .into_service_error()
            .is_invalid_request_exception()
    );
}

#[tokio::test]
async fn a_name_has_the_characters_of_a_name() {
    let api = Api::start().await;
    for name in ["Inv Name", "name?", "nöme", "a:b", "cognito-idp!mine"] {
        let input = json!({"Name": name, "SecretString": "s", "ClientRequestToken": token(1)});
        let refusal = api.refused("CreateSecret", input).await;
        assert!(
            refusal.starts_with("ValidationException: Invalid name. Must be"),
            "{name}: {refusal}"
        );
    }
    let refusal = api
        .refused("GetSecretValue", json!({"SecretId": "Inv Name"}))
        .await;
    assert!(refusal.starts_with("ValidationException: Invalid name."));
    create(&api, "Valid/_+=.@-Name-a1b2c3-", "s").await;
}

#[tokio::test]
async fn what_is_not_played_is_refused_and_named() {
    let api = Api::start().await;
    create(&api, NAME, "one").await;
    let id = json!({"SecretId": NAME});
    let made = json!({"Name": "new", "SecretString": "s", "ClientRequestToken": token(1)});
    for (operation, input, member) in [
        (
            "CreateSecret",
            with(
                &made,
                &json!({"AddReplicaRegions": [{"Region": "eu-west-3"}]}),
            ),
            "AddReplicaRegions",
        ),
        (
            "CreateSecret",
            with(&made, &json!({"Type": "partner"})),
            "Type",
        ),
        (
            "CreateSecret",
            with(&made, &json!({"Surprise": 1})),
            "Surprise",
        ),
        (
            "PutSecretValue",
            with(&id, &json!({"RotationToken": "a".repeat(36)})),
            "RotationToken",
        ),
        ("ListSecrets", json!({"SortBy": "name"}), "SortBy"),
        (
            "ListSecrets",
            json!({"Filters": [{"Key": "all", "Values": ["x"]}]}),
            "all",
        ),
        (
            "RotateSecret",
            with(
                &id,
                &json!({"ExternalSecretRotationRoleArn": "a".repeat(20)}),
            ),
            "ExternalSecretRotationRoleArn",
        ),
        (
            "DescribeSecret",
            with(&id, &json!({"Surprise": 1})),
            "Surprise",
        ),
    ] {
        let refusal = api.refused(operation, input).await;
        // What not even the model has cannot be read.
        let name = match member {
            "Surprise" => "SerializationException: ",
            _ => "InvalidParameterException: ",
        };
        assert!(refusal.starts_with(name), "{operation}: {refusal}");
        assert!(refusal.contains(member), "{operation}: {refusal}");
    }
    for operation in [
        "UpdateSecret",
        "ListSecretVersionIds",
        "ReplicateSecretToRegions",
    ] {
        assert_eq!(
            api.refused(operation, id.clone()).await,
            format!(
                "UnknownOperationException: The embedded Secrets Manager does not play {operation}."
            )
        );
    }
    assert!(!api.sandbox.state().stored.contains_key("new"));
}

#[tokio::test]
async fn limits_are_those_of_the_model() {
    let api = Api::start().await;
    for (operation, input, text) in [
        ("GetSecretValue", json!({}), "Value null at 'secretId'"),
        (
            "GetSecretValue",
            json!({"SecretId": ""}),
            "greater than or equal to 1",
        ),
        (
            "GetSecretValue",
            json!({"SecretId": "a", "VersionId": "short"}),
            "at 'versionId'",
        ),
        (
            "ListSecrets",
            json!({"MaxResults": 101}),
            "less than or equal to 100",
        ),
        (
            "ListSecrets",
            json!({"SortOrder": "up"}),
            "enum value set: [asc, desc]",
        ),
        (
            "CreateSecret",
            json!({"Name": "n", "ClientRequestToken": token(1), "SecretString": "s".repeat(65_537)}),
            "Value at 'secretString'",
        ),
    ] {
        let refusal = api.refused(operation, input).await;
        assert!(
            refusal.starts_with("ValidationException: 1 validation error detected: "),
            "{refusal}"
        );
        assert!(
            refusal.contains(text) && !refusal.contains("ssss"),
            "{refusal}"
        );
    }
    let wrong = api.refused("GetSecretValue", json!({"SecretId": 7})).await;
    assert!(wrong.starts_with("SerializationException: "), "{wrong}");
}

#[tokio::test]
async fn faults_are_in_its_own_words() {
    let api = Api::start().await;
    create(&api, NAME, "one").await;
    for (fault, refusal) in [
        (
            "GetSecretValue:throttle",
            "ThrottlingException: Rate exceeded",
        ),
        (
            "kms-denied",
            "AccessDeniedException: Access to KMS is not allowed",
        ),
        (
            "GetSecretValue:access-denied",
            "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ReadOnly/console is not authorized to \
             perform: secretsmanager:GetSecretValue on resource: team/machine_auth because no identity-based policy allows \
             the secretsmanager:GetSecretValue action",
        ),
    ] {
        api.sandbox.faults().set(fault.parse().unwrap());
        assert_eq!(
            api.refused("GetSecretValue", json!({"SecretId": NAME}))
                .await,
            refusal
        );
        api.ok("DescribeSecret", json!({"SecretId": NAME})).await;
    }
    api.sandbox.faults().set("500*1".parse().unwrap());
    let failed = api.raw("GetSecretValue", "{}").await;
    assert_eq!(failed.status, 500);
    assert_eq!(failed.json()["__type"], "InternalServiceError");
}

#[tokio::test]
async fn an_unsigned_request_reads_nothing() {
    let api = Api::start().await;
    create(&api, NAME, "one").await;
    let request = api
        .target("GetSecretValue")
        .body(json!({"SecretId": NAME}).to_string());
    let answer = send(request).await;
    assert_eq!(
        answer.json()["__type"],
        "MissingAuthenticationTokenException"
    );
}
