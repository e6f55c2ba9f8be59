//! Which failures are not tried again, although the SDK would. Both classifiers have the last word after the SDK's own.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};

use aws_sdk_cognitoidentityprovider::config::{self, Config};

use super::throttle::{error_code, is_throttling};
use crate::cognito::error::{Error, ErrorKind};

/// Keeps a used-up quota from being tried again. The SDKs count `LimitExceededException` among the throttling errors, but with
/// Cognito it says that the pool has all the clients it may have, which no waiting mends.
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

/// For a call that makes something whose name need not be unique: trying again after a lost answer would make a second one. Only a
/// throttled call has certainly made none.
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

/// The error of such a call, with a warning where nobody can tell whether it went through: trying again blindly may make a second
/// one.
pub fn may_have_created(error: Error) -> Error {
    may_have_changed(
        error,
        "It may have been made all the same: refresh the list before trying again.",
    )
}

/// `error` with the way out `hint` where the call may have gone through although its answer is lost.
pub fn may_have_changed(error: Error, hint: &str) -> Error {
    match error.kind {
        ErrorKind::Timeout | ErrorKind::Connect | ErrorKind::Malformed | ErrorKind::Service => {
            Error {
                hint: hint.to_owned(),
                ..error
            }
        }
        _ => error,
    }
}

fn forbid_if(condition: bool) -> RetryAction {
    if condition {
        RetryAction::RetryForbidden
    } else {
        RetryAction::NoActionIndicated
    }
}
