//! The progress of loading many clients, and the time left.

use std::collections::VecDeque;

use ratatui::text::{Line, Span};

use crate::domain::time::Timestamp;
use crate::ui::properties::gauge;
use crate::ui::theme::Theme;

/// The time window of the rate. The first results do not predict the rest: AWS allows a burst, then 4 a second.
const WINDOW_MILLIS: i64 = 8_000;
/// With a shorter measurement, no time is shown.
const LEAST_MILLIS: i64 = 1_500;

/// Frames are drawn several times a second while data is loading.
const PAUSE_MILLIS: i64 = 5_000;

/// Watches a count grow.
#[derive(Debug, Default)]
pub struct ProgressMeter {
    /// Times and counts, the oldest first.
    seen: VecDeque<(Timestamp, usize)>,
    looked: Option<Timestamp>,
}

impl ProgressMeter {
    /// Records the count. A smaller count is a new start; after a pause, the rate is measured again.
    pub fn see(&mut self, read: usize, now: Timestamp) {
        let paused = self
            .looked
            .is_some_and(|at| now.millis() - at.millis() > PAUSE_MILLIS);
        if paused || self.seen.back().is_some_and(|(_, before)| *before > read) {
            self.seen.clear();
        }
        self.looked = Some(now);
        if self.seen.back().is_none_or(|(_, before)| *before < read) {
            self.seen.push_back((now, read));
        }
        let old = |at: &Timestamp| now.millis() - at.millis() > WINDOW_MILLIS;
        while self.seen.len() > 2 && self.seen.front().is_some_and(|(at, _)| old(at)) {
            self.seen.pop_front();
        }
    }

    /// The seconds that `left` more take at the current rate; `None` while it is unknown.
    pub fn seconds_left(&self, left: usize) -> Option<i64> {
        let ((from, before), (to, after)) = (self.seen.front()?, self.seen.back()?);
        let millis = to.millis() - from.millis();
        let read = i64::try_from(after.checked_sub(*before)?).ok()?;
        if millis < LEAST_MILLIS || read == 0 {
            return None;
        }
        let left = i64::try_from(left).ok()?;
        Some(left.saturating_mul(millis) / read / 1_000)
    }

    /// `▕███   ▏ 123 of 300 · about 45 s left`, in `width` columns.
    pub fn line(&self, read: usize, all: usize, width: u16, theme: &Theme) -> Line<'static> {
        let left = self.seconds_left(all.saturating_sub(read));
        let words = match left {
            Some(seconds) => format!(" {read} of {all} · {}", about(seconds)),
            None => format!(" {read} of {all}"),
        };
        #[expect(clippy::cast_precision_loss, reason = "a bar of a few columns")]
        let ratio = read as f64 / all.max(1) as f64;
        let bar = (width / 3).min(30);
        Line::from(vec![gauge(bar, ratio, theme.accent), Span::raw(words)])
    }
}

/// Rounded, as it is an estimate.
fn about(seconds: i64) -> String {
    match seconds {
        ..=1 => "nearly done".to_owned(),
        2..=59 => format!("about {seconds} s left"),
        60..=89 => "about a minute left".to_owned(),
        _ => format!("about {} min left", (seconds + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_795_000_000_000 + millis)
    }

    #[test]
    fn the_time_left_follows_the_pace_of_late_and_not_the_burst() {
        let mut meter = ProgressMeter::default();
        meter.see(0, at(0));
        assert_eq!(meter.seconds_left(300), None);
        // The burst: 20 at once.
        meter.see(20, at(200));
        assert_eq!(meter.seconds_left(280), None, "too little to go by");
        // Then 4 a second.
        for step in 1..=60 {
            meter.see(20 + step, at(200 + 250 * i64::try_from(step).unwrap()));
        }
        assert_eq!(meter.seconds_left(220), Some(55));
        assert_eq!(about(55), "about 55 s left");
    }

    #[test]
    fn a_pause_is_not_counted() {
        let mut meter = ProgressMeter::default();
        meter.see(10, at(0));
        meter.see(30, at(5_000));
        assert_eq!(meter.seconds_left(40), Some(10));
        meter.see(30, at(600_000));
        assert_eq!(meter.seconds_left(40), None);
        meter.see(38, at(602_000));
        assert_eq!(meter.seconds_left(40), Some(10));
        // A refresh restarts it.
        meter.see(0, at(603_000));
        assert_eq!(meter.seconds_left(70), None);
    }

    #[test]
    fn the_line_is_as_long_as_it_must_be() {
        let mut meter = ProgressMeter::default();
        meter.see(0, at(0));
        meter.see(60, at(5_000));
        meter.see(123, at(10_000));
        let line = meter.line(123, 300, 30, &Theme::colour()).to_string();
        assert_eq!(line, "▕███▎    ▏ 123 of 300 · about 14 s left");
        assert_eq!(about(0), "nearly done");
        assert_eq!(about(75), "about a minute left");
        assert_eq!(about(200), "about 3 min left");
    }
}
