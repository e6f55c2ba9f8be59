//! Thresholds of the rules. They can be configured.

/// The thresholds of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A secret older than this many days is old.
    pub secret_days: i64,
    /// How many days a rotation may take, with both secrets valid.
    pub both_slots_days: i64,
    /// An access token lifetime of fewer seconds is short.
    pub token_min: i64,
    /// A lifetime of more seconds is long.
    pub token_max: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            secret_days: 180,
            both_slots_days: 30,
            token_min: 10 * 60,
            token_max: 12 * 3_600,
        }
    }
}
