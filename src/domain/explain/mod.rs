//! Explains OAuth errors and missing scopes, from the state of pool and client.
//!
//! A Cognito error is one code with several causes. The state that was read narrows them down: a cause with evidence comes first.

mod api;
mod findings;
mod http_errors;
mod refusals;
mod scopes;

use std::collections::BTreeMap;

use super::client::AppClient;
use super::doctor::RuleId;
use super::pool::UserPool;
use super::resource_server::ResourceServer;
use super::secret::SecretState;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::token::{ClientAuth, OAuthError, TokenRequest};
use crate::domain::oauth::token_finder::Related;

use http_errors::{other, throttled};

pub use api::{ApiVerdict, explain_answer, explain_api};
pub use scopes::{ScopeDiff, scope_diff};

/// What an error means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The error's own meaning, in one sentence.
    pub meaning: String,
    /// Possible causes, the most likely first.
    pub causes: Vec<Cause>,
}

/// One possible cause of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub text: String,
    /// The evidence in the pool.
    pub evidence: Option<String>,
    /// What to do about it.
    pub fix: String,
    /// Whether the evidence makes it the likely cause.
    pub likely: bool,
    /// The doctor's rule that finds the same.
    pub rule: Option<RuleId>,
}

impl Cause {
    fn proven(
        text: impl Into<String>,
        evidence: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            text: text.into(),
            evidence: Some(evidence.into()),
            fix: fix.into(),
            likely: true,
            rule: None,
        }
    }

    /// The same, known to the doctor by this rule.
    fn rule(self, rule: RuleId) -> Self {
        Self {
            rule: Some(rule),
            ..self
        }
    }

    fn possible(text: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            evidence: None,
            fix: fix.into(),
            likely: false,
            rule: None,
        }
    }
}

impl Explanation {
    /// The meaning and the causes, each with its evidence and fix, a line each.
    #[must_use]
    pub fn lines(self) -> Vec<String> {
        let mut lines = vec![self.meaning];
        for cause in self.causes {
            let mark = if cause.likely { "likely" } else { "possible" };
            lines.push(format!("{mark}: {}", cause.text));
            lines.extend(cause.evidence.map(|found| format!("  {found}")));
            lines.push(format!("  {}", cause.fix));
        }
        lines
    }
}

/// What is known about the refused request.
struct RefusalContext<'a> {
    error: &'a OAuthError,
    request: &'a TokenRequest,
    client: Option<&'a AppClient>,
    /// Where its secret is; `None` if unknown.
    secret: Option<SecretState>,
    /// `None` where they were not all read.
    servers: Option<&'a [ResourceServer]>,
    pool: Option<&'a UserPool>,
}

/// Explains a refusal with HTTP `status` of `request`, from the client as it was last described (`None` where describing it was
/// denied) and what is known of its `secret`, the pool's resource servers (`None` where they are not all read), and the pool.
#[must_use]
pub fn explain(
    error: &OAuthError,
    status: u16,
    request: &TokenRequest,
    client: Option<&AppClient>,
    secret: Option<SecretState>,
    servers: Option<&[ResourceServer]>,
    pool: Option<&UserPool>,
) -> Explanation {
    let case = RefusalContext {
        error,
        request,
        client,
        secret,
        servers,
        pool,
    };
    // A fault of the service, its limits and its firewall say nothing of the URL.
    let may_be_url = !matches!(status, 403 | 429 | 500..);
    let by_url = may_be_url.then(|| case.wrong_url()).flatten();
    let (meaning, mut causes) = match error.code.as_deref() {
        // Cognito's own errors come from its token endpoint alone.
        None | Some("UnknownOperationException") if by_url.is_some() => by_url.unwrap_or_default(),
        Some("invalid_client") => case.invalid_client(),
        Some("invalid_grant") => case.invalid_grant(),
        Some("invalid_scope") => case.invalid_scope(),
        Some("unauthorized_client") => case.unauthorized_client(),
        Some("invalid_request") => case.invalid_request(),
        Some("unsupported_grant_type") => case.unsupported_grant_type(),
        Some("NotAuthorizedException") => case.api_not_authorized(),
        Some("TooManyRequestsException") => throttled(),
        Some(_) if status >= 500 => case.no_oauth_error(status),
        Some(code) => other(code),
        None => case.no_oauth_error(status),
    };
    causes.extend(case.query_in_url());
    // A stable sort: among the likely ones, and among the others, the order above is the order of likelihood.
    causes.sort_by_key(|cause| !cause.likely);
    Explanation { meaning, causes }
}

/// Explains a refusal or an answer that was copied from elsewhere: nothing else is known of it. `None` of anything else.
#[must_use]
pub fn explain_related(about: &Related) -> Option<Explanation> {
    match about {
        Related::Answer { answer, .. } => explain_answer(answer),
        Related::Refusal(error) => {
            let unknown = TokenRequest {
                pool: PoolId::new(""),
                client: ClientId::new(""),
                endpoint: String::new(),
                scopes: Vec::new(),
                auth: ClientAuth::Basic,
                metadata: BTreeMap::new(),
            };
            Some(explain(error, 400, &unknown, None, None, None, None))
        }
        _ => None,
    }
}

/// The error's meaning, and its causes.
type Finding = (String, Vec<Cause>);

#[cfg(test)]
mod tests;
