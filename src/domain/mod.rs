//! What Cognito M2M *is*: pure types and rules. No I/O, no async, no terminal.

pub mod client;
pub mod client_rules;
mod csv;
pub mod delivery;
pub mod doctor;
pub mod explain;
pub mod export;
pub mod guard;
pub mod identity;
pub mod ids;
pub mod limits;
pub mod lookup;
pub mod new_client;
pub mod oauth;
pub mod other_settings;
pub mod plan;
pub mod pool;
pub mod preset;
pub mod regions;
pub mod resource_server;
pub mod rotation;
pub mod scope;
pub mod scope_matrix;
pub mod scope_meant;
pub mod secret;
pub mod shell;
pub mod time;
