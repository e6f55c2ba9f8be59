//! Why there are no credentials, in words of our own: the SDK's are many lines long and name its own parts.

use aws_credential_types::provider::error::CredentialsError;

use crate::cognito::error::ErrorKind;
use crate::cognito::sdk::errors::{ConnectionInfo, sources};

/// What kind of failure it is, and what was tried. The SDK's own words go to the log alone.
pub fn explain(error: &CredentialsError, origin: &ConnectionInfo) -> (ErrorKind, String) {
    let raw: Vec<String> = sources(error).map(ToString::to_string).collect();
    let raw = raw.join(": ");
    let said = raw.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
    // What a program of the user's prints may hold anything, a secret too.
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
            format!("The SSO session of profile {profile} has ended, or was never begun."),
        );
    }
    if expired {
        return (
            ErrorKind::ExpiredCredentials { sso_profile: None },
            "Temporary credentials were found, and their time is over.".to_owned(),
        );
    }
    let detail = if process {
        format!("The credential_process of profile {profile} failed: run it by hand to see why.")
    } else if let Some(missing) = undefined(&raw) {
        format!("There is no profile {missing} in ~/.aws/config or ~/.aws/credentials.")
    } else if said.contains("no credentials found in chain") {
        format!(
            "Looked for in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), in profile {profile} \
             (keys, SSO, role, credential_process), as a web identity, and from the container and the EC2 instance."
        )
    } else {
        format!(
            "The source that profile {profile} or the environment names gives none: its words are in the log, with --log FILE."
        )
    };
    (ErrorKind::NoCredentials, detail)
}

/// The profile that is asked for and not there.
fn undefined(raw: &str) -> Option<&str> {
    let (before, _) = raw.split_once("` was not defined")?;
    let (_, name) = before.rsplit_once('`')?;
    Some(name).filter(|name| !name.is_empty())
}
