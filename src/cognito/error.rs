//! What can go wrong between here and Cognito, in words that lead on.

use std::fmt;

use crate::domain::plan::Detail;
use crate::domain::secret::SecretState;

/// A failed call: what happened, to what, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The API operation, or what was attempted in its place, such as `token request`.
    pub operation: &'static str,
    /// What it was about: a pool's id, `pool/client`, a URL.
    pub resource: Option<String>,
    pub kind: ErrorKind,
    /// The other side's own words, or the transport's. Untrusted text: clean it before it is shown.
    pub detail: String,
    /// What to do next; empty where nobody can tell.
    pub hint: String,
}

/// The kinds of failure that a caller may want to tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No place that AWS tools look in has credentials, or the profile is unknown.
    NoCredentials,
    /// Temporary credentials or an SSO session ran out. `sso_profile` is the profile to log in to again, where SSO is in use.
    ExpiredCredentials {
        sso_profile: Option<String>,
    },
    /// Credentials were found, and AWS does not accept them.
    RejectedCredentials,
    /// The credentials are of another account than when the session began.
    OtherAccount,
    NoRegion,
    /// IAM refuses `action`, such as `cognito-idp:DescribeUserPoolClient`.
    AccessDenied {
        action: String,
    },
    NotFound,
    /// The value of an app client's secret can't be read. Where the secret is, as far as that is known.
    NoSecretValue(SecretState),
    /// Still throttled after every retry.
    Throttled,
    /// A quota is used up.
    LimitExceeded,
    /// Cognito (or this program, before Cognito could) refused the request's content.
    Invalid,
    /// It exists already.
    Conflict,
    /// Several match what was asked for. The detail lists them.
    Ambiguous,
    /// Somebody changed it after it was read; nothing was written.
    Changed,
    /// It was written, and somebody wrote it again since: what is there, and what was written.
    Overwritten(Vec<Detail>),
    /// Cognito accepted it and keeps something else: what is there, and what was sent.
    NotTaken(Vec<Detail>),
    /// It was written, and can't be seen to be.
    Unconfirmed,
    /// The host's name does not resolve.
    UnknownHost,
    /// No connection: refused, reset, unreachable.
    Connect,
    Tls,
    Timeout,
    /// An answer that is not the protocol's.
    Malformed,
    /// A fault on the other side.
    Service,
}

impl ErrorKind {
    /// What happened, as the middle of a sentence.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no AWS credentials",
            Self::ExpiredCredentials { .. } => "credentials have expired",
            Self::RejectedCredentials => "AWS does not accept the credentials",
            Self::OtherAccount => "signed in to another account",
            Self::NoRegion => "no Region is set",
            Self::AccessDenied { .. } => "access denied",
            Self::NotFound => "not found",
            Self::NoSecretValue(_) => "the secret can't be read",
            Self::Throttled => "throttled",
            Self::LimitExceeded => "a quota is used up",
            Self::Invalid => "refused",
            Self::Conflict => "exists already",
            Self::Ambiguous => "several match",
            Self::Changed => "changed by somebody else meanwhile",
            Self::Overwritten(_) => "somebody overwrote it",
            Self::NotTaken(_) => "Cognito keeps something else",
            Self::Unconfirmed => "not confirmed",
            Self::UnknownHost => "the host name does not resolve",
            Self::Connect => "no connection",
            Self::Tls => "no trusted TLS connection",
            Self::Timeout => "timed out",
            Self::Malformed => "unexpected answer",
            Self::Service => "the service failed",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.kind.label())?;
        match &self.resource {
            Some(resource) => write!(f, " · {resource}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

impl Error {
    /// An error that is found here and not told by AWS.
    pub fn new(
        operation: &'static str,
        kind: ErrorKind,
        detail: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            operation,
            resource: None,
            kind,
            detail: detail.into(),
            hint: hint.into(),
        }
    }

    /// The embedded Cognito could not be started.
    pub fn sandbox(error: &std::io::Error) -> Self {
        Self::new(
            "embedded Cognito",
            ErrorKind::Service,
            error.to_string(),
            "Check the file given with --state",
        )
    }

    /// Whether IAM refused the call.
    pub fn is_access_denied(&self) -> bool {
        matches!(self.kind, ErrorKind::AccessDenied { .. })
    }

    /// Whether it is the credentials that do not work, whatever was asked.
    pub fn is_about_credentials(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::NoCredentials
                | ErrorKind::ExpiredCredentials { .. }
                | ErrorKind::RejectedCredentials
        )
    }

    /// The whole error in one line: what happened, to what, and what leads on: the way out, or AWS's own words where only they
    /// say what is wrong.
    pub fn one_line(&self) -> String {
        let words_say_it = matches!(
            self.kind,
            ErrorKind::Invalid
                | ErrorKind::Conflict
                | ErrorKind::Ambiguous
                | ErrorKind::LimitExceeded
                | ErrorKind::Malformed
                | ErrorKind::Overwritten(_)
                | ErrorKind::NotTaken(_)
                | ErrorKind::Unconfirmed
        );
        let rest = if self.hint.is_empty() || words_say_it && !self.detail.is_empty() {
            &self.detail
        } else {
            &self.hint
        };
        format!("{self} · {rest}")
    }

    /// The same error, about `resource`.
    pub(super) fn about(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }
}
