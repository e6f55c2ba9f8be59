//! What a verdict rests on: what is proven, what is likely, and what is not known.

use super::sort::actor;
use super::{JudgedScope, Lookup, ScopeFate, TokenContext, TokenSort};
use crate::domain::oauth::endpoints;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::Verification;
use crate::domain::time::{self, Timestamp};

/// How sure something is, and which way it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Proven, and in order.
    Good,
    /// Proven, and not in order.
    Bad,
    /// Likely.
    Likely,
    /// Not known here.
    Unknown,
}

impl Proof {
    /// Its word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Good | Self::Bad => "proven",
            Self::Likely => "likely",
            Self::Unknown => "not known",
        }
    }
}

/// What a line of evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Signature,
    Expiry,
    Issuer,
    Sort,
    Pool,
    Client,
    Scopes,
}

impl Topic {
    /// Its word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Expiry => "expiry",
            Self::Issuer => "issuer",
            Self::Sort => "sort",
            Self::Pool => "user pool",
            Self::Client => "app client",
            Self::Scopes => "scopes",
        }
    }
}

/// One line of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub about: Topic,
    pub seen: String,
    pub proof: Proof,
}

fn line(about: Topic, proof: Proof, seen: impl Into<String>) -> Evidence {
    Evidence {
        about,
        seen: seen.into(),
        proof,
    }
}

pub(super) fn all(
    jwt: &Jwt,
    around: &TokenContext,
    sort: TokenSort,
    scopes: &[JudgedScope],
    now: Timestamp,
) -> Vec<Evidence> {
    let mut found = vec![signature(around), expiry(jwt, now), issuer(jwt, around)];
    let (proof, by) = sort.proof(jwt);
    let by = match actor(jwt).filter(|_| sort == TokenSort::Exchanged) {
        Some(actor) => format!("{by}: {actor} acts for its subject"),
        None => by,
    };
    found.push(line(Topic::Sort, proof, format!("{}: {by}", sort.words())));
    found.extend(pool(jwt, around));
    found.extend(client(jwt, around));
    found.extend(scopes.iter().map(|one| {
        let proof = match one.fate {
            ScopeFate::Carried => Proof::Good,
            ScopeFate::Unread => Proof::Unknown,
            // Its API may want no more than the token has.
            ScopeFate::NotAllowed => Proof::Likely,
            _ => Proof::Bad,
        };
        line(
            Topic::Scopes,
            proof,
            format!("{} {}", one.scope, one.fate.words()),
        )
    }));
    found
}

fn signature(around: &TokenContext) -> Evidence {
    let about = Topic::Signature;
    match &around.verification {
        _ if around.is_decoded => line(about, Proof::Unknown, "decoded claims have none"),
        None => line(about, Proof::Unknown, "not checked"),
        Some(Verification::Valid { kid, algorithm }) => line(
            about,
            Proof::Good,
            format!("valid: {algorithm}, key {kid} from the pool's JWKS"),
        ),
        Some(other) => {
            let reason = other.reason().unwrap_or_default();
            if other.is_refusal() {
                line(about, Proof::Bad, format!("invalid: {reason}"))
            } else {
                line(about, Proof::Unknown, format!("unverified: {reason}"))
            }
        }
    }
}

fn expiry(jwt: &Jwt, now: Timestamp) -> Evidence {
    match jwt.expires() {
        None => line(Topic::Expiry, Proof::Bad, "none"),
        Some(at) if at <= now => {
            let words = format!("expired {} ({})", time::ago(at, now), at.utc());
            line(Topic::Expiry, Proof::Bad, words)
        }
        Some(at) => {
            let left = time::countdown(now.seconds_until(at));
            line(
                Topic::Expiry,
                Proof::Good,
                format!("{left} left ({})", at.utc()),
            )
        }
    }
}

fn issuer(jwt: &Jwt, around: &TokenContext) -> Evidence {
    let about = Topic::Issuer;
    let Some(iss) = jwt.claim_str("iss") else {
        return line(about, Proof::Bad, "missing");
    };
    let Some(named) = around.rules.issuer(iss) else {
        return line(
            about,
            Proof::Bad,
            "not Amazon Cognito; no keys were requested",
        );
    };
    if let Some((issuing, home)) = named.two_regions() {
        let words = format!(
            "of {issuing}, its user pool's id of {home}: perhaps a replica's; not known here"
        );
        return line(about, Proof::Unknown, words);
    }
    let expected = around.pool.value().and_then(endpoints::issuer);
    match (around.pool.value(), expected) {
        (Some(_), Some(expected)) if expected == iss => line(about, Proof::Good, "this pool"),
        // An emulator may use its own address.
        (Some(pool), _) if named.pool == pool.id && named.region.is_none() => {
            line(about, Proof::Good, "this pool, at the endpoint's address")
        }
        (Some(pool), _) if named.pool == pool.id => {
            line(about, Proof::Likely, "this pool, another of its issuers")
        }
        (Some(_), Some(expected)) => line(
            about,
            Proof::Bad,
            format!("not this pool; expected {expected}"),
        ),
        (Some(_), None) => line(about, Proof::Bad, "not this pool"),
        (None, _) => {
            let words = format!("names user pool {}", named.pool);
            // Its keys come from no other host.
            match around.verification {
                Some(Verification::Valid { .. }) => line(about, Proof::Good, words),
                _ => line(about, Proof::Unknown, format!("{words}; not proven")),
            }
        }
    }
}

fn pool(jwt: &Jwt, around: &TokenContext) -> Option<Evidence> {
    let named = super::pool_of(jwt, &around.rules);
    let name = match (&around.pool, named) {
        (Lookup::Here(pool), _) if pool.name.is_empty() => pool.id.to_string(),
        (Lookup::Here(pool), _) => format!("{} ({})", pool.name, pool.id),
        (_, Some(id)) => id.to_string(),
        (_, None) => return None,
    };
    Some(place(Topic::Pool, &name, &around.pool, "in this account"))
}

fn client(jwt: &Jwt, around: &TokenContext) -> Option<Evidence> {
    let id = super::client_of(jwt)?;
    let name = match &around.client {
        Lookup::Here(client) => format!("{} ({id})", client.settings.name),
        _ => id.to_string(),
    };
    Some(place(Topic::Client, &name, &around.client, "in this pool"))
}

fn place<T>(about: Topic, name: &str, lookup: &Lookup<T>, here: &str) -> Evidence {
    match lookup {
        Lookup::Here(_) => line(about, Proof::Good, format!("{name}, {here}")),
        Lookup::NotHere => line(about, Proof::Bad, format!("{name}, not found {here}")),
        Lookup::Failed(why) => line(
            about,
            Proof::Unknown,
            format!("{name}, not known whether {here}: {why}"),
        ),
        Lookup::NotAsked => line(
            about,
            Proof::Unknown,
            format!("{name}, not looked up {here}"),
        ),
    }
}
