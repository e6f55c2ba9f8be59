//! Calls for each of many clients, no faster than AWS lets them pass.

use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval};

use super::note;

/// So many clients are read as fast as they come, which Cognito lets pass.
const BURST: usize = 20;
/// Then one in this time: Cognito allows 5 calls a second for each operation and pool, and others call it, too.
const INTERVAL: Duration = Duration::from_millis(250);

/// Hands out turns. Where a wait is ahead, it is said on stderr.
pub(super) struct Turns {
    interval: Option<Interval>,
    taken: usize,
}

impl Turns {
    /// Turns for so many clients. An endpoint of one's own need not be spared: then nothing is `paced`.
    pub fn for_clients(count: usize, paced: bool) -> Self {
        let paced = paced && count > BURST;
        if paced {
            note(&format!(
                "reading {count} app clients at the pace that AWS allows, 4 a second"
            ));
        }
        let interval = paced.then(|| {
            let mut interval = interval(INTERVAL);
            interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
            interval
        });
        Self { interval, taken: 0 }
    }

    /// Waits for the next client's turn.
    pub async fn next(&mut self) {
        self.taken += 1;
        if let Some(interval) = &mut self.interval
            && self.taken > BURST
        {
            interval.tick().await;
        }
    }
}
