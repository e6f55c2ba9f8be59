//! Plans: the steps that are written to Cognito, shown before the first write.
//!
//! A plan is a function of the desired and the current state: planning reads and writes nothing. A new plan after execution is empty; a
//! new plan after a failure continues from there.
//!
//! # What a set-up changes
//!
//! - It creates what is missing. What exists and matches is shown as existing.
//! - It adds missing scopes to a resource server, and keeps its name, other scopes and descriptions.
//! - It repairs an app client of the wanted name. `AllowedOAuthFlowsUserPoolClient` and, if the set-up states them,
//!   `AllowedOAuthFlows` and `ExplicitAuthFlows` become exactly what is wanted. Missing scopes, callback URLs, logout URLs and identity
//!   providers are added; others are kept. Lifetimes, session, revocation and `PreventUserExistenceErrors` change only if the set-up
//!   states them. All other settings are kept.
//! - Cognito checks all scopes of a client at every update, so an update omits inactive scopes, and OpenID scopes of a
//!   `client_credentials` client. This alone is no reason for an update.
//! - It never changes a user pool's settings.

mod apply;
mod cli;
mod combine;
mod command;
mod create;
mod define;
mod destroy;
mod details;
mod edit;
mod interrupted;
mod matches;
mod repair;
mod step;
mod text;

pub use apply::set_up;
pub use cli::{look_at_managed, look_at_secrets};
pub use create::create;
pub use define::{as_name, define_scopes};
pub use destroy::{DestroyScope, take_down};
pub use edit::{
    add_domain, delete_client, delete_domain, delete_pool, delete_server, edit_client, edit_domain,
    edit_server, holders_of, move_secret, protect, prune, rotate_managed,
};
pub use interrupted::InterruptedPlan;
pub use matches::{Overwritten, ReadBack, ResourceRef};
pub use repair::acceptable_scopes;
pub use step::{CliContext, Detail, Existing, ListChange, ScopeHolder, Step};

use super::client::{AppClient, ClientSummary};
use super::ids::{ClientId, PoolId};
use super::new_client::NewClient;
use super::objection::Objection;
use super::pool::{Domain, DomainOwner, NewDomain, NewPool, PoolSummary, UserPool};
use super::resource_server::ResourceServer;
use crate::domain::lookup;

/// Steps in execution order, including those that are already done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The user pool of all steps.
    pub pool: Target,
    pub steps: Vec<Step>,
    /// The obstacles. A plan with obstacles must not be executed.
    pub obstacles: Vec<Obstacle>,
    /// Warnings, such as a quota that is nearly reached.
    pub warnings: Vec<String>,
    /// It continues another plan: its first step may be done, with a lost response.
    pub resumed: bool,
    /// The existing app clients with the name of the created one, when this was planned.
    pub namesakes: Vec<ClientId>,
}

/// The user pool of a [`Plan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `None` before a [`Step::CreatePool`], or if the pool was not found, which is an obstacle.
    pub id: Option<PoolId>,
    pub name: String,
}

/// Why a plan cannot be executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    pub kind: ObstacleKind,
    /// The resource, such as `App client machine_auth`.
    pub about: String,
    pub what: String,
    pub way_out: String,
}

/// The kind of an obstacle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObstacleKind {
    /// Cognito would refuse it.
    Refused,
    /// What the plan needs is not there.
    NotFound,
    /// It exists with other values, or is taken.
    Conflict,
}

/// The goal of a set-up: a preset with its answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DesiredState {
    pub pool: DesiredPool,
    pub servers: Vec<ResourceServer>,
    /// The name may be the id of an existing client, which is then repaired, whatever its name.
    pub client: Option<NewClient>,
    pub domain: Option<NewDomain>,
}

/// The user pool of a set-up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DesiredPool {
    /// This one.
    This(PoolId),
    /// The only one with this id, name or part of a name.
    Find(String),
    /// The only one with this name, created if missing.
    Create(NewPool),
}

/// The current state, with complete lists: otherwise resources would be created twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentState {
    /// The pools that match the wanted name.
    pub candidates: Vec<PoolSummary>,
    /// The matching pool.
    pub pool: Option<UserPool>,
    pub servers: Vec<ResourceServer>,
    pub clients: Vec<ClientSummary>,
    /// The clients with the wanted name or id, with all settings.
    pub namesakes: Vec<AppClient>,
    /// Those of them that certainly have no secret.
    pub public: Vec<ClientId>,
    /// The pool's domains.
    pub domains: Vec<Domain>,
    /// The visible owner of the wanted domain.
    pub domain_owner: Option<DomainOwner>,
}

impl Obstacle {
    fn new(about: &str, objection: Objection) -> Self {
        Self {
            kind: ObstacleKind::Refused,
            about: about.to_owned(),
            what: objection.what,
            way_out: objection.way_out,
        }
    }
}

impl std::fmt::Display for Obstacle {
    /// In one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} · {}", self.about, self.what, self.way_out)
    }
}

impl From<&UserPool> for Target {
    fn from(pool: &UserPool) -> Self {
        Self {
            id: Some(pool.id.clone()),
            name: pool.name.clone(),
        }
    }
}

impl DesiredPool {
    /// Those of `pools` that match.
    #[must_use]
    pub fn candidates<'a>(&self, pools: &'a [PoolSummary]) -> Vec<&'a PoolSummary> {
        let named = |name: &str| pools.iter().filter(|pool| pool.name == name).collect();
        match self {
            Self::This(id) => pools.iter().filter(|pool| pool.id == *id).collect(),
            Self::Find(text) => {
                lookup::meant(text, pools, |pool| pool.id.as_str(), |pool| &pool.name)
            }
            Self::Create(new) => named(&new.name),
        }
    }
}

impl CurrentState {
    /// The clients that a name means: the one with this id, or all with this name.
    #[must_use]
    pub fn namesakes_of(&self, name: &str) -> Vec<&ClientSummary> {
        let all = |fits: &dyn Fn(&ClientSummary) -> bool| {
            self.clients.iter().filter(|client| fits(client)).collect()
        };
        let found: Vec<_> = all(&|client| client.id.as_str() == name);
        if found.is_empty() {
            all(&|client| client.name == name)
        } else {
            found
        }
    }
}

impl Plan {
    /// A plan without steps.
    #[must_use]
    pub fn of(pool: Target) -> Self {
        Self {
            pool,
            steps: Vec::new(),
            obstacles: Vec::new(),
            warnings: Vec::new(),
            resumed: false,
            namesakes: Vec::new(),
        }
    }

    /// The remaining plan after the first `through` steps, in the pool if created by then. `left` is the rest of its first step, if
    /// known.
    #[must_use]
    pub fn rest(&self, through: usize, made: Option<&PoolId>, left: Option<&Step>) -> Self {
        let mut rest = self.clone();
        rest.steps.drain(..through.min(self.steps.len()));
        if let (Some(first), Some(left)) = (rest.steps.first_mut(), left) {
            first.clone_from(left);
        }
        rest.pool.id = rest.pool.id.or_else(|| made.cloned());
        rest.resumed = true;
        rest
    }

    /// Whether this is `whole` or the rest of it. The rest of a step is another step for the same resource.
    #[must_use]
    pub fn is_rest_of(&self, whole: &Self) -> bool {
        if self == whole {
            return true;
        }
        let from = whole.steps.len().checked_sub(self.steps.len());
        let of = from.and_then(|from| whole.steps.get(from..));
        match (of, self.steps.as_slice()) {
            (Some([of, after @ ..]), [first, rest @ ..]) => {
                self.resumed && after == rest && (of == first || of.is_about_that_of(first))
            }
            _ => false,
        }
    }

    /// The steps that change something.
    pub fn to_do(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| !step.is_done())
    }

    /// Whether there is nothing to do and no obstacle.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.obstacles.is_empty() && self.to_do().next().is_none()
    }

    /// The name to type before the plan deletes something or turns deletion protection off: that of its largest resource. `None` if it
    /// does neither.
    #[must_use]
    pub fn name_to_type(&self) -> Option<&str> {
        let rank = |step: &Step| match step {
            Step::DeletePool { .. } | Step::SetDeletionProtection { on: false, .. } => 4,
            Step::DeleteClient { .. } => 3,
            Step::DeleteDomain { .. } => 2,
            Step::DeleteServer { .. } => 1,
            Step::MoveSecret { .. } if step.is_dangerous() => 1,
            _ => 0,
        };
        let largest = self
            .to_do()
            .filter(|step| rank(step) > 0)
            .max_by_key(|step| rank(step));
        match largest? {
            Step::DeletePool { name, .. } | Step::DeleteClient { name, .. } => Some(name),
            Step::SetDeletionProtection { seen, .. } => Some(&seen.name),
            Step::DeleteDomain { domain, .. } => Some(&domain.name),
            Step::DeleteServer { server, .. } => Some(&server.identifier),
            Step::MoveSecret { client, .. } => Some(&client.settings.name),
            _ => None,
        }
    }

    /// The app client that the plan found, changed or not.
    #[must_use]
    pub fn client_found(&self) -> Option<&ClientId> {
        self.steps.iter().find_map(|step| match step {
            Step::There(Existing::Client { id, .. }) | Step::RotateManaged { id, .. } => Some(id),
            Step::UpdateClient { before, .. } => Some(&before.id),
            Step::MoveSecret { client, .. } => Some(&client.id),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
