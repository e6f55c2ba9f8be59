//! What a pool's settings may not be, and which of them an update cannot reach.

use serde_json::{Map, Value};

use super::super::errors::ApiError;
use super::super::quota;
use super::Input;

/// Set at creation and never again; UpdateUserPool neither takes nor loses them.
pub const FIXED: [&str; 4] = [
    "SchemaAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "UsernameConfiguration",
];

/// Refuses aliases beside usernames: a pool signs in by one or the other.
pub fn check_sign_in(input: Input<'_>) -> Result<(), ApiError> {
    if input.items("AliasAttributes").next().is_some()
        && input.items("UsernameAttributes").next().is_some()
    {
        return Err(ApiError::invalid(
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        ));
    }
    Ok(())
}

/// Refuses features that the tier does not have. `before` is the tier of a pool that is updated.
pub fn check_tier(settings: &Map<String, Value>, before: Option<&str>) -> Result<(), ApiError> {
    let at = |name: &str, path: &str| settings.get(name).and_then(|value| value.pointer(path));
    let tier = tier(settings);
    let trigger = at("LambdaConfig", "/PreTokenGenerationConfig/LambdaVersion");
    let protection = at("UserPoolAddOns", "/AdvancedSecurityMode");
    let history = at("Policies", "/PasswordPolicy/PasswordHistorySize");
    let feature = if tier == "LITE" && trigger.is_some_and(|version| version != "V1_0") {
        "Access Token Customization"
    } else if tier == "LITE" && history.and_then(Value::as_i64).is_some_and(|size| size > 0) {
        "Password History"
    } else if tier != "PLUS" && protection.is_some_and(|mode| mode != "OFF") {
        "Threat Protection"
    } else {
        return Ok(());
    };
    let changed = before.is_some_and(|before| before != tier);
    let name = if changed {
        "TierChangeNotAllowedException"
    } else {
        "FeatureUnavailableInTierException"
    };
    Err(lacks(name, tier, feature))
}

/// The refusal of a feature that a tier lacks.
pub fn lacks(name: &'static str, tier: &str, feature: &str) -> ApiError {
    ApiError::new(
        name,
        format!(
            "The following features need to be disabled for the {tier} pricing tier configured: {feature}"
        ),
    )
}

/// The feature plan among a pool's settings.
pub fn tier(settings: &Map<String, Value>) -> &str {
    settings
        .get("UserPoolTier")
        .and_then(Value::as_str)
        .unwrap_or("ESSENTIALS")
}

/// Refuses keys in AWS's own namespace and more tags than a pool may have.
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
