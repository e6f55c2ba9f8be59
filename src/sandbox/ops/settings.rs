//! Default settings, and how a request's settings are merged into them. An update starts from the defaults, like a creation: that
//! is why omitted settings are lost.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::pool_settings::acr_levels;

type Settings = Map<String, Value>;

#[derive(Deserialize, Default)]
struct Defaults {
    pool: Settings,
    client: Settings,
    standard_attributes: Settings,
}

fn defaults() -> &'static Defaults {
    static DEFAULTS: OnceLock<Defaults> = OnceLock::new();
    DEFAULTS.get_or_init(|| {
        // The file is part of the binary, and a test reads it.
        serde_json::from_str(include_str!("../../../assets/sandbox/defaults.json"))
            .unwrap_or_default()
    })
}

/// Merges a pool's settings into the defaults.
pub fn pool(given: Settings) -> Settings {
    let mut settings = over(&defaults().pool, given);
    let verifies = settings
        .get("AutoVerifiedAttributes")
        .is_some_and(is_filled);
    if verifies {
        settings
            .entry("UserAttributeUpdateSettings")
            .or_insert(json!({"AttributesRequireVerificationBeforeUpdate": []}));
    }
    // Configured registration is on unless it is set to off.
    if let Some(Value::Object(registration)) = settings.get_mut("DcrConfiguration") {
        registration
            .entry("EnableStatus")
            .or_insert(json!("Enabled"));
        registration.entry("OpenDcrEnabled").or_insert(json!(false));
    }
    // A level with its default name is not a custom one.
    if let Some(Value::Object(levels)) = settings.get_mut("AcrConfiguration") {
        let defaults = acr_levels(None);
        levels.retain(|level, name| defaults.get(level) != Some(name));
        if levels.is_empty() {
            settings.remove("AcrConfiguration");
        }
    }
    settings
}

fn is_filled(list: &Value) -> bool {
    list.as_array().is_some_and(|items| !items.is_empty())
}

/// Merges a client's settings into the defaults. An empty list counts as omitted.
pub fn client(given: Settings) -> Settings {
    let mut settings = over(&defaults().client, given);
    settings.retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
    if let Some(Value::Object(rotation)) = settings.get_mut("RefreshTokenRotation") {
        rotation
            .entry("RetryGracePeriodSeconds")
            .or_insert(json!(0));
    }
    settings
}

/// Merges structures one level deep: a password policy replaces the default one as a whole, the sign-in policy next to it stays.
fn over(defaults: &Settings, given: Settings) -> Settings {
    let mut settings = defaults.clone();
    for (name, value) in given {
        match (settings.get_mut(&name), value) {
            (Some(Value::Object(default)), Value::Object(given)) => default.extend(given),
            (_, value) => {
                settings.insert(name, value);
            }
        }
    }
    settings
}

/// Builds `SchemaAttributes`: the standard attributes, changed by `Schema`, and the custom ones.
pub fn schema<'a>(given: impl Iterator<Item = &'a Value>) -> Value {
    let mut attributes: Vec<Value> = defaults()
        .standard_attributes
        .iter()
        .map(|(name, kind)| standard(name, kind))
        .collect();
    for attribute in given {
        let name = attribute
            .get("Name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let known = attributes.iter_mut().find(|known| is_named(known, name));
        match (known.and_then(Value::as_object_mut), attribute) {
            (Some(known), Value::Object(given)) => known.extend(given.clone()),
            _ => attributes.push(custom(name, attribute)),
        }
    }
    Value::Array(attributes)
}

/// Returns the type of a standard attribute; `None` if it does not exist.
pub fn standard_kind(name: &str) -> Option<&'static str> {
    defaults().standard_attributes.get(name)?.as_str()
}

/// Returns the name of a custom attribute in the pool.
pub fn custom_name(name: &str, given: &Value) -> String {
    let developer = given.get("DeveloperOnlyAttribute").and_then(Value::as_bool);
    let prefix = if developer == Some(true) {
        "dev:custom"
    } else {
        "custom"
    };
    format!("{prefix}:{name}")
}

/// Returns whether a schema's attribute has this name.
pub fn is_named(attribute: &Value, name: &str) -> bool {
    attribute.get("Name").and_then(Value::as_str) == Some(name)
}

fn standard(name: &str, kind: &Value) -> Value {
    let subject = name == "sub";
    let mut attribute = json!({
        "Name": name, "AttributeDataType": kind, "DeveloperOnlyAttribute": false,
        "Mutable": !subject, "Required": subject,
    });
    // A birthdate such as 1987-03-14.
    let (least, most) = match name {
        "sub" => ("1", "2048"),
        "birthdate" => ("10", "10"),
        _ => ("0", "2048"),
    };
    let limits = match kind.as_str() {
        Some("String") => (
            "StringAttributeConstraints",
            json!({"MinLength": least, "MaxLength": most}),
        ),
        Some("Number") => ("NumberAttributeConstraints", json!({"MinValue": "0"})),
        _ => return attribute,
    };
    if let Some(members) = attribute.as_object_mut() {
        members.insert(limits.0.to_owned(), limits.1);
    }
    attribute
}

fn custom(name: &str, given: &Value) -> Value {
    let mut attribute = json!({
        "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false,
    });
    if let (Some(members), Value::Object(settings)) = (attribute.as_object_mut(), given) {
        members.extend(settings.clone());
        members.insert("Name".to_owned(), json!(custom_name(name, given)));
    }
    attribute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_in_the_binary_are_whole() {
        assert_eq!(defaults().pool["UserPoolTier"], "ESSENTIALS");
        assert_eq!(defaults().client["RefreshTokenValidity"], 30);
        assert_eq!(defaults().standard_attributes.len(), 20);
    }

    #[test]
    fn a_given_policy_leaves_the_one_beside_it() {
        let given = json!({"Policies": {"PasswordPolicy": {"MinimumLength": 12}}});
        let settings = pool(given.as_object().unwrap().clone());
        assert_eq!(
            settings["Policies"]["PasswordPolicy"],
            json!({"MinimumLength": 12})
        );
        assert_eq!(
            settings["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"],
            json!(["PASSWORD"])
        );
    }

    #[test]
    fn a_schema_has_the_standard_attributes_and_the_custom_ones() {
        let given = [
            json!({"Name": "email", "Required": true}),
            json!({"Name": "team", "AttributeDataType": "String"}),
        ];
        let schema = schema(given.iter());
        let attributes = schema.as_array().unwrap();
        assert_eq!(attributes.len(), 21);
        let named = |name| attributes.iter().find(|a| is_named(a, name)).unwrap();
        assert_eq!(named("email")["Required"], true);
        assert_eq!(named("custom:team")["Mutable"], true);
    }
}
