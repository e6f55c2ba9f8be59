//! Domains: a prefix of Amazon's own, or a name of the pool's owner with a certificate.

use serde_json::{Map, Value, json};

use super::super::errors::ApiError;
use super::super::quota;
use super::super::shared::unpoisoned;
use super::super::state::Domain;
use super::{Answer, Call, Input, pool_settings};

const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];
/// The day of the release that runs the domains, as DescribeUserPoolDomain tells it.
const VERSION: &str = "20260101000000";

/// A domain that does not exist is an empty description.
#[expect(clippy::unnecessary_wraps, reason = "all operations have one type")]
pub fn describe(call: &mut Call<'_>) -> Answer {
    let name = call.input.text("Domain");
    let Some(domain) = call.state.domains.get(name) else {
        return Ok(json!({"DomainDescription": {}}));
    };
    let mut described = domain.settings.clone();
    described.entry("CustomDomainConfig").or_insert(json!({}));
    let mut put = |name: &str, value: Value| described.insert(name.to_owned(), value);
    put("UserPoolId", json!(domain.pool));
    put("AWSAccountId", json!(call.shared.account));
    put("Domain", json!(name));
    put("Status", json!(domain.status));
    put("Version", json!(VERSION));
    put("ManagedLoginVersion", json!(domain.managed_login_version));
    put(
        "S3Bucket",
        json!(format!("aws-cognito-prod-{}-assets", call.shared.region)),
    );
    if let Some(cloudfront) = &domain.cloudfront {
        put("CloudFrontDistribution", json!(cloudfront));
    }
    Ok(json!({"DomainDescription": described}))
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let (input, shared) = (call.input, call.shared);
    let name = input.text("Domain");
    let pool = call.pool()?.id.clone();
    let version = version(call, 1)?;
    let certificate = certificate(input);
    let custom = certificate.is_some();
    match certificate {
        Some(certificate) => check_custom(name, certificate)?,
        None => check_prefix(name)?,
    }
    if call.state.domains.contains_key(name) {
        return Err(ApiError::invalid(
            "Domain already associated with another user pool",
        ));
    }
    let domains = || call.state.domains.values();
    let customs = || domains().filter(|domain| domain.certificate_arn.is_some());
    if domains().any(|domain| domain.pool == pool && domain.certificate_arn.is_some() == custom) {
        return Err(ApiError::invalid(
            "User pool already has a domain configured.",
        ));
    }
    if custom && customs().count() >= quota::CUSTOM_DOMAINS {
        return Err(ApiError::limit(format!(
            "The maximum number of custom domains, {}, is reached.",
            quota::CUSTOM_DOMAINS
        )));
    }
    let cloudfront = if custom {
        Some(unpoisoned(&shared.ids).cloudfront()?)
    } else {
        None
    };
    let domain = Domain {
        pool,
        certificate_arn: certificate.map(str::to_owned),
        cloudfront,
        managed_login_version: version,
        status: "ACTIVE".to_owned(),
        settings: settings(input),
    };
    let answer = outcome(&domain);
    call.state.domains.insert(name.to_owned(), domain);
    Ok(answer)
}

/// Changes certificate, branding and routing; a domain keeps its name and its kind.
pub fn update(call: &mut Call<'_>) -> Answer {
    let input = call.input;
    let pool = call.pool()?.id.clone();
    let name = input.text("Domain");
    let known = call.state.domains.get(name);
    let known = known.ok_or_else(|| ApiError::not_found("User pool domain was not found."))?;
    let certificate = certificate(input);
    if known.pool != pool {
        return Err(ApiError::invalid(
            "The domain is not configured for this user pool.",
        ));
    }
    match (&known.certificate_arn, certificate) {
        (Some(_), None) => {
            return Err(ApiError::invalid(
                "Cannot convert custom domain to prefix domain.",
            ));
        }
        (None, Some(_)) => {
            return Err(ApiError::invalid(
                "Cannot convert prefix domain to custom domain.",
            ));
        }
        (Some(_), Some(certificate)) => check_custom(name, certificate)?,
        (None, None) => {}
    }
    let version = version(call, known.managed_login_version)?;
    let updated = Domain {
        certificate_arn: certificate.map(str::to_owned),
        managed_login_version: version,
        settings: settings(input),
        ..known.clone()
    };
    let answer = outcome(&updated);
    call.state.domains.insert(name.to_owned(), updated);
    Ok(answer)
}

pub fn delete(call: &mut Call<'_>) -> Answer {
    let pool = call.pool()?.id.clone();
    let name = call.input.text("Domain");
    match call.state.domains.get(name) {
        Some(domain) if domain.pool == pool => {
            call.state.domains.remove(name);
            Ok(json!({}))
        }
        _ => Err(ApiError::invalid("No such domain or user pool exists.")),
    }
}

fn check_prefix(name: &str) -> Result<(), ApiError> {
    if name.contains('.') {
        return Err(ApiError::invalid(format!(
            "1 validation error detected: Value '{name}' at 'domain' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: ^[a-z0-9](?:[a-z0-9\\-]{{0,61}}[a-z0-9])?$"
        )));
    }
    match RESERVED.iter().find(|word| name.contains(*word)) {
        Some(word) => Err(ApiError::invalid(format!(
            "Domain cannot contain reserved word: {word}"
        ))),
        None => Ok(()),
    }
}

/// The parent of a custom domain must have an address of its own, which a top-level domain never has. CloudFront takes
/// certificates from one Region only.
fn check_custom(name: &str, certificate: &str) -> Result<(), ApiError> {
    if certificate.split(':').nth(3) != Some("us-east-1") {
        return Err(ApiError::invalid(
            "The certificate of a custom domain must be in us-east-1.",
        ));
    }
    if name.split('.').count() < 3 {
        return Err(ApiError::invalid(
            "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain \
             or domain parent is a top-level domain.",
        ));
    }
    Ok(())
}

/// The branding version asked for; the second one needs a tier that has it.
fn version(call: &Call<'_>, default: i32) -> Result<i32, ApiError> {
    let asked = call.input.number("ManagedLoginVersion");
    let version = match asked {
        None => default,
        Some(1) => 1,
        Some(2) => 2,
        Some(_) => {
            return Err(ApiError::invalid("ManagedLoginVersion must be 1 or 2."));
        }
    };
    let pool = call.state.pools.get(call.input.text("UserPoolId"));
    let tier = pool.map_or("ESSENTIALS", |pool| pool_settings::tier(&pool.settings));
    if version == 2 && tier == "LITE" {
        return Err(pool_settings::lacks(
            "FeatureUnavailableInTierException",
            tier,
            "Managed Login",
        ));
    }
    Ok(version)
}

fn certificate(input: Input<'_>) -> Option<&str> {
    input.inside("CustomDomainConfig")?.given("CertificateArn")
}

fn settings(input: Input<'_>) -> Map<String, Value> {
    input.without(&["Domain", "UserPoolId", "ManagedLoginVersion"])
}

fn outcome(domain: &Domain) -> Value {
    let mut answer = domain.settings.clone();
    answer.remove("CustomDomainConfig");
    answer.insert(
        "ManagedLoginVersion".to_owned(),
        json!(domain.managed_login_version),
    );
    if let Some(cloudfront) = &domain.cloudfront {
        answer.insert("CloudFrontDomain".to_owned(), json!(cloudfront));
    }
    Value::Object(answer)
}
