//! Tokens, their issuers and endpoints, and the requests and responses of OAuth 2.0.

pub mod api_call;
pub mod endpoints;
pub mod exchange;
pub mod issuer;
pub mod jwt;
pub mod token;
pub mod token_checks;
pub mod token_diff;
pub mod token_finder;
