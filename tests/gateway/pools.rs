//! Pools: created once, updated without losing a setting, deleted only if Cognito allows it.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::operation::update_user_pool::builders::UpdateUserPoolInputBuilder;
use cognitui::cognito::ErrorKind;
use cognitui::domain::ids::PoolId;
use cognitui::domain::pool::{NewDomain, NewPool};
use serde_json::{Value, json};

use crate::sandbox::Demo;
use crate::stub::{Answer, Stub};

const POOL: &str = "eu-west-1_A";

fn new_pool() -> NewPool {
    NewPool {
        name: "machines".to_owned(),
        admin_create_only: true,
        deletion_protection: true,
        tier: Some("PLUS".to_owned()),
        username_attributes: vec!["email".to_owned()],
        tags: BTreeMap::from([("team".to_owned(), "platform".to_owned())]),
    }
}

#[tokio::test]
async fn a_pool_is_made_with_what_was_asked_for_and_nothing_else() {
    let made = format!(r#"{{"UserPool":{{"Id":"{POOL}","Name":"machines"}}}}"#);
    let stub = Stub::start(move |_, _| (200, made.clone())).await;
    let gateway = stub.gateway().await;
    let pool = gateway.create_pool(&new_pool()).await.unwrap();
    assert_eq!((pool.id.as_str(), pool.name.as_str()), (POOL, "machines"));
    let plain = NewPool {
        name: "plain".to_owned(),
        ..NewPool::default()
    };
    gateway.create_pool(&plain).await.unwrap();
    let calls = stub.calls();
    assert_eq!(
        calls[0].json(),
        json!({
            "PoolName": "machines",
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true},
            "DeletionProtection": "ACTIVE",
            "UserPoolTier": "PLUS",
            "UsernameAttributes": ["email"],
            "UserPoolTags": {"team": "platform"},
        })
    );
    assert_eq!(calls[1].json(), json!({"PoolName": "plain"}));
}

#[tokio::test]
async fn a_pool_is_made_once_even_where_the_answer_is_lost() {
    for (status, body) in [(500, ""), (200, "cut off"), (200, "{}")] {
        let stub = Stub::start(move |_, _| (status, body.to_owned())).await;
        let error = stub
            .gateway()
            .await
            .create_pool(&new_pool())
            .await
            .unwrap_err();
        assert_eq!(stub.calls().len(), 1, "{status} {body}");
        assert!(error.hint.contains("may have been created"), "{error:?}");
    }
}

#[tokio::test]
async fn a_trigger_is_read_in_the_older_form_too() {
    let arn = "arn:aws:lambda:eu-west-1:1:function:claims";
    for (lambdas, version) in [
        (json!({"PreTokenGeneration": arn}), Some("V1_0")),
        (
            json!({"PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": arn}}),
            Some("V3_0"),
        ),
        (
            json!({"PreTokenGeneration": arn, "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": arn}}),
            Some("V2_0"),
        ),
        (json!({"PreTokenGeneration": ""}), None),
        (json!({}), None),
    ] {
        let body = json!({"UserPool": {"Id": POOL, "Name": "orders", "LambdaConfig": lambdas}});
        let body = body.to_string();
        let stub = Stub::start(move |_, _| (200, body.clone())).await;
        let pool = stub.gateway().await.pool(&PoolId::new(POOL)).await.unwrap();
        let trigger = pool.pre_token_trigger;
        let seen = trigger.as_ref().map(|trigger| trigger.version.as_str());
        assert_eq!(seen, version, "{lambdas}");
        assert!(trigger.is_none_or(|trigger| trigger.arn == arn));
    }
}

/// Returns a pool with every setting of the API.
fn described() -> Value {
    json!({
        "Id": POOL,
        "Name": "orders",
        "Arn": "arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_A",
        "Status": "Enabled",
        "CreationDate": 1_700_000_000.25,
        "LastModifiedDate": 1_750_000_000.123,
        "Domain": "orders",
        "CustomDomain": "auth.example.com",
        "EstimatedNumberOfUsers": 7,
        "SmsConfigurationFailure": "no",
        "EmailConfigurationFailure": "no",
        "SchemaAttributes": [{"Name": "sub", "AttributeDataType": "String"}],
        "AliasAttributes": ["email"],
        "UsernameAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": false},
        "Policies": {
            "PasswordPolicy": {"MinimumLength": 14, "RequireSymbols": false, "TemporaryPasswordValidityDays": 0},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]},
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {
            "PreSignUp": "arn:aws:lambda:eu-west-1:1:function:a",
            "PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": "arn:aws:lambda:eu-west-1:1:function:b"},
            "SomethingNewer": {"Of": "next year"},
        },
        "AutoVerifiedAttributes": ["email"],
        "SmsVerificationMessage": "Code {####}",
        "EmailVerificationMessage": "Old {####}",
        "EmailVerificationSubject": "Subject",
        "VerificationMessageTemplate": {
            "SmsMessage": "Code {####}",
            "EmailMessage": "New {####}",
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
        },
        "SmsAuthenticationMessage": "Sign in with {####}",
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "MfaConfiguration": "OPTIONAL",
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::1:role/sms", "ExternalId": "x"},
        "UserPoolTags": {"team": "platform"},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": true,
            "UnusedAccountValidityDays": 7,
            "InviteMessageTemplate": {"EmailSubject": "Welcome"},
        },
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        "UserPoolTier": "PLUS",
        "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
        "IssuerConfiguration": {"Type": "UPDATED"},
        "AcrConfiguration": {"high": {}},
        "ASettingOfNextYear": true,
    })
}

/// Returns the update that turns protection off: every setting, and nothing that only Cognito sets.
fn switched_off() -> Value {
    let mut update = described();
    let settings = update.as_object_mut().unwrap();
    let name = settings.remove("Name").unwrap();
    for told in [
        "Id",
        "Arn",
        "Status",
        "CreationDate",
        "LastModifiedDate",
        "Domain",
        "CustomDomain",
        "EstimatedNumberOfUsers",
        "SmsConfigurationFailure",
        "EmailConfigurationFailure",
        "SchemaAttributes",
        "AliasAttributes",
        "UsernameAttributes",
        "UsernameConfiguration",
        // It says something else than the template, which is the one in use.
        "EmailVerificationMessage",
    ] {
        settings.remove(told).unwrap();
    }
    update["PoolName"] = name;
    update["UserPoolId"] = json!(POOL);
    update["DeletionProtection"] = json!("INACTIVE");
    // Cognito refuses it beside TemporaryPasswordValidityDays.
    let admin = update["AdminCreateUserConfig"].as_object_mut().unwrap();
    admin.remove("UnusedAccountValidityDays");
    update
}

/// Answers as a Cognito with that pool.
fn answers(call: &crate::stub::Call) -> Answer {
    let body = match call.operation.as_str() {
        "DescribeUserPool" => json!({"UserPool": described()}),
        _ => json!({}),
    };
    (200, body.to_string())
}

#[tokio::test]
async fn switching_protection_sends_back_every_setting_as_it_was_described() {
    let stub = Stub::start(|call, _| answers(call)).await;
    let gateway = stub.gateway().await;
    let seen = gateway.pool(&PoolId::new(POOL)).await.unwrap();
    gateway.set_deletion_protection(&seen, false).await.unwrap();
    let calls = stub.calls();
    let done: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(
        done,
        ["DescribeUserPool", "DescribeUserPool", "UpdateUserPool"]
    );
    assert_eq!(calls[2].json(), switched_off());
    let length = calls[2].headers["content-length"].to_str().unwrap();
    assert_eq!(length, calls[2].body.len().to_string());
}

/// The pool above has each setting of the API: the SDK's own type has no other.
#[test]
fn no_setting_of_the_api_is_missing_from_this_test() {
    let all = format!("{:?}", UpdateUserPoolInputBuilder::default());
    let fields = all.matches(": ").count();
    let mut update = switched_off();
    let known = update.as_object_mut().unwrap();
    known.remove("ASettingOfNextYear").unwrap();
    known.insert("EmailVerificationMessage".to_owned(), json!("Old"));
    assert_eq!(fields, known.len(), "{all}");
}

#[tokio::test]
async fn the_older_setting_is_kept_where_it_is_the_only_one() {
    let mut old = described();
    let policy = old["Policies"]["PasswordPolicy"].as_object_mut().unwrap();
    policy.remove("TemporaryPasswordValidityDays").unwrap();
    let template = old["VerificationMessageTemplate"].as_object_mut().unwrap();
    template.remove("EmailMessage").unwrap();
    let stub = Stub::start(move |_, _| (200, json!({"UserPool": old}).to_string())).await;
    let gateway = stub.gateway().await;
    let seen = gateway.pool(&PoolId::new(POOL)).await.unwrap();
    gateway.set_deletion_protection(&seen, false).await.unwrap();
    let update = stub.calls()[2].json();
    assert_eq!(
        update["AdminCreateUserConfig"]["UnusedAccountValidityDays"],
        7
    );
    assert_eq!(update["EmailVerificationMessage"], "Old {####}");
}

#[tokio::test]
async fn what_is_so_already_or_was_changed_meanwhile_is_not_written() {
    let stub = Stub::start(|call, _| answers(call)).await;
    let gateway = stub.gateway().await;
    let mut seen = gateway.pool(&PoolId::new(POOL)).await.unwrap();
    gateway.set_deletion_protection(&seen, true).await.unwrap();
    seen.modified = seen.created;
    let refused = gateway
        .set_deletion_protection(&seen, false)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Changed);
    assert_eq!(refused.resource.as_deref(), Some(POOL));
    assert!(
        stub.calls()
            .iter()
            .all(|call| call.operation == "DescribeUserPool")
    );
}

/// On a server that resets what an update omits, as AWS does.
#[tokio::test]
async fn protection_is_all_that_changes_of_any_sample_pool() {
    let demo = Demo::start().await;
    for summary in demo.pools().await {
        let before = demo.described_pool(&summary.id).await;
        let seen = demo.gateway.pool(&summary.id).await.unwrap();
        let on = seen.deletion_protection == Some(false);
        demo.gateway
            .set_deletion_protection(&seen, on)
            .await
            .unwrap();
        let after = demo.gateway.pool(&summary.id).await.unwrap();
        assert_eq!(after.deletion_protection, Some(on));
        assert_ne!(after.modified, seen.modified);
        let mut expected = before;
        let now = demo.described_pool(&summary.id).await;
        expected["DeletionProtection"] = json!(if on { "ACTIVE" } else { "INACTIVE" });
        expected["LastModifiedDate"] = now["LastModifiedDate"].clone();
        assert_eq!(now, expected, "{}", summary.name);
    }
}

#[tokio::test]
async fn a_pool_is_taken_down_in_the_order_that_its_guards_demand() {
    let demo = Demo::start().await;
    let gateway = &demo.gateway;
    let mut new = new_pool();
    new.tags.clear();
    let pool = gateway.create_pool(&new).await.unwrap();
    assert_eq!(pool.deletion_protection, Some(true));
    assert_eq!(gateway.pool(&pool.id).await.unwrap(), pool);
    let domain = NewDomain {
        name: "machines-x7".to_owned(),
        certificate_arn: None,
        managed_login_version: None,
    };
    gateway.create_domain(&pool.id, &domain).await.unwrap();

    let guarded = gateway.delete_pool(&pool.id).await.unwrap_err();
    assert!(
        guarded.detail.contains("deletion protection"),
        "{guarded:?}"
    );
    gateway.set_deletion_protection(&pool, false).await.unwrap();
    let guarded = gateway.delete_pool(&pool.id).await.unwrap_err();
    assert!(guarded.detail.contains("domain"), "{guarded:?}");
    gateway
        .delete_domain(&pool.id, "machines-x7")
        .await
        .unwrap();
    gateway.delete_pool(&pool.id).await.unwrap();
    let gone = gateway.pool(&pool.id).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
}
