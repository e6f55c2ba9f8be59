//! Delivers credentials to AWS Secrets Manager.

use std::time::Instant;

use secrecy::{ExposeSecret, SecretString};

use crate::cognito::{Error, ErrorKind, Gateway, StoredSecret, note};
use crate::domain::delivery::destination::{DeliveryError, Overwrite};

/// Returns whether the secret `name` is empty; an error if its value must not be overwritten.
///
/// # Errors
/// It holds something else, or its content is unknown.
pub(super) async fn check_overwrite(
    name: &str,
    over: Overwrite<'_>,
    gateway: &Gateway,
) -> Result<bool, DeliveryError> {
    if over == Overwrite::Anything {
        return Ok(false);
    }
    let start = Instant::now();
    let kept = gateway.kept_secret(name).await;
    note("look into Secrets Manager", start, kept.as_ref().err());
    match kept {
        Ok(None) => Ok(true),
        Ok(Some(kept)) => match over.permits(kept.expose_secret()) {
            Ok(()) => Ok(false),
            Err(what) => Err(DeliveryError::Occupied(format!(
                "secret {name} already exists in AWS Secrets Manager and holds {what}"
            ))),
        },
        Err(error) if error.is_access_denied() => Err(DeliveryError::Occupied(format!(
            "cannot check the content of secret {name}: {}",
            error.one_line()
        ))),
        Err(error) => Err(DeliveryError::NotDelivered(error.one_line())),
    }
}

/// Stores `text` as the current version of `name`, and reads it back. The second value is why it could not be read back.
pub(super) async fn store(
    name: &str,
    text: &SecretString,
    over: Overwrite<'_>,
    gateway: &Gateway,
) -> Result<(StoredSecret, Option<String>), DeliveryError> {
    let empty = check_overwrite(name, over, gateway).await?;
    let start = Instant::now();
    let stored = if empty {
        match gateway.create_secret(name, text).await {
            // The secret has no value yet, or was created just now.
            Err(error) if error.kind == ErrorKind::Conflict => {
                check_overwrite(name, over, gateway).await?;
                gateway.put_secret(name, text).await
            }
            made => made,
        }
    } else {
        match gateway.put_secret(name, text).await {
            Err(error) if error.kind == ErrorKind::NotFound && !name.starts_with("arn:") => {
                gateway.create_secret(name, text).await
            }
            put => put,
        }
    };
    note("store in Secrets Manager", start, stored.as_ref().err());
    let stored = stored.map_err(|error| not_stored(&error))?;
    match gateway.stored_secret(&stored).await {
        Ok(back) if back.expose_secret() == text.expose_secret() => Ok((stored, None)),
        Ok(_) => Err(DeliveryError::Unknown(format!(
            "AWS Secrets Manager returns another value of {} than the stored one",
            stored.arn
        ))),
        Err(error) => Ok((stored, Some(error.one_line()))),
    }
}

/// Converts the error of a write. A refusal is certain; after a missing or malformed response the value may be stored.
fn not_stored(error: &Error) -> DeliveryError {
    let words = error.one_line();
    if error.lost_response() {
        DeliveryError::Unknown(words)
    } else {
        DeliveryError::NotDelivered(words)
    }
}
