//! What Cognito M2M *is*: pure types and rules. No I/O, no async, no terminal.

pub mod client;
pub mod ids;
pub mod jwt;
pub mod pool;
pub mod resource_server;
pub mod scope;
pub mod time;
pub mod token;
