//! What is wrong with a token, wherever it came from: each fault by name, with what was seen.

use super::hosts;
use super::ids::{ClientId, PoolId};
use super::jwt::Jwt;
use super::time::{self, Timestamp};
use super::token::Verification;

/// How far apart the clocks of two honest machines may be, in seconds.
const SKEW: i64 = 60;

/// One fault of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Its name, in a few words.
    pub title: &'static str,
    /// What was seen, with the values.
    pub seen: String,
    /// What it means, and what to do.
    pub fix: String,
}

impl Trouble {
    fn new(title: &'static str, seen: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            title,
            seen: seen.into(),
            fix: fix.into(),
        }
    }
}

/// Whether something that a token names was found in this account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Nobody has looked, or nobody could.
    #[default]
    Unknown,
    Here,
    NotHere,
}

/// What is known besides the token.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// The Region that the console looks at.
    pub region: Option<&'a str>,
    /// An endpoint that stands in for AWS's own, whose address may be the issuer.
    pub endpoint: Option<&'a str>,
    pub pool: Presence,
    pub client: Presence,
    pub verification: Option<&'a Verification>,
    /// Length of the signature in bytes, where the token's text was seen.
    pub signature: Option<usize>,
}

/// The pool that a token names as its issuer: by AWS's rules, or under the `endpoint` that stands in for AWS.
#[must_use]
pub fn pool_of(jwt: &Jwt, endpoint: Option<&str>) -> Option<PoolId> {
    let iss = jwt.claim_str("iss")?;
    if let Some((pool, _)) = hosts::issuing_pool(iss) {
        return Some(pool);
    }
    let id = iss
        .strip_prefix(endpoint?.trim_end_matches('/'))?
        .strip_prefix('/')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (!id.is_empty() && id.chars().all(plain)).then(|| PoolId::new(id))
}

/// The app client that a token was issued to: `client_id` of an access token, `aud` of an id token.
#[must_use]
pub fn client_of(jwt: &Jwt) -> Option<ClientId> {
    jwt.claim_str("client_id")
        .or_else(|| jwt.claim_str("aud"))
        .filter(|id| !id.is_empty())
        .map(ClientId::new)
}

/// Everything that is wrong with a token, what makes it worthless first.
#[must_use]
pub fn troubles(jwt: &Jwt, around: &Surroundings, now: Timestamp) -> Vec<Trouble> {
    let mut found = Vec::new();
    found.extend(algorithm(jwt));
    found.extend(cut(jwt, around));
    found.extend(signature(jwt, around));
    found.extend(issuer(jwt, around));
    found.extend(client(jwt, around));
    found.extend(kind(jwt));
    found.extend(times(jwt, now));
    found
}

fn algorithm(jwt: &Jwt) -> Option<Trouble> {
    match jwt.algorithm() {
        Some("RS256") => None,
        None => Some(Trouble::new(
            "no algorithm",
            "The header has no alg.",
            "Cognito signs with RS256 and says so. Nobody should accept this token.",
        )),
        Some(none) if none.eq_ignore_ascii_case("none") => Some(Trouble::new(
            "alg: none, not signed",
            "The header says alg none: anybody can have written these claims.",
            "Nobody may accept it: an API that does takes whatever it is told.",
        )),
        Some(shared) if shared.starts_with("HS") => Some(Trouble::new(
            "signed with a shared secret",
            format!("The header says alg {shared}; Cognito signs with RS256 alone."),
            "It is not Cognito's, or it was forged with the public key as the secret. Nobody may accept it.",
        )),
        Some(other) => Some(Trouble::new(
            "not Cognito's algorithm",
            format!("The header says alg {other}; Cognito signs with RS256 alone."),
            "It was issued by something else.",
        )),
    }
}

/// RSA signatures are as long as their keys.
fn cut(jwt: &Jwt, around: &Surroundings) -> Option<Trouble> {
    let length = around.signature?;
    (jwt.algorithm() == Some("RS256") && !matches!(length, 256 | 384 | 512)).then(|| {
        Trouble::new(
            "cut off in its signature",
            format!("The signature has {length} bytes; one of RS256 has 256."),
            "Copy the token again, to its very end.",
        )
    })
}

fn signature(jwt: &Jwt, around: &Surroundings) -> Option<Trouble> {
    if jwt.algorithm() != Some("RS256") {
        return None;
    }
    if jwt.kid().is_none() {
        return Some(Trouble::new(
            "no kid",
            "The header names no key.",
            "Cognito always names one. It was issued by something else.",
        ));
    }
    let Verification::Invalid { reason } = around.verification? else {
        return None;
    };
    Some(Trouble::new(
        "its signature does not stand",
        reason.clone(),
        "It was altered, or signed by something other than the pool it names.",
    ))
}

fn issuer(jwt: &Jwt, around: &Surroundings) -> Option<Trouble> {
    let Some(iss) = jwt.claim_str("iss") else {
        return Some(Trouble::new(
            "no issuer",
            "The claims have no iss.",
            "Cognito always names the user pool. It was issued by something else.",
        ));
    };
    let Some(pool) = pool_of(jwt, around.endpoint) else {
        return Some(Trouble::new(
            "not issued by a user pool",
            format!("Its issuer is {iss}."),
            "An API that expects Cognito's tokens refuses it. Ask the pool's own token endpoint.",
        ));
    };
    match (pool.region(), around.region) {
        (Some(theirs), Some(ours)) if theirs != ours => Some(Trouble::new(
            "of another Region",
            format!("Its pool {pool} is in {theirs}; this console looks at {ours}."),
            format!("Start with --region {theirs} to see its pool and client."),
        )),
        _ if around.pool == Presence::NotHere => Some(Trouble::new(
            "of another account, or of a deleted pool",
            format!("This account has no pool {pool} in this Region."),
            "Choose the profile of the account that has it.",
        )),
        _ => None,
    }
}

fn client(jwt: &Jwt, around: &Surroundings) -> Option<Trouble> {
    if around.pool != Presence::Here || around.client != Presence::NotHere {
        return None;
    }
    let client = client_of(jwt)?;
    Some(Trouble::new(
        "its app client is gone",
        format!("The pool has no client {client}."),
        "It was deleted since: tokens that it got are still accepted until they expire, and there are no new ones.",
    ))
}

fn kind(jwt: &Jwt) -> Option<Trouble> {
    match jwt.claim_str("token_use") {
        Some("access") => None,
        Some("id") => Some(Trouble::new(
            "an id token, not an access token",
            "token_use is id.",
            "It tells an app who signed in; an API wants the access token, which has client_id and scope.",
        )),
        Some(other) => Some(Trouble::new(
            "not an access token",
            format!("token_use is {other}."),
            "An API wants a token whose token_use is access.",
        )),
        None => Some(Trouble::new(
            "no token_use",
            "The claims do not say what kind of token it is.",
            "Every token of Cognito says access or id: it was issued by something else.",
        )),
    }
}

fn times(jwt: &Jwt, now: Timestamp) -> Vec<Trouble> {
    let mut found = Vec::new();
    match jwt.expires() {
        Some(at) if at <= now => found.push(Trouble::new(
            "expired",
            format!(
                "It expired at {}, {} before now.",
                at.utc(),
                time::age(at, now)
            ),
            "Get a new one: a machine asks again at about three quarters of the lifetime.",
        )),
        Some(_) => {}
        None => found.push(Trouble::new(
            "no expiry",
            "The claims have no exp that is a time.",
            "Every token of Cognito has one: it was issued by something else.",
        )),
    }
    let later = |at: &Timestamp| now.seconds_until(*at) > SKEW;
    if let Some(at) = jwt.claim_time("nbf").filter(later) {
        found.push(Trouble::new(
            "not yet valid",
            format!(
                "nbf is {}, in {}.",
                at.utc(),
                time::countdown(now.seconds_until(at))
            ),
            "Wait until then, or look at the clocks.",
        ));
    } else if let Some(at) = jwt.issued().filter(later) {
        found.push(Trouble::new(
            "not yet valid: issued in the future",
            format!("iat is {}, in {}.", at.utc(), time::countdown(now.seconds_until(at))),
            "Look at this machine's clock: APIs with the right time may accept it, or this one may not.",
        ));
    }
    found
}

#[cfg(test)]
mod tests;
