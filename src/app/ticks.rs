//! When the screen changes without a key or an answer.

use super::App;
use super::screen::Ticks;
use crate::domain::time::Timestamp;

impl App {
    /// Returns the milliseconds until the screen changes by itself; `None` while nothing on it does.
    pub fn next_tick(&self, now: Timestamp) -> Option<u64> {
        let waits = [self.moves_in(now), self.warns_in(now)];
        waits.into_iter().flatten().min()
    }

    fn moves_in(&self, now: Timestamp) -> Option<u64> {
        if self.store.is_waiting() {
            return Some(120);
        }
        if let Some(wait) = self.wakes_in(now) {
            return Some(wait.max(1));
        }
        let moves = |ticks| matches!(ticks, Ticks::EverySecondUntil(until) if until > now);
        let moving = self.visible().any(|screen| moves(screen.ticks()));
        (moving || self.clears_at.is_some())
            .then(|| 1_000 - now.millis().rem_euclid(1_000).unsigned_abs())
    }

    /// Returns the milliseconds until the top screen needs a tick.
    fn wakes_in(&self, now: Timestamp) -> Option<u64> {
        let Ticks::At(at) = self.stack.last()?.1.ticks() else {
            return None;
        };
        Some(u64::try_from(at.millis() - now.millis()).unwrap_or(0))
    }

    /// Returns whether nothing is running: every answer has arrived, and no key waits.
    pub fn is_settled(&self) -> bool {
        !self.store.is_waiting() && self.wakes_in(self.now).is_none()
    }
}
