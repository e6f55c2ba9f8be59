//! The connection to AWS: the Cognito API, the token endpoint and the pools' public keys.
//!
//! Only this room and the sandbox use a network. Types of the AWS SDK stop here: arguments and results
//! are types of [`crate::domain`] and the [`Error`] of this room.

mod api;
mod aws;
mod error;
mod gateway;
mod oauth;
mod plan;
mod rotation;
mod sdk;
mod target;

pub use api::client_secrets::AddedSecret;
pub use api::clients::Created;
pub use api::rate_limit::RateLimiter;
pub use api::reads::Identity;
pub use aws::managed_secret::SecretsAnswer;
pub use aws::secrets_manager::StoredSecret;
pub use error::{CodeRequest, Error, ErrorKind};
pub use gateway::Gateway;
pub use plan::execute::{PlanOutcome, PlanProgress};
pub use rotation::{
    Doubt, FinishedRotation, ManagedRotation, NewSecret, ProvenRotation, PutBack, ReadyRotation,
    RemainingSecret, Rotation,
};
pub use sdk::ca_bundle::{BundleError, CaBundle};
pub use sdk::call_log::note;
pub use sdk::login::files::read_paths as aws_files;
pub use sdk::pages::{Page, Pages, all_pages, each_page};
pub use sdk::sign_in::SignInEvent;
pub use sdk::throttle::{ConnectionEvent, ConnectionEvents};
pub use target::{Credentials, TIMEOUT, Target};
