//! Pages of a list, and the tokens between them.
//!
//! A token contains its list and the key of the last item sent, encrypted with a key of this process: one from another list, or
//! an invented one, is refused. Resuming after a key, not at a position, neither skips nor repeats items when others are deleted
//! or created meanwhile.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::errors::ApiError;

/// A page, and the token for the next one if there is more.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Encrypts and decrypts tokens.
pub struct Pager {
    key: hmac::Key,
}

const SEAL: usize = 16;

impl Pager {
    pub fn new(key: &[u8]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
        }
    }

    /// Returns the page of `items` after `token`, at most `size` long. The items are in the order of their unique `key`.
    pub fn page<'a, T>(
        &self,
        list: &str,
        items: impl IntoIterator<Item = &'a T>,
        key: impl Fn(&T) -> &str,
        token: Option<&str>,
        size: usize,
    ) -> Result<Page<&'a T>, ApiError> {
        let after = token.map(|token| self.open(list, token)).transpose()?;
        let mut rest: Vec<&T> = items
            .into_iter()
            .filter(|item| after.as_deref().is_none_or(|after| key(item) > after))
            .collect();
        rest.sort_by(|a, b| key(a).cmp(key(b)));
        let more = rest.len() > size;
        rest.truncate(size);
        let next = rest.last().filter(|_| more);
        Ok(Page {
            next: next.map(|last| self.seal(list, key(last))),
            items: rest,
        })
    }

    fn seal(&self, list: &str, key: &str) -> String {
        let body = format!("{list}\0{key}");
        let tag = hmac::sign(&self.key, body.as_bytes());
        let tag = tag.as_ref().iter().take(SEAL).copied();
        STANDARD.encode(tag.chain(body.bytes()).collect::<Vec<u8>>())
    }

    fn open(&self, list: &str, token: &str) -> Result<String, ApiError> {
        let refused = || ApiError::invalid("Invalid pagination token.");
        let bytes = STANDARD.decode(token).map_err(|_| refused())?;
        let body = bytes.get(SEAL..).ok_or_else(refused)?;
        let body = std::str::from_utf8(body).map_err(|_| refused())?;
        let key = body
            .strip_prefix(list)
            .and_then(|rest| rest.strip_prefix('\0'))
            .ok_or_else(refused)?;
        if self.seal(list, key) == token {
            Ok(key.to_owned())
        } else {
            Err(refused())
        }
    }
}

impl<T> Page<T> {
    /// Returns the response of a list operation: the items under `name`, and `NextToken` if there is more.
    pub fn answer(self, name: &str, item: impl Fn(T) -> Value) -> Value {
        let mut answer = serde_json::Map::new();
        let items = self.items.into_iter().map(item).collect();
        answer.insert(name.to_owned(), Value::Array(items));
        if let Some(next) = self.next {
            answer.insert("NextToken".to_owned(), Value::String(next));
        }
        Value::Object(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pager() -> Pager {
        Pager::new(b"a key")
    }

    fn page(items: &[String], token: Option<&str>, size: usize) -> Result<Page<String>, ApiError> {
        let page = pager().page("letters", items, String::as_str, token, size)?;
        Ok(Page {
            items: page.items.into_iter().cloned().collect(),
            next: page.next,
        })
    }

    fn letters(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    #[test]
    fn pages_join_to_the_whole_list_and_the_last_has_no_token() {
        let all = letters("dacbe");
        for size in 1..=6 {
            let mut seen = Vec::new();
            let mut token = None;
            loop {
                let page = page(&all, token.as_deref(), size).unwrap();
                assert!(page.items.len() <= size);
                seen.extend(page.items);
                token = page.next;
                if token.is_none() {
                    break;
                }
            }
            assert_eq!(seen, letters("abcde"), "in pages of {size}");
        }
    }

    #[test]
    fn what_is_deleted_between_pages_hides_nothing_else() {
        let first = page(&letters("abcd"), None, 2).unwrap();
        let second = page(&letters("cd"), first.next.as_deref(), 2).unwrap();
        assert_eq!(second.items, letters("cd"));
    }

    #[test]
    fn a_token_of_another_list_or_of_ones_own_making_is_refused() {
        let refused = ApiError::invalid("Invalid pagination token.");
        let foreign = pager().seal("digits", "b");
        let forged = Pager::new(b"another key").seal("letters", "b");
        for token in [&foreign, &forged, "2", "%%%", ""] {
            let answer = page(&letters("abc"), Some(token), 2);
            assert_eq!(answer.unwrap_err(), refused, "token {token:?}");
        }
    }
}
