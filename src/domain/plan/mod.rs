//! Plans: everything that is about to be written to Cognito, step by step, before any of it is.
//!
//! A plan is made of what is wanted and of what was found, and by nothing else: making it reads nothing and writes nothing. Made
//! again after it was carried out it finds nothing left to do, and made again after it broke off it goes on from there.
//!
//! # What a set-up puts right
//!
//! - What does not exist is made. What exists and fits is shown as there already.
//! - A resource server gets the scopes it lacks. It keeps its name, its other scopes and every description.
//! - An app client of the wanted name is repaired. `AllowedOAuthFlowsUserPoolClient` and, where the set-up states them,
//!   `AllowedOAuthFlows` and `ExplicitAuthFlows` become exactly what is wanted. Scopes, callback URLs, logout URLs and identity
//!   providers are wanted *at least*: what is missing is added, the rest stays. Lifetimes, session, revocation and
//!   `PreventUserExistenceErrors` are put right only where the set-up states them. Every other setting stays as it is.
//! - Cognito checks the scopes of a client again at every update, so that an update leaves out those that no resource server defines any
//!   more, and OpenID scopes where the client is one for `client_credentials`. For their sake alone nothing is updated.
//! - A user pool's own settings are never changed by a set-up.

mod apply;
mod cli;
mod command;
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
pub use destroy::{DestroyScope, take_down};
pub use edit::{
    add_domain, delete_client, delete_domain, delete_pool, delete_server, edit_client, edit_domain,
    edit_server, holders_of, move_secret, protect, prune, rotate_managed,
};
pub use interrupted::InterruptedPlan;
pub use matches::{Overwritten, ReadBack, ResourceRef};
pub use step::{CliContext, Detail, Existing, ScopeHolder, Step};

use super::client::{AppClient, ClientSummary};
use super::ids::{ClientId, PoolId};
use super::new_client::NewClient;
use super::pool::{Domain, DomainOwner, NewDomain, NewPool, PoolSummary, UserPool};
use super::resource_server::ResourceServer;
use crate::domain::lookup;

/// Steps in the order in which they must be done, those that are done already among them, so that a person sees the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The user pool that all steps are about.
    pub pool: Target,
    pub steps: Vec<Step>,
    /// What stands in the way. A plan with obstacles must not be carried out.
    pub obstacles: Vec<Obstacle>,
    /// What does not stand in the way, but should be known before: a quota that is nearly used up.
    pub warnings: Vec<String>,
    /// It goes on where another broke off: its first step may be done, and only the answer lost.
    pub resumed: bool,
    /// The app clients of the name of the one that is made which were there when this was planned.
    pub namesakes: Vec<ClientId>,
}

/// The user pool of a [`Plan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `None` while the pool is yet to be made by a [`Step::CreatePool`], or could not be found, which is an obstacle.
    pub id: Option<PoolId>,
    pub name: String,
}

/// Why a plan can't be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The thing it is about, such as `App client machine_auth`.
    pub about: String,
    pub what: String,
    pub way_out: String,
}

/// What a set-up is to lead to: a preset with its answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DesiredState {
    pub pool: DesiredPool,
    pub servers: Vec<ResourceServer>,
    /// Its name may also be the id of a client that is there: then it is that one that is repaired, whatever its name.
    pub client: Option<NewClient>,
    pub domain: Option<NewDomain>,
}

/// The user pool that a set-up is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DesiredPool {
    /// This one.
    This(PoolId),
    /// The only one of this id or this name, or with this in its name.
    Find(String),
    /// The only one of this name, which is made where there is none.
    Create(NewPool),
}

/// What there is: whole lists, or things would be made twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentState {
    /// The pools that the wanted pool's name fits, where it was looked for by name.
    pub candidates: Vec<PoolSummary>,
    /// The one pool that is meant.
    pub pool: Option<UserPool>,
    pub servers: Vec<ResourceServer>,
    pub clients: Vec<ClientSummary>,
    /// The clients of the wanted name (or the one of the wanted id), with all their settings.
    pub namesakes: Vec<AppClient>,
    /// Those of them that are proven to have no secret.
    pub public: Vec<ClientId>,
    /// The pool's domains.
    pub domains: Vec<Domain>,
    /// Who has the wanted domain, as far as can be seen.
    pub domain_owner: Option<DomainOwner>,
}

impl Obstacle {
    /// A refusal whose words are the reason up to the last colon, and the way out after it.
    fn refused(about: &str, words: &str) -> Self {
        let (what, way_out) = words.rsplit_once(": ").unwrap_or((words, ""));
        Self {
            about: about.to_owned(),
            what: what.to_owned(),
            way_out: way_out.to_owned(),
        }
    }
}

impl std::fmt::Display for Obstacle {
    /// In one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.about, self.what)?;
        if self.way_out.is_empty() {
            return Ok(());
        }
        write!(f, " · {}", self.way_out)
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
    /// Those of `pools` that can be meant.
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
    /// The clients that a wanted name means: the one of this id, or else all of this name.
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
    /// A plan without steps yet.
    fn of(pool: Target) -> Self {
        Self {
            pool,
            steps: Vec::new(),
            obstacles: Vec::new(),
            warnings: Vec::new(),
            resumed: false,
            namesakes: Vec::new(),
        }
    }

    /// The steps that are left where the first `through` are over, in this pool where it was made by then. Of the first of them only
    /// this is `left`, where that is known.
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

    /// Whether this is what was left of `whole`, or `whole` itself. What is left of a step is another one about the same thing.
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

    /// Whether everything is there already and nothing stands in the way.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.obstacles.is_empty() && self.to_do().next().is_none()
    }

    /// What a person types before the plan takes away what can't be had back, or what keeps a pool from being deleted: the name of the
    /// largest thing that it is about. `None` where it does neither.
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

    /// The app client that the plan found there, changed or not.
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
