//! What every route of the embedded Cognito reaches.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::faults::FaultControl;
use super::state::State;

/// One running server: who it is, what it remembers, which faults it was asked for, and its clock.
pub struct Shared {
    pub region: String,
    pub account: String,
    pub state: Mutex<State>,
    pub faults: FaultControl,
    pub now: fn() -> SystemTime,
}

impl Shared {
    /// The state, locked. A thread that panicked with the lock held left whole values behind, so that does not stop the rest.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
