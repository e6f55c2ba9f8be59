//! User pools, their tags and replicas.

use serde_json::{Value, json};

use super::api::{Api, text, with};

const LAMBDA: &str = "arn:aws:lambda:eu-west-1:123456789012:function:trigger";

/// Returns a value other than the default for every setting that both CreateUserPool and UpdateUserPool accept.
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
        "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/acme.example",
        },
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
        "UserPoolTags": {"team": "payments"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 3},
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
        "UserPoolTier": "PLUS",
        "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
        "IssuerConfiguration": {"Type": "UPDATED"},
        "AcrConfiguration": {
            "Level1": {"AcrValue": "urn:acme:low"}, "Level2": {"AcrValue": "urn:acme:middle"},
            "Level3": {"AcrValue": "urn:acme:high"}, "Level4": {"AcrValue": "urn:acme:highest"},
        },
        "DcrConfiguration": {
            "EnableStatus": "Enabled", "OpenDcrEnabled": true, "AuthenticatedGrantTypes": ["client_credentials"],
            "OpenDcrGrantTypes": [], "AllowedScopes": ["api/read"],
        },
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
        let default = match name.as_str() {
            // These two stay, and this one comes with the attributes that are verified.
            "DcrConfiguration" | "UserPoolTags" => value.clone(),
            "UserAttributeUpdateSettings" => {
                json!({"AttributesRequireVerificationBeforeUpdate": []})
            }
            _ => fresh["UserPool"][name].clone(),
        };
        assert_eq!(
            described(&api, &id).await[name],
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
            "Token Customization with Pre-Token Generation Lambda V3_0",
        ),
        (
            json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}}),
            "LITE",
            "Passwordless Sign-In",
        ),
        (
            json!({"AcrConfiguration": {"Level1": {"AcrValue": "low"}}}),
            "LITE",
            "Custom ACR Level Names",
        ),
        (
            json!({"DcrConfiguration": {}}),
            "LITE",
            "Dynamic Client Registration",
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
    let modest = json!({
        "LambdaConfig": trigger("V1_0"), "DcrConfiguration": {"EnableStatus": "Disabled"},
        "AcrConfiguration": {"Level1": {"AcrValue": "urn:cognito:loa:1"}},
    });
    api.ok("CreateUserPool", with(&lite, &modest)).await;
    let pool = api.pool("essentials").await;
    let down = json!({"UserPoolId": pool, "UserPoolTier": "LITE", "LambdaConfig": trigger("V2_0")});
    assert_eq!(
        api.refused("UpdateUserPool", down).await,
        text(
            "TierChangeNotAllowedException",
            "LITE",
            "Token Customization with Pre-Token Generation Lambda V2_0"
        )
    );
}

#[tokio::test]
async fn settings_that_do_not_go_together_are_refused() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let update = json!({"UserPoolId": pool});
    let create = json!({"PoolName": "p"});
    let ways = |ways: Value| json!({"AccountRecoverySetting": {"RecoveryMechanisms": ways}});
    let (email, phone) = ("verified_email", "verified_phone_number");
    let other = LAMBDA.replace("trigger", "other");
    let recovery = "Invalid account recovery setting parameter. Account Recovery Setting";
    for (settings, refusal) in [
        (
            json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["EMAIL_OTP"]}}}),
            "Password should be configured as one of the allowed first auth factors.".to_owned(),
        ),
        (
            json!({
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
                "AdminCreateUserConfig": {"UnusedAccountValidityDays": 3},
            }),
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays".to_owned(),
        ),
        (
            ways(json!([{"Priority": 1, "Name": email}, {"Priority": 1, "Name": phone}])),
            format!("{recovery} cannot have duplicate priorities or recovery mechanisms."),
        ),
        (
            ways(json!([{"Priority": 1, "Name": email}, {"Priority": 2, "Name": "admin_only"}])),
            format!("{recovery} cannot use admin_only setting with any other recovery mechanisms."),
        ),
        (
            json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}),
            "Source ARN is required to use DEVELOPER email sending owner".to_owned(),
        ),
        (
            json!({"AutoVerifiedAttributes": ["phone_number"]}),
            "SMS configuration is required when phone_number is selected for auto verification".to_owned(),
        ),
        (
            json!({"LambdaConfig": {
                "PreTokenGeneration": LAMBDA, "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": other},
            }}),
            "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's".to_owned(),
        ),
        (
            json!({"AcrConfiguration": {"Level1": {"AcrValue": "urn:cognito:loa:2"}}}),
            "Each ACR level needs a name of its own: urn:cognito:loa:2".to_owned(),
        ),
    ] {
        for (operation, key) in [("CreateUserPool", &create), ("UpdateUserPool", &update)] {
            assert_eq!(
                api.refused(operation, with(key, &settings)).await,
                format!("InvalidParameterException: {refusal}"),
                "{operation}"
            );
        }
    }
    let factors = json!({"PoolName": "p", "MfaConfiguration": "ON"});
    assert_eq!(
        api.refused("CreateUserPool", factors).await,
        "InvalidParameterException: SMS configuration and Auto verification for phone_number are required when MFA is \
         required/optional"
    );
}

#[tokio::test]
async fn a_schema_keeps_to_its_kinds() {
    let api = Api::start().await;
    let pool = |schema: Value| json!({"PoolName": "p", "Schema": schema});
    for (schema, refusal) in [
        (
            json!([{"Name": "email", "AttributeDataType": "Number"}]),
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
        ),
        (
            json!([{"Name": "dept", "AttributeDataType": "String", "Required": true}]),
            "Required custom attributes are not supported currently.",
        ),
        (
            json!([{"Name": "dept"}, {"Name": "dept", "AttributeDataType": "Number"}]),
            "Duplicate custom attribute names custom:dept are not allowed in a user pool schema.",
        ),
    ] {
        assert_eq!(
            api.refused("CreateUserPool", pool(schema)).await,
            format!("InvalidParameterException: {refusal}")
        );
    }
    let two = json!([{"Name": "dept"}, {"Name": "dept", "DeveloperOnlyAttribute": true}, {"Name": "email", "Required": true}]);
    let made = api.ok("CreateUserPool", pool(two)).await;
    let schema = made["UserPool"]["SchemaAttributes"].as_array().unwrap();
    let named = |name: &str| {
        schema
            .iter()
            .find(|attribute| attribute["Name"] == name)
            .unwrap()
    };
    named("custom:dept");
    named("dev:custom:dept");
    assert_eq!(
        named("birthdate")["StringAttributeConstraints"],
        json!({"MinLength": "10", "MaxLength": "10"})
    );
}

#[tokio::test]
async fn every_level_of_authentication_has_a_name() {
    let api = Api::start().await;
    let one =
        json!({"PoolName": "p", "AcrConfiguration": {"Level3": {"AcrValue": "urn:acme:mfa"}}});
    let made = api.ok("CreateUserPool", one).await;
    let names = |levels: &Value| {
        [1, 2, 3, 4].map(|level| text(&levels[format!("Level{level}")]["AcrValue"]))
    };
    let (one, two, four) = (
        "urn:cognito:loa:1",
        "urn:cognito:loa:2",
        "urn:cognito:loa:4",
    );
    let levels = &made["UserPool"]["AcrConfiguration"];
    assert_eq!(names(levels), [one, two, "urn:acme:mfa", four]);
    let update = json!({"UserPoolId": made["UserPool"]["Id"]});
    api.ok("UpdateUserPool", update.clone()).await;
    let pool = described(&api, update["UserPoolId"].as_str().unwrap()).await;
    let default = "urn:cognito:loa:3";
    assert_eq!(names(&pool["AcrConfiguration"]), [one, two, default, four]);
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
