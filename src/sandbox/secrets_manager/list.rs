//! ListSecrets.

use serde::Deserialize;

use super::super::errors::ApiError;
use super::{Answer, Call, OWNER, Stored, read};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct List {
    #[serde(default)]
    include_planned_deletion: bool,
    max_results: Option<usize>,
    next_token: Option<String>,
    #[serde(default)]
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Filter {
    key: Option<Field>,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Field {
    Description,
    Name,
    TagKey,
    TagValue,
    OwningService,
}

pub fn list(call: &mut Call<'_>) -> Answer {
    let request: List = call.read()?;
    let mut kept: Vec<(String, &Stored)> = Vec::new();
    for stored in call.state.stored.values() {
        let there = request.include_planned_deletion || stored.deletion.is_none();
        if there && passes(&request.filters, stored)? {
            kept.push((format!("{:020.3} {}", stored.created, stored.name), stored));
        }
    }
    let page = call.shared.pager.page(
        "ListSecrets",
        &kept,
        |(key, _)| key,
        request.next_token.as_deref(),
        request.max_results.unwrap_or(100),
    );
    let page = page.map_err(|error| ApiError {
        name: "InvalidNextTokenException",
        ..error
    })?;
    Ok(page.answer("SecretList", |(_, stored)| {
        read::described(stored, "SecretVersionsToStages").into()
    }))
}

/// Returns whether a secret passes every filter.
fn passes(filters: &[Filter], stored: &Stored) -> Result<bool, ApiError> {
    for filter in filters {
        let Some(key) = &filter.key else {
            return Err(ApiError::invalid("A filter must have a key."));
        };
        if filter.values.is_empty() {
            return Err(ApiError::invalid("A filter must have a value."));
        }
        if !filter
            .values
            .iter()
            .any(|value| passes_one(key, value, stored))
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns whether one filter value matches: it is the start of the compared text; an exclamation mark before it negates it.
fn passes_one(field: &Field, value: &str, stored: &Stored) -> bool {
    let (wanted, value) = match value.strip_prefix('!') {
        Some(rest) => (false, rest),
        None => (true, value),
    };
    let found = match field {
        Field::Name => stored.name.starts_with(value),
        Field::Description => {
            let text = stored.description.as_deref().unwrap_or_default();
            text.to_lowercase().starts_with(&value.to_lowercase())
        }
        Field::TagKey => stored.tags.keys().any(|key| key.starts_with(value)),
        Field::TagValue => stored.tags.values().any(|text| text.starts_with(value)),
        Field::OwningService => stored.owner.is_some() && OWNER.starts_with(value),
    };
    found == wanted
}
