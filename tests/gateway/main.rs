//! The gateway on the wire: what it sends byte by byte, and what it makes of answers that no healthy Cognito gives.

mod credentials;
mod failures;
mod stub;
mod throttling;
mod tokens;
mod updates;
