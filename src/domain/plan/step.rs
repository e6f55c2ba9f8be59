//! One step of a plan, and how it is told.

use crate::domain::client::{AppClient, ClientSettings, ClientSummary};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::NewClient;
use crate::domain::pool::{Domain, NewDomain, NewPool, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

/// One call that changes something, or something that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `CreateUserPool`. The steps after it are about the pool that it makes.
    CreatePool(NewPool),
    /// `UpdateUserPool` with everything as it is but `DeletionProtection`.
    SetDeletionProtection { seen: Box<UserPool>, on: bool },
    /// `DeleteUserPool`.
    DeletePool {
        name: String,
        /// Its other clients, which go with it.
        clients: Vec<ClientSummary>,
        /// Cognito's own estimate of its users, who go with it too.
        users: Option<i32>,
    },
    /// `CreateResourceServer`.
    CreateServer(ResourceServer),
    /// `UpdateResourceServer` with the scopes it has and these.
    AddScopes {
        before: ResourceServer,
        scopes: Vec<Scope>,
    },
    /// `UpdateResourceServer`: name and descriptions, and scopes added and removed.
    UpdateServer {
        before: ResourceServer,
        after: ResourceServer,
        /// Who holds a scope that goes.
        holders: Vec<ScopeHolder>,
    },
    /// `DeleteResourceServer`.
    DeleteServer {
        server: ResourceServer,
        /// Who holds one of its scopes.
        holders: Vec<ScopeHolder>,
    },
    /// `CreateUserPoolClient`.
    CreateClient(NewClient),
    /// `UpdateUserPoolClient`.
    UpdateClient {
        before: Box<AppClient>,
        after: Box<ClientSettings>,
    },
    /// `UpdateUserPoolClient` with everything as it is but `PublishSecretsInAWSSecretsManager`.
    MoveSecret {
        client: Box<AppClient>,
        /// Into AWS Secrets Manager, else back to Cognito.
        managed: bool,
        /// How many secrets the client has; `None` where that is not known.
        secrets: Option<usize>,
    },
    /// Secrets Manager's `RotateSecret`, of the secret that Cognito keeps there for a client.
    RotateManaged {
        id: ClientId,
        name: String,
        arn: String,
        /// When it was last rotated before; `None` where it never was, or that is not known.
        rotated: Option<Timestamp>,
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
        /// Clients that stay, and get no token from the token endpoint any more.
        clients: Vec<ClientSummary>,
    },
    /// Nothing to do.
    There(Existing),
    /// What a take-down leaves, since it may not be the set-up's alone.
    Kept { thing: Existing, why: String },
}

/// What exists and fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existing {
    Pool { id: PoolId, name: String },
    Server { identifier: String },
    Client { id: ClientId, name: String },
    Domain { name: String },
}

/// An app client that lists scopes which are about to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeHolder {
    pub id: ClientId,
    pub name: String,
    pub scopes: Vec<ScopeName>,
}

/// One field of the API that a step writes, under the API's own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    pub field: String,
    /// The value that is there now, where one is replaced.
    pub old: Option<String>,
    /// The value that is written; `None` where the field is emptied.
    pub new: Option<String>,
}

/// Where a command of the AWS CLI is to go.
#[derive(Clone, Copy, Debug)]
pub struct CliContext<'a> {
    /// `None` for the pool that an earlier command made and left in `$USER_POOL_ID`.
    pub pool: Option<&'a PoolId>,
    /// Whose account, where one is named.
    pub profile: Option<&'a str>,
    pub region: Option<&'a str>,
    /// Where it is not AWS's own.
    pub endpoint: Option<&'a str>,
}

impl Step {
    /// Whether two steps are about one thing.
    pub(super) fn is_about_that_of(&self, other: &Self) -> bool {
        let subject = |step: &Self| match step {
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
        };
        match (self, other) {
            // Of a client that was made the id is known only then.
            (Self::CreateClient(new), Self::UpdateClient { after, .. }) => new.name == after.name,
            _ => subject(self) == subject(other),
        }
    }

    /// Whether the step needs nothing done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::There(_) | Self::Kept { .. })
    }
}
