//! Encrypts client secrets and signing keys in the state file, with a key in a separate file.
//!
//! Users copy a state file, attach it to a report or commit it because of its pools; without the key it reveals no secret.
//! Whoever can read both files can read all secrets: only the files' mode protects them.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::secrets_manager::Content;
use super::state::State;

/// The prefix of an encrypted value. No secret that Cognito accepts contains a colon, so none looks encrypted; those of Secrets
/// Manager were never stored unencrypted.
const MARK: &str = "sealed:";
const NONCE: usize = 12;

/// The key of one state file.
pub struct Seal(LessSafeKey);

/// Returns `state.json.key` for `state.json`.
pub fn key_path(state: &Path) -> PathBuf {
    let mut path = OsString::from(state);
    path.push(".key");
    path.into()
}

/// Creates a new file that only its owner may read.
pub fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Seal {
    /// Reads the key in `path`; `None` if there is none yet.
    ///
    /// # Errors
    /// It cannot be read, or is not a key.
    pub fn kept(path: &Path) -> io::Result<Option<Self>> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|error| explain(path, &error))?,
        };
        let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
        match Self::of(&bytes) {
            Some(seal) => Ok(Some(seal)),
            None => Err(explain(path, &invalid("it does not hold a key"))),
        }
    }

    /// Creates a key in `path`, which only its owner may read.
    pub fn make(path: &Path) -> io::Result<Self> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_| io::Error::other("no random numbers"))?;
        let seal = Self::of(&bytes).ok_or_else(|| invalid("no key"))?;
        let written = new_file(path).and_then(|mut file| {
            writeln!(file, "{}", STANDARD.encode(bytes))?;
            file.sync_all()
        });
        written.map_err(|error| explain(path, &error))?;
        Ok(seal)
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let key = UnboundKey::new(&AES_256_GCM_SIV, bytes).ok()?;
        Some(Self(LessSafeKey::new(key)))
    }

    /// Encrypts all secrets in `state`.
    pub fn close(&self, state: &mut State) -> io::Result<()> {
        each_secret(state, |name, value| {
            *value = self.sealed(name, value)?;
            Ok(())
        })
    }

    /// Encrypts `value`, bound to its name, so that it decrypts in no other place.
    fn sealed(&self, name: &str, value: &str) -> io::Result<String> {
        let failed = |_| io::Error::other("a secret cannot be sealed");
        let mut nonce = [0; NONCE];
        rand::fill(&mut nonce).map_err(failed)?;
        let mut bytes = value.as_bytes().to_vec();
        let aad = Aad::from(name.as_bytes());
        let key = &self.0;
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut bytes)
            .map_err(failed)?;
        let mut whole = nonce.to_vec();
        whole.append(&mut bytes);
        Ok(format!("{MARK}{}", STANDARD.encode(whole)))
    }

    fn opened(&self, name: &str, value: &str) -> Option<String> {
        let mut whole = STANDARD.decode(value.strip_prefix(MARK)?).ok()?;
        let (nonce, sealed) = whole.split_at_mut_checked(NONCE)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let aad = Aad::from(name.as_bytes());
        let plain = self.0.open_in_place(nonce, aad, sealed).ok()?;
        String::from_utf8(plain.to_vec()).ok()
    }
}

/// Decrypts the secrets in `state`. An unencrypted one, as in the files of earlier versions, stays as it is.
///
/// # Errors
/// A secret is encrypted, and the key in `path` is missing or another one.
pub fn open(state: &mut State, seal: Option<&Seal>, path: &Path) -> io::Result<()> {
    each_secret(state, |name, value| {
        if !value.starts_with(MARK) {
            return Ok(());
        }
        let opened = seal.and_then(|seal| seal.opened(name, value));
        *value = opened.ok_or_else(|| {
            let why = match seal {
                Some(_) => "holds another key",
                None => "is missing",
            };
            invalid(&format!(
                "its secrets are sealed, and {} {why}",
                path.display()
            ))
        })?;
        Ok(())
    })
}

/// Visits all secrets of a state, each with a unique name.
fn each_secret(
    state: &mut State,
    mut visit: impl FnMut(&str, &mut String) -> io::Result<()>,
) -> io::Result<()> {
    for pool in state.pools.values_mut() {
        for key in &mut pool.keys {
            visit(&format!("{}/{}", pool.id, key.kid), &mut key.pkcs8)?;
        }
        for client in &mut pool.clients {
            for secret in &mut client.secrets {
                let name = format!("{}/{}/{}", pool.id, client.id, secret.id);
                visit(&name, &mut secret.value)?;
            }
        }
    }
    for stored in state.stored.values_mut() {
        for version in &mut stored.versions {
            let name = format!("{}/{}", stored.arn, version.id);
            if let Some(Content::Text(value) | Content::Binary(value)) = &mut version.content {
                visit(&name, value)?;
            }
        }
    }
    Ok(())
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text)
}

fn explain(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}
