//! Plans to edit or delete one resource, with the required further steps.

use super::step::{ScopeHolder, Step};
use super::{Obstacle, ObstacleKind, Plan, Target, repair};
use crate::domain::client::{AppClient, ClientSettings, ClientSummary};
use crate::domain::pool::{Domain, DomainOwner, NewDomain, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;
use crate::domain::secret::{ListedSecrets, ManagedSecret};
use crate::domain::{client_rules, limits};

/// Edits an app client. Removes inactive scopes, since Cognito refuses an update with them.
#[must_use]
pub fn edit_client(
    pool: Target,
    before: &AppClient,
    after: &ClientSettings,
    servers: &[ResourceServer],
) -> Plan {
    let mut plan = Plan::of(pool);
    if *after == before.settings {
        return plan;
    }
    let mut acceptable = after.clone();
    repair::acceptable_scopes(&mut acceptable, servers);
    let mut after = after.clone();
    after.scopes.retain(|scope| {
        acceptable.scopes.contains(scope) || !before.settings.scopes.contains(scope)
    });
    let about = format!("App client {}", before.settings.name);
    let secret = before.secret_state(ListedSecrets::NotRead);
    for refusal in client_rules::refusals(before, &secret, &after, servers) {
        plan.obstacles
            .push(Obstacle::new(&about, refusal.objection));
    }
    let warnings = client_rules::warnings(&after);
    plan.warnings
        .extend(warnings.into_iter().map(|one| one.objection.to_string()));
    if after != before.settings {
        plan.steps.push(Step::UpdateClient {
            before: Box::new(before.clone()),
            after: Box::new(after),
        });
    }
    plan
}

/// Moves a client's secret into AWS Secrets Manager (`managed`) or back to Cognito. `secrets` is their count, if known.
#[must_use]
pub fn move_secret(
    pool: Target,
    client: &AppClient,
    managed: bool,
    secrets: Option<usize>,
) -> Plan {
    let mut plan = Plan::of(pool);
    plan.steps.push(Step::MoveSecret {
        client: Box::new(client.clone()),
        managed,
        secrets,
    });
    plan
}

/// Rotates `client`'s managed secret now.
#[must_use]
pub fn rotate_managed(pool: Target, client: &AppClient, secret: &ManagedSecret) -> Plan {
    let mut plan = Plan::of(pool);
    plan.steps.push(Step::RotateManaged {
        id: client.id.clone(),
        name: client.settings.name.clone(),
        before: Box::new(secret.clone()),
    });
    plan
}

/// Edits a resource server's name, scopes and descriptions. `clients` are the pool's clients with their settings, to name those that
/// have a removed scope; with `prune` it is removed from them first.
#[must_use]
pub fn edit_server(
    pool: Target,
    before: &ResourceServer,
    after: &ResourceServer,
    clients: &[AppClient],
    servers: &[ResourceServer],
    prune: bool,
) -> Plan {
    let mut plan = Plan::of(pool);
    if before == after {
        return plan;
    }
    let about = format!("Resource server {}", before.identifier);
    plan.obstacles.extend(managed_by_aws(before));
    if let Err(objection) = limits::resource_server(after) {
        plan.obstacles.push(Obstacle::new(&about, objection));
    }
    let stays: Vec<ScopeName> = after.scope_names().collect();
    let going: Vec<ScopeName> = before
        .scope_names()
        .filter(|scope| !stays.contains(scope))
        .collect();
    if prune {
        plan.steps.extend(self::prune(clients, &going, servers));
    }
    plan.steps.push(Step::UpdateServer {
        before: before.clone(),
        after: after.clone(),
        holders: still_granted(&going, clients, prune),
    });
    plan
}

/// Deletes a resource server; with `prune` first removes its scopes from clients.
#[must_use]
pub fn delete_server(
    pool: Target,
    server: &ResourceServer,
    clients: &[AppClient],
    servers: &[ResourceServer],
    prune: bool,
) -> Plan {
    let mut plan = Plan::of(pool);
    plan.obstacles.extend(managed_by_aws(server));
    let going: Vec<ScopeName> = server.scope_names().collect();
    if prune {
        plan.steps.extend(self::prune(clients, &going, servers));
    }
    plan.steps.push(Step::DeleteServer {
        server: server.clone(),
        holders: still_granted(&going, clients, prune),
    });
    plan
}

/// The steps that remove `going` from every client. They must precede the removal of the scopes: Cognito checks the remaining ones.
#[must_use]
pub fn prune(clients: &[AppClient], going: &[ScopeName], servers: &[ResourceServer]) -> Vec<Step> {
    let holders = clients.iter().filter(|client| {
        client
            .settings
            .scopes
            .iter()
            .any(|scope| going.contains(scope))
    });
    holders
        .map(|client| {
            let mut kept = client.settings.clone();
            repair::acceptable_scopes(&mut kept, servers);
            Step::UpdateClient {
                before: Box::new(client.clone()),
                after: Box::new(repair::without(&kept, going)),
            }
        })
        .collect()
}

fn still_granted(going: &[ScopeName], clients: &[AppClient], prune: bool) -> Vec<ScopeHolder> {
    if prune {
        Vec::new()
    } else {
        holders_of(going, clients)
    }
}

/// The clients with one of these scopes.
#[must_use]
pub fn holders_of(scopes: &[ScopeName], clients: &[AppClient]) -> Vec<ScopeHolder> {
    let holder = |client: &AppClient| {
        let held: Vec<ScopeName> = client
            .settings
            .scopes
            .iter()
            .filter(|scope| scopes.contains(scope))
            .cloned()
            .collect();
        (!held.is_empty()).then(|| ScopeHolder {
            id: client.id.clone(),
            name: client.settings.name.clone(),
            scopes: held,
        })
    };
    clients.iter().filter_map(holder).collect()
}

/// Deletes an app client.
#[must_use]
pub fn delete_client(pool: Target, client: &ClientSummary) -> Plan {
    let mut plan = Plan::of(pool);
    plan.steps.push(Step::DeleteClient {
        id: client.id.clone(),
        name: client.name.clone(),
    });
    plan
}

/// Creates a domain. `owner` is the visible owner of the name.
#[must_use]
pub fn add_domain(
    pool: &UserPool,
    there: &[Domain],
    owner: Option<DomainOwner>,
    new: &NewDomain,
) -> Plan {
    let wanted = super::DesiredState {
        pool: super::DesiredPool::This(pool.id.clone()),
        servers: Vec::new(),
        client: None,
        domain: Some(new.clone()),
    };
    let found = super::CurrentState {
        pool: Some(pool.clone()),
        domains: there.to_vec(),
        domain_owner: owner,
        ..super::CurrentState::default()
    };
    let mut plan = super::set_up(&wanted, &found);
    plan.steps
        .retain(|step| !matches!(step, Step::There(super::Existing::Pool { .. })));
    plan
}

/// Changes the certificate or sign-in pages of a domain. Its name and kind cannot change.
#[must_use]
pub fn edit_domain(pool: &UserPool, before: &Domain, after: &NewDomain) -> Plan {
    let mut plan = add_domain(pool, std::slice::from_ref(before), None, after);
    plan.steps.retain(|step| !step.is_done());
    plan
}

/// Deletes a domain. `clients` are the pool's, which lose its token endpoint.
#[must_use]
pub fn delete_domain(pool: Target, domain: &Domain, clients: &[ClientSummary]) -> Plan {
    let mut plan = Plan::of(pool);
    plan.steps.push(Step::DeleteDomain {
        domain: domain.clone(),
        clients: clients.to_vec(),
    });
    plan
}

/// Turns a pool's deletion protection on or off.
#[must_use]
pub fn protect(pool: &UserPool, on: bool) -> Plan {
    let mut plan = Plan::of(Target::from(pool));
    if pool.deletion_protection != Some(on) {
        plan.steps.push(Step::SetDeletionProtection {
            seen: Box::new(pool.clone()),
            on,
        });
    }
    plan
}

/// Deletes a pool with all contents, after the steps that Cognito requires first.
#[must_use]
pub fn delete_pool(pool: &UserPool, domains: &[Domain], clients: &[ClientSummary]) -> Plan {
    let mut plan = protect(pool, false);
    for domain in domains {
        plan.steps.push(Step::DeleteDomain {
            domain: domain.clone(),
            clients: Vec::new(),
        });
    }
    plan.steps.push(Step::DeletePool {
        name: pool.name.clone(),
        clients: clients.to_vec(),
        users: pool.estimated_users,
    });
    plan
}

/// The obstacle of a resource server that AWS manages.
pub(super) fn managed_by_aws(server: &ResourceServer) -> Option<Obstacle> {
    let owner = server.managed_by.as_ref()?;
    Some(Obstacle {
        kind: ObstacleKind::Refused,
        about: format!("Resource server {}", server.identifier),
        what: format!("{owner} manages it (ManagedBy), so it cannot be changed or deleted"),
        way_out: "Create your own resource server.".to_owned(),
    })
}
