//! Whether what is there is what a step was to lead to: how a step whose answer was lost is found done.

use super::repair;
use crate::domain::client::{AppClient, ClientSettings, OAuthFlow};
use crate::domain::new_client::NewClient;
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::secret::ListedSecrets;

/// Whether `there` can be the client that was made as `new`.
#[must_use]
pub fn is_made_as(there: &AppClient, new: &NewClient) -> bool {
    there.settings.name == new.name
        && there.secret_state(ListedSecrets::NotRead).exists() != Some(!new.generate_secret)
        && repair::repaired(there, new, &[]) == there.settings
}

/// Whether the settings are the same; the order of lists says nothing.
#[must_use]
pub fn is_set_as(there: &ClientSettings, after: &ClientSettings) -> bool {
    in_order(there) == in_order(after)
}

/// Whether a resource server defines all of these.
#[must_use]
pub fn defines_all(there: &ResourceServer, scopes: &[Scope]) -> bool {
    let has = |scope: &Scope| there.scopes.iter().any(|known| known.name == scope.name);
    scopes.iter().all(has)
}

fn in_order(settings: &ClientSettings) -> ClientSettings {
    let mut sorted = settings.clone();
    sorted
        .flows
        .sort_by(|one, other| OAuthFlow::as_str(one).cmp(other.as_str()));
    sorted
        .scopes
        .sort_by(|one, other| one.as_str().cmp(other.as_str()));
    for list in [
        &mut sorted.explicit_auth_flows,
        &mut sorted.identity_providers,
        &mut sorted.callback_urls,
        &mut sorted.logout_urls,
        &mut sorted.read_attributes,
        &mut sorted.write_attributes,
    ] {
        list.sort_unstable();
    }
    sorted
}
