//! What has to be made in a pool before a new client can get tokens, step by step.

use super::client::ClientSummary;
use super::ids::ClientId;
use super::new_client::NewClient;
use super::resource_server::{ResourceServer, Scope};

/// Steps in the order in which they must be done, those that are done already among them, so that a person sees the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupPlan {
    pub steps: Vec<Step>,
}

/// One step of a [`SetupPlan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `CreateResourceServer`.
    CreateResourceServer(ResourceServer),
    /// `UpdateResourceServer` with the scopes it has and these.
    AddScopes {
        identifier: String,
        scopes: Vec<Scope>,
    },
    /// `CreateUserPoolClient`.
    CreateClient(NewClient),
    /// The resource server exists with every scope that is wanted.
    ServerAlreadyThere { identifier: String },
    /// A client of the wanted name exists: a second one would only confuse the scripts that look it up by name.
    ClientAlreadyThere { id: ClientId, name: String },
}

/// Plans `client` with the resource server it needs, in a pool that has `servers` and `existing`. Both lists must be whole, or
/// what is there would be made again. Planning again after the plan was carried out finds nothing to do.
#[must_use]
pub fn plan(
    client: NewClient,
    server: Option<&ResourceServer>,
    servers: &[ResourceServer],
    existing: &[ClientSummary],
) -> SetupPlan {
    let server_step = server.map(|wanted| {
        match servers
            .iter()
            .find(|there| there.identifier == wanted.identifier)
        {
            None => Step::CreateResourceServer(wanted.clone()),
            Some(there) => {
                let scopes = missing_scopes(wanted, there);
                let identifier = wanted.identifier.clone();
                if scopes.is_empty() {
                    Step::ServerAlreadyThere { identifier }
                } else {
                    Step::AddScopes { identifier, scopes }
                }
            }
        }
    });
    let client_step = match existing.iter().find(|there| there.name == client.name) {
        Some(there) => Step::ClientAlreadyThere {
            id: there.id.clone(),
            name: there.name.clone(),
        },
        None => Step::CreateClient(client),
    };
    SetupPlan {
        steps: server_step.into_iter().chain([client_step]).collect(),
    }
}

fn scope_lines(scopes: &[Scope]) -> impl Iterator<Item = String> + '_ {
    scopes
        .iter()
        .map(|scope| format!("Scope {} · {}", scope.name, scope.description))
}

fn missing_scopes(wanted: &ResourceServer, there: &ResourceServer) -> Vec<Scope> {
    let has = |name: &str| there.scopes.iter().any(|scope| scope.name == name);
    wanted
        .scopes
        .iter()
        .filter(|scope| !has(&scope.name))
        .cloned()
        .collect()
}

impl SetupPlan {
    /// The steps that change something.
    pub fn to_do(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| !step.is_done())
    }

    /// The pool's resource servers as they will be once the plan is carried out: what a new client is to be checked against.
    #[must_use]
    pub fn servers_after(&self, servers: &[ResourceServer]) -> Vec<ResourceServer> {
        let mut after = servers.to_vec();
        for step in &self.steps {
            match step {
                Step::CreateResourceServer(server) => after.push(server.clone()),
                Step::AddScopes { identifier, scopes } => after
                    .iter_mut()
                    .filter(|server| server.identifier == *identifier)
                    .for_each(|server| server.scopes.extend(scopes.iter().cloned())),
                Step::CreateClient(_)
                | Step::ServerAlreadyThere { .. }
                | Step::ClientAlreadyThere { .. } => {}
            }
        }
        after
    }
}

impl Step {
    /// Whether the step needs nothing done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(
            self,
            Self::ServerAlreadyThere { .. } | Self::ClientAlreadyThere { .. }
        )
    }

    /// What the step writes, field by field, in the API's own names.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::CreateResourceServer(server) => {
                let mut lines = vec![format!(
                    "Identifier {} · Name {}",
                    server.identifier, server.name
                )];
                lines.extend(scope_lines(&server.scopes));
                lines
            }
            Self::AddScopes { scopes, .. } => scope_lines(scopes).collect(),
            Self::CreateClient(client) => client.fields(),
            Self::ServerAlreadyThere { .. } => Vec::new(),
            Self::ClientAlreadyThere { id, .. } => vec![format!("ClientId {id}")],
        }
    }

    /// The step as one line for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let names = |scopes: &[Scope]| {
            let names: Vec<&str> = scopes.iter().map(|scope| scope.name.as_str()).collect();
            names.join(", ")
        };
        match self {
            Self::CreateResourceServer(server) => {
                format!(
                    "Create resource server {} with scope {}",
                    server.identifier,
                    names(&server.scopes)
                )
            }
            Self::AddScopes { identifier, scopes } => {
                format!(
                    "Add scope {} to resource server {identifier}",
                    names(scopes)
                )
            }
            Self::CreateClient(client) => format!("Create app client {}", client.name),
            Self::ServerAlreadyThere { identifier } => {
                format!("Resource server {identifier} is there with its scopes")
            }
            Self::ClientAlreadyThere { id, name } => format!("App client {name} is there: {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::new_client::{machine_auth, machine_auth_server};

    #[test]
    fn in_a_fresh_pool_both_are_made_in_order() {
        let plan = plan(machine_auth(), Some(&machine_auth_server()), &[], &[]);
        assert_eq!(
            plan.steps,
            [
                Step::CreateResourceServer(machine_auth_server()),
                Step::CreateClient(machine_auth())
            ]
        );
        assert!(machine_auth().is_acceptable(&plan.servers_after(&[]), &[]));
    }

    #[test]
    fn a_server_without_the_scope_keeps_what_it_has() {
        let mut there = machine_auth_server();
        there.scopes[0].name = "audit".to_owned();
        let servers = [there];
        let plan = plan(machine_auth(), Some(&machine_auth_server()), &servers, &[]);
        assert_eq!(
            plan.steps[0],
            Step::AddScopes {
                identifier: "api".to_owned(),
                scopes: machine_auth_server().scopes
            }
        );
        assert_eq!(
            plan.steps[0].sentence(),
            "Add scope admin to resource server api"
        );
        assert_eq!(plan.servers_after(&servers)[0].scopes.len(), 2);
    }

    #[test]
    fn run_again_it_finds_nothing_to_do() {
        let existing = [ClientSummary {
            id: ClientId::new("4k2"),
            name: "machine_auth".to_owned(),
        }];
        let plan = plan(
            machine_auth(),
            Some(&machine_auth_server()),
            &[machine_auth_server()],
            &existing,
        );
        assert_eq!(plan.to_do().count(), 0);
        assert_eq!(plan.steps.len(), 2);
    }

    #[test]
    fn a_client_of_its_own_scopes_needs_no_server() {
        let plan = plan(machine_auth(), None, &[], &[]);
        assert_eq!(plan.steps, [Step::CreateClient(machine_auth())]);
    }
}
