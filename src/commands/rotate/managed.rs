//! Rotates a managed secret in AWS Secrets Manager.

use std::time::SystemTime;

use super::{RotationTarget, printable};
use crate::cognito::{Error, ManagedRotation, Rotation};
use crate::commands::credentials::note_copy;
use crate::commands::rotate::report::{RotateReport, RotateState};
use crate::commands::shared::output::Output;
use crate::commands::{Exit, Failure};
use crate::domain::secret::ManagedSecret;
use crate::domain::time::{self, Timestamp};

/// Rotates the secret under `arn`. Reads its value only on request.
pub(super) async fn rotate(
    found: RotationTarget<'_>,
    rotation: &Rotation<'_>,
    arn: &str,
    out: &mut Output,
) -> Result<Exit, Failure> {
    suits(&found)?;
    if wants_value(&found) {
        printable(found.args, out)?;
    }
    let reached = |midway| found.reached(midway);
    let ManagedRotation {
        before,
        after,
        patience,
    } = found.gateway.rotate_managed(arn, reached).await?;
    let mut answer = RotateReport::new(&found, rotation, RotateState::Requested);
    let name = &found.client.settings.name;
    let (after, exit) = match after {
        Ok(Some(after)) => {
            found.say(&format!(
                "rotated the secret of {name} in AWS Secrets Manager"
            ));
            found.say(&format!("before: {}", aged(before.as_ref())));
            found.say(&format!("now: {}", aged(Some(&after))));
            found.say("consumers that read it by ARN get the new value");
            (Some(after), Exit::Done)
        }
        Ok(None) => {
            found.say(&format!(
                "AWS Secrets Manager accepted the rotation of {name}'s secret, but did not finish within {} s; check {arn}",
                patience.as_secs()
            ));
            (None, Exit::RotationPending)
        }
        Err(error) => {
            found.say(&format!(
                "AWS Secrets Manager accepted the rotation of {name}'s secret; the result is unknown: {}",
                error.one_line()
            ));
            (None, Exit::RotationPending)
        }
    };
    answer.rotate(before, after);
    if exit == Exit::Done
        && wants_value(&found)
        && let Err(failure) = deliver(&found, arn, &mut answer).await
    {
        return answer.fail(out, failure);
    }
    let printed = answer.print(out, exit);
    answer.serve().await;
    printed
}

/// Refuses the options of a manual rotation.
pub(super) fn suits(found: &RotationTarget<'_>) -> Result<(), Failure> {
    let args = found.args;
    let refused = [
        (
            args.finish,
            "--finish does not apply: the next rotation deletes the old value",
        ),
        (
            args.own,
            "--own does not apply: Cognito generates the value of a managed secret",
        ),
        (
            args.start_over,
            "--start-over does not apply: no secret was added manually",
        ),
    ];
    if let Some((_, why)) = refused.into_iter().find(|(asked, _)| *asked) {
        return Err(Failure::new(
            format!(
                "AWS Secrets Manager manages the secret of {}: {why}",
                found.client.settings.name
            ),
            "Nothing was changed. `rotate --apply` without this option rotates it at once.",
        ));
    }
    Ok(())
}

/// Whether the new value is wanted.
pub(super) fn wants_value(found: &RotationTarget<'_>) -> bool {
    found.args.reveal || found.args.to.is_some()
}

/// Delivers the new value.
async fn deliver(
    found: &RotationTarget<'_>,
    arn: &str,
    answer: &mut RotateReport,
) -> Result<(), Failure> {
    let (pool, client) = (&found.client.pool, &found.client.id);
    let rotated = |error: Error| {
        Failure::Message(vec![
            format!("the secret was rotated, but its new value cannot be read: {error}"),
            error.detail.clone(),
            error.hint,
        ])
    };
    let value = found.gateway.secret(pool, client).await.map_err(rotated)?;
    note_copy(found.gateway, arn).await;
    let delivered = found.deliver(&value, Some(arn)).await;
    let receipt = delivered.map_err(|error| {
        Failure::new(
            format!("the secret was rotated, but its new value was {error}"),
            "Retry with `cognitui credentials`.",
        )
    })?;
    if let Some(receipt) = receipt {
        found.say(&format!("delivered {}", receipt.describe()));
        answer.delivered(found.args.to.as_ref(), receipt);
    }
    Ok(())
}

/// A version and its age.
fn aged(secret: Option<&ManagedSecret>) -> String {
    let now: Timestamp = SystemTime::now().into();
    let Some(secret) = secret else {
        return "unknown".to_owned();
    };
    let version = secret.version.as_deref().unwrap_or("unknown version");
    match secret.last_rotated {
        Some(at) => format!("{version}, rotated {}, {}", time::ago(at, now), at.utc()),
        None => format!("{version}, never rotated"),
    }
}
