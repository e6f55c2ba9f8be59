//! Explains missing credentials: the SDK's messages are many lines long and name SDK internals.

use aws_credential_types::provider::error::CredentialsError;

use crate::cognito::error::ErrorKind;
use crate::cognito::sdk::errors::{ConnectionInfo, sources};

/// The kind of error and what was tried. The SDK's message is logged only.
pub fn explain(error: &CredentialsError, origin: &ConnectionInfo) -> (ErrorKind, String) {
    let raw: Vec<String> = sources(error).map(ToString::to_string).collect();
    let raw = raw.join(": ");
    let said = raw.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
    // The output of a credential_process may contain a secret.
    let process = said.contains("external process");
    if !process {
        tracing::info!(?raw, "no credentials");
    }
    let profile = origin.profile.as_deref().unwrap_or("default");
    let expired = any(&[
        "expired",
        "sso token",
        "sso/cache",
        "sso\\cache",
        "sso login",
        "session token not found",
    ]);
    if said.contains("sso") && expired {
        let sso_profile = Some(profile.to_owned());
        return (
            ErrorKind::ExpiredCredentials { sso_profile },
            format!("No active SSO session for profile {profile}."),
        );
    }
    if expired {
        return (
            ErrorKind::ExpiredCredentials { sso_profile: None },
            "The temporary credentials have expired.".to_owned(),
        );
    }
    let detail = if process {
        format!("The credential_process of profile {profile} failed. Run it manually to see why.")
    } else if let Some(missing) = undefined(&raw) {
        format!("No profile {missing} in ~/.aws/config or ~/.aws/credentials.")
    } else if said.contains("no credentials found in chain") {
        format!(
            "Checked: environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), profile {profile} \
             (keys, SSO, role, credential_process), web identity, container, EC2 instance."
        )
    } else {
        format!("No credentials from the environment or profile {profile}. Details: --log FILE.")
    };
    (ErrorKind::NoCredentials, detail)
}

/// The name of an undefined profile.
fn undefined(raw: &str) -> Option<&str> {
    let (before, _) = raw.split_once("` was not defined")?;
    let (_, name) = before.rsplit_once('`')?;
    Some(name).filter(|name| !name.is_empty())
}
