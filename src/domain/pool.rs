//! User pools and their domains.

use std::collections::BTreeMap;

use super::client::OAuthFlow;
use super::ids::PoolId;
use super::other_settings::OtherSettings;
use super::time::Timestamp;

/// What `ListUserPools` tells of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolSummary {
    pub id: PoolId,
    pub name: String,
    pub created: Option<Timestamp>,
    pub modified: Option<Timestamp>,
}

/// The parts of `DescribeUserPool` that concern M2M.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPool {
    pub id: PoolId,
    pub name: String,
    pub arn: Option<String>,
    /// The prefix of the pool's Amazon Cognito domain, without `.auth.<region>.amazoncognito.com`.
    pub prefix_domain: Option<String>,
    /// The fully qualified custom domain.
    pub custom_domain: Option<String>,
    /// `None` where the description does not say.
    pub deletion_protection: Option<bool>,
    /// `AdminCreateUserConfig.AllowAdminCreateUserOnly`: users cannot sign up.
    pub admin_create_only: bool,
    /// `UsernameAttributes`, such as `email`. They can't be changed.
    pub username_attributes: Vec<String>,
    /// `LITE`, `ESSENTIALS` or `PLUS`.
    pub tier: Option<String>,
    /// `None` if its type is one that this version does not know.
    pub issuer: Option<IssuerType>,
    pub pre_token_trigger: Option<PreTokenTrigger>,
    /// The members of `LambdaConfig` that are set, such as `PreSignUp`.
    pub lambda_triggers: Vec<String>,
    pub tags: BTreeMap<String, String>,
    /// Whether applications may register app clients by themselves. `None` where the description says nothing of it.
    pub dcr: Option<DcrConfiguration>,
    /// What else Cognito describes, and this build does not know. Updates send it back.
    pub other: OtherSettings,
    /// Cognito's own estimate of the number of users; `None` where the description does not say.
    pub estimated_users: Option<i32>,
    pub created: Option<Timestamp>,
    pub modified: Option<Timestamp>,
}

impl UserPool {
    /// Whether the pool has a token endpoint at all: it has none without a domain.
    #[must_use]
    pub fn has_domain(&self) -> bool {
        self.prefix_domain.is_some() || self.custom_domain.is_some()
    }

    /// Whether a Lambda function may add scopes to the tokens of app clients, or take some out.
    #[must_use]
    pub fn may_change_m2m_tokens(&self) -> bool {
        let trigger = self.pre_token_trigger.as_ref();
        trigger.is_some_and(|trigger| trigger.fires_for_m2m() != Some(false))
    }
}

/// Dynamic client registration (`DcrConfiguration`): applications register app clients at the pool's `/oauth2/register`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DcrConfiguration {
    /// `EnableStatus`; `None` where the description does not say.
    pub enabled: Option<bool>,
    /// `OpenDcrEnabled`: no initial access token is asked for. Off by default.
    pub open: bool,
    /// `AuthenticatedGrantTypes`; `None` is Cognito's default, `code` and `client_credentials`.
    pub authenticated_grants: Option<Vec<OAuthFlow>>,
    /// `OpenDcrGrantTypes`; `None` is Cognito's default, `code` alone.
    pub open_grants: Option<Vec<OAuthFlow>>,
    /// `AllowedScopes`; `None` where the description does not say.
    pub allowed_scopes: Option<Vec<String>>,
}

impl DcrConfiguration {
    /// Whether anyone can register a client, going by what is described.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.enabled == Some(true) && self.open
    }

    /// Whether anyone can register a client that gets machine-to-machine tokens, which the pool's owner pays for.
    #[must_use]
    pub fn is_open_for_machines(&self) -> bool {
        let grants = self.open_grants.as_deref().unwrap_or_default();
        self.is_open() && grants.contains(&OAuthFlow::ClientCredentials)
    }
}

/// Which host a pool's tokens name as their issuer (`IssuerConfiguration.Type`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IssuerType {
    /// `https://cognito-idp.<region>.amazonaws.com/<poolId>`.
    #[default]
    Original,
    /// `https://issuer-cognito-idp.<region>.amazonaws.com/<poolId>`.
    Updated,
}

/// The Lambda function that may change a token's claims and scopes before it is issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreTokenTrigger {
    /// `V1_0`, `V2_0` or `V3_0`; only `V3_0` fires for `client_credentials`.
    pub version: String,
    pub arn: String,
}

impl PreTokenTrigger {
    /// Whether this trigger sees M2M tokens; `None` of a version that this build does not know.
    #[must_use]
    pub fn fires_for_m2m(&self) -> Option<bool> {
        match self.version.as_str() {
            "V3_0" => Some(true),
            "V1_0" | "V2_0" => Some(false),
            _ => None,
        }
    }
}

/// The settings of a `CreateUserPool` call that concern M2M.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NewPool {
    pub name: String,
    /// `AdminCreateUserConfig.AllowAdminCreateUserOnly`: users cannot sign up. A pool for machines wants it on; Cognito's default is
    /// off.
    pub admin_create_only: bool,
    pub deletion_protection: bool,
    /// `LITE`, `ESSENTIALS` or `PLUS`; Cognito's default is `ESSENTIALS`.
    pub tier: Option<String>,
    /// `UsernameAttributes`, such as `email`. They can't be changed later.
    pub username_attributes: Vec<String>,
    pub tags: BTreeMap<String, String>,
}

/// A domain to be made (`CreateUserPoolDomain`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewDomain {
    /// The prefix, or the fully qualified name of a custom domain.
    pub name: String,
    /// What makes it a custom domain: its certificate in ACM, in us-east-1.
    pub certificate_arn: Option<String>,
    /// 1 or 2; left out, Cognito's default holds. The token endpoint is the same.
    pub managed_login_version: Option<i32>,
}

/// A pool's domain, the host of its token endpoint (`DescribeUserPoolDomain`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domain {
    /// The prefix, or the fully qualified name of a custom domain.
    pub name: String,
    pub custom: bool,
    /// `CREATING`, `DELETING`, `UPDATING`, `ACTIVE` or `FAILED`.
    pub status: Option<String>,
    /// The CloudFront name that a custom domain's DNS record must point to.
    pub cloudfront: Option<String>,
    /// 1 is the classic hosted UI, 2 managed login; the token endpoint is the same.
    pub managed_login_version: Option<i32>,
    pub certificate_arn: Option<String>,
    /// The oldest TLS that a custom domain speaks: `TLS_V1`, `TLS_V1_2_2021` or `TLS_V1_3_2025`.
    pub security_policy: Option<String>,
    /// Where a custom domain of a replicated pool sends requests while its own Region fails.
    pub failover: Option<Failover>,
    /// What else Cognito describes, and this build does not know. Updates send it back.
    pub other: OtherSettings,
}

/// The failover of a custom domain (`Routing.Failover`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failover {
    pub secondary_region: String,
    /// The Route 53 health check that tells whether the primary Region answers.
    pub health_check: String,
}

/// Whose a domain is, from `DescribeUserPoolDomain`. A prefix that another account took is not visible to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainOwner {
    pub pool: Option<PoolId>,
    /// The AWS account.
    pub account: Option<String>,
    pub domain: Domain,
}

/// What the DNS says of a custom domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DnsRecord {
    /// It has an address.
    Found,
    /// It has none, though other names have.
    Missing,
    /// Nobody could tell.
    Unknown,
}
