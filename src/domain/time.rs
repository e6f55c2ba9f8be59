//! Instants, and the one place that turns them into words.

use std::time::{SystemTime, UNIX_EPOCH};

use time::OffsetDateTime;

/// A moment in UTC, in milliseconds since 1970 (Cognito's dates have millisecond precision).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From whole seconds since 1970, as a JWT's `exp`, `iat` and `auth_time` count.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// From milliseconds since 1970.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds from `self` to `later`, negative where `later` is before.
    #[must_use]
    pub fn seconds_until(self, later: Self) -> i64 {
        later.0.saturating_sub(self.0).div_euclid(1_000)
    }

    /// `2026-11-21 15:04:05 UTC`. A moment outside the calendar (a forged `exp` can hold any number) is given as the
    /// bare count of seconds.
    #[must_use]
    pub fn utc(self) -> String {
        self.calendar().map_or_else(
            || self.outside_the_calendar(),
            |at| {
                format!(
                    "{} {:02}:{:02}:{:02} UTC",
                    at.date(),
                    at.hour(),
                    at.minute(),
                    at.second()
                )
            },
        )
    }

    /// `2026-11-21T15:04:05Z` (RFC 3339), for programs; `None` for a moment outside the calendar.
    #[must_use]
    pub fn rfc3339(self) -> Option<String> {
        let at = self.calendar()?;
        Some(format!(
            "{}T{:02}:{:02}:{:02}Z",
            at.date(),
            at.hour(),
            at.minute(),
            at.second()
        ))
    }

    /// `2026-11-21 15:04 UTC`: [`Timestamp::utc`] where seconds would be noise.
    #[must_use]
    pub fn utc_minutes(self) -> String {
        self.calendar().map_or_else(
            || self.outside_the_calendar(),
            |at| format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute()),
        )
    }

    /// `2026-11-21`.
    #[must_use]
    pub fn date(self) -> String {
        self.calendar()
            .map_or_else(|| self.outside_the_calendar(), |at| at.date().to_string())
    }

    /// `15:04:05 UTC`.
    #[must_use]
    pub fn clock(self) -> String {
        self.calendar().map_or_else(
            || self.outside_the_calendar(),
            |at| format!("{:02}:{:02}:{:02} UTC", at.hour(), at.minute(), at.second()),
        )
    }

    fn calendar(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.seconds()).ok()
    }

    fn outside_the_calendar(self) -> String {
        format!("{} s after 1970", self.seconds())
    }
}

/// Within so many seconds it is just now.
const MOMENT: i64 = 5;
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

const JUST_NOW: &str = "just now";

/// [`age`] with the word: `12 d ago`, `just now`.
#[must_use]
pub fn ago(from: Timestamp, now: Timestamp) -> String {
    distance(from, now).map_or_else(|| JUST_NOW.to_owned(), |distance| format!("{distance} ago"))
}

/// How far off `at` is: `in 12 d`, `in a moment`.
#[must_use]
pub fn ahead(now: Timestamp, at: Timestamp) -> String {
    distance(now, at).map_or_else(
        || "in a moment".to_owned(),
        |distance| format!("in {distance}"),
    )
}

/// How long ago `from` was: its [`distance`], or `just now`.
#[must_use]
pub fn age(from: Timestamp, now: Timestamp) -> String {
    distance(from, now).unwrap_or_else(|| JUST_NOW.to_owned())
}

/// From one moment to a later one, compactly: `40 s`, `12 min`, `3 h`, `200 d`, `3 y`. Days count up to two years, because rotation
/// rules do. `None` if they are hardly apart, or in the other order, which a skewed clock can bring.
#[must_use]
pub fn distance(from: Timestamp, to: Timestamp) -> Option<String> {
    Some(match from.seconds_until(to) {
        ..MOMENT => return None,
        s @ MOMENT..MINUTE => format!("{s} s"),
        s @ MINUTE..HOUR => format!("{} min", s / MINUTE),
        s @ HOUR..DAY => format!("{} h", s / HOUR),
        s if s < 2 * YEAR => format!("{} d", s / DAY),
        s => format!("{} y", s / YEAR),
    })
}

/// What is left of a lifetime, as a clock counts down: `59:41`, `23:59:41`, and `00:00` from the end on.
#[must_use]
pub fn countdown(seconds: i64) -> String {
    let left = seconds.max(0);
    let (hours, minutes, seconds) = (left / HOUR, left % HOUR / MINUTE, left % MINUTE);
    if hours == 0 {
        format!("{minutes:02}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

/// A token's lifetime in the largest unit that holds it exactly: `5 min`, `90 min`, `1 h`, `24 h`, `30 d`. A single day
/// stays in hours, as Cognito's own pages speak of access tokens.
#[must_use]
pub fn in_words(seconds: i64) -> String {
    if seconds >= 2 * DAY && seconds % DAY == 0 {
        format!("{} d", seconds / DAY)
    } else if seconds >= HOUR && seconds % HOUR == 0 {
        format!("{} h", seconds / HOUR)
    } else if seconds >= MINUTE && seconds % MINUTE == 0 {
        format!("{} min", seconds / MINUTE)
    } else {
        format!("{seconds} s")
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millis = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => {
                i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |millis| -millis)
            }
        };
        Self(millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_utc() {
        let at = Timestamp::from_millis(1_795_273_445_678);
        assert_eq!(at.utc(), "2026-11-21 15:04:05 UTC");
        assert_eq!(at.utc_minutes(), "2026-11-21 15:04 UTC");
        assert_eq!(at.rfc3339().unwrap(), "2026-11-21T15:04:05Z");
        assert_eq!(Timestamp::from_millis(-1).utc(), "1969-12-31 23:59:59 UTC");
    }

    #[test]
    fn a_moment_outside_the_calendar_is_still_a_text() {
        assert_eq!(Timestamp::from_seconds(i64::MAX).rfc3339(), None);
        assert!(
            Timestamp::from_seconds(i64::MAX)
                .utc()
                .ends_with("s after 1970")
        );
        assert!(
            Timestamp::from_millis(i64::MIN)
                .utc_minutes()
                .ends_with("s after 1970")
        );
    }

    #[test]
    fn ages_take_the_unit_that_fits() {
        let now = Timestamp::from_seconds(2_000_000_000);
        let ago = |seconds: i64| age(Timestamp::from_seconds(2_000_000_000 - seconds), now);
        assert_eq!(
            [-90, 0, 4, 5, 59, 60, 3_599, 3_600, 86_399, 86_400].map(ago),
            [
                "just now", "just now", "just now", "5 s", "59 s", "1 min", "59 min", "1 h",
                "23 h", "1 d"
            ]
        );
        assert_eq!(
            [200 * DAY, 729 * DAY, 730 * DAY, 1_200 * DAY].map(ago),
            ["200 d", "729 d", "2 y", "3 y"]
        );
        let ahead = |seconds: i64| ahead(now, Timestamp::from_seconds(2_000_000_000 + seconds));
        assert_eq!(
            [0, 4, 3_600].map(ahead),
            ["in a moment", "in a moment", "in 1 h"]
        );
    }

    #[test]
    fn countdowns_stop_at_zero() {
        assert_eq!(
            [-5, 0, 9, 3_581, 86_381].map(countdown),
            ["00:00", "00:00", "00:09", "59:41", "23:59:41"]
        );
    }

    #[test]
    fn lifetimes_read_in_their_largest_exact_unit() {
        assert_eq!(
            [45, 300, 5_400, 3_600, 3_601, 86_400, 30 * DAY].map(in_words),
            ["45 s", "5 min", "90 min", "1 h", "3601 s", "24 h", "30 d"]
        );
    }
}
