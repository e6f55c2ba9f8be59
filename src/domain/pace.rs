//! The pace of calls that are made once for each app client.
//!
//! Cognito allows 5 requests a second for each operation and pool: the developer guide, "Quotas in Amazon Cognito", the categories
//! `UserPoolClientRead` and `UserPoolClientUpdate`.

use std::time::Duration;

/// How many calls may start at once before the limit applies.
pub const BURST: u32 = 20;
/// The time between two calls after that: 4 per second, which leaves one per second to other programs.
pub const INTERVAL: Duration = Duration::from_millis(250);

/// Above so many app clients, those out of sight are read only if the user asks for it.
pub const ASK_ABOVE: usize = 200;

/// How long so many calls of one operation on one pool wait for their turn, after a pause.
#[must_use]
pub fn duration(calls: usize) -> Duration {
    let calls = u32::try_from(calls).unwrap_or(u32::MAX);
    INTERVAL.saturating_mul(calls.saturating_sub(BURST))
}

/// The same in words: `about 42 min`.
#[must_use]
pub fn about(calls: usize) -> String {
    match duration(calls).as_secs() {
        0..=1 => "a moment".to_owned(),
        seconds @ 2..=59 => format!("about {seconds} s"),
        seconds @ 60..=3_599 => format!("about {} min", (seconds + 30) / 60),
        seconds => format!("about {} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_clients_take_three_quarters_of_an_hour() {
        let words = [20, 60, 300, 10_000, 100_000].map(about);
        let expected = [
            "a moment",
            "about 10 s",
            "about 1 min",
            "about 42 min",
            "about 6 h 56 min",
        ];
        assert_eq!(words, expected);
    }
}
