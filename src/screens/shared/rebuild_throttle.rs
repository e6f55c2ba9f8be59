//! When to rebuild the content of a screen.

use crate::domain::time::Timestamp;

/// The minimum interval in milliseconds while its data loads.
const MILLIS: i64 = 300;

/// The key and time of the last rebuild. While data loads, a few rebuilds a second are enough. The last piece
/// is not missed: when nothing is loading, there is no wait.
#[derive(Clone, Copy, Debug)]
pub struct RebuildThrottle<K> {
    made: Option<(K, Timestamp)>,
}

impl<K> Default for RebuildThrottle<K> {
    fn default() -> Self {
        Self { made: None }
    }
}

impl<K: PartialEq> RebuildThrottle<K> {
    /// Whether to rebuild for `of` now; if so, records it. `pouring`: more data is loading.
    pub fn is_due(&mut self, of: K, now: Timestamp, pouring: impl FnOnce(&K) -> bool) -> bool {
        if let Some((last, at)) = &self.made {
            let recent = now.millis() - at.millis() < MILLIS;
            if *last == of || recent && pouring(last) {
                return false;
            }
        }
        self.made = Some((of, now));
        true
    }

    /// Makes a rebuild due.
    pub fn forget(&mut self) {
        self.made = None;
    }

    /// The time of the last rebuild.
    pub fn at(&self) -> Option<Timestamp> {
        self.made.as_ref().map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_more_pours_in_it_is_made_a_few_times_a_second() {
        let mut throttle = RebuildThrottle::default();
        let mut times = 0;
        for millis in 0..1_000 {
            let now = Timestamp::from_millis(millis);
            times += u32::from(throttle.is_due(millis, now, |_| true));
        }
        assert_eq!(times, 4);
        let now = Timestamp::from_millis(1_000);
        assert!(
            throttle.is_due(1_000, now, |_| false),
            "the last is not missed"
        );
        assert_eq!(throttle.at(), Some(now));
    }

    #[test]
    fn of_the_same_it_is_made_once_unless_it_is_forgotten() {
        let mut throttle = RebuildThrottle::default();
        let now = Timestamp::from_seconds;
        assert!(throttle.is_due('a', now(1), |_| false));
        assert!(!throttle.is_due('a', now(9), |_| false));
        throttle.forget();
        assert!(throttle.is_due('a', now(9), |_| true));
    }
}
