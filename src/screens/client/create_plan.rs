//! The plan of a form for a new app client, from the current state.

use std::rc::Rc;

use crate::app::message::Query;
use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::cognito::Error;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::{NewClient, Problem};
use crate::domain::plan::{self, CurrentState, DesiredPool, DesiredState, Existing, Plan, Step};
use crate::domain::resource_server::ResourceServer;
use crate::domain::secret::{SecretState, UnknownSecret};
use crate::screens::client::create::MACHINE_AUTH;
use crate::screens::shared::memo::Memo;

/// The client that a form describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientDraft {
    pub client: NewClient,
    /// The resource server that it needs, as TEAM's preset does.
    pub server: Option<ResourceServer>,
}

/// The plan and its problems.
pub type DraftPlan = (Plan, Vec<Problem>);

/// Whether the current state is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadState {
    UnderWay,
    Over,
    /// It failed, or its refresh did.
    Failed,
}

/// The current state of the pool, and the plan from it.
pub struct DraftPlanner {
    pool: PoolId,
    /// The client that has the preset's name. Its settings tell whether it matches the preset.
    namesake: Option<ClientId>,
    /// Keyed by Store version.
    named: Memo<u64, Option<ClientId>>,
    /// The current state, keyed by Store version and that client.
    found: Memo<(u64, Option<ClientId>), Option<CurrentState>>,
    /// The plan, with the same key.
    plan: Memo<(u64, Option<ClientId>, Option<ClientDraft>), Option<DraftPlan>>,
}

impl DraftPlanner {
    pub fn new(pool: PoolId) -> Self {
        Self {
            pool,
            namesake: None,
            named: Memo::default(),
            found: Memo::default(),
            plan: Memo::default(),
        }
    }

    pub fn needs(&self) -> Vec<Query> {
        let namesake = self.namesake.clone();
        let namesake = namesake.into_iter().flat_map(|client| {
            let secrets = Query::Secrets(self.pool.clone(), client.clone());
            [Query::Client(self.pool.clone(), client), secrets]
        });
        self.lists().into_iter().chain(namesake).collect()
    }

    /// Finds the client with the preset's name, once the list is complete.
    pub fn look_for_namesake(&mut self, is_preset: bool, view: &View) {
        let named = self.named.of(view.store.version(), || {
            let mut listed = view.store.clients(&self.pool).complete().ok()?.iter();
            let there = listed.find(|client| client.name == MACHINE_AUTH)?;
            Some(there.id.clone())
        });
        self.namesake = named.as_ref().clone().filter(|_| is_preset);
    }

    /// The current state, once both lists are complete. A plan from half a list would create resources twice.
    fn found(&self, view: &View) -> Rc<Option<CurrentState>> {
        let of = (view.store.version(), self.namesake.clone());
        self.found.of(of, || {
            if self.state(view) != LoadState::Over {
                return None;
            }
            let namesake = self.settings(view).value();
            let public = namesake.filter(|client| view.store.secret_state(client).is_public());
            Some(CurrentState {
                public: public.into_iter().map(|client| client.id.clone()).collect(),
                pool: view.store.pool(&self.pool).value().cloned(),
                servers: view.store.servers(&self.pool).complete().ok()?.to_vec(),
                clients: view.store.clients(&self.pool).complete().ok()?.to_vec(),
                namesakes: namesake.into_iter().cloned().collect(),
                ..CurrentState::default()
            })
        })
    }

    /// Whether the current state is loaded since the form was opened.
    pub fn state(&self, view: &View) -> LoadState {
        let store = view.store;
        let lists = self.lists();
        if lists.iter().all(|query| store.is_current(query)) {
            LoadState::Over
        } else if lists.iter().any(|query| store.is_awaited(query)) {
            LoadState::UnderWay
        } else {
            LoadState::Failed
        }
    }

    fn lists(&self) -> [Query; 3] {
        [
            Query::ResourceServers(self.pool.clone()),
            Query::Clients(self.pool.clone()),
            Query::Pool(self.pool.clone()),
        ]
    }

    /// Why the current state is unknown.
    pub fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        let store = view.store;
        let servers = store.servers(&self.pool).error();
        servers
            .or(store.clients(&self.pool).error())
            .or(store.pool(&self.pool).error())
    }

    /// The settings of the client that has the preset's name.
    fn settings<'a>(&self, view: &View<'a>) -> &'a Load<AppClient> {
        match &self.namesake {
            Some(id) => view.store.client(&self.pool, id),
            None => &Load::Missing,
        }
    }

    /// Whether data for the plan is loading.
    pub fn is_reading(&self, view: &View) -> bool {
        self.is_reading_namesake(view) || self.found(view).is_none()
    }

    fn is_reading_namesake(&self, view: &View) -> bool {
        let denied = view.store.is_denied(&self.pool, DetailKind::Client);
        let load = self.settings(view);
        let reading = match load.value() {
            Some(client) => {
                let state = view.store.secret_state(client);
                state == SecretState::Unknown(UnknownSecret::NotRead)
            }
            None => load.error().is_none(),
        };
        self.namesake.is_some() && !denied && reading
    }

    /// The plan for the described client; `None` until its data is loaded.
    pub fn plan(&self, described: Option<ClientDraft>, view: &View) -> Rc<Option<DraftPlan>> {
        let version = view.store.version();
        let of = (version, self.namesake.clone(), described.clone());
        self.plan.of(of, || self.planned(described?, view))
    }

    fn planned(&self, described: ClientDraft, view: &View) -> Option<DraftPlan> {
        let found = self.found(view);
        let found = found.as_ref().as_ref()?;
        found.pool.as_ref()?;
        if self.is_reading_namesake(view) {
            return None;
        }
        let ClientDraft { client, server } = described;
        // A second client of TEAM's name would confuse scripts that find it by name. Custom names may repeat.
        let there = found.namesakes_of(&client.name).first().copied().cloned();
        let there = there.filter(|_| server.is_some());
        // If it cannot be read, only its existence is known.
        let unread = there.is_some() && found.namesakes.is_empty();
        let wanted = DesiredState {
            pool: DesiredPool::This(self.pool.clone()),
            servers: server.into_iter().collect(),
            client: (!unread).then(|| client.clone()),
            domain: None,
        };
        let mut plan = plan::set_up(&wanted, found);
        let Some(there) = there else {
            let mut servers = found.servers.clone();
            servers.extend(wanted.servers.iter().cloned());
            return Some((plan, client.problems(&servers, &found.clients)));
        };
        if unread {
            plan.steps.push(Step::There(Existing::Client {
                id: there.id,
                name: there.name,
            }));
        }
        Some((plan, Vec::new()))
    }
}
