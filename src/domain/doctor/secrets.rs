//! Rules about the age and the number of a client's secrets.

use super::{ClientSnapshot, Evidence, PoolSnapshot};
use crate::domain::rotation::unmovable;
use crate::domain::secret::{DescribedSecret, SecretDescriptor, SecretEvidence, SecretState};
use crate::domain::time::{self, Timestamp};

const DAY: i64 = 86_400;

pub(super) fn old(found: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    // Secrets Manager rotates a managed secret; other rules check that.
    if matches!(described.client.secret, DescribedSecret::Managed(_)) {
        return None;
    }
    let oldest = dates(described.listed()?).min()?;
    let most = found.limits.secret_days;
    (oldest.seconds_until(found.now) > most.saturating_mul(DAY)).then(|| {
        let or = match unmovable(described.client, described.secrets) {
            None => "Or move it into AWS Secrets Manager, where Cognito rotates it.".to_owned(),
            Some(why) => format!("It can't be moved into AWS Secrets Manager: {why}."),
        };
        Evidence::new(
            format!(
                "made {}, on {}; more than {most} days",
                time::ago(oldest, found.now),
                oldest.date()
            ),
            format!(
                "Rotate it: add a second secret, deliver it, test it, then delete the old one. {or}"
            ),
        )
    })
}

pub(super) fn rotation_unfinished(
    found: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    // Of a managed one the value before works until the next rotation, and no secret is deleted by hand.
    if matches!(described.client.secret, DescribedSecret::Managed(_)) {
        return None;
    }
    let secrets = described.listed()?;
    // A secret without a date may be the newest.
    let all_dated = secrets.iter().all(|secret| secret.created.is_some());
    let newest = dates(secrets).max().filter(|_| all_dated)?;
    let stuck = secrets.len() > 1
        && newest.seconds_until(found.now) > found.limits.both_slots_days.saturating_mul(DAY);
    stuck.then(|| {
        let oldest = dates(secrets).min().unwrap_or(newest);
        Evidence::new(
            format!(
                "{} secrets, the older one made {}, the newer one {}",
                secrets.len(),
                time::ago(oldest, found.now),
                time::ago(newest, found.now)
            ),
            "Check that every program uses the newer one, then delete the older one (DeleteUserPoolClientSecret).",
        )
    })
}

pub(super) fn managed_off(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let secret = described.managed?;
    (secret.rotates == Some(false)).then(|| {
        Evidence::new(
            format!("RotationEnabled false on {}", secret.arn),
            "Turn rotation on in Secrets Manager, or rotate it now.",
        )
    })
}

pub(super) fn managed_overdue(
    found: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    let secret = described.managed?;
    let due = secret
        .next_rotation
        .filter(|_| secret.is_overdue(found.now))?;
    Some(Evidence::new(
        format!("NextRotationDate {} on {}", due.date(), secret.arn),
        "Check its rotation in Secrets Manager, then rotate it now.",
    ))
}

pub(super) fn not_shown(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let SecretState::Hidden(evidence) = described.secret() else {
        return None;
    };
    if described.client.is_registered() {
        return None;
    }
    let seen = match evidence {
        SecretEvidence::Listed(count) => {
            format!(
                "no ClientSecret and no ClientSecretArn; ListUserPoolClientSecrets lists {count}"
            )
        }
        SecretEvidence::Grant => {
            "no ClientSecret and no ClientSecretArn; AllowedOAuthFlows has client_credentials"
                .to_owned()
        }
    };
    Some(Evidence::new(
        seen,
        "Keep the value where it was delivered. If it is lost, rotate, and deliver the new value before you delete the old secret.",
    ))
}

fn dates(secrets: &[SecretDescriptor]) -> impl Iterator<Item = Timestamp> + '_ {
    secrets.iter().filter_map(|secret| secret.created)
}
