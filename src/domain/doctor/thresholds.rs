//! From where on something deserves a look. Everybody may draw these lines elsewhere.

/// The lines that the rules go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A secret older than this many days is old.
    pub secret_days: i64,
    /// How many days a rotation may take: as long as both secrets are in use.
    pub both_slots_days: i64,
    /// An access token that lives fewer seconds is short-lived.
    pub token_min: i64,
    /// One that lives more seconds is long-lived.
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
