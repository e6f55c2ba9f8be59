//! Making, changing and deleting the domains of user pools, and finding out whose one is.

use aws_sdk_cognitoidentityprovider::types::{CustomDomainConfigType, DomainDescriptionType};

use super::classify;
use super::convert;
use super::error::{Error, ErrorKind};
use super::gateway::Gateway;
use crate::domain::ids::PoolId;
use crate::domain::pool::{Domain, DomainOwner, NewDomain, UserPool};

impl Gateway {
    /// `CreateUserPoolDomain`. The answer does not tell a status: a prefix domain takes up to a minute until it serves tokens, a custom
    /// one up to an hour.
    pub async fn create_domain(&self, pool: &PoolId, new: &NewDomain) -> Result<Domain, Error> {
        const OPERATION: &str = "CreateUserPoolDomain";
        let certificate = new.certificate_arn.as_deref();
        let custom = certificate
            .map(|arn| with_certificate(None, arn, OPERATION))
            .transpose()?;
        let reply = self
            .cognito()
            .create_user_pool_domain()
            .user_pool_id(pool.as_str())
            .domain(&new.name)
            .set_managed_login_version(new.managed_login_version)
            .set_custom_domain_config(custom)
            .send()
            .await
            .map_err(self.failed(OPERATION, about(pool, &new.name)))?;
        Ok(Domain {
            name: new.name.clone(),
            custom: certificate.is_some(),
            status: None,
            cloudfront: reply.cloud_front_domain.filter(|name| !name.is_empty()),
            managed_login_version: reply.managed_login_version.or(new.managed_login_version),
            certificate_arn: new.certificate_arn.clone(),
            ..Domain::default()
        })
    }

    /// `UpdateUserPoolDomain`: another certificate for a custom domain, another version of managed login, or both. What is `None`
    /// stays: the domain is read first and its settings are sent back, since a custom domain must resend its configuration.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such domain; [`ErrorKind::Changed`], with nothing written, where its certificate or its
    /// version are no longer as they were `seen`. Domains carry no date to tell it by.
    pub async fn update_domain(
        &self,
        pool: &PoolId,
        seen: &Domain,
        certificate_arn: Option<&str>,
        managed_login_version: Option<i32>,
    ) -> Result<(), Error> {
        const OPERATION: &str = "UpdateUserPoolDomain";
        let name = seen.name.as_str();
        let now = self.describe_domain(name).await?;
        let Some(now) = now.filter(|now| now.domain.is_some()) else {
            let hint = classify::hint(&ErrorKind::NotFound, &self.inner.origin);
            let detail = "no user pool has a domain of this name";
            return Err(
                Error::new(OPERATION, ErrorKind::NotFound, detail, hint).about(about(pool, name))
            );
        };
        let config = now.custom_domain_config.filter(has_certificate);
        let certificate = config
            .as_ref()
            .map(|config| config.certificate_arn.as_str());
        if certificate != seen.certificate_arn.as_deref()
            || now.managed_login_version != seen.managed_login_version
        {
            let detail = "its certificate or its managed login differs from what was read before";
            return Err(self.changed(OPERATION, detail, about(pool, name)));
        }
        let config = match certificate_arn {
            Some(arn) => Some(with_certificate(config, arn, OPERATION)?),
            None => config,
        };
        self.cognito()
            .update_user_pool_domain()
            .user_pool_id(pool.as_str())
            .domain(name)
            .set_managed_login_version(managed_login_version.or(now.managed_login_version))
            .set_custom_domain_config(config)
            .set_routing(now.routing)
            .send()
            .await
            .map_err(self.failed(OPERATION, about(pool, name)))?;
        Ok(())
    }

    /// `DeleteUserPoolDomain`: the token endpoint is gone with it.
    pub async fn delete_domain(&self, pool: &PoolId, name: &str) -> Result<(), Error> {
        let call = self
            .cognito()
            .delete_user_pool_domain()
            .user_pool_id(pool.as_str())
            .domain(name);
        call.send()
            .await
            .map_err(self.failed("DeleteUserPoolDomain", about(pool, name)))?;
        Ok(())
    }

    /// Who has the domain `name` (`DescribeUserPoolDomain`). `None` where nobody has it as far as can be seen: prefixes are unique
    /// in a Region across all accounts, and one that another account took is found out only by `CreateUserPoolDomain`.
    pub async fn domain_owner(&self, name: &str) -> Result<Option<DomainOwner>, Error> {
        let Some(found) = self.describe_domain(name).await? else {
            return Ok(None);
        };
        let custom = name.contains('.')
            || found
                .custom_domain_config
                .as_ref()
                .is_some_and(has_certificate);
        let pool = found.user_pool_id.clone().map(PoolId::new);
        let account = found.aws_account_id.clone();
        Ok(convert::domain(found, custom).map(|domain| DomainOwner {
            pool,
            account,
            domain,
        }))
    }

    /// `DescribeUserPoolDomain` for the pool's prefix domain and its custom domain, side by side. A domain that vanished since the pool
    /// was described is left out.
    pub async fn domains(&self, pool: &UserPool) -> Result<Vec<Domain>, Error> {
        let (prefix, custom) = tokio::try_join!(
            self.domain(pool.prefix_domain.as_deref(), false),
            self.domain(pool.custom_domain.as_deref(), true),
        )?;
        Ok(prefix.into_iter().chain(custom).collect())
    }

    async fn domain(&self, name: Option<&str>, custom: bool) -> Result<Option<Domain>, Error> {
        let Some(name) = name else { return Ok(None) };
        let found = self.describe_domain(name).await?;
        Ok(found.and_then(|found| convert::domain(found, custom)))
    }

    /// Cognito describes a domain that does not exist by an empty description; its being not found is read the same.
    async fn describe_domain(&self, name: &str) -> Result<Option<DomainDescriptionType>, Error> {
        let reply = self
            .cognito()
            .describe_user_pool_domain()
            .domain(name)
            .send()
            .await
            .map_err(self.failed("DescribeUserPoolDomain", name.to_owned()));
        match reply {
            Ok(reply) => Ok(reply.domain_description),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// How errors name a domain.
pub(super) fn about(pool: &PoolId, name: &str) -> String {
    format!("{pool}, domain {name}")
}

/// A prefix domain is described with an empty configuration.
fn has_certificate(config: &CustomDomainConfigType) -> bool {
    !config.certificate_arn.is_empty()
}

/// `config`, or a fresh one, with this certificate.
fn with_certificate(
    config: Option<CustomDomainConfigType>,
    arn: &str,
    operation: &'static str,
) -> Result<CustomDomainConfigType, Error> {
    let policy = config.and_then(|config| config.security_policy);
    CustomDomainConfigType::builder()
        .certificate_arn(arn)
        .set_security_policy(policy)
        .build()
        .map_err(|error| Error::new(operation, ErrorKind::Invalid, error.to_string(), ""))
}
