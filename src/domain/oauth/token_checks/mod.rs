//! Whether a token is good, wherever it came from: one verdict, with each fault by name and what was seen.

mod checks;

use super::issuer::Rules;
use super::jwt::Jwt;
use super::token::Verification;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::time::Timestamp;

/// One fault of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenIssue {
    /// Its name, in a few words.
    pub title: String,
    /// What was seen, with the values.
    pub seen: String,
    /// What it means, and what to do.
    pub fix: String,
    /// Whether it makes the token worthless. Others are only worth knowing.
    pub refuses: bool,
}

/// Whether something that a token names was found in this account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PoolLookup {
    /// It was not looked up, or could not be.
    #[default]
    Unknown,
    Here,
    NotHere,
}

impl PoolLookup {
    /// Where something is. `why` says why that is not known.
    #[must_use]
    pub fn describe(self, why: Option<&str>) -> String {
        match (self, why) {
            (Self::Here, _) => "in this account".to_owned(),
            (Self::NotHere, _) => "not found in this account and Region".to_owned(),
            (Self::Unknown, Some(why)) => format!("not known whether in this account: {why}"),
            (Self::Unknown, None) => "not looked up in this account".to_owned(),
        }
    }
}

/// The kind of token that is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpectedUse {
    /// An access token that an app client got for itself.
    #[default]
    Machine,
    /// An ID token.
    Id,
    /// Any: its kind is not judged.
    Any,
}

/// What is known besides the token.
#[derive(Clone, Copy, Debug, Default)]
pub struct TokenContext<'a> {
    pub rules: Rules<'a>,
    pub wanted: ExpectedUse,
    pub pool: PoolLookup,
    pub client: PoolLookup,
    /// `None` where the signature was not looked at yet.
    pub verification: Option<&'a Verification>,
    /// Length of the signature in bytes, where the token's text was seen.
    pub signature: Option<usize>,
}

/// How a token fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// Its signature and all its claims are in order.
    Valid,
    /// An API that looks at it refuses it.
    Refused,
    /// What it says is in order; its signature could not be checked.
    Unchecked,
}

/// The verdict on a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenVerdict {
    pub standing: Validity,
    /// In one line.
    pub summary: String,
    /// Everything that is wrong or worth knowing; what makes it worthless first.
    pub troubles: Vec<TokenIssue>,
}

/// Judges a token. The console and the commands have no other judge.
#[must_use]
pub fn verdict(jwt: &Jwt, around: &TokenContext, now: Timestamp) -> TokenVerdict {
    let troubles = checks::troubles(jwt, around, now);
    let titles: Vec<&str> = troubles
        .iter()
        .filter(|trouble| trouble.refuses)
        .map(|trouble| trouble.title.as_str())
        .collect();
    let (standing, summary) = match around.verification {
        _ if !titles.is_empty() => (Validity::Refused, format!("invalid: {}", titles.join(", "))),
        Some(Verification::Valid { .. }) => {
            let by =
                pool_of(jwt, &around.rules).map(|pool| format!(": signed by user pool {pool}"));
            (Validity::Valid, format!("valid{}", by.unwrap_or_default()))
        }
        other => {
            let reason = other.and_then(Verification::reason);
            let reason = reason.unwrap_or_else(|| "the signature was not looked at".to_owned());
            (Validity::Unchecked, format!("not checked: {reason}"))
        }
    };
    TokenVerdict {
        standing,
        summary,
        troubles,
    }
}

/// The pool that a token names as its issuer.
#[must_use]
pub fn pool_of(jwt: &Jwt, rules: &Rules) -> Option<PoolId> {
    let issuer = rules.issuer(jwt.claim_str("iss")?)?;
    Some(issuer.pool)
}

/// The app client that a token was issued to: `client_id` of an access token, `aud` of an ID token.
#[must_use]
pub fn client_of(jwt: &Jwt) -> Option<ClientId> {
    jwt.claim_str("client_id")
        .or_else(|| jwt.claim_str("aud"))
        .filter(|id| !id.is_empty())
        .map(ClientId::new)
}

#[cfg(test)]
mod tests;
