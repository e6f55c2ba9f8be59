//! The JSON of a user pool.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::instead;
use crate::cli::{CreatePoolArgs, Switch};
use crate::commands::shared::read_clients::other_members;
use crate::domain::oauth::endpoints;
use crate::domain::pool::{NewPool, UserPool};
use crate::domain::time::Timestamp;

/// A user pool.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PoolDocument {
    // Which pool it is, and what Cognito sets.
    pub identity: Value,
    pub id: Value,
    pub arn: Value,
    pub created: Value,
    pub modified: Value,
    pub prefix_domain: Value,
    pub custom_domain: Value,
    pub token_endpoint: Value,
    pub issuer: Value,
    pub jwks_url: Value,
    pub pre_token_trigger: Value,
    pub estimated_users: Value,
    /// All settings under the API's names.
    pub described: Map<String, Value>,
    pub other: Map<String, Value>,
    // Its settings.
    pub name: Option<String>,
    pub tier: Option<String>,
    pub deletion_protection: Option<bool>,
    pub admin_create_only: Option<bool>,
    pub username_attributes: Option<Vec<String>>,
    pub tags: Option<BTreeMap<String, String>>,
}

/// The described settings that a creation sends, or that Cognito sets.
const CARRIED: [&str; 19] = [
    "Id",
    "Name",
    "Arn",
    "Status",
    "CreationDate",
    "LastModifiedDate",
    "Domain",
    "CustomDomain",
    "EstimatedNumberOfUsers",
    "DeletionProtection",
    "AdminCreateUserConfig",
    "UsernameAttributes",
    "UserPoolTier",
    "UserPoolTags",
    "SmsConfigurationFailure",
    "EmailConfigurationFailure",
    // Cognito's own defaults.
    "SchemaAttributes",
    "MfaConfiguration",
    "IssuerConfiguration",
];

impl PoolDocument {
    /// A pool as Cognito describes it, with all known settings under the API's names. `asked` is the token endpoint that this
    /// connection uses.
    pub fn of(pool: &UserPool, described: Map<String, Value>, asked: Option<&str>) -> Self {
        let date = |at: Option<Timestamp>| at.and_then(Timestamp::rfc3339).into();
        let trigger = pool.pre_token_trigger.as_ref();
        let trigger =
            trigger.map(|trigger| json!({ "version": trigger.version, "arn": trigger.arn }));
        Self {
            identity: Value::Null,
            id: pool.id.as_str().into(),
            arn: pool.arn.clone().into(),
            created: date(pool.created),
            modified: date(pool.modified),
            prefix_domain: pool.prefix_domain.clone().into(),
            custom_domain: pool.custom_domain.clone().into(),
            token_endpoint: asked.map(str::to_owned).into(),
            issuer: endpoints::issuer(pool).into(),
            jwks_url: endpoints::jwks_url(pool).into(),
            pre_token_trigger: trigger.into(),
            estimated_users: pool.estimated_users.into(),
            described,
            other: other_members(&pool.other),
            name: Some(pool.name.clone()),
            tier: pool.tier.clone(),
            deletion_protection: pool.deletion_protection,
            admin_create_only: Some(pool.admin_create_only),
            username_attributes: Some(pool.username_attributes.clone()),
            tags: Some(pool.tags.clone()),
        }
    }

    /// Puts options before what the file says.
    pub fn add(&mut self, args: &CreatePoolArgs) {
        instead(&mut self.name, args.name.clone());
        instead(&mut self.tier, args.tier.clone());
        instead(
            &mut self.deletion_protection,
            args.protection.map(Switch::is_on),
        );
        instead(
            &mut self.admin_create_only,
            args.admin_create_only.map(Switch::is_on),
        );
        super::instead_list(&mut self.username_attributes, &args.username_attribute);
        if !args.tag.is_empty() {
            self.tags = Some(args.tag.iter().cloned().collect());
        }
    }

    /// A new pool. Only administrators create users unless the document says otherwise.
    pub fn new_pool(&self) -> NewPool {
        NewPool {
            name: self.name.clone().unwrap_or_default(),
            admin_create_only: self.admin_create_only.unwrap_or(true),
            deletion_protection: self.deletion_protection.unwrap_or(false),
            tier: self.tier.clone(),
            username_attributes: self.username_attributes.clone().unwrap_or_default(),
            tags: self.tags.clone().unwrap_or_default(),
        }
    }

    /// The settings that a creation does not send, under their names.
    pub fn left_out(&self) -> Vec<&str> {
        let described = self.described.iter().filter(|(name, value)| {
            let empty = match value {
                Value::Null => true,
                Value::Array(all) => all.is_empty(),
                Value::Object(all) => all.is_empty(),
                _ => false,
            };
            !empty && !CARRIED.contains(&name.as_str())
        });
        described
            .map(|(name, _)| name.as_str())
            .chain(self.other.keys().map(String::as_str))
            .collect()
    }

    /// The members that differ from the pool and cannot be changed by an update.
    pub fn unchangeable(&self, pool: &UserPool) -> Vec<&'static str> {
        let differs = |stated: bool, same: bool| stated && !same;
        [
            (
                "name",
                differs(self.name.is_some(), self.name.as_ref() == Some(&pool.name)),
            ),
            ("tier", differs(self.tier.is_some(), self.tier == pool.tier)),
            (
                "admin_create_only",
                differs(
                    self.admin_create_only.is_some(),
                    self.admin_create_only == Some(pool.admin_create_only),
                ),
            ),
            (
                "username_attributes",
                differs(
                    self.username_attributes.is_some(),
                    self.username_attributes.as_ref() == Some(&pool.username_attributes),
                ),
            ),
            (
                "tags",
                differs(self.tags.is_some(), self.tags.as_ref() == Some(&pool.tags)),
            ),
        ]
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name)
        .collect()
    }
}
