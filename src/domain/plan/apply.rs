//! Plans the steps from the current to the desired state.

use super::step::{Existing, Step};
use super::{
    CurrentState, DesiredPool, DesiredState, Obstacle, ObstacleKind, Plan, Target, edit, repair,
};
use crate::domain::limits::{self, Quota};
use crate::domain::new_client::{NewClient, Severity};
use crate::domain::objection::Objection;
use crate::domain::pool::{NewDomain, NewPool, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::secret::DescribedSecret;

/// The steps that create and change what is `wanted`. A new plan after execution is empty.
#[must_use]
pub fn set_up(wanted: &DesiredState, found: &CurrentState) -> Plan {
    let mut making = SetupBuilder {
        found,
        servers: found.servers.clone(),
        plan: Plan::of(target(wanted, found)),
    };
    if !making.pool(&wanted.pool) {
        return making.plan;
    }
    for server in &wanted.servers {
        making.server(server);
    }
    if let Some(client) = &wanted.client {
        making.client(client);
    }
    if let Some(domain) = &wanted.domain {
        making.domain(domain, tier(&wanted.pool, found.pool.as_ref()));
    }
    making.plan
}

/// The target pool, as far as known.
pub(super) fn target(wanted: &DesiredState, found: &CurrentState) -> Target {
    match (&found.pool, &wanted.pool) {
        (Some(pool), _) => Target::from(pool),
        (None, DesiredPool::This(id)) => Target {
            id: None,
            name: id.to_string(),
        },
        (None, DesiredPool::Find(name)) => Target {
            id: None,
            name: name.clone(),
        },
        (None, DesiredPool::Create(new)) => Target {
            id: None,
            name: new.name.clone(),
        },
    }
}

/// The obstacle if no pool or several match.
pub(super) fn no_pool(wanted: &DesiredPool, found: &CurrentState) -> Option<Obstacle> {
    if found.candidates.len() > 1 && found.pool.is_none() {
        let ids: Vec<String> = found
            .candidates
            .iter()
            .map(|pool| format!("{} ({})", pool.id, pool.name))
            .collect();
        return Some(Obstacle {
            kind: ObstacleKind::Refused,
            about: "User pool".to_owned(),
            what: format!("{} user pools match: {}", ids.len(), ids.join(", ")),
            way_out: "Several match: pass an id.".to_owned(),
        });
    }
    let (name, way_out) = match wanted {
        DesiredPool::Create(_) => return None,
        DesiredPool::This(id) => (id.as_str(), "Check the id, the profile and the Region."),
        DesiredPool::Find(name) => (
            name.as_str(),
            "Names are case-sensitive. Check the name, the profile and the Region.",
        ),
    };
    found.pool.is_none().then(|| Obstacle {
        kind: ObstacleKind::NotFound,
        about: "User pool".to_owned(),
        what: format!("no user pool matches {name:?}"),
        way_out: way_out.to_owned(),
    })
}

/// The obstacle if several clients have the wanted name.
pub(super) fn namesakes(client: &NewClient, found: &CurrentState) -> Option<Obstacle> {
    let twins = found.namesakes_of(&client.name);
    if twins.len() < 2 {
        return None;
    }
    let ids: Vec<&str> = twins.iter().map(|twin| twin.id.as_str()).collect();
    Some(Obstacle {
        kind: ObstacleKind::Refused,
        about: format!("App client {}", client.name),
        what: format!(
            "{} app clients are named {}: {}",
            ids.len(),
            client.name,
            ids.join(", ")
        ),
        way_out: "Use the id of one instead of the name, or delete the others.".to_owned(),
    })
}

fn tier<'a>(wanted: &'a DesiredPool, found: Option<&'a UserPool>) -> Option<&'a str> {
    match (found, wanted) {
        (Some(pool), _) => pool.tier.as_deref(),
        (None, DesiredPool::Create(new)) => new.tier.as_deref(),
        _ => None,
    }
}

/// A plan under construction.
struct SetupBuilder<'a> {
    found: &'a CurrentState,
    /// The pool's resource servers after the plan.
    servers: Vec<ResourceServer>,
    plan: Plan,
}

impl SetupBuilder<'_> {
    fn obstacle(&mut self, about: impl Into<String>, what: impl Into<String>, way_out: &str) {
        self.obstacle_of(ObstacleKind::Refused, about, what, way_out);
    }

    fn obstacle_of(
        &mut self,
        kind: ObstacleKind,
        about: impl Into<String>,
        what: impl Into<String>,
        way_out: &str,
    ) {
        self.plan.obstacles.push(Obstacle {
            kind,
            about: about.into(),
            what: what.into(),
            way_out: way_out.to_owned(),
        });
    }

    /// Adds the obstacle of an exceeded limit.
    fn limit(&mut self, about: &str, checked: Result<(), Objection>) {
        if let Err(objection) = checked {
            self.plan.obstacles.push(Obstacle::new(about, objection));
        }
    }

    /// Checks a quota before one more is created.
    fn quota(&mut self, quota: &Quota, there: usize) {
        if there >= quota.most {
            self.obstacle(
                "User pool",
                format!("it has {there} {}; the maximum is {}", quota.of, quota.most),
                "Delete an unused one, or use another pool.",
            );
        } else if there == quota.default {
            self.plan.warnings.push(format!(
                "The pool has {there} {}, the default quota of {}: AWS refuses one more unless it raised the quota.",
                quota.of, quota.default
            ));
        }
    }

    /// Whether there is or will be a pool.
    fn pool(&mut self, wanted: &DesiredPool) -> bool {
        if let Some(obstacle) = no_pool(wanted, self.found) {
            self.plan.obstacles.push(obstacle);
            return false;
        }
        match (&self.found.pool, wanted) {
            (Some(pool), _) => self.plan.steps.push(Step::There(Existing::Pool {
                id: pool.id.clone(),
                name: pool.name.clone(),
            })),
            (None, DesiredPool::Create(new)) => self.new_pool(new),
            (None, _) => return false,
        }
        true
    }

    fn new_pool(&mut self, new: &NewPool) {
        let about = format!("User pool {}", new.name);
        self.limit(&about, limits::pool_name(&new.name));
        self.limit(&about, limits::tags(&new.tags));
        self.plan.steps.push(Step::CreatePool(new.clone()));
    }

    fn server(&mut self, wanted: &ResourceServer) {
        let about = format!("Resource server {}", wanted.identifier);
        self.limit(&about, limits::resource_server(wanted));
        let found = self.found;
        let there = found
            .servers
            .iter()
            .find(|there| there.identifier == wanted.identifier);
        let Some(there) = there else {
            self.quota(&limits::SERVERS_PER_POOL, found.servers.len());
            self.servers.push(wanted.clone());
            self.plan.steps.push(Step::CreateServer(wanted.clone()));
            return;
        };
        let identifier = wanted.identifier.clone();
        let scopes = missing_scopes(wanted, there);
        if !scopes.is_empty() {
            self.plan.obstacles.extend(edit::managed_by_aws(there));
        }
        if there.scopes.len() + scopes.len() > limits::SCOPES_PER_SERVER {
            self.obstacle(
                about,
                format!(
                    "it has {} scopes and needs {} more; the maximum is {}",
                    there.scopes.len(),
                    scopes.len(),
                    limits::SCOPES_PER_SERVER
                ),
                "Remove unused scopes, or use another identifier.",
            );
        }
        self.servers
            .iter_mut()
            .filter(|server| server.identifier == identifier)
            .for_each(|server| server.scopes.extend(scopes.iter().cloned()));
        self.plan.steps.push(if scopes.is_empty() {
            Step::There(Existing::Server { identifier })
        } else {
            Step::AddScopes {
                before: there.clone(),
                scopes,
            }
        });
    }

    fn client(&mut self, wanted: &NewClient) {
        let about = format!("App client {}", wanted.name);
        let refused = wanted.problems(&self.servers, &[]);
        for problem in refused {
            match problem.severity {
                Severity::Error => {
                    let obstacle = Obstacle::new(&about, problem.objection);
                    self.plan.obstacles.push(obstacle);
                }
                Severity::Warning => {
                    self.plan.warnings.push(problem.objection.to_string());
                }
            }
        }
        if let Some(obstacle) = namesakes(wanted, self.found) {
            return self.plan.obstacles.push(obstacle);
        }
        let found = self.found;
        let Some(there) = found.namesakes.first() else {
            self.quota(&limits::CLIENTS_PER_POOL, found.clients.len());
            let named = found.clients.iter();
            let named = named.filter(|client| client.name == wanted.name);
            self.plan.namesakes = named.map(|client| client.id.clone()).collect();
            return self.plan.steps.push(Step::CreateClient(wanted.clone()));
        };
        if wanted.generate_secret && found.public.contains(&there.id) {
            self.obstacle(
                &about,
                format!("{} is public and cannot get a secret", there.id),
                "Delete or rename it, or choose another name for the new client.",
            );
        }
        if wanted.managed_secret && !matches!(there.secret, DescribedSecret::Managed(_)) {
            self.plan.warnings.push(format!(
                "{} exists, and its secret is not in Secrets Manager: a set-up does not move it. Move it on the client (R).",
                there.settings.name
            ));
        }
        let after = repair::repaired(there, wanted, &self.servers);
        for obstacle in repair::limits(&about, &after) {
            self.plan.obstacles.push(obstacle);
        }
        self.plan.steps.push(if after == there.settings {
            Step::There(Existing::Client {
                id: there.id.clone(),
                name: there.settings.name.clone(),
            })
        } else {
            Step::UpdateClient {
                before: Box::new(there.clone()),
                after: Box::new(after),
            }
        });
    }

    fn domain(&mut self, wanted: &NewDomain, tier: Option<&str>) {
        let about = format!("Domain {}", wanted.name);
        let custom = wanted.certificate_arn.is_some();
        let found = self.found;
        // Cognito checks a prefix at creation, and may have created this one under other rules.
        if !custom && !found.domains.iter().any(|there| there.name == wanted.name) {
            self.limit(&about, limits::domain_prefix(&wanted.name));
        }
        if let Some(version) = wanted.managed_login_version {
            self.limit(&about, limits::managed_login(version, tier));
        }
        if let Some(there) = found.domains.iter().find(|there| there.name == wanted.name) {
            if there.status.as_deref() == Some("DELETING") {
                self.obstacle(
                    &about,
                    "it is being deleted",
                    "Wait until it is deleted, then plan again.",
                );
            }
            let version = wanted.managed_login_version.is_some()
                && wanted.managed_login_version != there.managed_login_version;
            let certificate = custom && wanted.certificate_arn != there.certificate_arn;
            return self.plan.steps.push(if version || certificate {
                Step::UpdateDomain {
                    before: there.clone(),
                    after: wanted.clone(),
                }
            } else {
                Step::There(Existing::Domain {
                    name: there.name.clone(),
                })
            });
        }
        if let Some(other) = found.domains.iter().find(|there| there.custom == custom) {
            let kind = if custom {
                "custom domain"
            } else {
                "prefix domain"
            };
            self.obstacle_of(
                ObstacleKind::Conflict,
                &about,
                format!(
                    "the pool already has the {kind} {} and can have only one",
                    other.name
                ),
                "Use the existing domain, or delete it first.",
            );
        } else if let Some(owner) = &found.domain_owner {
            let whose = owner.pool.as_ref().map_or_else(
                || "another owner".to_owned(),
                |pool| format!("user pool {pool}"),
            );
            self.obstacle_of(
                ObstacleKind::Conflict,
                &about,
                format!("{whose} has it"),
                "Choose another: it must be unique in the Region.",
            );
        }
        self.plan.steps.push(Step::CreateDomain(wanted.clone()));
    }
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
