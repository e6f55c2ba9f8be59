//! User pools, their tags and replicas.

use serde_json::{Value, json};

use super::api::{Api, text, with};

const LAMBDA: &str = "arn:aws:lambda:eu-west-1:123456789012:function:trigger";

/// A value other than the default for every setting that both CreateUserPool and UpdateUserPool take.
fn settings() -> Value {
    json!({
        "Policies": {"PasswordPolicy": {"MinimumLength": 20}, "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": LAMBDA}},
        "AutoVerifiedAttributes": ["email"],
        "SmsVerificationMessage": "Code {####}",
        "EmailVerificationMessage": "Code {####}",
        "EmailVerificationSubject": "Your code",
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"},
        "SmsAuthenticationMessage": "Your code {####}",
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "MfaConfiguration": "OPTIONAL",
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true},
        "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"},
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
        "UserPoolTags": {"team": "payments"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 3},
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
        "UserPoolTier": "PLUS",
        "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
        "IssuerConfiguration": {"Type": "UPDATED"},
    })
}

async fn described(api: &Api, pool: &str) -> Value {
    let mut answer = api
        .ok("DescribeUserPool", json!({"UserPoolId": pool}))
        .await;
    answer["UserPool"].take()
}

#[tokio::test]
async fn a_pool_lives_and_dies() {
    let api = Api::start().await;
    let made = api.ok("CreateUserPool", json!({"PoolName": "acme"})).await;
    let pool = &made["UserPool"];
    let id = text(&pool["Id"]);
    assert!(id.starts_with("eu-west-1_") && id.len() == 19, "{id}");
    assert_eq!(pool["Name"], "acme");
    assert_eq!(
        pool["Arn"],
        format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{id}")
    );
    assert_eq!(pool["UserPoolTier"], "ESSENTIALS");
    assert_eq!(pool["DeletionProtection"], "INACTIVE");
    assert_eq!(
        pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"],
        false
    );
    assert_eq!(pool["UserPoolTags"], json!({}));
    assert_eq!(pool["SchemaAttributes"].as_array().unwrap().len(), 20);
    assert_eq!(&described(&api, &id).await, pool);
    let list = api.ok("ListUserPools", json!({"MaxResults": 60})).await;
    assert_eq!(list["UserPools"][0]["Id"], json!(id));
    assert_eq!(list["UserPools"][0]["LambdaConfig"], json!({}));
    assert!(list["UserPools"][0].get("UserPoolTier").is_none());
    assert_eq!(
        api.ok("DeleteUserPool", json!({"UserPoolId": id})).await,
        Value::Null
    );
    assert_eq!(
        api.refused("DescribeUserPool", json!({"UserPoolId": id}))
            .await,
        format!("ResourceNotFoundException: User pool {id} does not exist.")
    );
}

#[tokio::test]
async fn an_update_resets_each_setting_it_omits_and_keeps_each_it_names() {
    let api = Api::start().await;
    let all = settings();
    let fresh = api.ok("CreateUserPool", json!({"PoolName": "fresh"})).await;
    let made = api
        .ok("CreateUserPool", with(&all, &json!({"PoolName": "p"})))
        .await;
    let id = text(&made["UserPool"]["Id"]);
    for (name, value) in all.as_object().unwrap() {
        assert_eq!(
            &made["UserPool"][name], value,
            "{name} is not taken at creation"
        );
        // Threat protection needs the tier it goes with.
        let addons = if name == "UserPoolTier" {
            Value::Null
        } else {
            all["UserPoolAddOns"].clone()
        };
        let update = with(&all, &json!({"UserPoolId": id, "UserPoolAddOns": addons}));
        api.ok("UpdateUserPool", update.clone()).await;
        assert_eq!(
            &described(&api, &id).await[name],
            value,
            "{name} is not kept"
        );
        api.ok("UpdateUserPool", with(&update, &json!({name: null})))
            .await;
        let default = &fresh["UserPool"][name];
        assert_eq!(
            &described(&api, &id).await[name],
            default,
            "{name} is not reset"
        );
    }
    let pool = described(&api, &id).await;
    assert_eq!(pool["Name"], "p", "a name that is omitted stays");
    assert_eq!(
        pool["SchemaAttributes"],
        made["UserPool"]["SchemaAttributes"]
    );
    assert!(pool["LastModifiedDate"].as_f64() > pool["CreationDate"].as_f64());
    api.ok(
        "UpdateUserPool",
        json!({"UserPoolId": id, "PoolName": "renamed"}),
    )
    .await;
    assert_eq!(described(&api, &id).await["Name"], "renamed");
}

#[tokio::test]
async fn a_protected_pool_and_one_with_a_domain_stay() {
    let api = Api::start().await;
    let protected = json!({"PoolName": "p", "DeletionProtection": "ACTIVE"});
    let made = api.ok("CreateUserPool", protected).await;
    let key = json!({"UserPoolId": made["UserPool"]["Id"]});
    let domain = with(&key, &json!({"Domain": "acme"}));
    api.ok("CreateUserPoolDomain", domain.clone()).await;
    assert_eq!(
        api.refused("DeleteUserPool", key.clone()).await,
        "InvalidParameterException: The user pool cannot be deleted because deletion protection is activated. \
         Deletion protection must be inactivated first."
    );
    api.ok("UpdateUserPool", key.clone()).await;
    assert_eq!(
        api.refused("DeleteUserPool", key.clone()).await,
        "InvalidParameterException: User pool cannot be deleted. It has a domain configured that should be deleted first."
    );
    api.ok("DeleteUserPoolDomain", domain).await;
    api.ok("DeleteUserPool", key).await;
}

#[tokio::test]
async fn a_tier_refuses_what_it_does_not_have() {
    let api = Api::start().await;
    let text = |name: &str, tier: &str, feature: &str| {
        format!(
            "{name}: The following features need to be disabled for the {tier} pricing tier configured: {feature}"
        )
    };
    let trigger = |version: &str| json!({"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": LAMBDA}});
    let lite = json!({"PoolName": "p", "UserPoolTier": "LITE"});
    let lacks = "FeatureUnavailableInTierException";
    for (changes, tier, feature) in [
        (
            json!({"LambdaConfig": trigger("V3_0")}),
            "LITE",
            "Access Token Customization",
        ),
        (
            json!({"Policies": {"PasswordPolicy": {"PasswordHistorySize": 3}}}),
            "LITE",
            "Password History",
        ),
        (
            json!({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}, "UserPoolTier": null}),
            "ESSENTIALS",
            "Threat Protection",
        ),
    ] {
        let refusal = api.refused("CreateUserPool", with(&lite, &changes)).await;
        assert_eq!(refusal, text(lacks, tier, feature));
    }
    api.ok(
        "CreateUserPool",
        with(&lite, &json!({"LambdaConfig": trigger("V1_0")})),
    )
    .await;
    let pool = api.pool("essentials").await;
    let down = json!({"UserPoolId": pool, "UserPoolTier": "LITE", "LambdaConfig": trigger("V2_0")});
    assert_eq!(
        api.refused("UpdateUserPool", down).await,
        text(
            "TierChangeNotAllowedException",
            "LITE",
            "Access Token Customization"
        )
    );
}

#[tokio::test]
async fn a_pool_signs_in_by_aliases_or_usernames() {
    let api = Api::start().await;
    let both =
        json!({"PoolName": "p", "AliasAttributes": ["email"], "UsernameAttributes": ["email"]});
    assert_eq!(
        api.refused("CreateUserPool", both).await,
        "InvalidParameterException: Only one of the aliasAttributes or usernameAttributes can be set in a user pool."
    );
}

#[tokio::test]
async fn pools_have_tags() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let arn = text(&described(&api, &pool).await["Arn"]);
    let tags = |arn: &str| json!({"ResourceArn": arn});
    let put = json!({"ResourceArn": arn, "Tags": {"team": "payments", "env": "prod"}});
    assert_eq!(api.ok("TagResource", put).await, json!({}));
    api.ok(
        "TagResource",
        json!({"ResourceArn": arn, "Tags": {"env": "test"}}),
    )
    .await;
    assert_eq!(
        api.ok("ListTagsForResource", tags(&arn)).await,
        json!({"Tags": {"team": "payments", "env": "test"}})
    );
    api.ok(
        "UntagResource",
        json!({"ResourceArn": arn, "TagKeys": ["team", "none"]}),
    )
    .await;
    assert_eq!(
        described(&api, &pool).await["UserPoolTags"],
        json!({"env": "test"})
    );

    let reserved = json!({"ResourceArn": arn, "Tags": {"aws:x": "y"}});
    assert!(
        api.refused("TagResource", reserved)
            .await
            .starts_with("InvalidParameterException: ")
    );
    let many: Value = (0..50).map(|n| (format!("k{n}"), json!(""))).collect();
    let many = json!({"ResourceArn": arn, "Tags": many});
    assert!(
        api.refused("TagResource", many)
            .await
            .starts_with("InvalidParameterException: ")
    );
    let gone = arn.replace(&pool, "eu-west-1_none");
    assert_eq!(
        api.refused("ListTagsForResource", tags(&gone)).await,
        "ResourceNotFoundException: User pool eu-west-1_none does not exist."
    );
    let foreign = "arn:aws:s3:eu-west-1:123456789012:bucket";
    assert!(
        api.refused("ListTagsForResource", tags(foreign))
            .await
            .starts_with("InvalidParameterException: ")
    );
}

#[tokio::test]
async fn a_pool_is_its_own_primary_replica() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let answer = api
        .ok("ListUserPoolReplicas", json!({"UserPoolId": pool}))
        .await;
    assert_eq!(
        answer,
        json!({"UserPoolReplicas": [{
            "RegionName": "eu-west-1", "Status": "ACTIVE", "Role": "PRIMARY",
            "UserPoolArn": format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{pool}"),
        }]})
    );
}
