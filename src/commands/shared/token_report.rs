//! The report on a token, as text and as JSON.

use std::io;

use serde_json::{Map, Value, json};

use crate::cli::OutputFormat;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::type_json;
use crate::commands::shared::rows;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::Verification;
use crate::domain::oauth::token_checks::{
    Proof, Remedy, TokenContext, Validity, Verdict, client_of, pool_of,
};
use crate::domain::time::{Timestamp, ago, ahead};

/// Width of the subjects of evidence.
const ABOUT: usize = 10;

/// A decoded token and the verdict on it.
pub struct TokenReport<'a> {
    pub jwt: &'a Jwt,
    pub verdict: &'a Verdict,
    /// What the verdict is made of.
    pub around: &'a TokenContext<'a>,
    /// Whether signature and account were asked for.
    pub verified: bool,
    /// The caller, in JSON; null if no account was needed.
    pub who: Value,
    pub now: Timestamp,
}

impl TokenReport<'_> {
    /// Prints it as text, the answer first, or data.
    pub fn print(&self, format: OutputFormat, out: &mut Output) -> io::Result<()> {
        if format != OutputFormat::Table {
            return rows::value(&self.json(), format, out);
        }
        out.line(&self.verdict.answer)?;
        for trouble in &self.verdict.troubles {
            // A single one is the answer itself.
            if self.verdict.troubles.len() > 1 {
                out.line(&format!("{}:", trouble.title))?;
            }
            out.line(&format!("  {}", trouble.seen))?;
            out.line(&format!("  {}", trouble.fix))?;
        }
        if self.verdict.troubles.is_empty()
            && let Some(Remedy::Allow(_) | Remedy::ChooseScopes) = &self.verdict.remedy
        {
            out.line("  Add what an API wants to AllowedOAuthScopes of the client.")?;
        }
        out.line("evidence")?;
        for one in &self.verdict.evidence {
            let (about, sure) = (one.about.label(), one.proof.label());
            out.line(&format!("  {sure:9}  {about:ABOUT$}  {}", one.seen))?;
        }
        if !self.verified {
            out.line("  Signature, user pool, app client and defined scopes were not checked; use --verify.")?;
        }
        let names = self.jwt.header.keys().chain(self.jwt.claims.keys());
        let column = names.map(String::len).max().unwrap_or_default().min(32);
        if !self.jwt.header.is_empty() {
            out.line("header")?;
            self.fields(&self.jwt.header, column, out)?;
        }
        out.line("claims")?;
        self.fields(&self.jwt.claims, column, out)
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

    fn json(&self) -> Value {
        let (status, kid, reason) = match self.around.verification {
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
        let fix = |remedy: &Remedy| {
            let scopes = remedy.scopes().iter().map(ToString::to_string);
            json!({ "way": remedy.label(), "scopes": scopes.collect::<Vec<_>>() })
        };
        let reasons = self.verdict.troubles.iter().map(|trouble| {
            json!({
                "title": trouble.title,
                "seen": trouble.seen,
                "fix": trouble.fix,
                "invalid": trouble.refuses,
            })
        });
        let evidence = self.verdict.evidence.iter().map(|one| {
            let ok = match one.proof {
                Proof::Good => Some(true),
                Proof::Bad => Some(false),
                Proof::Likely | Proof::Unknown => None,
            };
            json!({ "about": one.about.label(), "seen": one.seen, "certainty": one.proof.label(), "ok": ok })
        });
        let scopes = self.verdict.scopes.iter().map(|one| {
            json!({
                "scope": one.scope.as_str(),
                "in_token": one.fate.is_in_token(),
                "state": one.fate.label(),
            })
        });
        let (pool, client) = (&self.around.pool, &self.around.client);
        let named = pool.value().map(|pool| pool.id.clone());
        let named = named.or_else(|| pool_of(self.jwt, &self.around.rules));
        let pool = named.filter(|_| self.verified).map(|id| {
            json!({
                "id": id.as_str(),
                "name": pool.value().map(|pool| &pool.name),
                "in_this_account": pool.is_here(),
                "reason": pool.why(),
            })
        });
        let client_json = client_of(self.jwt).filter(|_| self.verified).map(|id| {
            json!({
                "id": id.as_str(),
                "name": client.value().map(|client| &client.settings.name),
                "in_pool": client.is_here(),
                "reason": client.why(),
            })
        });
        json!({
            "identity": self.who,
            "header": self.jwt.header,
            "claims": self.jwt.claims,
            "expired": self.expired(),
            "sort": self.verdict.sort.label(),
            "signature": { "status": status, "kid": kid, "reason": reason },
            "verdict": {
                "status": standing,
                "summary": self.verdict.answer,
                "fix": self.verdict.remedy.as_ref().map(fix),
                "reasons": reasons.collect::<Vec<_>>(),
                "evidence": evidence.collect::<Vec<_>>(),
            },
            "scopes": scopes.collect::<Vec<_>>(),
            "pool": pool,
            "client": client_json,
            "client_type": type_json(client.value()),
        })
    }
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
    ahead(now, at)
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
