//! Fetches a pool's public keys and verifies tokens.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Arc, MutexGuard, PoisonError};

use aws_sdk_cognitoidentityprovider::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::{Gateway, join_url};
use crate::cognito::oauth::http;
use crate::cognito::sdk::response_shape;
use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::oauth::issuer::{Issuer, Pin, Rules};
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::Verification;
use crate::domain::pool::{IssuerType, UserPool};

const OPERATION: &str = "JWKS request";

/// The published keys of a pool. An unusable key does not affect the others.
pub struct KeySet(Vec<Map<String, Value>>);

impl KeySet {
    fn parse(body: &[u8]) -> Option<Self> {
        let set: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let keys = set.get("keys")?.as_array()?;
        let keys = keys.iter().filter_map(Value::as_object);
        Some(Self(keys.cloned().collect()))
    }

    /// The keys with this id; there should be one.
    fn named(&self, kid: &str) -> impl Iterator<Item = &Map<String, Value>> {
        let is =
            move |key: &&Map<String, Value>| key.get("kid").and_then(Value::as_str) == Some(kid);
        self.0.iter().filter(is)
    }
}

impl Gateway {
    /// Whether `token` was signed by `pool` (RS256, a key of its JWKS) and names it as its issuer. The caller checks the expiry. Keys are
    /// cached; an unknown `kid` reloads them once, since Cognito may rotate them.
    pub async fn verify(&self, token: &SecretString, pool: &UserPool) -> Verification {
        let Some(kind) = pool.issuer else {
            let reason =
                "this version does not know the pool's IssuerConfiguration.Type".to_owned();
            return Verification::Unknown { reason };
        };
        let issuer = match Issuer::of(&pool.id, kind) {
            Some(issuer) => issuer,
            // An emulator's.
            None => Issuer {
                pool: pool.id.clone(),
                kind,
                region: None,
            },
        };
        self.verify_by(token, &issuer).await
    }

    /// [`Gateway::verify`] with the pool that the token names as its issuer. The token may be forged, so keys are requested only from
    /// Amazon Cognito or the configured endpoint; for others the result is [`Verification::Unknown`], without a request.
    pub async fn verify_by_issuer(&self, token: &SecretString, pin: Option<&Pin>) -> Verification {
        let unknown = |reason: String| Verification::Unknown { reason };
        let named = Jwt::parse(token.expose_secret()).ok();
        let iss = named.as_ref().and_then(|jwt| jwt.claim_str("iss"));
        let rules = Rules {
            region: self.region(),
            endpoint: self.endpoint(),
            pin,
        };
        let Some((iss, issuer)) = iss.and_then(|iss| Some((iss, rules.issuer(iss)?))) else {
            return unknown(format!(
                "issuer {} is not Cognito; no keys were requested",
                iss.unwrap_or("missing")
            ));
        };
        if let Some(broken) = rules.breaks_pin(iss) {
            return unknown(format!("{broken} No keys were requested."));
        }
        match issuer.two_regions() {
            Some(regions) if !rules.is_pinned(iss) => perhaps_a_replicas(regions),
            _ => self.verify_by(token, &issuer).await,
        }
    }

    async fn verify_by(&self, token: &SecretString, issuer: &Issuer) -> Verification {
        let invalid = |reason: String| Verification::Invalid { reason };
        let jwt = match Jwt::parse(token.expose_secret()) {
            Ok(jwt) => jwt,
            Err(error) => return invalid(error.to_string()),
        };
        // The algorithm is fixed before a key is chosen: an attacker can choose the token's alg.
        if jwt.algorithm() != Some("RS256") {
            return invalid(format!(
                "signed with {}; Cognito uses RS256",
                jwt.algorithm().unwrap_or("no algorithm")
            ));
        }
        let Some(kid) = jwt.kid() else {
            return invalid("the header has no kid".to_owned());
        };
        let keys = match self.keys_with(issuer, kid).await {
            Ok(keys) => keys,
            Err(error) if error.kind == ErrorKind::NotFound => {
                return Verification::NoPool {
                    pool: issuer.pool.clone(),
                };
            }
            // An answer that is no key set and none of Cognito's own says nothing of the pool.
            Err(error) if error.kind == ErrorKind::Malformed => {
                return Verification::Unknown {
                    reason: format!(
                        "{OPERATION}: {}; whether there is a user pool {} is not known here",
                        error.detail, issuer.pool
                    ),
                };
            }
            Err(error) => {
                return Verification::Unknown {
                    reason: format!("{error}: {}", error.detail),
                };
            }
        };
        match check_any(token, keys.named(kid), kid) {
            Ok(()) => self.of_issuer(&jwt, issuer, kid),
            Err(found) => found,
        }
    }

    /// The result for a token that a key of `issuer` signed.
    fn of_issuer(&self, jwt: &Jwt, issuer: &Issuer, kid: &str) -> Verification {
        match jwt.claim_str("iss") {
            Some(iss) if self.issuers(issuer).iter().any(|known| known == iss) => {
                Verification::Valid {
                    kid: kid.to_owned(),
                    algorithm: "RS256".to_owned(),
                }
            }
            iss => {
                let rules = Rules {
                    region: self.region(),
                    endpoint: self.endpoint(),
                    pin: None,
                };
                let named = iss.and_then(|iss| rules.issuer(iss));
                let named = named.filter(|named| named.pool == issuer.pool);
                if let Some(regions) = named.as_ref().and_then(Issuer::two_regions) {
                    return perhaps_a_replicas(regions);
                }
                Verification::Invalid {
                    reason: format!(
                        "signed by the pool's key, but the issuer is {}",
                        iss.unwrap_or("missing")
                    ),
                }
            }
        }
    }

    /// The issuer's keys: from the cache if it has `kid`, else from the network.
    async fn keys_with(&self, issuer: &Issuer, kid: &str) -> Result<Arc<KeySet>, Error> {
        let url = match self.endpoint() {
            Some(endpoint) => under(&join_url(endpoint, issuer.pool.as_str())),
            None => keys_url(issuer).await?,
        };
        let kept = self.kept_keys().get(&url).cloned();
        if let Some(keys) = kept.filter(|keys| keys.named(kid).next().is_some()) {
            return Ok(keys);
        }
        let fresh = Arc::new(self.fetch_keys(&url, &issuer.pool).await?);
        self.kept_keys().insert(url, Arc::clone(&fresh));
        Ok(fresh)
    }

    fn kept_keys(&self) -> MutexGuard<'_, HashMap<String, Arc<KeySet>>> {
        self.inner
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn fetch_keys(&self, url: &str, pool: &PoolId) -> Result<KeySet, Error> {
        let answer = http::get(&self.inner.web, url, OPERATION).await?;
        if answer.status == 200 {
            response_shape::keys(&answer.body)
                .map_err(|lack| malformed(pool, &lack.to_string()))?;
            // A pool always has keys: an empty set proves nothing about a token.
            return KeySet::parse(&answer.body)
                .filter(|set| !set.0.is_empty())
                .ok_or_else(|| malformed(pool, "the response has no keys"));
        }
        let kind = if is_no_pool(answer.status, &answer.body) {
            ErrorKind::NotFound
        } else if answer.status == 429 {
            ErrorKind::Throttled
        } else if answer.status >= 500 {
            ErrorKind::Service
        } else {
            ErrorKind::Malformed
        };
        let detail = format!("HTTP status {}", answer.status);
        Err(Error::new(OPERATION, kind, detail, "").about(pool.as_str()))
    }

    /// The issuers that a token of `issuer` may name: AWS's, and a custom endpoint, since some emulators use their own address.
    fn issuers(&self, issuer: &Issuer) -> Vec<String> {
        let stand_in = self
            .endpoint()
            .map(|endpoint| join_url(endpoint, issuer.pool.as_str()));
        endpoints::issuer_url(issuer)
            .into_iter()
            .chain(stand_in)
            .collect()
    }
}

/// The URL of the keys at the host that the SDK resolves for the issuer's Region: a token cannot choose another host.
async fn keys_url(issuer: &Issuer) -> Result<String, Error> {
    let refused = |detail: &str| malformed(&issuer.pool, detail);
    let region = issuer
        .region
        .clone()
        .ok_or_else(|| refused("the pool id has no Region"))?;
    let params = Params::builder()
        .region(region)
        .build()
        .map_err(|_| refused("the pool id has no Region"))?;
    let resolved = ResolveEndpoint::resolve_endpoint(&DefaultResolver::new(), &params)
        .await
        .map_err(|error| refused(&error.to_string()))?;
    let host = resolved.url().trim_end_matches('/');
    let host = match (issuer.kind, host.strip_prefix("https://")) {
        (IssuerType::Updated, Some(name)) => format!("https://issuer-{name}"),
        _ => host.to_owned(),
    };
    let issuer_url = join_url(&host, issuer.pool.as_str());
    if endpoints::issuer_url(issuer).as_deref() != Some(issuer_url.as_str()) {
        return Err(refused("its Region has no Amazon Cognito"));
    }
    Ok(under(&issuer_url))
}

/// A pool with replicas may use the Region of the replica that issued the token; whether it has any is unknown here.
fn perhaps_a_replicas((issuing, home): (&str, &str)) -> Verification {
    Verification::Unknown {
        reason: format!(
            "the issuer is in {issuing}, its user pool id in {home}: it may be a replica; not verified"
        ),
    }
}

fn under(issuer: &str) -> String {
    join_url(issuer, ".well-known/jwks.json")
}

fn malformed(pool: &PoolId, detail: &str) -> Error {
    Error::new(OPERATION, ErrorKind::Malformed, detail, "").about(pool.as_str())
}

/// Whether Cognito's error JSON says that the pool does not exist. Another 404 may be a proxy's.
fn is_no_pool(status: u16, body: &[u8]) -> bool {
    let body: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let named = ["__type", "code"].map(text);
    let by_name = named.iter().any(|name| name.contains("ResourceNotFound"));
    let by_words = ["message", "Message"].map(text);
    let by_words = by_words
        .iter()
        .any(|words| words.contains("does not exist"));
    matches!(status, 400 | 404) && (by_name || by_words)
}

/// Why a key does not verify a signature. The text follows the key's id.
enum KeyIssue {
    /// The key is for another purpose, or did not make the signature.
    Wrong(String),
    /// This program cannot use the key, which proves nothing about the signature.
    Unreadable(String),
}

/// Checks the signature with each of `keys`, whose id is `kid`; otherwise says why not. An unreadable key may be the one that made it,
/// whatever the others say.
fn check_any<'a>(
    token: &SecretString,
    keys: impl Iterator<Item = &'a Map<String, Value>>,
    kid: &str,
) -> Result<(), Verification> {
    let mut wrong = format!("key {kid} is not among the pool's keys");
    let mut unreadable = None;
    for key in keys {
        match check(token, key) {
            Ok(()) => return Ok(()),
            Err(KeyIssue::Wrong(words)) => wrong = format!("key {kid} of the pool {words}"),
            Err(KeyIssue::Unreadable(words)) => {
                unreadable = Some(format!("key {kid} of the pool cannot be read: {words}"));
            }
        }
    }
    Err(match unreadable {
        Some(reason) => Verification::Unknown { reason },
        None => Verification::Invalid { reason: wrong },
    })
}

/// Checks that `key` is for RS256 signatures (RFC 7517, section 4) and verifies this one.
fn check(token: &SecretString, key: &Map<String, Value>) -> Result<(), KeyIssue> {
    for (name, wanted) in [("kty", "RSA"), ("use", "sig"), ("alg", "RS256")] {
        match key.get(name) {
            Some(Value::String(found)) if found == wanted => {}
            None if name != "kty" => {}
            found => {
                let found = found.map_or_else(|| "missing".to_owned(), Value::to_string);
                return Err(KeyIssue::Wrong(format!(
                    "is unsuitable: {name} is {found}, not {wanted}"
                )));
            }
        }
    }
    let operations = key.get("key_ops").and_then(Value::as_array);
    if operations.is_some_and(|all| !all.iter().any(|one| one == "verify")) {
        let words = "is unsuitable: key_ops lacks verify";
        return Err(KeyIssue::Wrong(words.to_owned()));
    }
    let unreadable = |error: &dyn Display| KeyIssue::Unreadable(error.to_string());
    let key: Jwk =
        serde_json::from_value(Value::Object(key.clone())).map_err(|error| unreadable(&error))?;
    let key = DecodingKey::from_jwk(&key).map_err(|error| unreadable(&error))?;
    let text = token.expose_secret().trim();
    let (signed, signature) = text.rsplit_once('.').unwrap_or_default();
    match crypto::verify(signature, signed.as_bytes(), &key, Algorithm::RS256) {
        Ok(true) => Ok(()),
        Ok(false) => Err(KeyIssue::Wrong("did not make this signature".to_owned())),
        Err(error) => Err(unreadable(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::regions;

    #[tokio::test]
    async fn the_sdk_resolves_the_issuers_host_of_every_region() {
        for region in regions::known() {
            for kind in [IssuerType::Original, IssuerType::Updated] {
                let pool = PoolId::new(format!("{region}_A"));
                let issuer = Issuer::of(&pool, kind).unwrap();
                let url = keys_url(&issuer).await.unwrap();
                assert_eq!(Some(url), endpoints::jwks_url_of(&pool, kind));
            }
        }
    }

    #[tokio::test]
    async fn a_region_that_the_sdk_does_not_resolve_so_is_asked_for_nothing() {
        for region in ["us-iso-east-1", "eu-isoe-west-1", "us-isob-east-1"] {
            let pool = PoolId::new(format!("{region}_A"));
            let issuer = Issuer::of(&pool, IssuerType::Original).unwrap();
            assert!(keys_url(&issuer).await.is_err(), "{region}");
        }
    }

    #[test]
    fn a_key_that_cannot_be_read_is_not_outweighed_by_another() {
        let token = SecretString::from("a.b.c");
        let set = |keys: &str| KeySet::parse(keys.as_bytes()).unwrap();
        let unreadable = r#"{"kid":"k","kty":"RSA","n":"!","e":"AQAB"}"#;
        let wrong = r#"{"kid":"k","kty":"EC"}"#;
        for (keys, known) in [
            (format!("{unreadable},{wrong}"), false),
            (format!("{wrong},{unreadable}"), false),
            (format!("{wrong},{wrong}"), true),
        ] {
            let set = set(&format!(r#"{{"keys":[{keys}]}}"#));
            let found = check_any(&token, set.named("k"), "k").unwrap_err();
            let is_known = matches!(found, Verification::Invalid { .. });
            assert_eq!(is_known, known, "{keys} {found:?}");
        }
    }

    #[test]
    fn only_cognitos_own_words_say_that_there_is_no_pool() {
        let words = br#"{"message":"User pool eu-west-1_A does not exist."}"#;
        assert!(is_no_pool(404, words) && is_no_pool(400, words));
        let named = br#"{"__type":"ResourceNotFoundException"}"#;
        assert!(is_no_pool(400, named));
        assert!(!is_no_pool(500, words) && !is_no_pool(403, words));
        assert!(!is_no_pool(404, b"<html>404</html>") && !is_no_pool(404, b""));
    }
}
