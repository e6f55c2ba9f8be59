//! The pool of a `Host` header.

use std::net::IpAddr;

use crate::sandbox::state::{Domain, State};

/// What a host name leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Site {
    /// This machine: all paths work, and the client id names the pool.
    Loopback,
    /// The regional service (`cognito-idp.…`, `issuer-cognito-idp.…`): keys and discovery of all pools, but no token endpoint.
    Service,
    /// The domain of the pool with this id: its token endpoint only.
    Domain(String),
    /// Nothing.
    Nothing,
}

/// Reads a `Host` header; port, letter case and the root's dot do not count. On AWS, DNS resolves the name before any request is
/// sent.
pub fn site(host: Option<&str>, region: &str, state: &State) -> Site {
    let Some(host) = host else {
        return Site::Nothing;
    };
    if is_this_machine(host) {
        return Site::Loopback;
    }
    if is_service(
        host,
        region,
        &["cognito-idp", "issuer-cognito-idp", "cognito-idp-fips"],
    ) {
        return Site::Service;
    }
    let name = plain(host);
    let name = name.as_str();
    let domain = match name.strip_suffix(".amazoncognito.com") {
        Some(rest) => prefix(rest, region)
            .and_then(|prefix| state.domains.get(prefix))
            .filter(|domain| domain.certificate_arn.is_none()),
        None => state
            .domains
            .get(name)
            .filter(|domain| domain.certificate_arn.is_some()),
    };
    domain
        .filter(|domain| answers(domain))
        .map_or(Site::Nothing, |domain| Site::Domain(domain.pool.clone()))
}

/// Returns whether a host is this machine, at any port.
pub fn is_this_machine(host: &str) -> bool {
    let name = plain(host);
    name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Returns whether a host belongs to one of these AWS services in the Region.
pub fn is_service(host: &str, region: &str, services: &[&str]) -> bool {
    let name = plain(host);
    services
        .iter()
        .any(|service| name == format!("{service}.{region}.amazonaws.com"))
}

/// Returns whether the pool has an active domain, and so a token endpoint.
pub fn has_domain(state: &State, pool: &str) -> bool {
    state
        .domains
        .values()
        .any(|domain| domain.pool == pool && answers(domain))
}

/// Returns whether the domain is active: from the end of its creation to the start of its deletion.
fn answers(domain: &Domain) -> bool {
    ["ACTIVE", "UPDATING"].contains(&domain.status.as_str())
}

/// Returns `acme` of `acme.auth.eu-west-1` or `acme.auth-fips.eu-west-1`.
fn prefix<'a>(name: &'a str, region: &str) -> Option<&'a str> {
    let name = name.strip_suffix(region)?.strip_suffix('.')?;
    name.strip_suffix(".auth")
        .or_else(|| name.strip_suffix(".auth-fips"))
}

/// Returns the host in lower case, without its port and the root's dot.
fn plain(host: &str) -> String {
    let name = name(host).to_ascii_lowercase();
    name.strip_suffix('.').unwrap_or(&name).to_owned()
}

/// Returns the host without its port, and without the brackets of an IPv6 address.
fn name(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(pool: &str, custom: bool, status: &str) -> Domain {
        Domain {
            pool: pool.to_owned(),
            certificate_arn: custom.then(|| "arn:aws:acm:us-east-1:1:certificate/c".to_owned()),
            cloudfront: None,
            managed_login_version: 1,
            status: status.to_owned(),
            settings: serde_json::Map::new(),
        }
    }

    fn of(host: &str) -> Site {
        let mut state = State::default();
        for (name, domain) in [
            ("acme", domain("p1", false, "ACTIVE")),
            ("auth.acme.example", domain("p1", true, "ACTIVE")),
            ("early.acme.example", domain("p1", true, "CREATING")),
        ] {
            state.domains.insert(name.to_owned(), domain);
        }
        site(Some(host), "eu-west-1", &state)
    }

    #[test]
    fn a_loopback_host_serves_every_pool_at_any_port() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:9229", "[::1]:1"] {
            assert_eq!(of(host), Site::Loopback, "{host}");
        }
    }

    #[test]
    fn a_domain_serves_its_pool_in_its_own_region_alone() {
        let pool = Site::Domain("p1".to_owned());
        for host in [
            "acme.auth.eu-west-1.amazoncognito.com",
            "ACME.auth.eu-west-1.amazoncognito.com:443",
            "acme.auth.eu-west-1.amazoncognito.com.",
            "acme.auth-fips.eu-west-1.amazoncognito.com",
            "auth.acme.example",
        ] {
            assert_eq!(of(host), pool, "{host}");
        }
    }

    #[test]
    fn a_host_of_nobody_serves_nothing() {
        for host in [
            "acme.auth.us-east-1.amazoncognito.com",
            "other.auth.eu-west-1.amazoncognito.com",
            "auth.acme.example.auth.eu-west-1.amazoncognito.com",
            "acme",
            "early.acme.example",
            "10.0.0.1",
            "localhost.example",
            "",
        ] {
            assert_eq!(of(host), Site::Nothing, "{host}");
        }
    }

    #[test]
    fn the_service_has_a_host_in_its_region() {
        assert_eq!(of("cognito-idp.eu-west-1.amazonaws.com"), Site::Service);
        assert_eq!(of("cognito-idp.us-east-1.amazonaws.com"), Site::Nothing);
    }
}
