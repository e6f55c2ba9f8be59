//! Checks a value against one limit, with the service's messages.

use serde_json::Value;

use super::super::errors::ApiError;
use super::shape::{Kind, Shape};

/// A broken limit, in the service's words.
pub struct Finding(String);

impl Finding {
    pub fn new(path: &str, shape: &Shape, value: &Value, text: &str) -> Self {
        let value = if shape.sensitive {
            String::new()
        } else {
            format!(" '{}'", show(value))
        };
        Self(format!(
            "Value{value} at '{path}' failed to satisfy constraint: {text}"
        ))
    }

    /// Creates the finding of a missing required member.
    pub fn missing(path: &str, shape: &Shape) -> Self {
        let null = if shape.sensitive { "" } else { " null" };
        Self(format!(
            "Value{null} at '{path}' failed to satisfy constraint: Member must not be null"
        ))
    }
}

/// Returns all findings as one error, if any.
pub fn report(findings: &[Finding]) -> Result<(), ApiError> {
    let count = match findings.len() {
        0 => return Ok(()),
        1 => "1 validation error".to_owned(),
        many => format!("{many} validation errors"),
    };
    let texts: Vec<&str> = findings.iter().map(|Finding(text)| text.as_str()).collect();
    Err(ApiError::invalid(format!(
        "{count} detected: {}",
        texts.join("; ")
    )))
}

/// Returns the limits of the shape that the value itself breaks, without its contents.
pub fn broken(shape: &Shape, value: &Value) -> Vec<String> {
    let size = size(value);
    let low = shape.min.filter(|min| size.is_some_and(|size| size < *min));
    let high = shape.max.filter(|max| size.is_some_and(|size| size > *max));
    let text = value.as_str().unwrap_or_default();
    let word = value.is_string();
    [
        low.map(|min| at_least(shape.kind, min)),
        high.map(|max| at_most(shape.kind, max)),
        (word && !shape.matches(text)).then(|| pattern(shape)),
        (word && !shape.allows(text)).then(|| allowed(shape)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns whether an entry of a list or map breaks a limit. `null` does: entries are required.
pub fn breaks(shape: &Shape, value: &Value) -> bool {
    value.is_null() || !broken(shape, value).is_empty()
}

/// Returns all limits of the shape, in the service's order for entries.
pub fn all(shape: &Shape) -> Vec<String> {
    [
        shape.max.map(|max| at_most(shape.kind, max)),
        shape.min.map(|min| at_least(shape.kind, min)),
        shape.pattern.is_some().then(|| pattern(shape)),
        (!shape.allowed.is_empty()).then(|| allowed(shape)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the error of a JSON type that does not fit the shape.
pub fn wrong_type(kind: Kind, value: &Value) -> ApiError {
    let wanted = match kind {
        Kind::String => "a String",
        Kind::Integer => "an Integer",
        Kind::Boolean => "a Boolean",
        Kind::Structure => "a structure",
        Kind::List => "a List",
        Kind::Map => "a Map",
    };
    let found = match value {
        Value::Object(_) => return unexpected("Start of structure or map"),
        Value::Array(_) => return unexpected("Start of list"),
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
    };
    ApiError::new(
        "SerializationException",
        format!("{found} can not be converted to {wanted}"),
    )
}

/// Returns the error of a member that no operation here reads. AWS ignores it; here that would silently lose a setting.
pub fn unknown(name: &str) -> ApiError {
    ApiError::new(
        "SerializationException",
        format!("The service model has no member {name} here, so it would be lost."),
    )
}

fn unexpected(what: &str) -> ApiError {
    ApiError::new(
        "SerializationException",
        format!("{what} found where not expected."),
    )
}

/// Returns the size that `min` and `max` limit: a number's value, a text's length in UTF-16 units, a collection's entries.
fn size(value: &Value) -> Option<i64> {
    let length = match value {
        Value::Number(number) => return number.as_i64(),
        Value::String(text) => text.encode_utf16().count(),
        Value::Array(items) => items.len(),
        Value::Object(object) => object.len(),
        Value::Null | Value::Bool(_) => return None,
    };
    i64::try_from(length).ok()
}

fn measure(kind: Kind) -> &'static str {
    if kind == Kind::Integer {
        "value"
    } else {
        "length"
    }
}

fn at_least(kind: Kind, min: i64) -> String {
    let measure = measure(kind);
    format!("Member must have {measure} greater than or equal to {min}")
}

fn at_most(kind: Kind, max: i64) -> String {
    let measure = measure(kind);
    format!("Member must have {measure} less than or equal to {max}")
}

fn pattern(shape: &Shape) -> String {
    let pattern = shape.pattern.as_deref().unwrap_or_default();
    format!("Member must satisfy regular expression pattern: {pattern}")
}

fn allowed(shape: &Shape) -> String {
    let allowed = shape.allowed.join(", ");
    format!("Member must satisfy enum value set: [{allowed}]")
}

/// Formats a value like the service's Java code.
fn show(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(show).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(object) => {
            let entries: Vec<String> = object
                .iter()
                .map(|(key, value)| format!("{key}={}", show(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        other => other.to_string(),
    }
}
