//! Errors that are not retried, although the SDK would. Both classifiers override the SDK's.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};

use aws_sdk_cognitoidentityprovider::config::{self, Config};

use super::throttle::{error_code, is_throttling};
use crate::cognito::error::Error;

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
