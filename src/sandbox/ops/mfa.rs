//! Multi-factor authentication, which has its own operations.

use serde_json::{Map, Value, json};

use super::super::errors::ApiError;
use super::super::state::Pool;
use super::{Answer, Call, Input, later};

/// Factors that are kept apart from the pool's settings: DescribeUserPool does not tell them.
const APART: [&str; 2] = ["SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"];
/// Passkeys are no factor of MFA: they go with it switched off, too.
const PASSKEYS: &str = "WebAuthnConfiguration";
/// The members of `SmsMfaConfiguration`, which are the pool's own settings as well.
const SMS: [&str; 2] = ["SmsAuthenticationMessage", "SmsConfiguration"];

pub fn get(call: &mut Call<'_>) -> Answer {
    Ok(answer(call.pool()?))
}

/// Replaces the factors that are kept apart. An omitted `MfaConfiguration` stays as it is, and so do the pool's SMS settings, which also
/// serve to verify numbers.
pub fn set(call: &mut Call<'_>) -> Answer {
    let (input, now) = (call.input, call.now);
    let pool = call.pool()?;
    let mode = input
        .given("MfaConfiguration")
        .unwrap_or_else(|| mode(pool))
        .to_owned();
    let asked = factors(input);
    if mode == "OFF" && asked {
        return Err(ApiError::invalid(
            "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
        ));
    }
    if mode != "OFF" && !asked && !pool.settings.contains_key("SmsConfiguration") {
        return Err(ApiError::invalid(
            "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be enabled.",
        ));
    }
    for name in APART {
        keep(&mut pool.mfa, name, input.inside(name));
    }
    if input.has(PASSKEYS) {
        keep(&mut pool.mfa, PASSKEYS, input.inside(PASSKEYS));
    }
    if let Some(Input(Value::Object(sms))) = input.inside("SmsMfaConfiguration") {
        pool.settings.extend(sms.clone());
    }
    pool.settings
        .insert("MfaConfiguration".to_owned(), json!(mode));
    pool.modified = later(now, pool.modified);
    Ok(answer(pool))
}

/// Whether MFA of the pool is off, optional or on.
pub fn mode(pool: &Pool) -> &str {
    let mode = pool.settings.get("MfaConfiguration");
    mode.and_then(Value::as_str).unwrap_or("OFF")
}

/// Whether a request has a factor. A software token that is not enabled is none.
fn factors(input: Input<'_>) -> bool {
    let software = input.inside("SoftwareTokenMfaConfiguration");
    input.has("SmsMfaConfiguration")
        || input.has("EmailMfaConfiguration")
        || software.is_some_and(|software| software.flag("Enabled"))
}

fn keep(mfa: &mut Map<String, Value>, name: &str, value: Option<Input<'_>>) {
    match value {
        Some(Input(value)) => mfa.insert(name.to_owned(), value.clone()),
        None => mfa.remove(name),
    };
}

fn answer(pool: &Pool) -> Value {
    let mut answer = pool.mfa.clone();
    answer.insert("MfaConfiguration".to_owned(), json!(mode(pool)));
    let sms: Map<String, Value> = SMS
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), pool.settings.get(name)?.clone())))
        .collect();
    if !sms.is_empty() {
        answer.insert("SmsMfaConfiguration".to_owned(), Value::Object(sms));
    }
    Value::Object(answer)
}
