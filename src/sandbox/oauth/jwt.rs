//! Access tokens: what they say, and how they are signed and read.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::grant::Grant;
use crate::sandbox::ids::request_id;
use crate::sandbox::keys::{self, Key, KeyError};
use crate::sandbox::shared::Shared;

/// The header, with the members AWS's has: no `typ`.
#[derive(Debug, Serialize, Deserialize)]
pub struct Header {
    /// Absent in what others made; every token from here has one.
    #[serde(default)]
    pub kid: String,
    pub alg: String,
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

/// The claims a protected API looks at. A token of anyone's making may lack any of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReadClaims {
    pub iss: String,
    pub client_id: String,
    pub token_use: String,
    pub scope: String,
    pub exp: f64,
}

/// A token taken apart, its signature not yet checked.
#[derive(Debug)]
pub struct Token<'a> {
    pub header: Header,
    pub claims: ReadClaims,
    signed: &'a str,
    signature: Vec<u8>,
}

/// The signed access token of a grant, issued at `now` (epoch seconds) with the pool's key.
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

impl<'a> Token<'a> {
    /// Takes a compact JWS apart; None if it is not one, or its claims have the wrong types.
    pub fn parse(text: &'a str) -> Option<Self> {
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

    /// Whether the key signed exactly this.
    pub fn signed_by(&self, key: &Key) -> bool {
        key.verifies(self.signed.as_bytes(), &self.signature)
    }
}
