//! Places that a client's credentials can be handed over to: what they are called, and the fields that ask where exactly.

use crate::domain::delivery::destination::{Delivery, DestinationKind};
use crate::ui::form::{Field, Form, Item};

const REPLACE: &str = "replace";

/// What to call such a place in a menu, after words that say what goes there.
pub fn label(place: DestinationKind) -> &'static str {
    match place {
        DestinationKind::File => "to a new file …",
        DestinationKind::Command => "to a command …",
        DestinationKind::SecretsManager => "to AWS Secrets Manager …",
    }
}

/// The fields for the place's name, and for what is to become of something that is there.
pub fn fields(place: DestinationKind, key: &'static str) -> Vec<Field> {
    let name = match place {
        DestinationKind::File => Field::text(key, "File", "").hint("Mode 0600"),
        DestinationKind::Command => Field::text(key, "Command", "")
            .hint("It gets JSON on its standard input, and has 30 s to end"),
        DestinationKind::SecretsManager => Field::text(key, "Name or ARN", "")
            .hint("A new version of this secret as JSON; created if missing"),
    };
    let taken = Field::radio(
        REPLACE,
        "If it is taken",
        vec![
            Item::new("keep", "leave it"),
            Item::new(REPLACE, "replace it"),
        ],
    )
    .hint("This client's own credentials are always replaced");
    let taken = place.keeps().then_some(taken);
    [name].into_iter().chain(taken).collect()
}

/// Where the form says that they go.
///
/// # Errors
/// The place has no name yet.
pub fn delivery(place: DestinationKind, form: &Form, key: &str) -> Result<Delivery, String> {
    Ok(Delivery {
        to: place.named(form.text(key))?,
        replace: form.chosen(REPLACE) == Some(REPLACE),
    })
}
