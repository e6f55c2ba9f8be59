//! Checks a request against the service model before its operation runs: JSON types first, as AWS fails to parse them, then all
//! limits at once, with AWS's messages.
//!
//! The limits are in `assets/sandbox/limits.json`, derived from the model; the code here knows no operation.

mod constraint;
mod shape;

use serde_json::Value;

use self::constraint::Finding;
pub use self::shape::Limits;
use self::shape::{Kind, Shape};
use super::errors::ApiError;

/// Returns the input for `operation`, without `null`s.
///
/// # Errors
/// `SerializationException` for a wrong JSON type or a member that the model does not have, `InvalidParameterException` with all
/// broken limits for a wrong value.
pub fn validate(operation: &str, input: &Value) -> Result<Value, ApiError> {
    validate_in(Limits::get(), operation, input)
}

/// Validates by the table of another service.
pub fn validate_in(
    limits: Option<&Limits>,
    operation: &str,
    input: &Value,
) -> Result<Value, ApiError> {
    let damaged = || ApiError::internal("the table of limits is damaged");
    let limits = limits.ok_or_else(damaged)?;
    let shape = limits.input(operation).ok_or_else(damaged)?;
    check_types(limits, shape, input)?;
    let mut findings = Vec::new();
    check_limits(limits, shape, "", input, &mut findings);
    constraint::report(&findings)?;
    Ok(present(input))
}

/// Removes `null`s: they count as omitted.
fn present(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), present(value)))
            .collect(),
        Value::Array(items) => items.iter().map(present).collect(),
        _ => value.clone(),
    }
}

fn check_types(limits: &Limits, shape: &Shape, value: &Value) -> Result<(), ApiError> {
    match (shape.kind, value) {
        (_, Value::Null) | (Kind::String, Value::String(_)) | (Kind::Boolean, Value::Bool(_)) => {
            Ok(())
        }
        (Kind::Integer, Value::Number(number)) if number.is_i64() => Ok(()),
        (Kind::Structure, Value::Object(object)) => object
            .iter()
            .filter(|(_, value)| !value.is_null())
            .try_for_each(|(name, value)| match limits.member(shape, name) {
                Some(member) => check_types(limits, member, value),
                None => Err(constraint::unknown(name)),
            }),
        (Kind::List, Value::Array(items)) => limits.element(shape).map_or(Ok(()), |element| {
            items
                .iter()
                .try_for_each(|item| check_types(limits, element, item))
        }),
        (Kind::Map, Value::Object(object)) => limits.value(shape).map_or(Ok(()), |element| {
            object
                .values()
                .try_for_each(|value| check_types(limits, element, value))
        }),
        (kind, value) => Err(constraint::wrong_type(kind, value)),
    }
}

fn check_limits(
    limits: &Limits,
    shape: &Shape,
    path: &str,
    value: &Value,
    findings: &mut Vec<Finding>,
) {
    if !path.is_empty() {
        findings.extend(
            constraint::broken(shape, value)
                .into_iter()
                .map(|text| Finding::new(path, shape, value, &text)),
        );
    }
    match (shape.kind, value) {
        (Kind::Structure, Value::Object(object)) => {
            for (name, of) in &shape.members {
                let Some(member) = limits.shape(of) else {
                    continue;
                };
                let path = join(path, &camel(name));
                match object.get(name).filter(|value| !value.is_null()) {
                    Some(value) => check_limits(limits, member, &path, value, findings),
                    None if shape.required.contains(name) => {
                        findings.push(Finding::missing(&path, member));
                    }
                    None => {}
                }
            }
        }
        (Kind::List, Value::Array(items)) => {
            let Some(element) = limits.element(shape) else {
                return;
            };
            if element.kind == Kind::Structure {
                for (index, item) in items.iter().enumerate() {
                    let path = join(path, &format!("{}.member", index + 1));
                    check_limits(limits, element, &path, item, findings);
                }
            } else if items.iter().any(|item| constraint::breaks(element, item)) {
                let all = constraint::all(element).join(", ");
                let text = format!("Member must satisfy constraint: [{all}]");
                findings.push(Finding::new(path, element, value, &text));
            }
        }
        (Kind::Map, Value::Object(object)) => {
            let keys = object.keys().cloned().map(Value::String);
            let sides = [
                ("Map keys", limits.key(shape), keys.collect::<Vec<_>>()),
                (
                    "Map value",
                    limits.value(shape),
                    object.values().cloned().collect(),
                ),
            ];
            if let Some(element) = limits.value(shape).filter(|of| of.kind == Kind::Structure) {
                for (key, item) in object {
                    let path = format!("{path}.{key}.member");
                    check_limits(limits, element, &path, item, findings);
                }
            }
            for (side, element, values) in sides {
                let Some(element) = element.filter(|of| of.kind != Kind::Structure) else {
                    continue;
                };
                if values
                    .iter()
                    .any(|value| constraint::breaks(element, value))
                {
                    let all = constraint::all(element).join(", ");
                    let text = format!("{side} must satisfy constraint: [{all}]");
                    findings.push(Finding::new(path, element, value, &text));
                }
            }
        }
        _ => {}
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// Converts a member's name like the service's Java code: `CallbackURLs` is `callbackURLs`, `KMSKeyID` is `kMSKeyID`.
fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_lowercase())
        .into_iter()
        .chain(letters)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(operation: &str, input: &Value) -> String {
        let error = validate(operation, input).unwrap_err();
        assert_eq!(error.name, "InvalidParameterException", "{error:?}");
        error.message
    }

    #[test]
    fn a_missing_member_is_null() {
        assert_eq!(
            refusal("DescribeUserPool", &json!({})),
            "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: \
             Member must not be null"
        );
    }

    #[test]
    fn several_failures_are_counted_and_joined() {
        assert_eq!(
            refusal(
                "ListUserPoolClients",
                &json!({"UserPoolId": "bad id", "MaxResults": 61})
            ),
            "2 validation errors detected: Value '61' at 'maxResults' failed to satisfy constraint: \
             Member must have value less than or equal to 60; Value 'bad id' at 'userPoolId' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+"
        );
    }

    #[test]
    fn a_bad_entry_of_a_list_is_reported_at_the_list() {
        let input = json!({"UserPoolId": "eu-west-1_A", "ClientName": "c", "CallbackURLs": ["https://a.example", ""]});
        assert_eq!(
            refusal("CreateUserPoolClient", &input),
            "1 validation error detected: Value '[https://a.example, ]' at 'callbackURLs' failed to satisfy \
             constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, \
             Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: \
             [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+]"
        );
    }

    #[test]
    fn a_structure_in_a_list_has_a_place() {
        let input = json!({
            "UserPoolId": "eu-west-1_A", "Identifier": "api", "Name": "api",
            "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}, {"ScopeName": "a/b"}],
        });
        let message = refusal("CreateResourceServer", &input);
        assert!(message.starts_with(
            "2 validation errors detected: Value null at 'scopes.2.member.scopeDescription'"
        ));
        assert!(
            message.contains("Value 'a/b' at 'scopes.2.member.scopeName'"),
            "{message}"
        );
    }

    #[test]
    fn a_nested_member_has_its_whole_path() {
        let input = json!({"PoolName": "p", "LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": "V9"}}});
        let message = refusal("CreateUserPool", &input);
        assert!(
            message.contains("Value null at 'lambdaConfig.preTokenGenerationConfig.lambdaArn'"),
            "{message}"
        );
        assert!(
            message.contains("Member must satisfy enum value set: [V1_0, V2_0, V3_0]"),
            "{message}"
        );
    }

    #[test]
    fn a_secret_is_never_echoed() {
        let input =
            json!({"UserPoolId": "eu-west-1_A", "ClientName": "c", "ClientSecret": "too-short"});
        let message = refusal("CreateUserPoolClient", &input);
        assert!(
            message.contains("Value at 'clientSecret' failed"),
            "{message}"
        );
        assert!(!message.contains("too-short"), "{message}");
    }

    #[test]
    fn what_the_service_takes_beyond_its_model_passes() {
        let client = json!({
            "UserPoolId": "eu-west-1_A", "ClientName": "c", "ExplicitAuthFlows": ["ALLOW_CLIENT_TOKEN_AUTH"],
        });
        assert!(validate("CreateUserPoolClient", &client).is_ok());
        let domain = json!({"Domain": "auth.acme.example"});
        assert!(validate("DescribeUserPoolDomain", &domain).is_ok());
    }

    #[test]
    fn patterns_are_ascii_where_java_is_and_whole() {
        let named = |name: &str| validate("CreateUserPool", &json!({"PoolName": name}));
        assert!(named("a pool + two=2,@x.y-z").is_ok());
        assert!(named("naïve").is_err());
        assert!(named("ok;").is_err());
    }

    #[test]
    fn nulls_are_not_there() {
        let input = json!({
            "PoolName": "p", "Surprise": null, "MfaConfiguration": null,
            "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireNumbers": null}},
        });
        assert_eq!(
            validate("CreateUserPool", &input),
            Ok(json!({"PoolName": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 8}}}))
        );
    }

    #[test]
    fn an_unknown_member_is_refused_by_its_name() {
        for input in [
            json!({"PoolName": "p", "Surprise": 1}),
            json!({"PoolName": "p", "Policies": {"PasswordPolicy": {"Surprise": false}}}),
            json!({"PoolName": "p", "Schema": [{"Surprise": []}]}),
            json!({"PoolName": "p", "AcrConfiguration": {"Level1": {"Surprise": {}}}}),
        ] {
            let error = validate("CreateUserPool", &input).unwrap_err();
            assert_eq!(error.name, "SerializationException", "{input}");
            assert!(error.message.contains("Surprise"), "{}", error.message);
        }
        let tags = json!({"PoolName": "p", "UserPoolTags": {"Surprise": "a key of a map is free"}});
        assert!(validate("CreateUserPool", &tags).is_ok());
    }

    #[test]
    fn a_structure_in_a_map_has_a_place() {
        let levels = json!({"PoolName": "p", "AcrConfiguration": {"Level1": {"AcrValue": " "}, "Level2": {}, "Level9": {"AcrValue": "a"}}});
        let message = refusal("CreateUserPool", &levels);
        for part in [
            "3 validation errors detected: ",
            "Value ' ' at 'acrConfiguration.Level1.member.acrValue' failed",
            "Value null at 'acrConfiguration.Level2.member.acrValue' failed",
            "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: Level[1-4]]",
        ] {
            assert!(message.contains(part), "{part}: {message}");
        }
    }

    #[test]
    fn a_wrong_type_is_a_failure_to_parse() {
        for input in [
            json!({"UserPoolId": 7}),
            json!({"UserPoolId": "eu-west-1_A", "MaxResults": "7"}),
            json!({"UserPoolId": ["eu-west-1_A"]}),
            json!([]),
        ] {
            let error = validate("ListUserPoolClients", &input).unwrap_err();
            assert_eq!(error.name, "SerializationException", "{input}");
        }
    }
}
