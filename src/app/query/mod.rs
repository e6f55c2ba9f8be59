//! The queries to AWS, one per line of the table.

pub mod load;
mod shelf;
pub(in crate::app) mod slot;
#[macro_use]
mod table;

use self::load::Load;
use self::slot::{Pages, Pool};
use crate::cognito::Identity;
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::api_call::GraphApi;
use crate::domain::plan::{CurrentState, DesiredState};
use crate::domain::pool::{DnsRecord, Domain, DomainOwner, PoolSummary};
use crate::domain::resource_server::ResourceServer;
use crate::domain::secret::{ManagedSecret, SecretDescriptor};

pub use self::slot::PoolAnswer;

/// Numbers the requests to the runtime. Each answer carries the id of its request.
pub type RequestId = u32;

queries! {
    /// Who the credentials belong to.
    Identity => identity: Load<Identity>;
    /// The account's user pools.
    Pools => pools: Pages<PoolSummary>;
    /// A pool's own settings.
    Pool(pool: PoolId) => pool: Pool;
    /// A pool's domains.
    Domains(pool: PoolId) => domains: Load<Vec<Domain>>;
    /// A pool's resource servers, with all their scopes.
    ResourceServers(pool: PoolId) => servers: Pages<ResourceServer>;
    /// The names of a pool's app clients.
    Clients(pool: PoolId) => clients: Pages<ClientSummary>;
    /// One app client's settings.
    Client(pool: PoolId, client: ClientId) => client: Load<AppClient>;
    /// Ids and dates of one app client's live secrets, never values.
    Secrets(pool: PoolId, client: ClientId) => secrets: Load<Vec<SecretDescriptor>>;
    /// The DNS record of a custom domain of a pool.
    DnsRecord(pool: PoolId, domain: String as str) => dns_record: Load<DnsRecord>;
    /// The description of the secret under this ARN in Secrets Manager, which Cognito keeps there for a client of the pool.
    ManagedSecret(pool: PoolId, arn: String as str) => managed_secret: Load<ManagedSecret>;
    /// The current state that a set-up plan is made from.
    CurrentState(desired: Box<DesiredState> as DesiredState) => current_state: Load<Box<CurrentState>>;
    /// The owner of the domain with this name, if this account can see it.
    DomainOwner(name: String as str) => domain_owner: Load<Option<DomainOwner>>;
    /// The account's GraphQL APIs that a machine of AWS TEAM would call.
    GraphApis => graph_apis: Load<Vec<GraphApi>>;
}

impl Query {
    /// Returns whether the answer is used once: each visit asks again.
    pub fn is_one_shot(&self) -> bool {
        matches!(self, Self::CurrentState(_) | Self::DomainOwner(_))
    }

    /// Returns whether this is one of the many per-client calls behind a list's columns: few at a time, visible rows first.
    pub fn is_detail(&self) -> bool {
        self.detail_of().is_some()
    }

    /// Returns the pool whose list of clients this is a detail of.
    pub fn detail_of(&self) -> Option<&PoolId> {
        match self {
            Self::Client(pool, _) | Self::Secrets(pool, _) => Some(pool),
            _ => None,
        }
    }
}
