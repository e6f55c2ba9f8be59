//! Steps whose answer was lost: read again, they are found done, or found not done.

use super::convert::required;
use super::error::{Error, ErrorKind};
use super::gateway::Gateway;
use super::pages::all_pages;
use super::plan::Done;
use super::servers::contents;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{Plan, Step, defines_all, is_made_as, is_set_as};
use crate::domain::pool::{Domain, NewDomain, PoolSummary};
use crate::domain::secret::DescribedSecret;

/// Whether a call that failed so may have gone through. The SDK tries most calls again by itself, and what the second of two is told,
/// such as that the name is taken, may be the first one's doing.
pub(super) fn may_have_happened(error: &Error) -> bool {
    !matches!(
        error.kind,
        ErrorKind::NoCredentials
            | ErrorKind::ExpiredCredentials { .. }
            | ErrorKind::RejectedCredentials
            | ErrorKind::NoRegion
            | ErrorKind::AccessDenied { .. }
            | ErrorKind::UnknownHost
            | ErrorKind::Tls
    )
}

/// The error of a step that was looked for afterwards and is not done.
pub(super) fn not_done(error: Error) -> Error {
    super::retry::perhaps(
        error,
        "It was looked for afterwards, and is not done: it can be tried again.",
    )
}

impl Gateway {
    /// Whether a step is done, going by what is there now; then `done` has what it made.
    ///
    /// # Errors
    /// Nobody can tell: it could not be read, or there are several that it may have made ([`ErrorKind::Ambiguous`]).
    pub(super) async fn is_done(
        &self,
        step: &Step,
        plan: &Plan,
        done: &mut Done,
    ) -> Result<bool, Error> {
        if let Step::CreatePool(new) = step {
            done.pool = self.pool_made(&new.name).await?;
            return Ok(done.pool.is_some());
        }
        let pool = required(done.pool.clone(), "plan", "user pool")?;
        Ok(match step {
            Step::SetDeletionProtection { on, .. } => {
                self.pool(&pool).await?.deletion_protection == *on
            }
            Step::DeletePool { .. } => there(self.pool(&pool).await)?.is_none(),
            Step::CreateServer(new) => {
                let found = there(self.resource_server(&pool, &new.identifier).await)?;
                found.is_some_and(|found| defines_all(&found, &new.scopes))
            }
            Step::AddScopes { identifier, scopes } => {
                let found = there(self.resource_server(&pool, identifier).await)?;
                found.is_some_and(|found| defines_all(&found, scopes))
            }
            Step::UpdateServer { after, .. } => {
                let found = there(self.resource_server(&pool, &after.identifier).await)?;
                found.is_some_and(|found| contents(&found) == contents(after))
            }
            Step::DeleteServer { server, .. } => {
                there(self.resource_server(&pool, &server.identifier).await)?.is_none()
            }
            Step::CreateClient(new) => {
                let Some(made) = self.client_made(&pool, &new.name, plan).await? else {
                    return Ok(false);
                };
                let made = self.client(&pool, &made).await?;
                let ours = is_made_as(&made, new);
                done.client = Some(made).filter(|_| ours);
                ours
            }
            Step::UpdateClient { before, after } => {
                let found = there(self.client(&pool, &before.id).await)?;
                let found = found.filter(|found| is_set_as(&found.settings, after));
                let so = found.is_some();
                done.client = found.or_else(|| done.client.take());
                so
            }
            Step::MoveSecret {
                client, managed, ..
            } => {
                let found = there(self.client(&pool, &client.id).await)?;
                let is_there = |found: &AppClient| {
                    matches!(found.secret, DescribedSecret::Managed(_)) == *managed
                };
                let found = found.filter(is_there);
                let so = found.is_some();
                done.client = found.or_else(|| done.client.take());
                so
            }
            Step::RotateManaged { arn, rotated, .. } => {
                self.managed_secret(arn).await?.last_rotated != *rotated
            }
            Step::DeleteClient { id, .. } => there(self.client(&pool, id).await)?.is_none(),
            Step::CreateDomain(new) => {
                let found = self.domain_of(&pool, &new.name).await?;
                found.is_some_and(|found| has_all(&found, new))
            }
            Step::UpdateDomain { after, .. } => {
                let found = self.domain_of(&pool, &after.name).await?;
                found.is_some_and(|found| has_all(&found, after))
            }
            Step::DeleteDomain { domain, .. } => {
                self.domain_of(&pool, &domain.name).await?.is_none()
            }
            Step::CreatePool(_) | Step::There(_) | Step::Stays { .. } => true,
        })
    }

    /// The only pool of a name that no pool had.
    async fn pool_made(&self, name: &str) -> Result<Option<PoolId>, Error> {
        let pools = all_pages(|next| self.pools(next)).await?;
        let named = pools.into_iter().filter(|pool| pool.name == name);
        let ids: Vec<PoolId> = named.map(|pool: PoolSummary| pool.id).collect();
        only(ids, "CreateUserPool", "user pools", name)
    }

    /// The only client of a name that was not there when `plan` was made.
    async fn client_made(
        &self,
        pool: &PoolId,
        name: &str,
        plan: &Plan,
    ) -> Result<Option<ClientId>, Error> {
        let ids = self.appeared(pool, name, plan).await?;
        only(ids, "CreateUserPoolClient", "app clients", name)
    }

    /// The domain, where it is this pool's and is not on its way out.
    async fn domain_of(&self, pool: &PoolId, name: &str) -> Result<Option<Domain>, Error> {
        let owner = self.domain_owner(name).await?;
        let ours = owner.filter(|owner| owner.pool.as_ref() == Some(pool));
        Ok(ours
            .map(|owner| owner.domain)
            .filter(|domain| domain.status.as_deref() != Some("DELETING")))
    }
}

/// What was read, if it is there at all.
fn there<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

fn has_all(there: &Domain, wanted: &NewDomain) -> bool {
    let version = wanted.managed_login_version;
    let certificate = wanted.certificate_arn.as_ref();
    (version.is_none() || version == there.managed_login_version)
        && (certificate.is_none() || certificate == there.certificate_arn.as_ref())
}

/// The one there is; several can't be told apart.
fn only<T: std::fmt::Display>(
    mut ids: Vec<T>,
    operation: &'static str,
    what: &str,
    name: &str,
) -> Result<Option<T>, Error> {
    if ids.len() < 2 {
        return Ok(ids.pop());
    }
    let listed: Vec<String> = ids.iter().map(ToString::to_string).collect();
    Err(Error::new(
        operation,
        ErrorKind::Ambiguous,
        format!(
            "the answer was lost, and {} {what} named {name} were not there before: {}",
            listed.len(),
            listed.join(", ")
        ),
        "Look at them, and delete what nobody needs.",
    ))
}
