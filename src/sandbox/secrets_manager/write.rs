//! Writes values into Secrets Manager.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::errors::ApiError;
use super::super::shared::unpoisoned;
use super::{Answer, CURRENT, Call, Content, Stored, Version, id, invalid_request, not_yours};

/// The largest value, in bytes.
const LARGEST: usize = 65_536;
const TAGS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Create {
    name: String,
    client_request_token: Option<String>,
    description: Option<String>,
    kms_key_id: Option<String>,
    secret_string: Option<String>,
    secret_binary: Option<String>,
    #[serde(default)]
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Tag {
    key: String,
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Put {
    secret_id: String,
    client_request_token: Option<String>,
    secret_string: Option<String>,
    secret_binary: Option<String>,
    version_stages: Option<Vec<String>>,
}

pub fn create(call: &mut Call<'_>) -> Answer {
    let request: Create = call.read()?;
    let name = request.name;
    // An exclamation mark is reserved for the names of managed secrets.
    id::check(&name, "-/_+=.@")?;
    let token = token(request.client_request_token, "InvalidRequestException")?;
    let content = content(request.secret_string, request.secret_binary)?;
    if let Some(before) = call.state.stored.get(&name) {
        return again(before, &token, content.as_ref());
    }
    let tags = tags(request.tags)?;
    let end = unpoisoned(&call.shared.ids).arn_end()?;
    let mut stored = Stored {
        arn: id::arn(&call.shared.region, &call.shared.account, &name, &end),
        description: request.description.filter(|text| !text.is_empty()),
        kms_key: request
            .kms_key_id
            .filter(|key| !key.is_empty() && key != "alias/aws/secretsmanager"),
        tags,
        created: call.now,
        changed: call.now,
        accessed: None,
        deletion: None,
        versions: Vec::new(),
        rotation: None,
        owner: None,
        name,
    };
    if content.is_some() {
        stored.put(&token, content, [CURRENT], call.now);
    }
    let answer = made(&stored, stored.version(&token));
    call.state.stored.insert(stored.name.clone(), stored);
    Ok(answer)
}

/// Handles an existing name: a repeated request gets the same response, any other is refused.
fn again(before: &Stored, token: &str, content: Option<&Content>) -> Answer {
    if before.deletion.is_some() {
        return Err(invalid_request(
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
        ));
    }
    match before.version(token) {
        Some(version) if version.content.as_ref() == content => Ok(made(before, Some(version))),
        Some(_) => Err(token_is_taken(before, token)),
        None => Err(ApiError::new(
            "ResourceExistsException",
            format!(
                "The operation failed because the secret {} already exists.",
                before.name
            ),
        )),
    }
}

pub fn put(call: &mut Call<'_>) -> Answer {
    let request: Put = call.read()?;
    let now = call.now;
    let token = token(request.client_request_token, "InvalidRequestException")?;
    let content = content(request.secret_string, request.secret_binary)?;
    let stored = call.live(&request.secret_id)?;
    not_yours(stored)?;
    if content.is_none() {
        return Err(invalid_request(
            "You must provide either SecretString or SecretBinary.",
        ));
    }
    match stored.version(&token) {
        Some(version) if version.content != content => {
            return Err(token_is_taken(stored, &token));
        }
        Some(_) => {}
        None => {
            let stages = request.version_stages;
            let stages = stages.unwrap_or_else(|| vec![CURRENT.to_owned()]);
            stored.put(&token, content, stages, now);
        }
    }
    let version = stored.version(&token);
    let mut answer = made(stored, version);
    if let (Some(version), Some(members)) = (version, answer.as_object_mut()) {
        members.insert("VersionStages".to_owned(), json!(version.stages));
    }
    Ok(answer)
}

fn made(stored: &Stored, version: Option<&Version>) -> Value {
    let mut answer = json!({"ARN": stored.arn, "Name": stored.name});
    if let (Some(version), Some(members)) = (version, answer.as_object_mut()) {
        members.insert("VersionId".to_owned(), json!(version.id));
    }
    answer
}

/// Returns the client request token, which becomes the id of the new version. SDKs generate it.
pub fn token(given: Option<String>, refusal: &'static str) -> Result<String, ApiError> {
    given.ok_or_else(|| {
        let text = "You must provide a ClientRequestToken value. We recommend a UUID-type value.";
        ApiError::new(refusal, text)
    })
}

fn token_is_taken(stored: &Stored, token: &str) -> ApiError {
    ApiError::new(
        "ResourceExistsException",
        format!(
            "You can't use ClientRequestToken {token} because that value is already in use for a version of secret {}.",
            stored.arn
        ),
    )
}

/// Returns one of the two, or none.
fn content(text: Option<String>, binary: Option<String>) -> Result<Option<Content>, ApiError> {
    let size = match (&text, &binary) {
        (Some(_), Some(_)) => {
            return Err(ApiError::invalid(
                "You can't specify both a binary secret value and a string secret value in the same secret.",
            ));
        }
        (Some(text), None) => text.len(),
        (None, Some(binary)) => STANDARD
            .decode(binary)
            .map(|bytes| bytes.len())
            .map_err(|_| ApiError::new("SerializationException", "SecretBinary is not base64"))?,
        (None, None) => return Ok(None),
    };
    if !(1..=LARGEST).contains(&size) {
        return Err(ApiError::invalid(format!(
            "A secret value has 1 to {LARGEST} bytes."
        )));
    }
    Ok(text.map(Content::Text).or(binary.map(Content::Binary)))
}

fn tags(given: Vec<Tag>) -> Result<std::collections::BTreeMap<String, String>, ApiError> {
    if given.iter().any(|tag| tag.key.starts_with("aws:")) {
        return Err(ApiError::invalid(
            "Tag keys cannot start with the reserved prefix aws:",
        ));
    }
    if given.len() > TAGS {
        return Err(ApiError::invalid(format!(
            "A secret can have at most {TAGS} tags."
        )));
    }
    let pairs = given.into_iter();
    Ok(pairs
        .map(|tag| (tag.key, tag.value.unwrap_or_default()))
        .collect())
}
