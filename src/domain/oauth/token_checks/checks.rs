//! The checks themselves: RFC 7515 and 7519, RFC 8725's advice, and what Cognito's own tokens look like.

use serde_json::Value;

use super::sort::actor;
use super::{ExpectedUse, Lookup, Remedy, TokenContext, TokenIssue, TokenSort, client_of};
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::Verification;
use crate::domain::shell::option_word;
use crate::domain::time::{self, Timestamp};

/// How far apart the clocks of two honest machines may be, in seconds.
const SKEW: i64 = 60;
/// The title of an expired token.
pub(super) const EXPIRED: &str = "expired";

fn fault(title: &str, seen: impl Into<String>, fix: impl Into<String>) -> TokenIssue {
    TokenIssue::fault(title, seen, fix)
}

fn remark(title: &str, seen: impl Into<String>, fix: impl Into<String>) -> TokenIssue {
    TokenIssue::remark(title, seen, fix)
}

/// Everything that is wrong with a token, what makes it worthless first.
pub(super) fn troubles(
    jwt: &Jwt,
    around: &TokenContext,
    sort: TokenSort,
    now: Timestamp,
) -> Vec<TokenIssue> {
    let mut found = Vec::new();
    if !around.is_decoded {
        found.extend(algorithm(jwt));
        found.extend(header(jwt));
        found.extend(cut(jwt, around));
        found.extend(signature(jwt, around));
    }
    found.extend(issuer(jwt, around));
    found.extend(client(jwt, around, sort));
    found.extend(kind(jwt, around.wanted, sort));
    found.extend(times(jwt, now));
    found.sort_by_key(|trouble| !trouble.refuses);
    found
}

fn algorithm(jwt: &Jwt) -> Option<TokenIssue> {
    match jwt.algorithm() {
        Some("RS256") => None,
        None => Some(fault(
            "no algorithm",
            "The header has no alg.",
            "Cognito signs with RS256 and says so. Do not accept this token.",
        )),
        Some(none) if none.eq_ignore_ascii_case("none") => Some(fault(
            "alg: none, not signed",
            "The header says alg none: anybody can have written these claims.",
            "Do not accept it. An API that does believes any claim.",
        )),
        Some(shared) if shared.starts_with("HS") => Some(fault(
            "signed with a shared secret",
            format!("The header says alg {shared}; Cognito signs with RS256 alone."),
            "It is not Cognito's, or it was forged with the public key as the secret. Do not accept it.",
        )),
        Some(other) => Some(fault(
            "not Cognito's algorithm",
            format!("The header says alg {other}; Cognito signs with RS256 alone."),
            "It was issued by something else.",
        )),
    }
}

/// What a header may say that changes what the rest means.
fn header(jwt: &Jwt) -> Vec<TokenIssue> {
    let mut found = Vec::new();
    if let Some(critical) = jwt.header.get("crit") {
        found.push(fault(
            "critical extension not understood",
            format!("The header has crit: {critical}."),
            "Cognito sets none, and RFC 7515 has such a token refused by everybody who does not know the extension.",
        ));
    }
    if let Some(encoded) = jwt.header.get("b64") {
        found.push(fault(
            "b64 in the header",
            format!("The header has b64: {encoded}."),
            "RFC 7797 forbids it in a JWT: what is signed would not be what is read.",
        ));
    }
    if let Some(kind) = jwt.header.get("typ") {
        let known = kind.as_str().is_some_and(|kind| {
            let kind = kind.to_ascii_lowercase();
            let kind = kind.strip_prefix("application/").unwrap_or(&kind);
            matches!(kind, "jwt" | "at+jwt")
        });
        if !known {
            found.push(fault(
                "another kind of token",
                format!("The header has typ: {kind}."),
                "An access token has typ JWT or at+jwt, or none as Cognito's have.",
            ));
        }
    }
    found
}

/// RSA signatures are as long as their keys.
fn cut(jwt: &Jwt, around: &TokenContext) -> Option<TokenIssue> {
    let length = around.signature?;
    (jwt.algorithm() == Some("RS256") && !matches!(length, 256 | 384 | 512)).then(|| {
        fault(
            "cut off in its signature",
            format!("The signature has {length} bytes; one of RS256 has 256."),
            "Copy the token again, to its very end.",
        )
    })
}

fn signature(jwt: &Jwt, around: &TokenContext) -> Option<TokenIssue> {
    if jwt.algorithm() != Some("RS256") {
        return None;
    }
    if jwt.kid().is_none() {
        return Some(fault(
            "no kid",
            "The header names no key.",
            "Cognito always names one. It was issued by something else.",
        ));
    }
    match around.verification? {
        Verification::Invalid { reason } => Some(fault(
            "invalid signature",
            reason.clone(),
            "It was altered, or signed by something other than the pool it names.",
        )),
        missing @ Verification::NoPool { .. } => Some(fault(
            &missing.reason().unwrap_or_default(),
            "Cognito has no keys for the pool that the token names.",
            "The pool was deleted, or the token is forged. Get a new one from a pool that exists.",
        )),
        Verification::Valid { .. } | Verification::Unknown { .. } => None,
    }
}

fn issuer(jwt: &Jwt, around: &TokenContext) -> Option<TokenIssue> {
    let Some(iss) = jwt.claim_str("iss") else {
        return Some(fault(
            "no issuer",
            "The claims have no iss.",
            "Cognito always names the user pool. It was issued by something else.",
        ));
    };
    let Some(named) = around.rules.issuer(iss) else {
        return Some(fault(
            "not Cognito",
            format!("Its issuer is {iss}, which is no user pool's."),
            "It was issued by something else. No keys were requested. Ask the pool's own token endpoint for a token.",
        ));
    };
    if let Some(seen) = around.rules.breaks_pin(iss) {
        return Some(fault(
            "of another user pool",
            seen,
            "It is good for another API. Get one from the right pool.",
        ));
    }
    let pool = &named.pool;
    match (named.region.as_deref(), around.rules.region) {
        (Some(theirs), Some(ours)) if theirs != ours => Some(remark(
            "of another Region",
            format!("Its pool {pool} is in {theirs}; this session is in {ours}."),
            format!(
                "Start with {} to see its pool and client.",
                option_word("--region", theirs)
            ),
        )),
        _ if matches!(around.verification, Some(Verification::NoPool { .. })) => None,
        // A replica's pool is in another Region under the same id.
        _ if named.two_regions().is_some() => None,
        _ if around.pool == Lookup::NotHere => Some(remark(
            "of another account, or of a deleted pool",
            format!("This account has no pool {pool} in this Region."),
            "Choose the profile of the account that has it.",
        )),
        _ => None,
    }
}

/// What its client is now: gone, or without a way to a new token.
fn client(jwt: &Jwt, around: &TokenContext, sort: TokenSort) -> Option<TokenIssue> {
    let pool = around.pool.value()?;
    let Some(client) = around.client.value() else {
        if around.client != Lookup::NotHere {
            return None;
        }
        let client = client_of(jwt)?;
        // Without a valid signature the client may be made up.
        let fix = match around.verification {
            Some(Verification::Valid { .. }) => {
                "It was deleted since. Its tokens are still accepted until they expire, and there are no new ones."
            }
            _ => "It was deleted, or there never was one: the signature does not prove the token.",
        };
        return Some(remark(
            "its app client is gone",
            format!("User pool {} has no client {client}.", pool.id),
            fix,
        ));
    };
    let settings = &client.settings;
    let by_endpoint = settings.oauth_enabled && settings.is_m2m();
    if sort != TokenSort::Machine || by_endpoint || settings.may_get_client_token() {
        return None;
    }
    let seen = if settings.is_m2m() {
        "AllowedOAuthFlowsUserPoolClient is off."
    } else {
        "AllowedOAuthFlows lacks client_credentials."
    };
    let title = format!("{} gets no new token", settings.name);
    let fix = "This token is accepted until it expires. The doctor has the fix.";
    Some(remark(&title, seen, fix).remedy(Remedy::Doctor))
}

fn kind(jwt: &Jwt, wanted: ExpectedUse, sort: TokenSort) -> Option<TokenIssue> {
    match (jwt.claim_str("token_use"), wanted) {
        (Some("access" | "id"), ExpectedUse::Any) | (Some("id"), ExpectedUse::Id) => None,
        (Some("access"), ExpectedUse::Machine) => person(jwt, sort),
        (Some("access"), ExpectedUse::Id) => Some(fault(
            "an access token, not an ID token",
            "token_use is access.",
            "It is for APIs. An app that wants to know who signed in takes the ID token.",
        )),
        (Some("id"), ExpectedUse::Machine) => Some(fault(
            "an id token, not an access token",
            "token_use is id.",
            "It tells an app who signed in; an API wants the access token, which has client_id and scope.",
        )),
        (Some(other), _) => Some(fault(
            "not an access token",
            format!("token_use is {other}."),
            "An API wants a token whose token_use is access.",
        )),
        (None, _) => Some(fault(
            "no token_use",
            "The claims do not say what kind of token it is.",
            "Every token of Cognito says access or id: it was issued by something else.",
        )),
    }
}

/// A person's token where a machine's is wanted. Only what `InitiateAuth` issues can hold no custom scope at all.
fn person(jwt: &Jwt, sort: TokenSort) -> Option<TokenIssue> {
    let subject = jwt.claim_str("sub").unwrap_or_default();
    let name = jwt.claim_str("username").unwrap_or(subject);
    match sort {
        TokenSort::PersonDirect => Some(fault(
            "a person's token (InitiateAuth); it never has custom scopes",
            format!(
                "Its subject is the user {name}, and its scope {}.",
                jwt.claim_str("scope").unwrap_or_default()
            ),
            "An API that wants a custom scope refuses it. For a machine, request one with client_credentials at the token \
             endpoint; for a person, sign in at the pool's domain (authorization code) with the scope in the request.",
        )),
        TokenSort::PersonByCode => Some(remark(
            "a person's token",
            format!("Its subject is the user {name}, not the app client."),
            "A machine gets its own with client_credentials.",
        )),
        TokenSort::Exchanged => Some(remark(
            "a token by exchange: somebody acts for its subject",
            match actor(jwt) {
                Some(actor) => format!("Its subject is {subject}, and {actor} acts for it."),
                None => format!("Its subject is {subject}; its claim act has no subject."),
            },
            "An API that trusts the subject also trusts the actor. A machine gets its own with client_credentials.",
        )),
        TokenSort::Machine | TokenSort::Id | TokenSort::Foreign | TokenSort::Unknown => None,
    }
}

fn times(jwt: &Jwt, now: Timestamp) -> Vec<TokenIssue> {
    let mut found = Vec::new();
    for name in ["exp", "nbf", "iat"] {
        let value = jwt.claims.get(name);
        if let Some(value) = value.filter(|value| !value.is_number()) {
            found.push(fault(
                &format!("{name} is not a number"),
                format!("{name} is {}.", kind_of(value)),
                "RFC 7519 wants seconds since 1970: it was issued by something else.",
            ));
        }
    }
    let expires = jwt.expires();
    match expires {
        Some(at) if at <= now => found.push(fault(
            EXPIRED,
            format!("It expired {}, at {}.", time::ago(at, now), at.utc()),
            "Get a new one: a machine asks again at about three quarters of the lifetime.",
        )),
        None if !jwt.claims.contains_key("exp") => found.push(fault(
            "no expiry",
            "The claims have no exp.",
            "Every token of Cognito has one: it was issued by something else.",
        )),
        Some(_) | None => {}
    }
    let later = |at: &Timestamp| now.seconds_until(*at) > SKEW;
    if let Some(at) = jwt.claim_time("nbf").filter(later) {
        found.push(fault(
            "not yet valid",
            format!(
                "nbf is {}, in {}.",
                at.utc(),
                time::countdown(now.seconds_until(at))
            ),
            "Wait until then, or check the clocks.",
        ));
    } else if let Some(at) = jwt.issued().filter(later) {
        found.push(fault(
            "not yet valid: issued in the future",
            format!(
                "iat is {}, in {}.",
                at.utc(),
                time::countdown(now.seconds_until(at))
            ),
            "Check this machine's clock.",
        ));
    }
    if let Some((issued, expires)) = jwt.issued().zip(expires).filter(|(from, to)| from > to) {
        found.push(fault(
            "expires before it was issued",
            format!("iat is {}, exp is {}.", issued.utc(), expires.utc()),
            "No issuer writes that: it was altered or forged.",
        ));
    }
    found
}

/// What a claim is in place of a number.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
