//! What a secret is called: by its name, its ARN, or its ARN without the six letters at the end.

use std::collections::BTreeMap;

use super::super::errors::ApiError;
use super::Stored;

/// The length of what Secrets Manager puts behind a name in an ARN, its hyphen included.
const END: usize = 7;

/// The ARN of a secret.
pub fn arn(region: &str, account: &str, name: &str, end: &str) -> String {
    format!("arn:aws:secretsmanager:{region}:{account}:secret:{name}-{end}")
}

/// The name of the secret that `id` means; `None` where there is none.
///
/// # Errors
/// There can be no secret that is called so.
pub fn name(secrets: &BTreeMap<String, Stored>, id: &str) -> Result<Option<String>, ApiError> {
    let is_arn = id.starts_with("arn:");
    check(id, if is_arn { "-/_+=.@!:" } else { "-/_+=.@!" })?;
    if !is_arn {
        return Ok(secrets.get(id).map(|stored| stored.name.clone()));
    }
    let named = |stored: &&Stored| {
        let partial = stored.arn.len().checked_sub(END);
        let partial = partial.and_then(|end| stored.arn.get(..end));
        // AWS takes what looks like a complete ARN for one.
        stored.arn == id || (partial == Some(id) && !looks_whole(id))
    };
    let found = secrets.values().find(named);
    Ok(found.map(|stored| stored.name.clone()))
}

/// Whether an ARN ends in a hyphen and six letters or digits.
fn looks_whole(arn: &str) -> bool {
    arn.rsplit_once('-').is_some_and(|(_, end)| {
        end.len() == END - 1 && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Refuses what has other characters in it than letters, digits and these.
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
