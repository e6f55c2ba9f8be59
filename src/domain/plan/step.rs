//! One step of a plan.

use crate::domain::client::{AppClient, ClientSettings, ClientSummary};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;
use crate::domain::pool::{Domain, NewDomain, NewPool, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::secret::ManagedSecret;

/// One write, or a resource that already exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `CreateUserPool`. The following steps use the created pool.
    CreatePool(NewPool),
    /// `UpdateUserPool` that changes only `DeletionProtection`.
    SetDeletionProtection { seen: Box<UserPool>, on: bool },
    /// `DeleteUserPool`.
    DeletePool {
        name: String,
        /// Its other clients, which are deleted, too.
        clients: Vec<ClientSummary>,
        /// Cognito's estimate of its users, who are deleted, too.
        users: Option<i32>,
    },
    /// `CreateResourceServer`.
    CreateServer(ResourceServer),
    /// `UpdateResourceServer` that adds these scopes.
    AddScopes {
        before: ResourceServer,
        scopes: Vec<Scope>,
    },
    /// `UpdateResourceServer`: name and descriptions, and scopes added and removed.
    UpdateServer {
        before: ResourceServer,
        after: ResourceServer,
        /// The clients with a removed scope.
        holders: Vec<ScopeHolder>,
    },
    /// `DeleteResourceServer`.
    DeleteServer {
        server: ResourceServer,
        /// The clients with one of its scopes.
        holders: Vec<ScopeHolder>,
    },
    /// `CreateUserPoolClient`.
    CreateClient(NewClient),
    /// `UpdateUserPoolClient`.
    UpdateClient {
        before: Box<AppClient>,
        after: Box<ClientSettings>,
    },
    /// `UpdateUserPoolClient` that changes only `PublishSecretsInAWSSecretsManager`.
    MoveSecret {
        client: Box<AppClient>,
        /// Into AWS Secrets Manager, else back to Cognito.
        managed: bool,
        /// The count of the client's secrets, if known.
        secrets: Option<usize>,
    },
    /// Secrets Manager's `RotateSecret` of a managed secret.
    RotateManaged {
        id: ClientId,
        name: String,
        /// The secret before the rotation.
        before: Box<ManagedSecret>,
    },
    /// `DeleteUserPoolClient`.
    DeleteClient { id: ClientId, name: String },
    /// `CreateUserPoolDomain`.
    CreateDomain(NewDomain),
    /// `UpdateUserPoolDomain`. The name is the same.
    UpdateDomain { before: Domain, after: NewDomain },
    /// `DeleteUserPoolDomain`.
    DeleteDomain {
        domain: Domain,
        /// Remaining clients, which lose the token endpoint.
        clients: Vec<ClientSummary>,
    },
    /// Nothing to do.
    There(Existing),
    /// What a take-down keeps, since it may be shared.
    Kept { thing: Existing, why: String },
}

/// An existing resource that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existing {
    Pool { id: PoolId, name: String },
    Server { identifier: String },
    Client { id: ClientId, name: String },
    Domain { name: String },
}

/// An app client with scopes that will be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeHolder {
    pub id: ClientId,
    pub name: String,
    pub scopes: Vec<ScopeName>,
}

/// A field that a step writes, under the API's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    pub field: String,
    /// The replaced value.
    pub old: Option<String>,
    /// The written value; `None` if the field is cleared.
    pub new: Option<String>,
    /// The items that are added and removed, if the field is a list and they differ.
    pub items: Option<ListChange>,
}

/// How a list changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListChange {
    pub added: Vec<String>,
    pub removed: Vec<String>,
}

/// The target of AWS CLI commands.
#[derive(Clone, Copy, Debug)]
pub struct CliContext<'a> {
    /// `None` for the pool that an earlier command created, in `$USER_POOL_ID`.
    pub pool: Option<&'a PoolId>,
    /// The profile, if named.
    pub profile: Option<&'a str>,
    pub region: Option<&'a str>,
    /// A custom endpoint.
    pub endpoint: Option<&'a str>,
}

impl Step {
    /// What the step is about: the kind of the resource, and its id or name.
    pub(super) fn subject(&self) -> (&'static str, String) {
        match self {
            Self::CreatePool(NewPool { name, .. }) | Self::DeletePool { name, .. } => {
                ("pool", name.clone())
            }
            Self::SetDeletionProtection { seen, .. } => ("pool", seen.name.clone()),
            Self::CreateServer(server)
            | Self::AddScopes { before: server, .. }
            | Self::UpdateServer { before: server, .. }
            | Self::DeleteServer { server, .. } => ("server", server.identifier.clone()),
            Self::CreateClient(new) => ("client", new.name.clone()),
            Self::UpdateClient { before, .. } => ("client", before.id.to_string()),
            Self::MoveSecret { client, .. } => ("client", client.id.to_string()),
            Self::RotateManaged { id, .. } | Self::DeleteClient { id, .. } => {
                ("client", id.to_string())
            }
            Self::CreateDomain(new) | Self::UpdateDomain { after: new, .. } => {
                ("domain", new.name.clone())
            }
            Self::DeleteDomain { domain, .. } => ("domain", domain.name.clone()),
            Self::There(_) | Self::Kept { .. } => ("", String::new()),
        }
    }

    /// Whether two steps have the same resource.
    pub(super) fn is_about_that_of(&self, other: &Self) -> bool {
        match (self, other) {
            // The id of a created client is known only afterwards.
            (Self::CreateClient(new), Self::UpdateClient { after, .. }) => new.name == after.name,
            _ => self.subject() == other.subject(),
        }
    }

    /// Whether the step does nothing.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::There(_) | Self::Kept { .. })
    }
}
