//! Faults on request: failures of a service, a network or a proxy, when and as often as requested.
//!
//! A list of faults has the form `[OPERATION:]FAULT[*COUNT][/NTH]`, separated by commas:
//!
//! | | |
//! |---|---|
//! | `latency=300ms` | delays every response (`ms` or `s`) |
//! | `token:throttle*3` | throttles the next three token requests, not the ones after |
//! | `DescribeUserPoolClient:access-denied` | denies this operation |
//! | `cut/4` | breaks off every fourth response |
//! | `500*1,503*1` | one 500, then one 503, then no fault |
//!
//! The faults are `latency=`, `throttle`, `500`, `503`, `cut` (the connection closes in the middle of the response), `truncate`
//! (half the body, with a matching length), `html` (a page instead of JSON), `hollow` (an empty object), `expired`,
//! `unrecognized`, `access-denied` and `kms-denied`. The three before the last concern a signature, so they apply to signed
//! operations only. The last is Secrets Manager's for a caller who may not use the secret's key, and applies to operations that
//! read or write a value. The OAuth routes are `token`, `register`, `jwks` (keys and discovery) and `api`; `ManagedRotation` is
//! the rotation by the clock or by RotateSecret, which any fault with this name makes fail. On one request, latencies add up, and
//! the first other fault applies.

mod apply;
mod parse;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use apply::apply;
pub use parse::FaultError;

/// The effect on one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Delays the response.
    Latency(Duration),
    /// TooManyRequestsException; 429 at the token endpoint.
    Throttle,
    /// A failure of the service, with this status: 500 or 503.
    ServerError(u16),
    /// The operation runs, but the connection closes in the middle of the response.
    Cut,
    /// The operation runs, but only half of the response body is sent.
    Truncate,
    /// A proxy's page, in HTML, with status 200.
    Html,
    /// The operation runs, but the response is an empty object with status 200.
    Hollow,
    /// ExpiredTokenException: the caller's session has expired.
    Expired,
    /// UnrecognizedClientException: the caller's key is unknown.
    UnrecognizedClient,
    /// AccessDeniedException: the caller's policy does not allow the operation.
    AccessDenied,
    /// AccessDeniedException of Secrets Manager: the caller may not use the key that encrypts the secret.
    KmsDenied,
}

/// The pending faults, in the order they were added. The default is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    rules: Vec<Fault>,
}

/// One fault, where it applies and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    /// `None` for all operations.
    operation: Option<String>,
    action: Action,
    /// The remaining uses; `None` without a limit.
    left: Option<u32>,
    /// Applies to every n-th matching request only.
    every: u32,
    /// The number of matching requests so far.
    seen: u32,
}

/// Reads and changes a running server's faults. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct FaultControl {
    faults: Arc<Mutex<Faults>>,
}

impl Faults {
    /// Returns the effects on the next request for this operation. Uses up counts.
    fn next(&mut self, operation: &str) -> Vec<Action> {
        let mut actions = Vec::new();
        let mut spent = false;
        for fault in &mut self.rules {
            let late = matches!(fault.action, Action::Latency(_));
            if (late || !spent) && fault.applies_to(operation) && fault.fires() {
                spent |= !late;
                actions.push(fault.action);
            }
        }
        self.rules.retain(|fault| fault.left != Some(0));
        actions
    }
}

impl Fault {
    fn applies_to(&self, operation: &str) -> bool {
        match &self.operation {
            Some(only) => only == operation,
            // It is not a request.
            None if operation == MANAGED_ROTATION => false,
            None => self.action.meets(operation),
        }
    }

    fn fires(&mut self) -> bool {
        self.seen = self.seen.wrapping_add(1);
        let fires = self.seen.is_multiple_of(self.every) && self.left != Some(0);
        if fires && let Some(left) = &mut self.left {
            *left -= 1;
        }
        fires
    }
}

impl Action {
    /// Returns whether it applies to requests for this operation.
    fn meets(self, operation: &str) -> bool {
        match self {
            Self::Expired | Self::UnrecognizedClient | Self::AccessDenied => is_signed(operation),
            Self::KmsDenied => {
                ["GetSecretValue", "PutSecretValue", "CreateSecret"].contains(&operation)
            }
            _ => true,
        }
    }
}

/// The name in faults of the rotation of a managed secret. Any fault makes it fail.
pub const MANAGED_ROTATION: &str = "ManagedRotation";

/// Returns whether callers sign requests for this operation.
fn is_signed(operation: &str) -> bool {
    ![
        "token",
        "register",
        "jwks",
        "api",
        "GetClientToken",
        "GetDerivedToken",
        MANAGED_ROTATION,
    ]
    .contains(&operation)
}

impl FaultControl {
    pub fn new(faults: Faults) -> Self {
        Self {
            faults: Arc::new(Mutex::new(faults)),
        }
    }

    /// Replaces all faults.
    pub fn set(&self, faults: Faults) {
        self.with(|current| *current = faults);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.set(Faults::default());
    }

    /// Appends faults.
    pub fn add(&self, faults: Faults) {
        self.with(|current| current.rules.extend(faults.rules));
    }

    /// Returns the effects on the next request for this operation: `token`, `register`, `jwks`, `api`, or the API's name for it.
    /// Each call counts as a request and uses up counts.
    pub fn next(&self, operation: &str) -> Vec<Action> {
        self.with(|current| current.next(operation))
    }

    fn with<T>(&self, change: impl FnOnce(&mut Faults) -> T) -> T {
        change(&mut self.faults.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(faults: &str) -> FaultControl {
        FaultControl::new(faults.parse().unwrap())
    }

    #[test]
    fn a_count_is_used_up_by_its_own_operation_and_then_all_is_well() {
        let control = control("token:throttle*2");
        assert_eq!(control.next("jwks"), []);
        assert_eq!(control.next("token"), [Action::Throttle]);
        assert_eq!(control.next("token"), [Action::Throttle]);
        assert_eq!(control.next("token"), []);
    }

    #[test]
    fn every_nth_request_is_hit() {
        let control = control("cut/3*2");
        let hits: Vec<bool> = (0..9)
            .map(|_| !control.next("ListUserPools").is_empty())
            .collect();
        assert_eq!(
            hits,
            [false, false, true, false, false, true, false, false, false]
        );
    }

    #[test]
    fn counted_faults_make_a_script_and_latency_adds_to_each() {
        let late = Action::Latency(Duration::from_millis(5));
        let control = control("500*1,503*1,latency=5ms");
        assert_eq!(control.next("jwks"), [Action::ServerError(500), late]);
        assert_eq!(control.next("jwks"), [Action::ServerError(503), late]);
        assert_eq!(control.next("jwks"), [late]);
    }

    #[test]
    fn signature_faults_leave_unsigned_operations_alone() {
        let control = control("expired");
        for operation in ["token", "register", "jwks", "api", "GetClientToken"] {
            assert_eq!(control.next(operation), [], "{operation}");
        }
        assert_eq!(control.next("ListUserPools"), [Action::Expired]);
    }

    #[test]
    fn clones_share_one_list() {
        let control = FaultControl::default();
        control.clone().add("html".parse().unwrap());
        assert_eq!(control.next("jwks"), [Action::Html]);
        control.clone().clear();
        assert_eq!(control.next("jwks"), []);
    }
}
