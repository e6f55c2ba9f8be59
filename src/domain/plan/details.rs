//! The fields that a step writes, under the API's names.

use std::borrow::Cow;
use std::fmt::{self, Display};

use super::step::{Detail, ListChange, Step};
use crate::domain::client::{ClientSettings, OAuthFlow};
use crate::domain::new_client::NewClient;
use crate::domain::pool::{NewDomain, NewPool};
use crate::domain::resource_server::{ResourceServer, Scope};

impl Step {
    /// The fields that the step writes, under the API's names; for an edit, only changed fields.
    #[must_use]
    pub fn details(&self) -> Vec<Detail> {
        match self {
            Self::CreatePool(new) => pool(new),
            Self::SetDeletionProtection { seen, on } => vec![Detail::changed(
                "DeletionProtection",
                protection(seen.deletion_protection),
                protection(Some(*on)),
            )],
            Self::CreateServer(server) => {
                let mut details = vec![
                    Detail::new("Identifier", &server.identifier),
                    Detail::new("Name", &server.name),
                ];
                details.extend(server.scopes.iter().map(scope));
                details
            }
            Self::AddScopes { scopes, .. } => scopes.iter().map(scope).collect(),
            Self::UpdateServer { before, after, .. } => server_changes(before, after),
            Self::CreateClient(client) => new_client(client),
            Self::UpdateClient { before, after } => client_changes(&before.settings, after),
            Self::MoveSecret { managed, .. } => vec![Detail::changed(
                "PublishSecretsInAWSSecretsManager",
                !managed,
                managed,
            )],
            Self::RotateManaged { before, .. } => vec![Detail::new("SecretId", &before.arn)],
            Self::CreateDomain(new) => domain(new),
            Self::UpdateDomain { before, after } => [
                after
                    .managed_login_version
                    .filter(|version| Some(*version) != before.managed_login_version)
                    .map(|version| Detail {
                        field: "ManagedLoginVersion".to_owned(),
                        old: before
                            .managed_login_version
                            .map(|version| version.to_string()),
                        new: Some(version.to_string()),
                        items: None,
                    }),
                (after.certificate_arn != before.certificate_arn).then(|| Detail {
                    field: "CertificateArn".to_owned(),
                    old: before.certificate_arn.clone(),
                    new: after.certificate_arn.clone(),
                    items: None,
                }),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::DeletePool { .. }
            | Self::DeleteServer { .. }
            | Self::DeleteClient { .. }
            | Self::DeleteDomain { .. }
            | Self::There(_)
            | Self::Kept { .. } => Vec::new(),
        }
    }
}

impl Detail {
    pub(super) fn new(field: &str, value: impl Display) -> Self {
        Self {
            field: field.to_owned(),
            old: None,
            new: Some(value.to_string()),
            items: None,
        }
    }

    fn changed(field: &str, old: impl Display, new: impl Display) -> Self {
        Self {
            field: field.to_owned(),
            old: Some(old.to_string()),
            new: Some(new.to_string()),
            items: None,
        }
    }

    /// What Cognito does while the field has no value.
    fn cleared(&self) -> &'static str {
        match self.field.as_str() {
            "AllowedOAuthFlows" => "none: every grant is refused",
            "AllowedOAuthScopes" => "none: there is no scope to request",
            "ExplicitAuthFlows" => "none: Cognito allows SRP, custom auth and refresh tokens",
            _ => "none",
        }
    }
}

impl Display for Detail {
    /// `AccessTokenValidity 1 hours -> 60 minutes`, `AllowedOAuthScopes + orders/read - orders/cancel`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.field)?;
        if let Some(ListChange { added, removed }) = &self.items {
            for item in added {
                write!(f, " + {}", visible(item))?;
            }
            for item in removed {
                write!(f, " - {}", visible(item))?;
            }
            return match &self.new {
                Some(_) => Ok(()),
                None => write!(f, " ({})", self.cleared()),
            };
        }
        match (&self.old, &self.new) {
            (None, Some(new)) => write!(f, " {}", visible(new)),
            (Some(old), Some(new)) => write!(f, " {} -> {}", visible(old), visible(new)),
            (Some(old), None) => write!(f, " {} -> {}", visible(old), self.cleared()),
            (None, None) => Ok(()),
        }
    }
}

/// The value, in quotes where spaces would not be seen: at its ends, in a row, or of another kind.
fn visible(value: &str) -> Cow<'_, str> {
    let odd = |c: char| c.is_whitespace() && c != ' ';
    if value.is_empty() || value.trim() != value || value.contains("  ") || value.contains(odd) {
        Cow::Owned(format!("{value:?}"))
    } else {
        Cow::Borrowed(value)
    }
}

fn protection(on: Option<bool>) -> &'static str {
    match on {
        Some(true) => "ACTIVE",
        Some(false) => "INACTIVE",
        None => "unknown",
    }
}

fn scope(scope: &Scope) -> Detail {
    Detail::new("Scope", format!("{} · {}", scope.name, scope.description))
}

pub(super) fn words<T>(items: &[T], word: impl Fn(&T) -> &str) -> String {
    let words: Vec<&str> = items.iter().map(word).collect();
    words.join(" ")
}

fn pool(new: &NewPool) -> Vec<Detail> {
    let mut details = vec![Detail::new("PoolName", &new.name)];
    if new.admin_create_only {
        details.push(Detail::new("AllowAdminCreateUserOnly", true));
    }
    if new.deletion_protection {
        details.push(Detail::new("DeletionProtection", protection(Some(true))));
    }
    details.extend(
        new.tier
            .iter()
            .map(|tier| Detail::new("UserPoolTier", tier)),
    );
    if !new.username_attributes.is_empty() {
        let list = words(&new.username_attributes, String::as_str);
        details.push(Detail::new("UsernameAttributes", list));
    }
    let tags = new.tags.iter();
    details.extend(tags.map(|(key, value)| Detail::new("UserPoolTags", format!("{key}={value}"))));
    details
}

fn domain(new: &NewDomain) -> Vec<Detail> {
    let certificate = new.certificate_arn.iter();
    let version = new.managed_login_version.iter();
    [Detail::new("Domain", &new.name)]
        .into_iter()
        .chain(certificate.map(|arn| Detail::new("CertificateArn", arn)))
        .chain(version.map(|version| Detail::new("ManagedLoginVersion", version)))
        .collect()
}

/// The fields of the `CreateUserPoolClient` call.
fn new_client(client: &NewClient) -> Vec<Detail> {
    let list = |field: &str, value: String| (!value.is_empty()).then(|| Detail::new(field, value));
    let access_token = client.access_token.map_or_else(
        || "not sent (Cognito's default: 1 hour)".to_owned(),
        |life| life.to_string(),
    );
    [
        Some(Detail::new("GenerateSecret", client.generate_secret)),
        client
            .managed_secret
            .then(|| Detail::new("PublishSecretsInAWSSecretsManager", true)),
        Some(Detail::new(
            "AllowedOAuthFlowsUserPoolClient",
            client.oauth_enabled,
        )),
        list("AllowedOAuthFlows", words(&client.flows, OAuthFlow::as_str)),
        list(
            "AllowedOAuthScopes",
            words(&client.scopes, |scope| scope.as_str()),
        ),
        list(
            "ExplicitAuthFlows",
            words(&client.explicit_auth_flows, String::as_str),
        ),
        list(
            "SupportedIdentityProviders",
            words(&client.identity_providers, String::as_str),
        ),
        list("CallbackURLs", words(&client.callback_urls, String::as_str)),
        list("LogoutURLs", words(&client.logout_urls, String::as_str)),
        Some(Detail::new("AccessTokenValidity", access_token)),
        client
            .id_token
            .map(|life| Detail::new("IdTokenValidity", life)),
        client
            .refresh_token
            .map(|life| Detail::new("RefreshTokenValidity", life)),
        client
            .auth_session_minutes
            .map(|minutes| Detail::new("AuthSessionValidity", minutes)),
        client
            .token_revocation
            .map(|on| Detail::new("EnableTokenRevocation", on)),
        client
            .prevent_user_existence_errors
            .as_ref()
            .map(|mode| Detail::new("PreventUserExistenceErrors", mode)),
        client
            .default_redirect_uri
            .as_ref()
            .map(|url| Detail::new("DefaultRedirectURI", url)),
        list(
            "ReadAttributes",
            words(&client.read_attributes, String::as_str),
        ),
        list(
            "WriteAttributes",
            words(&client.write_attributes, String::as_str),
        ),
        client
            .propagates_user_context
            .map(|on| Detail::new("EnablePropagateAdditionalUserContextData", on)),
        client
            .refresh_token_rotation
            .map(|rotation| Detail::new("RefreshTokenRotation", rotation)),
        client
            .analytics
            .as_ref()
            .map(|to| Detail::new("AnalyticsConfiguration", to)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn server_changes(before: &ResourceServer, after: &ResourceServer) -> Vec<Detail> {
    let mut details = Vec::new();
    if before.name != after.name {
        details.push(Detail::changed("Name", &before.name, &after.name));
    }
    for was in &before.scopes {
        match after.scopes.iter().find(|is| is.name == was.name) {
            None => details.push(Detail {
                field: "Scope".to_owned(),
                old: Some(was.name.clone()),
                new: None,
                items: None,
            }),
            Some(is) if is.description != was.description => details.push(Detail::changed(
                &format!("Scope {}", was.name),
                &was.description,
                &is.description,
            )),
            Some(_) => {}
        }
    }
    let added = after
        .scopes
        .iter()
        .filter(|is| before.scopes.iter().all(|was| was.name != is.name));
    details.extend(added.map(scope));
    details
}

/// Each setting that differs, old and new.
fn client_changes(before: &ClientSettings, after: &ClientSettings) -> Vec<Detail> {
    let pairs = fields(before).into_iter().zip(fields(after));
    let changed = pairs.filter(|((_, was), (_, is))| was != is);
    changed
        .map(|((field, old), (_, new))| Detail {
            field: field.to_owned(),
            items: old.change_to(&new),
            old: Some(old.text().unwrap_or_else(|| "none".to_owned())),
            new: new.text(),
        })
        .collect()
}

/// The value of a setting.
#[derive(PartialEq)]
enum Value {
    One(Option<String>),
    List(Vec<String>),
}

impl Value {
    /// The value in one line; `None` if empty.
    fn text(&self) -> Option<String> {
        match self {
            Self::One(value) => value.clone(),
            Self::List(items) => (!items.is_empty()).then(|| items.join(" ")),
        }
    }

    /// How a list becomes `new`; `None` if only its order changes.
    fn change_to(&self, new: &Self) -> Option<ListChange> {
        let (Self::List(was), Self::List(is)) = (self, new) else {
            return None;
        };
        let only = |of: &[String], other: &[String]| -> Vec<String> {
            let items = of.iter().filter(|item| !other.contains(item));
            items.cloned().collect()
        };
        let change = ListChange {
            added: only(is, was),
            removed: only(was, is),
        };
        (!change.added.is_empty() || !change.removed.is_empty()).then_some(change)
    }
}

/// Every setting in the order of the API reference.
fn fields(set: &ClientSettings) -> [(&'static str, Value); 20] {
    let list = |items: &[String]| Value::List(items.to_vec());
    let flag = |value: Option<bool>| Value::One(value.map(|value| value.to_string()));
    let one = |value: String| Value::One(Some(value));
    let flows = set.flows.iter().map(|flow| flow.as_str().to_owned());
    let scopes = set.scopes.iter().map(|scope| scope.as_str().to_owned());
    [
        ("ClientName", one(set.name.clone())),
        (
            "AllowedOAuthFlowsUserPoolClient",
            one(set.oauth_enabled.to_string()),
        ),
        ("AllowedOAuthFlows", Value::List(flows.collect())),
        ("AllowedOAuthScopes", Value::List(scopes.collect())),
        ("ExplicitAuthFlows", list(&set.explicit_auth_flows)),
        ("SupportedIdentityProviders", list(&set.identity_providers)),
        ("CallbackURLs", list(&set.callback_urls)),
        ("LogoutURLs", list(&set.logout_urls)),
        (
            "DefaultRedirectURI",
            Value::One(set.default_redirect_uri.clone()),
        ),
        ("AccessTokenValidity", one(set.access_token.to_string())),
        ("IdTokenValidity", one(set.id_token.to_string())),
        ("RefreshTokenValidity", one(set.refresh_token.to_string())),
        (
            "AuthSessionValidity",
            Value::One(set.auth_session_minutes.map(|minutes| minutes.to_string())),
        ),
        ("EnableTokenRevocation", flag(set.token_revocation)),
        (
            "PreventUserExistenceErrors",
            Value::One(set.prevent_user_existence_errors.clone()),
        ),
        ("ReadAttributes", list(&set.read_attributes)),
        ("WriteAttributes", list(&set.write_attributes)),
        (
            "EnablePropagateAdditionalUserContextData",
            flag(set.propagates_user_context),
        ),
        (
            "RefreshTokenRotation",
            Value::One(
                set.refresh_token_rotation
                    .map(|rotation| rotation.to_string()),
            ),
        ),
        (
            "AnalyticsConfiguration",
            Value::One(set.analytics.as_ref().map(ToString::to_string)),
        ),
    ]
}
