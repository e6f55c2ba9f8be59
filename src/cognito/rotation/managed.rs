//! The rotation of a secret that AWS Secrets Manager manages.

use std::time::{Duration, Instant};

use crate::cognito::error::Error;
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::call_log::note;
use crate::domain::rotation::InterruptedRotation;
use crate::domain::secret::ManagedSecret;

/// How long to wait for a rotation, in call timeouts.
const CALLS: u32 = 2;

/// A rotation that AWS Secrets Manager accepted.
pub struct ManagedRotation {
    /// The secret before it, if readable.
    pub before: Option<ManagedSecret>,
    /// The secret after it; `None` if it did not end in time.
    pub after: Result<Option<ManagedSecret>, Error>,
    /// How long was waited for its end.
    pub patience: Duration,
}

impl Gateway {
    /// Rotates the secret under `arn` at once, and waits for the end. Never reads its value.
    ///
    /// # Errors
    /// The rotation was not accepted.
    pub async fn rotate_managed(
        &self,
        arn: &str,
        reached: impl Fn(InterruptedRotation),
    ) -> Result<ManagedRotation, Error> {
        let before = self.managed_secret(arn).await;
        reached(InterruptedRotation::Rotating {
            arn: arn.to_owned(),
        });
        let start = Instant::now();
        let asked = self.rotate_managed_secret(arn).await;
        note(&format!("rotate {arn}"), start, asked.as_ref().err());
        let version = asked?;
        let patience = self.patience() * CALLS;
        let after = match &before {
            // A second call would be denied, too.
            Err(error) if error.is_access_denied() => Err(error.clone()),
            before => {
                let before = before.as_ref().ok();
                let ends = self.managed_rotation(arn, before, version.as_deref(), patience);
                ends.await
            }
        };
        if matches!(after, Ok(Some(_))) {
            reached(InterruptedRotation::Rotated);
        }
        Ok(ManagedRotation {
            before: before.ok(),
            after,
            patience,
        })
    }
}
