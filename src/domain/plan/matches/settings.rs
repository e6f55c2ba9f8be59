//! Merges an app client's settings: as planned on, as wanted, and as they are now.

use crate::domain::client::{ClientSettings, RefreshTokenRotation, Validity};

/// The default of `ExplicitAuthFlows`.
const DEFAULT_FLOWS: [&str; 3] = [
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_SRP_AUTH",
];
/// The default minutes of a sign-in session.
const DEFAULT_SESSION: i32 = 3;

/// `there` with what differs between `before` and `after`.
pub(super) fn changed(
    there: &ClientSettings,
    before: &ClientSettings,
    after: &ClientSettings,
) -> ClientSettings {
    let mut wanted = there.clone();
    let (set, was, is) = (&mut wanted, before, after);
    one(&mut set.name, &was.name, &is.name);
    one(
        &mut set.oauth_enabled,
        &was.oauth_enabled,
        &is.oauth_enabled,
    );
    many(&mut set.flows, &was.flows, &is.flows);
    many(&mut set.scopes, &was.scopes, &is.scopes);
    many(
        &mut set.explicit_auth_flows,
        &was.explicit_auth_flows,
        &is.explicit_auth_flows,
    );
    many(
        &mut set.identity_providers,
        &was.identity_providers,
        &is.identity_providers,
    );
    many(
        &mut set.callback_urls,
        &was.callback_urls,
        &is.callback_urls,
    );
    many(&mut set.logout_urls, &was.logout_urls, &is.logout_urls);
    one(
        &mut set.default_redirect_uri,
        &was.default_redirect_uri,
        &is.default_redirect_uri,
    );
    one(&mut set.access_token, &was.access_token, &is.access_token);
    one(&mut set.id_token, &was.id_token, &is.id_token);
    one(
        &mut set.refresh_token,
        &was.refresh_token,
        &is.refresh_token,
    );
    one(
        &mut set.auth_session_minutes,
        &was.auth_session_minutes,
        &is.auth_session_minutes,
    );
    one(
        &mut set.token_revocation,
        &was.token_revocation,
        &is.token_revocation,
    );
    one(
        &mut set.prevent_user_existence_errors,
        &was.prevent_user_existence_errors,
        &is.prevent_user_existence_errors,
    );
    many(
        &mut set.read_attributes,
        &was.read_attributes,
        &is.read_attributes,
    );
    many(
        &mut set.write_attributes,
        &was.write_attributes,
        &is.write_attributes,
    );
    one(
        &mut set.propagates_user_context,
        &was.propagates_user_context,
        &is.propagates_user_context,
    );
    one(
        &mut set.refresh_token_rotation,
        &was.refresh_token_rotation,
        &is.refresh_token_rotation,
    );
    one(&mut set.analytics, &was.analytics, &is.analytics);
    wanted
}

/// Applies a changed value.
fn one<T: Clone + PartialEq>(set: &mut T, before: &T, after: &T) {
    if before != after {
        set.clone_from(after);
    }
}

/// Applies additions to and removals from a list.
fn many<T: Clone + PartialEq>(set: &mut Vec<T>, before: &[T], after: &[T]) {
    set.retain(|item| after.contains(item) || !before.contains(item));
    for item in after {
        if !before.contains(item) && !set.contains(item) {
            set.push(item.clone());
        }
    }
}

/// Keeps each setting of `there` that means the same as `wanted`.
pub(super) fn leave_the_same(wanted: &mut ClientSettings, there: &ClientSettings) {
    let (set, is) = (wanted, there);
    same_items(&mut set.flows, &is.flows);
    same_items(&mut set.scopes, &is.scopes);
    same(
        &mut set.explicit_auth_flows,
        &is.explicit_auth_flows,
        |flows| {
            let mut flows: Vec<String> = flows.clone();
            if flows.is_empty() {
                flows = DEFAULT_FLOWS.map(str::to_owned).to_vec();
            }
            flows.sort_unstable();
            flows
        },
    );
    same_items(&mut set.identity_providers, &is.identity_providers);
    same_items(&mut set.callback_urls, &is.callback_urls);
    same_items(&mut set.logout_urls, &is.logout_urls);
    same_items(&mut set.read_attributes, &is.read_attributes);
    same_items(&mut set.write_attributes, &is.write_attributes);
    let stated = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    same(
        &mut set.default_redirect_uri,
        &is.default_redirect_uri,
        stated,
    );
    // An hour is 60 minutes; unknown units are equal only to themselves.
    let known = |life: &Validity| life.seconds().ok_or(*life);
    same(&mut set.access_token, &is.access_token, known);
    same(&mut set.id_token, &is.id_token, known);
    same(&mut set.refresh_token, &is.refresh_token, known);
    same(
        &mut set.auth_session_minutes,
        &is.auth_session_minutes,
        |minutes| minutes.unwrap_or(DEFAULT_SESSION),
    );
    same(&mut set.token_revocation, &is.token_revocation, |on| {
        on.unwrap_or(true)
    });
    same(
        &mut set.prevent_user_existence_errors,
        &is.prevent_user_existence_errors,
        |mode| stated(mode).unwrap_or_else(|| "LEGACY".to_owned()),
    );
    same(
        &mut set.propagates_user_context,
        &is.propagates_user_context,
        |on| on.unwrap_or(false),
    );
    let rotation = |rotation: &Option<RefreshTokenRotation>| {
        let on = rotation.filter(|rotation| rotation.enabled);
        on.map(|on| on.grace_seconds.unwrap_or(0))
    };
    same(
        &mut set.refresh_token_rotation,
        &is.refresh_token_rotation,
        rotation,
    );
}

fn same<T: Clone, K: PartialEq>(wanted: &mut T, there: &T, meaning: impl Fn(&T) -> K) {
    if meaning(wanted) == meaning(there) {
        wanted.clone_from(there);
    }
}

fn same_items<T: Clone + PartialEq>(wanted: &mut Vec<T>, there: &[T]) {
    let all = |some: &[T], of: &[T]| some.iter().all(|item| of.contains(item));
    if all(wanted, there) && all(there, wanted) {
        *wanted = there.to_vec();
    }
}
