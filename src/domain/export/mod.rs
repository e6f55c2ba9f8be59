//! A pool's machine-to-machine set-up, or one client of it, written down as code that makes it again.
//!
//! `resources` says what there is, once; a file a format says how that is spelt. No secret is in any of it: Cognito generates a
//! new one for every client that is made from an export.

mod cdk;
mod cli;
mod cloudformation;
pub(in crate::domain) mod escape;
mod names;
mod resources;
mod team;
mod terraform;

pub use team::team_provider;

use super::client::{AppClient, empty_list};
use super::other_settings::OtherSettings;
use super::pool::{Domain, UserPool};
use super::resource_server::ResourceServer;
use super::scope::ScopeName;
use super::secret::{ListedSecrets, SecretState};
use crate::domain::resource_server::ScopeState;

/// What an export is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// HCL for Terraform and the AWS provider, with `import` blocks for what is there.
    Terraform,
    /// A YAML template.
    CloudFormation,
    /// TypeScript for aws-cdk-lib, which synthesizes the same template.
    Cdk,
    /// A bash script of AWS CLI commands.
    Cli,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Terraform, Self::CloudFormation, Self::Cdk, Self::Cli];

    /// Its name on the command line and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::CloudFormation => "cloudformation",
            Self::Cdk => "cdk",
            Self::Cli => "cli",
        }
    }

    /// Its name on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Terraform => "Terraform",
            Self::CloudFormation => "CloudFormation",
            Self::Cdk => "CDK",
            Self::Cli => "AWS CLI",
        }
    }

    /// What its files end in.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Terraform => "tf",
            Self::CloudFormation => "yaml",
            Self::Cdk => "ts",
            Self::Cli => "sh",
        }
    }
}

/// What is exported.
#[derive(Clone, Debug)]
pub struct ExportInput {
    pool: UserPool,
    /// Whether the pool itself is made, too, or the rest is made in a pool that is there.
    whole: bool,
    servers: Vec<ResourceServer>,
    clients: Vec<AppClient>,
    domains: Vec<Domain>,
    /// Where the secret of the one client is; `None` of a whole pool, whose clients are judged by their descriptions.
    secret: Option<SecretState>,
    /// The names of the pool's clients that are not for machines.
    others: Vec<String>,
}

impl ExportInput {
    /// The pool with its resource servers, its domains and the clients that machines use.
    #[must_use]
    pub fn of_pool(
        pool: UserPool,
        servers: Vec<ResourceServer>,
        clients: Vec<AppClient>,
        domains: Vec<Domain>,
    ) -> Self {
        let (clients, others): (Vec<_>, Vec<_>) = clients
            .into_iter()
            .partition(|client| client.settings.is_machine());
        Self {
            pool,
            whole: true,
            servers,
            clients,
            domains,
            secret: None,
            others: others
                .into_iter()
                .map(|client| client.settings.name)
                .collect(),
        }
    }

    /// One client, with the resource servers that its scopes are of. They are whole: to describe a server with fewer scopes is to
    /// take the others away. `secret` is where the client's secret is, by all that was read.
    #[must_use]
    pub fn of_client(
        pool: UserPool,
        servers: Vec<ResourceServer>,
        client: AppClient,
        secret: SecretState,
    ) -> Self {
        let needed = |server: &ResourceServer| {
            let of_server = |scope: &ScopeName| {
                scope
                    .split()
                    .is_some_and(|(identifier, _)| identifier == server.identifier)
            };
            client.settings.scopes.iter().any(of_server)
        };
        Self {
            servers: servers.into_iter().filter(needed).collect(),
            pool,
            whole: false,
            clients: vec![client],
            domains: Vec::new(),
            secret: Some(secret),
            others: Vec::new(),
        }
    }

    /// The code.
    ///
    /// # Errors
    /// The format can't spell something that is there. Why, and what to do.
    pub fn write(&self, format: Format) -> Result<String, String> {
        self.check(format)?;
        Ok(match format {
            Format::Terraform => terraform::write(self),
            Format::CloudFormation => cloudformation::write(self),
            Format::Cdk => cdk::write(self),
            Format::Cli => cli::write(self),
        })
    }

    /// That no text means something else to whatever deploys it. CloudFormation puts a secret or a parameter of the account in the
    /// place of `{{resolve:…}}` wherever a property has it, and the CDK one of its own values in the place of a token: neither has
    /// a way to write them as they are.
    fn check(&self, format: Format) -> Result<(), String> {
        let marks: &[&str] = match format {
            Format::CloudFormation => &["{{resolve:"],
            Format::Cdk => &["{{resolve:", "${Token[", "#{Token["],
            Format::Terraform | Format::Cli => return Ok(()),
        };
        let id = self.pool.id.as_str();
        if marks.iter().any(|mark| id.contains(mark)) {
            return Err(format!("{id} is no user pool's id"));
        }
        for resource in resources::resources(self) {
            for (property, value) in &resource.properties {
                let found = marks.iter().find(|mark| value.holds(mark));
                if let Some(mark) = found {
                    return Err(format!(
                        "{property} of {} has {mark} in it, which would be replaced when it is deployed. Change that text, or export \
                         as Terraform or AWS CLI.",
                        resource.name
                    ));
                }
            }
        }
        Ok(())
    }

    /// The app clients that are in it.
    #[must_use]
    pub fn clients(&self) -> &[AppClient] {
        &self.clients
    }

    /// What of the pool or client is not in the export, a sentence each: it differs from what is there.
    #[must_use]
    pub fn left_out(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if !self.others.is_empty() {
            remarks.push(format!(
                "App clients that are not for machines are left out: {}.",
                self.others.join(", ")
            ));
        }
        for client in &self.clients {
            let gone: Vec<&str> = client
                .settings
                .scopes
                .iter()
                .filter(|scope| ScopeState::of(scope, &self.servers) == ScopeState::Inactive)
                .map(ScopeName::as_str)
                .collect();
            if !gone.is_empty() {
                remarks.push(format!(
                    "Scopes of app client {} that no resource server defines any more are left out: {}.",
                    client.settings.name,
                    gone.join(" ")
                ));
            }
            let providers: Vec<&str> = client
                .settings
                .identity_providers
                .iter()
                .map(String::as_str)
                .filter(|provider| *provider != "COGNITO")
                .collect();
            if !providers.is_empty() {
                remarks.push(format!(
                    "Identity providers that app client {} names must be there first: {}.",
                    client.settings.name,
                    providers.join(", ")
                ));
            }
        }
        for client in &self.clients {
            remarks.extend(of_its_making(client, &self.secret_of(client)));
        }
        let managed = self
            .servers
            .iter()
            .filter(|server| server.managed_by.is_some());
        let managed: Vec<&str> = managed.map(|server| server.identifier.as_str()).collect();
        if !managed.is_empty() {
            remarks.push(format!(
                "Resource servers that AWS manages are left out: {}.",
                managed.join(", ")
            ));
        }
        if self.whole && !self.pool.other.is_empty() {
            remarks.push(unknown_settings("the user pool", &self.pool.other));
        }
        let own = self.servers.iter();
        let own = own.filter(|server| server.managed_by.is_none());
        let servers = own.map(|server| {
            let name = format!("resource server {}", server.identifier);
            (name, &server.other)
        });
        let domains = self.domains.iter();
        let domains = domains.map(|domain| (format!("domain {}", domain.name), &domain.other));
        for (name, other) in servers.chain(domains) {
            if !other.is_empty() {
                remarks.push(unknown_settings(&name, other));
            }
        }
        if self.whole && self.pool.dcr.is_some() {
            remarks.push("Dynamic client registration (DcrConfiguration) is left out.".to_owned());
        }
        for domain in &self.domains {
            let policy = domain.security_policy.as_ref();
            let policy = policy.map(|policy| format!("its TLS policy {policy}"));
            let failover = domain.failover.as_ref();
            let failover = failover.map(|to| format!("its failover to {}", to.secondary_region));
            let both: Vec<String> = policy.into_iter().chain(failover).collect();
            if !both.is_empty() {
                remarks.push(format!(
                    "Of domain {} is left out: {}.",
                    domain.name,
                    both.join(", ")
                ));
            }
        }
        if self.whole && self.pool.pre_token_trigger.is_some() {
            remarks.push(
                "The Lambda function before token generation, and Cognito's permission to call it, must be there first."
                    .to_owned(),
            );
        }
        remarks
    }

    /// Why it cannot be deployed in this format as it is, and what to do; empty where it can be.
    #[must_use]
    pub fn limits(&self, format: Format) -> Vec<String> {
        match format {
            Format::CloudFormation | Format::Cdk => cloudformation::limits(self),
            Format::Terraform | Format::Cli => Vec::new(),
        }
    }

    /// Where the secret of a client is.
    fn secret_of(&self, client: &AppClient) -> SecretState {
        let described = || client.secret_state(ListedSecrets::NotRead);
        self.secret.clone().unwrap_or_else(described)
    }

    /// What heads every export: what it is, and what it is not.
    fn header(&self) -> Vec<String> {
        let (name, id) = (&self.pool.name, &self.pool.id);
        let mut lines = if self.whole {
            vec![
                format!("The machine-to-machine set-up of user pool {name} ({id})."),
                "Of the pool itself it has what machines need: its settings for people (passwords, MFA, messages, attributes, other"
                    .to_owned(),
                "triggers) are not in here.".to_owned(),
            ]
        } else {
            let client = self.clients.first();
            let client = client.map_or_else(String::new, |client| {
                format!("App client {} ({})", client.settings.name, client.id)
            });
            vec![format!(
                "{client} of user pool {name} ({id}), with the resource servers of its scopes."
            )]
        };
        lines.push(
            "There is no secret in here: Cognito generates a new one for a client that is made."
                .to_owned(),
        );
        if !self.domains.is_empty() {
            lines
                .push("A domain belongs to one pool: a second pool needs another name.".to_owned());
        }
        lines.extend(self.left_out());
        lines
    }
}

/// What is not written down of how a client was made and where its secret is.
fn of_its_making(client: &AppClient, secret: &SecretState) -> Vec<String> {
    let name = &client.settings.name;
    let mut remarks = Vec::new();
    if let SecretState::Unknown(why) = secret {
        remarks.push(format!(
            "GenerateSecret of app client {name} is left out. Its secret is not known: {}.",
            why.reason()
        ));
    }
    if client.is_registered() {
        remarks.push(format!(
            "App client {name} registered itself. What is made of this is a regular client."
        ));
    }
    if client.settings.explicit_auth_flows.is_empty() {
        let flows = empty_list("ExplicitAuthFlows");
        remarks.push(format!("ExplicitAuthFlows of app client {name}: {flows}."));
    }
    if !client.other.is_empty() {
        remarks.push(unknown_settings(
            &format!("app client {name}"),
            &client.other,
        ));
    }
    remarks
}

fn unknown_settings(of: &str, other: &OtherSettings) -> String {
    let names: Vec<&str> = other.names().collect();
    format!(
        "Settings of {of} that this version does not know are left out: {}.",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests;
