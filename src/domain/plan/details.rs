//! The fields that a step writes, under the API's names.

use std::fmt::{self, Display};

use super::step::{Detail, Step};
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
            Self::RotateManaged { arn, .. } => vec![Detail::new("SecretId", arn)],
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
                    }),
                (after.certificate_arn != before.certificate_arn).then(|| Detail {
                    field: "CertificateArn".to_owned(),
                    old: before.certificate_arn.clone(),
                    new: after.certificate_arn.clone(),
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
        }
    }

    fn changed(field: &str, old: impl Display, new: impl Display) -> Self {
        Self {
            field: field.to_owned(),
            old: Some(old.to_string()),
            new: Some(new.to_string()),
        }
    }
}

impl Display for Detail {
    /// `AccessTokenValidity 1 hours -> 60 minutes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.old, &self.new) {
            (None, Some(new)) => write!(f, "{} {new}", self.field),
            (Some(old), Some(new)) => write!(f, "{} {old} -> {new}", self.field),
            (Some(old), None) => write!(f, "{} {old} -> none", self.field),
            (None, None) => f.write_str(&self.field),
        }
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
    let (was, is) = (fields(before), fields(after));
    let changed = was.into_iter().zip(is).filter(|(was, is)| was.1 != is.1);
    changed
        .map(|((field, old), (_, new))| Detail {
            field: field.to_owned(),
            old: Some(old.unwrap_or_else(|| "none".to_owned())),
            new,
        })
        .collect()
}

/// Every setting in the order of the API reference, `None` if empty.
fn fields(set: &ClientSettings) -> [(&'static str, Option<String>); 20] {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let list = |items: &[String]| some(words(items, String::as_str));
    let said = |value: Option<bool>| value.map(|value| value.to_string());
    [
        ("ClientName", Some(set.name.clone())),
        (
            "AllowedOAuthFlowsUserPoolClient",
            Some(set.oauth_enabled.to_string()),
        ),
        (
            "AllowedOAuthFlows",
            some(words(&set.flows, OAuthFlow::as_str)),
        ),
        (
            "AllowedOAuthScopes",
            some(words(&set.scopes, |scope| scope.as_str())),
        ),
        ("ExplicitAuthFlows", list(&set.explicit_auth_flows)),
        ("SupportedIdentityProviders", list(&set.identity_providers)),
        ("CallbackURLs", list(&set.callback_urls)),
        ("LogoutURLs", list(&set.logout_urls)),
        ("DefaultRedirectURI", set.default_redirect_uri.clone()),
        ("AccessTokenValidity", Some(set.access_token.to_string())),
        ("IdTokenValidity", Some(set.id_token.to_string())),
        ("RefreshTokenValidity", Some(set.refresh_token.to_string())),
        (
            "AuthSessionValidity",
            set.auth_session_minutes.map(|minutes| minutes.to_string()),
        ),
        ("EnableTokenRevocation", said(set.token_revocation)),
        (
            "PreventUserExistenceErrors",
            set.prevent_user_existence_errors.clone(),
        ),
        ("ReadAttributes", list(&set.read_attributes)),
        ("WriteAttributes", list(&set.write_attributes)),
        (
            "EnablePropagateAdditionalUserContextData",
            said(set.propagates_user_context),
        ),
        (
            "RefreshTokenRotation",
            set.refresh_token_rotation
                .map(|rotation| rotation.to_string()),
        ),
        (
            "AnalyticsConfiguration",
            set.analytics.as_ref().map(ToString::to_string),
        ),
    ]
}
