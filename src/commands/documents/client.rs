//! The JSON of an app client.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Member, instead, instead_list};
use crate::cli::{ClientSettingsArgs, SecretKind, Switch};
use crate::commands::shared::read_clients::{other_members, secret_json};
use crate::domain::client::{
    Analytics, AppClient, ClientSettings, OAuthFlow, RefreshTokenRotation, Validity,
};
use crate::domain::limits;
use crate::domain::new_client::NewClient;
use crate::domain::scope::ScopeName;
use crate::domain::secret::SecretState;
use crate::domain::time::Timestamp;

/// An app client.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientDocument {
    // Which client it is, and what Cognito sets.
    pub identity: Value,
    pub pool_id: Value,
    pub id: Value,
    pub client_type: Value,
    pub secret: Option<SecretDocument>,
    pub created: Value,
    pub modified: Value,
    pub other: serde_json::Map<String, Value>,
    // Its settings.
    pub name: Option<String>,
    pub oauth_enabled: Option<bool>,
    pub flows: Option<Vec<String>>,
    pub scopes: Option<Vec<String>>,
    pub explicit_auth_flows: Option<Vec<String>>,
    pub identity_providers: Option<Vec<String>>,
    pub callback_urls: Option<Vec<String>>,
    pub logout_urls: Option<Vec<String>>,
    pub default_redirect_uri: Member<String>,
    pub access_token: Option<String>,
    pub id_token: Option<String>,
    pub refresh_token: Option<String>,
    pub auth_session_minutes: Option<i32>,
    pub token_revocation: Option<bool>,
    pub prevent_user_existence_errors: Option<String>,
    pub read_attributes: Option<Vec<String>>,
    pub write_attributes: Option<Vec<String>>,
    pub propagates_user_context: Option<bool>,
    pub refresh_token_rotation: Member<RotationDocument>,
    pub analytics: Member<AnalyticsDocument>,
}

/// Where the secret is. Never its value.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecretDocument {
    pub state: String,
    pub arn: Value,
    pub detail: Value,
}

/// The rotation of refresh tokens.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotationDocument {
    pub enabled: bool,
    pub grace_seconds: Option<i32>,
}

/// Where usage data goes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnalyticsDocument {
    pub application_id: Option<String>,
    pub application_arn: Option<String>,
    pub role_arn: Option<String>,
    pub external_id: Option<String>,
    pub user_data_shared: bool,
}

fn date(at: Option<Timestamp>) -> Value {
    at.and_then(Timestamp::rfc3339).into()
}

impl ClientDocument {
    /// A client as Cognito describes it.
    pub fn of(client: &AppClient, secret: &SecretState) -> Self {
        let set = &client.settings;
        let texts = |all: &[String]| Some(all.to_vec());
        let secret = secret_json(secret);
        Self {
            identity: Value::Null,
            pool_id: client.pool.as_str().into(),
            id: client.id.as_str().into(),
            client_type: client
                .client_type
                .as_ref()
                .map(|made| made.as_str().to_owned())
                .into(),
            secret: serde_json::from_value(secret).ok(),
            created: date(client.created),
            modified: date(client.modified),
            other: other_members(&client.other),
            name: Some(set.name.clone()),
            oauth_enabled: Some(set.oauth_enabled),
            flows: Some(set.flow_names().into_iter().map(str::to_owned).collect()),
            scopes: Some(set.scopes.iter().map(ToString::to_string).collect()),
            explicit_auth_flows: texts(&set.explicit_auth_flows),
            identity_providers: texts(&set.identity_providers),
            callback_urls: texts(&set.callback_urls),
            logout_urls: texts(&set.logout_urls),
            default_redirect_uri: set.default_redirect_uri.clone().into(),
            access_token: Some(set.access_token.to_string()),
            id_token: Some(set.id_token.to_string()),
            refresh_token: Some(set.refresh_token.to_string()),
            auth_session_minutes: set.auth_session_minutes,
            token_revocation: set.token_revocation,
            prevent_user_existence_errors: set.prevent_user_existence_errors.clone(),
            read_attributes: texts(&set.read_attributes),
            write_attributes: texts(&set.write_attributes),
            propagates_user_context: set.propagates_user_context,
            refresh_token_rotation: set
                .refresh_token_rotation
                .map(|rotation| RotationDocument {
                    enabled: rotation.enabled,
                    grace_seconds: rotation.grace_seconds,
                })
                .into(),
            analytics: set
                .analytics
                .as_deref()
                .map(|to| AnalyticsDocument {
                    application_id: to.application_id.clone(),
                    application_arn: to.application_arn.clone(),
                    role_arn: to.role_arn.clone(),
                    external_id: to.external_id.clone(),
                    user_data_shared: to.user_data_shared,
                })
                .into(),
        }
    }

    /// Puts options before what the file says.
    pub fn add(&mut self, args: &ClientSettingsArgs) {
        let scopes = ScopeName::of_lists(args.scope.iter().map(String::as_str));
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        instead_list(&mut self.scopes, &scopes);
        instead_list(&mut self.flows, &args.grant);
        instead_list(&mut self.explicit_auth_flows, &args.explicit_flow);
        instead_list(&mut self.callback_urls, &args.callback_url);
        instead_list(&mut self.logout_urls, &args.logout_url);
        instead_list(&mut self.identity_providers, &args.identity_provider);
        instead(&mut self.oauth_enabled, args.oauth.map(Switch::is_on));
        instead(&mut self.access_token, args.access_token.clone());
        instead(&mut self.id_token, args.id_token.clone());
        instead(&mut self.refresh_token, args.refresh_token.clone());
        instead(
            &mut self.token_revocation,
            args.token_revocation.map(Switch::is_on),
        );
    }

    /// Where the secret is wanted, going by the file.
    pub fn secret_kind(&self) -> Option<SecretKind> {
        match self.secret.as_ref()?.state.as_str() {
            "shown" | "hidden" => Some(SecretKind::Cognito),
            "managed" => Some(SecretKind::Managed),
            "none" => Some(SecretKind::None),
            _ => None,
        }
    }

    /// Changes the settings that the document states.
    ///
    /// # Errors
    /// A lifetime or grant that cannot be one.
    pub fn change(&self, settings: &mut ClientSettings) -> Result<(), String> {
        let set = |there: &mut Vec<String>, wanted: &Option<Vec<String>>| {
            if let Some(wanted) = wanted {
                exactly(there, wanted.clone());
            }
        };
        if let Some(name) = &self.name {
            limits::client_name(name)?;
            settings.name.clone_from(name);
        }
        if let Some(on) = self.oauth_enabled {
            settings.oauth_enabled = on;
        }
        if let Some(flows) = &self.flows {
            let flows = flows.iter().map(|flow| flow.as_str().into()).collect();
            exactly(&mut settings.flows, flows);
        }
        if let Some(scopes) = &self.scopes {
            let scopes = scopes.iter().map(ScopeName::new).collect();
            exactly(&mut settings.scopes, scopes);
        }
        set(&mut settings.explicit_auth_flows, &self.explicit_auth_flows);
        set(&mut settings.identity_providers, &self.identity_providers);
        set(&mut settings.callback_urls, &self.callback_urls);
        set(&mut settings.logout_urls, &self.logout_urls);
        set(&mut settings.read_attributes, &self.read_attributes);
        set(&mut settings.write_attributes, &self.write_attributes);
        life(
            &mut settings.access_token,
            self.access_token.as_deref(),
            "access_token",
        )?;
        life(&mut settings.id_token, self.id_token.as_deref(), "id_token")?;
        life(
            &mut settings.refresh_token,
            self.refresh_token.as_deref(),
            "refresh_token",
        )?;
        self.default_redirect_uri
            .change(&mut settings.default_redirect_uri, String::clone);
        instead(
            &mut settings.auth_session_minutes,
            self.auth_session_minutes,
        );
        instead(&mut settings.token_revocation, self.token_revocation);
        instead(
            &mut settings.prevent_user_existence_errors,
            self.prevent_user_existence_errors.clone(),
        );
        instead(
            &mut settings.propagates_user_context,
            self.propagates_user_context,
        );
        self.refresh_token_rotation.change(
            &mut settings.refresh_token_rotation,
            RotationDocument::rotation,
        );
        self.analytics
            .change(&mut settings.analytics, |to| Box::new(to.analytics()));
        Ok(())
    }

    /// A new client with the stated settings. What is not stated is that of a machine client.
    ///
    /// # Errors
    /// A lifetime that cannot be one.
    pub fn new_client(&self, secret: SecretKind) -> Result<NewClient, String> {
        let texts = |all: &Option<Vec<String>>| all.clone().unwrap_or_default();
        let new = |text: &Option<String>, member| -> Result<Option<Validity>, String> {
            text.as_deref().map(|text| parsed(text, member)).transpose()
        };
        let flows = self.flows.as_ref().map_or_else(
            || vec![OAuthFlow::ClientCredentials],
            |flows| flows.iter().map(|flow| flow.as_str().into()).collect(),
        );
        // Without any entry Cognito would switch on user sign-in.
        let refresh = || vec!["ALLOW_REFRESH_TOKEN_AUTH".to_owned()];
        Ok(NewClient {
            name: self.name.clone().unwrap_or_default(),
            generate_secret: secret != SecretKind::None,
            managed_secret: secret == SecretKind::Managed,
            oauth_enabled: self.oauth_enabled.unwrap_or(!flows.is_empty()),
            flows,
            scopes: texts(&self.scopes)
                .into_iter()
                .map(ScopeName::new)
                .collect(),
            explicit_auth_flows: self.explicit_auth_flows.clone().unwrap_or_else(refresh),
            identity_providers: texts(&self.identity_providers),
            callback_urls: texts(&self.callback_urls),
            logout_urls: texts(&self.logout_urls),
            access_token: new(&self.access_token, "access_token")?,
            id_token: new(&self.id_token, "id_token")?,
            refresh_token: new(&self.refresh_token, "refresh_token")?,
            auth_session_minutes: self.auth_session_minutes,
            token_revocation: self.token_revocation,
            prevent_user_existence_errors: self.prevent_user_existence_errors.clone(),
            default_redirect_uri: self.default_redirect_uri.value().cloned(),
            read_attributes: texts(&self.read_attributes),
            write_attributes: texts(&self.write_attributes),
            propagates_user_context: self.propagates_user_context,
            refresh_token_rotation: self
                .refresh_token_rotation
                .value()
                .map(RotationDocument::rotation),
            analytics: self.analytics.value().map(|to| Box::new(to.analytics())),
        })
    }

    /// The settings that a creation does not send: those that this build does not know.
    pub fn left_out(&self) -> Vec<&str> {
        self.other.keys().map(String::as_str).collect()
    }
}

impl RotationDocument {
    fn rotation(&self) -> RefreshTokenRotation {
        RefreshTokenRotation {
            enabled: self.enabled,
            grace_seconds: self.grace_seconds,
        }
    }
}

impl AnalyticsDocument {
    fn analytics(&self) -> Analytics {
        Analytics {
            application_id: self.application_id.clone(),
            application_arn: self.application_arn.clone(),
            role_arn: self.role_arn.clone(),
            external_id: self.external_id.clone(),
            user_data_shared: self.user_data_shared,
        }
    }
}

/// Sets a list, unless only its order differs, which says nothing.
fn exactly<T: PartialEq>(there: &mut Vec<T>, wanted: Vec<T>) {
    let same = there.len() == wanted.len() && wanted.iter().all(|item| there.contains(item));
    if !same {
        *there = wanted;
    }
}

/// Sets a lifetime, unless it is the current one: that may be in a unit that this build does not know.
fn life(there: &mut Validity, wanted: Option<&str>, member: &str) -> Result<(), String> {
    let Some(wanted) = wanted.filter(|wanted| *wanted != there.to_string()) else {
        return Ok(());
    };
    let wanted = parsed(wanted, member)?;
    if wanted.seconds() != there.seconds() {
        *there = wanted;
    }
    Ok(())
}

fn parsed(text: &str, member: &str) -> Result<Validity, String> {
    Validity::from_str(text).map_err(|reason| format!("{member}: {reason}"))
}
