//! The rest of a step, by the current state.
//!
//! One rule for three questions: is a step with a lost response done, is a write still in place, and what to write after a concurrent
//! change. Other concurrent changes are kept.

mod settings;

use std::cmp::Ordering;

use self::settings::{changed, leave_the_same};
use super::repair;
use super::step::{Detail, ScopeHolder, Step};
use crate::domain::client::{AppClient, ClientSettings};
use crate::domain::new_client::NewClient;
use crate::domain::pool::{Domain, NewDomain, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::secret::{DescribedSecret, ListedSecrets, ManagedSecret};
use crate::domain::time::Timestamp;

/// A step's resource, as Cognito described it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceRef {
    Pool(Box<UserPool>),
    Server(ResourceServer),
    Client(Box<AppClient>),
    Domain(Domain),
    /// A managed secret. As the answer to a rotation, its version is the one that the rotation makes.
    Secret(ManagedSecret),
}

/// The result of reading back a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// It is as wanted.
    AsWritten,
    /// Cognito describes the old state, or is still working.
    Earlier,
    /// Cognito's response to the write lacks these.
    NotTaken(Vec<Detail>),
    /// It is neither the old nor the written state.
    Otherwise(Box<Overwritten>),
}

/// A concurrent change after a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwritten {
    /// The step from there to the wanted state.
    pub left: Step,
    /// Whether its date proves that it was written after the step.
    pub certain: bool,
}

impl ResourceRef {
    /// The date of the last change, if known.
    fn modified(&self) -> Option<Timestamp> {
        match self {
            Self::Pool(pool) => pool.modified,
            Self::Client(client) => client.modified,
            Self::Server(_) | Self::Domain(_) | Self::Secret(_) => None,
        }
    }
}

impl Step {
    /// The step from `there` to what this one wants; `None` if nothing is left to do. `there` is `None` if the resource does not exist.
    /// Ignores the order of lists, defaults that Cognito adds, and units.
    #[must_use]
    pub fn left(&self, there: Option<&ResourceRef>) -> Option<Self> {
        let Some(there) = there else {
            return (!self.is_done() && !self.deletes()).then(|| self.clone());
        };
        match (self, there) {
            (Self::There(_) | Self::Kept { .. }, _) => None,
            (Self::CreatePool(new), ResourceRef::Pool(pool)) => {
                protection(pool, new.deletion_protection)
            }
            (Self::SetDeletionProtection { on, .. }, ResourceRef::Pool(pool)) => {
                protection(pool, *on)
            }
            (Self::CreateServer(new), ResourceRef::Server(there)) => {
                let nothing = ResourceServer {
                    name: String::new(),
                    scopes: Vec::new(),
                    ..new.clone()
                };
                server(there, &nothing, new, &[])
            }
            (
                Self::UpdateServer {
                    before,
                    after,
                    holders,
                },
                ResourceRef::Server(there),
            ) => server(there, before, after, holders),
            (Self::AddScopes { scopes, .. }, ResourceRef::Server(there)) => {
                let missing =
                    |scope: &&Scope| !there.scopes.iter().any(|has| has.name == scope.name);
                let scopes: Vec<Scope> = scopes.iter().filter(missing).cloned().collect();
                (!scopes.is_empty()).then(|| Self::AddScopes {
                    before: there.clone(),
                    scopes,
                })
            }
            (Self::DeleteServer { holders, .. }, ResourceRef::Server(there)) => {
                Some(Self::DeleteServer {
                    server: there.clone(),
                    holders: holders.clone(),
                })
            }
            (Self::CreateClient(new), ResourceRef::Client(there)) => {
                match made_client(there, new) {
                    Some(wanted) => client(there, wanted).or_else(|| {
                        // A hidden secret may be in Secrets Manager.
                        let shown = there.secret == DescribedSecret::Shown;
                        moved(there, true, Some(1)).filter(|_| new.managed_secret && shown)
                    }),
                    None => Some(self.clone()),
                }
            }
            (Self::UpdateClient { before, after }, ResourceRef::Client(there)) => {
                client(there, changed(&there.settings, &before.settings, after))
            }
            (
                Self::MoveSecret {
                    managed, secrets, ..
                },
                ResourceRef::Client(there),
            ) => moved(there, *managed, *secrets),
            (Self::RotateManaged { .. }, ResourceRef::Secret(there)) => {
                (!self.is_rotated(None, there)).then(|| self.clone())
            }
            (Self::DeleteClient { id, .. }, ResourceRef::Client(there)) => {
                Some(Self::DeleteClient {
                    id: id.clone(),
                    name: there.settings.name.clone(),
                })
            }
            (
                Self::CreateDomain(wanted) | Self::UpdateDomain { after: wanted, .. },
                ResourceRef::Domain(there),
            ) => domain(there, wanted),
            (Self::DeleteDomain { clients, .. }, ResourceRef::Domain(there)) => {
                Some(Self::DeleteDomain {
                    domain: there.clone(),
                    clients: clients.clone(),
                })
            }
            _ => Some(self.clone()),
        }
    }

    /// Whether the step only adds scopes to a resource server: concurrent changes can be kept.
    #[must_use]
    pub fn only_adds(&self) -> bool {
        match self {
            Self::AddScopes { .. } => true,
            Self::UpdateServer { before, after, .. } => {
                before.name == after.name
                    && before
                        .scopes
                        .iter()
                        .all(|scope| after.scopes.contains(scope))
            }
            _ => false,
        }
    }

    /// Concurrent changes since the resource was read for this step, by field; empty if unknown.
    #[must_use]
    pub fn meanwhile(&self, there: &ResourceRef) -> Vec<Detail> {
        let (
            Self::AddScopes { before, .. } | Self::UpdateServer { before, .. },
            ResourceRef::Server(there),
        ) = (self, there)
        else {
            return Vec::new();
        };
        let change = Self::UpdateServer {
            before: before.clone(),
            after: there.clone(),
            holders: Vec::new(),
        };
        change.details()
    }

    /// Compares `there`, read after the write, with the step. `answer` is the response to the write, if any.
    #[must_use]
    pub fn read_back(&self, answer: Option<&ResourceRef>, there: Option<&ResourceRef>) -> ReadBack {
        if let (Some(ResourceRef::Secret(answer)), Some(ResourceRef::Secret(there))) =
            (answer, there)
            && self.is_rotated(answer.version.as_deref(), there)
        {
            return ReadBack::AsWritten;
        }
        let Some(left) = self.left(there) else {
            return ReadBack::AsWritten;
        };
        if self.deletes() || there.is_some_and(|there| self.is_undecided(there)) {
            return ReadBack::Earlier;
        }
        let not_taken = answer.and_then(|answer| self.left(Some(answer)));
        match (self.age(answer, there), not_taken) {
            (Some(Ordering::Less), _) => ReadBack::Earlier,
            (Some(Ordering::Equal) | None, Some(not_taken)) => {
                ReadBack::NotTaken(not_taken.details())
            }
            (age, _) => ReadBack::Otherwise(Box::new(Overwritten {
                left,
                certain: age.is_some(),
            })),
        }
    }

    /// Whether the rotation into `version` is done, if the response named it.
    fn is_rotated(&self, version: Option<&str>, there: &ManagedSecret) -> bool {
        matches!(self, Self::RotateManaged { before, .. } if there.has_rotated(Some(before), version))
    }

    /// Whether AWS may still be working on it.
    #[must_use]
    pub fn is_undecided(&self, there: &ResourceRef) -> bool {
        match (self, there) {
            (_, ResourceRef::Domain(domain)) => matches!(
                domain.status.as_deref(),
                Some("CREATING" | "UPDATING" | "DELETING")
            ),
            (Self::MoveSecret { .. }, ResourceRef::Client(client)) => {
                client.secret == DescribedSecret::Absent
            }
            (Self::RotateManaged { .. }, _) => true,
            _ => false,
        }
    }

    /// Whether the step deletes its resource.
    #[must_use]
    pub fn deletes(&self) -> bool {
        matches!(
            self,
            Self::DeletePool { .. }
                | Self::DeleteServer { .. }
                | Self::DeleteClient { .. }
                | Self::DeleteDomain { .. }
        )
    }

    /// The age of what was read, compared with the write; `None` without dates.
    fn age(&self, answer: Option<&ResourceRef>, there: Option<&ResourceRef>) -> Option<Ordering> {
        let read = there.and_then(ResourceRef::modified)?;
        if let Some(written) = answer.and_then(ResourceRef::modified) {
            return Some(read.cmp(&written));
        }
        // The update of a pool has no response, and sets a later date.
        let Self::SetDeletionProtection { seen, .. } = self else {
            return None;
        };
        Some(if read > seen.modified? {
            Ordering::Greater
        } else {
            Ordering::Less
        })
    }
}

impl Detail {
    /// The current instead of the written value: `AccessTokenValidity is 30 minutes, not 15 minutes`.
    #[must_use]
    pub fn difference(&self) -> String {
        let there = self.old.as_deref().unwrap_or("none");
        match &self.new {
            Some(new) if self.old.is_some() => format!("{} is {there}, not {new}", self.field),
            Some(new) => format!("{} {new} is missing", self.field),
            None => format!("{} is {there}, not none", self.field),
        }
    }
}

fn protection(pool: &UserPool, on: bool) -> Option<Step> {
    (pool.deletion_protection != Some(on)).then(|| Step::SetDeletionProtection {
        seen: Box::new(pool.clone()),
        on,
    })
}

/// The rest of a change from `before` to `after`, which removes scopes from `holders`.
fn server(
    there: &ResourceServer,
    before: &ResourceServer,
    after: &ResourceServer,
    holders: &[ScopeHolder],
) -> Option<Step> {
    let mut wanted = there.clone();
    if before.name != after.name {
        wanted.name.clone_from(&after.name);
    }
    let named =
        |scopes: &[Scope], name: &str| scopes.iter().find(|scope| scope.name == name).cloned();
    wanted.scopes.retain(|scope| {
        named(&before.scopes, &scope.name).is_none() || named(&after.scopes, &scope.name).is_some()
    });
    for scope in &after.scopes {
        let was = named(&before.scopes, &scope.name);
        if was.as_ref() == Some(scope) {
            continue;
        }
        match wanted.scopes.iter_mut().find(|has| has.name == scope.name) {
            Some(has) => has.clone_from(scope),
            None if was.is_none() => wanted.scopes.push(scope.clone()),
            // A scope whose description changes was removed meanwhile.
            None => {}
        }
    }
    let goes = |scope: &Scope| named(&wanted.scopes, &scope.name).is_none();
    let takes = there.scopes.iter().any(goes);
    (wanted != *there).then(|| Step::UpdateServer {
        before: there.clone(),
        after: wanted,
        holders: if takes { holders.to_vec() } else { Vec::new() },
    })
}

fn domain(there: &Domain, wanted: &NewDomain) -> Option<Step> {
    let version = wanted.managed_login_version.or(there.managed_login_version);
    let certificate = wanted.certificate_arn.as_ref();
    let certificate = certificate.or(there.certificate_arn.as_ref());
    let same =
        version == there.managed_login_version && certificate == there.certificate_arn.as_ref();
    (!same).then(|| Step::UpdateDomain {
        before: there.clone(),
        after: NewDomain {
            name: there.name.clone(),
            certificate_arn: certificate.cloned(),
            managed_login_version: version,
        },
    })
}

/// `there` with the settings of a new client; `None` if it cannot be that client.
fn made_client(there: &AppClient, new: &NewClient) -> Option<ClientSettings> {
    let secret = there.secret_state(ListedSecrets::NotRead);
    (secret.exists() != Some(!new.generate_secret)).then(|| {
        let mut wanted = repair::repair(there, new);
        wanted.name.clone_from(&new.name);
        wanted
    })
}

/// The step that moves the secret of an existing client.
fn moved(there: &AppClient, managed: bool, secrets: Option<usize>) -> Option<Step> {
    let is_managed = matches!(there.secret, DescribedSecret::Managed(_));
    (is_managed != managed).then(|| Step::MoveSecret {
        client: Box::new(there.clone()),
        managed,
        secrets,
    })
}

/// The step from an existing client to `wanted` settings.
fn client(there: &AppClient, mut wanted: ClientSettings) -> Option<Step> {
    leave_the_same(&mut wanted, &there.settings);
    (wanted != there.settings).then(|| Step::UpdateClient {
        before: Box::new(there.clone()),
        after: Box::new(wanted),
    })
}
