//! Rules about the age and the number of a client's secrets.

use super::{Described, Found, Verdict};
use crate::domain::client::SecretDescriptor;
use crate::domain::time::{self, Timestamp};

const DAY: i64 = 86_400;

pub(super) fn old(found: &Found, described: &Described) -> Option<Verdict> {
    let oldest = dates(described.listed()?).min()?;
    let most = found.limits.secret_days;
    (oldest.seconds_until(found.now) > most.saturating_mul(DAY)).then(|| {
        Verdict::new(
            format!(
                "made {}, on {}; more than {most} days",
                time::ago(oldest, found.now),
                oldest.date()
            ),
            "Rotate it: add a second secret, hand it over, see a token issued with it, then delete the old one.",
        )
    })
}

pub(super) fn rotation_unfinished(found: &Found, described: &Described) -> Option<Verdict> {
    let secrets = described.listed()?;
    // A date that was not told may be the newest.
    let all_dated = secrets.iter().all(|secret| secret.created.is_some());
    let newest = dates(secrets).max().filter(|_| all_dated)?;
    let stuck = secrets.len() > 1
        && newest.seconds_until(found.now) > found.limits.both_slots_days.saturating_mul(DAY);
    stuck.then(|| {
        let oldest = dates(secrets).min().unwrap_or(newest);
        Verdict::new(
            format!(
                "{} secrets, the older one made {}, the newer one {}",
                secrets.len(),
                time::ago(oldest, found.now),
                time::ago(newest, found.now)
            ),
            "See that every program uses the newer one, then delete the older one (DeleteUserPoolClientSecret).",
        )
    })
}

fn dates(secrets: &[SecretDescriptor]) -> impl Iterator<Item = Timestamp> + '_ {
    secrets.iter().filter_map(|secret| secret.created)
}
