//! Tokens that are kept for the next run, where `--cache` asks for it.
//!
//! One file per request, mode 0600 in a folder of mode 0700. A file that others can read, or that is not a token, is not used.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use etcetera::{BaseStrategy, choose_base_strategy};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::{IssuedToken, TokenRequest};
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;
use crate::files::{NewFile, Readers};

/// A token that expires sooner is not used: the request that it is for takes time, too.
const LEFT: i64 = 60;
/// The rights of group and others.
#[cfg(unix)]
const OTHERS: u32 = 0o077;
/// Far more than a token.
const LARGEST: u64 = 64 * 1024;

/// The file of a request's token.
pub struct TokenCache {
    path: PathBuf,
}

impl TokenCache {
    /// The file for `request`, in the user's cache directory.
    ///
    /// # Errors
    /// The user has no cache directory.
    pub fn of(request: &TokenRequest) -> io::Result<Self> {
        let base = choose_base_strategy().map_err(io::Error::other)?;
        let folder = base.cache_dir().join(env!("CARGO_PKG_NAME")).join("tokens");
        Ok(Self {
            path: folder.join(name(request)),
        })
    }

    /// The token, if it holds at least a minute more.
    pub fn get(&self, now: Timestamp) -> Option<IssuedToken> {
        let file = File::open(&self.path).ok()?;
        if !is_private(&file) {
            return None;
        }
        let mut text = Zeroizing::new(String::new());
        file.take(LARGEST).read_to_string(&mut text).ok()?;
        let jwt = Jwt::parse(text.trim()).ok()?;
        let left = now.seconds_until(jwt.expires()?);
        (left >= LEFT).then(|| IssuedToken {
            text: SecretString::from(text.trim()),
            jwt,
            expires_in: Some(left),
            token_type: Some("Bearer".to_owned()),
        })
    }

    /// Keeps a token.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn put(&self, token: &IssuedToken) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        make_private(folder)?;
        let new = self
            .path
            .with_extension(format!("{}.new", std::process::id()));
        let mut file = NewFile::create(&new, Readers::Owner)?;
        file.write(token.text.expose_secret().as_bytes())?;
        file.replace(&self.path)
    }
}

/// A name without information: a digest of everything that the token depends on.
fn name(request: &TokenRequest) -> String {
    let scopes: Vec<&str> = request.scopes.iter().map(ScopeName::as_str).collect();
    let (pool, client) = (request.pool.as_str(), request.client.as_str());
    let text = json!([request.endpoint, pool, client, scopes, request.metadata]).to_string();
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn is_private(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|file| {
        file.is_file()
            && file.mode() & OTHERS == 0
            && file.uid() == rustix::process::geteuid().as_raw()
    })
}

#[cfg(not(unix))]
fn is_private(file: &File) -> bool {
    file.metadata().is_ok_and(|file| file.is_file())
}
