//! `--to`, `--replace` and `--format`.

use secrecy::SecretString;

use crate::cli::Format;
use crate::commands::Failure;
use crate::delivery;
use crate::domain::delivery::destination::{Delivery, DeliveryError, Destination};
use crate::domain::delivery::formats::Credentials;

/// The delivery that the arguments ask for, checked as far as possible without AWS.
///
/// # Errors
/// [`delivery::check`]'s, followed by `next`; or the arguments contradict each other.
pub fn delivery(
    to: Option<&Destination>,
    replace: bool,
    next: &str,
) -> Result<Option<Delivery>, Failure> {
    let Some(to) = to.cloned() else {
        return Ok(None);
    };
    if replace && !to.keeps() {
        return Err(Failure::usage(
            format!("--replace does not apply to {to}"),
            "Use it with file: or secretsmanager:.",
        ));
    }
    let delivery = Delivery { to, replace };
    delivery::check(&delivery).map_err(|error| in_the_way(error, next))?;
    Ok(Some(delivery))
}

/// The error of a delivery that did not start.
pub fn in_the_way(error: DeliveryError, next: &str) -> Failure {
    match error {
        DeliveryError::NotDelivered(reason) | DeliveryError::Unknown(reason) => {
            Failure::new(reason, next)
        }
        DeliveryError::Occupied(reason) => Failure::Message(vec![
            reason,
            next.to_owned(),
            "--replace overwrites it.".to_owned(),
        ]),
    }
}

/// The credentials in a format with the secret; in JSON where the format has none, or the destination keeps JSON.
///
/// # Errors
/// The format cannot hold a value.
pub fn in_format(
    credentials: &Credentials,
    format: Format,
    to: Option<&Destination>,
) -> Result<SecretString, String> {
    if to.is_some_and(Destination::keeps_json) {
        return Ok(credentials.json());
    }
    match format {
        Format::Team => credentials.team(),
        Format::Env => Ok(credentials.exports()),
        Format::Dotenv => credentials.dotenv(),
        Format::Json | Format::Terraform | Format::Curl => Ok(credentials.json()),
    }
}
