//! The state of an interrupted rotation.

use crate::domain::ids::ClientId;
use crate::domain::plan::{CliContext, look_at_managed, look_at_secrets};

/// The progress of an interrupted rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InterruptedRotation {
    /// No change was sent.
    Nothing,
    /// A secret is being added; `given`: the user chose its value.
    Adding { given: bool },
    /// The secret with this id was added, but not delivered.
    Added { id: Option<String>, given: bool },
    /// The value is being delivered.
    Delivering { id: Option<String> },
    /// Delivered, but not verified.
    Delivered { id: Option<String> },
    /// Delivered and verified.
    Proven,
    /// The secret with this id is being deleted; `newer`: the added one.
    Deleting { id: String, newer: bool },
    /// The older secret is deleted.
    Deleted { id: String },
    /// AWS Secrets Manager is rotating the secret with this ARN.
    Rotating { arn: String },
    /// AWS Secrets Manager rotated the secret.
    Rotated,
}

/// What to do about a newer secret with a lost value.
const START_OVER: &str = "`cognitui rotate --start-over --apply` deletes the newer secret and adds another; both work until then.";
const PROVE: &str = "If it arrived, verify it with `cognitui rotate --own --apply`; if not, `--start-over` replaces it.";

impl InterruptedRotation {
    /// What was done, what may have been done, how to check, and how to continue. `name` is the client's.
    #[must_use]
    pub fn lines(&self, name: &str, client: &ClientId, place: Option<CliContext>) -> Vec<String> {
        let check = place.map(|place| format!("Check: {}", look_at_secrets(client, place)));
        let the_secret = |id: &Option<String>| match id {
            Some(id) => format!("The new secret {id} of {name}"),
            None => format!("The new secret of {name}"),
        };
        match self {
            Self::Nothing => vec!["Nothing was changed.".to_owned()],
            Self::Adding { given } => [
                Some(format!(
                    "AddUserPoolClientSecret may have been done: then {name} has a second secret{}",
                    if *given { "" } else { ", and its value is lost" }
                )),
                check,
                Some(if *given {
                    "If there are two, verify yours with `cognitui rotate --own --apply`.".to_owned()
                } else {
                    format!("If there are two: {START_OVER}")
                }),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Added { id, given: false } => vec![
                format!(
                    "{} was added and not delivered: its value is lost",
                    the_secret(id)
                ),
                START_OVER.to_owned(),
            ],
            Self::Added { id, given: true } => vec![
                format!("{} was added and not delivered", the_secret(id)),
                "Verify your value with `cognitui rotate --own --apply`.".to_owned(),
            ],
            Self::Delivering { id } => vec![
                format!("{} may have been delivered", the_secret(id)),
                PROVE.to_owned(),
            ],
            Self::Delivered { id } => vec![
                format!("{} was delivered, but not verified", the_secret(id)),
                PROVE.to_owned(),
            ],
            Self::Proven => vec![format!(
                "{} was delivered and verified; both secrets work",
                the_secret(&None)
            )],
            Self::Deleting { id, newer } => [
                Some(format!(
                    "DeleteUserPoolClientSecret may have been done: it deletes the {} secret {id} of {name}",
                    if *newer { "newer" } else { "old" }
                )),
                check,
                Some(if *newer {
                    "If it is deleted, run `cognitui rotate --apply` again; if not, `--start-over` deletes it.".to_owned()
                } else {
                    "Run `cognitui rotate --finish --apply` again: it verifies the new one, then deletes the old one if it still exists.".to_owned()
                }),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Deleted { id } => vec![
                format!("The old secret {id} of {name} is deleted; the new one was not verified again"),
                "Run `cognitui rotate --finish --apply` again: it verifies the new one and deletes nothing more.".to_owned(),
            ],
            Self::Rotating { arn } => [
                Some(format!(
                    "RotateSecret may have been done: then AWS Secrets Manager rotates the secret of {name}, {arn}"
                )),
                place.map(|place| format!("Check: {}", look_at_managed(arn, place))),
                Some(
                    "`cognitui rotate --apply` rotates it once more; `cognitui credentials` reads the current value."
                        .to_owned(),
                ),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Rotated => vec![
                format!("AWS Secrets Manager rotated the secret of {name}; the new value may have been delivered"),
                "`cognitui credentials` reads it again.".to_owned(),
            ],
        }
    }
}
