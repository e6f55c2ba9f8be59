//! Why a command failed, and its exit code.

use std::io;
use std::process::ExitCode;

use serde_json::{Value, json};
use thiserror::Error;

use crate::cli::USAGE;
use crate::cognito::{self, ErrorKind};
use crate::domain::plan::{ObstacleKind, Plan};

/// The outcome of a command that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// The result was printed and is negative: an invalid token, a failed change, an error of the doctor.
    Failed,
    /// The same, with its class.
    FailedAs(FailureClass),
    /// A plan has changes to make, and nothing was written.
    Changes,
    /// `rotate` found a rotation in progress and has no option to continue it.
    RotationPending,
    /// `decode --verify` could not check the signature.
    Unchecked,
}

/// A class of failures with an exit code of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    NotFound,
    /// By IAM, or for want of valid credentials.
    Denied,
    NoConnection,
    /// The token endpoint refused a token.
    RefusedToken,
    /// It exists, is taken, or was changed by another program meanwhile.
    Conflict,
}

/// The exit code for a token whose keys could not be read.
const UNCHECKED: u8 = 4;

impl FailureClass {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::NotFound => 4,
            Self::Denied => 5,
            Self::NoConnection => 6,
            Self::RefusedToken => 7,
            Self::Conflict => 8,
        }
    }

    /// The class of an error of a call to AWS.
    pub fn of(error: &cognito::Error) -> Option<Self> {
        Some(match &error.kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::AccessDenied { .. }
            | ErrorKind::NoCredentials
            | ErrorKind::ExpiredCredentials { .. }
            | ErrorKind::RejectedCredentials
            | ErrorKind::CodeNeeded(_) => Self::Denied,
            ErrorKind::UnknownHost | ErrorKind::Connect | ErrorKind::Tls | ErrorKind::Timeout => {
                Self::NoConnection
            }
            ErrorKind::Conflict | ErrorKind::Changed | ErrorKind::Overwritten(_) => Self::Conflict,
            ErrorKind::OtherAccount
            | ErrorKind::NoRegion
            | ErrorKind::NoSecretValue(_)
            | ErrorKind::Throttled
            | ErrorKind::LimitExceeded
            | ErrorKind::Invalid
            | ErrorKind::Ambiguous
            | ErrorKind::NotTaken(_)
            | ErrorKind::Unconfirmed
            | ErrorKind::Malformed
            | ErrorKind::Service => return None,
        })
    }

    /// The class of a plan that has obstacles: that of all of them.
    pub fn of_plan(plan: &Plan) -> Option<Self> {
        let class = |kind| match kind {
            ObstacleKind::Refused => None,
            ObstacleKind::NotFound => Some(Self::NotFound),
            ObstacleKind::Conflict => Some(Self::Conflict),
        };
        let mut classes = plan.obstacles.iter().map(|obstacle| class(obstacle.kind));
        let first = classes.next().flatten();
        first.filter(|first| classes.all(|class| class == Some(*first)))
    }

    /// Its word in JSON.
    fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Denied => "access_denied",
            Self::NoConnection => "no_connection",
            Self::RefusedToken => "token_refused",
            Self::Conflict => "conflict",
        }
    }
}

impl Exit {
    /// A negative result, with its class if it has one.
    pub fn failed(class: Option<FailureClass>) -> Self {
        class.map_or(Self::Failed, Self::FailedAs)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Failed => Self::FAILURE,
            Exit::FailedAs(class) => Self::from(class.code()),
            Exit::Changes | Exit::RotationPending => Self::from(2),
            Exit::Unchecked => Self::from(UNCHECKED),
        }
    }
}

/// Why a command failed.
#[derive(Debug, Error)]
pub enum Failure {
    #[error(transparent)]
    Cognito(#[from] cognito::Error),
    /// One line each: what failed, what it means, what to do. Not cleaned yet.
    #[error("{}", .0.join("\n"))]
    Message(Vec<String>),
    /// The same, with its class.
    #[error("{}", .1.join("\n"))]
    Classed(FailureClass, Vec<String>),
    /// The same for a wrong command line. Nothing was done.
    #[error("{}", .0.join("\n"))]
    Usage(Vec<String>),
    #[error("cannot print the result: {0}")]
    Print(#[from] io::Error),
    /// A signal ended the program during a write: the exit code, what is known and how to continue.
    #[error("{}", .1.join("\n"))]
    Interrupted(u8, Vec<String>),
}

impl Failure {
    /// What failed, and what to do.
    pub fn new(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Message(vec![what.into(), next.into()])
    }

    /// What is not there, and what to do.
    pub fn not_found(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Classed(FailureClass::NotFound, vec![what.into(), next.into()])
    }

    /// What is wrong with the command line, and how to correct it.
    pub fn usage(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Usage(vec![what.into(), next.into()])
    }

    /// What failed, what it means, what to do.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Cognito(error) => [error.to_string(), error.detail.clone(), error.hint.clone()]
                .into_iter()
                .filter(|line| !line.is_empty())
                .collect(),
            Self::Message(lines)
            | Self::Classed(_, lines)
            | Self::Usage(lines)
            | Self::Interrupted(_, lines) => lines.clone(),
            Self::Print(_) => vec![self.to_string()],
        }
    }

    fn class(&self) -> Option<FailureClass> {
        match self {
            Self::Cognito(error) => FailureClass::of(error),
            Self::Classed(class, _) => Some(*class),
            _ => None,
        }
    }

    /// The exit code.
    pub fn code(&self) -> u8 {
        match (self, self.class()) {
            (_, Some(class)) => class.code(),
            (Self::Usage(_), _) => USAGE,
            (Self::Interrupted(code, _), _) => *code,
            _ => 1,
        }
    }

    /// The failure in JSON.
    pub fn json(&self) -> Value {
        let own = match self {
            Self::Usage(_) => "usage",
            Self::Interrupted(..) => "interrupted",
            Self::Print(_) => "not_printed",
            Self::Cognito(error) => error.kind.code(),
            Self::Message(_) | Self::Classed(..) => "failed",
        };
        let code = match self {
            Self::Classed(class, _) => class.word(),
            _ => own,
        };
        let lines = self.lines();
        let call = match self {
            Self::Cognito(error) => Some(error),
            _ => None,
        };
        let (reason, hint) = if let Some(error) = call {
            let label = error.kind.label();
            let reason = match error.detail.as_str() {
                "" => label.to_owned(),
                detail => format!("{label}: {detail}"),
            };
            (reason, error.hint.clone())
        } else {
            let mut lines = lines.into_iter();
            let first = lines.next().unwrap_or_default();
            (first, lines.collect::<Vec<_>>().join("\n"))
        };
        json!({
            "error": {
                "code": code,
                "exit_code": self.code(),
                "operation": call.map(|error| error.operation),
                "resource": call.and_then(|error| error.resource.as_deref()),
                "reason": reason,
                "hint": Some(hint).filter(|hint| !hint.is_empty()),
                "request_id": call.and_then(|error| error.request_id.as_deref().map(String::as_str)),
            }
        })
    }
}
