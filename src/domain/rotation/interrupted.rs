//! What is known of a rotation that was given up in the middle.

use crate::domain::ids::ClientId;
use crate::domain::plan::{CliContext, look_at_managed, look_at_secrets};

/// How far a rotation had come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InterruptedRotation {
    /// Nothing was sent that changes anything.
    Nothing,
    /// A secret is being added; `given`: its value is the caller's own.
    Adding { given: bool },
    /// The secret of this id was added, and its value went nowhere yet.
    Added { id: Option<String>, given: bool },
    /// The value is on its way to whoever is to have it.
    HandingOver { id: Option<String> },
    /// It is there, and was not proven since.
    HandedOver { id: Option<String> },
    /// The new secret is handed over and proven.
    Proven,
    /// The secret of this id is being deleted; `newer`: the one that was added.
    Deleting { id: String, newer: bool },
    /// The older secret is deleted.
    Deleted { id: String },
    /// AWS Secrets Manager is asked to rotate the secret under this ARN.
    Rotating { arn: String },
    /// AWS Secrets Manager rotated the secret.
    Rotated,
}

/// What to do about a newer secret that nobody has.
const START_OVER: &str = "`cognitui rotate --start-over` deletes the newer secret and adds another; both work until then.";
const PROVE: &str =
    "If it arrived, prove it with `cognitui rotate --own`; if not, `--start-over` replaces it.";

impl InterruptedRotation {
    /// What was done, what may have been, how to find that out, and how to go on. `name` is the client's.
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
                    "AddUserPoolClientSecret may have been done: {name} has a second secret then{}",
                    if *given { "" } else { ", and its value is lost" }
                )),
                check,
                Some(if *given {
                    "Where there are two, `cognitui rotate --own` proves yours.".to_owned()
                } else {
                    format!("Where there are two: {START_OVER}")
                }),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Added { id, given: false } => vec![
                format!(
                    "{} was added and not handed over: its value is lost",
                    the_secret(id)
                ),
                START_OVER.to_owned(),
            ],
            Self::Added { id, given: true } => vec![
                format!("{} was added and not handed over", the_secret(id)),
                "You have its value: `cognitui rotate --own` proves it.".to_owned(),
            ],
            Self::HandingOver { id } => vec![
                format!("{} may have been handed over", the_secret(id)),
                PROVE.to_owned(),
            ],
            Self::HandedOver { id } => vec![
                format!("{} was handed over and not proven", the_secret(id)),
                PROVE.to_owned(),
            ],
            Self::Proven => vec![format!(
                "{} was handed over and proven; both secrets work",
                the_secret(&None)
            )],
            Self::Deleting { id, newer } => [
                Some(format!(
                    "DeleteUserPoolClientSecret may have been done: it deletes the {} secret {id} of {name}",
                    if *newer { "newer" } else { "old" }
                )),
                check,
                Some(if *newer {
                    "Where it is gone, `cognitui rotate` starts again; where not, `--start-over` deletes it.".to_owned()
                } else {
                    "`cognitui rotate --finish` again proves the new one first, and deletes the old one if it is still there.".to_owned()
                }),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Deleted { id } => vec![
                format!("The old secret {id} of {name} is deleted; whether the new one works was not tried again"),
                "`cognitui rotate --finish` again proves it, and deletes nothing more.".to_owned(),
            ],
            Self::Rotating { arn } => [
                Some(format!(
                    "RotateSecret may have been done: AWS Secrets Manager then rotates the secret of {name}, {arn}"
                )),
                place.map(|place| format!("Check: {}", look_at_managed(arn, place))),
                Some(
                    "`cognitui rotate` again rotates it once more; `cognitui credentials` reads the value there is."
                        .to_owned(),
                ),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Rotated => vec![
                format!("AWS Secrets Manager rotated the secret of {name}; the new value may have been handed over"),
                "`cognitui credentials` reads it again.".to_owned(),
            ],
        }
    }
}
