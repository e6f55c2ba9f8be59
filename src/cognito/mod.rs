//! The connection to AWS: the Cognito API, the token endpoint and the pools' public keys.
//!
//! The only room that speaks to a network other than the sandbox. Types of the AWS SDK stop here: what goes in and what comes out
//! are types of [`crate::domain`] and the [`Error`] of this room.

mod api;
mod appeared;
mod classify;
mod clients;
mod connect;
mod convert;
mod credentials;
mod domains;
mod error;
mod gateway;
mod graph;
mod http;
mod keys;
mod known;
mod log;
mod lost;
mod pace;
mod pages;
mod pin;
mod plan;
mod pool_settings;
mod pools;
mod reads;
mod records;
mod retry;
mod secret_value;
mod secrets;
mod secrets_manager;
mod servers;
mod settings;
mod shape;
mod signing;
mod sso;
mod target;
mod throttle;
mod token;
mod trust;
mod web;
mod wire;

pub use clients::Created;
pub use error::{Error, ErrorKind};
pub use gateway::Gateway;
pub use log::note;
pub use pace::Pace;
pub use pages::{Page, Pages, all_pages, each_page};
pub use plan::{Done, Progress};
pub use reads::Identity;
pub use secrets::AddedSecret;
pub use secrets_manager::Stored;
pub use signing::Signing;
pub use target::{Credentials, TIMEOUT, Target};
pub use throttle::{Signal, Signals};
pub use trust::{BundleError, CaBundle};
