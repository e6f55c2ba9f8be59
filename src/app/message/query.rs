//! What can be asked of Cognito, and the pieces of the answers.

use crate::cognito::Identity;
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::api_call::GraphApi;
use crate::domain::plan::{CurrentState, DesiredState};
use crate::domain::pool::{DnsRecord, Domain, DomainOwner, PoolSummary, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::secret::{ManagedSecret, SecretDescriptor};

/// Counts the times a query was asked.
pub type RequestId = u32;

/// A question to Cognito. The Store files the answer under it, so an answer can never show up under another pool.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Query {
    Identity,
    Pools,
    Pool(PoolId),
    Domains(PoolId),
    ResourceServers(PoolId),
    Clients(PoolId),
    Client(PoolId, ClientId),
    /// Ids and dates of a client's live secrets, never values.
    Secrets(PoolId, ClientId),
    /// What the DNS says of a custom domain of a pool.
    DnsRecord(PoolId, String),
    /// What Secrets Manager says of the secret under this ARN, which Cognito keeps there for a client of the pool.
    ManagedSecret(PoolId, String),
    /// What there is for a set-up to be planned on.
    CurrentState(Box<DesiredState>),
    /// Who has the domain of this name, as far as can be seen.
    DomainOwner(String),
    /// The GraphQL APIs of AWS TEAM.
    GraphApis,
}

impl Query {
    /// Whether the answer is good for one look only: whoever comes again asks again.
    pub fn is_one_shot(&self) -> bool {
        matches!(self, Self::CurrentState(_) | Self::DomainOwner(_))
    }

    /// Whether this is one of the many per-client calls that fill a list's columns: paced, and asked in order of sight.
    pub fn is_detail(&self) -> bool {
        self.detail_of().is_some()
    }

    /// The pool whose list of clients this is a detail of.
    pub fn detail_of(&self) -> Option<&PoolId> {
        match self {
            Self::Client(pool, _) | Self::Secrets(pool, _) => Some(pool),
            _ => None,
        }
    }
}

/// A piece of an answer.
#[derive(Clone, Debug)]
pub enum QueryResult {
    Identity(Identity),
    Pools(Vec<PoolSummary>),
    Pool {
        pool: UserPool,
        /// Where this connection asks for the pool's tokens.
        token_endpoint: Option<String>,
    },
    Domains(Vec<Domain>),
    ResourceServers(Vec<ResourceServer>),
    Clients(Vec<ClientSummary>),
    Client(AppClient),
    Secrets(Vec<SecretDescriptor>),
    DnsRecord(DnsRecord),
    ManagedSecret(ManagedSecret),
    CurrentState(Box<CurrentState>),
    DomainOwner(Option<DomainOwner>),
    GraphApis(Vec<GraphApi>),
}
