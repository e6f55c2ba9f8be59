//! Keeps per-client calls under Cognito's 5 requests a second for each operation and pool.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::pace::{BURST, INTERVAL};

/// The first wait for an up-to-date response; each further wait is twice as long.
const BREATH: Duration = Duration::from_millis(200);

/// Schedules limited calls, separately for each pool and operation.
#[derive(Debug, Default)]
pub struct RateLimiter {
    off: bool,
    /// When the bucket of a pool and operation would be full again.
    full_at: Mutex<HashMap<(PoolId, &'static str), Instant>>,
}

impl RateLimiter {
    /// Applies AWS's quota to `endpoint` or AWS. A loopback endpoint is not limited; any other address may be AWS.
    pub fn for_endpoint(endpoint: Option<&str>) -> Self {
        Self::new(endpoint.is_some_and(endpoints::is_loopback))
    }

    /// Applies AWS's quota unless `off`.
    pub fn new(off: bool) -> Self {
        Self {
            off,
            ..Self::default()
        }
    }

    /// Whether so many simultaneous calls must wait.
    #[must_use]
    pub fn slows(&self, calls: usize) -> bool {
        !self.off && u32::try_from(calls).is_ok_and(|calls| calls > BURST)
    }

    /// Waits for its turn. A call that is dropped while it waits has used its turn.
    pub async fn turn(&self, pool: &PoolId, operation: &'static str) {
        if let Some(at) = self.reserve(pool, operation, Instant::now()) {
            tokio::time::sleep_until(at).await;
        }
    }

    /// Waits before read number `look` (from 0) of something that may not be up to date yet.
    pub async fn breath(&self, look: u32) {
        if !self.off && look > 0 {
            tokio::time::sleep(BREATH * 2_u32.saturating_pow(look - 1)).await;
        }
    }

    fn reserve(&self, pool: &PoolId, operation: &'static str, now: Instant) -> Option<Instant> {
        if self.off {
            return None;
        }
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.entry((pool.clone(), operation)).or_insert(now);
        *full_at = (*full_at).max(now) + INTERVAL;
        let start = full_at.checked_sub(INTERVAL * BURST)?;
        (start > now).then_some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_20_then_4_a_second() {
        let pace = RateLimiter::new(false);
        let pool = PoolId::new("eu-west-1_a");
        let now = Instant::now();
        let waits: Vec<_> = (0..24)
            .map(|_| pace.reserve(&pool, "Describe", now).map(|at| at - now))
            .collect();
        assert!(waits[..20].iter().all(Option::is_none), "{waits:?}");
        let rest: Vec<_> = waits[20..]
            .iter()
            .map(|wait| wait.unwrap().as_millis())
            .collect();
        assert_eq!(rest, [250, 500, 750, 1000]);
        assert!(pace.slows(21) && !pace.slows(20) && !RateLimiter::new(true).slows(21));
    }

    #[test]
    fn the_last_call_starts_when_the_estimate_says() {
        let pool = PoolId::new("eu-west-1_a");
        for calls in [1, 20, 21, 300, 10_000] {
            let pace = RateLimiter::new(false);
            let now = Instant::now();
            let waits = (0..calls).map(|_| pace.reserve(&pool, "Describe", now));
            let last = waits.last().unwrap().map_or(Duration::ZERO, |at| at - now);
            assert_eq!(crate::domain::pace::duration(calls), last, "{calls}");
        }
    }

    #[test]
    fn pools_and_operations_do_not_share_a_bucket() {
        let pace = RateLimiter::new(false);
        let now = Instant::now();
        for _ in 0..20 {
            pace.reserve(&PoolId::new("a"), "Describe", now);
        }
        assert!(pace.reserve(&PoolId::new("b"), "Describe", now).is_none());
        assert!(pace.reserve(&PoolId::new("a"), "List", now).is_none());
        assert!(pace.reserve(&PoolId::new("a"), "Describe", now).is_some());
    }

    #[test]
    fn only_this_machine_is_not_spared() {
        let slows = |endpoint| RateLimiter::for_endpoint(endpoint).slows(21);
        assert!(slows(None));
        assert!(slows(Some(
            "https://vpce-1.cognito-idp.eu-west-1.vpce.amazonaws.com"
        )));
        assert!(!slows(Some("http://127.0.0.1:9229")));
    }

    #[test]
    fn an_idle_bucket_fills_up_again() {
        let pace = RateLimiter::new(false);
        let pool = PoolId::new("a");
        let now = Instant::now();
        for _ in 0..40 {
            pace.reserve(&pool, "Describe", now);
        }
        let later = now + Duration::from_mins(1);
        assert!((0..20).all(|_| pace.reserve(&pool, "Describe", later).is_none()));
    }
}
