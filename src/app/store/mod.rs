//! All data of this session, keyed by query.

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
    /// Where the pool's tokens are asked for; `None` where it has no domain.
    ///
    /// # Errors
    /// The pool is not read.
    pub fn token_endpoint(&self, pool: &PoolId) -> Result<Option<&str>, NotLoaded<'_>> {
        let kept = self.loads.pool.get(pool);
        let endpoint = kept.and_then(Pool::token_endpoint);
        self.pool(pool).known().map(|_| endpoint)
    }

    /// A pool's name where the list has it, else its id.
    pub fn pool_name(&self, pool: &PoolId) -> String {
        let listed = self.pools().partial().iter().find(|p| p.id == *pool);
        listed
            .map(|p| p.name.clone())
            .or_else(|| self.pool(pool).value().map(|p| p.name.clone()))
            .unwrap_or_else(|| pool.to_string())
    }

    /// A client's name where it is known, else its id.
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

    /// The tokens of this session.
    pub fn tokens(&self) -> &SessionTokens {
        &self.tokens
    }

    pub(super) fn tokens_mut(&mut self) -> &mut SessionTokens {
        self.version += 1;
        &mut self.tokens
    }

    /// Grows with every write.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Grows with every refresh of details: what was known may have to be asked for again.
    pub fn refreshes(&self) -> u64 {
        self.refreshes
    }

    /// Whether this kind of call was denied in this pool.
    pub fn is_denied(&self, pool: &PoolId, detail: DetailKind) -> bool {
        self.denied.contains(&(pool.clone(), detail))
    }

    /// Whether an answer to `query` is on its way.
    pub fn is_in_flight(&self, query: &Query) -> bool {
        self.asked.contains_key(query)
    }

    /// The queries whose answers are on their way.
    pub fn in_flight(&self) -> impl Iterator<Item = &Query> {
        self.asked.keys()
    }

    /// Whether `query` needs a request: it had none yet, or its answer is out of date.
    pub fn wants(&self, query: &Query) -> bool {
        self.outdated.contains(query) || self.state(query) == LoadState::Missing
    }

    /// Whether there is something of an answer to `query`, however old.
    pub fn has_value(&self, query: &Query) -> bool {
        self.state(query).has_value()
    }

    /// Whether the last answer to `query` did not come, and there is nothing to show for it, or not all of it.
    pub fn has_failed(&self, query: &Query) -> bool {
        self.state(query).has_failed()
    }

    /// Marks `query` as asked; its answer must carry the id returned.
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

    /// Whether an answer to `query` is on its way, or to be asked for.
    pub fn is_awaited(&self, query: &Query) -> bool {
        self.wants(query) || self.is_in_flight(query)
    }

    /// Whether what there is of `query` is all that is known and nothing older than when it was last asked for.
    pub fn is_current(&self, query: &Query) -> bool {
        !self.is_awaited(query) && self.state(query) == LoadState::Ready
    }

    /// Whether what there is of `query` is old and stays so: its last reading failed, and none is to come.
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

    /// Cancels a query whose answer no screen needs now. The data that arrived is old or incomplete, so the next screen requests it again.
    pub fn cancel(&mut self, query: &Query) {
        self.version += 1;
        self.refreshes += 1;
        self.asked.remove(query);
        self.outdated.insert(query.clone());
        self.loads.slot(query).cancel();
    }

    /// Files a piece of an answer; one of an earlier run is dropped. True where it was filed.
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
        // A copy of what there are thousands of: what a task has parsed lies scattered among what it threw away, and the gaps would
        // weigh as much as the clients.
        let data = if query.is_detail() {
            data.clone()
        } else {
            data
        };
        let filed = self.loads.file(query, data, last, at);
        // Before its last page a list is not whole, or still the one from before.
        if last && let Query::Clients(pool) = query {
            self.order_names(pool);
        }
        filed
    }

    /// Files a failure; one of an earlier run is dropped. True where it was filed.
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
