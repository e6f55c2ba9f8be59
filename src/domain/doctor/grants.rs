//! Rules about how a client may get tokens, and their lifetime.

use super::{ClientSnapshot, Evidence, PoolSnapshot};
use crate::domain::client::{AppClient, CLIENT_TOKEN_FLOW, OAuthFlow, empty_list};
use crate::domain::scope::ScopeName;
use crate::domain::time;

/// The explicit flows of user sign-in, in the current and the older spelling.
const SIGN_IN: [&str; 8] = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY",
];

/// Whether users can sign in with this explicit flow.
pub(super) fn is_sign_in(flow: &str) -> bool {
    SIGN_IN.contains(&flow)
}

/// Whether all its scopes are custom: no sign-in scope.
fn has_only_custom_scopes(client: &AppClient) -> bool {
    !client.settings.scopes.is_empty()
        && client
            .settings
            .scopes
            .iter()
            .all(ScopeName::is_for_machines)
}

fn flows(client: &AppClient) -> String {
    setting("AllowedOAuthFlows", &client.settings.flow_names())
}

fn explicit_flows(client: &AppClient) -> String {
    setting("ExplicitAuthFlows", &client.settings.explicit_auth_flows)
}

/// A list with its name; of an empty one, what Cognito does with it.
fn setting(name: &str, items: &[impl AsRef<str>]) -> String {
    if items.is_empty() {
        format!("{name} {}", empty_list(name))
    } else {
        format!("{name} {}", list(items))
    }
}

fn list(items: &[impl AsRef<str>]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    items.join(", ")
}

pub(super) fn oauth_off(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    (client.settings.is_m2m() && !client.settings.oauth_enabled).then(|| {
        Evidence::new(
            format!("AllowedOAuthFlowsUserPoolClient false, {}", flows(client)),
            "Set AllowedOAuthFlowsUserPoolClient to true. Send all other settings again.",
        )
    })
}

pub(super) fn no_token_source(
    found: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    let client = described.client;
    let none = client.settings.is_machine()
        && !found.pool.has_domain()
        && !client.settings.may_get_client_token();
    none.then(|| {
        Evidence::new(
            format!("the pool has no domain; {}", explicit_flows(client)),
            format!(
                "Add a domain to the pool, or set ExplicitAuthFlows to exactly {CLIENT_TOKEN_FLOW}."
            ),
        )
    })
}

pub(super) fn machine_without_secret(
    _: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    let client = described.client;
    (client.settings.is_machine() && described.secret().is_public()).then(|| {
        Evidence::new(
            format!(
                "no ClientSecret, no ClientSecretArn, none listed; {}; {}",
                flows(client),
                explicit_flows(client)
            ),
            "Create another client with a secret; one cannot be added to this client.",
        )
    })
}

pub(super) fn mixed_flows(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    (client.settings.is_m2m() && client.settings.flows.len() > 1).then(|| {
        Evidence::new(
            flows(client),
            "Create a separate M2M client, and remove client_credentials from this one.",
        )
    })
}

pub(super) fn oauth_without_flows(
    _: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    let client = described.client;
    (client.settings.oauth_enabled && client.settings.flows.is_empty()).then(|| {
        Evidence::new(
            "AllowedOAuthFlowsUserPoolClient true, AllowedOAuthFlows none",
            "Add client_credentials to AllowedOAuthFlows, or turn OAuth off.",
        )
    })
}

pub(super) fn public_machine(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    let looks = described.secret().is_public()
        && !client.settings.is_machine()
        && has_only_custom_scopes(client);
    looks.then(|| {
        Evidence::new(
            format!(
                "no secret; {}; scopes of resource servers only: {}",
                flows(client),
                scope_list(client)
            ),
            "For M2M, create a client with a secret. For user sign-in, add the scope openid.",
        )
    })
}

pub(super) fn machine_without_flow(
    _: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    let client = described.client;
    let looks = described.secret().exists() == Some(true)
        && !client.settings.is_machine()
        && client.settings.callback_urls.is_empty()
        && has_only_custom_scopes(client);
    looks.then(|| {
        Evidence::new(
            format!(
                "{}; no callback URL; scopes {}",
                flows(client),
                scope_list(client)
            ),
            "Set AllowedOAuthFlows to client_credentials alone.",
        )
    })
}

fn scope_list(client: &AppClient) -> String {
    let scopes: Vec<&str> = client
        .settings
        .scopes
        .iter()
        .map(ScopeName::as_str)
        .collect();
    list(&scopes)
}

pub(super) fn client_token_not_alone(
    _: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    let client = described.client;
    (client.settings.names_client_token() && !client.settings.may_get_client_token()).then(|| {
        Evidence::new(
            explicit_flows(client),
            format!("Remove the others, or remove {CLIENT_TOKEN_FLOW} and use the token endpoint."),
        )
    })
}

pub(super) fn sign_in_flows(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    let left: Vec<&str> = client
        .settings
        .explicit_auth_flows
        .iter()
        .map(String::as_str)
        .filter(|flow| is_sign_in(flow))
        .collect();
    (client.settings.is_machine() && !left.is_empty()).then(|| {
        Evidence::new(
            format!("ExplicitAuthFlows has {}", list(&left)),
            format!(
                "Set ExplicitAuthFlows to ALLOW_REFRESH_TOKEN_AUTH alone, or to {CLIENT_TOKEN_FLOW} alone."
            ),
        )
    })
}

pub(super) fn sign_in_flows_by_default(
    _: &PoolSnapshot,
    described: &ClientSnapshot,
) -> Option<Evidence> {
    let client = described.client;
    (client.settings.is_machine() && client.settings.explicit_auth_flows.is_empty()).then(|| {
        Evidence::new(
            explicit_flows(client),
            "Set ExplicitAuthFlows to ALLOW_REFRESH_TOKEN_AUTH, which allows no sign-in.",
        )
    })
}

pub(super) fn callback_urls(_: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    // Another flow uses the URLs. Mixed flows have a rule of their own.
    let redirects = client
        .settings
        .flows
        .iter()
        .any(|flow| *flow != OAuthFlow::ClientCredentials);
    let urls: Vec<&String> = client
        .settings
        .callback_urls
        .iter()
        .chain(&client.settings.logout_urls)
        .collect();
    (client.settings.is_machine() && !redirects && !urls.is_empty()).then(|| {
        Evidence::new(
            format!("callback and logout URLs: {}", list(&urls)),
            "Remove them, unless the script that created the client sets them (AWS TEAM's does).",
        )
    })
}

pub(super) fn token_short(found: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    let seconds = client.settings.access_token.seconds()?;
    (client.settings.is_machine() && seconds < found.limits.token_min).then(|| {
        // A program that runs all day requests a token whenever one expires: 30.4 days a month.
        let monthly = 2_628_000 / seconds.max(1);
        Evidence::new(
            format!(
                "AccessTokenValidity {}: up to {monthly} tokens a month for each program",
                time::in_words(seconds)
            ),
            "Set AccessTokenValidity to 1 hour, and cache tokens for three quarters of their lifetime.",
        )
    })
}

pub(super) fn token_long(found: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    let seconds = client.settings.access_token.seconds()?;
    (client.settings.is_machine() && seconds > found.limits.token_max).then(|| {
        Evidence::new(
            format!("AccessTokenValidity {}", time::in_words(seconds)),
            "Set AccessTokenValidity to 1 hour, or to what the longest job needs.",
        )
    })
}

pub(super) fn namesakes(found: &PoolSnapshot, described: &ClientSnapshot) -> Option<Evidence> {
    let client = described.client;
    let others = found.namesakes(client);
    (!others.is_empty()).then(|| {
        let ids: Vec<&str> = others.iter().map(|id| id.as_str()).collect();
        Evidence::new(
            format!(
                "{} is the name of {}, too",
                client.settings.name,
                list(&ids)
            ),
            "Find the one in use (by the client_id of its tokens), then rename or delete the others.",
        )
    })
}
