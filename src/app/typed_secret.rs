//! A secret that the user enters, on its way from the field to the runtime.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A value that is never printed. Two are equal if their values are, so that effects can be compared.
#[derive(Clone)]
pub struct TypedSecret(SecretString);

impl TypedSecret {
    /// Returns the value, for its only use.
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
