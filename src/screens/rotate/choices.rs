//! The choices of a rotation.

use secrecy::ExposeSecret;

use super::TYPED;
use crate::app::screen::View;
use crate::domain::delivery::destination::DestinationKind;
use crate::domain::limits;
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
    /// Delivers the credentials to a destination that the user names.
    To(DestinationKind),
    Arrived,
    Prove,
    RetireOlder,
    RetireNewer,
    /// Moves the secret to AWS Secrets Manager.
    MoveIn,
    /// Moves the secret back to Cognito.
    MoveOut,
    /// Rotates a secret in Secrets Manager.
    RotateNow,
    /// Leaves the screen while consumers change over.
    Leave,
    Close,
}

impl Choice {
    /// The choices, by their numbers.
    pub fn of(next: RotationPhase) -> &'static [Self] {
        match next {
            RotationPhase::Nothing | RotationPhase::Finished => &[Self::Close],
            RotationPhase::Add => &[Self::Add, Self::AddOwn, Self::MoveIn],
            // A move out of Secrets Manager also leaves two secrets, and must be reversible.
            RotationPhase::Unknown => &[Self::Give, Self::MoveIn, Self::RetireNewer],
            RotationPhase::Deliver => &[
                Self::CopySecret,
                Self::CopyJson,
                Self::To(DestinationKind::File),
                Self::To(DestinationKind::Command),
                Self::To(DestinationKind::SecretsManager),
                Self::Arrived,
                Self::RetireNewer,
            ],
            RotationPhase::Prove => &[
                Self::CopySecret,
                Self::CopyJson,
                Self::To(DestinationKind::File),
                Self::To(DestinationKind::Command),
                Self::To(DestinationKind::SecretsManager),
                Self::Prove,
                Self::RetireNewer,
            ],
            RotationPhase::Retire => &[
                Self::CopySecret,
                Self::CopyJson,
                Self::To(DestinationKind::File),
                Self::To(DestinationKind::Command),
                Self::To(DestinationKind::SecretsManager),
                Self::Prove,
                Self::RetireOlder,
                Self::RetireNewer,
                Self::Leave,
            ],
        }
    }

    /// The same for a secret that AWS Secrets Manager holds.
    pub const MANAGED: &'static [Self] = &[Self::RotateNow, Self::MoveOut, Self::Close];

    /// The choice under the cursor when a step begins: never one that deletes.
    pub fn first(choices: &[Self]) -> Option<Self> {
        let likeliest = [Self::Leave, Self::Prove];
        let found = likeliest.into_iter().find(|one| choices.contains(one));
        found.or_else(|| choices.first().copied())
    }

    /// The key of a choice: one number in every step, and none that another choice has beside one that deletes.
    pub fn number(self) -> Option<usize> {
        Some(match self {
            Self::Add | Self::Give | Self::CopySecret | Self::RotateNow => 1,
            Self::AddOwn | Self::CopyJson | Self::MoveOut => 2,
            Self::MoveIn | Self::To(DestinationKind::File) => 3,
            Self::To(DestinationKind::Command) => 4,
            Self::To(DestinationKind::SecretsManager) => 5,
            Self::Arrived => 6,
            Self::Prove => 7,
            Self::RetireOlder => 8,
            Self::RetireNewer => 9,
            Self::Leave | Self::Close => return None,
        })
    }

    /// Whether it adds or deletes a secret.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::Add | Self::AddOwn | Self::RetireOlder | Self::RetireNewer
        )
    }

    /// The choice with the key `nth`, counted from 0.
    pub fn numbered(choices: &[Self], nth: usize) -> Option<Self> {
        let is_it = |choice: &&Self| choice.number() == Some(nth.saturating_add(1));
        choices.iter().find(is_it).copied()
    }

    /// What `enter` does in its form.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Add | Self::AddOwn => "add the secret",
            Self::RetireOlder | Self::RetireNewer => "delete",
            Self::To(_) => "deliver",
            Self::Give => "test",
            _ => "select",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Add => "Add a second secret (generated) …",
            Self::AddOwn => "Add a second secret (custom) …",
            Self::Give => "Enter the newer secret to test it …",
            Self::CopySecret => "Copy the new secret",
            Self::CopyJson => "Copy the new credentials as JSON",
            Self::To(DestinationKind::File) => "Deliver the new credentials to a new file …",
            Self::To(DestinationKind::Command) => "Deliver the new credentials to a command …",
            Self::To(DestinationKind::SecretsManager) => {
                "Deliver the new credentials to AWS Secrets Manager …"
            }
            Self::Arrived => "Delivered, continue",
            Self::Prove => "Test the new secret (about $0.00225)",
            Self::RetireOlder => "Delete the older secret …",
            Self::RetireNewer => "Delete the newer secret and start over …",
            Self::MoveIn => "Move the secret to AWS Secrets Manager (automatic rotation) …",
            Self::MoveOut => "Move the secret back to Cognito …",
            Self::RotateNow => "Rotate now …",
            Self::Leave => "Leave, and come back when all consumers use it",
            Self::Close => "Close",
        }
    }
}

/// Whether a choice writes to AWS. On a production profile, the user types its name first.
pub fn is_guarded(choice: Choice) -> bool {
    choice.writes() || choice == Choice::To(DestinationKind::SecretsManager)
}

/// The fields of a choice.
pub fn fields(choice: Choice, view: &View) -> Form {
    let mut fields = own_fields(choice);
    fields.extend(is_guarded(choice).then(type_to_confirm::field));
    let mut form = Form::new(fields);
    type_to_confirm::clear_if_changed(&mut form, view.session);
    form
}

const OWN: &str = "24 to 64 of A-Z a-z 0-9 _ +";

/// Warns of a secret that some programs will not send as it is.
pub fn warn(choice: Choice, form: &mut Form) {
    if matches!(choice, Choice::AddOwn) {
        let warning = limits::secret_warning(form.secret(TYPED).expose_secret());
        let hint = warning.map_or_else(|| OWN.to_owned(), |warning| format!("! {warning}"));
        form.set_hint(TYPED, hint);
        // It was about the earlier value, and takes the hint's place.
        form.set_error(TYPED, "");
    }
}

/// The fields of a choice, without the profile.
fn own_fields(choice: Choice) -> Vec<Field> {
    vec![match choice {
        Choice::Add => return Vec::new(),
        Choice::AddOwn => Field::secret(TYPED, "New secret").hint(OWN),
        Choice::Give => Field::secret(TYPED, "Value").hint("tested with a token"),
        Choice::To(place) => return destinations::fields(place, TYPED),
        _ => Field::text(TYPED, "App client", "").hint("Cannot be undone"),
    }]
}
