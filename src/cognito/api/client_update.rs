//! App clients as JSON: parsed from a description, and written back without losing other settings.
//!
//! `UpdateUserPoolClient` resets every setting that is not sent. So all are sent, exactly as Cognito just described them unless the
//! change affects them, including settings that this build does not know.

use std::mem;

use secrecy::SecretString;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::reads::resource;
use crate::cognito::error::Error;
use crate::cognito::sdk::json_body::{self, Members, Reader};
use crate::domain::client::{
    Analytics, AppClient, ClientSettings, OAuthFlow, RefreshTokenRotation, TimeUnit, Validity,
};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;
use crate::domain::other_settings::OtherSettings;
use crate::domain::scope::ScopeName;
use crate::domain::secret::DescribedSecret;

const UNITS: &str = "TokenValidityUnits";
/// The members of `TokenValidityUnits`.
const TOKENS: [&str; 3] = ["AccessToken", "IdToken", "RefreshToken"];
const ROTATION: &str = "RefreshTokenRotation";
const ANALYTICS: &str = "AnalyticsConfiguration";
const SECRET: &str = "ClientSecret";

/// The known members of a description. Source: botocore 1.44.8, `UserPoolClientType`.
const KNOWN: [(&str, &[&str]); 4] = [
    ("", &NAMES),
    (UNITS, &["AccessToken", "IdToken", "RefreshToken"]),
    (
        ANALYTICS,
        &[
            "ApplicationId",
            "ApplicationArn",
            "RoleArn",
            "ExternalId",
            "UserDataShared",
        ],
    ),
    (ROTATION, &["Feature", "RetryGracePeriodSeconds"]),
];

const NAMES: [&str; 29] = [
    "UserPoolId",
    "ClientId",
    "ClientName",
    SECRET,
    "ClientSecretArn",
    "ClientType",
    "CreationDate",
    "LastModifiedDate",
    "RefreshTokenValidity",
    "AccessTokenValidity",
    "IdTokenValidity",
    UNITS,
    "ReadAttributes",
    "WriteAttributes",
    "ExplicitAuthFlows",
    "SupportedIdentityProviders",
    "CallbackURLs",
    "LogoutURLs",
    "DefaultRedirectURI",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
    "AllowedOAuthFlowsUserPoolClient",
    ANALYTICS,
    "PreventUserExistenceErrors",
    "EnableTokenRevocation",
    "EnablePropagateAdditionalUserContextData",
    "AuthSessionValidity",
    ROTATION,
    // Part of requests only; here in case a description has it.
    PUBLISH,
];

/// Moves the secret into AWS Secrets Manager, or back.
pub const PUBLISH: &str = "PublishSecretsInAWSSecretsManager";

/// What `DescribeUserPoolClient` returns and `UpdateUserPoolClient` does not accept. Ids are added again separately. Omitting the
/// secret's place keeps it.
const READ_ONLY: [&str; 8] = [
    "UserPoolId",
    "ClientId",
    SECRET,
    "ClientSecretArn",
    "ClientType",
    "CreationDate",
    "LastModifiedDate",
    PUBLISH,
];

/// Removes the client's secret from a description.
///
/// # Errors
/// [`crate::cognito::ErrorKind::Malformed`]: it is not a text.
pub fn take_secret(
    members: &mut Members,
    operation: &'static str,
    about: &str,
) -> Result<Option<SecretString>, Error> {
    let mut reader = Reader::new(members);
    let secret = reader.text(SECRET).map(SecretString::from);
    reader.finish(operation, about)?;
    members.remove(SECRET);
    Ok(secret)
}

/// The client of a description whose secret was removed before; `shown`: the description had one.
///
/// # Errors
/// [`crate::cognito::ErrorKind::Malformed`]: a known member is not of its kind.
pub fn app_client(
    pool: &PoolId,
    id: &ClientId,
    members: &Members,
    shown: bool,
    operation: &'static str,
) -> Result<AppClient, Error> {
    let mut reader = Reader::new(members);
    let own: Option<ClientId> = reader.text("ClientId").map(ClientId::new);
    let arn = reader.text("ClientSecretArn");
    let client = AppClient {
        pool: pool.clone(),
        id: own.unwrap_or_else(|| id.clone()),
        secret: match arn {
            _ if shown => DescribedSecret::Shown,
            Some(arn) => DescribedSecret::Managed(arn),
            None => DescribedSecret::Absent,
        },
        client_type: reader.text("ClientType").map(|word| word.as_str().into()),
        settings: client_settings(&mut reader),
        undescribed: undescribed(members),
        other: strange(members, json_body::others(members, &KNOWN)),
        created: reader.date("CreationDate"),
        modified: reader.date("LastModifiedDate"),
    };
    reader.finish(operation, &resource(pool, id))?;
    Ok(client)
}

/// The lifetimes, and their units, that a description leaves out. Zero says as little as absence.
fn undescribed(members: &Members) -> Vec<&'static str> {
    let mut reader = Reader::new(members);
    let lives = [
        "AccessTokenValidity",
        "IdTokenValidity",
        "RefreshTokenValidity",
    ];
    let mut missing: Vec<&'static str> = lives
        .into_iter()
        .filter(|name| matches!(reader.read::<i32>(name), None | Some(0)))
        .collect();
    let units: Members = reader.read(UNITS).unwrap_or_default();
    let mut units = Reader::new(&units);
    missing.extend(TOKENS.into_iter().filter(|name| units.text(name).is_none()));
    missing
}

/// Adds to `other` the values of known members that this build does not know.
fn strange(members: &Members, mut other: OtherSettings) -> OtherSettings {
    let mut look = |object: &'static str, names: &[&'static str], knows: fn(&str) -> bool| {
        let inner = members
            .get(object)
            .and_then(|inner| json_body::object(inner));
        let inner = inner.unwrap_or_default();
        let words = names.iter().filter_map(|name| {
            let word = Reader::new(&inner).text(name)?;
            (!knows(&word)).then(|| ((*name).to_owned(), Value::from(word).to_string()))
        });
        other = mem::take(&mut other).with(object, OtherSettings::new(words));
    };
    look(UNITS, &TOKENS, |word| TimeUnit::from_api(word).is_some());
    look(ROTATION, &["Feature"], |word| {
        matches!(word, "ENABLED" | "DISABLED")
    });
    other
}

fn client_settings(reader: &mut Reader) -> ClientSettings {
    let names = ["AccessToken", "IdToken", "RefreshToken"];
    let words = reader.object(UNITS, |units| names.map(|name| units.text(name)));
    let [access, id_token, refresh] = words.unwrap_or_default();
    let unit = |word: Option<String>, default| match word {
        None => default,
        Some(word) => TimeUnit::from_api(&word).unwrap_or(TimeUnit::Unknown),
    };
    // Source of the defaults: botocore 1.44.8, `TokenValidityUnitsType`.
    let (access, id_token, refresh) = (
        unit(access, TimeUnit::Hours),
        unit(id_token, TimeUnit::Hours),
        unit(refresh, TimeUnit::Days),
    );
    let flows: Vec<String> = reader.list("AllowedOAuthFlows");
    let scopes: Vec<String> = reader.list("AllowedOAuthScopes");
    ClientSettings {
        name: reader.text("ClientName").unwrap_or_default(),
        // Source of the default: botocore 1.44.8, `AllowedOAuthFlowsUserPoolClient`.
        oauth_enabled: reader
            .read("AllowedOAuthFlowsUserPoolClient")
            .unwrap_or(false),
        flows: flows.iter().map(|flow| flow.as_str().into()).collect(),
        scopes: scopes.into_iter().map(ScopeName::new).collect(),
        explicit_auth_flows: reader.list("ExplicitAuthFlows"),
        identity_providers: reader.list("SupportedIdentityProviders"),
        callback_urls: reader.list("CallbackURLs"),
        logout_urls: reader.list("LogoutURLs"),
        default_redirect_uri: reader.text("DefaultRedirectURI"),
        access_token: validity(reader.read("AccessTokenValidity"), access, ONE_HOUR),
        id_token: validity(reader.read("IdTokenValidity"), id_token, ONE_HOUR),
        refresh_token: validity(reader.read("RefreshTokenValidity"), refresh, THIRTY_DAYS),
        auth_session_minutes: reader.read("AuthSessionValidity"),
        token_revocation: reader.read("EnableTokenRevocation"),
        prevent_user_existence_errors: reader.text("PreventUserExistenceErrors"),
        read_attributes: reader.list("ReadAttributes"),
        write_attributes: reader.list("WriteAttributes"),
        propagates_user_context: reader.read("EnablePropagateAdditionalUserContextData"),
        refresh_token_rotation: reader.object(ROTATION, rotation).flatten(),
        analytics: reader.object(ANALYTICS, analytics).map(Box::new),
    }
}

const ONE_HOUR: Validity = Validity {
    value: 1,
    unit: TimeUnit::Hours,
};
const THIRTY_DAYS: Validity = Validity {
    value: 30,
    unit: TimeUnit::Days,
};

/// Zero and absence both mean Cognito's default.
fn validity(value: Option<i32>, unit: TimeUnit, default: Validity) -> Validity {
    match value {
        None | Some(0) => default,
        Some(value) => Validity { value, unit },
    }
}

fn rotation(reader: &mut Reader<'_>) -> Option<RefreshTokenRotation> {
    let grace_seconds = reader.read("RetryGracePeriodSeconds");
    Some(RefreshTokenRotation {
        enabled: match reader.text("Feature")?.as_str() {
            "ENABLED" => true,
            "DISABLED" => false,
            _ => return None,
        },
        grace_seconds,
    })
}

fn analytics(reader: &mut Reader<'_>) -> Analytics {
    Analytics {
        application_id: reader.text("ApplicationId"),
        application_arn: reader.text("ApplicationArn"),
        role_arn: reader.text("RoleArn"),
        external_id: reader.text("ExternalId"),
        user_data_shared: reader.read("UserDataShared").unwrap_or(false),
    }
}

/// The `UpdateUserPoolClient` that keeps a client as `described`, except for what differs between `before` and `after`.
pub fn update(
    pool: &PoolId,
    client: &ClientId,
    described: Members,
    before: &ClientSettings,
    after: &ClientSettings,
) -> Members {
    let mut update = described;
    for member in READ_ONLY {
        update.remove(member);
    }
    // A null or empty text of a known member is unset; Cognito refuses it in a request.
    update.retain(|name, value| match value.get() {
        "null" => false,
        "\"\"" => !NAMES.contains(&name.as_str()),
        _ => true,
    });
    lifetimes(&mut update, before, after);
    let (before, mut after) = (members(before), members(after));
    for (name, old) in &before {
        let new = after.remove(name).unwrap_or_default();
        if *old == new {
            continue;
        }
        match changed(update.get(name).map(Box::as_ref), old, new) {
            Some(value) => update.insert(name.clone(), value),
            None => update.remove(name),
        };
    }
    update.insert(
        "UserPoolId".to_owned(),
        json_body::raw(&pool.as_str().into()),
    );
    update.insert(
        "ClientId".to_owned(),
        json_body::raw(&client.as_str().into()),
    );
    update
}

/// Adds the lifetimes that differ, each with its unit: without one Cognito uses its default unit.
fn lifetimes(update: &mut Members, before: &ClientSettings, after: &ClientSettings) {
    let lives = [
        ("AccessToken", before.access_token, after.access_token),
        ("IdToken", before.id_token, after.id_token),
        ("RefreshToken", before.refresh_token, after.refresh_token),
    ];
    for (name, before, after) in lives {
        if before == after {
            continue;
        }
        update.insert(
            format!("{name}Validity"),
            json_body::raw(&after.value.into()),
        );
        let units = update.get(UNITS).and_then(|units| json_body::object(units));
        let mut units = units.unwrap_or_default();
        units.insert(name.to_owned(), json_body::raw(&after.unit.as_api().into()));
        update.insert(UNITS.to_owned(), json_body::joined(&units));
    }
}

/// What is sent for a member that changes from `old` to `new`; `None` omits it, which empties it. In an object only the members that
/// differ change: the others stay as `described`.
fn changed(described: Option<&RawValue>, old: &Value, new: Value) -> Option<Box<RawValue>> {
    let members = match new {
        // Cognito refuses some empty lists; omitting a list empties it, too.
        Value::Array(items) if items.is_empty() => return None,
        Value::Null => return None,
        Value::Object(members) => members,
        new => return Some(json_body::raw(&new)),
    };
    let mut object = described.and_then(json_body::object).unwrap_or_default();
    for (name, value) in members {
        if old.get(&name) == Some(&value) {
            continue;
        }
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, json_body::raw(&value));
        }
    }
    Some(json_body::joined(&object))
}

/// All settings except lifetimes, under the API's names. Unset is null or an empty list.
fn members(set: &ClientSettings) -> Map<String, Value> {
    let flows: Vec<&str> = set.flow_names();
    let scopes: Vec<&str> = set.scopes.iter().map(ScopeName::as_str).collect();
    object(json!({
        "ClientName": set.name,
        "AllowedOAuthFlowsUserPoolClient": set.oauth_enabled,
        "AllowedOAuthFlows": flows,
        "AllowedOAuthScopes": scopes,
        "ExplicitAuthFlows": set.explicit_auth_flows,
        "SupportedIdentityProviders": set.identity_providers,
        "CallbackURLs": set.callback_urls,
        "LogoutURLs": set.logout_urls,
        "DefaultRedirectURI": set.default_redirect_uri,
        "AuthSessionValidity": set.auth_session_minutes,
        "EnableTokenRevocation": set.token_revocation,
        "PreventUserExistenceErrors": set.prevent_user_existence_errors,
        "ReadAttributes": set.read_attributes,
        "WriteAttributes": set.write_attributes,
        "EnablePropagateAdditionalUserContextData": set.propagates_user_context,
        ROTATION: set.refresh_token_rotation.map(rotation_json),
        ANALYTICS: set.analytics.as_deref().map(analytics_json),
    }))
}

fn rotation_json(rotation: RefreshTokenRotation) -> Value {
    json!({
        "Feature": rotation.feature(),
        "RetryGracePeriodSeconds": rotation.grace_seconds,
    })
}

fn analytics_json(to: &Analytics) -> Value {
    json!({
        "ApplicationId": to.application_id,
        "ApplicationArn": to.application_arn,
        "RoleArn": to.role_arn,
        "ExternalId": to.external_id,
        "UserDataShared": to.user_data_shared,
    })
}

/// The members that are not null.
fn set_members(value: Value) -> Map<String, Value> {
    let members = object(value).into_iter();
    members.filter(|(_, value)| !value.is_null()).collect()
}

/// The `CreateUserPoolClient` of `new`, with set fields only.
pub fn creation(pool: &PoolId, new: &NewClient) -> Members {
    let flows: Vec<&str> = new.flows.iter().map(OAuthFlow::as_str).collect();
    let scopes: Vec<&str> = new.scopes.iter().map(ScopeName::as_str).collect();
    let value = |life: Option<Validity>| life.map(|life| life.value);
    let lives = [
        ("AccessToken", new.access_token),
        ("IdToken", new.id_token),
        ("RefreshToken", new.refresh_token),
    ];
    let units: Map<String, Value> = lives
        .into_iter()
        .filter_map(|(name, life)| Some((name.to_owned(), life?.unit.as_api().into())))
        .collect();
    let request = object(json!({
        "UserPoolId": pool.as_str(),
        "ClientName": new.name,
        "GenerateSecret": new.generate_secret,
        PUBLISH: new.managed_secret.then_some(true),
        "AllowedOAuthFlowsUserPoolClient": new.oauth_enabled,
        "AllowedOAuthFlows": flows,
        "AllowedOAuthScopes": scopes,
        "ExplicitAuthFlows": new.explicit_auth_flows,
        "SupportedIdentityProviders": new.identity_providers,
        "CallbackURLs": new.callback_urls,
        "LogoutURLs": new.logout_urls,
        "AccessTokenValidity": value(new.access_token),
        "IdTokenValidity": value(new.id_token),
        "RefreshTokenValidity": value(new.refresh_token),
        UNITS: units,
        "AuthSessionValidity": new.auth_session_minutes,
        "EnableTokenRevocation": new.token_revocation,
        "PreventUserExistenceErrors": new.prevent_user_existence_errors,
        "DefaultRedirectURI": new.default_redirect_uri,
        "ReadAttributes": new.read_attributes,
        "WriteAttributes": new.write_attributes,
        "EnablePropagateAdditionalUserContextData": new.propagates_user_context,
        ROTATION: new.refresh_token_rotation.map(rotation_json).map(set_members),
        ANALYTICS: new.analytics.as_deref().map(analytics_json).map(set_members),
    }));
    let is_set = |value: &Value| match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    };
    let set = request.into_iter().filter(|(_, value)| is_set(value));
    set.map(|(name, value)| (name, json_body::raw(&value)))
        .collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
