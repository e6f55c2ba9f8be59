//! A pool's public keys, and whether they verify a token.

use std::sync::{Arc, PoisonError};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::error::{Error, ErrorKind};
use super::gateway::{Gateway, at};
use super::shape;
use super::web;
use crate::domain::hosts;
use crate::domain::ids::PoolId;
use crate::domain::jwt::Jwt;
use crate::domain::pool::{IssuerType, UserPool};
use crate::domain::token::Verification;

const OPERATION: &str = "JWKS request";

/// The keys that a pool published. One that this program cannot read is left out and does no harm to the others.
pub(super) struct KeySet(Vec<Jwk>);

impl KeySet {
    fn parse(body: &[u8]) -> Option<Self> {
        let set: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let keys = set.get("keys")?.as_array()?;
        Some(Self(
            keys.iter()
                .filter_map(|key| serde_json::from_value(key.clone()).ok())
                .collect(),
        ))
    }

    fn find(&self, kid: &str) -> Option<&Jwk> {
        self.0
            .iter()
            .find(|key| key.common.key_id.as_deref() == Some(kid))
    }
}

impl Gateway {
    /// Whether `token` was signed by `pool` (RS256, a key of its JWKS) and names it as its issuer. An expired token is valid in this sense:
    /// whether it has expired is for the caller to say. Keys are kept; an unknown `kid` makes them be read once more, as Cognito
    /// may rotate them.
    pub async fn verify(&self, token: &SecretString, pool: &UserPool) -> Verification {
        self.verify_by(token, &pool.id, pool.issuer).await
    }

    /// [`Gateway::verify`] by the pool that the token itself names as its issuer. The token may be forged, so only an issuer of Amazon
    /// Cognito's own is asked for keys, or the endpoint that stands in for it; another one is [`Verification::Unknown`].
    pub async fn verify_by_issuer(&self, token: &SecretString) -> Verification {
        let named = Jwt::parse(token.expose_secret()).ok();
        let iss = named.as_ref().and_then(|jwt| jwt.claim_str("iss"));
        match iss.and_then(|iss| self.issuing_pool(iss)) {
            Some((pool, issuer)) => self.verify_by(token, &pool, issuer).await,
            None => Verification::Unknown {
                reason: format!(
                    "its issuer is {}, which is no user pool of Amazon Cognito: no keys were asked for",
                    iss.unwrap_or("missing")
                ),
            },
        }
    }

    /// The pool that signs as `iss`, by AWS's rules or under the endpoint that stands in for AWS.
    fn issuing_pool(&self, iss: &str) -> Option<(PoolId, IssuerType)> {
        hosts::issuing_pool(iss).or_else(|| {
            let pool = iss.strip_prefix(&at(self.endpoint()?, ""))?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            (!pool.is_empty() && pool.bytes().all(plain))
                .then(|| (PoolId::new(pool), IssuerType::Original))
        })
    }

    async fn verify_by(
        &self,
        token: &SecretString,
        pool: &PoolId,
        issuer: IssuerType,
    ) -> Verification {
        let jwt = match Jwt::parse(token.expose_secret()) {
            Ok(jwt) => jwt,
            Err(error) => {
                return Verification::Invalid {
                    reason: error.to_string(),
                };
            }
        };
        // The algorithm is fixed before any key is looked at: the token's own word for it is the attacker's too.
        if jwt.algorithm() != Some("RS256") {
            let reason = format!(
                "signed with {}, where Cognito uses RS256",
                jwt.algorithm().unwrap_or("no algorithm")
            );
            return Verification::Invalid { reason };
        }
        let Some(kid) = jwt.kid() else {
            return Verification::Invalid {
                reason: "the header names no key (kid)".to_owned(),
            };
        };
        let keys = match self.keys_with(pool, issuer, kid).await {
            Ok(keys) => keys,
            Err(error) => {
                return Verification::Unknown {
                    reason: format!("{error}: {}", error.detail),
                };
            }
        };
        match keys.find(kid) {
            Some(key) => check(token, key, kid, &jwt, &self.issuers(pool, issuer)),
            None => Verification::Invalid {
                reason: format!("key {kid} is not among the pool's keys"),
            },
        }
    }

    /// The pool's keys: those that are kept if `kid` is among them, else as they are published now.
    async fn keys_with(
        &self,
        pool: &PoolId,
        issuer: IssuerType,
        kid: &str,
    ) -> Result<Arc<KeySet>, Error> {
        let kept = self
            .inner
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(pool)
            .cloned();
        if let Some(keys) = kept.filter(|keys| keys.find(kid).is_some()) {
            return Ok(keys);
        }
        let fresh = Arc::new(self.fetch_keys(pool, issuer).await?);
        self.inner
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(pool.clone(), Arc::clone(&fresh));
        Ok(fresh)
    }

    async fn fetch_keys(&self, pool: &PoolId, issuer: IssuerType) -> Result<KeySet, Error> {
        let url = match self.endpoint() {
            Some(endpoint) => Some(at(endpoint, &format!("{pool}/.well-known/jwks.json"))),
            None => hosts::jwks_url_of(pool, issuer),
        };
        let malformed = |detail: String| {
            Error::new(OPERATION, ErrorKind::Malformed, detail, "").about(pool.as_str())
        };
        let url = url.ok_or_else(|| malformed("the pool's id names no Region".to_owned()))?;
        let answer = web::get(&self.inner.web, &url, OPERATION).await?;
        if answer.status != 200 {
            return Err(malformed(format!("HTTP status {}", answer.status)));
        }
        shape::keys(&answer.body).map_err(|lack| malformed(lack.to_string()))?;
        // A pool always has keys: none at all says nothing about a token.
        KeySet::parse(&answer.body)
            .filter(|set| !set.0.is_empty())
            .ok_or_else(|| malformed("the answer has no keys".to_owned()))
    }

    /// The issuers that a token of `pool` may name: AWS's, and where another endpoint stands in for AWS also that one, as
    /// some emulators put their own address there.
    fn issuers(&self, pool: &PoolId, issuer: IssuerType) -> Vec<String> {
        let stand_in = self.endpoint().map(|endpoint| at(endpoint, pool.as_str()));
        hosts::issuer_of(pool, issuer)
            .into_iter()
            .chain(stand_in)
            .collect()
    }
}

fn check(
    token: &SecretString,
    key: &Jwk,
    kid: &str,
    jwt: &Jwt,
    issuers: &[String],
) -> Verification {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let verified = DecodingKey::from_jwk(key).and_then(|key| {
        jsonwebtoken::decode::<Map<String, Value>>(token.expose_secret(), &key, &validation)
    });
    if let Err(error) = verified {
        return Verification::Invalid {
            reason: format!("key {kid} of the pool did not make this signature ({error})"),
        };
    }
    match jwt.claim_str("iss") {
        Some(issuer) if issuers.iter().any(|known| known == issuer) => Verification::Valid {
            kid: kid.to_owned(),
            algorithm: "RS256".to_owned(),
        },
        issuer => Verification::Invalid {
            reason: format!(
                "signed by the pool's key, but its issuer is {}",
                issuer.unwrap_or("missing")
            ),
        },
    }
}
