//! The JSON of a domain.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::instead;
use crate::cli::DomainSettingsArgs;
use crate::commands::shared::read_clients::other_members;
use crate::domain::ids::PoolId;
use crate::domain::pool::{Domain, NewDomain};

/// A domain.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DomainDocument {
    // Which pool it is of, and what Cognito sets.
    pub identity: Value,
    pub pool_id: Value,
    pub custom: Value,
    pub status: Value,
    pub token_endpoint: Value,
    pub asked_here: Value,
    pub cloudfront: Value,
    pub other: serde_json::Map<String, Value>,
    // Settings that cannot be changed here.
    pub security_policy: Value,
    pub failover: Value,
    // Its settings.
    pub domain: Option<String>,
    pub certificate_arn: Option<String>,
    pub managed_login_version: Option<i32>,
}

impl DomainDocument {
    /// A domain as Cognito describes it. `own` is its token endpoint; `asked` is the one that this connection uses.
    pub fn of(pool: &PoolId, domain: &Domain, own: Option<&str>, asked: Option<&str>) -> Self {
        let failover = domain.failover.as_ref().map(|failover| {
            json!({
                "secondary_region": failover.secondary_region,
                "health_check": failover.health_check,
            })
        });
        Self {
            identity: Value::Null,
            pool_id: pool.as_str().into(),
            custom: domain.custom.into(),
            status: domain.status.clone().into(),
            token_endpoint: own.map(str::to_owned).into(),
            asked_here: asked.map(str::to_owned).into(),
            cloudfront: domain.cloudfront.clone().into(),
            other: other_members(&domain.other),
            security_policy: domain.security_policy.clone().into(),
            failover: failover.into(),
            domain: Some(domain.name.clone()),
            certificate_arn: domain.certificate_arn.clone(),
            managed_login_version: domain.managed_login_version,
        }
    }

    /// Puts options before what the file says.
    pub fn add(&mut self, args: &DomainSettingsArgs) {
        instead(&mut self.certificate_arn, args.certificate.clone());
        instead(&mut self.managed_login_version, args.managed_login);
    }

    /// A new domain.
    pub fn new_domain(&self) -> NewDomain {
        NewDomain {
            name: self.domain.clone().unwrap_or_default(),
            certificate_arn: self.certificate_arn.clone(),
            managed_login_version: self.managed_login_version,
        }
    }

    /// The settings that are not sent, under their names.
    pub fn left_out(&self) -> Vec<&str> {
        let known = [
            ("security_policy", &self.security_policy),
            ("failover", &self.failover),
        ];
        let known = known.into_iter().filter(|(_, value)| !value.is_null());
        known
            .map(|(name, _)| name)
            .chain(self.other.keys().map(String::as_str))
            .collect()
    }
}
