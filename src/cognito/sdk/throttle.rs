//! Reports throttled calls to the console.

use std::fmt;
use std::sync::Arc;

use aws_sdk_cognitoidentityprovider::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::FinalizerInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_types::config_bag::{Storable, StoreReplace};

use crate::cognito::sdk::sign_in::SignInEvent;

/// An event of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionEvent {
    /// AWS throttled an attempt, counted from 1; the call is retried unless it was the last.
    Throttled { operation: String, attempt: u32 },
    /// A throttled call has ended.
    Recovered { operation: String },
    /// The credentials changed.
    SignIn(SignInEvent),
}

/// Receives events of all calls, from any thread. Must not block.
pub type ConnectionEvents = Arc<dyn Fn(ConnectionEvent) + Send + Sync>;

/// Watches every attempt of every call.
pub struct ThrottleWatch {
    signals: ConnectionEvents,
}

impl ThrottleWatch {
    pub fn new(signals: ConnectionEvents) -> Self {
        Self { signals }
    }
}

impl fmt::Debug for ThrottleWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}

/// Part of the call's state from its first throttled attempt. Dropped with it, even if the call is aborted, so that the console does
/// not show "retrying" for an ended call.
struct ThrottledCall {
    operation: String,
    signals: ConnectionEvents,
}

impl fmt::Debug for ThrottledCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Throttled")
    }
}

impl Drop for ThrottledCall {
    fn drop(&mut self) {
        (self.signals)(ConnectionEvent::Recovered {
            operation: std::mem::take(&mut self.operation),
        });
    }
}

impl Storable for ThrottledCall {
    type Storer = StoreReplace<Self>;
}

impl Intercept for ThrottleWatch {
    fn name(&self) -> &'static str {
        "Watch"
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let throttled = context.response().is_some_and(|response| {
            is_throttling(response.status().as_u16(), response.body().bytes())
        });
        if throttled {
            let operation = cfg.load::<Metadata>().map_or("", Metadata::name).to_owned();
            let attempt = cfg
                .load::<RequestAttempts>()
                .map_or(1, RequestAttempts::attempts);
            (self.signals)(ConnectionEvent::Throttled {
                operation: operation.clone(),
                attempt,
            });
            if cfg.load::<ThrottledCall>().is_none() {
                cfg.interceptor_state().store_put(ThrottledCall {
                    operation,
                    signals: self.signals.clone(),
                });
            }
        }
        Ok(())
    }
}

/// Cognito throttles with status 400 and the code in the body; some of its front ends use 429.
pub fn is_throttling(status: u16, body: Option<&[u8]>) -> bool {
    let named = || {
        body.and_then(error_code)
            .is_some_and(|code| crate::cognito::sdk::errors::is_throttling_code(&code))
    };
    status == 429 || (status >= 400 && named())
}

/// The error code in a body.
pub fn error_code(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let code = body.get("__type")?.as_str()?;
    code.rsplit('#').next().map(ToOwned::to_owned)
}
