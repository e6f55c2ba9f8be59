//! Codes of MFA devices.

use super::shape::Role;
use crate::cognito::error::{CodeRequest, Error, ErrorKind};

/// What an answer of AssumeRole says of the code.
pub enum CodeAnswer {
    /// The code is wrong, too old or used.
    Wrong,
    /// No code was sent, or something else failed.
    NotAsked,
}

/// Judges a failed AssumeRole. STS has no code for a wrong one: it denies access, as it does without the permission.
pub fn judge(error: &Error, sent: bool) -> CodeAnswer {
    let denied = matches!(
        error.kind,
        ErrorKind::AccessDenied { .. } | ErrorKind::Invalid
    );
    // Its message is `MultiFactorAuthentication failed with invalid MFA one time pass code.`; of a malformed one it names tokenCode.
    let named = ["MultiFactorAuthentication", "tokenCode"];
    if sent && denied && named.iter().any(|word| error.detail.contains(word)) {
        CodeAnswer::Wrong
    } else {
        CodeAnswer::NotAsked
    }
}

/// The error that the role's code is needed; `reason` is why the last one was refused.
pub fn needed(role: &Role, reason: Option<&str>) -> Error {
    let serial = role.mfa_serial.clone().unwrap_or_default();
    let detail = match reason {
        Some(reason) => format!("The code of {serial} was refused: {reason}"),
        None => format!("Profile {} needs a code of {serial}.", role.profile),
    };
    let request = CodeRequest {
        profile: role.profile.clone(),
        serial,
        refused: reason.is_some(),
    };
    let hint = "Type the code that the device shows; each works once.";
    Error::new(
        "sign in",
        ErrorKind::CodeNeeded(Box::new(request)),
        detail,
        hint,
    )
}
