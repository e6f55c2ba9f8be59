//! The settings of an app client as properties, with their API names.

use ratatui::text::Line;

use super::client_secret;
use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::domain::client::{AppClient, ClientSummary, empty_list};
use crate::domain::ids::PoolId;
use crate::domain::other_settings::OtherSettings;
use crate::domain::resource_server::ScopeState;
use crate::screens::shared::{findings, format};
use crate::ui::properties::Property;
use crate::ui::theme::Status;

/// The summary next to a list of clients.
pub fn summary<'a>(pool: &PoolId, client: &'a ClientSummary, view: &View<'a>) -> Vec<Property<'a>> {
    let mut lines = vec![
        Property::head(client.name.as_str()),
        Property::new("Client id", client.id.as_str()).middle(),
    ];
    match view.store.client(pool, &client.id) {
        Load::Ready(described) | Load::Stale(described) | Load::Partial(described, _) => {
            lines.push(Property::new("Type", format::client_type(described)));
            lines.push(client_secret::line(described, None, view));
            lines.extend(client_secret::ages(described, view));
            lines.push(grant(described));
            lines.extend(scopes(described, view));
            lines.push(Property::new(
                "Token",
                format::lifetime(described.settings.access_token),
            ));
            lines.push(Property::new(
                "Modified",
                format::since(described.modified, view.now),
            ));
            lines.push(match findings::in_short(described, view) {
                Some((words, tone)) => Property::new("Doctor", words).tone(tone),
                None => Property::new("Doctor", Line::styled("…", view.theme.dim)),
            });
        }
        Load::Failed(error) => {
            lines.push(Property::new("Settings", error.kind.label()).tone(Status::Bad));
            lines.push(Property::new("", error.hint.as_str()));
        }
        load @ (Load::Missing | Load::Loading) => {
            lines.push(Property::new("Settings", format::pending(load, pool, view)));
        }
    }
    lines
}

/// All settings of a client, except its secret.
pub fn settings<'a>(client: &'a AppClient, view: &View<'a>) -> Vec<Property<'a>> {
    let set = &client.settings;
    let mut lines = vec![Property::head(""), Property::head("OAuth 2.0")];
    let oauth = match (set.oauth_enabled, set.is_m2m()) {
        (true, _) => Property::new("OAuth", "on"),
        (false, true) => {
            Property::new("OAuth", "off: token requests fail with invalid_grant").tone(Status::Bad)
        }
        // Fine for a client that requests no tokens.
        (false, false) => Property::new("OAuth", "off"),
    };
    lines.push(oauth.note("AllowedOAuthFlowsUserPoolClient"));
    lines.push(grant(client).note("AllowedOAuthFlows"));
    lines.extend(scopes(client, view));
    lines.push(Property::head(""));
    lines.push(Property::head("Tokens"));
    lines.push(
        Property::new("Access token", format::lifetime(set.access_token))
            .note("AccessTokenValidity"),
    );
    if !set.is_m2m() {
        lines.push(
            Property::new("ID token", format::lifetime(set.id_token)).note("IdTokenValidity"),
        );
    }
    lines.push(
        Property::new("Refresh token", format::lifetime(set.refresh_token))
            .note("RefreshTokenValidity"),
    );
    lines.push(
        Property::new("Revocation", on_off(set.token_revocation)).note("EnableTokenRevocation"),
    );
    lines.push(Property::head(""));
    lines.push(Property::head("Sign-in"));
    lines.push(list("Flows", &set.explicit_auth_flows, "ExplicitAuthFlows"));
    lines.push(list(
        "Providers",
        &set.identity_providers,
        "SupportedIdentityProviders",
    ));
    lines.push(list("Callback URLs", &set.callback_urls, "CallbackURLs"));
    lines.push(list("Logout URLs", &set.logout_urls, "LogoutURLs"));
    if let Some(url) = &set.default_redirect_uri {
        lines.push(Property::new("Default URL", url.as_str()).note("DefaultRedirectURI"));
    }
    if let Some(minutes) = set.auth_session_minutes {
        lines.push(
            Property::new("Sign-in session", format!("{minutes} min")).note("AuthSessionValidity"),
        );
    }
    if let Some(kind) = &set.prevent_user_existence_errors {
        lines
            .push(Property::new("Unknown users", kind.as_str()).note("PreventUserExistenceErrors"));
    }
    if let Some(rotation) = &set.refresh_token_rotation {
        lines.push(Property::new("Rotation", rotation.to_string()).note("RefreshTokenRotation"));
    }
    if let Some(on) = set.propagates_user_context {
        let words = on_off(Some(on));
        lines.push(
            Property::new("User context", words).note("EnablePropagateAdditionalUserContextData"),
        );
    }
    if let Some(application) = set.analytics.as_ref().and_then(|to| to.application()) {
        lines.push(Property::new("Analytics", application).note("AnalyticsConfiguration"));
    }
    if !set.read_attributes.is_empty() {
        lines.push(list("Reads", &set.read_attributes, "ReadAttributes"));
    }
    if !set.write_attributes.is_empty() {
        lines.push(list("Writes", &set.write_attributes, "WriteAttributes"));
    }
    lines.extend(other_settings(&client.other));
    lines.push(Property::head(""));
    let line = Property::new("Client type", format::client_type(client)).note("ClientType");
    lines.push(if client.is_registered() {
        line.note("registered dynamically: no secret operations")
    } else {
        line
    });
    lines.push(Property::new(
        "Created",
        format::when(client.created, view.now),
    ));
    lines.push(
        Property::new("Modified", format::when(client.modified, view.now)).note("LastModifiedDate"),
    );
    lines
}

/// Settings in Cognito's answer that this version does not know.
pub fn other_settings(other: &OtherSettings) -> Vec<Property<'_>> {
    if other.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Property::head(""), Property::head("Other settings")];
    for (name, value) in other.iter() {
        lines.push(Property::new("", format!("{name} {value}")));
    }
    lines
}

fn grant(client: &AppClient) -> Property<'static> {
    match client.settings.flow_names().as_slice() {
        [] => {
            let none = Property::new("Grant", empty_list("AllowedOAuthFlows"));
            if client.settings.oauth_enabled {
                none.tone(Status::Warn)
            } else {
                none
            }
        }
        flows => Property::new("Grant", flows.join(" ")),
    }
}

fn scopes<'a>(client: &'a AppClient, view: &View<'a>) -> Vec<Property<'a>> {
    if client.settings.scopes.is_empty() {
        let none = Property::new("Scopes", empty_list("AllowedOAuthScopes"));
        return vec![if client.settings.oauth_enabled {
            none.tone(Status::Warn)
        } else {
            none
        }];
    }
    let servers = view.store.servers(&client.pool).complete().ok();
    client
        .settings
        .scopes
        .iter()
        .enumerate()
        .map(|(at, scope)| {
            let label = if at == 0 { "Scopes" } else { "" };
            let fact = Property::new(label, scope.as_str());
            match servers.map(|servers| ScopeState::of(scope, servers)) {
                None => fact,
                Some(ScopeState::Active) => fact.tone(Status::Good).note("active"),
                Some(ScopeState::Inactive) => {
                    fact.tone(Status::Bad).note("undefined: not in tokens")
                }
                Some(ScopeState::OpenId) => fact.note("for sign-in"),
                Some(ScopeState::System) => fact.note("system scope"),
            }
        })
        .collect()
}

fn on_off(flag: Option<bool>) -> &'static str {
    match flag {
        Some(true) => "on",
        Some(false) => "off",
        None => "unknown",
    }
}

fn list<'a>(label: &'static str, items: &[String], api: &'static str) -> Property<'a> {
    let value = if items.is_empty() {
        empty_list(api).to_owned()
    } else {
        items.join(" ")
    };
    Property::new(label, value).note(api)
}
