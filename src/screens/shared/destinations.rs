//! The destinations of a client's credentials: their menu labels and form fields.

use crate::domain::delivery::destination::{Delivery, DestinationKind};
use crate::ui::form::{Field, Form, Item};

const REPLACE: &str = "replace";

/// The label of a destination in a menu, after what is delivered.
pub fn label(place: DestinationKind) -> &'static str {
    match place {
        DestinationKind::File => "to a new file …",
        DestinationKind::Command => "to a command …",
        DestinationKind::SecretsManager => "to AWS Secrets Manager …",
    }
}

/// The fields for the name, and for what to do if it exists.
pub fn fields(place: DestinationKind, key: &'static str) -> Vec<Field> {
    let name = match place {
        DestinationKind::File => Field::text(key, "File", "").hint("Mode 0600"),
        DestinationKind::Command => {
            Field::text(key, "Command", "").hint("Gets JSON on stdin; 30 s timeout")
        }
        DestinationKind::SecretsManager => Field::text(key, "Name or ARN", "")
            .hint("New version of this secret as JSON; created if missing"),
    };
    let taken = Field::radio(
        REPLACE,
        "If it exists",
        vec![Item::new("keep", "keep"), Item::new(REPLACE, "replace")],
    )
    .hint("This client's own credentials are always replaced");
    let taken = place.keeps().then_some(taken);
    [name].into_iter().chain(taken).collect()
}

/// The destination that the form names.
///
/// # Errors
/// The destination has no name.
pub fn delivery(place: DestinationKind, form: &Form, key: &str) -> Result<Delivery, String> {
    Ok(Delivery {
        to: place.named(form.text(key))?,
        replace: form.chosen(REPLACE) == Some(REPLACE),
    })
}
