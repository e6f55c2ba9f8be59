//! Places that a client's credentials can be handed over to: what they are called, and the field that their name is typed into.

use crate::domain::destination::Place;
use crate::ui::form::Field;

/// What to call such a place in a menu, after words that say what goes there.
pub fn words(place: Place) -> &'static str {
    match place {
        Place::File => "to a new file …",
        Place::Command => "to a command …",
        Place::SecretsManager => "to AWS Secrets Manager …",
    }
}

/// The field for the place's name.
pub fn field(place: Place, key: &'static str) -> Field {
    match place {
        Place::File => Field::text(key, "New file", "")
            .hint("Made for you alone (0600); one that is there is left alone"),
        Place::Command => Field::text(key, "Command", "")
            .hint("It gets JSON on its standard input, and has 30 s to end"),
        Place::SecretsManager => Field::text(key, "Name or ARN", "")
            .hint("A new version of this secret as JSON; it is made where it is not there"),
    }
}
