//! What is known of a pool from sources other than Cognito.

use super::Store;
use crate::app::store::load::Load;
use crate::domain::ids::PoolId;
use crate::domain::pool::DnsRecord;
use crate::domain::secret::ManagedSecret;

impl Store {
    /// What the DNS says of a custom domain.
    pub fn dns_record(&self, pool: &PoolId, domain: &str) -> &Load<DnsRecord> {
        let record = self.records.get(&(pool.clone(), domain.to_owned()));
        record.unwrap_or(&Load::Missing)
    }

    /// What Secrets Manager says of a secret that Cognito keeps there.
    pub fn managed_secret(&self, pool: &PoolId, arn: &str) -> &Load<ManagedSecret> {
        let secret = self.managed.get(&(pool.clone(), arn.to_owned()));
        secret.unwrap_or(&Load::Missing)
    }
}
