//! Credentials of IAM Identity Center (SSO), from the token that `aws sso login` leaves.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_config::sso::SsoTokenProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::token::ProvideToken;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

use super::files::{AwsFiles, Service, in_home};
use super::provide::{LoginSources, no_credentials, region};
use super::shape::SsoLogin;
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::sdk::errors::{self, ConnectionInfo};
use crate::domain::identity::SignIn;
use crate::domain::time::Timestamp;

/// The needed parts of a token file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CachedToken {
    #[serde(deserialize_with = "secret")]
    access_token: SecretString,
    expires_at: String,
    /// Whether the SDK can renew the token.
    #[serde(default)]
    refresh_token: Option<serde::de::IgnoredAny>,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

impl CachedToken {
    fn end(&self) -> Option<Timestamp> {
        let end = DateTime::from_str(&self.expires_at, Format::DateTimeWithOffset).ok()?;
        Some(Timestamp::from_millis(end.to_millis().ok()?))
    }
}

/// The role's credentials.
///
/// # Errors
/// Nobody is logged in, the session has ended, or the role is not assigned.
pub async fn credentials(
    login: &SsoLogin,
    sources: &LoginSources,
    files: &AwsFiles,
    origin: &ConnectionInfo,
) -> Result<Credentials, Error> {
    let Some(cached) = cached(&folder(), login) else {
        return Err(signed_out(
            login,
            "No active SSO session for profile",
            origin,
        ));
    };
    let region = region(&login.region);
    let token = match &login.session {
        // The SDK renews it.
        Some(session) => {
            let config = sources.config_of(Service::SsoOidc, files);
            let tokens = SsoTokenProvider::builder()
                .configure(&config)
                .region(region.clone())
                .session_name(session)
                .start_url(&login.start_url);
            let token = tokens.build().await.provide_token().await;
            token
                .map(|token| SecretString::from(token.token().to_owned()))
                .ok()
        }
        None => Some(cached.access_token.clone()),
    };
    let ended = cached
        .end()
        .is_some_and(|end| end <= Timestamp::from(SystemTime::now()));
    let Some(token) = token.filter(|_| !ended || login.session.is_some()) else {
        return Err(signed_out(
            login,
            "The SSO session has expired for profile",
            origin,
        ));
    };
    let config = sources
        .config_of(Service::Sso, files)
        .into_builder()
        .region(region);
    let call = aws_sdk_sso::Client::new(&config.build())
        .get_role_credentials()
        .account_id(&login.account)
        .role_name(&login.role)
        .access_token(token.expose_secret());
    let answer = call.send().await.map_err(|error| {
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
        match code {
            Some("UnauthorizedException") => signed_out(login, "The SSO session was ended or has expired for profile", origin),
            Some("ForbiddenException" | "ResourceNotFoundException") => no_credentials(
                format!("SSO gives you no role {} in account {}.", login.role, login.account),
                format!(
                    "Check sso_account_id and sso_role_name of profile {}, or ask for the assignment.",
                    login.profile
                ),
            ),
            _ => errors::sdk_error(&error, "sso", "GetRoleCredentials", None, origin),
        }
    })?;
    let keys = answer.role_credentials.as_ref();
    let keys = keys.and_then(|keys| {
        let end = DateTime::from_millis(keys.expiration());
        Some(Credentials::new(
            keys.access_key_id()?,
            keys.secret_access_key()?,
            keys.session_token().map(str::to_owned),
            SystemTime::try_from(end).ok(),
            "SSO",
        ))
    });
    keys.ok_or_else(|| {
        let hint =
            "The response may not be from IAM Identity Center: check the endpoint and the proxy.";
        no_credentials("SSO gave no credentials.", hint)
    })
}

/// The end of the session, unless it is renewed automatically.
pub fn end(login: &SsoLogin) -> Option<Timestamp> {
    end_in(&folder(), login)
}

fn end_in(folder: &Path, login: &SsoLogin) -> Option<Timestamp> {
    let cached = cached(folder, login)?;
    cached.end().filter(|_| cached.refresh_token.is_none())
}

fn signed_out(login: &SsoLogin, what: &str, origin: &ConnectionInfo) -> Error {
    let kind = ErrorKind::ExpiredCredentials {
        sign_in: Some(Box::new(SignIn::Sso(login.profile.clone()))),
    };
    let hint = errors::hint(&kind, origin);
    Error::new("sign in", kind, format!("{what} {}.", login.profile), hint)
}

fn folder() -> PathBuf {
    in_home(".aws/sso/cache")
}

/// The token of a login: its file is named by the session, or by the start URL.
fn cached(folder: &Path, login: &SsoLogin) -> Option<CachedToken> {
    let named = login.session.as_ref().unwrap_or(&login.start_url);
    let mut file = String::new();
    for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, named.as_bytes()).as_ref() {
        write!(file, "{byte:02x}").ok()?;
    }
    let text = fs::read(folder.join(file + ".json")).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_with_its_token_unless_that_is_renewed() {
        let folder = tempfile::tempdir().unwrap();
        let login = SsoLogin {
            profile: "team".to_owned(),
            session: Some("session".to_owned()),
            start_url: "https://example.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            account: "111111111111".to_owned(),
            role: "r".to_owned(),
        };
        // The output of `printf %s session | sha1sum`.
        let file = folder
            .path()
            .join("fcbdc4c271c889825d8338d2d8f10b6e5e95c171.json");
        let end = || end_in(folder.path(), &login);
        assert_eq!(end(), None);
        fs::write(
            &file,
            r#"{"expiresAt":"2026-11-21T15:04:05Z","accessToken":"x"}"#,
        )
        .unwrap();
        assert_eq!(end(), Some(Timestamp::from_seconds(1_795_273_445)));
        let renewed =
            r#"{"expiresAt":"2026-11-21T15:04:05Z","accessToken":"x","refreshToken":"x"}"#;
        fs::write(&file, renewed).unwrap();
        assert_eq!(end(), None);
    }
}
