//! What Cognito does with each step, as far as plans depend on it.

use crate::domain::client::{
    AppClient, ClientSettings, ClientSummary, OAuthFlow, TimeUnit, Validity,
};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;
use crate::domain::other_settings::OtherSettings;
use crate::domain::plan::{CurrentState, DesiredState, Step};
use crate::domain::pool::{Domain, IssuerType, NewPool, UserPool};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::secret::DescribedSecret;

/// A Region with at most one user pool.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Region {
    pub pool: Option<UserPool>,
    pub servers: Vec<ResourceServer>,
    pub clients: Vec<AppClient>,
    pub domains: Vec<Domain>,
    pub made: u32,
}

pub(super) fn pool(name: &str, protected: bool) -> UserPool {
    UserPool {
        admin_create_only: false,
        username_attributes: vec![],
        id: PoolId::new("eu-west-1_A"),
        name: name.to_owned(),
        arn: None,
        prefix_domain: None,
        custom_domain: None,
        deletion_protection: Some(protected),
        tier: None,
        issuer: Some(IssuerType::Original),
        pre_token_trigger: None,
        tags: std::collections::BTreeMap::new(),
        dcr: None,
        other: OtherSettings::default(),
        lambda_triggers: Vec::new(),
        estimated_users: Some(0),
        created: None,
        modified: None,
    }
}

impl Region {
    pub fn found(&self, wanted: &DesiredState) -> CurrentState {
        if self.pool.is_none() {
            return CurrentState::default();
        }
        let summaries = self.clients.iter().map(|client| ClientSummary {
            id: client.id.clone(),
            name: client.settings.name.clone(),
        });
        let mut found = CurrentState {
            pool: self.pool.clone(),
            servers: self.servers.clone(),
            clients: summaries.collect(),
            domains: self.domains.clone(),
            ..CurrentState::default()
        };
        if let Some(client) = &wanted.client {
            let ids: Vec<ClientId> = found
                .namesakes_of(&client.name)
                .iter()
                .map(|client| client.id.clone())
                .collect();
            let described = self
                .clients
                .iter()
                .filter(|client| ids.contains(&client.id));
            found.namesakes = described.cloned().collect();
            let public = found.namesakes.iter();
            let public = public.filter(|client| client.secret == DescribedSecret::Absent);
            found.public = public.map(|client| client.id.clone()).collect();
        }
        found
    }

    /// Carries a step out, or says why Cognito refuses it.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of step")]
    pub fn apply(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::CreatePool(NewPool {
                name,
                deletion_protection,
                ..
            }) => {
                assert!(self.pool.is_none(), "a second pool");
                self.pool = Some(pool(name, *deletion_protection));
            }
            Step::SetDeletionProtection { seen, on } => {
                let pool = self.pool.as_mut().ok_or("no pool")?;
                if **seen != *pool {
                    return Err("changed meanwhile".to_owned());
                }
                pool.deletion_protection = Some(*on);
            }
            Step::DeletePool { .. } => {
                let pool = self.pool.as_ref().ok_or("no pool")?;
                if pool.deletion_protection == Some(true) || !self.domains.is_empty() {
                    return Err("User pool cannot be deleted".to_owned());
                }
                *self = Self {
                    pool: None,
                    servers: Vec::new(),
                    clients: Vec::new(),
                    domains: Vec::new(),
                    made: self.made,
                };
            }
            Step::CreateServer(server) => {
                if self
                    .servers
                    .iter()
                    .any(|there| there.identifier == server.identifier)
                {
                    return Err("already exists".to_owned());
                }
                self.servers.push(server.clone());
            }
            Step::AddScopes { before, scopes } => {
                let server = self.server(&before.identifier)?;
                for scope in scopes {
                    if server.scopes.iter().all(|there| there.name != scope.name) {
                        server.scopes.push(scope.clone());
                    }
                }
            }
            Step::UpdateServer { before, after, .. } => {
                let server = self.server(&before.identifier)?;
                if server != before {
                    return Err("changed meanwhile".to_owned());
                }
                server.clone_from(after);
            }
            Step::DeleteServer { server, .. } => {
                self.server(&server.identifier)?;
                self.servers
                    .retain(|there| there.identifier != server.identifier);
            }
            Step::CreateClient(new) => {
                let settings = made_of(new);
                self.check(&settings, new.generate_secret)?;
                self.made += 1;
                self.clients.push(AppClient {
                    pool: PoolId::new("eu-west-1_A"),
                    id: ClientId::new(format!("made{}", self.made)),
                    secret: secret_of(new),
                    client_type: None,
                    settings,
                    undescribed: Vec::new(),
                    other: OtherSettings::default(),
                    created: None,
                    modified: None,
                });
            }
            Step::UpdateClient { before, after } => {
                self.check(after, before.secret == DescribedSecret::Shown)?;
                let client = self
                    .clients
                    .iter_mut()
                    .find(|client| client.id == before.id);
                let client = client.ok_or("no such client")?;
                if *client != **before {
                    return Err("changed meanwhile".to_owned());
                }
                client.settings.clone_from(after);
            }
            // No set-up plans these.
            Step::MoveSecret { .. } | Step::RotateManaged { .. } => {
                return Err(format!("{step:?}"));
            }
            Step::DeleteClient { id, .. } => {
                let there = self.clients.len();
                self.clients.retain(|client| client.id != *id);
                if self.clients.len() == there {
                    return Err("no such client".to_owned());
                }
            }
            Step::CreateDomain(new) => {
                let custom = new.certificate_arn.is_some();
                if self.domains.iter().any(|domain| domain.custom == custom) {
                    return Err("User pool already has a domain configured.".to_owned());
                }
                self.domains.push(Domain {
                    name: new.name.clone(),
                    custom,
                    status: None,
                    cloudfront: None,
                    managed_login_version: Some(new.managed_login_version.unwrap_or(1)),
                    certificate_arn: new.certificate_arn.clone(),
                    ..Domain::default()
                });
            }
            Step::UpdateDomain { before, after } => {
                let domain = self
                    .domains
                    .iter_mut()
                    .find(|domain| domain.name == before.name);
                let domain = domain.ok_or("no such domain")?;
                domain.managed_login_version =
                    after.managed_login_version.or(domain.managed_login_version);
                if domain.custom != after.certificate_arn.is_some() {
                    return Err("Cannot convert".to_owned());
                }
                domain.certificate_arn.clone_from(&after.certificate_arn);
            }
            Step::DeleteDomain { domain, .. } => {
                self.domains.retain(|there| there.name != domain.name);
            }
            Step::There(_) | Step::Kept { .. } => {}
        }
        Ok(())
    }

    fn server(&mut self, identifier: &str) -> Result<&mut ResourceServer, String> {
        let mut servers = self.servers.iter_mut();
        servers
            .find(|server| server.identifier == identifier)
            .ok_or_else(|| format!("Resource server {identifier} does not exist."))
    }

    /// The rules of CreateUserPoolClient and UpdateUserPoolClient.
    fn check(&self, set: &ClientSettings, has_secret: bool) -> Result<(), String> {
        let machine = set.is_m2m();
        if machine && (!has_secret || set.flows.len() > 1) {
            return Err("client_credentials flow can not be selected".to_owned());
        }
        if set.oauth_enabled && (set.flows.is_empty() || set.scopes.is_empty()) {
            return Err("AllowedOAuthFlows and AllowedOAuthScopes are required".to_owned());
        }
        for scope in &set.scopes {
            match ScopeState::of(scope, &self.servers) {
                ScopeState::Inactive => return Err(format!("Invalid scope requested: {scope}")),
                ScopeState::OpenId if machine => return Err(format!("{scope} is not supported")),
                ScopeState::Active | ScopeState::OpenId | ScopeState::System => {}
            }
        }
        Ok(())
    }
}

fn made_of(new: &NewClient) -> ClientSettings {
    let hour = Validity {
        value: 1,
        unit: TimeUnit::Hours,
    };
    let month = Validity {
        value: 30,
        unit: TimeUnit::Days,
    };
    ClientSettings {
        name: new.name.clone(),
        oauth_enabled: new.oauth_enabled,
        flows: new.flows.clone(),
        scopes: new.scopes.clone(),
        explicit_auth_flows: new.explicit_auth_flows.clone(),
        identity_providers: new.identity_providers.clone(),
        callback_urls: new.callback_urls.clone(),
        logout_urls: new.logout_urls.clone(),
        default_redirect_uri: None,
        access_token: new.access_token.unwrap_or(hour),
        id_token: new.id_token.unwrap_or(hour),
        refresh_token: new.refresh_token.unwrap_or(month),
        auth_session_minutes: Some(new.auth_session_minutes.unwrap_or(3)),
        token_revocation: Some(new.token_revocation.unwrap_or(true)),
        prevent_user_existence_errors: new.prevent_user_existence_errors.clone(),
        read_attributes: vec!["email".to_owned()],
        write_attributes: Vec::new(),
        propagates_user_context: None,
        refresh_token_rotation: None,
        analytics: None,
    }
}

/// Whether a client has all that was wanted of it; what `repair` promises, in other words.
pub(super) fn fits(client: &AppClient, wanted: &NewClient) -> bool {
    let set = &client.settings;
    let has_all =
        |there: &[String], wanted: &[String]| wanted.iter().all(|item| there.contains(item));
    let mut flows: Vec<&str> = set.flows.iter().map(OAuthFlow::as_str).collect();
    let mut asked: Vec<&str> = wanted.flows.iter().map(OAuthFlow::as_str).collect();
    flows.sort_unstable();
    asked.sort_unstable();
    let life = |there: Validity, wanted: Option<Validity>| {
        wanted.is_none_or(|wanted| wanted.seconds() == there.seconds())
    };
    client.secret == secret_of(wanted)
        && set.oauth_enabled == wanted.oauth_enabled
        && flows == asked
        && wanted.scopes.iter().all(|scope| set.scopes.contains(scope))
        && has_all(&set.callback_urls, &wanted.callback_urls)
        && has_all(&set.identity_providers, &wanted.identity_providers)
        && life(set.access_token, wanted.access_token)
        && life(set.refresh_token, wanted.refresh_token)
        && (wanted.token_revocation.is_none() || set.token_revocation == wanted.token_revocation)
}

/// What the description says of the secret of a client that is made so.
fn secret_of(new: &NewClient) -> DescribedSecret {
    if new.generate_secret {
        DescribedSecret::Shown
    } else {
        DescribedSecret::Absent
    }
}
