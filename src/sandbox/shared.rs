//! What all requests share: the state, the clock, the faults, and the source of ids.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

use super::Options;
use super::assumptions::{Assumption, Assumptions};
use super::errors::ApiError;
use super::faults::FaultControl;
use super::ids::Ids;
use super::paging::Pager;
use super::quota::{Category, Rates};
use super::state::State;

/// The number of operation names that [`Shared::calls`] keeps: enough for any test, and a limit for a server that runs for weeks.
const CALLS: usize = 10_000;

/// One per server, behind an `Arc`.
pub struct Shared {
    pub region: String,
    pub account: String,
    pub state: Mutex<State>,
    pub faults: FaultControl,
    pub(super) assumptions: Assumptions,
    /// How often managed secrets are rotated, where it is not as their rules say.
    pub(super) managed_rotation_every: Option<Duration>,
    /// How far the clock is ahead of the system's.
    ahead: Mutex<Duration>,
    pub(super) ids: Mutex<Ids>,
    pub(super) pager: Pager,
    /// `None` if rates are not enforced.
    rates: Option<Mutex<Rates>>,
    pub(super) changed: Notify,
    calls: Mutex<Vec<String>>,
}

impl Shared {
    /// Creates the shared part of a server, with the system's clock.
    pub fn new(options: &Options, state: State) -> Result<Self, ApiError> {
        let mut ids = Ids::new(options.seed);
        Ok(Self {
            region: options.region.clone(),
            account: options.account.clone(),
            state: Mutex::new(state),
            faults: FaultControl::new(options.faults.clone()),
            assumptions: options.assumptions.clone(),
            managed_rotation_every: options.managed_rotation_every,
            ahead: Mutex::default(),
            pager: Pager::new(&ids.key()?),
            ids: Mutex::new(ids),
            rates: options.enforce_rates.then(Mutex::default),
            changed: Notify::new(),
            calls: Mutex::default(),
        })
    }

    /// Locks the state. The guard is never held across an `await`.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        unpoisoned(&self.state)
    }

    /// Returns whether the less likely answer to a question about AWS applies.
    pub fn assumes(&self, assumption: Assumption) -> bool {
        self.assumptions.hold(assumption)
    }

    /// Returns the server's time.
    pub fn now(&self) -> SystemTime {
        SystemTime::now() + *unpoisoned(&self.ahead)
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        *unpoisoned(&self.ahead) += by;
    }

    /// Returns the current time in epoch seconds with three decimals, as all dates in responses.
    pub fn timestamp(&self) -> f64 {
        let since = self.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (since.as_secs_f64() * 1000.0).round() / 1000.0
    }

    /// Marks the state as changed, so that the state file is written.
    pub fn touch(&self) {
        self.changed.notify_one();
    }

    /// Counts a request for a machine's token, by GetClientToken or at a token endpoint: they share one rate.
    ///
    /// # Errors
    /// `TooManyRequestsException` if rates are enforced and this one is used up.
    pub fn count_client_authentication(&self) -> Result<(), ApiError> {
        self.count(Category::ClientAuthentication, "GetClientToken", None)
    }

    /// Counts a call against its rates, if they are enforced.
    pub(super) fn count(
        &self,
        category: Category,
        operation: &'static str,
        pool: Option<&str>,
    ) -> Result<(), ApiError> {
        match &self.rates {
            Some(rates) => unpoisoned(rates).take(category, operation, pool, Instant::now()),
            None => Ok(()),
        }
    }

    /// Records that an operation was called.
    pub fn record(&self, operation: &str) {
        let mut calls = unpoisoned(&self.calls);
        if calls.len() < CALLS {
            calls.push(operation.to_owned());
        }
    }

    /// Returns the called operations in order; the first 10,000 of them.
    pub fn calls(&self) -> Vec<String> {
        unpoisoned(&self.calls).clone()
    }
}

/// Locks a mutex. Its data is consistent even if a holder panicked: operations change the state only after their last check.
pub(super) fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
