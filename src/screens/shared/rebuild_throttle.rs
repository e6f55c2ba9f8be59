//! When to make again what a screen is made of.

use crate::domain::time::Timestamp;

/// How often at the most, in milliseconds, while what it is made of pours in.
const MILLIS: i64 = 300;

/// What something was made from last, and when. Each piece that pours in moves it a little: a few times a second is often enough. The
/// last piece is never missed, because once nothing is on its way nothing waits.
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
    /// Whether it is to be made now, `of` this; then that counts as done. `pouring`: more of it is on its way.
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

    /// Makes it due, whatever it is made of.
    pub fn forget(&mut self) {
        self.made = None;
    }

    /// When it was made last.
    pub fn at(&self) -> Option<Timestamp> {
        self.made.as_ref().map(|(_, at)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_more_pours_in_it_is_made_a_few_times_a_second() {
        let mut anew = RebuildThrottle::default();
        let mut times = 0;
        for millis in 0..1_000 {
            let now = Timestamp::from_millis(millis);
            times += u32::from(anew.is_due(millis, now, |_| true));
        }
        assert_eq!(times, 4);
        let now = Timestamp::from_millis(1_000);
        assert!(anew.is_due(1_000, now, |_| false), "the last is not missed");
        assert_eq!(anew.at(), Some(now));
    }

    #[test]
    fn of_the_same_it_is_made_once_unless_it_is_forgotten() {
        let mut anew = RebuildThrottle::default();
        let now = Timestamp::from_seconds;
        assert!(anew.is_due('a', now(1), |_| false));
        assert!(!anew.is_due('a', now(9), |_| false));
        anew.forget();
        assert!(anew.is_due('a', now(9), |_| true));
    }
}
