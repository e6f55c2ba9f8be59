//! `--to` and `--replace`: where credentials go, and why they can't.

use crate::commands::Failure;
use crate::delivery;
use crate::domain::delivery::destination::{Delivery, DeliveryError, Destination};

/// What the arguments say, once all that is known before Cognito is asked is not in the way.
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
            format!(
                "--replace means nothing for {to}: it keeps nothing that could be written over"
            ),
            "It is for file: and secretsmanager:.",
        ));
    }
    let delivery = Delivery { to, replace };
    delivery::check(&delivery).map_err(|error| in_the_way(error, next))?;
    Ok(Some(delivery))
}

/// What stands in the way of a hand-over that did not begin.
pub fn in_the_way(error: DeliveryError, next: &str) -> Failure {
    match error {
        DeliveryError::NotDelivered(reason) | DeliveryError::Unknown(reason) => {
            Failure::new(reason, next)
        }
        DeliveryError::Occupied(reason) => Failure::Message(vec![
            reason,
            next.to_owned(),
            "--replace writes over it.".to_owned(),
        ]),
    }
}
