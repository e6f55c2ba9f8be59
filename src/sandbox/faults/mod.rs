//! Faults on request: what a service, a network or a proxy does on a bad day, when and as often as it is asked for.
//!
//! A list of faults is written `[OPERATION:]FAULT[*COUNT][/NTH]`, with commas between:
//!
//! | | |
//! |---|---|
//! | `latency=300ms` | every answer comes late (`ms` or `s`) |
//! | `token:throttle*3` | the next three token requests are throttled, then all is well |
//! | `DescribeUserPoolClient:access-denied` | that one operation is not allowed |
//! | `cut/4` | every fourth answer breaks off |
//! | `500*1,503*1` | one 500, then one 503, then all is well |
//!
//! The faults are `latency=`, `throttle`, `500`, `503`, `cut` (the connection closes in the middle of the answer),
//! `truncate` (half the body, and its length says so), `html` (a page instead of JSON), `hollow` (an object with
//! nothing in it), `expired`, `unrecognized`, `access-denied` and `kms-denied`. The three before the last concern a signature, so they meet signed operations only; the
//! last is Secrets Manager's where the caller may not use the secret's key, and meets what reads or writes a value. The OAuth
//! routes are called `token`, `register`, `jwks` (keys and discovery) and `api`; `ManagedRotation` is what Cognito does by the clock or
//! for RotateSecret, and fails by any fault that names it. On one request, latencies add up, and the first other fault acts.

mod apply;
mod parse;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use apply::apply;
pub use parse::FaultError;

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The answer waits.
    Latency(Duration),
    /// TooManyRequestsException; 429 at the token endpoint.
    Throttle,
    /// A failure of the service, with this status: 500 or 503.
    ServerError(u16),
    /// The operation takes place, but the connection closes in the middle of its answer.
    Cut,
    /// The operation takes place, but only half of the answer's body comes.
    Truncate,
    /// A proxy's page, in HTML, with status 200.
    Html,
    /// The operation takes place, but its answer is an object with nothing in it, with status 200.
    Hollow,
    /// ExpiredTokenException: the caller's session is over.
    Expired,
    /// UnrecognizedClientException: the caller's key is unknown.
    UnrecognizedClient,
    /// AccessDeniedException: the caller's policy does not allow the operation.
    AccessDenied,
    /// AccessDeniedException of Secrets Manager: the caller may not use the key that a secret is encrypted with.
    KmsDenied,
}

/// Faults to come, in the order in which they were asked for. The default is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    rules: Vec<Fault>,
}

/// One fault, where it applies and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    /// None: every operation.
    operation: Option<String>,
    action: Action,
    /// How many more times; None: for ever.
    left: Option<u32>,
    /// Only every n-th request that it applies to.
    every: u32,
    /// How many requests it has applied to.
    seen: u32,
}

/// The handle through which a running server's faults are read and changed. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct FaultControl {
    faults: Arc<Mutex<Faults>>,
}

impl Faults {
    /// What happens to the next request for this operation. Counts are used up.
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
            // No request asks for it.
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
    /// Whether it can happen to a request for this operation.
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

/// What faults call the rotation of a secret that Cognito manages. Any fault makes it fail.
pub const MANAGED_ROTATION: &str = "ManagedRotation";

/// Whether callers sign requests for this operation.
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

    /// Replaces the faults there are.
    pub fn set(&self, faults: Faults) {
        self.with(|current| *current = faults);
    }

    /// From now on all is well.
    pub fn clear(&self) {
        self.set(Faults::default());
    }

    /// Puts more faults behind those there are.
    pub fn add(&self, faults: Faults) {
        self.with(|current| current.rules.extend(faults.rules));
    }

    /// What happens to the next request for this operation: `token`, `register`, `jwks`, `api`, or the API's name for it. Each call
    /// counts as a request, so it uses up what is counted.
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
