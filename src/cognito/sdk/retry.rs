//! How often calls are tried, and errors that are not retried, although the SDK would. Both classifiers override the SDK's.

use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};

use aws_config::retry::{RetryConfig, RetryMode};
use aws_sdk_cognitoidentityprovider::config::{self, Config};

use super::throttle::{error_code, is_throttling};
use crate::cognito::error::{Error, ErrorKind};

/// Enough attempts for a burst: Cognito refills 5 calls per second.
const MAX_ATTEMPTS: u32 = 5;
/// With the SDK's 1 second a dead endpoint looks like a slow one.
const INITIAL_BACKOFF: Duration = Duration::from_millis(200);
/// A throttled call would wait up to 20 seconds before each attempt.
const MAX_BACKOFF: Duration = Duration::from_secs(2);

/// How often calls are tried, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retries {
    attempts: Option<u32>,
    mode: Option<RetryMode>,
}

impl Retries {
    /// From the values of `AWS_MAX_ATTEMPTS` and `AWS_RETRY_MODE`, or the profile's.
    ///
    /// # Errors
    /// A value is none that AWS tools know.
    pub fn of(attempts: Option<String>, mode: Option<String>) -> Result<Self, Error> {
        let attempts = attempts.map(|text| match text.trim().parse() {
            Ok(attempts @ 1..) => Ok(attempts),
            _ => Err(wrong(
                &format!("{text:?} is no number of attempts"),
                "AWS_MAX_ATTEMPTS",
                "1 or more",
            )),
        });
        let mode = mode.map(|text| match text.trim().to_ascii_lowercase().as_str() {
            // The SDK has no legacy mode; standard is what follows it.
            "standard" | "legacy" => Ok(RetryMode::Standard),
            "adaptive" => Ok(RetryMode::Adaptive),
            _ => Err(wrong(
                &format!("{text:?} is no retry mode"),
                "AWS_RETRY_MODE",
                "standard or adaptive",
            )),
        });
        Ok(Self {
            attempts: attempts.transpose()?,
            mode: mode.transpose()?,
        })
    }

    /// The retries of a call.
    pub fn calls(self) -> RetryConfig {
        self.config(self.mode.unwrap_or(RetryMode::Adaptive), MAX_ATTEMPTS)
    }

    /// The retries of a call that may fail: this many attempts, unless the user sets another number.
    pub fn few(self, attempts: u32) -> RetryConfig {
        self.config(self.mode.unwrap_or(RetryMode::Standard), attempts)
    }

    fn config(self, mode: RetryMode, attempts: u32) -> RetryConfig {
        RetryConfig::standard()
            .with_retry_mode(mode)
            .with_max_attempts(self.attempts.unwrap_or(attempts))
            .with_initial_backoff(INITIAL_BACKOFF)
            .with_max_backoff(MAX_BACKOFF)
    }
}

fn wrong(what: &str, name: &str, expected: &str) -> Error {
    let hint = format!("Set {name}, or its setting in the profile, to {expected}.");
    Error::new("connect", ErrorKind::Invalid, format!("{what}."), hint)
}

/// Does not retry an exceeded quota. The SDKs treat `LimitExceededException` as throttling, but in Cognito it means that a quota of
/// resources is reached; waiting does not help.
#[derive(Debug)]
pub struct NoRetryOnQuota;

impl ClassifyRetry for NoRetryOnQuota {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let code = context
            .response()
            .and_then(|response| error_code(response.body().bytes()?));
        forbid_if(code.as_deref() == Some("LimitExceededException"))
    }

    fn name(&self) -> &'static str {
        "QuotaIsFinal"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::default())
    }
}

/// For a call that creates something without a unique name: a retry after a lost response would create a second one. Only a throttled
/// call has certainly created none.
#[derive(Debug)]
pub struct NoRetryOnCreate;

impl ClassifyRetry for NoRetryOnCreate {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let throttled = context.response().is_some_and(|response| {
            is_throttling(response.status().as_u16(), response.body().bytes())
        });
        forbid_if(context.is_failed() && !throttled)
    }

    fn name(&self) -> &'static str {
        "MadeOnce"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::default())
    }
}

/// The configuration of a call that [`NoRetryOnCreate`] is for.
pub fn made_once() -> config::Builder {
    Config::builder().retry_classifier(NoRetryOnCreate)
}

/// The error of such a call, with a warning if it may have succeeded: a blind retry may create a second one.
pub fn may_have_created(error: Error) -> Error {
    may_have_changed(
        error,
        "It may have been created. Refresh the list before you try again.",
    )
}

/// `error` with `hint` if the call may have succeeded despite a lost response.
pub fn may_have_changed(error: Error, hint: &str) -> Error {
    if error.lost_response() {
        Error {
            hint: hint.to_owned(),
            ..error
        }
    } else {
        error
    }
}

fn forbid_if(condition: bool) -> RetryAction {
    if condition {
        RetryAction::RetryForbidden
    } else {
        RetryAction::NoActionIndicated
    }
}
