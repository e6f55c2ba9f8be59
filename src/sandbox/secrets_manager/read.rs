//! Reads one secret: its value, and its description.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::errors::ApiError;
use super::{Answer, CURRENT, Call, Content, OWNER, Schedule, Stored, Version, invalid_request};

const DAY: f64 = 86_400.0;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetValue {
    secret_id: String,
    version_id: Option<String>,
    version_stage: Option<String>,
}

/// A request that only names a secret.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Named {
    pub secret_id: String,
}

pub fn value(call: &mut Call<'_>) -> Answer {
    let request: GetValue = call.read()?;
    let midnight = (call.now / DAY).floor() * DAY;
    let stored = call.live(&request.secret_id)?;
    let stage = request.version_stage.as_deref();
    let version = version(stored, request.version_id.as_deref(), stage)?;
    let mut answer = json!({
        "ARN": stored.arn, "Name": stored.name, "VersionId": version.id, "CreatedDate": version.created,
    });
    if let Some(members) = answer.as_object_mut() {
        match &version.content {
            Some(Content::Text(text)) => members.insert("SecretString".to_owned(), json!(text)),
            Some(Content::Binary(bytes)) => members.insert("SecretBinary".to_owned(), json!(bytes)),
            None => None,
        };
        if !version.stages.is_empty() {
            members.insert("VersionStages".to_owned(), json!(version.stages));
        }
    }
    stored.accessed = Some(midnight);
    Ok(answer)
}

/// Returns the requested version, if it has a value: by its id, by a label, by both, or the current one.
fn version<'s>(
    stored: &'s Stored,
    id: Option<&str>,
    stage: Option<&str>,
) -> Result<&'s Version, ApiError> {
    let (found, what) = if let Some(id) = id {
        (stored.version(id), format!("VersionId: {id}"))
    } else {
        let stage = stage.unwrap_or(CURRENT);
        (stored.labelled(stage), format!("staging label: {stage}"))
    };
    let version = found
        .filter(|version| version.content.is_some())
        .ok_or_else(|| {
            ApiError::not_found(format!(
                "Secrets Manager can't find the specified secret value for {what}"
            ))
        })?;
    if stage.is_some_and(|stage| !version.stages.contains(stage)) {
        return Err(invalid_request(
            "You provided a VersionStage that is not associated to the provided VersionId.",
        ));
    }
    Ok(version)
}

pub fn describe(call: &mut Call<'_>) -> Answer {
    let request: Named = call.read()?;
    let stored = call.stored(&request.secret_id)?;
    Ok(described(stored, "VersionIdsToStages").into())
}

/// Returns a secret without its value, as in a description and, with another name for its versions, in a list.
pub fn described(stored: &Stored, versions: &str) -> Map<String, Value> {
    let mut described = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            described.insert(name.to_owned(), value);
        }
    };
    put("ARN", Some(json!(stored.arn)));
    put("Name", Some(json!(stored.name)));
    put("CreatedDate", Some(json!(stored.created)));
    put("LastChangedDate", Some(json!(stored.changed)));
    put(
        "Description",
        stored.description.as_ref().map(|text| json!(text)),
    );
    put("KmsKeyId", stored.kms_key.as_ref().map(|key| json!(key)));
    put("LastAccessedDate", stored.accessed.map(|date| json!(date)));
    put("DeletedDate", stored.deletion.map(|date| json!(date)));
    put(
        "OwningService",
        stored.owner.is_some().then(|| json!(OWNER)),
    );
    if let Some(rotation) = &stored.rotation {
        put("RotationEnabled", Some(json!(rotation.enabled)));
        put("RotationRules", Some(rules(rotation.schedule)));
        put("LastRotatedDate", rotation.last.map(|date| json!(date)));
        put("NextRotationDate", rotation.next.map(|date| json!(date)));
    }
    let labelled: Map<String, Value> = stored
        .versions
        .iter()
        .filter(|version| !version.stages.is_empty())
        .map(|version| (version.id.clone(), json!(version.stages)))
        .collect();
    put(versions, (!labelled.is_empty()).then(|| labelled.into()));
    let tags = stored.tags.iter();
    let tags: Vec<Value> = tags
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    put("Tags", (!tags.is_empty()).then(|| tags.into()));
    described
}

/// Returns the rules of a schedule. The days are included, however it was set.
fn rules(schedule: Schedule) -> Value {
    match schedule {
        Schedule::AfterDays(days) => json!({"AutomaticallyAfterDays": days}),
        Schedule::RateInDays(days) => json!({
            "AutomaticallyAfterDays": days, "ScheduleExpression": format!("rate({days} days)"),
        }),
        Schedule::RateInHours(hours) => {
            json!({"ScheduleExpression": format!("rate({hours} hours)")})
        }
    }
}
