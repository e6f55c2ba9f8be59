//! The state of the embedded Cognito. It is also the format of the state file, so all fields are plain data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::secrets_manager::Stored;

/// The system scope that lets a client register further clients. No resource server defines it.
pub const REGISTER_SCOPE: &str = "aws.cognito/dcr/register";

/// The user pools and domains of one account in one Region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    pub pools: BTreeMap<String, Pool>,
    /// By domain name: a prefix, or a fully qualified custom domain.
    pub domains: BTreeMap<String, Domain>,
    /// What Secrets Manager keeps, by name. Files of earlier versions have none.
    #[serde(default)]
    pub stored: BTreeMap<String, Stored>,
    /// What AppSync has. Files of earlier versions have none.
    #[serde(default)]
    pub graph_apis: Vec<GraphApi>,
}

/// A GraphQL API of AppSync that takes a pool's tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphApi {
    pub id: String,
    pub name: String,
    /// The pool whose tokens it takes.
    pub pool: String,
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
}

/// A user pool. `settings` holds what the API calls it, in the API's own names, defaults filled in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pool {
    pub id: String,
    pub name: String,
    /// Epoch seconds with milliseconds behind the point, as on the wire; so are all dates here.
    pub created: f64,
    pub modified: f64,
    /// `LambdaConfig`, `DeletionProtection`, `UserPoolTier`, `Policies`, ... as DescribeUserPool returns them.
    pub settings: Map<String, Value>,
    pub tags: BTreeMap<String, String>,
    /// The factors of multi-factor authentication that DescribeUserPool does not tell. Files of earlier versions have none.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub mfa: Map<String, Value>,
    /// RSA keys in PKCS#8, made when first needed: one for ID tokens, one for access tokens, as on AWS.
    pub keys: Vec<SigningKey>,
    pub servers: Vec<ResourceServer>,
    pub clients: Vec<Client>,
}

/// An RSA key of a pool.
#[derive(Clone, Serialize, Deserialize)]
pub struct SigningKey {
    pub kid: String,
    /// PKCS#8 DER, base64.
    pub pkcs8: String,
}

/// A resource server and its scopes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResourceServer {
    pub identifier: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// `COGNITO` if Cognito manages the server, so that the API cannot change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
}

/// A scope in the API's format.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Scope {
    pub scope_name: String,
    pub scope_description: String,
}

/// An app client. `settings` holds `AllowedOAuthFlows`, `ExplicitAuthFlows`, ... as DescribeUserPoolClient returns them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Client {
    pub id: String,
    pub name: String,
    pub created: f64,
    pub modified: f64,
    /// None (a public client), one, or two, in the order of creation.
    pub secrets: Vec<Secret>,
    pub settings: Map<String, Value>,
    /// How it was created.
    #[serde(default)]
    pub client_type: ClientType,
    /// The secret's name in Secrets Manager, if Cognito manages it there.
    #[serde(default)]
    pub managed: Option<String>,
    /// The secret that Describe shows.
    #[serde(default)]
    pub shown: Shown,
}

/// How a client was created, in the API's words. It never changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ClientType {
    /// By CreateUserPoolClient.
    #[default]
    Regular,
    /// By itself, at the registration endpoint.
    Dcr,
}

/// The secret that DescribeUserPoolClient shows, if Cognito stores the secrets itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    #[default]
    Oldest,
    /// The one with this id, or the oldest after its deletion.
    This(String),
    /// None, though one exists.
    Nothing,
}

/// A live secret of a client.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secret {
    /// `<client-id>--<epoch>`.
    pub id: String,
    pub value: String,
    pub created: f64,
    /// Whether the caller chose the value, instead of Cognito.
    #[serde(default)]
    pub custom: bool,
}

/// A pool's domain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Domain {
    pub pool: String,
    /// Custom domains have a certificate and a CloudFront name; prefix domains have neither.
    pub certificate_arn: Option<String>,
    pub cloudfront: Option<String>,
    pub managed_login_version: i32,
    /// `ACTIVE`, `CREATING`, ...
    pub status: String,
    pub settings: Map<String, Value>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Returns whether the client's tokens may have the scope: one of a resource server, or the system scope, which only regular
    /// clients have.
    pub fn may_hold(&self, pool: &Pool, scope: &str) -> bool {
        if scope == REGISTER_SCOPE {
            self.client_type == ClientType::Regular
        } else {
            pool.defines(scope)
        }
    }

    /// Returns a string list in the settings; empty if missing.
    pub fn list(&self, field: &str) -> Vec<&str> {
        self.settings
            .get(field)
            .and_then(Value::as_array)
            .map(|items| items.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default()
    }

    /// Returns the secret that DescribeUserPoolClient shows.
    pub fn shown_secret(&self) -> Option<&Secret> {
        let oldest = self.secrets.first();
        match &self.shown {
            Shown::Oldest => oldest,
            Shown::This(id) => self
                .secrets
                .iter()
                .find(|secret| secret.id == *id)
                .or(oldest),
            Shown::Nothing => None,
        }
    }

    /// Returns a flag in the settings; false if missing.
    pub fn flag(&self, field: &str) -> bool {
        self.settings
            .get(field)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }
}

impl ClientType {
    /// Returns the type's name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "REGULAR",
            Self::Dcr => "DCR",
        }
    }
}

impl Pool {
    /// Returns whether the pool defines `identifier/name`, split at the last `/`.
    pub fn defines(&self, full: &str) -> bool {
        full.rsplit_once('/').is_some_and(|(identifier, name)| {
            self.servers.iter().any(|server| {
                server.identifier == identifier
                    && server.scopes.iter().any(|s| s.scope_name == name)
            })
        })
    }
}
