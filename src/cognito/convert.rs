//! From the SDK's types to the domain's.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::types::{
    DeletionProtectionType, DomainDescriptionType, FeatureType, IssuerType as SdkIssuer,
    ResourceServerScopeType, ResourceServerType, TimeUnitsType, UserPoolClientDescription,
    UserPoolClientType, UserPoolDescriptionType, UserPoolType,
};
use aws_smithy_types::DateTime;
use secrecy::SecretString;

use super::error::{Error, ErrorKind};
use crate::domain::client::{
    Analytics, AppClient, ClientSettings, ClientSummary, OAuthFlow, RefreshTokenRotation, TimeUnit,
    Validity,
};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::pool::{Domain, Failover, IssuerType, PoolSummary, PreTokenTrigger, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

pub(super) fn timestamp(date: DateTime) -> Timestamp {
    Timestamp::from_millis(date.to_millis().unwrap_or_default())
}

/// The answer of a call about `resource` that must have one.
pub(super) fn required<T>(
    value: Option<T>,
    operation: &'static str,
    resource: impl Into<String>,
) -> Result<T, Error> {
    value.ok_or_else(|| {
        Error::new(
            operation,
            ErrorKind::Malformed,
            "the answer lacks what was asked for",
            "Something other than Cognito may have answered: check the endpoint.",
        )
        .about(resource)
    })
}

pub(super) fn pool_summary(pool: UserPoolDescriptionType) -> Option<PoolSummary> {
    Some(PoolSummary {
        id: PoolId::new(pool.id?),
        name: pool.name.unwrap_or_default(),
        created: pool.creation_date.map(timestamp),
        modified: pool.last_modified_date.map(timestamp),
    })
}

pub(super) fn user_pool(id: &PoolId, pool: UserPoolType) -> UserPool {
    let updated_issuer = pool
        .issuer_configuration
        .as_ref()
        .is_some_and(|issuer| issuer.r#type() == Some(&SdkIssuer::Updated));
    let trigger = pool
        .lambda_config
        .and_then(|lambdas| lambdas.pre_token_generation_config);
    UserPool {
        id: id.clone(),
        name: pool.name.unwrap_or_default(),
        arn: pool.arn,
        prefix_domain: pool.domain.filter(|domain| !domain.is_empty()),
        custom_domain: pool.custom_domain.filter(|domain| !domain.is_empty()),
        deletion_protection: pool.deletion_protection == Some(DeletionProtectionType::Active),
        admin_create_only: pool
            .admin_create_user_config
            .is_some_and(|users| users.allow_admin_create_user_only),
        username_attributes: words(pool.username_attributes, |word| word.as_str().to_owned()),
        tier: pool.user_pool_tier.map(|tier| tier.as_str().to_owned()),
        issuer: if updated_issuer {
            IssuerType::Updated
        } else {
            IssuerType::Original
        },
        pre_token_trigger: trigger.map(|trigger| PreTokenTrigger {
            version: trigger.lambda_version.as_str().to_owned(),
            arn: trigger.lambda_arn,
        }),
        tags: pool
            .user_pool_tags
            .map(BTreeMap::from_iter)
            .unwrap_or_default(),
        estimated_users: Some(pool.estimated_number_of_users),
        created: pool.creation_date.map(timestamp),
        modified: pool.last_modified_date.map(timestamp),
    }
}

/// `None` for the empty description that Cognito gives of a domain that does not exist.
pub(super) fn domain(domain: DomainDescriptionType, custom: bool) -> Option<Domain> {
    // A prefix domain is described with an empty configuration.
    let config = domain.custom_domain_config;
    let config = config.filter(|config| !config.certificate_arn.is_empty());
    let (certificate_arn, policy) = config.map_or((None, None), |config| {
        (Some(config.certificate_arn), config.security_policy)
    });
    let failover = domain.routing.and_then(|routing| routing.failover);
    Some(Domain {
        name: domain.domain?,
        custom,
        status: domain.status.map(|status| status.as_str().to_owned()),
        cloudfront: domain.cloud_front_distribution.filter(|_| custom),
        managed_login_version: domain.managed_login_version,
        certificate_arn,
        security_policy: policy.map(|policy| policy.as_str().to_owned()),
        failover: failover.map(|failover| Failover {
            secondary_region: failover.secondary_region,
            health_check: failover.primary_route53_health_check_id,
        }),
    })
}

pub(super) fn resource_server(server: ResourceServerType) -> Option<ResourceServer> {
    let scope = |scope: ResourceServerScopeType| Scope {
        name: scope.scope_name,
        description: scope.scope_description,
    };
    Some(ResourceServer {
        identifier: server.identifier?,
        name: server.name.unwrap_or_default(),
        scopes: server
            .scopes
            .unwrap_or_default()
            .into_iter()
            .map(scope)
            .collect(),
    })
}

pub(super) fn client_summary(client: UserPoolClientDescription) -> Option<ClientSummary> {
    Some(ClientSummary {
        id: ClientId::new(client.client_id?),
        name: client.client_name.unwrap_or_default(),
    })
}

/// Takes the client's secret out of what the SDK returned, so that dropping the rest drops no secret unwiped.
pub(super) fn take_secret(client: &mut UserPoolClientType) -> Option<SecretString> {
    client
        .client_secret
        .take()
        .filter(|secret| !secret.is_empty())
        .map(SecretString::from)
}

/// `has_secret` is passed in, because the secret itself was taken out before.
pub(super) fn app_client(
    pool: &PoolId,
    id: &ClientId,
    client: UserPoolClientType,
    has_secret: bool,
) -> AppClient {
    let units = client.token_validity_units;
    let unit = |of: Option<&TimeUnitsType>, default| of.map_or(default, time_unit);
    let access = units.as_ref().and_then(|units| units.access_token.as_ref());
    let id_token = units.as_ref().and_then(|units| units.id_token.as_ref());
    let refresh = units
        .as_ref()
        .and_then(|units| units.refresh_token.as_ref());
    AppClient {
        pool: pool.clone(),
        id: match client.client_id {
            Some(own) if own != id.as_str() => ClientId::new(own),
            _ => id.clone(),
        },
        has_secret,
        settings: ClientSettings {
            name: client.client_name.unwrap_or_default(),
            oauth_enabled: client
                .allowed_o_auth_flows_user_pool_client
                .unwrap_or(false),
            flows: words(client.allowed_o_auth_flows, |flow| {
                OAuthFlow::from(flow.as_str())
            }),
            scopes: words(client.allowed_o_auth_scopes, |scope| {
                ScopeName::new(scope.as_str())
            }),
            explicit_auth_flows: words(client.explicit_auth_flows, |flow| flow.as_str().to_owned()),
            identity_providers: client.supported_identity_providers.unwrap_or_default(),
            callback_urls: client.callback_urls.unwrap_or_default(),
            logout_urls: client.logout_urls.unwrap_or_default(),
            default_redirect_uri: client.default_redirect_uri,
            access_token: validity(
                client.access_token_validity,
                unit(access, TimeUnit::Hours),
                ONE_HOUR,
            ),
            id_token: validity(
                client.id_token_validity,
                unit(id_token, TimeUnit::Hours),
                ONE_HOUR,
            ),
            refresh_token: validity(
                Some(client.refresh_token_validity),
                unit(refresh, TimeUnit::Days),
                THIRTY_DAYS,
            ),
            auth_session_minutes: client.auth_session_validity,
            token_revocation: client.enable_token_revocation,
            prevent_user_existence_errors: client
                .prevent_user_existence_errors
                .map(|mode| mode.as_str().to_owned()),
            read_attributes: client.read_attributes.unwrap_or_default(),
            write_attributes: client.write_attributes.unwrap_or_default(),
            propagates_user_context: client.enable_propagate_additional_user_context_data,
            refresh_token_rotation: client.refresh_token_rotation.map(|rotation| {
                RefreshTokenRotation {
                    enabled: rotation.feature == FeatureType::Enabled,
                    grace_seconds: rotation.retry_grace_period_seconds,
                }
            }),
            analytics: client.analytics_configuration.map(|to| {
                Box::new(Analytics {
                    application_id: to.application_id,
                    application_arn: to.application_arn,
                    role_arn: to.role_arn,
                    external_id: to.external_id,
                    user_data_shared: to.user_data_shared,
                })
            }),
        },
        created: client.creation_date.map(timestamp),
        modified: client.last_modified_date.map(timestamp),
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

/// Zero and absence both stand for Cognito's default.
fn validity(value: Option<i32>, unit: TimeUnit, default: Validity) -> Validity {
    match value {
        None | Some(0) => default,
        Some(value) => Validity { value, unit },
    }
}

fn time_unit(unit: &TimeUnitsType) -> TimeUnit {
    match unit {
        TimeUnitsType::Seconds => TimeUnit::Seconds,
        TimeUnitsType::Minutes => TimeUnit::Minutes,
        TimeUnitsType::Days => TimeUnit::Days,
        _ => TimeUnit::Hours,
    }
}

pub(super) fn sdk_time_unit(unit: TimeUnit) -> TimeUnitsType {
    match unit {
        TimeUnit::Seconds => TimeUnitsType::Seconds,
        TimeUnit::Minutes => TimeUnitsType::Minutes,
        TimeUnit::Hours => TimeUnitsType::Hours,
        TimeUnit::Days => TimeUnitsType::Days,
    }
}

fn words<T, U>(list: Option<Vec<T>>, word: impl Fn(T) -> U) -> Vec<U> {
    list.unwrap_or_default().into_iter().map(word).collect()
}
