//! The errors of calls to AWS, with hints.

use std::fmt;

use crate::domain::identity::SignIn;
use crate::domain::plan::Detail;
use crate::domain::secret::SecretState;

/// A failed call: what failed, on what, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The API operation, or another action such as `token request`.
    pub operation: &'static str,
    /// Its resource: a pool's id, `pool/client`, a URL.
    pub resource: Option<Box<str>>,
    pub kind: ErrorKind,
    /// The message of the server or the transport. Untrusted text: clean it before printing.
    pub detail: String,
    /// What to do; may be empty.
    pub hint: String,
    /// AWS's id of the request, if there was a response. A thin pointer, so that an error is small enough to be returned.
    pub request_id: Option<Box<String>>,
}

/// The kinds of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No credentials found, or the profile is unknown.
    NoCredentials,
    /// Temporary credentials or a session expired. `sign_in` is the program that begins another, if there is one.
    ExpiredCredentials {
        sign_in: Option<Box<SignIn>>,
    },
    /// The profile's role needs a code of an MFA device.
    CodeNeeded(Box<CodeRequest>),
    /// AWS rejects the credentials.
    RejectedCredentials,
    /// The credentials are of another account than at the start of the session.
    OtherAccount,
    NoRegion,
    /// IAM denies `action`, such as `cognito-idp:DescribeUserPoolClient`.
    AccessDenied {
        action: String,
    },
    NotFound,
    /// The value of an app client's secret cannot be read; the state of the secret.
    NoSecretValue(SecretState),
    /// Throttled after all retries.
    Throttled,
    /// A quota is exceeded.
    LimitExceeded,
    /// Cognito, or this program, refused the request's content.
    Invalid,
    /// It already exists.
    Conflict,
    /// Several match. The detail lists them.
    Ambiguous,
    /// Another program changed it after it was read; nothing was written.
    Changed,
    /// Another program overwrote the write: current and written values.
    Overwritten(Vec<Detail>),
    /// Cognito accepted the write but stored other values: current and sent values.
    NotTaken(Vec<Detail>),
    /// It was written, but could not be read back.
    Unconfirmed,
    /// The host's name does not resolve.
    UnknownHost,
    /// No connection: refused, reset, unreachable.
    Connect,
    Tls,
    Timeout,
    /// The response does not follow the protocol.
    Malformed,
    /// The service failed.
    Service,
}

/// A question for the code of an MFA device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRequest {
    /// The profile that has the role.
    pub profile: String,
    /// The device: its serial number or ARN.
    pub serial: String,
    /// Whether a code was refused.
    pub refused: bool,
}

impl ErrorKind {
    /// The kind as a word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no_credentials",
            Self::ExpiredCredentials { .. } => "expired_credentials",
            Self::RejectedCredentials => "rejected_credentials",
            Self::CodeNeeded(_) => "code_needed",
            Self::OtherAccount => "other_account",
            Self::NoRegion => "no_region",
            Self::AccessDenied { .. } => "access_denied",
            Self::NotFound => "not_found",
            Self::NoSecretValue(_) => "no_secret_value",
            Self::Throttled => "throttled",
            Self::LimitExceeded => "limit_exceeded",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Ambiguous => "ambiguous",
            Self::Changed => "changed",
            Self::Overwritten(_) => "overwritten",
            Self::NotTaken(_) => "not_taken",
            Self::Unconfirmed => "unconfirmed",
            Self::UnknownHost => "unknown_host",
            Self::Connect => "no_connection",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
            Self::Service => "service",
        }
    }

    /// The kind in words.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no AWS credentials",
            Self::ExpiredCredentials { .. } => "credentials have expired",
            Self::CodeNeeded(_) => "an MFA code is needed",
            Self::RejectedCredentials => "AWS rejects the credentials",
            Self::OtherAccount => "signed in to another account",
            Self::NoRegion => "no Region is set",
            Self::AccessDenied { .. } => "access denied",
            Self::NotFound => "not found",
            Self::NoSecretValue(_) => "the secret cannot be read",
            Self::Throttled => "throttled",
            Self::LimitExceeded => "quota exceeded",
            Self::Invalid => "refused",
            Self::Conflict => "already exists",
            Self::Ambiguous => "several match",
            Self::Changed => "changed by another program meanwhile",
            Self::Overwritten(_) => "overwritten by another program",
            Self::NotTaken(_) => "Cognito stored something else",
            Self::Unconfirmed => "not confirmed",
            Self::UnknownHost => "the host name does not resolve",
            Self::Connect => "no connection",
            Self::Tls => "no trusted TLS connection",
            Self::Timeout => "timed out",
            Self::Malformed => "unexpected response",
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
    /// An error that this program found.
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
            request_id: None,
        }
    }

    /// Whether the response is lost: the service may have done what was asked. For a call that the SDK also retries, a refusal proves
    /// nothing either.
    pub fn lost_response(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Malformed | ErrorKind::Service
        )
    }

    /// The embedded Cognito could not be started.
    pub fn sandbox(error: &std::io::Error) -> Self {
        Self::new(
            "embedded Cognito",
            ErrorKind::Service,
            error.to_string(),
            "Check the file of --state",
        )
    }

    /// Whether IAM denied the call.
    pub fn is_access_denied(&self) -> bool {
        matches!(self.kind, ErrorKind::AccessDenied { .. })
    }

    /// Whether the credentials do not work for any call.
    pub fn is_about_credentials(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::NoCredentials
                | ErrorKind::ExpiredCredentials { .. }
                | ErrorKind::CodeNeeded(_)
                | ErrorKind::RejectedCredentials
        )
    }

    /// The error in one line: what failed, on what, and the hint, or AWS's message if only that explains it.
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
        self.resource = Some(resource.into().into_boxed_str());
        self
    }
}
