//! Access tokens: their contents, signing and verification.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::grant::{self, Grant};
use crate::sandbox::ids::request_id;
use crate::sandbox::keys::{self, Key, KeyError};
use crate::sandbox::shared::Shared;
use crate::sandbox::state::Pool;

/// The header, with AWS's members: no `typ`.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    /// Optional in tokens from elsewhere; tokens issued here have it.
    #[serde(default)]
    kid: String,
    alg: String,
}

/// The claims of a machine's access token, in AWS's order. There is no `aud`, `username` or group.
#[derive(Debug, Serialize)]
struct Claims<'a> {
    sub: &'a str,
    token_use: &'static str,
    scope: String,
    auth_time: u64,
    iss: &'a str,
    exp: u64,
    iat: u64,
    version: u8,
    jti: String,
    client_id: &'a str,
}

/// The claims that a protected API checks. A token from elsewhere may lack any of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReadClaims {
    pub iss: String,
    pub client_id: String,
    pub token_use: String,
    pub scope: String,
    pub exp: f64,
}

impl ReadClaims {
    /// Returns whether the scope is among those of the token.
    pub fn holds(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|held| held == scope)
    }
}

/// A parsed token, its signature not yet verified.
#[derive(Debug)]
struct Token<'a> {
    header: Header,
    claims: ReadClaims,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Issues the signed access token of a grant at `now` (epoch seconds) with the pool's key.
pub async fn issue(shared: &Shared, grant: &Grant, now: u64) -> Result<String, KeyError> {
    let keys = keys::of_pool(shared, &grant.pool).await?;
    let claims = Claims {
        sub: &grant.client,
        token_use: "access",
        scope: grant.scopes.join(" "),
        auth_time: now,
        iss: &grant.issuer,
        exp: now.saturating_add(grant.lifetime),
        iat: now,
        version: 2,
        jti: request_id(),
        client_id: &grant.client,
    };
    let header = Header {
        kid: keys.access.kid.clone(),
        alg: "RS256".to_owned(),
    };
    let input = format!("{}.{}", part(&header)?, part(&claims)?);
    let signature = BASE64_URL_SAFE_NO_PAD.encode(keys.access.sign(input.as_bytes())?);
    Ok(format!("{input}.{signature}"))
}

fn part(value: &impl Serialize) -> Result<String, KeyError> {
    let json = serde_json::to_vec(value).map_err(|_| KeyError::Signature)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(json))
}

/// Returns the claims of an access token that is valid at `now` (epoch seconds), and the id of the pool that issued it, if the
/// caller `accepts` the pool.
///
/// The error says what is wrong with the token, in API Gateway's words.
pub async fn verify(
    shared: &Shared,
    text: &str,
    now: u64,
    accepts: impl Fn(&Pool) -> bool,
) -> Result<(String, ReadClaims), &'static str> {
    let token = Token::parse(text).ok_or("the token is malformed")?;
    if token.header.alg != "RS256" {
        return Err("the token's signing method is invalid");
    }
    let pool = issuing_pool(shared, &token.claims.iss, accepts)
        .ok_or("the token does not have a valid issuer")?;
    let keys = keys::of_pool(shared, &pool)
        .await
        .map_err(|_| "the issuer's keys cannot be read")?;
    // Access tokens are signed with the access-token key; a token with the other `kid` is signed as an ID token.
    if token.header.kid != keys.access.kid || !token.signed_by(&keys.access) {
        return Err("the token has an invalid signature");
    }
    let claims = token.claims;
    #[expect(
        clippy::cast_precision_loss,
        reason = "exact until the year 285 million"
    )]
    let now = now as f64;
    if claims.exp <= now {
        return Err("the token has expired");
    }
    if claims.token_use != "access" {
        return Err("the token is not an access token");
    }
    if grant::find(&shared.lock(), Some(&pool), &claims.client_id).is_none() {
        return Err("the token does not have a valid audience");
    }
    Ok((pool, claims))
}

/// Returns the pool with this issuer.
fn issuing_pool(shared: &Shared, issuer: &str, accepts: impl Fn(&Pool) -> bool) -> Option<String> {
    let state = shared.lock();
    let (_, id) = issuer.rsplit_once('/')?;
    let pool = state.pools.get(id).filter(|pool| accepts(pool))?;
    (grant::issuer(pool, &shared.region) == issuer).then(|| pool.id.clone())
}

impl<'a> Token<'a> {
    /// Parses a compact JWS; `None` if it is not one, or its claims have wrong types.
    fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            header: serde_json::from_slice(&json(header)?).ok()?,
            claims: serde_json::from_slice(&json(claims)?).ok()?,
            signed,
            signature: json(signature)?,
        })
    }

    /// Returns whether the key signed exactly this token.
    fn signed_by(&self, key: &Key) -> bool {
        key.verifies(self.signed.as_bytes(), &self.signature)
    }
}
