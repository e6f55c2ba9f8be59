//! What Cognito M2M *is*: pure types and rules. No I/O, no async, no terminal.

pub mod api;
pub mod client;
pub mod client_change;
pub mod compare;
pub mod doctor;
pub mod exchange;
pub mod explain;
pub mod export;
pub mod find;
pub mod handover;
pub mod hosts;
pub mod ids;
pub mod inspect;
pub mod jwt;
pub mod limits;
pub mod new_client;
pub mod paste;
pub mod plan;
pub mod pool;
pub mod preset;
pub mod resource_server;
pub mod scope;
pub mod scope_map;
pub mod time;
pub mod token;
