//! The source of a plan: fixed, or derived from the desired and the current state.

use std::rc::Rc;

use crate::app::message::{PlanRequest, Query, Route, SetupTarget};
use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::cognito::Error;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{self, CurrentState, DesiredPool, DestroyScope, Existing, Plan, Step};
use crate::domain::pool::PoolSummary;
use crate::screens::shared::memo::Memo;

/// The source of a plan.
pub enum PlanSource {
    /// A finished plan.
    Fixed(PlanRequest),
    /// Planned here.
    Derived {
        aim: Box<SetupTarget>,
        /// The target when the screen was opened.
        route: Box<SetupTarget>,
        /// Shared resources to remove.
        also: DestroyScope,
        /// Keyed by Store version, target and shared resources to remove.
        made: Memo<(u64, Box<SetupTarget>, DestroyScope), PlanState>,
        /// The details to query, keyed by Store version, target and limit.
        asks: Memo<(u64, Box<SetupTarget>, usize), Vec<Query>>,
    },
}

/// How far the plan is known.
#[derive(Clone)]
pub enum PlanState {
    Loading,
    Failed(Error),
    /// The refresh failed; a notice said why.
    Outdated,
    /// Several user pools match.
    Choice(Vec<PoolSummary>),
    Plan(Rc<Plan>),
}

/// Chooses one of several pools.
pub fn take_pool(aim: &mut SetupTarget, pool: &PoolId) {
    aim.desired.pool = DesiredPool::This(pool.clone());
}

impl PlanSource {
    pub fn for_setup(aim: &SetupTarget) -> Self {
        Self::Derived {
            aim: Box::new(aim.clone()),
            route: Box::new(aim.clone()),
            also: DestroyScope::default(),
            made: Memo::default(),
            asks: Memo::default(),
        }
    }

    /// The plan, if it is fixed.
    pub fn fixed(&self) -> Option<Rc<Plan>> {
        match self {
            Self::Fixed(change) => Some(Rc::new(change.plan.clone())),
            Self::Derived { .. } => None,
        }
    }

    /// The route of the screen, if a result can replace it.
    pub fn route(&self) -> Option<Route> {
        match self {
            Self::Fixed(_) => None,
            Self::Derived { route, .. } => Some(Route::SetupPlan(route.clone())),
        }
    }

    pub fn is_popup(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// Whether it is a set-up.
    pub fn is_set_up(&self) -> bool {
        matches!(self, Self::Derived { aim, .. } if !aim.take_down)
    }

    /// Whether the user started in the pool.
    pub fn within(&self) -> bool {
        matches!(self, Self::Derived { aim, .. } if aim.within.is_some())
    }

    /// Switches between set up and take down.
    pub fn turn(&mut self) {
        if let Self::Derived { aim, also, .. } = self {
            aim.take_down = !aim.take_down;
            *also = DestroyScope::default();
        }
    }

    /// Whether the user chose to remove the shared resource of the step; `None` if it is not shared.
    pub fn is_asked_for(&self, step: &Step) -> Option<bool> {
        let Self::Derived { also, .. } = self else {
            return None;
        };
        let mut also = *also;
        let asked = *which(&mut also, step)?;
        (asked || matches!(step, Step::Kept { .. })).then_some(asked)
    }

    /// Toggles the removal of the shared resource of the step.
    pub fn ask_for(&mut self, step: &Step) {
        if let Self::Derived { also, .. } = self
            && let Some(asked) = which(also, step)
        {
            *asked = !*asked;
        }
    }

    /// The word in the breadcrumb.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Fixed(_) => "confirm",
            Self::Derived { aim, .. } if aim.take_down => "take down",
            Self::Derived { .. } => "plan",
        }
    }

    /// The title of the dialog; `deletion` is the sentence of a step that deletes.
    pub fn title(&self, deletion: Option<String>) -> String {
        match self {
            Self::Fixed(_) => deletion.map_or_else(
                || "Apply this plan?".to_owned(),
                |sentence| format!("{sentence}?"),
            ),
            Self::Derived { aim, .. } if aim.take_down => "Take down".to_owned(),
            Self::Derived { .. } => "Set up".to_owned(),
        }
    }

    pub fn needs(&self) -> Vec<Query> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Derived { aim, .. } => vec![Query::CurrentState(Box::new(aim.desired.clone()))],
        }
    }

    /// The settings of clients that may hold scopes that are removed.
    pub fn details(&self, view: &View, room: usize) -> Vec<Query> {
        let Self::Derived { aim, asks, .. } = self else {
            return Vec::new();
        };
        let of = (view.store.version(), aim.clone(), room);
        asks.of(of, || asks_of(aim, view, room)).to_vec()
    }

    /// The plan from the known current state.
    pub fn state(&self, view: &View) -> PlanState {
        match self {
            Self::Fixed(change) => PlanState::Plan(Rc::new(change.plan.clone())),
            Self::Derived {
                aim, also, made, ..
            } => {
                let of = (view.store.version(), aim.clone(), *also);
                PlanState::clone(&made.of(of, || made_of(aim, *also, view)))
            }
        }
    }
}

/// The plan to the target from the known current state.
fn made_of(aim: &SetupTarget, also: DestroyScope, view: &View) -> PlanState {
    let load = view.store.current_state(&aim.desired);
    let found = match load {
        Load::Ready(found) => found,
        Load::Failed(error) => return PlanState::Failed(error.as_ref().clone()),
        _ => {
            let query = Query::CurrentState(Box::new(aim.desired.clone()));
            // Stale data may have changed since, so it is not planned on.
            return if load.value().is_some() && !view.store.is_awaited(&query) {
                PlanState::Outdated
            } else {
                PlanState::Loading
            };
        }
    };
    if found.pool.is_none() && found.candidates.len() > 1 {
        return PlanState::Choice(found.candidates.clone());
    }
    if !aim.take_down {
        return PlanState::Plan(Rc::new(plan::set_up(&aim.desired, found)));
    }
    let (mut others, mut unread) = (Vec::new(), 0);
    for (pool, client) in holders_of(aim, found) {
        match view.store.client(pool, client) {
            Load::Ready(client) => others.push(AppClient::clone(client)),
            Load::Failed(_) => unread += 1,
            _ if view.store.is_denied(pool, DetailKind::Client) => unread += 1,
            _ if view
                .store
                .is_awaited(&Query::Client(pool.clone(), client.clone())) =>
            {
                return PlanState::Loading;
            }
            // The refresh failed: the client may hold the scopes by now.
            _ => unread += 1,
        }
    }
    let mut plan = plan::take_down(&aim.desired, found, &others, also);
    if unread > 0 {
        plan.warnings.push(format!(
            "{unread} app clients could not be read: they may hold removed scopes"
        ));
    }
    PlanState::Plan(Rc::new(plan))
}

/// The flag of the shared resource of a take-down step.
fn which<'a>(also: &'a mut DestroyScope, step: &Step) -> Option<&'a mut bool> {
    Some(match step {
        Step::Kept { thing, .. } => match thing {
            Existing::Pool { .. } => &mut also.pool,
            Existing::Domain { .. } => &mut also.domain,
            Existing::Server { .. } => &mut also.scopes,
            Existing::Client { .. } => return None,
        },
        Step::DeletePool { .. } => &mut also.pool,
        Step::DeleteDomain { .. } => &mut also.domain,
        Step::DeleteServer { .. } | Step::UpdateServer { .. } => &mut also.scopes,
        _ => return None,
    })
}

/// The clients that may hold removed scopes.
fn holders_of<'a>(
    aim: &SetupTarget,
    found: &'a CurrentState,
) -> impl Iterator<Item = (&'a PoolId, &'a ClientId)> + use<'a> {
    let concerned = aim.take_down && !aim.desired.servers.is_empty();
    let pool = found.pool.as_ref().filter(|_| concerned);
    let clients = pool.map(|pool| found.clients.iter().map(|client| (&pool.id, &client.id)));
    clients.into_iter().flatten()
}

/// Their missing details.
fn asks_of(aim: &SetupTarget, view: &View, room: usize) -> Vec<Query> {
    let store = view.store;
    let Some(found) = store.current_state(&aim.desired).value() else {
        return Vec::new();
    };
    holders_of(aim, found)
        .filter(|(pool, client)| !store.is_fresh(pool, client, DetailKind::Client))
        .filter(|(pool, _)| !store.is_denied(pool, DetailKind::Client))
        .map(|(pool, client)| Query::Client(pool.clone(), client.clone()))
        .filter(|query| store.wants(query) && !store.is_in_flight(query))
        .take(room)
        .collect()
}
