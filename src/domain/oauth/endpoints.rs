//! Where a user pool's token endpoint, issuer and keys are, by Region and partition.
//!
//! The token endpoint is on the pool's domain; issuer, discovery and JWKS are on the API's host. Joining one's path to the other's
//! host is a common mistake, so both are made here and nowhere else.

use std::net::IpAddr;

use super::issuer::Issuer;
use crate::domain::ids::PoolId;
use crate::domain::pool::{IssuerType, UserPool};
use crate::domain::regions::Partition;

/// Whether what answers at `url` is on this machine: an emulator, the embedded Cognito. It is not billed and has none of AWS's
/// quotas, and plain text does not leave the machine on the way there. No name but `localhost` is looked up to find out.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    // HTTP clients read a backslash as a slash, and the text before an @ is no host.
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = match host.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        _ => host,
    };
    is_loopback_host(host)
}

/// [`is_loopback`], by the host that a URL names.
#[must_use]
pub fn is_loopback_host(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = |ip: IpAddr| ip.is_loopback();
    host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(is_loopback)
}

/// Whether this has only the characters of a Region: it becomes part of host names, ids and ARNs.
#[must_use]
pub fn may_be_region(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.chars().all(fits)
}

/// The URL of the pool's token endpoint; `None` where the pool has no domain (or its prefix domain's host is not documented,
/// as in China). Of two domains it is the custom one's: discovery advertises only that one, which is the one that callers use.
/// The prefix domain keeps working, see [`token_endpoints`].
#[must_use]
pub fn token_endpoint(pool: &UserPool) -> Option<String> {
    token_endpoints(pool).into_iter().next()
}

/// Why [`token_endpoint`] is `None`, of the pool: it has no domain, or one whose host is not known.
#[must_use]
pub fn without_token_endpoint(pool: &UserPool) -> &'static str {
    if pool.has_domain() {
        "has a domain, but its host is not documented for this Region"
    } else {
        "has no domain"
    }
}

/// The same where FIPS endpoints are asked for (`AWS_USE_FIPS_ENDPOINT`): a prefix domain's FIPS host, where its Region is known to have
/// one. A custom domain has none.
#[must_use]
pub fn fips_token_endpoint(pool: &UserPool) -> Option<String> {
    let of_prefix = || {
        let (prefix, region) = pool.prefix_domain.as_deref().zip(pool.id.region())?;
        Some(format!(
            "https://{}/oauth2/token",
            fips_prefix_host(prefix, region)?
        ))
    };
    let is_custom = pool.custom_domain.is_some();
    let fips = (!is_custom).then(of_prefix).flatten();
    fips.or_else(|| token_endpoint(pool))
}

/// Every URL the pool's tokens can be had from, the preferred one first.
#[must_use]
pub fn token_endpoints(pool: &UserPool) -> Vec<String> {
    let custom = pool.custom_domain.clone();
    let prefix = pool.prefix_domain.as_deref().zip(pool.id.region());
    let prefix = prefix.map_or_else(Vec::new, |(prefix, region)| prefix_hosts(prefix, region));
    custom
        .into_iter()
        .chain(prefix)
        .map(|host| format!("https://{host}/oauth2/token"))
        .collect()
}

/// Every host of a prefix domain, the preferred one first.
fn prefix_hosts(prefix: &str, region: &str) -> Vec<String> {
    let fips = fips_prefix_host(prefix, region);
    let mut hosts: Vec<String> = prefix_host(prefix, region).into_iter().collect();
    hosts.extend(fips.filter(|fips| !hosts.contains(fips)));
    hosts
}

/// The FIPS host of a prefix domain; `None` in Regions that are not known to have one.
#[must_use]
pub fn fips_prefix_host(prefix: &str, region: &str) -> Option<String> {
    /// By the Public Suffix List.
    const COMMERCIAL: [&str; 4] = ["us-east-1", "us-east-2", "us-west-1", "us-west-2"];
    let has_one = COMMERCIAL.contains(&region) || Partition::of(region) == Partition::GovCloud;
    has_one.then(|| format!("{prefix}.auth-fips.{region}.amazoncognito.com"))
}

/// The host of an Amazon Cognito prefix domain. GovCloud has FIPS hosts only. `None` in China, where no such host is documented.
#[must_use]
pub fn prefix_host(prefix: &str, region: &str) -> Option<String> {
    match Partition::of(region) {
        Partition::Commercial => Some(format!("{prefix}.auth.{region}.amazoncognito.com")),
        Partition::GovCloud => Some(format!("{prefix}.auth-fips.{region}.amazoncognito.com")),
        Partition::Sovereign => Some(format!(
            "{prefix}.auth.cognito-idp.{region}.on.amazonwebservices.eu"
        )),
        Partition::China => None,
    }
}

/// The domain, by its prefix or its full name, whose token endpoint `url` is: the reverse of [`token_endpoints`]. `None` for every other
/// address.
#[must_use]
pub fn domain_of(pool: &PoolId, url: &str) -> Option<String> {
    let host = url
        .strip_prefix("https://")?
        .strip_suffix("/oauth2/token")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if host.is_empty() || !host.bytes().all(plain) {
        return None;
    }
    let suffixes = pool.region().map(|region| prefix_hosts("", region));
    let mut suffixes = suffixes.iter().flatten();
    let prefix = suffixes.find_map(|suffix| host.strip_suffix(suffix.as_str()));
    Some(prefix.unwrap_or(host).to_owned())
}

/// The `iss` of the pool's tokens. With the updated issuer it names the pool's primary Region, which is the one in the pool's id.
/// `None` where the id names no Region, or the type of issuer is unknown.
#[must_use]
pub fn issuer(pool: &UserPool) -> Option<String> {
    issuer_of(&pool.id, pool.issuer?)
}

/// [`issuer`], by what it depends on.
#[must_use]
pub fn issuer_of(pool: &PoolId, kind: IssuerType) -> Option<String> {
    issuer_url(&Issuer::of(pool, kind)?)
}

/// The `iss` that names `issuer`; `None` where that is under an endpoint's address.
#[must_use]
pub fn issuer_url(issuer: &Issuer) -> Option<String> {
    let region = issuer.region.as_deref()?;
    let host = match issuer.kind {
        IssuerType::Original => "cognito-idp",
        IssuerType::Updated => "issuer-cognito-idp",
    };
    Some(format!(
        "https://{host}.{region}.{}/{}",
        Partition::of(region).dns_suffix(),
        issuer.pool
    ))
}

/// The URL of the keys that the pool signs with. They are served under the issuer.
#[must_use]
pub fn jwks_url(pool: &UserPool) -> Option<String> {
    jwks_url_of(&pool.id, pool.issuer?)
}

/// [`jwks_url`], by what it depends on.
#[must_use]
pub fn jwks_url_of(pool: &PoolId, kind: IssuerType) -> Option<String> {
    issuer_of(pool, kind).map(|issuer| format!("{issuer}/.well-known/jwks.json"))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeMap;

    use super::*;

    pub(crate) fn pool(id: &str, prefix: Option<&str>, custom: Option<&str>) -> UserPool {
        UserPool {
            id: PoolId::new(id),
            name: "orders".to_owned(),
            arn: None,
            prefix_domain: prefix.map(ToOwned::to_owned),
            custom_domain: custom.map(ToOwned::to_owned),
            deletion_protection: Some(false),
            admin_create_only: false,
            username_attributes: Vec::new(),
            tier: None,
            issuer: Some(IssuerType::Original),
            pre_token_trigger: None,
            tags: BTreeMap::new(),
            dcr: None,
            other: crate::domain::other_settings::OtherSettings::default(),
            lambda_triggers: Vec::new(),
            estimated_users: None,
            created: None,
            modified: None,
        }
    }

    #[test]
    fn a_domain_whose_host_is_not_known_is_not_missing() {
        let beijing = pool("cn-north-1_A", Some("team"), None);
        assert_eq!(token_endpoint(&beijing), None);
        assert!(without_token_endpoint(&beijing).starts_with("has a domain"));
        let none = pool("eu-west-1_A", None, None);
        assert_eq!(without_token_endpoint(&none), "has no domain");
    }

    #[test]
    fn token_endpoints_by_kind_of_domain() {
        let of = |id, prefix, custom| token_endpoints(&pool(id, prefix, custom));
        assert_eq!(
            of("eu-west-1_A", Some("team"), None),
            ["https://team.auth.eu-west-1.amazoncognito.com/oauth2/token"]
        );
        assert_eq!(
            of("eu-west-1_A", Some("team"), Some("auth.example.com")),
            [
                "https://auth.example.com/oauth2/token",
                "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token"
            ]
        );
        assert_eq!(
            of("us-gov-west-1_A", Some("team"), None),
            ["https://team.auth-fips.us-gov-west-1.amazoncognito.com/oauth2/token"]
        );
        assert_eq!(
            of("eusc-de-east-1_A", Some("team"), None),
            ["https://team.auth.cognito-idp.eusc-de-east-1.on.amazonwebservices.eu/oauth2/token"]
        );
        assert!(of("eu-west-1_A", None, None).is_empty());
        assert!(of("cn-northwest-1_A", Some("team"), None).is_empty());
        assert!(of("nonsense", Some("team"), None).is_empty());
    }

    #[test]
    fn the_domain_of_a_token_endpoint_is_found_and_of_no_other_address() {
        for (prefix, custom) in [(Some("team"), None), (None, Some("auth.example.com"))] {
            for id in [
                "eu-west-1_A",
                "us-east-2_A",
                "us-gov-west-1_A",
                "eusc-de-east-1_A",
            ] {
                let pool = pool(id, prefix, custom);
                for url in token_endpoints(&pool) {
                    let domain = domain_of(&pool.id, &url);
                    assert_eq!(domain.as_deref(), prefix.or(custom), "{url}");
                }
            }
        }
        let of = |url: &str| domain_of(&PoolId::new("eu-west-1_A"), url);
        // Another Region's host is no prefix of this one's.
        assert_eq!(
            of("https://team.auth.us-east-1.amazoncognito.com/oauth2/token").as_deref(),
            Some("team.auth.us-east-1.amazoncognito.com")
        );
        for other in [
            "http://auth.example.com/oauth2/token",
            "https://auth.example.com/oauth2/token/",
            "https://auth.example.com:444/oauth2/token",
            "https://evil.example/?.auth.eu-west-1.amazoncognito.com/oauth2/token",
            "https://x@auth.example.com/oauth2/token",
            "https:///oauth2/token",
            "",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn issuer_and_keys() {
        let of = |id, kind| issuer_of(&PoolId::new(id), kind).unwrap();
        assert_eq!(
            of("eu-west-1_A", IssuerType::Original),
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A"
        );
        assert_eq!(
            jwks_url_of(&PoolId::new("eu-west-1_A"), IssuerType::Original).unwrap(),
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A/.well-known/jwks.json"
        );
        assert_eq!(
            of("eu-west-1_A", IssuerType::Updated),
            "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A"
        );
        assert_eq!(
            of("cn-north-1_A", IssuerType::Original),
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A"
        );
        assert_eq!(
            of("eusc-de-east-1_A", IssuerType::Original),
            "https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_A"
        );
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for url in [
            "http://127.0.0.1:9229",
            "http://localhost",
            "http://LOCALHOST:4566/x?y",
            "http://[::1]:80/",
            "http://[::1]",
            "http://user:word@127.8.8.8/",
            "127.0.0.1:80",
        ] {
            assert!(is_loopback(url), "{url}");
        }
        for url in [
            "https://vpce-1.cognito-idp.eu-west-1.vpce.amazonaws.com",
            "https://cognito-idp-fips.us-east-1.amazonaws.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "http://localhost:80@example.com",
            "http://example.com/@localhost",
            "http://example.com\\@localhost",
            "http://[2001:db8::1]:80",
            "http://10.0.0.1",
            "",
        ] {
            assert!(!is_loopback(url), "{url}");
        }
    }

    #[test]
    fn fips_reaches_the_prefix_domain_where_it_has_such_a_host() {
        let with = |region: &str, custom| pool(&format!("{region}_A"), Some("team"), custom);
        for region in [
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "us-gov-east-1",
        ] {
            let pool = with(region, None);
            let host = format!("https://team.auth-fips.{region}.amazoncognito.com/oauth2/token");
            assert_eq!(fips_token_endpoint(&pool), Some(host.clone()));
            assert!(token_endpoints(&pool).contains(&host));
        }
        for region in ["eu-west-1", "eusc-de-east-1"] {
            let pool = with(region, None);
            assert_eq!(fips_token_endpoint(&pool), token_endpoint(&pool));
        }
        let custom = with("us-east-1", Some("auth.example.com"));
        assert_eq!(
            fips_token_endpoint(&custom).as_deref(),
            Some("https://auth.example.com/oauth2/token")
        );
    }
}
