//! All data of this session, by query.

mod clients;
mod one_shot;
mod private_values;
mod read_all;
mod requests;
mod rotations;
pub mod tokens;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Deref;

use super::query::slot::Pool;
use super::query::{Loads, Query, QueryResult, RequestId};
use crate::app::query::load::{LoadState, NotLoaded};
pub use crate::app::store::read_all::ReadAll;
pub use crate::app::store::requests::{Request, RunningChange};
use crate::app::store::tokens::SessionTokens;
use crate::cognito::Error;
use crate::domain::doctor::NameIndex;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::rotation::RotationProgress;
use crate::domain::time::Timestamp;

/// What is known. Screens read it; only [`Store::file`] and its neighbours write it.
#[derive(Default)]
pub struct Store {
    loads: Loads,
    /// Of each list that was read to its end.
    client_names: HashMap<PoolId, NameIndex>,
    rotations: HashMap<(PoolId, ClientId), RotationProgress>,
    /// The queries whose answers are on their way, each with the id that its answer must carry.
    asked: HashMap<Query, RequestId>,
    requests: BTreeMap<RequestId, Request>,
    last_id: RequestId,
    /// Known, but to be asked again when next in need.
    outdated: HashSet<Query>,
    /// Grows with every write, so that a screen can tell whether what it derived is still true.
    version: u64,
    refreshes: u64,
    /// What the user said about reading all clients of a pool.
    read_all: HashMap<PoolId, ReadAll>,
    /// The kinds of detail call that were denied in a pool: there is no point in asking for the next client's.
    denied: HashSet<(PoolId, DetailKind)>,
    tokens: SessionTokens,
}

/// The two per-client calls behind a list's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DetailKind {
    Client,
    Secrets,
}

impl DetailKind {
    fn query(self, pool: &PoolId, client: &ClientId) -> Query {
        let (pool, client) = (pool.clone(), client.clone());
        match self {
            Self::Client => Query::Client(pool, client),
            Self::Secrets => Query::Secrets(pool, client),
        }
    }
}

/// Screens read each query's load by its accessor, such as `store.clients(pool)`.
impl Deref for Store {
    type Target = Loads;

    fn deref(&self) -> &Loads {
        &self.loads
    }
}

impl Store {
    /// Returns the pool's token endpoint; `None` if it has no domain.
    ///
    /// # Errors
    /// The pool is not loaded.
    pub fn token_endpoint(&self, pool: &PoolId) -> Result<Option<&str>, NotLoaded<'_>> {
        let kept = self.loads.pool.get(pool);
        let endpoint = kept.and_then(Pool::token_endpoint);
        self.pool(pool).known().map(|_| endpoint)
    }

    /// Returns a pool's name if it is listed, else its id.
    pub fn pool_name(&self, pool: &PoolId) -> String {
        let listed = self.pools().partial().iter().find(|p| p.id == *pool);
        listed
            .map(|p| p.name.clone())
            .or_else(|| self.pool(pool).value().map(|p| p.name.clone()))
            .unwrap_or_else(|| pool.to_string())
    }

    /// Returns a client's name if known, else its id.
    pub fn client_name(&self, pool: &PoolId, client: &ClientId) -> String {
        let described = self
            .client(pool, client)
            .value()
            .map(|c| c.settings.name.clone());
        described
            .or_else(|| {
                let mut listed = self.clients(pool).partial().iter();
                Some(listed.find(|c| c.id == *client)?.name.clone())
            })
            .unwrap_or_else(|| client.to_string())
    }

    /// Returns the tokens of this session.
    pub fn tokens(&self) -> &SessionTokens {
        &self.tokens
    }

    pub(super) fn tokens_mut(&mut self) -> &mut SessionTokens {
        self.version += 1;
        &mut self.tokens
    }

    /// Increases with every write.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Increases with every refresh of details, after which known data may have to be requested again.
    pub fn refreshes(&self) -> u64 {
        self.refreshes
    }

    /// Returns whether this kind of call was denied in this pool.
    pub fn is_denied(&self, pool: &PoolId, detail: DetailKind) -> bool {
        self.denied.contains(&(pool.clone(), detail))
    }

    /// Returns whether `query` is running.
    pub fn is_in_flight(&self, query: &Query) -> bool {
        self.asked.contains_key(query)
    }

    /// Returns the running queries.
    pub fn in_flight(&self) -> impl Iterator<Item = &Query> {
        self.asked.keys()
    }

    /// Returns whether `query` needs a request: it was never sent, or its answer is out of date.
    pub fn wants(&self, query: &Query) -> bool {
        self.outdated.contains(query) || self.state(query) == LoadState::Missing
    }

    /// Returns whether there is data for `query`, however old.
    pub fn has_value(&self, query: &Query) -> bool {
        self.state(query).has_value()
    }

    /// Returns whether `query` failed last, and its data is missing or incomplete.
    pub fn has_failed(&self, query: &Query) -> bool {
        self.state(query).has_failed()
    }

    /// Marks `query` as running; its answer must carry the returned id.
    pub fn begin(&mut self, query: &Query) -> RequestId {
        self.version += 1;
        self.outdated.remove(query);
        self.loads.slot(query).begin();
        let id = self.next_id();
        self.asked.insert(query.clone(), id);
        id
    }

    fn next_id(&mut self) -> RequestId {
        self.last_id = self.last_id.wrapping_add(1);
        self.last_id
    }

    /// Returns whether `query` is running or needs a request.
    pub fn is_awaited(&self, query: &Query) -> bool {
        self.wants(query) || self.is_in_flight(query)
    }

    /// Returns whether the data of `query` is complete, and no older than its last request.
    pub fn is_current(&self, query: &Query) -> bool {
        !self.is_awaited(query) && self.state(query) == LoadState::Ready
    }

    /// Returns whether the data of `query` is stale and stays so: its last request failed, and no other follows.
    pub fn is_stale(&self, query: &Query) -> bool {
        self.state(query) == LoadState::Stale && !self.is_awaited(query)
    }

    /// Marks `query` as outdated, unless it is running.
    pub fn outdate(&mut self, query: Query) {
        if !self.is_in_flight(&query) {
            self.version += 1;
            self.outdated.insert(query);
        }
    }

    /// Repeats `query` if it failed.
    pub fn retry(&mut self, query: Query) {
        if self.has_failed(&query) {
            self.version += 1;
            self.outdated.insert(query);
        }
    }

    /// Cancels a query that no screen needs now. Its data is old or incomplete, so the next screen requests it again.
    pub fn cancel(&mut self, query: &Query) {
        self.version += 1;
        self.refreshes += 1;
        self.asked.remove(query);
        self.outdated.insert(query.clone());
        self.loads.slot(query).cancel();
    }

    /// Stores a piece of an answer, unless it belongs to an earlier run. Returns whether it was stored.
    pub fn file(
        &mut self,
        query: &Query,
        run: RequestId,
        data: QueryResult,
        last: bool,
        at: Timestamp,
    ) -> bool {
        if self.asked.get(query) != Some(&run) {
            return false;
        }
        self.version += 1;
        if last {
            self.asked.remove(query);
        }
        // Copies a detail, of which there are thousands: a parsed one is scattered among discarded data, and the gaps would take
        // as much memory as the clients.
        let data = if query.is_detail() {
            data.clone()
        } else {
            data
        };
        let filed = self.loads.file(query, data, last, at);
        // Before the last page, the list is incomplete, or still the old one.
        if last && let Query::Clients(pool) = query {
            self.order_names(pool);
        }
        filed
    }

    /// Stores a failure, unless it belongs to an earlier run. Returns whether it was stored.
    pub fn fail(&mut self, query: &Query, run: RequestId, error: Error) -> bool {
        if self.asked.get(query) != Some(&run) {
            return false;
        }
        self.version += 1;
        self.asked.remove(query);
        if error.is_access_denied() {
            match query {
                Query::Client(pool, _) => {
                    self.denied.insert((pool.clone(), DetailKind::Client));
                }
                Query::Secrets(pool, _) => {
                    self.denied.insert((pool.clone(), DetailKind::Secrets));
                }
                _ => {}
            }
        }
        self.loads.slot(query).fail(error);
        true
    }
}
