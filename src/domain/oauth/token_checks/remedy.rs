//! What puts a token's trouble right.

use crate::domain::client::AppClient;
use crate::domain::plan::{self, Plan, Target};
use crate::domain::pool::UserPool;
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;

/// What puts it right, or leads to what does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Add these scopes to the client.
    Allow(Vec<ScopeName>),
    /// Define these scopes on their resource servers.
    Define(Vec<ScopeName>),
    /// Choose the client's scopes.
    ChooseScopes,
    /// Request a new token.
    NewToken,
    /// The doctor's findings on the client.
    Doctor,
}

impl Remedy {
    /// What a key does that takes it: follows the key's name.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::Allow(scopes) if scopes.len() == 1 => "adds it",
            Self::Allow(_) => "adds them",
            Self::Define(scopes) if scopes.len() == 1 => "defines it",
            Self::Define(_) => "defines them",
            Self::ChooseScopes => "chooses scopes",
            Self::NewToken => "requests a new token",
            Self::Doctor => "opens the doctor",
        }
    }

    /// Its word for scripts, which never changes.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Allow(_) => "allow_scopes",
            Self::Define(_) => "define_scopes",
            Self::ChooseScopes => "choose_scopes",
            Self::NewToken => "new_token",
            Self::Doctor => "doctor",
        }
    }

    /// The scopes that it adds or defines.
    #[must_use]
    pub fn scopes(&self) -> &[ScopeName] {
        match self {
            Self::Allow(scopes) | Self::Define(scopes) => scopes,
            Self::ChooseScopes | Self::NewToken | Self::Doctor => &[],
        }
    }

    /// The plan that carries it out; `None` where something else does.
    #[must_use]
    pub fn plan(
        &self,
        pool: &UserPool,
        client: &AppClient,
        servers: &[ResourceServer],
    ) -> Option<Plan> {
        match self {
            Self::Allow(scopes) => {
                let mut after = client.settings.clone();
                let new = scopes.iter().filter(|scope| !after.scopes.contains(scope));
                let new: Vec<ScopeName> = new.cloned().collect();
                after.scopes.extend(new);
                Some(plan::edit_client(
                    Target::from(pool),
                    client,
                    &after,
                    servers,
                ))
            }
            Self::Define(scopes) => Some(plan::define_scopes(scopes, pool, servers)),
            Self::ChooseScopes | Self::NewToken | Self::Doctor => None,
        }
    }
}
