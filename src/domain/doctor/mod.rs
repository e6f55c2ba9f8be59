//! The doctor: what is wrong in a pool, why it matters, and what fixes it.
//!
//! One table, [`RULES`], has everything. A rule checks what was read of the pool. It reports nothing about what was not read.
//!
//! # Problems with M2M tokens, and the rules that find them
//!
//! A part of the problems shows in the settings. The rest shows only where it happens, and is explained there.
//!
//! | problem | rule, or where it is explained |
//! |---|---|
//! | 1 `invalid_grant`, though the scopes are right | `oauth-off`, `oauth-without-flows`, `machine-without-flow` |
//! | 2 `invalid_client_secret` | the caller sends it; possible reasons: `secret-old`, `rotation-unfinished` |
//! | 3 bare `invalid_client` | the caller's id, Region or header: [`explain`](super::explain) covers the answer |
//! | 4 `invalid_client` here, another pool works | `machine-without-secret`, `public-machine` |
//! | 5 `invalid_scope` for openid or a bare name | `sign-in-scopes`; of a request: [`explain`](super::explain) |
//! | 6 `invalid_scope` for a custom scope | `inactive-scopes`, with the spelling that was probably meant |
//! | 7 `invalid_grant` for one scope | depends on the request: [`explain`](super::explain); the scope map shows it |
//! | 8 the token lacks an allowed scope | `inactive-scopes` |
//! | 9 too many or too few claims or scopes | `trigger-changes-scopes` |
//! | 10 the trigger never runs for M2M | `trigger-never-fires`, `trigger-not-in-plan` |
//! | 11 `ScopeDoesNotExistException` on create | nothing was created: a [plan](super::plan) creates servers before clients |
//! | 12 a flow needs a client secret | `machine-without-secret` |
//! | 13 flows can't be selected together | `mixed-flows` |
//! | 14 openid is not supported | `sign-in-scopes` |
//! | 15 flows and scopes are required | `oauth-without-flows`, `no-scopes` |
//! | 16 settings vanished after an update | earlier settings are unknown; traces: `oauth-off`, `sign-in-flows-by-default` |
//! | 17 a URL list with an empty string | Cognito refuses it, so no pool has one |
//! | 18 other scopes vanished | `inactive-scopes` on the clients that still list them |
//! | 19 Terraform's stale `scope_identifiers` | Terraform's state; if a client lost the scope: `unused-scope` |
//! | 20 domain already associated | nothing was created: explained where a domain is added |
//! | 21 reserved word in a domain | the same |
//! | 22 not a valid subdomain | `domain-not-active` if the domain was created and failed, else where it is added |
//! | 23 the host does not resolve, TLS errors | `no-token-source`, `domain-not-active`, `domain-without-record` |
//! | 24 a GovCloud host fails | the console shows the right host: [`hosts`](crate::domain::oauth::endpoints) |
//! | 25 a REST API's 401 | the API's settings, not the pool's |
//! | 26 an HTTP API's 401, audience | the same |
//! | 27 a library wants `aud` or a user name | the library; the console explains a token's claims |
//! | 28 AppSync's Unauthorized | the API's rules, not the pool's |
//! | 29 `NotAuthorizedException` from GetClientToken | `client-token-not-alone`, `machine-without-secret` |
//! | 30 throttling, a surprising bill | `token-short` |
//! | 31 a pool or client is missing in scripts | the scripts' paging; wrong clients they then pick: `namesakes` |
//! | 32 `DeleteUserPool` is refused | as intended; a plan that deletes a pool removes both first. The opposite: `deletion-unprotected` |

mod fix;
mod grants;
mod group;
mod input;
mod judged;
mod pool;
mod rules;
mod scopes;
mod secrets;
mod thresholds;

use std::fmt;

use super::ids::ClientId;
use super::scope::ScopeName;

pub use fix::{
    ClientFix, Fix, FixContext, FixOptions, FixedBy, fix_client, fixed, fixes_for, plan_fix,
};
pub use group::{Group, grouped};
pub use input::{ClientSnapshot, NameIndex, PoolSnapshot};
pub use judged::Judged;
pub use rules::{RULES, Rule, RuleId};
pub use thresholds::Limits;

/// How much a finding matters; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Tokens are refused, or lack something that the settings promise.
    Error,
    /// It works, but is a risk or a trap.
    Warning,
    /// Worth knowing; often intended.
    Hint,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Hint];

    /// Its word.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }

    /// `3 errors`, `1 hint`.
    #[must_use]
    pub fn counted(self, count: usize) -> String {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {}{plural}", self.label())
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The user pool itself.
    Pool,
    /// One of its domains, by prefix or full name.
    Domain(String),
    /// Its pre-token Lambda trigger, by the function's ARN.
    Trigger(String),
    /// One of its app clients.
    Client { id: ClientId, name: String },
    /// A scope that one of its resource servers defines.
    Scope(ScopeName),
}

impl Subject {
    /// Its kind, in Cognito's word.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Pool => "user pool",
            Self::Domain(_) => "domain",
            Self::Trigger(_) => "trigger",
            Self::Client { .. } => "app client",
            Self::Scope(_) => "scope",
        }
    }

    /// Its name; empty for the pool itself.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Pool => "",
            Self::Domain(name) | Self::Client { name, .. } => name,
            Self::Trigger(arn) => arn,
            Self::Scope(scope) => scope.as_str(),
        }
    }

    /// The id, if it is an app client.
    #[must_use]
    pub const fn client(&self) -> Option<&ClientId> {
        match self {
            Self::Client { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Whether it affects the tokens of `client`: the client itself, and what all clients of the pool share.
    #[must_use]
    pub fn concerns(&self, client: &ClientId) -> bool {
        match self {
            Self::Client { id, .. } => id == client,
            Self::Domain(_) | Self::Trigger(_) => true,
            Self::Pool | Self::Scope(_) => false,
        }
    }
}

impl fmt::Display for Subject {
    /// `app client machine_auth`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self.name() {
            "" => Ok(()),
            name => write!(f, " {name}"),
        }
    }
}

/// What a rule reports about a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static Rule,
    pub subject: Subject,
    /// What was seen, with the values.
    pub seen: String,
    /// What to change.
    pub fix: String,
}

impl Finding {
    /// Whether a rotation of the client's secret fixes it.
    #[must_use]
    pub fn asks_for_rotation(&self) -> bool {
        self.rule.fixes.options().contains(&Fix::Rotate)
    }
}

impl fmt::Display for Finding {
    /// The whole finding, as text to copy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.heading(f)?;
        // A line break in a name must not forge a line.
        let on = one_line(&self.subject.to_string());
        match self.subject.client() {
            Some(id) => writeln!(f, "On:     {on} ({id})")?,
            None => writeln!(f, "On:     {on}")?,
        }
        writeln!(f, "Seen:   {}", one_line(&self.seen))?;
        writeln!(f, "Why:    {}", self.rule.why)?;
        writeln!(f, "Change: {}", one_line(&self.fix))
    }
}

fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// What a check reports about its subject: what it has seen, and what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Evidence {
    seen: String,
    fix: String,
}

impl Evidence {
    fn new(seen: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            seen: seen.into(),
            fix: fix.into(),
        }
    }
}

/// All findings, the worst first, and in the order of [`RULES`] within a severity.
#[must_use]
pub fn diagnose(found: &PoolSnapshot) -> Vec<Finding> {
    found.index_names();
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule.findings(found)).collect();
    findings.sort_by_key(|finding| finding.rule.severity);
    findings
}

/// The findings of the rules about single clients on one of them, the worst first.
#[must_use]
pub fn diagnose_client(found: &PoolSnapshot, client: &ClientSnapshot) -> Vec<Finding> {
    let mut findings: Vec<Finding> = RULES
        .iter()
        .filter_map(|rule| rule.on_client(found, client))
        .collect();
    findings.sort_by_key(|finding| finding.rule.severity);
    findings
}

/// The count of each severity: `2 errors · 1 hint`; `None` if there are no findings.
#[must_use]
pub fn tally(severities: impl Iterator<Item = Severity>) -> Option<String> {
    let found: Vec<Severity> = severities.collect();
    let parts: Vec<String> = Severity::ALL
        .into_iter()
        .filter_map(|severity| {
            let count = found.iter().filter(|one| **one == severity).count();
            (count > 0).then(|| severity.counted(count))
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[cfg(test)]
mod tests;
