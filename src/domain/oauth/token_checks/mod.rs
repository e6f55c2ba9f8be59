//! Whether a token is good, wherever it came from: one verdict by everything that is known.
//!
//! The verdict begins with its answer. What it rests on follows: what is proven, what is likely, what is not known.

mod checks;
mod evidence;
mod remedy;
mod scopes;
mod sort;

use super::issuer::Rules;
use super::jwt::Jwt;
use super::token::Verification;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

pub use evidence::{Evidence, Proof, Topic};
pub use remedy::Remedy;
pub use scopes::{JudgedScope, ScopeFate};
pub use sort::{TokenSort, claim_meaning};

/// One fault of a token, or what is worth knowing of it.
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
    /// What puts it right from here.
    pub remedy: Option<Remedy>,
}

impl TokenIssue {
    /// A fault for which an API refuses the token.
    fn fault(title: &str, seen: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            title: title.to_owned(),
            seen: seen.into(),
            fix: fix.into(),
            refuses: true,
            remedy: None,
        }
    }

    /// What is worth knowing of a token that may be good.
    fn remark(title: &str, seen: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            refuses: false,
            ..Self::fault(title, seen, fix)
        }
    }

    fn remedy(self, remedy: Remedy) -> Self {
        Self {
            remedy: Some(remedy),
            ..self
        }
    }
}

/// What became of looking for something that a token names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Lookup<'a, T> {
    /// It was not looked for.
    #[default]
    NotAsked,
    /// It could not be looked for, and why.
    Failed(String),
    /// It is not in this account and Region.
    NotHere,
    Here(&'a T),
}

impl<'a, T> Lookup<'a, T> {
    /// What was found.
    #[must_use]
    pub fn value(&self) -> Option<&'a T> {
        match self {
            Self::Here(found) => Some(found),
            Self::NotAsked | Self::Failed(_) | Self::NotHere => None,
        }
    }

    /// Whether it is in this account; `None` where that is not known.
    #[must_use]
    pub const fn is_here(&self) -> Option<bool> {
        match self {
            Self::Here(_) => Some(true),
            Self::NotHere => Some(false),
            Self::NotAsked | Self::Failed(_) => None,
        }
    }

    /// Why it is not known where it is.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Failed(why) => Some(why),
            Self::NotAsked | Self::NotHere | Self::Here(_) => None,
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
#[derive(Clone, Debug, Default)]
pub struct TokenContext<'a> {
    pub rules: Rules<'a>,
    pub wanted: ExpectedUse,
    pub pool: Lookup<'a, UserPool>,
    /// The client as it is now.
    pub client: Lookup<'a, AppClient>,
    /// The pool's resource servers; `None` where they are not all read.
    pub servers: Option<&'a [ResourceServer]>,
    /// The scopes that the token was requested with, where that is known: empty asks for all.
    pub requested: Option<&'a [ScopeName]>,
    /// `None` where the signature was not looked at yet.
    pub verification: Option<&'a Verification>,
    /// Length of the signature in bytes, where the token's text was seen.
    pub signature: Option<usize>,
    /// Whether it is no token but decoded claims: there is no header and no signature to judge.
    pub is_decoded: bool,
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
pub struct Verdict {
    pub standing: Validity,
    pub sort: TokenSort,
    /// The answer, in one line.
    pub answer: String,
    /// What puts right what the answer says, from here.
    pub remedy: Option<Remedy>,
    /// Everything that is wrong or worth knowing; what makes it worthless first.
    pub troubles: Vec<TokenIssue>,
    /// What became of its scopes; empty where its sort has none of its own.
    pub scopes: Vec<JudgedScope>,
    pub evidence: Vec<Evidence>,
}

/// Judges a token. The console and the commands have no other judge.
#[must_use]
pub fn verdict(jwt: &Jwt, around: &TokenContext, now: Timestamp) -> Verdict {
    let sort = TokenSort::of(jwt, &around.rules);
    let client = around.client.value();
    let carries = matches!(
        sort,
        TokenSort::Machine | TokenSort::PersonByCode | TokenSort::Exchanged
    );
    let mut judged = if carries {
        scopes::judged(&jwt.scopes(), client, around.servers)
    } else {
        Vec::new()
    };
    if sort != TokenSort::Machine {
        // Which of them a person's sign-in asked for is its app's choice.
        judged.retain(|one| one.fate.is_in_token());
    }
    if let Some(requested) = around.requested {
        // Who requests some scopes does without the others.
        let wanted = |one: &JudgedScope| requested.contains(&one.scope);
        let all = requested.is_empty();
        judged.retain(|one| match one.fate {
            ScopeFate::NotAllowed => wanted(one),
            ScopeFate::LeftOut | ScopeFate::Undefined => all || wanted(one),
            _ => true,
        });
    }
    let mut troubles = checks::troubles(jwt, around, sort, now);
    let about_scopes =
        client.map_or_else(Vec::new, |client| scopes::issues(&judged, client, around));
    // What an API misses comes before what is only worth knowing.
    let at = troubles.iter().take_while(|one| one.refuses).count();
    troubles.splice(at..at, about_scopes);
    let (standing, answer, remedy) = answer(jwt, around, &troubles, &judged);
    Verdict {
        standing,
        sort,
        answer,
        remedy,
        evidence: evidence::all(jwt, around, sort, &judged, now),
        troubles,
        scopes: judged,
    }
}

/// The first line, and what puts it right.
fn answer(
    jwt: &Jwt,
    around: &TokenContext,
    troubles: &[TokenIssue],
    judged: &[JudgedScope],
) -> (Validity, String, Option<Remedy>) {
    let faults: Vec<&str> = troubles
        .iter()
        .filter(|trouble| trouble.refuses)
        .map(|trouble| trouble.title.as_str())
        .collect();
    let lacking = troubles.iter().find(|trouble| trouble.remedy.is_some());
    let remedy = lacking.and_then(|trouble| trouble.remedy.clone());
    if !faults.is_empty() {
        let words = format!("invalid: {}", faults.join(", "));
        // An expired token is no news; that a new one fares no better is.
        return match lacking.filter(|_| faults == [checks::EXPIRED]) {
            Some(lacking) => (
                Validity::Refused,
                format!("{words}; {}", lacking.title),
                remedy,
            ),
            None => (Validity::Refused, words, None),
        };
    }
    let standing = match around.verification {
        Some(Verification::Valid { .. }) => Validity::Valid,
        _ => Validity::Unchecked,
    };
    if let Some(lacking) = lacking {
        return (standing, capital(&lacking.title), remedy);
    }
    let name = around.client.value().map(|client| &client.settings.name);
    let (without, remedy) = name
        .and_then(|name| scopes::without(judged, name))
        .map_or((None, None), |(words, remedy)| (Some(words), Some(remedy)));
    let without = without
        .map(|words| format!(", {words}"))
        .unwrap_or_default();
    let words = match around.verification {
        Some(Verification::Valid { .. }) => format!("valid: {}{without}", carried(jwt, judged)),
        Some(other) => format!("not checked: {}", other.reason().unwrap_or_default()),
        None if around.is_decoded => format!("decoded claims, not a token{without}"),
        None => "no fault in what it says; its signature was not checked".to_owned(),
    };
    (standing, words, remedy)
}

/// What a good token is good for.
fn carried(jwt: &Jwt, judged: &[JudgedScope]) -> String {
    let held = judged.iter().filter(|one| one.fate.is_in_token());
    let held: Vec<_> = held.map(|one| &one.scope).collect();
    if !held.is_empty() {
        return format!("carries {}", scopes::listed(&held));
    }
    match jwt.claim_str("token_use") {
        Some("id") => "says who signed in".to_owned(),
        _ if jwt.scopes().is_empty() => "carries no scope".to_owned(),
        _ => format!(
            "carries {}",
            scopes::listed(&jwt.scopes().iter().collect::<Vec<_>>())
        ),
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
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
