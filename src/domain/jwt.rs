//! JSON Web Tokens, decoded but not trusted.

use serde_json::{Map, Value};

/// A decoded token: header and claims. It may be forged until its signature is verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Jwt {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
}
