//! The rotation of a secret: what is asked for, and what came of it.

use crate::app::typed_secret::TypedSecret;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::rotation::{DeletedSecret, Proof};

/// What the user did about a rotation, which needs no call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationMark {
    /// In words that complete "Delivered ...".
    Delivered(String),
    /// It was sent, and nothing confirms that it arrived.
    PerhapsDelivered,
    /// The user says that the new secret is where it belongs.
    Arrived,
    /// The end of the rotation was seen: the next one begins with nothing done.
    Over,
}

/// A step of the rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationStep {
    /// Add a second secret, of Cognito's making unless one is given.
    Add(Option<TypedSecret>),
    /// Keep this value of the newer secret, if it is proven to work.
    Keep(TypedSecret),
    /// Ask for a token with the newer secret.
    Prove,
    /// Delete the older secret, by its id, once the newer one is proven again.
    DeleteOlder(String),
    /// Delete the newer secret, by its id.
    DeleteNewer(String),
}

impl RotationStep {
    /// Whether it changes what Cognito or somebody else holds, and must not be cut short.
    pub fn writes(&self) -> bool {
        match self {
            Self::Add(_) | Self::DeleteOlder(_) | Self::DeleteNewer(_) => true,
            Self::Keep(_) | Self::Prove => false,
        }
    }
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RotationResult {
    /// A secret was added; `held` unless Cognito did not tell its value.
    Added {
        held: bool,
    },
    /// The newer secret was tried. With [`RotationStep::Keep`] it is kept only if it works.
    Proven(Proof),
    Deleted(DeletedSecret),
    /// The value works, and is not kept: it may not be the newer one's, for this reason.
    NotKept(String),
    /// Nothing was deleted: the secret that would remain was not proven.
    NotDeleted(Proof),
    /// The newer secret was rejected after the older one was deleted: it was the older one, and was added again.
    PutBack {
        works: bool,
    },
}

/// Something to be done in the rotation of a client's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationCommand {
    pub pool: PoolId,
    pub client: ClientId,
    pub step: RotationStep,
}
