//! Logging in as the AWS CLI does: from the settings to the credentials.

mod codes;
pub mod files;
mod provide;
mod role_cache;
pub mod shape;
mod sso;

pub use provide::{Found, LoginSources};
