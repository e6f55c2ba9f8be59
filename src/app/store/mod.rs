//! Everything this session has seen of Cognito, each thing filed under the query it answers.

mod changes;
mod clients;
pub mod load;
mod one_shot;
mod other_sources;
mod private_values;
mod rotations;
pub mod tokens;

use std::collections::{HashMap, HashSet};

use super::message::{Query, QueryResult, RequestId};
pub use crate::app::store::changes::RunningChange;
use crate::app::store::load::{Load, NotLoaded, PagedList};
use crate::app::store::tokens::SessionTokens;
use crate::cognito::{Error, Identity};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::doctor::NameIndex;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::api_call::GraphApi;
use crate::domain::plan::{CurrentState, DesiredState};
use crate::domain::pool::{DnsRecord, Domain, DomainOwner, PoolSummary, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::rotation::RotationProgress;
use crate::domain::secret::{ManagedSecret, SecretDescriptor};
use crate::domain::time::Timestamp;

/// What is known. Screens read it; only [`Store::file`] and its neighbours write it.
#[derive(Default)]
pub struct Store {
    identity: Load<Identity>,
    pools: Load<PagedList<PoolSummary>>,
    pool: HashMap<PoolId, Load<UserPool>>,
    token_endpoints: HashMap<PoolId, String>,
    domains: HashMap<PoolId, Load<Vec<Domain>>>,
    servers: HashMap<PoolId, Load<PagedList<ResourceServer>>>,
    clients: HashMap<PoolId, Load<PagedList<ClientSummary>>>,
    /// Of each list that was read to its end.
    client_names: HashMap<PoolId, NameIndex>,
    /// In boxes, because a map of thousands keeps room for as many again.
    client: HashMap<PoolId, HashMap<ClientId, Box<Load<AppClient>>>>,
    secrets: HashMap<PoolId, HashMap<ClientId, Load<Vec<SecretDescriptor>>>>,
    rotations: HashMap<(PoolId, ClientId), RotationProgress>,
    /// The clients of which a step of a rotation is under way.
    stepping: HashSet<(PoolId, ClientId)>,
    writes: Vec<RunningChange>,
    records: HashMap<(PoolId, String), Load<DnsRecord>>,
    managed: HashMap<(PoolId, String), Load<ManagedSecret>>,
    found: HashMap<Box<DesiredState>, Load<Box<CurrentState>>>,
    owners: HashMap<String, Load<Option<DomainOwner>>>,
    graph_apis: Load<Vec<GraphApi>>,
    incoming_pools: Vec<PoolSummary>,
    incoming_servers: HashMap<PoolId, Vec<ResourceServer>>,
    incoming_clients: HashMap<PoolId, Vec<ClientSummary>>,
    /// The questions whose answers are on their way, each with the number its answer must carry.
    asked: HashMap<Query, RequestId>,
    last_run: RequestId,
    /// Known, but to be asked again when next in need.
    outdated: HashSet<Query>,
    /// Grows with every write, so that a screen can tell whether what it derived is still true.
    version: u64,
    refreshes: u64,
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

macro_rules! each_load {
    ($store:expr, $query:expr, $load:ident => $body:expr) => {
        match $query {
            Query::Identity => {
                let $load = &mut $store.identity;
                $body
            }
            Query::Pools => {
                let $load = &mut $store.pools;
                $body
            }
            Query::Pool(pool) => {
                let $load = $store.pool.entry(pool.clone()).or_default();
                $body
            }
            Query::Domains(pool) => {
                let $load = $store.domains.entry(pool.clone()).or_default();
                $body
            }
            Query::ResourceServers(pool) => {
                let $load = $store.servers.entry(pool.clone()).or_default();
                $body
            }
            Query::Clients(pool) => {
                let $load = $store.clients.entry(pool.clone()).or_default();
                $body
            }
            Query::Client(pool, client) => {
                let of_pool = $store.client.entry(pool.clone()).or_default();
                let $load = of_pool.entry(client.clone()).or_default();
                $body
            }
            Query::Secrets(pool, client) => {
                let of_pool = $store.secrets.entry(pool.clone()).or_default();
                let $load = of_pool.entry(client.clone()).or_default();
                $body
            }
            Query::DnsRecord(pool, domain) => {
                let key = (pool.clone(), domain.clone());
                let $load = $store.records.entry(key).or_default();
                $body
            }
            Query::ManagedSecret(pool, arn) => {
                let key = (pool.clone(), arn.clone());
                let $load = $store.managed.entry(key).or_default();
                $body
            }
            Query::CurrentState(wanted) => {
                let $load = $store.found.entry(wanted.clone()).or_default();
                $body
            }
            Query::DomainOwner(name) => {
                let $load = $store.owners.entry(name.clone()).or_default();
                $body
            }
            Query::GraphApis => {
                let $load = &mut $store.graph_apis;
                $body
            }
        }
    };
}

macro_rules! each_seen {
    ($store:expr, $query:expr, $load:ident => $body:expr) => {
        match $query {
            Query::Identity => {
                let $load = $store.identity();
                $body
            }
            Query::Pools => {
                let $load = $store.pools();
                $body
            }
            Query::Pool(pool) => {
                let $load = $store.pool(pool);
                $body
            }
            Query::Domains(pool) => {
                let $load = $store.domains(pool);
                $body
            }
            Query::ResourceServers(pool) => {
                let $load = $store.servers(pool);
                $body
            }
            Query::Clients(pool) => {
                let $load = $store.clients(pool);
                $body
            }
            Query::Client(pool, client) => {
                let $load = $store.client(pool, client);
                $body
            }
            Query::Secrets(pool, client) => {
                let $load = $store.secrets(pool, client);
                $body
            }
            Query::DnsRecord(pool, domain) => {
                let $load = $store.dns_record(pool, domain);
                $body
            }
            Query::ManagedSecret(pool, arn) => {
                let $load = $store.managed_secret(pool, arn);
                $body
            }
            Query::CurrentState(wanted) => {
                let $load = $store.current_state(wanted);
                $body
            }
            Query::DomainOwner(name) => {
                let $load = $store.domain_owner(name);
                $body
            }
            Query::GraphApis => {
                let $load = $store.graph_apis();
                $body
            }
        }
    };
}

impl Store {
    /// Who the credentials belong to.
    pub fn identity(&self) -> &Load<Identity> {
        &self.identity
    }

    /// The account's user pools.
    pub fn pools(&self) -> &Load<PagedList<PoolSummary>> {
        &self.pools
    }

    /// A pool's own settings.
    pub fn pool(&self, pool: &PoolId) -> &Load<UserPool> {
        self.pool.get(pool).unwrap_or(&Load::Missing)
    }

    /// Where the pool's tokens are asked for; `None` where it has no domain.
    ///
    /// # Errors
    /// The pool is not read.
    pub fn token_endpoint(&self, pool: &PoolId) -> Result<Option<&str>, NotLoaded<'_>> {
        let endpoint = || self.token_endpoints.get(pool).map(String::as_str);
        self.pool(pool).known().map(|_| endpoint())
    }

    /// A pool's domains.
    pub fn domains(&self, pool: &PoolId) -> &Load<Vec<Domain>> {
        self.domains.get(pool).unwrap_or(&Load::Missing)
    }

    /// A pool's resource servers, with all their scopes.
    pub fn servers(&self, pool: &PoolId) -> &Load<PagedList<ResourceServer>> {
        self.servers.get(pool).unwrap_or(&Load::Missing)
    }

    /// The account's GraphQL APIs that a machine of AWS TEAM would call.
    pub fn graph_apis(&self) -> &Load<Vec<GraphApi>> {
        &self.graph_apis
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

    /// Whether `query` should be asked: nobody has yet, or the answer is out of date.
    pub fn wants(&self, query: &Query) -> bool {
        if self.outdated.contains(query) {
            return true;
        }
        each_seen!(self, query, load => load.is_missing())
    }

    /// Whether there is something of an answer to `query`, however old.
    pub fn has_value(&self, query: &Query) -> bool {
        each_seen!(self, query, load => load.value().is_some())
    }

    /// Whether the last answer to `query` did not come, and there is nothing to show for it, or not all of it.
    pub fn has_failed(&self, query: &Query) -> bool {
        each_seen!(self, query, load => load.error().is_some())
    }

    /// Marks `query` as asked; its answer must carry the number returned.
    pub fn begin(&mut self, query: &Query) -> RequestId {
        self.version += 1;
        self.drop_incoming(query);
        self.outdated.remove(query);
        each_load!(self, query, load => load.begin());
        self.last_run = self.last_run.wrapping_add(1);
        self.asked.insert(query.clone(), self.last_run);
        self.last_run
    }

    /// Whether an answer to `query` is on its way, or to be asked for.
    pub fn is_awaited(&self, query: &Query) -> bool {
        self.wants(query) || self.is_in_flight(query)
    }

    /// Whether what there is of `query` is all that is known and nothing older than when it was last asked for.
    pub fn is_current(&self, query: &Query) -> bool {
        let ready = || each_seen!(self, query, load => matches!(load, Load::Ready(_)));
        !self.is_awaited(query) && ready()
    }

    /// Whether what there is of `query` is old and stays so: its last reading failed, and none is to come.
    pub fn is_stale(&self, query: &Query) -> bool {
        each_seen!(self, query, load => load.is_stale()) && !self.is_awaited(query)
    }

    /// Has `query` asked again, unless it is being asked: what there is may not be so any more.
    pub fn outdate(&mut self, query: Query) {
        if !self.is_in_flight(&query) {
            self.version += 1;
            self.outdated.insert(query);
        }
    }

    /// Has `query` asked again where its last answer did not come.
    pub fn retry(&mut self, query: Query) {
        if self.has_failed(&query) {
            self.version += 1;
            self.outdated.insert(query);
        }
    }

    /// Takes back a question that nobody waits for any more. What there is of an answer is old or not whole, and so asked for again.
    pub fn cancel(&mut self, query: &Query) {
        self.version += 1;
        self.refreshes += 1;
        self.asked.remove(query);
        self.drop_incoming(query);
        self.outdated.insert(query.clone());
        each_load!(self, query, load => load.cancel());
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
        match (query, data) {
            (Query::Identity, QueryResult::Identity(identity)) => {
                self.identity = Load::Ready(identity);
            }
            (Query::Pools, QueryResult::Pools(items)) => {
                self.pools.page(items, last, at, &mut self.incoming_pools);
            }
            (
                Query::Pool(pool),
                QueryResult::Pool {
                    pool: data,
                    token_endpoint,
                },
            ) => {
                match token_endpoint {
                    Some(url) => self.token_endpoints.insert(pool.clone(), url),
                    None => self.token_endpoints.remove(pool),
                };
                self.pool.insert(pool.clone(), Load::Ready(data));
            }
            (Query::Domains(pool), QueryResult::Domains(data)) => {
                self.domains.insert(pool.clone(), Load::Ready(data));
            }
            (Query::ResourceServers(pool), QueryResult::ResourceServers(items)) => {
                let incoming = self.incoming_servers.entry(pool.clone()).or_default();
                self.servers
                    .entry(pool.clone())
                    .or_default()
                    .page(items, last, at, incoming);
            }
            (Query::Clients(pool), QueryResult::Clients(items)) => {
                let incoming = self.incoming_clients.entry(pool.clone()).or_default();
                self.clients
                    .entry(pool.clone())
                    .or_default()
                    .page(items, last, at, incoming);
                // Until then the list is not whole, or still the one from before.
                if last {
                    self.order_names(pool);
                }
            }
            (Query::Client(pool, client), QueryResult::Client(data)) => {
                let of_pool = self.client.entry(pool.clone()).or_default();
                // A copy, because what a task has parsed lies scattered among what it threw away: of ten thousand clients the
                // gaps would weigh as much as the clients.
                of_pool.insert(client.clone(), Box::new(Load::Ready(data.clone())));
            }
            (Query::Secrets(pool, client), QueryResult::Secrets(data)) => {
                let of_pool = self.secrets.entry(pool.clone()).or_default();
                // A copy for the same reason, and because it is no longer than it need be.
                of_pool.insert(client.clone(), Load::Ready(data.clone()));
            }
            (Query::DnsRecord(pool, domain), QueryResult::DnsRecord(data)) => {
                self.records
                    .insert((pool.clone(), domain.clone()), Load::Ready(data));
            }
            (Query::ManagedSecret(pool, arn), QueryResult::ManagedSecret(data)) => {
                self.managed
                    .insert((pool.clone(), arn.clone()), Load::Ready(data));
            }
            (Query::CurrentState(wanted), QueryResult::CurrentState(found)) => {
                self.found.insert(wanted.clone(), Load::Ready(found));
            }
            (Query::DomainOwner(name), QueryResult::DomainOwner(owner)) => {
                self.owners.insert(name.clone(), Load::Ready(owner));
            }
            (Query::GraphApis, QueryResult::GraphApis(apis)) => self.graph_apis = Load::Ready(apis),
            _ => return false,
        }
        true
    }

    /// Files a failure; one of an earlier run is dropped. True where it was filed.
    pub fn fail(&mut self, query: &Query, run: RequestId, error: Error) -> bool {
        if self.asked.get(query) != Some(&run) {
            return false;
        }
        self.version += 1;
        self.asked.remove(query);
        self.drop_incoming(query);
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
        match query {
            Query::Pools => self.pools.break_off(error),
            Query::ResourceServers(pool) => {
                self.servers
                    .entry(pool.clone())
                    .or_default()
                    .break_off(error);
            }
            Query::Clients(pool) => {
                self.clients
                    .entry(pool.clone())
                    .or_default()
                    .break_off(error);
            }
            _ => each_load!(self, query, load => load.fail(error)),
        }
        true
    }

    fn drop_incoming(&mut self, query: &Query) {
        match query {
            Query::Pools => self.incoming_pools.clear(),
            Query::ResourceServers(pool) => {
                self.incoming_servers.remove(pool);
            }
            Query::Clients(pool) => {
                self.incoming_clients.remove(pool);
            }
            _ => {}
        }
    }
}
