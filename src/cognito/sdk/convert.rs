//! Converts the SDK's types to the domain's.

use std::collections::BTreeMap;

use aws_sdk_cognitoidentityprovider::types::{
    DeletionProtectionType, IssuerType as SdkIssuer, LambdaConfigType, ResourceServerScopeType,
    ResourceServerType, UserPoolClientDescription, UserPoolDescriptionType, UserPoolType,
};
use aws_smithy_types::DateTime;

use crate::cognito::error::{Error, ErrorKind};
use crate::domain::client::ClientSummary;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::other_settings::OtherSettings;
use crate::domain::pool::{IssuerType, PoolSummary, PreTokenTrigger, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::time::Timestamp;

pub fn timestamp(date: DateTime) -> Timestamp {
    Timestamp::from_millis(date.to_millis().unwrap_or_default())
}

/// The answer of a call about `resource` that must have one.
pub fn required<T>(
    value: Option<T>,
    operation: &'static str,
    resource: impl Into<String>,
) -> Result<T, Error> {
    value.ok_or_else(|| {
        Error::new(
            operation,
            ErrorKind::Malformed,
            "the response lacks the requested resource",
            "The response may not be from Cognito: check the endpoint.",
        )
        .about(resource)
    })
}

pub fn pool_summary(pool: UserPoolDescriptionType) -> Option<PoolSummary> {
    Some(PoolSummary {
        id: PoolId::new(pool.id?),
        name: pool.name.unwrap_or_default(),
        created: pool.creation_date.map(timestamp),
        modified: pool.last_modified_date.map(timestamp),
    })
}

pub fn user_pool(id: &PoolId, pool: UserPoolType) -> UserPool {
    // Original by default: the API reference, `IssuerConfigurationType`.
    let configured = pool.issuer_configuration.as_ref();
    let issuer = match configured.and_then(|issuer| issuer.r#type()) {
        None | Some(SdkIssuer::Original) => Some(IssuerType::Original),
        Some(SdkIssuer::Updated) => Some(IssuerType::Updated),
        Some(_) => None,
    };
    let trigger = pool.lambda_config.and_then(pre_token_trigger);
    UserPool {
        id: id.clone(),
        name: pool.name.unwrap_or_default(),
        arn: pool.arn,
        prefix_domain: pool.domain.filter(|domain| !domain.is_empty()),
        custom_domain: pool.custom_domain.filter(|domain| !domain.is_empty()),
        deletion_protection: match pool.deletion_protection {
            Some(DeletionProtectionType::Active) => Some(true),
            Some(DeletionProtectionType::Inactive) => Some(false),
            _ => None,
        },
        // Off by default: Amazon Cognito Developer Guide, "Configuring user creation policies".
        admin_create_only: pool
            .admin_create_user_config
            .is_some_and(|users| users.allow_admin_create_user_only),
        username_attributes: words(pool.username_attributes, |word| word.as_str().to_owned()),
        tier: pool.user_pool_tier.map(|tier| tier.as_str().to_owned()),
        issuer,
        pre_token_trigger: trigger,
        tags: pool
            .user_pool_tags
            .map(BTreeMap::from_iter)
            .unwrap_or_default(),
        // The SDK's type lacks these: `pool_update::complete` reads them.
        dcr: None,
        other: OtherSettings::default(),
        lambda_triggers: Vec::new(),
        estimated_users: None,
        created: pool.creation_date.map(timestamp),
        modified: pool.last_modified_date.map(timestamp),
    }
}

/// A trigger in the detailed form, or in the older one, which has an ARN alone and is of the first version.
fn pre_token_trigger(lambdas: LambdaConfigType) -> Option<PreTokenTrigger> {
    let older = lambdas.pre_token_generation.filter(|arn| !arn.is_empty());
    match lambdas.pre_token_generation_config {
        Some(detailed) => Some(PreTokenTrigger {
            version: detailed.lambda_version.as_str().to_owned(),
            arn: detailed.lambda_arn,
        }),
        None => older.map(|arn| PreTokenTrigger {
            version: "V1_0".to_owned(),
            arn,
        }),
    }
}

pub fn resource_server(server: ResourceServerType) -> Option<ResourceServer> {
    let scope = |scope: ResourceServerScopeType| Scope {
        name: scope.scope_name,
        description: scope.scope_description,
    };
    Some(ResourceServer {
        // The SDK's type lacks these: `resource_servers::complete` reads them.
        managed_by: None,
        other: OtherSettings::default(),
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

pub fn client_summary(client: UserPoolClientDescription) -> Option<ClientSummary> {
    Some(ClientSummary {
        id: ClientId::new(client.client_id?),
        name: client.client_name.unwrap_or_default(),
    })
}

fn words<T, U>(list: Option<Vec<T>>, word: impl Fn(T) -> U) -> Vec<U> {
    list.unwrap_or_default().into_iter().map(word).collect()
}
