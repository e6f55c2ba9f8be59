//! The operations of the Cognito API, a module per resource.

pub(super) mod client_secrets;
pub(super) mod client_update;
pub(super) mod clients;
pub(super) mod domains;
pub(super) mod pool_update;
pub(super) mod pools;
pub(super) mod rate_limit;
pub(super) mod reads;
pub(super) mod resource_servers;
