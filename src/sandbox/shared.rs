//! What every request shares: the state, the clock, the faults, and where ids come from.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;

use super::errors::ApiError;
use super::faults::FaultControl;
use super::ids::Ids;
use super::paging::Pager;
use super::quota::{Category, Rates};
use super::state::State;

/// How many operation names [`Shared::calls`] keeps: enough for any test, and a bound for a server that runs for weeks.
const CALLS: usize = 10_000;

/// One per server, behind an `Arc`.
pub struct Shared {
    pub region: String,
    pub account: String,
    pub state: Mutex<State>,
    pub faults: FaultControl,
    pub now: fn() -> SystemTime,
    pub(super) ids: Mutex<Ids>,
    pub(super) pager: Pager,
    /// `None` where rates are not enforced.
    rates: Option<Mutex<Rates>>,
    pub(super) changed: Notify,
    calls: Mutex<Vec<String>>,
}

impl Shared {
    /// A server's shared part, with the system's clock.
    pub fn new(
        region: &str,
        account: &str,
        state: State,
        faults: FaultControl,
        mut ids: Ids,
        enforce_rates: bool,
    ) -> Result<Self, ApiError> {
        Ok(Self {
            region: region.to_owned(),
            account: account.to_owned(),
            state: Mutex::new(state),
            faults,
            now: SystemTime::now,
            pager: Pager::new(&ids.key()?),
            ids: Mutex::new(ids),
            rates: enforce_rates.then(Mutex::default),
            changed: Notify::new(),
            calls: Mutex::default(),
        })
    }

    /// The state, for as long as the guard lives. Never held across an `await`.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        unpoisoned(&self.state)
    }

    /// Now, in epoch seconds with three decimals, as every date on the wire.
    pub fn timestamp(&self) -> f64 {
        let since = (self.now)().duration_since(UNIX_EPOCH).unwrap_or_default();
        (since.as_secs_f64() * 1000.0).round() / 1000.0
    }

    /// Says that the state has changed, so that the state file follows.
    pub fn touch(&self) {
        self.changed.notify_one();
    }

    /// Counts a request for a machine's token, by GetClientToken or at a token endpoint: they share one rate.
    ///
    /// # Errors
    /// `TooManyRequestsException`, where rates are enforced and this one is used up.
    pub fn count_client_authentication(&self) -> Result<(), ApiError> {
        self.count(Category::ClientAuthentication, "GetClientToken", None)
    }

    /// Counts a call against its rates, where they are enforced.
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

    /// Notes that an operation was called.
    pub fn record(&self, operation: &str) {
        let mut calls = unpoisoned(&self.calls);
        if calls.len() < CALLS {
            calls.push(operation.to_owned());
        }
    }

    /// The operations called so far, in order; the first 10,000 of them.
    pub fn calls(&self) -> Vec<String> {
        unpoisoned(&self.calls).clone()
    }
}

/// A lock whose holder panicked still guards whole data: operations change the state only after their last check.
pub(super) fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
