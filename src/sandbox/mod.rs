//! The embedded Cognito: an HTTP server with state, faults and sample data.

pub mod errors;
pub mod faults;
pub mod ids;
pub mod keys;
pub mod oauth;
pub mod sample;
pub mod shared;
pub mod state;
