//! The connection to AWS: the Cognito API, the token endpoint and the pools' public keys.
//!
//! The only room that speaks to a network other than the sandbox. Types of the AWS SDK stop here: what goes in and what comes out
//! are types of [`crate::domain`] and the [`Error`] of this room.

mod classify;
mod connect;
mod convert;
mod error;
mod gateway;
mod http;
mod keys;
mod log;
mod reads;
mod retry;
mod settings;
mod setup;
mod target;
mod throttle;
mod token;
mod web;
mod writes;

pub use error::{Error, ErrorKind};
pub use gateway::Gateway;
pub use log::note;
pub use reads::{Identity, Page, all_pages, each_page};
pub use setup::Done;
pub use target::{Credentials, Target};
pub use throttle::{Signal, Signals};
pub use writes::Created;
