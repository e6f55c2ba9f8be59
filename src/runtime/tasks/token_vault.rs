//! The tokens of this session, so that no screen holds one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use crate::app::message::TokenId;

/// Tokens by the id that screens know. Each is wiped from memory when the vault is dropped.
#[derive(Default)]
pub struct TokenVault(Mutex<HashMap<TokenId, SecretString>>);

impl TokenVault {
    /// Stores a token and returns its id.
    pub fn keep(&self, token: SecretString) -> TokenId {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = TokenId(u64::try_from(tokens.len()).unwrap_or(u64::MAX));
        tokens.insert(id, token);
        id
    }

    /// Returns a token by its id.
    pub fn get(&self, id: TokenId) -> Option<SecretString> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }
}
