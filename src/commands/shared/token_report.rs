//! The report on a token, as text and as JSON.

use std::io;

use serde_json::{Map, Value, json};

use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::type_json;
use crate::domain::client::AppClient;
use crate::domain::ids::PoolId;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::Verification;
use crate::domain::oauth::token_checks::{PoolLookup, TokenVerdict, Validity};
use crate::domain::time::{Timestamp, age, ago};

/// The user pool that a token names, and whether this account has it.
pub struct TokenPool {
    pub pool: PoolId,
    pub presence: PoolLookup,
    /// Why the presence is unknown.
    pub why: Option<String>,
}

/// A decoded token and its checks.
pub struct TokenReport<'a> {
    pub jwt: &'a Jwt,
    pub verdict: &'a TokenVerdict,
    /// `None` if not requested.
    pub verification: Option<&'a Verification>,
    pub home: Option<TokenPool>,
    /// The client that it was issued to, if read.
    pub client: Option<&'a AppClient>,
    /// The caller, in JSON; null if no account was needed.
    pub who: Value,
    pub now: Timestamp,
}

impl TokenReport<'_> {
    /// Prints it as text or JSON.
    pub fn print(&self, as_json: bool, out: &mut Output) -> io::Result<()> {
        if as_json {
            return out.json(&self.json());
        }
        let names = self.jwt.header.keys().chain(self.jwt.claims.keys());
        let column = names.map(String::len).max().unwrap_or_default().min(32);
        out.line("header")?;
        self.fields(&self.jwt.header, column, out)?;
        out.line("claims")?;
        self.fields(&self.jwt.claims, column, out)?;
        out.line("signature")?;
        out.line(&format!("  {}", self.signature()))?;
        out.line("verdict")?;
        if self.verification.is_some() || !self.verdict.troubles.is_empty() {
            out.line(&format!("  {}", self.verdict.summary))?;
        }
        if let Some(home) = &self.home {
            let place = home.presence.describe(home.why.as_deref());
            out.line(&format!("  user pool {}, {place}", home.pool))?;
        }
        for trouble in &self.verdict.troubles {
            out.line(&format!("  {}: {}", trouble.title, trouble.seen))?;
            out.line(&format!("    {}", trouble.fix))?;
        }
        if self.verification.is_none() && self.verdict.troubles.is_empty() {
            out.line("  claims valid; --verify checks the signature")?;
        }
        Ok(())
    }

    /// Whether `exp` has passed; `None` without `exp`.
    pub fn expired(&self) -> Option<bool> {
        self.jwt.expires().map(|at| at <= self.now)
    }

    fn fields(
        &self,
        fields: &Map<String, Value>,
        column: usize,
        out: &mut Output,
    ) -> io::Result<()> {
        for (name, value) in fields {
            let shown = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let moment = self.moment(name, value);
            out.line(&format!("  {name:column$}  {shown}{moment}"))?;
        }
        Ok(())
    }

    /// The date and age after a time claim's number.
    fn moment(&self, name: &str, value: &Value) -> String {
        let is_time = matches!(name, "exp" | "iat" | "nbf" | "auth_time");
        match value.as_i64().filter(|_| is_time) {
            None => String::new(),
            Some(seconds) => {
                let at = Timestamp::from_seconds(seconds);
                format!("  {}, {}", at.utc(), relative(at, self.now, name == "exp"))
            }
        }
    }

    fn signature(&self) -> String {
        match self.verification {
            Some(Verification::Valid { kid, algorithm }) => {
                format!("valid: {algorithm}, key {kid} of the issuer's JWKS")
            }
            Some(Verification::Unknown { reason }) => format!("not checked: {reason}"),
            Some(invalid) => format!("INVALID: {}", invalid.reason().unwrap_or_default()),
            None if unsigned(self.jwt) => "none: alg is none, so the token is unsigned".to_owned(),
            None => "not checked; use --verify".to_owned(),
        }
    }

    fn json(&self) -> Value {
        let (status, kid, reason) = match self.verification {
            None => ("unchecked", None, None),
            Some(Verification::Valid { kid, .. }) => ("valid", Some(kid), None),
            Some(other) if other.is_refusal() => ("invalid", None, other.reason()),
            Some(other) => ("unknown", None, other.reason()),
        };
        let standing = match self.verdict.standing {
            Validity::Valid => "valid",
            Validity::Refused => "invalid",
            Validity::Unchecked => "unchecked",
        };
        let reasons = self.verdict.troubles.iter().map(|trouble| {
            json!({
                "title": trouble.title,
                "seen": trouble.seen,
                "fix": trouble.fix,
                "invalid": trouble.refuses,
            })
        });
        let pool = self.home.as_ref().map(|home| {
            let here = match home.presence {
                PoolLookup::Here => Some(true),
                PoolLookup::NotHere => Some(false),
                PoolLookup::Unknown => None,
            };
            json!({ "id": home.pool.as_str(), "in_this_account": here, "reason": home.why })
        });
        json!({
            "identity": self.who,
            "header": self.jwt.header,
            "claims": self.jwt.claims,
            "expired": self.expired(),
            "signature": { "status": status, "kid": kid, "reason": reason },
            "verdict": {
                "status": standing,
                "summary": self.verdict.summary,
                "reasons": reasons.collect::<Vec<_>>(),
            },
            "pool": pool,
            "client_type": type_json(self.client),
        })
    }
}

/// RFC 7518 spells it `none`; the comparison ignores case, since libraries accepted `None` and `NONE`.
fn unsigned(jwt: &Jwt) -> bool {
    jwt.algorithm()
        .is_some_and(|algorithm| algorithm.eq_ignore_ascii_case("none"))
}

fn relative(at: Timestamp, now: Timestamp, expiry: bool) -> String {
    if at <= now {
        let past = ago(at, now);
        return if expiry {
            format!("expired {past}")
        } else {
            past
        };
    }
    match age(now, at).as_str() {
        "just now" => "in a moment".to_owned(),
        distance => format!("in {distance}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_from_now() {
        let now = Timestamp::from_seconds(10_000);
        let at = |seconds, expiry| relative(Timestamp::from_seconds(seconds), now, expiry);
        assert_eq!(at(10_000, true), "expired just now");
        assert_eq!(at(6_000, true), "expired 1 h ago");
        assert_eq!(at(6_000, false), "1 h ago");
        assert_eq!(at(10_002, true), "in a moment");
        assert_eq!(at(13_600, true), "in 1 h");
    }
}
