//! What the user can do next in a rotation.

use super::TYPED;
use crate::app::screen::View;
use crate::domain::delivery::destination::DestinationKind;
use crate::domain::rotation::RotationPhase;
use crate::screens::shared::{destinations, type_to_confirm};
use crate::ui::form::{Field, Form};

/// One line of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Add,
    AddOwn,
    Give,
    CopySecret,
    CopyJson,
    /// Handing the credentials over to a place that is asked for.
    To(DestinationKind),
    Arrived,
    Prove,
    RetireOlder,
    RetireNewer,
    /// Into AWS Secrets Manager.
    MoveIn,
    /// Back to Cognito.
    MoveOut,
    /// Of a secret in Secrets Manager.
    RotateNow,
    Close,
}

impl Choice {
    /// What there is to choose from, the likeliest first.
    pub fn of(next: RotationPhase) -> &'static [Self] {
        match next {
            RotationPhase::Nothing | RotationPhase::Finished => &[Self::Close],
            RotationPhase::Add => &[Self::Add, Self::AddOwn, Self::MoveIn],
            // Two secrets are also what a move out of Secrets Manager leaves: that must not be a way of no return.
            RotationPhase::Unknown => &[Self::Give, Self::RetireNewer, Self::MoveIn],
            RotationPhase::HandOver => &[
                Self::CopySecret,
                Self::CopyJson,
                Self::To(DestinationKind::File),
                Self::To(DestinationKind::Command),
                Self::To(DestinationKind::SecretsManager),
                Self::Arrived,
                Self::RetireNewer,
            ],
            RotationPhase::Prove => &[
                Self::Prove,
                Self::CopySecret,
                Self::CopyJson,
                Self::To(DestinationKind::File),
                Self::To(DestinationKind::Command),
                Self::To(DestinationKind::SecretsManager),
                Self::RetireNewer,
            ],
            RotationPhase::Retire => &[
                Self::RetireOlder,
                Self::Prove,
                Self::CopySecret,
                Self::CopyJson,
                Self::To(DestinationKind::File),
                Self::To(DestinationKind::Command),
                Self::To(DestinationKind::SecretsManager),
                Self::RetireNewer,
            ],
        }
    }

    /// The same for a secret that AWS Secrets Manager holds.
    pub const MANAGED: &'static [Self] = &[Self::RotateNow, Self::MoveOut, Self::Close];

    /// Whether it adds or deletes a secret.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::Add | Self::AddOwn | Self::RetireOlder | Self::RetireNewer
        )
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Add => "Add a second secret that Cognito makes",
            Self::AddOwn => "Add a second secret of my own …",
            Self::Give => "Give the newer secret's value, to prove it …",
            Self::CopySecret => "Copy the new secret",
            Self::CopyJson => "Copy the new credentials as JSON",
            Self::To(DestinationKind::File) => "Write the new credentials to a new file …",
            Self::To(DestinationKind::Command) => "Give the new credentials to a command …",
            Self::To(DestinationKind::SecretsManager) => {
                "Keep the new credentials in AWS Secrets Manager …"
            }
            Self::Arrived => "It has arrived: go on",
            Self::Prove => "Prove the new secret with a test token",
            Self::RetireOlder => "Retire the older secret …",
            Self::RetireNewer => "Retire the newer secret instead, and start again …",
            Self::MoveIn => "Move the secret into AWS Secrets Manager: Cognito rotates it there …",
            Self::MoveOut => "Move the secret back to Cognito …",
            Self::RotateNow => "Rotate it now …",
            Self::Close => "Close",
        }
    }
}

/// Whether a choice writes to AWS, which on a production profile takes the profile's name.
pub fn is_guarded(choice: Choice) -> bool {
    choice.writes() || choice == Choice::To(DestinationKind::SecretsManager)
}

/// The fields that a choice needs.
pub fn fields(choice: Choice, view: &View) -> Form {
    let mut fields = own_fields(choice);
    fields.extend(is_guarded(choice).then(type_to_confirm::field));
    let mut form = Form::new(fields);
    type_to_confirm::clear_if_changed(&mut form, view.session);
    form
}

/// The fields of a choice's own.
fn own_fields(choice: Choice) -> Vec<Field> {
    vec![match choice {
        Choice::Add => return Vec::new(),
        Choice::AddOwn => Field::secret(TYPED, "New secret").hint("24 to 64 of A-Z a-z 0-9 _ +"),
        Choice::Give => Field::secret(TYPED, "Value").hint("It is tried with a test token"),
        Choice::To(place) => return destinations::fields(place, TYPED),
        _ => Field::text(TYPED, "Client's name", "").hint("Deleting a secret can't be undone"),
    }]
}
