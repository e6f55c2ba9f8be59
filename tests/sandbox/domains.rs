//! Prefix and custom domains.

use serde_json::{Value, json};

use super::api::{Api, with};

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/6a1f";

const BAD_CHARACTERS: &str = "InvalidParameterException: The domain name contains an invalid character. Domain names can \
    only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: \
    ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$";

fn prefix(pool: &str, name: &str) -> Value {
    json!({"UserPoolId": pool, "Domain": name})
}

fn custom(pool: &str, name: &str) -> Value {
    json!({"UserPoolId": pool, "Domain": name, "CustomDomainConfig": {"CertificateArn": CERTIFICATE}})
}

async fn described(api: &Api, name: &str) -> Value {
    let mut answer = api
        .ok("DescribeUserPoolDomain", json!({"Domain": name}))
        .await;
    answer["DomainDescription"].take()
}

#[tokio::test]
async fn a_prefix_lives_and_dies() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let made = api
        .ok("CreateUserPoolDomain", prefix(&pool, "acme-prod"))
        .await;
    assert_eq!(made, json!({"ManagedLoginVersion": 1}));
    let domain = described(&api, "acme-prod").await;
    for (name, value) in [
        ("UserPoolId", json!(pool)),
        ("Domain", json!("acme-prod")),
        ("Status", json!("ACTIVE")),
        ("AWSAccountId", json!("123456789012")),
        ("CustomDomainConfig", json!({})),
        ("ManagedLoginVersion", json!(1)),
        ("S3Bucket", json!("aws-cognito-prod-dub-assets")),
    ] {
        assert_eq!(domain[name], value, "{name}");
    }
    let distribution = domain["CloudFrontDistribution"].as_str().unwrap();
    assert!(distribution.ends_with(".cloudfront.net"), "{distribution}");
    let answer = api
        .ok("DescribeUserPool", json!({"UserPoolId": pool}))
        .await;
    assert_eq!(answer["UserPool"]["Domain"], "acme-prod");
    let branded = with(
        &prefix(&pool, "acme-prod"),
        &json!({"ManagedLoginVersion": 2}),
    );
    assert_eq!(
        api.ok("UpdateUserPoolDomain", branded).await,
        json!({"ManagedLoginVersion": 2})
    );
    assert_eq!(described(&api, "acme-prod").await["ManagedLoginVersion"], 2);
    assert_eq!(
        api.ok("DeleteUserPoolDomain", prefix(&pool, "acme-prod"))
            .await,
        json!({})
    );
    assert_eq!(described(&api, "acme-prod").await, json!({}));
    assert_eq!(
        api.refused("DeleteUserPoolDomain", prefix(&pool, "acme-prod"))
            .await,
        "InvalidParameterException: No such domain or user pool exists."
    );
}

#[tokio::test]
async fn a_pool_has_one_domain_of_each_kind() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    api.ok("CreateUserPoolDomain", prefix(&pool, "acme")).await;
    let made = api
        .ok("CreateUserPoolDomain", custom(&pool, "auth.acme.example"))
        .await;
    assert!(
        made["CloudFrontDomain"]
            .as_str()
            .unwrap()
            .ends_with(".cloudfront.net")
    );
    let answer = api
        .ok("DescribeUserPool", json!({"UserPoolId": pool}))
        .await;
    assert_eq!(answer["UserPool"]["Domain"], "acme");
    assert_eq!(answer["UserPool"]["CustomDomain"], "auth.acme.example");
    for another in [prefix(&pool, "acme-2"), custom(&pool, "login.acme.example")] {
        assert_eq!(
            api.refused("CreateUserPoolDomain", another).await,
            "InvalidParameterException: User pool already has a domain configured."
        );
    }
    let other = api.pool("q").await;
    for taken in [prefix(&other, "acme"), custom(&other, "auth.acme.example")] {
        assert_eq!(
            api.refused("CreateUserPoolDomain", taken).await,
            "InvalidParameterException: Domain already associated with another user pool"
        );
    }
}

#[tokio::test]
async fn some_names_are_not_to_be_had() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    for (name, word) in [
        ("x-aws-y", "aws"),
        ("amazon", "amazon"),
        ("x-cognito-y", "cognito"),
    ] {
        assert_eq!(
            api.refused("CreateUserPoolDomain", prefix(&pool, name))
                .await,
            format!("InvalidParameterException: Domain cannot contain reserved word: {word}")
        );
    }
    for name in ["Acme", "-acme", "acme-", "a_b", "auth.acme.example"] {
        let refusal = api
            .refused("CreateUserPoolDomain", prefix(&pool, name))
            .await;
        assert_eq!(refusal, BAD_CHARACTERS, "{name}");
    }
    for operation in [
        "DescribeUserPoolDomain",
        "UpdateUserPoolDomain",
        "DeleteUserPoolDomain",
    ] {
        let mut input = prefix(&pool, "a_b");
        if operation == "DescribeUserPoolDomain" {
            input = json!({"Domain": "auth..example"});
        }
        assert_eq!(api.refused(operation, input).await, BAD_CHARACTERS);
    }
    // A reserved word inside another word is none.
    api.ok("CreateUserPoolDomain", prefix(&pool, "lawson-awsome-api"))
        .await;
    for name in ["acme", "acme.example"] {
        assert_eq!(
            api.refused("CreateUserPoolDomain", custom(&pool, name))
                .await,
            "InvalidParameterException: Custom domain is not a valid subdomain: Was not able to resolve a DNS A record \
             for the parent domain or domain parent is a top-level domain."
        );
    }
}

#[tokio::test]
async fn a_certificate_is_in_one_region_only() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let elsewhere = CERTIFICATE.replace("us-east-1", "eu-west-1");
    let config = json!({"CustomDomainConfig": {"CertificateArn": elsewhere}});
    let input = with(&custom(&pool, "auth.acme.example"), &config);
    assert_eq!(
        api.refused("CreateUserPoolDomain", input).await,
        "InvalidParameterException: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or \
         doesn't include a valid certificate chain."
    );
}

#[tokio::test]
async fn an_update_keeps_the_kind() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let other = api.pool("q").await;
    api.ok("CreateUserPoolDomain", prefix(&pool, "acme")).await;
    api.ok("CreateUserPoolDomain", custom(&pool, "auth.acme.example"))
        .await;
    for (input, refusal) in [
        (
            prefix(&pool, "none"),
            "ResourceNotFoundException: User pool domain was not found.",
        ),
        (
            prefix(&other, "acme"),
            "InvalidParameterException: The domain is not configured for this user pool.",
        ),
        (
            prefix(&pool, "auth.acme.example"),
            "InvalidParameterException: Cannot convert custom domain to prefix domain.",
        ),
        (
            custom(&pool, "acme"),
            "InvalidParameterException: Cannot convert prefix domain to custom domain.",
        ),
        (
            prefix("eu-west-1_none", "acme"),
            "ResourceNotFoundException: User pool eu-west-1_none does not exist.",
        ),
    ] {
        assert_eq!(api.refused("UpdateUserPoolDomain", input).await, refusal);
    }
    assert_eq!(
        api.refused("DeleteUserPoolDomain", prefix(&other, "acme"))
            .await,
        "InvalidParameterException: No such domain or user pool exists."
    );
    let renewed = CERTIFICATE.replace("6a1f", "77c0");
    let config = json!({"CustomDomainConfig": {"CertificateArn": renewed, "SecurityPolicy": "TLS_V1_3_2025"}});
    let update = with(&custom(&pool, "auth.acme.example"), &config);
    api.ok("UpdateUserPoolDomain", update).await;
    let domain = described(&api, "auth.acme.example").await;
    assert_eq!(domain["CustomDomainConfig"], config["CustomDomainConfig"]);
    // What is not sent again is not kept.
    api.ok("UpdateUserPoolDomain", custom(&pool, "auth.acme.example"))
        .await;
    let domain = described(&api, "auth.acme.example").await;
    assert_eq!(
        domain["CustomDomainConfig"],
        json!({"CertificateArn": CERTIFICATE})
    );
}

#[tokio::test]
async fn managed_login_needs_a_tier_that_has_it() {
    let api = Api::start().await;
    let made = api
        .ok(
            "CreateUserPool",
            json!({"PoolName": "p", "UserPoolTier": "LITE"}),
        )
        .await;
    let pool = made["UserPool"]["Id"].as_str().unwrap();
    let branded = with(&prefix(pool, "acme"), &json!({"ManagedLoginVersion": 2}));
    assert_eq!(
        api.refused("CreateUserPoolDomain", branded).await,
        "FeatureUnavailableInTierException: The following feature is not available for the LITE pricing tier configured: \
         Managed Login Version 2"
    );
    let strange = with(&prefix(pool, "acme"), &json!({"ManagedLoginVersion": 3}));
    assert!(
        api.refused("CreateUserPoolDomain", strange)
            .await
            .starts_with("InvalidParameterException: ")
    );
    api.ok("CreateUserPoolDomain", prefix(pool, "acme")).await;
}
