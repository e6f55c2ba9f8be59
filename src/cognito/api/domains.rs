//! Creates, updates and deletes domains, and finds the owner of a domain.

use aws_sdk_cognitoidentityprovider::types::CustomDomainConfigType;
use serde_json::Value;

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::sdk::errors;
use crate::cognito::sdk::json_body::{self, Members, Reader, ResponseBody};
use crate::domain::ids::PoolId;
use crate::domain::pool::{Domain, DomainOwner, Failover, NewDomain, UserPool};

const DESCRIBE: &str = "DescribeUserPoolDomain";

impl Gateway {
    /// `CreateUserPoolDomain`. The response has no status: a prefix domain needs up to a minute before it issues tokens, a custom
    /// domain up to an hour.
    pub async fn create_domain(&self, pool: &PoolId, new: &NewDomain) -> Result<Domain, Error> {
        const OPERATION: &str = "CreateUserPoolDomain";
        let certificate = new.certificate_arn.as_deref();
        let custom = certificate
            .map(|arn| {
                CustomDomainConfigType::builder()
                    .certificate_arn(arn)
                    .build()
            })
            .transpose()
            .map_err(|error| Error::new(OPERATION, ErrorKind::Invalid, error.to_string(), ""))?;
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

    /// `UpdateUserPoolDomain`: another certificate of a custom domain, another version of managed login, or both. `None` keeps a
    /// setting: the domain is read first and its settings are sent back, since a custom domain must resend its configuration.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::Changed`], with nothing written, if its settings differ from what was `seen`. Domains have
    /// no modification date.
    pub async fn update_domain(
        &self,
        pool: &PoolId,
        seen: &Domain,
        certificate_arn: Option<&str>,
        managed_login_version: Option<i32>,
    ) -> Result<(), Error> {
        const OPERATION: &str = "UpdateUserPoolDomain";
        let name = seen.name.as_str();
        let Some((now, described)) = self.describe_domain(name, seen.custom).await? else {
            let hint = errors::hint(&ErrorKind::NotFound, &self.inner.origin);
            let detail = "no user pool has this domain";
            return Err(
                Error::new(OPERATION, ErrorKind::NotFound, detail, hint).about(about(pool, name))
            );
        };
        let same = now.certificate_arn == seen.certificate_arn
            && now.managed_login_version == seen.managed_login_version
            && now.failover == seen.failover
            && now.other == seen.other;
        if !same {
            let detail =
                "its certificate, managed login or another setting differs from what was read";
            return Err(self.changed(OPERATION, detail, about(pool, name)));
        }
        let update = update(
            pool,
            name,
            described,
            certificate_arn,
            managed_login_version,
        );
        self.cognito()
            .update_user_pool_domain()
            .user_pool_id(pool.as_str())
            .domain(name)
            .customize()
            .mutate_request(move |call| json_body::send(call, &update))
            .send()
            .await
            .map_err(self.failed(OPERATION, about(pool, name)))?;
        Ok(())
    }

    /// `DeleteUserPoolDomain`, which deletes the token endpoint.
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

    /// The owner of the domain `name` (`DescribeUserPoolDomain`). `None` if no owner is visible: a prefix is unique in a Region across
    /// all accounts, and only `CreateUserPoolDomain` reveals that another account has it.
    pub async fn domain_owner(&self, name: &str) -> Result<Option<DomainOwner>, Error> {
        let custom = name.contains('.');
        let Some((found, described)) = self.describe_domain(name, custom).await? else {
            return Ok(None);
        };
        let mut reader = Reader::new(&described);
        let owner = DomainOwner {
            pool: reader.text("UserPoolId").map(PoolId::new),
            account: reader.text("AWSAccountId"),
            domain: found,
        };
        reader.finish(DESCRIBE, name)?;
        Ok(Some(owner))
    }

    /// `DescribeUserPoolDomain` for the pool's prefix domain and custom domain in parallel. Omits a domain that was deleted meanwhile.
    pub async fn domains(&self, pool: &UserPool) -> Result<Vec<Domain>, Error> {
        let (prefix, custom) = tokio::try_join!(
            self.domain(pool.prefix_domain.as_deref(), false),
            self.domain(pool.custom_domain.as_deref(), true),
        )?;
        Ok(prefix.into_iter().chain(custom).collect())
    }

    async fn domain(&self, name: Option<&str>, custom: bool) -> Result<Option<Domain>, Error> {
        let Some(name) = name else { return Ok(None) };
        let found = self.describe_domain(name, custom).await?;
        Ok(found.map(|(domain, _)| domain))
    }

    /// `DescribeUserPoolDomain`, with the raw JSON. Cognito returns an empty description for an unknown domain; not found means the
    /// same. A domain with a certificate is `custom`, whatever its name looks like.
    async fn describe_domain(
        &self,
        name: &str,
        custom: bool,
    ) -> Result<Option<(Domain, Members)>, Error> {
        let answered = ResponseBody::default();
        let reply = self
            .cognito()
            .describe_user_pool_domain()
            .domain(name)
            .customize()
            .interceptor(answered.clone())
            .send()
            .await
            .map_err(self.failed(DESCRIBE, name.to_owned()));
        match reply {
            Ok(_) => {}
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
        let Some(described) = answered.object("DomainDescription") else {
            return Ok(None);
        };
        let mut reader = Reader::new(&described);
        let Some(own) = reader.text("Domain") else {
            return Ok(None);
        };
        let found = described_domain(own, custom, &mut reader, &described);
        reader.finish(DESCRIBE, name)?;
        Ok(Some((found, described)))
    }
}

/// The known members of a description. Source: botocore 1.44.8, `DomainDescriptionType`.
const KNOWN: [(&str, &[&str]); 4] = [
    (
        "",
        &[
            "UserPoolId",
            "AWSAccountId",
            "Domain",
            "S3Bucket",
            "CloudFrontDistribution",
            "Version",
            "Status",
            CONFIG,
            "ManagedLoginVersion",
            "Routing",
        ],
    ),
    (CONFIG, &[CERTIFICATE, "SecurityPolicy"]),
    ("Routing", &["Failover"]),
    (
        "Routing.Failover",
        &["SecondaryRegion", "PrimaryRoute53HealthCheckId"],
    ),
];
/// Described members that cannot be set. The pool and the name are added again.
const READ_ONLY: [&str; 7] = [
    "UserPoolId",
    "AWSAccountId",
    "Domain",
    "S3Bucket",
    "CloudFrontDistribution",
    "Version",
    "Status",
];
const CONFIG: &str = "CustomDomainConfig";
const CERTIFICATE: &str = "CertificateArn";

fn described_domain(
    name: String,
    custom: bool,
    reader: &mut Reader<'_>,
    described: &Members,
) -> Domain {
    // A prefix domain has an empty configuration.
    let config = reader.object(CONFIG, |config| {
        (config.text(CERTIFICATE), config.text("SecurityPolicy"))
    });
    let (certificate_arn, security_policy) = config.unwrap_or_default();
    let failover = reader.object("Routing", |routing| routing.object("Failover", failover));
    let custom = custom || certificate_arn.is_some();
    Domain {
        name,
        custom,
        status: reader.text("Status"),
        cloudfront: reader.text("CloudFrontDistribution").filter(|_| custom),
        managed_login_version: reader.read("ManagedLoginVersion"),
        security_policy: security_policy.filter(|_| certificate_arn.is_some()),
        certificate_arn,
        failover: failover.flatten(),
        other: json_body::others(described, &KNOWN),
    }
}

fn failover(reader: &mut Reader<'_>) -> Failover {
    let mut text = |name| reader.text(name).unwrap_or_default();
    Failover {
        secondary_region: text("SecondaryRegion"),
        health_check: text("PrimaryRoute53HealthCheckId"),
    }
}

/// The `UpdateUserPoolDomain` that keeps a domain as `described`, except for the arguments. Unknown members are sent back.
fn update(
    pool: &PoolId,
    name: &str,
    described: Members,
    certificate_arn: Option<&str>,
    managed_login_version: Option<i32>,
) -> Members {
    let mut update = described;
    for member in READ_ONLY {
        update.remove(member);
    }
    update.retain(|_, value| value.get() != "null");
    let config = update
        .get(CONFIG)
        .and_then(|config| json_body::object(config));
    let mut config = config.unwrap_or_default();
    if let Some(arn) = certificate_arn {
        config.insert(CERTIFICATE.to_owned(), json_body::raw(&arn.into()));
        update.insert(CONFIG.to_owned(), json_body::joined(&config));
    } else if config
        .values()
        .all(|value| matches!(value.get(), "null" | "\"\""))
    {
        // A prefix domain's: Cognito refuses it without a certificate.
        update.remove(CONFIG);
    }
    let mut put = |name: &str, value: Value| update.insert(name.to_owned(), json_body::raw(&value));
    put("UserPoolId", pool.as_str().into());
    put("Domain", name.into());
    if let Some(version) = managed_login_version {
        put("ManagedLoginVersion", version.into());
    }
    update
}

/// How errors name a domain.
pub fn about(pool: &PoolId, name: &str) -> String {
    format!("{pool}, domain {name}")
}
