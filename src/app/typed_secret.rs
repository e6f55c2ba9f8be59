//! A secret that a user gives the console, on its way from the field to the runtime.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A value that nothing prints. Two are equal where their values are, so that effects can be compared whole.
#[derive(Clone)]
pub struct TypedSecret(SecretString);

impl TypedSecret {
    /// The value, for its one use.
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl From<SecretString> for TypedSecret {
    fn from(secret: SecretString) -> Self {
        Self(secret)
    }
}

impl From<&str> for TypedSecret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl PartialEq for TypedSecret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for TypedSecret {}

impl fmt::Debug for TypedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Concealed")
    }
}
