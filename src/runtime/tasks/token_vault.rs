//! Where the tokens of this session are kept, so that no screen has to hold one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use crate::app::message::TokenId;

/// Tokens by the name they are known by outside. Each is wiped from memory when the vault goes.
#[derive(Default)]
pub struct TokenVault(Mutex<HashMap<TokenId, SecretString>>);

impl TokenVault {
    /// Takes a token in and names it.
    pub fn keep(&self, token: SecretString) -> TokenId {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = TokenId(u64::try_from(tokens.len()).unwrap_or(u64::MAX));
        tokens.insert(id, token);
        id
    }

    /// A token, by its name.
    pub fn get(&self, id: TokenId) -> Option<SecretString> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }
}
