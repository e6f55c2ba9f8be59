//! The embedded Cognito: an HTTP server with state, faults and sample data.

pub mod state;
