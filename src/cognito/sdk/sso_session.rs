//! Reads the end of an SSO session from the token file of the AWS CLI.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use aws_config::profile;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_types::os_shim_internal::{Env, Fs};
use serde::Deserialize;

use crate::domain::time::Timestamp;

/// A longer chain of `source_profile` is circular.
const LONGEST_CHAIN: usize = 8;

/// The needed parts of a token file. The token itself is not read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CachedToken {
    expires_at: String,
    /// Whether the SDK can renew the token.
    #[serde(default)]
    refresh_token: Option<serde::de::IgnoredAny>,
}

/// The end of the session of a profile, or of the default one; `None` if unknown or renewed automatically.
pub async fn end(profile: Option<&str>) -> Option<Timestamp> {
    let files = EnvConfigFiles::default();
    let name = profile.map(|name| name.to_owned().into());
    let set = profile::load(&Fs::real(), &Env::real(), &files, name)
        .await
        .ok()?;
    let mut name = set.selected_profile();
    for _ in 0..LONGEST_CHAIN {
        let profile = set.get_profile(name)?;
        let session = profile.get("sso_session");
        if let Some(session) = session.or_else(|| profile.get("sso_start_url")) {
            let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
            return end_in(&PathBuf::from(home).join(".aws/sso/cache"), session);
        }
        name = profile.get("source_profile")?;
    }
    None
}

/// The end of the session with this name or start URL, from a cache directory.
fn end_in(folder: &Path, session: &str) -> Option<Timestamp> {
    let sum = digest(&SHA1_FOR_LEGACY_USE_ONLY, session.as_bytes());
    let mut file = String::new();
    for byte in sum.as_ref() {
        write!(file, "{byte:02x}").ok()?;
    }
    let text = fs::read(folder.join(file + ".json")).ok()?;
    let cached: CachedToken = serde_json::from_slice(&text).ok()?;
    let end = DateTime::from_str(&cached.expires_at, Format::DateTimeWithOffset).ok()?;
    let end = Timestamp::from_millis(end.to_millis().ok()?);
    cached.refresh_token.is_none().then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_with_its_token_unless_that_is_renewed() {
        let folder = tempfile::tempdir().unwrap();
        // The output of `printf %s session | sha1sum`.
        let file = folder
            .path()
            .join("fcbdc4c271c889825d8338d2d8f10b6e5e95c171.json");
        let end = || end_in(folder.path(), "session");
        assert_eq!(end(), None);
        fs::write(
            &file,
            r#"{"expiresAt":"2026-11-21T15:04:05Z","accessToken":"x"}"#,
        )
        .unwrap();
        assert_eq!(end(), Some(Timestamp::from_seconds(1_795_273_445)));
        let renewed = r#"{"expiresAt":"2026-11-21T15:04:05Z","refreshToken":"x"}"#;
        fs::write(&file, renewed).unwrap();
        assert_eq!(end(), None);
    }
}
