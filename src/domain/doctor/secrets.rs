//! Rules about the age and the number of a client's secrets.

use super::{Described, Found, Verdict};
use crate::domain::client::SecretDescriptor;
use crate::domain::time::{self, Timestamp};

/// A secret older than this many days is worth a look.
pub const OLD_SECRET_DAYS: i64 = 180;
/// How many days a rotation may take: as long as both secrets are in use.
const ROTATION_DAYS: i64 = 30;
const DAY: i64 = 86_400;

pub(super) fn old(found: &Found, described: &Described) -> Option<Verdict> {
    let oldest = dates(described.secrets?).min()?;
    (oldest.seconds_until(found.now) > OLD_SECRET_DAYS * DAY).then(|| {
        Verdict::new(
            format!(
                "made {} ago, on {}; more than {OLD_SECRET_DAYS} days",
                time::age(oldest, found.now),
                oldest.date()
            ),
            "Rotate it: add a second secret, hand it over, see a token issued with it, then delete the old one.",
        )
    })
}

pub(super) fn rotation_unfinished(found: &Found, described: &Described) -> Option<Verdict> {
    let secrets = described.secrets?;
    // A date that was not told may be the newest.
    let all_dated = secrets.iter().all(|secret| secret.created.is_some());
    let newest = dates(secrets).max().filter(|_| all_dated)?;
    let stuck = secrets.len() > 1 && newest.seconds_until(found.now) > ROTATION_DAYS * DAY;
    stuck.then(|| {
        let oldest = dates(secrets).min().unwrap_or(newest);
        Verdict::new(
            format!(
                "{} secrets, the older one made {} ago, the newer one {} ago",
                secrets.len(),
                time::age(oldest, found.now),
                time::age(newest, found.now)
            ),
            "See that every program uses the newer one, then delete the older one (DeleteUserPoolClientSecret).",
        )
    })
}

fn dates(secrets: &[SecretDescriptor]) -> impl Iterator<Item = Timestamp> + '_ {
    secrets.iter().filter_map(|secret| secret.created)
}
