//! The way back from a set-up.
//!
//! Nothing in Cognito tells what a set-up made and what it found. So a take-down goes by what can be seen, and leaves what speaks
//! against its being the set-up's alone, each with the reason ([`PlanProgress::NotDeleted`]), unless it is asked to take that, too:
//!
//! - The app client of the set-up's name goes.
//! - Its scopes go, but for those that another client holds. A resource server that is left without any goes with them.
//! - Its domain goes where the pool has no other client that might get its tokens there.
//! - A pool goes only where the set-up is one that makes its pool, and where it holds nothing but the set-up's things: no other
//!   client, resource server, scope or domain, and no users. Deletion protection that is on, a trigger and settings that are not the
//!   set-up's speak against it as well.

use std::collections::HashSet;

use super::edit::holders_of;
use super::step::{Existing, Step};
use super::{CurrentState, DesiredPool, DesiredState, Plan};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::ClientId;
use crate::domain::plan::apply::{namesakes, no_pool, target};
use crate::domain::plan::text::{held, named, named_others};
use crate::domain::pool::{Domain, NewPool, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;

/// What a take-down takes although others use it, or although it may have been there before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DestroyScope {
    /// The pool, where the set-up is one that makes its pool, and all that is in it.
    pub pool: bool,
    pub domain: bool,
    /// Scopes that other clients hold, and the resource servers that define them.
    pub scopes: bool,
}

/// The steps that take away what [`super::set_up`] of the same `wanted` made, in the reverse order: the client, the domain, the scopes,
/// and the pool where the set-up is one that makes its pool. `others` are the pool's clients with their settings, so that each step
/// can say who else uses what goes; the client of the set-up may be among them. A client that is not among them is taken for one that
/// could not be read. What is gone already is left out.
#[must_use]
pub fn take_down(
    wanted: &DesiredState,
    found: &CurrentState,
    others: &[AppClient],
    also: DestroyScope,
) -> Plan {
    let mut plan = Plan::of(target(wanted, found));
    if let Some(obstacle) = no_pool(&wanted.pool, found) {
        plan.obstacles.push(obstacle);
    }
    let Some(pool) = &found.pool else { return plan };
    if let Some(client) = &wanted.client {
        plan.obstacles.extend(namesakes(client, found));
    }
    let ours: Option<&AppClient> = found.namesakes.first().filter(|_| wanted.client.is_some());
    let rest = other_clients(&found.clients, ours.map(|client| &client.id));
    let against = match &wanted.pool {
        DesiredPool::Create(new) => Some(against(new, pool, wanted, found, &rest)),
        DesiredPool::This(_) | DesiredPool::Find(_) => None,
    };
    let whole = also.pool && against.is_some() || against.as_ref().is_some_and(Vec::is_empty);
    // Before all else: who may not switch it off has then lost nothing.
    if whole && pool.deletion_protection != Some(false) {
        plan.steps.push(Step::SetDeletionProtection {
            seen: Box::new(pool.clone()),
            on: false,
        });
    }
    if let Some(client) = ours {
        plan.steps.push(Step::DeleteClient {
            id: client.id.clone(),
            name: client.settings.name.clone(),
        });
    }
    for domain in &found.domains {
        let ours = wanted.domain.as_ref();
        if whole || ours.is_some_and(|ours| ours.name == domain.name) {
            plan.steps
                .push(domain_gone(domain, &rest, whole || also.domain));
        }
    }
    let listed: HashSet<&ClientId> = rest.iter().map(|client| &client.id).collect();
    let read: HashSet<&ClientId> = others.iter().map(|other| &other.id).collect();
    let sharing = Sharing {
        others: others
            .iter()
            .filter(|other| listed.contains(&other.id))
            .collect(),
        unread: listed.difference(&read).count(),
        take: whole || also.scopes,
    };
    for server in wanted.servers.iter().rev() {
        let mut there = found.servers.iter();
        if let Some(there) = there.find(|there| there.identifier == server.identifier) {
            plan.steps.extend(sharing.scopes_gone(server, there));
        }
    }
    if whole {
        plan.steps.push(Step::DeletePool {
            name: pool.name.clone(),
            clients: rest,
            users: pool.estimated_users,
        });
    } else if let Some(against) = against {
        plan.steps.push(Step::Kept {
            thing: Existing::Pool {
                id: pool.id.clone(),
                name: pool.name.clone(),
            },
            why: format!("it has {}", against.join(", ")),
        });
    }
    plan
}

fn other_clients(clients: &[ClientSummary], ours: Option<&ClientId>) -> Vec<ClientSummary> {
    clients
        .iter()
        .filter(|client| Some(&client.id) != ours)
        .cloned()
        .collect()
}

/// What of a pool speaks against its being the set-up's alone; each as what it has.
fn against(
    new: &NewPool,
    pool: &UserPool,
    wanted: &DesiredState,
    found: &CurrentState,
    rest: &[ClientSummary],
) -> Vec<String> {
    let mut reasons = Vec::new();
    if !rest.is_empty() {
        reasons.push(named_others(rest));
    }
    if let Some(users) = pool.estimated_users.filter(|users| *users > 0) {
        reasons.push(format!("about {users} users"));
    }
    let strange: Vec<&str> = found
        .servers
        .iter()
        .filter(|there| has_more(there, &wanted.servers))
        .map(|there| there.identifier.as_str())
        .collect();
    if !strange.is_empty() {
        reasons.push(named(&strange, "other scopes in", "other scopes in"));
    }
    let ours = wanted.domain.as_ref();
    for domain in &found.domains {
        if ours.is_none_or(|ours| ours.name != domain.name) {
            reasons.push(format!("the domain {}", domain.name));
        }
    }
    if pool.deletion_protection != Some(false) && !new.deletion_protection {
        reasons.push("deletion protection".to_owned());
    }
    if pool.pre_token_trigger.is_some() {
        reasons.push("a trigger".to_owned());
    }
    let settings = unlike(new, pool);
    if !settings.is_empty() {
        reasons.push(format!("{} other than the set-up's", settings.join(", ")));
    }
    reasons
}

/// Whether a resource server is none of `wanted`, or defines scopes that are none of theirs.
fn has_more(there: &ResourceServer, wanted: &[ResourceServer]) -> bool {
    let ours = wanted
        .iter()
        .find(|ours| ours.identifier == there.identifier);
    ours.is_none_or(|ours| there.scopes.iter().any(|scope| !defines(ours, scope)))
}

fn defines(server: &ResourceServer, scope: &Scope) -> bool {
    server.scopes.iter().any(|known| known.name == scope.name)
}

/// The settings that the set-up states and the pool has otherwise.
fn unlike(new: &NewPool, pool: &UserPool) -> Vec<&'static str> {
    let tags = new
        .tags
        .iter()
        .all(|(key, value)| pool.tags.get(key) == Some(value));
    let usernames = new.username_attributes.is_empty()
        || new
            .username_attributes
            .iter()
            .all(|name| pool.username_attributes.contains(name));
    [
        ("UserPoolTags", tags),
        ("UsernameAttributes", usernames),
        ("UserPoolTier", new.tier.is_none() || new.tier == pool.tier),
        (
            "AllowAdminCreateUserOnly",
            !new.admin_create_only || pool.admin_create_only,
        ),
    ]
    .into_iter()
    .filter(|(_, same)| !same)
    .map(|(setting, _)| setting)
    .collect()
}

fn domain_gone(domain: &Domain, rest: &[ClientSummary], take: bool) -> Step {
    if take || rest.is_empty() {
        return Step::DeleteDomain {
            domain: domain.clone(),
            clients: rest.to_vec(),
        };
    }
    Step::Kept {
        thing: Existing::Domain {
            name: domain.name.clone(),
        },
        why: format!(
            "the pool has {}; their token endpoint would go with it",
            named_others(rest)
        ),
    }
}

/// Who else may hold the scopes of the set-up.
struct Sharing<'a> {
    others: Vec<&'a AppClient>,
    /// How many more there are, which could not be read.
    unread: usize,
    /// The scopes go all the same.
    take: bool,
}

impl Sharing<'_> {
    /// The steps that take the `wanted` scopes from the server that is `there`: with the last of them the server goes.
    fn scopes_gone(&self, wanted: &ResourceServer, there: &ResourceServer) -> Vec<Step> {
        let full = |scope: &Scope| ScopeName::custom(&there.identifier, &scope.name);
        let is_held = |scope: &Scope| {
            let lists = |client: &&AppClient| client.settings.scopes.contains(&full(scope));
            self.unread > 0 || self.others.iter().any(lists)
        };
        let (ours, mut staying): (Vec<_>, Vec<_>) = there
            .scopes
            .iter()
            .cloned()
            .partition(|scope| defines(wanted, scope));
        let (kept, going): (Vec<_>, Vec<_>) = ours
            .into_iter()
            .partition(|scope| !self.take && is_held(scope));
        let others: Vec<AppClient> = self.others.iter().map(|other| (*other).clone()).collect();
        let holders = |scopes: &[Scope]| {
            let names: Vec<ScopeName> = scopes.iter().map(full).collect();
            holders_of(&names, &others)
        };
        let mut steps = Vec::new();
        if !kept.is_empty() {
            let by = held(&holders(&kept));
            let why = match self.unread {
                0 => format!("its scopes are held by {by}"),
                1 => "one app client could not be read, and may hold its scopes".to_owned(),
                unread => {
                    format!("{unread} app clients could not be read, and may hold its scopes")
                }
            };
            steps.push(Step::Kept {
                thing: Existing::Server {
                    identifier: there.identifier.clone(),
                },
                why,
            });
            staying.extend(kept);
        }
        if staying.is_empty() {
            steps.push(Step::DeleteServer {
                server: there.clone(),
                holders: holders(&going),
            });
        } else if !going.is_empty() {
            let mut after = there.clone();
            after.scopes.retain(|scope| staying.contains(scope));
            steps.push(Step::UpdateServer {
                before: there.clone(),
                after,
                holders: holders(&going),
            });
        }
        steps
    }
}
