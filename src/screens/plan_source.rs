//! Where a plan comes from: it is handed over as it is, or it is made of what is wanted and what is read.

use crate::app::load::Load;
use crate::app::message::{Aim, Change, Effect, Query, Route};
use crate::app::screen::View;
use crate::app::store::Detail;
use crate::cognito::Error;
use crate::domain::client::AppClient;
use crate::domain::ids::PoolId;
use crate::domain::plan::{self, Found, Plan, WantedPool};
use crate::domain::pool::PoolSummary;

/// Where a plan comes from.
pub enum Source {
    /// It is made already.
    Change(Change),
    /// It is to be made.
    Aim {
        aim: Box<Aim>,
        /// As it was when the screen was opened.
        route: Box<Aim>,
    },
}

/// What there is of a plan.
pub enum Made {
    Reading,
    Failed(Error),
    /// Several user pools can be meant.
    Choice(Vec<PoolSummary>),
    Plan(Box<Plan>),
}

/// Says which of several pools is meant.
pub fn take_pool(aim: &mut Aim, pool: &PoolId) {
    aim.wanted.pool = WantedPool::This(pool.clone());
}

impl Source {
    pub fn aim(aim: &Aim) -> Self {
        Self::Aim {
            aim: Box::new(aim.clone()),
            route: Box::new(aim.clone()),
        }
    }

    /// The plan, where it is made already.
    pub fn fixed(&self) -> Option<Plan> {
        match self {
            Self::Change(change) => Some(change.plan.clone()),
            Self::Aim { .. } => None,
        }
    }

    /// The route of the screen, where a result can take its place.
    pub fn route(&self) -> Option<Route> {
        match self {
            Self::Change(_) => None,
            Self::Aim { route, .. } => Some(Route::Aim(route.clone())),
        }
    }

    /// What closes the screen where `plan`, which was carried out, is the rest of the one it was opened with: the app closes it by that one.
    pub fn close_of_rest(&self, plan: &Plan) -> Option<Effect> {
        match self {
            Self::Change(change) if change.plan != *plan => Some(Effect::Instead {
                of: Route::Confirm(change.clone()),
                go: Vec::new(),
            }),
            _ => None,
        }
    }

    pub fn is_popup(&self) -> bool {
        matches!(self, Self::Change(_))
    }

    /// Whether it leads to something that is set up.
    pub fn is_set_up(&self) -> bool {
        matches!(self, Self::Aim { aim, .. } if !aim.take_down)
    }

    /// Whether the user began in the pool.
    pub fn within(&self) -> bool {
        matches!(self, Self::Aim { aim, .. } if aim.within.is_some())
    }

    /// From setting up to taking down, and back.
    pub fn turn(&mut self) {
        if let Self::Aim { aim, .. } = self {
            aim.take_down = !aim.take_down;
        }
    }

    /// The word in the breadcrumb.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Change(_) => "confirm",
            Self::Aim { aim, .. } if aim.take_down => "take down",
            Self::Aim { .. } => "plan",
        }
    }

    pub fn title(&self, deletes: bool) -> String {
        match self {
            Self::Change(_) if deletes => "Delete from Cognito?".to_owned(),
            Self::Change(_) => "Write to Cognito?".to_owned(),
            Self::Aim { aim, .. } if aim.take_down => "Take down".to_owned(),
            Self::Aim { .. } => "Set up".to_owned(),
        }
    }

    pub fn needs(&self) -> Vec<Query> {
        match self {
            Self::Change(_) => Vec::new(),
            Self::Aim { aim, .. } => vec![Query::Found(Box::new(aim.wanted.clone()))],
        }
    }

    /// The settings of the clients that may hold what goes.
    pub fn details(&self, view: &View, room: usize) -> Vec<Query> {
        let Self::Aim { aim, .. } = self else {
            return Vec::new();
        };
        let Some(found) = view.store.found(&aim.wanted).value() else {
            return Vec::new();
        };
        let clients = details_of(aim, found).into_iter();
        clients
            .filter(|query| view.store.wants(query) && !view.store.is_in_flight(query))
            .filter(|query| {
                let pool = query.detail_of();
                pool.is_some_and(|pool| !view.store.is_denied(pool, Detail::Client))
            })
            .take(room)
            .collect()
    }

    /// The plan as far as it can be made of what is read.
    pub fn made(&self, view: &View) -> Made {
        let aim = match self {
            Self::Change(change) => return Made::Plan(Box::new(change.plan.clone())),
            Self::Aim { aim, .. } => aim,
        };
        let found = match view.store.found(&aim.wanted) {
            Load::Ready(found) => found,
            Load::Failed(error) => return Made::Failed(error.as_ref().clone()),
            _ => return Made::Reading,
        };
        if found.pool.is_none() && found.candidates.len() > 1 {
            return Made::Choice(found.candidates.clone());
        }
        if !aim.take_down {
            return Made::Plan(Box::new(plan::set_up(&aim.wanted, found)));
        }
        let (mut others, mut unread) = (Vec::new(), 0);
        for query in details_of(aim, found) {
            let Query::Client(pool, client) = &query else {
                continue;
            };
            match view.store.client(pool, client) {
                Load::Ready(client) => others.push(AppClient::clone(client)),
                Load::Failed(_) => unread += 1,
                _ if view.store.is_denied(pool, Detail::Client) => unread += 1,
                _ => return Made::Reading,
            }
        }
        let mut plan = plan::take_down(&aim.wanted, found, &others);
        if unread > 0 {
            plan.warnings.push(format!(
                "{unread} app clients could not be read: they may hold the scopes that go"
            ));
        }
        Made::Plan(Box::new(plan))
    }
}

fn details_of(aim: &Aim, found: &Found) -> Vec<Query> {
    let Some(pool) = found.pool.as_ref().filter(|_| aim.take_down) else {
        return Vec::new();
    };
    if aim.wanted.servers.is_empty() {
        return Vec::new();
    }
    let clients = found.clients.iter();
    clients
        .map(|client| Query::Client(pool.id.clone(), client.id.clone()))
        .collect()
}
