//! Changing an app client without losing what the change is not about.
//!
//! `UpdateUserPoolClient` puts back to its default every setting that is not sent. So all of them are sent: each one exactly
//! as Cognito described it a moment before, unless the change touched it.

use aws_sdk_cognitoidentityprovider::operation::update_user_pool_client::builders::UpdateUserPoolClientInputBuilder;
use aws_sdk_cognitoidentityprovider::types::{
    AnalyticsConfigurationType, ExplicitAuthFlowsType, FeatureType, OAuthFlowType,
    PreventUserExistenceErrorTypes, RefreshTokenRotationType, TokenValidityUnitsType,
    UserPoolClientType,
};

use super::convert::sdk_time_unit;
use crate::domain::client::{Analytics, ClientSettings, RefreshTokenRotation, Validity};
use crate::domain::ids::{ClientId, PoolId};

/// The update that leaves a client as `described`.
pub(super) fn unchanged(
    pool: &PoolId,
    client: &ClientId,
    described: UserPoolClientType,
) -> UpdateUserPoolClientInputBuilder {
    UpdateUserPoolClientInputBuilder::default()
        .user_pool_id(pool.as_str())
        .client_id(client.as_str())
        .set_client_name(described.client_name)
        .refresh_token_validity(described.refresh_token_validity)
        .set_access_token_validity(described.access_token_validity)
        .set_id_token_validity(described.id_token_validity)
        .set_token_validity_units(described.token_validity_units)
        .set_read_attributes(described.read_attributes)
        .set_write_attributes(described.write_attributes)
        .set_explicit_auth_flows(described.explicit_auth_flows)
        .set_supported_identity_providers(described.supported_identity_providers)
        .set_callback_urls(described.callback_urls)
        .set_logout_urls(described.logout_urls)
        .set_default_redirect_uri(described.default_redirect_uri)
        .set_allowed_o_auth_flows(described.allowed_o_auth_flows)
        .set_allowed_o_auth_scopes(described.allowed_o_auth_scopes)
        .set_allowed_o_auth_flows_user_pool_client(described.allowed_o_auth_flows_user_pool_client)
        .set_analytics_configuration(described.analytics_configuration)
        .set_prevent_user_existence_errors(described.prevent_user_existence_errors)
        .set_enable_token_revocation(described.enable_token_revocation)
        .set_enable_propagate_additional_user_context_data(
            described.enable_propagate_additional_user_context_data,
        )
        .set_auth_session_validity(described.auth_session_validity)
        .set_refresh_token_rotation(described.refresh_token_rotation)
}

/// Puts into `update` what differs between `before` and `after`, and nothing else: a default that Cognito left unsaid
/// stays unsaid.
pub(super) fn apply(
    mut update: UpdateUserPoolClientInputBuilder,
    before: &ClientSettings,
    after: &ClientSettings,
) -> UpdateUserPoolClientInputBuilder {
    if before.name != after.name {
        update = update.client_name(&after.name);
    }
    if before.oauth_enabled != after.oauth_enabled {
        update = update.allowed_o_auth_flows_user_pool_client(after.oauth_enabled);
    }
    if before.flows != after.flows {
        update = update.set_allowed_o_auth_flows(list(&after.flows, |flow| {
            OAuthFlowType::from(flow.as_str())
        }));
    }
    if before.scopes != after.scopes {
        update = update
            .set_allowed_o_auth_scopes(list(&after.scopes, |scope| scope.as_str().to_owned()));
    }
    if before.explicit_auth_flows != after.explicit_auth_flows {
        let flows = list(&after.explicit_auth_flows, |flow| {
            ExplicitAuthFlowsType::from(flow.as_str())
        });
        update = update.set_explicit_auth_flows(flows);
    }
    if before.identity_providers != after.identity_providers {
        update =
            update.set_supported_identity_providers(list(&after.identity_providers, Clone::clone));
    }
    if before.callback_urls != after.callback_urls {
        update = update.set_callback_urls(list(&after.callback_urls, Clone::clone));
    }
    if before.logout_urls != after.logout_urls {
        update = update.set_logout_urls(list(&after.logout_urls, Clone::clone));
    }
    if before.default_redirect_uri != after.default_redirect_uri {
        update = update.set_default_redirect_uri(after.default_redirect_uri.clone());
    }
    if before.auth_session_minutes != after.auth_session_minutes {
        update = update.set_auth_session_validity(after.auth_session_minutes);
    }
    if before.token_revocation != after.token_revocation {
        update = update.set_enable_token_revocation(after.token_revocation);
    }
    if before.prevent_user_existence_errors != after.prevent_user_existence_errors {
        let mode = after
            .prevent_user_existence_errors
            .as_deref()
            .map(PreventUserExistenceErrorTypes::from);
        update = update.set_prevent_user_existence_errors(mode);
    }
    if before.read_attributes != after.read_attributes {
        update = update.set_read_attributes(list(&after.read_attributes, Clone::clone));
    }
    if before.write_attributes != after.write_attributes {
        update = update.set_write_attributes(list(&after.write_attributes, Clone::clone));
    }
    if before.propagates_user_context != after.propagates_user_context {
        update =
            update.set_enable_propagate_additional_user_context_data(after.propagates_user_context);
    }
    if before.refresh_token_rotation != after.refresh_token_rotation {
        let rotation = after.refresh_token_rotation.and_then(sdk_rotation);
        update = update.set_refresh_token_rotation(rotation);
    }
    if before.analytics != after.analytics {
        update = update.set_analytics_configuration(after.analytics.as_deref().map(sdk_analytics));
    }
    lifetimes(update, before, after)
}

fn sdk_rotation(rotation: RefreshTokenRotation) -> Option<RefreshTokenRotationType> {
    let feature = if rotation.enabled {
        FeatureType::Enabled
    } else {
        FeatureType::Disabled
    };
    // The one member that it can't be built without is there.
    RefreshTokenRotationType::builder()
        .feature(feature)
        .set_retry_grace_period_seconds(rotation.grace_seconds)
        .build()
        .ok()
}

fn sdk_analytics(to: &Analytics) -> AnalyticsConfigurationType {
    AnalyticsConfigurationType::builder()
        .set_application_id(to.application_id.clone())
        .set_application_arn(to.application_arn.clone())
        .set_role_arn(to.role_arn.clone())
        .set_external_id(to.external_id.clone())
        .user_data_shared(to.user_data_shared)
        .build()
}

fn lifetimes(
    mut update: UpdateUserPoolClientInputBuilder,
    before: &ClientSettings,
    after: &ClientSettings,
) -> UpdateUserPoolClientInputBuilder {
    let mut units: Option<TokenValidityUnitsType> = update.get_token_validity_units().clone();
    let unit = |life: Validity| Some(sdk_time_unit(life.unit));
    if before.access_token != after.access_token {
        update = update.access_token_validity(after.access_token.value);
        units.get_or_insert_with(no_units).access_token = unit(after.access_token);
    }
    if before.id_token != after.id_token {
        update = update.id_token_validity(after.id_token.value);
        units.get_or_insert_with(no_units).id_token = unit(after.id_token);
    }
    if before.refresh_token != after.refresh_token {
        update = update.refresh_token_validity(after.refresh_token.value);
        units.get_or_insert_with(no_units).refresh_token = unit(after.refresh_token);
    }
    update.set_token_validity_units(units)
}

pub(super) fn no_units() -> TokenValidityUnitsType {
    TokenValidityUnitsType::builder().build()
}

/// An empty list is not sent: Cognito refuses some of them, and leaving one out empties it all the same.
pub(super) fn list<T, U>(items: &[T], word: impl Fn(&T) -> U) -> Option<Vec<U>> {
    (!items.is_empty()).then(|| items.iter().map(word).collect())
}
