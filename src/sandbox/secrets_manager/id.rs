//! The id of a secret in a request: its name, its ARN, or its ARN without the six letters at the end.

use std::collections::BTreeMap;

use super::super::errors::ApiError;
use super::Stored;

/// The length of the suffix that Secrets Manager adds to a name in an ARN, with its hyphen.
const END: usize = 7;

/// Returns the ARN of a secret.
pub fn arn(region: &str, account: &str, name: &str, end: &str) -> String {
    format!("arn:aws:secretsmanager:{region}:{account}:secret:{name}-{end}")
}

/// Returns the name of the secret with this `id`; `None` if it does not exist.
///
/// # Errors
/// No secret can have this id.
pub fn name(secrets: &BTreeMap<String, Stored>, id: &str) -> Result<Option<String>, ApiError> {
    let is_arn = id.starts_with("arn:");
    check(id, if is_arn { "-/_+=.@!:" } else { "-/_+=.@!" })?;
    if !is_arn {
        return Ok(secrets.get(id).map(|stored| stored.name.clone()));
    }
    let named = |stored: &&Stored| {
        let partial = stored.arn.len().checked_sub(END);
        let partial = partial.and_then(|end| stored.arn.get(..end));
        // AWS takes anything that looks like a complete ARN for one.
        stored.arn == id || (partial == Some(id) && !looks_whole(id))
    };
    let found = secrets.values().find(named);
    Ok(found.map(|stored| stored.name.clone()))
}

/// Returns whether an ARN ends in a hyphen and six letters or digits.
fn looks_whole(arn: &str) -> bool {
    arn.rsplit_once('-').is_some_and(|(_, end)| {
        end.len() == END - 1 && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Refuses characters other than letters, digits and these.
pub fn check(name: &str, others: &str) -> Result<(), ApiError> {
    let known = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    if name.chars().all(known) {
        return Ok(());
    }
    Err(ApiError::new(
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    ))
}
