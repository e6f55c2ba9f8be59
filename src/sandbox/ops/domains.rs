//! Domains: a prefix of Amazon's own domain, or a custom domain with a certificate.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use super::super::errors::ApiError;
use super::super::quota;
use super::super::shared::unpoisoned;
use super::super::state::Domain;
use super::{Answer, Call, Input, pool_settings};

const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];
/// The airport codes of the Regions, which are in the names of AWS's own buckets.
const AIRPORTS: [(&str, &str); 29] = [
    ("af-south-1", "cpt"),
    ("ap-east-1", "hkg"),
    ("ap-northeast-1", "nrt"),
    ("ap-northeast-2", "icn"),
    ("ap-northeast-3", "kix"),
    ("ap-south-1", "bom"),
    ("ap-south-2", "hyd"),
    ("ap-southeast-1", "sin"),
    ("ap-southeast-2", "syd"),
    ("ap-southeast-3", "cgk"),
    ("ap-southeast-4", "mel"),
    ("ca-central-1", "yul"),
    ("ca-west-1", "yyc"),
    ("eu-central-1", "fra"),
    ("eu-central-2", "zrh"),
    ("eu-north-1", "arn"),
    ("eu-south-1", "mxp"),
    ("eu-south-2", "zaz"),
    ("eu-west-1", "dub"),
    ("eu-west-2", "lhr"),
    ("eu-west-3", "cdg"),
    ("il-central-1", "tlv"),
    ("me-central-1", "dxb"),
    ("me-south-1", "bah"),
    ("sa-east-1", "gru"),
    ("us-east-1", "iad"),
    ("us-east-2", "cmh"),
    ("us-west-1", "sfo"),
    ("us-west-2", "pdx"),
];
/// The release date of the domain service, as in DescribeUserPoolDomain.
const VERSION: &str = "20260101000000";

/// Describes a domain; one that does not exist has an empty description.
pub fn describe(call: &mut Call<'_>) -> Answer {
    let name = name(call.input)?;
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
    let region = &call.shared.region;
    let airport = airport(region).unwrap_or(region);
    put(
        "S3Bucket",
        json!(format!("aws-cognito-prod-{airport}-assets")),
    );
    let distribution = match &domain.cloudfront {
        Some(own) => own.clone(),
        None => shared_distribution(region),
    };
    put("CloudFrontDistribution", json!(distribution));
    Ok(json!({"DomainDescription": described}))
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let (input, shared) = (call.input, call.shared);
    let name = name(input)?;
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
    let name = name(input)?;
    let pool = call.pool()?.id.clone();
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
    let name = name(call.input)?;
    let pool = call.pool()?.id.clone();
    match call.state.domains.get(name) {
        Some(domain) if domain.pool == pool => {
            call.state.domains.remove(name);
            Ok(json!({}))
        }
        _ => Err(ApiError::invalid("No such domain or user pool exists.")),
    }
}

/// Returns the name of the domain: a prefix, or several labels of that form separated by dots.
fn name(input: Input<'_>) -> Result<&str, ApiError> {
    let name = input.text("Domain");
    if name.split('.').all(is_label) {
        Ok(name)
    } else {
        Err(bad_characters())
    }
}

fn is_label(text: &str) -> bool {
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(is_end)
        && text.ends_with(is_end)
        && text.chars().all(|c| is_end(c) || c == '-')
}

fn bad_characters() -> ApiError {
    ApiError::invalid(
        "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and \
         hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$",
    )
}

/// Refuses a reserved word between hyphens; as a part of a longer word it is allowed.
fn check_prefix(name: &str) -> Result<(), ApiError> {
    if name.contains('.') {
        return Err(bad_characters());
    }
    match name.split('-').find(|word| RESERVED.contains(word)) {
        Some(word) => Err(ApiError::invalid(format!(
            "Domain cannot contain reserved word: {word}"
        ))),
        None => Ok(()),
    }
}

/// Returns the airport code of a Region in AWS's names; `None` for Regions newer than this table.
fn airport(region: &str) -> Option<&'static str> {
    AIRPORTS
        .iter()
        .find_map(|(of, airport)| (*of == region).then_some(*airport))
}

/// Returns the CloudFront distribution of all prefix domains of a Region. Its name looks like CloudFront's, and is always the
/// same.
fn shared_distribution(region: &str) -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let hash = digest(&SHA256, region.as_bytes());
    let name: String = hash
        .as_ref()
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .take(13)
        .map(|letter| char::from(*letter))
        .collect();
    format!("d{name}.cloudfront.net")
}

/// Checks that the parent of a custom domain may have an address of its own, which a top-level domain never has, and that the
/// certificate is in the only Region that CloudFront accepts.
fn check_custom(name: &str, certificate: &str) -> Result<(), ApiError> {
    if certificate.split(':').nth(3) != Some("us-east-1") {
        return Err(ApiError::invalid(
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a \
             valid certificate chain.",
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

/// Returns the requested branding version; the second one needs a tier that includes it.
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
        return Err(ApiError::new(
            "FeatureUnavailableInTierException",
            format!(
                "The following feature is not available for the {tier} pricing tier configured: Managed Login Version 2"
            ),
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
