//! The rules of a pool's settings, and the settings that an update does not change.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::super::errors::ApiError;
use super::super::quota;
use super::{Input, settings};

/// Set at creation or by other operations, never by an update.
pub const FIXED: [&str; 5] = [
    "SchemaAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "UsernameConfiguration",
    "EstimatedNumberOfUsers",
];

/// Kept if an update omits it, else replaced as a whole.
pub const KEPT: [&str; 1] = ["DcrConfiguration"];

/// Checks the rules that apply only to a new pool.
pub fn check_creation(input: Input<'_>) -> Result<(), ApiError> {
    if input.items("AliasAttributes").next().is_some()
        && input.items("UsernameAttributes").next().is_some()
    {
        return Err(ApiError::invalid(
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        ));
    }
    // An update may keep factors that other operations have set.
    let mfa = input.given("MfaConfiguration").unwrap_or("OFF");
    if mfa != "OFF" && !input.has("SmsConfiguration") {
        return Err(ApiError::invalid(
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
        ));
    }
    schema(input)
}

/// Checks the combinations of settings.
pub fn check(input: Input<'_>) -> Result<(), ApiError> {
    passwords(input)?;
    recovery(input)?;
    messages(input)?;
    trigger(input)?;
    acr(input)
}

fn passwords(input: Input<'_>) -> Result<(), ApiError> {
    let policies = input.inside("Policies");
    let sign_in = policies.and_then(|policies| policies.inside("SignInPolicy"));
    let mut factors = sign_in
        .into_iter()
        .flat_map(|policy| policy.texts("AllowedFirstAuthFactors"))
        .peekable();
    if factors.peek().is_some() && !factors.any(|factor| factor == "PASSWORD") {
        return Err(ApiError::invalid(
            "Password should be configured as one of the allowed first auth factors.",
        ));
    }
    let password = policies.and_then(|policies| policies.inside("PasswordPolicy"));
    let admin = input.inside("AdminCreateUserConfig");
    let both = password.is_some_and(|policy| policy.has("TemporaryPasswordValidityDays"))
        && admin.is_some_and(|admin| admin.has("UnusedAccountValidityDays"));
    if both {
        return Err(ApiError::invalid(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ));
    }
    Ok(())
}

fn recovery(input: Input<'_>) -> Result<(), ApiError> {
    let setting = input.inside("AccountRecoverySetting");
    let ways: Vec<Input<'_>> = setting
        .into_iter()
        .flat_map(|setting| setting.items("RecoveryMechanisms"))
        .map(Input)
        .collect();
    let names: HashSet<&str> = ways.iter().map(|way| way.text("Name")).collect();
    let priorities: HashSet<Option<i64>> = ways.iter().map(|way| way.number("Priority")).collect();
    let why = if names.len() < ways.len() || priorities.len() < ways.len() {
        "cannot have duplicate priorities or recovery mechanisms."
    } else if names.contains("admin_only") && names.len() > 1 {
        "cannot use admin_only setting with any other recovery mechanisms."
    } else {
        return Ok(());
    };
    Err(ApiError::invalid(format!(
        "Invalid account recovery setting parameter. Account Recovery Setting {why}"
    )))
}

/// Checks that the settings needed to send messages are there.
fn messages(input: Input<'_>) -> Result<(), ApiError> {
    let email = input.inside("EmailConfiguration");
    if email.is_some_and(|email| {
        email.given("EmailSendingAccount") == Some("DEVELOPER") && !email.has("SourceArn")
    }) {
        return Err(ApiError::invalid(
            "Source ARN is required to use DEVELOPER email sending owner",
        ));
    }
    let verifies = |name: &str| {
        input
            .texts("AutoVerifiedAttributes")
            .any(|verified| verified == name)
    };
    if verifies("phone_number") && !input.has("SmsConfiguration") {
        return Err(ApiError::invalid(
            "SMS configuration is required when phone_number is selected for auto verification",
        ));
    }
    Ok(())
}

/// Checks that the trigger's old and new name have the same function.
fn trigger(input: Input<'_>) -> Result<(), ApiError> {
    let triggers = input.inside("LambdaConfig");
    let older = triggers.and_then(|triggers| triggers.given("PreTokenGeneration"));
    let newer = triggers
        .and_then(|triggers| triggers.inside("PreTokenGenerationConfig"))
        .and_then(|config| config.given("LambdaArn"));
    if older.is_some() && newer.is_some() && older != newer {
        return Err(ApiError::invalid(
            "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
        ));
    }
    Ok(())
}

/// Checks that no two levels have the same name, including the default ones.
fn acr(input: Input<'_>) -> Result<(), ApiError> {
    let levels = acr_levels(input.inside("AcrConfiguration").map(|Input(levels)| levels));
    let mut names = HashSet::new();
    let twice = levels
        .values()
        .filter_map(acr_value)
        .find(|name| !names.insert(*name));
    match twice {
        Some(name) => Err(ApiError::invalid(format!(
            "Each ACR level needs a name of its own: {name}"
        ))),
        None => Ok(()),
    }
}

/// Returns all levels of authentication by name: the given ones over the default ones.
pub fn acr_levels(given: Option<&Value>) -> Map<String, Value> {
    let mut levels: Map<String, Value> = (1..=4)
        .map(|level| {
            let name = json!({"AcrValue": format!("urn:cognito:loa:{level}")});
            (format!("Level{level}"), name)
        })
        .collect();
    levels.extend(
        given
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
    );
    levels
}

fn acr_value(level: &Value) -> Option<&str> {
    level.get("AcrValue")?.as_str()
}

/// Checks the attributes of a new pool.
fn schema(input: Input<'_>) -> Result<(), ApiError> {
    let mut seen = HashSet::new();
    for attribute in input.items("Schema") {
        let given = Input(attribute);
        let name = given.text("Name");
        if let Some(kind) = settings::standard_kind(name) {
            let other = given
                .given("AttributeDataType")
                .filter(|given| *given != kind);
            if other.is_some() || given.flag("DeveloperOnlyAttribute") {
                return Err(ApiError::invalid(format!(
                    "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
                )));
            }
        } else if given.flag("Required") {
            return Err(ApiError::invalid(
                "Required custom attributes are not supported currently.",
            ));
        } else {
            let name = settings::custom_name(name, attribute);
            if !seen.insert(name.clone()) {
                return Err(ApiError::invalid(format!(
                    "Duplicate custom attribute names {name} are not allowed in a user pool schema."
                )));
            }
        }
    }
    Ok(())
}

/// Refuses features that the tier lacks. `before` is the tier of an updated pool.
pub fn check_tier(settings: &Map<String, Value>, before: Option<&str>) -> Result<(), ApiError> {
    let tier = tier(settings);
    let Some(feature) = missing_feature(settings, tier) else {
        return Ok(());
    };
    let changed = before.is_some_and(|before| before != tier);
    let name = if changed {
        "TierChangeNotAllowedException"
    } else {
        "FeatureUnavailableInTierException"
    };
    Err(lacks(name, tier, &feature))
}

/// Returns a feature in the settings that the tier lacks.
fn missing_feature(settings: &Map<String, Value>, tier: &str) -> Option<String> {
    let at = |name: &str, path: &str| settings.get(name).and_then(|value| value.pointer(path));
    let text = |name: &str, path: &str| at(name, path).and_then(Value::as_str);
    let version = text("LambdaConfig", "/PreTokenGenerationConfig/LambdaVersion");
    let factors = at("Policies", "/SignInPolicy/AllowedFirstAuthFactors").and_then(Value::as_array);
    let history = at("Policies", "/PasswordPolicy/PasswordHistorySize").and_then(Value::as_i64);
    let lite = tier == "LITE";
    if let Some(version) = version.filter(|version| lite && *version != "V1_0") {
        return Some(format!(
            "Token Customization with Pre-Token Generation Lambda {version}"
        ));
    }
    let feature = if lite && factors.is_some_and(|all| all.iter().any(|one| one != "PASSWORD")) {
        "Passwordless Sign-In"
    } else if lite && history.is_some_and(|size| size > 0) {
        "Password History"
    } else if lite && settings.contains_key("AcrConfiguration") {
        "Custom ACR Level Names"
    } else if lite && text("DcrConfiguration", "/EnableStatus") == Some("Enabled") {
        "Dynamic Client Registration"
    } else if tier != "PLUS"
        && text("UserPoolAddOns", "/AdvancedSecurityMode").is_some_and(|mode| mode != "OFF")
    {
        "Threat Protection"
    } else {
        return None;
    };
    Some(feature.to_owned())
}

/// Creates the error of a feature that a tier lacks.
pub fn lacks(name: &'static str, tier: &str, feature: &str) -> ApiError {
    ApiError::new(
        name,
        format!(
            "The following features need to be disabled for the {tier} pricing tier configured: {feature}"
        ),
    )
}

/// Returns the feature plan in a pool's settings.
pub fn tier(settings: &Map<String, Value>) -> &str {
    settings
        .get("UserPoolTier")
        .and_then(Value::as_str)
        .unwrap_or("ESSENTIALS")
}

/// Refuses keys in AWS's own namespace, and more tags than a pool may have.
pub fn check_tags<'a>(keys: impl Iterator<Item = &'a String>) -> Result<(), ApiError> {
    let mut count = 0;
    for key in keys {
        if key.starts_with("aws:") {
            return Err(ApiError::invalid(
                "Tag keys cannot start with the reserved prefix aws:",
            ));
        }
        count += 1;
    }
    if count > quota::TAGS_PER_POOL {
        return Err(ApiError::invalid(format!(
            "A user pool can have at most {} tags.",
            quota::TAGS_PER_POOL
        )));
    }
    Ok(())
}
