//! What a set-up consists of, in the API's own names: the one list that every format is written from.

use super::ExportInput;
use crate::domain::client::{Analytics, AppClient, CLIENT_TOKEN_FLOW};
use crate::domain::pool::{Domain, IssuerType, UserPool};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::secret::SecretState;

/// A value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i32),
    Flag(bool),
    List(Vec<Self>),
    /// Properties of a property.
    Map(Vec<(&'static str, Self)>),
    /// A map whose keys are data, too.
    Tags(Vec<(String, String)>),
    /// A scope of the resource server at this place among the `resources`, and its full name.
    Scope {
        server: usize,
        name: String,
        full: String,
    },
}

impl Value {
    /// Whether a text of it has `mark` in it.
    pub fn holds(&self, mark: &str) -> bool {
        match self {
            Self::Text(text) | Self::Scope { full: text, .. } => text.contains(mark),
            Self::Number(_) | Self::Flag(_) => false,
            Self::List(items) => items.iter().any(|item| item.holds(mark)),
            Self::Map(parts) => parts.iter().any(|(_, value)| value.holds(mark)),
            Self::Tags(tags) => tags
                .iter()
                .any(|(key, value)| key.contains(mark) || value.contains(mark)),
        }
    }
}

/// What kind of thing a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResourceKind {
    Pool,
    Server,
    Client,
    Domain,
}

/// One thing to be made.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub kind: ResourceKind,
    /// What people call it.
    pub name: String,
    /// What Terraform knows the existing one by.
    pub import_id: String,
    /// Without `UserPoolId`, which every format puts in its own way.
    pub properties: Vec<(&'static str, Value)>,
    /// Properties, and properties of theirs, that are defaults which Cognito did not describe.
    pub undescribed: Vec<&'static str>,
    /// Whether it has scopes that no resource server defines. They are not among the properties.
    pub has_inactive_scopes: bool,
}

impl Resource {
    /// Whether it is a client of `GetClientToken`: tools that check words by the API's model do not know its flow.
    pub fn has_client_token_flow(&self) -> bool {
        let flow = text(CLIENT_TOKEN_FLOW);
        self.properties
            .iter()
            .any(|(_, value)| matches!(value, Value::List(items) if items.contains(&flow)))
    }

    /// The places of the resource servers whose scopes it names.
    pub fn servers(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self
            .properties
            .iter()
            .filter_map(|(_, value)| match value {
                Value::List(items) => Some(items),
                _ => None,
            })
            .flatten()
            .filter_map(|item| match item {
                Value::Scope { server, .. } => Some(*server),
                _ => None,
            })
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Everything to be made, in an order in which it can be.
pub(super) fn resources(setup: &ExportInput) -> Vec<Resource> {
    let pool = &setup.pool;
    let mut list = Vec::new();
    if setup.whole {
        list.push(Resource {
            kind: ResourceKind::Pool,
            name: pool.name.clone(),
            import_id: pool.id.to_string(),
            properties: of_pool(pool),
            undescribed: Vec::new(),
            has_inactive_scopes: false,
        });
    }
    let first_server = list.len();
    // What AWS manages is there by itself.
    let own = setup.servers.iter();
    let own: Vec<&ResourceServer> = own.filter(|server| server.managed_by.is_none()).collect();
    list.extend(own.iter().map(|server| Resource {
        kind: ResourceKind::Server,
        name: server.identifier.clone(),
        import_id: format!("{}|{}", pool.id, server.identifier),
        properties: of_server(server),
        undescribed: Vec::new(),
        has_inactive_scopes: false,
    }));
    list.extend(setup.clients.iter().map(|client| {
        Resource {
            kind: ResourceKind::Client,
            name: client.settings.name.clone(),
            import_id: format!("{}/{}", pool.id, client.id),
            properties: of_client(
                client,
                &setup.secret_of(client),
                &setup.servers,
                &own,
                first_server,
            ),
            undescribed: client.undescribed.clone(),
            has_inactive_scopes: client
                .settings
                .scopes
                .iter()
                .any(|scope| ScopeState::of(scope, &setup.servers) == ScopeState::Inactive),
        }
    }));
    list.extend(setup.domains.iter().map(|domain| Resource {
        kind: ResourceKind::Domain,
        name: domain.name.clone(),
        import_id: domain.name.clone(),
        properties: of_domain(domain),
        undescribed: Vec::new(),
        has_inactive_scopes: false,
    }));
    list
}

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

fn of_pool(pool: &UserPool) -> Vec<(&'static str, Value)> {
    let protection = |on| text(if on { "ACTIVE" } else { "INACTIVE" });
    let mut properties = vec![("PoolName", text(&pool.name))];
    put(
        &mut properties,
        "DeletionProtection",
        pool.deletion_protection.map(protection),
    );
    put(
        &mut properties,
        "UserPoolTier",
        pool.tier.as_ref().map(text),
    );
    put(
        &mut properties,
        "UsernameAttributes",
        texts(&pool.username_attributes),
    );
    let admin_only = Value::Flag(pool.admin_create_only);
    properties.push((
        "AdminCreateUserConfig",
        Value::Map(vec![("AllowAdminCreateUserOnly", admin_only)]),
    ));
    put(
        &mut properties,
        "LambdaConfig",
        pool.pre_token_trigger.as_ref().map(|trigger| {
            let config = vec![
                ("LambdaVersion", text(&trigger.version)),
                ("LambdaArn", text(&trigger.arn)),
            ];
            Value::Map(vec![("PreTokenGenerationConfig", Value::Map(config))])
        }),
    );
    if pool.issuer == Some(IssuerType::Updated) {
        let issuer = Value::Map(vec![("Type", text("UPDATED"))]);
        properties.push(("IssuerConfiguration", issuer));
    }
    if !pool.tags.is_empty() {
        let tags = pool.tags.iter();
        let tags = tags.map(|(key, value)| (key.clone(), value.clone()));
        properties.push(("UserPoolTags", Value::Tags(tags.collect())));
    }
    properties
}

fn of_server(server: &ResourceServer) -> Vec<(&'static str, Value)> {
    let mut properties = vec![
        ("Identifier", text(&server.identifier)),
        ("Name", text(&server.name)),
    ];
    let scopes: Vec<Value> = server
        .scopes
        .iter()
        .map(|scope| {
            Value::Map(vec![
                ("ScopeName", text(&scope.name)),
                ("ScopeDescription", text(&scope.description)),
            ])
        })
        .collect();
    put(&mut properties, "Scopes", list(scopes));
    properties
}

/// Has Cognito keep the secret in AWS Secrets Manager.
pub(super) const PUBLISH: &str = "PublishSecretsInAWSSecretsManager";

/// The units of a client's lifetimes.
pub(super) const UNITS: &str = "TokenValidityUnits";

/// Every setting that Cognito described: a default that was left unsaid might be another one tomorrow.
fn of_client(
    client: &AppClient,
    secret: &SecretState,
    servers: &[ResourceServer],
    own: &[&ResourceServer],
    first_server: usize,
) -> Vec<(&'static str, Value)> {
    let settings = &client.settings;
    let mut properties = vec![("ClientName", text(&settings.name))];
    let all = &mut properties;
    if secret.exists() == Some(true) {
        all.push(("GenerateSecret", Value::Flag(true)));
    }
    if matches!(secret, SecretState::Managed { .. }) {
        all.push((PUBLISH, Value::Flag(true)));
    }
    all.push((
        "AllowedOAuthFlowsUserPoolClient",
        Value::Flag(settings.oauth_enabled),
    ));
    let flows = settings.flows.iter().map(|flow| text(flow.as_str()));
    put(all, "AllowedOAuthFlows", list(flows.collect()));
    let scopes = settings
        .scopes
        .iter()
        .filter(|scope| ScopeState::of(scope, servers) != ScopeState::Inactive)
        .map(|scope| {
            let of_server = scope.split().and_then(|(identifier, name)| {
                let is = |server: &&ResourceServer| server.identifier == identifier;
                Some((own.iter().position(is)?, name))
            });
            match of_server {
                Some((server, name)) => Value::Scope {
                    server: first_server + server,
                    name: name.to_owned(),
                    full: scope.to_string(),
                },
                None => text(scope.as_str()),
            }
        });
    put(all, "AllowedOAuthScopes", list(scopes.collect()));
    put(
        all,
        "ExplicitAuthFlows",
        texts(&settings.explicit_auth_flows),
    );
    let providers = texts(&settings.identity_providers);
    put(all, "SupportedIdentityProviders", providers);
    put(all, "CallbackURLs", texts(&settings.callback_urls));
    put(all, "LogoutURLs", texts(&settings.logout_urls));
    let redirect = settings.default_redirect_uri.as_ref();
    put(all, "DefaultRedirectURI", redirect.map(text));
    let lives = [
        ("AccessTokenValidity", "AccessToken", settings.access_token),
        ("IdTokenValidity", "IdToken", settings.id_token),
        (
            "RefreshTokenValidity",
            "RefreshToken",
            settings.refresh_token,
        ),
    ];
    // A number counts for nothing where its unit is not known.
    let known = lives.iter().filter(|(.., life)| life.seconds().is_some());
    let known: Vec<_> = known.collect();
    all.extend(
        known
            .iter()
            .map(|(name, _, life)| (*name, Value::Number(life.value))),
    );
    let units = known
        .iter()
        .map(|(_, token, life)| (*token, text(life.unit.as_api())));
    let units: Vec<_> = units.collect();
    if !units.is_empty() {
        all.push((UNITS, Value::Map(units)));
    }
    let minutes = settings.auth_session_minutes.map(Value::Number);
    put(all, "AuthSessionValidity", minutes);
    let revocation = settings.token_revocation.map(Value::Flag);
    put(all, "EnableTokenRevocation", revocation);
    put(
        all,
        "EnablePropagateAdditionalUserContextData",
        settings.propagates_user_context.map(Value::Flag),
    );
    put(
        all,
        "PreventUserExistenceErrors",
        settings.prevent_user_existence_errors.as_ref().map(text),
    );
    put(all, "ReadAttributes", texts(&settings.read_attributes));
    put(all, "WriteAttributes", texts(&settings.write_attributes));
    put(
        all,
        "RefreshTokenRotation",
        settings.refresh_token_rotation.map(|rotation| {
            let mut parts = vec![("Feature", text(rotation.feature()))];
            let grace = rotation.grace_seconds.map(Value::Number);
            put(&mut parts, "RetryGracePeriodSeconds", grace);
            Value::Map(parts)
        }),
    );
    put(
        all,
        "AnalyticsConfiguration",
        settings.analytics.as_deref().map(of_analytics),
    );
    properties
}

fn of_analytics(to: &Analytics) -> Value {
    let mut parts = Vec::new();
    let texts = [
        ("ApplicationId", &to.application_id),
        ("ApplicationArn", &to.application_arn),
        ("RoleArn", &to.role_arn),
        ("ExternalId", &to.external_id),
    ];
    for (name, value) in texts {
        put(&mut parts, name, value.as_ref().map(text));
    }
    parts.push(("UserDataShared", Value::Flag(to.user_data_shared)));
    Value::Map(parts)
}

fn of_domain(domain: &Domain) -> Vec<(&'static str, Value)> {
    let mut properties = vec![("Domain", text(&domain.name))];
    let version = domain.managed_login_version.map(Value::Number);
    put(&mut properties, "ManagedLoginVersion", version);
    let certificate = domain.certificate_arn.as_ref();
    let config = certificate.map(|arn| Value::Map(vec![("CertificateArn", text(arn))]));
    put(&mut properties, "CustomDomainConfig", config);
    properties
}

fn texts(items: &[String]) -> Option<Value> {
    list(items.iter().map(text).collect())
}

/// An empty list is left out: Cognito refuses some of them, and without one it is as empty.
fn list(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::List(items))
}

fn put(to: &mut Vec<(&'static str, Value)>, name: &'static str, value: Option<Value>) {
    to.extend(value.map(|value| (name, value)));
}
