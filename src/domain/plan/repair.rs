//! What a set-up changes in an existing client; [`super`] has the rules.

use super::{Obstacle, ObstacleKind};
use crate::domain::client::{AppClient, ClientSettings, Validity};
use crate::domain::limits;
use crate::domain::new_client::NewClient;
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::ScopeName;

/// The settings of `there`, repaired to `wanted`. `servers` are the pool's resource servers at the time of the update.
pub(super) fn repaired(
    there: &AppClient,
    wanted: &NewClient,
    servers: &[ResourceServer],
) -> ClientSettings {
    let mut after = repair(there, wanted);
    if after != there.settings {
        acceptable_scopes(&mut after, servers);
    }
    after
}

/// The same, without checking scopes.
pub(super) fn repair(there: &AppClient, wanted: &NewClient) -> ClientSettings {
    let mut after = there.settings.clone();
    after.oauth_enabled = wanted.oauth_enabled;
    exactly(&mut after.flows, &wanted.flows);
    // `GetClientToken` works only with its own flow, the token endpoint with any: keep the flow for its users.
    if !after.may_get_client_token() {
        exactly(&mut after.explicit_auth_flows, &wanted.explicit_auth_flows);
    }
    at_least(&mut after.scopes, &wanted.scopes);
    at_least(&mut after.identity_providers, &wanted.identity_providers);
    at_least(&mut after.callback_urls, &wanted.callback_urls);
    at_least(&mut after.logout_urls, &wanted.logout_urls);
    life(&mut after.access_token, wanted.access_token);
    life(&mut after.id_token, wanted.id_token);
    life(&mut after.refresh_token, wanted.refresh_token);
    stated(
        &mut after.auth_session_minutes,
        wanted.auth_session_minutes.as_ref(),
    );
    stated(
        &mut after.token_revocation,
        wanted.token_revocation.as_ref(),
    );
    stated(
        &mut after.prevent_user_existence_errors,
        wanted.prevent_user_existence_errors.as_ref(),
    );
    stated(
        &mut after.default_redirect_uri,
        wanted.default_redirect_uri.as_ref(),
    );
    at_least(&mut after.read_attributes, &wanted.read_attributes);
    at_least(&mut after.write_attributes, &wanted.write_attributes);
    stated(
        &mut after.propagates_user_context,
        wanted.propagates_user_context.as_ref(),
    );
    stated(
        &mut after.refresh_token_rotation,
        wanted.refresh_token_rotation.as_ref(),
    );
    stated(&mut after.analytics, wanted.analytics.as_ref());
    after
}

/// Removes the scopes for which Cognito refuses an update: inactive ones, and OpenID scopes of an M2M client.
pub fn acceptable_scopes(settings: &mut ClientSettings, servers: &[ResourceServer]) {
    let machine = settings.is_m2m();
    settings
        .scopes
        .retain(|scope| match ScopeState::of(scope, servers) {
            ScopeState::Active | ScopeState::System => true,
            ScopeState::Inactive => false,
            ScopeState::OpenId => !machine,
        });
}

/// The obstacles of lists that exceed a limit.
pub(super) fn limits(about: &str, after: &ClientSettings) -> Vec<Obstacle> {
    let too_many = |what: &str, count: usize, most: usize| {
        (count > most).then(|| Obstacle {
            kind: ObstacleKind::Refused,
            about: about.to_owned(),
            what: format!("it would have {count} {what}; the maximum is {most}"),
            way_out: "Remove unused ones, or split the client.".to_owned(),
        })
    };
    [
        too_many("scopes", after.scopes.len(), limits::SCOPES_PER_CLIENT),
        too_many(
            "callback URLs",
            after.callback_urls.len(),
            limits::URLS_PER_CLIENT,
        ),
        too_many(
            "logout URLs",
            after.logout_urls.len(),
            limits::URLS_PER_CLIENT,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Settings without `going`. Turns OAuth off for a client without scopes: Cognito requires both or neither.
pub(super) fn without(settings: &ClientSettings, going: &[ScopeName]) -> ClientSettings {
    let mut after = settings.clone();
    after.scopes.retain(|scope| !going.contains(scope));
    if after.scopes.is_empty() {
        after.oauth_enabled = false;
    }
    after
}

/// Order has no meaning; an empty list equals none.
fn exactly<T: Clone + PartialEq>(there: &mut Vec<T>, wanted: &[T]) {
    let same = there.len() == wanted.len() && wanted.iter().all(|item| there.contains(item));
    if !wanted.is_empty() && !same {
        *there = wanted.to_vec();
    }
}

fn at_least<T: Clone + PartialEq>(there: &mut Vec<T>, wanted: &[T]) {
    for item in wanted {
        if !there.contains(item) {
            there.push(item.clone());
        }
    }
}

/// An hour is 60 minutes.
fn life(there: &mut Validity, wanted: Option<Validity>) {
    if let Some(wanted) = wanted.filter(|wanted| wanted.seconds() != there.seconds()) {
        *there = wanted;
    }
}

fn stated<T: Clone + PartialEq>(there: &mut Option<T>, wanted: Option<&T>) {
    if wanted.is_some() {
        *there = wanted.cloned();
    }
}
