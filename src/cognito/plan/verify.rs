//! Reads back what a step wrote: its response may be lost, and another program may write at the same time. The rest of the step says
//! whether it is done.

use crate::cognito::api::reads::resource;
use crate::cognito::api::resource_servers;
use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::plan::execute::PlanOutcome;
use crate::cognito::sdk::convert::required;
use crate::cognito::sdk::pages::all_pages;
use crate::cognito::sdk::retry::may_have_changed;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{Detail, Plan, ReadBack, ResourceRef, Step};
use crate::domain::pool::{Domain, NewDomain, PoolSummary};
use crate::domain::resource_server::ResourceServer;

/// How often a resource is read back: for a moment Cognito may still describe its old state.
const LOOKS: u32 = 4;

/// Whether a failed call may have succeeded. The SDK retries most calls, and the second attempt may fail because of the first, such as
/// with a taken name.
pub fn may_have_succeeded(error: &Error) -> bool {
    !matches!(
        error.kind,
        ErrorKind::NoCredentials
            | ErrorKind::ExpiredCredentials { .. }
            | ErrorKind::CodeNeeded(_)
            | ErrorKind::RejectedCredentials
            | ErrorKind::NoRegion
            | ErrorKind::AccessDenied { .. }
            | ErrorKind::UnknownHost
            | ErrorKind::Tls
    )
}

/// The error of a step that is not done, as a check shows.
pub fn not_done(error: Error) -> Error {
    may_have_changed(error, "A check shows that nothing was written. Try again.")
}

/// How an attempt to write a step ended without an error.
pub enum StepAttempt {
    Done,
    Conflict(Box<WriteConflict>),
}

/// Another program overwrote a step that only adds: both changes can be kept.
pub struct WriteConflict {
    /// What is left to add.
    pub left: Step,
    /// The other program's changes.
    pub theirs: Vec<Detail>,
    error: Error,
}

impl WriteConflict {
    /// Gives up.
    pub fn stop(self, done: &mut PlanOutcome) -> Error {
        done.left = Some(Box::new(self.left));
        self.error
    }
}

impl Gateway {
    /// Writes a step and checks the result.
    pub async fn attempt(
        &self,
        at: usize,
        step: &Step,
        plan: &Plan,
        done: &mut PlanOutcome,
    ) -> Result<StepAttempt, Error> {
        if step.is_a_change() {
            // It is read before it is written.
            self.turn(step, done).await;
        }
        let failed = match self.step(step, done).await {
            Ok(answer) => return Box::pin(self.confirm(at, step, plan, answer, done)).await,
            Err(error) if may_have_succeeded(&error) => error,
            Err(error) => return Err(error),
        };
        let there = match Box::pin(self.read_again(step, plan, done, None)).await {
            Ok(there) => there,
            Err(error) if error.kind == ErrorKind::Ambiguous => return Err(error),
            Err(_) => return Err(failed),
        };
        let Some(left) = step.left(there.as_ref()) else {
            if step.deletes() && failed.kind == ErrorKind::NotFound {
                done.gone.push(at);
            }
            done.adopt(step, there);
            return Ok(StepAttempt::Done);
        };
        match there {
            Some(there) if failed.kind == ErrorKind::Changed => {
                conflict(step, left, &there, failed, done)
            }
            Some(there) if step.is_undecided(&there) => Err(may_have_changed(
                failed,
                "It may still take effect. Check it before you try again.",
            )),
            _ => {
                done.left = Some(Box::new(left));
                Err(not_done(failed))
            }
        }
    }

    /// Reads back what a step wrote, a few times while Cognito describes the old state.
    async fn confirm(
        &self,
        at: usize,
        step: &Step,
        plan: &Plan,
        answer: Option<ResourceRef>,
        done: &mut PlanOutcome,
    ) -> Result<StepAttempt, Error> {
        for look in 0..LOOKS {
            self.pace().breath(look).await;
            self.turn(step, done).await;
            let read = self.read_again(step, plan, done, answer.as_ref());
            let there = match Box::pin(read).await {
                Ok(there) => there,
                Err(error) => {
                    done.unconfirmed.push((at, error));
                    return Ok(StepAttempt::Done);
                }
            };
            let last = look + 1 == LOOKS;
            match step.read_back(answer.as_ref(), there.as_ref()) {
                ReadBack::AsWritten => {
                    done.adopt(step, there);
                    return Ok(StepAttempt::Done);
                }
                ReadBack::NotTaken(details) => {
                    done.left = step.left(there.as_ref()).map(Box::new);
                    return Err(self.otherwise(step, done, ErrorKind::NotTaken(details)));
                }
                ReadBack::Otherwise(overwritten) if overwritten.certain || last => {
                    let left = overwritten.left;
                    let kind = ErrorKind::Overwritten(left.details());
                    let error = self.otherwise(step, done, kind);
                    let Some(there) = there else {
                        done.left = Some(Box::new(left));
                        return Err(error);
                    };
                    return conflict(step, left, &there, error, done);
                }
                ReadBack::Earlier if last => {
                    let error = self.otherwise(step, done, ErrorKind::Unconfirmed);
                    done.unconfirmed.push((at, error));
                }
                ReadBack::Earlier | ReadBack::Otherwise(_) => {}
            }
        }
        Ok(StepAttempt::Done)
    }

    /// The error that the current state differs from what a step wrote.
    fn otherwise(&self, step: &Step, done: &PlanOutcome, kind: ErrorKind) -> Error {
        let detail = match &kind {
            ErrorKind::Overwritten(details) | ErrorKind::NotTaken(details)
                if details.is_empty() =>
            {
                "it no longer exists".to_owned()
            }
            ErrorKind::Overwritten(details) | ErrorKind::NotTaken(details) => {
                let each: Vec<String> = details.iter().map(Detail::difference).collect();
                each.join(" · ")
            }
            _ => "Cognito still describes its old state".to_owned(),
        };
        let operation = step.operation().unwrap_or("plan");
        let error = self.found(operation, kind, &detail);
        match (about(step, done), &done.pool) {
            (Some(about), _) => error.about(about),
            (None, Some(pool)) => error.about(pool.as_str()),
            (None, None) => error,
        }
    }

    /// Waits for the rate limit of the call that reads a step's resource.
    async fn turn(&self, step: &Step, done: &PlanOutcome) {
        let operation = match step {
            Step::CreateClient(_)
            | Step::UpdateClient { .. }
            | Step::MoveSecret { .. }
            | Step::DeleteClient { .. } => "DescribeUserPoolClient",
            Step::CreateServer(_)
            | Step::AddScopes { .. }
            | Step::UpdateServer { .. }
            | Step::DeleteServer { .. } => "DescribeResourceServer",
            // Few steps of a plan are about these.
            _ => return,
        };
        if let Some(pool) = &done.pool {
            self.pace().turn(pool, operation).await;
        }
    }

    /// The current state of a step's resource; `None` if it does not exist. `answer` is the response to the step: without it, a created
    /// resource is searched.
    ///
    /// # Errors
    /// It could not be read, or the step may have created one of several ([`ErrorKind::Ambiguous`]).
    pub async fn read_again(
        &self,
        step: &Step,
        plan: &Plan,
        done: &PlanOutcome,
        answer: Option<&ResourceRef>,
    ) -> Result<Option<ResourceRef>, Error> {
        if let Step::CreatePool(new) = step {
            let id = match answer {
                Some(ResourceRef::Pool(pool)) => Some(pool.id.clone()),
                _ => self.pool_made(&new.name).await?,
            };
            return match id {
                Some(id) => self.pool_there(&id).await,
                None => Ok(None),
            };
        }
        let pool = required(done.pool.clone(), "plan", "user pool")?;
        match step {
            Step::SetDeletionProtection { .. } | Step::DeletePool { .. } => {
                self.pool_there(&pool).await
            }
            Step::CreateServer(ResourceServer { identifier, .. })
            | Step::AddScopes {
                before: ResourceServer { identifier, .. },
                ..
            }
            | Step::UpdateServer {
                before: ResourceServer { identifier, .. },
                ..
            }
            | Step::DeleteServer {
                server: ResourceServer { identifier, .. },
                ..
            } => {
                let found = optional(self.resource_server(&pool, identifier).await)?;
                Ok(found.map(ResourceRef::Server))
            }
            Step::CreateClient(new) => {
                let id = match answer {
                    Some(ResourceRef::Client(client)) => Some(client.id.clone()),
                    _ => self.client_made(&pool, &new.name, plan).await?,
                };
                match id {
                    Some(id) => self.client_there(&pool, &id).await,
                    None => Ok(None),
                }
            }
            Step::UpdateClient { before, .. } => self.client_there(&pool, &before.id).await,
            Step::MoveSecret { client, .. } => self.client_there(&pool, &client.id).await,
            Step::RotateManaged { before, .. } => {
                let found = optional(self.managed_secret(&before.arn).await)?;
                Ok(found.map(ResourceRef::Secret))
            }
            Step::DeleteClient { id, .. } => self.client_there(&pool, id).await,
            Step::CreateDomain(NewDomain { name, .. })
            | Step::UpdateDomain {
                before: Domain { name, .. },
                ..
            }
            | Step::DeleteDomain {
                domain: Domain { name, .. },
                ..
            } => Ok(self.domain_of(&pool, name).await?.map(ResourceRef::Domain)),
            Step::CreatePool(_) | Step::There(_) | Step::Kept { .. } => Ok(None),
        }
    }

    async fn pool_there(&self, pool: &PoolId) -> Result<Option<ResourceRef>, Error> {
        let found = optional(self.pool(pool).await)?;
        Ok(found.map(|pool| ResourceRef::Pool(Box::new(pool))))
    }

    async fn client_there(
        &self,
        pool: &PoolId,
        id: &ClientId,
    ) -> Result<Option<ResourceRef>, Error> {
        let found = optional(self.client(pool, id).await)?;
        Ok(found.map(|client| ResourceRef::Client(Box::new(client))))
    }

    /// The only pool with a name that no pool had.
    async fn pool_made(&self, name: &str) -> Result<Option<PoolId>, Error> {
        let pools = all_pages(|next| self.pools(next)).await?;
        let named = pools.into_iter().filter(|pool| pool.name == name);
        let ids: Vec<PoolId> = named.map(|pool: PoolSummary| pool.id).collect();
        only(ids, "CreateUserPool", "user pools", name)
    }

    /// The only client with a name that did not exist when `plan` was made.
    async fn client_made(
        &self,
        pool: &PoolId,
        name: &str,
        plan: &Plan,
    ) -> Result<Option<ClientId>, Error> {
        let ids = self.new_namesakes(pool, name, plan).await?;
        only(ids, "CreateUserPoolClient", "app clients", name)
    }

    /// The domain, if it is this pool's and is not being deleted.
    async fn domain_of(&self, pool: &PoolId, name: &str) -> Result<Option<Domain>, Error> {
        let owner = self.domain_owner(name).await?;
        let ours = owner.filter(|owner| owner.pool.as_ref() == Some(pool));
        Ok(ours
            .map(|owner| owner.domain)
            .filter(|domain| domain.status.as_deref() != Some("DELETING")))
    }
}

/// The result; `None` if not found.
fn optional<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    }
}

/// Ends an attempt after a concurrent change: with what to add to it, or with the error if both cannot be kept.
fn conflict(
    step: &Step,
    left: Step,
    there: &ResourceRef,
    error: Error,
    done: &mut PlanOutcome,
) -> Result<StepAttempt, Error> {
    if step.only_adds() && left.only_adds() {
        let theirs = step.meanwhile(there);
        return Ok(StepAttempt::Conflict(Box::new(WriteConflict {
            left,
            theirs,
            error,
        })));
    }
    done.left = Some(Box::new(left));
    Err(error)
}

/// How errors name what a step is about; `None` for the pool.
fn about(step: &Step, done: &PlanOutcome) -> Option<String> {
    let pool = done.pool.as_ref()?;
    match step {
        Step::CreateServer(server)
        | Step::AddScopes { before: server, .. }
        | Step::UpdateServer { before: server, .. }
        | Step::DeleteServer { server, .. } => {
            Some(resource_servers::about(pool, &server.identifier))
        }
        Step::CreateClient(_) => {
            let made = done.client.as_ref()?;
            Some(resource(pool, &made.id))
        }
        Step::UpdateClient { before, .. } => Some(resource(pool, &before.id)),
        Step::MoveSecret { client, .. } => Some(resource(pool, &client.id)),
        Step::RotateManaged { before, .. } => Some(before.arn.clone()),
        Step::DeleteClient { id, .. } => Some(resource(pool, id)),
        Step::CreateDomain(NewDomain { name, .. })
        | Step::UpdateDomain {
            before: Domain { name, .. },
            ..
        }
        | Step::DeleteDomain {
            domain: Domain { name, .. },
            ..
        } => Some(crate::cognito::api::domains::about(pool, name)),
        _ => None,
    }
}

/// The only one; several are ambiguous.
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
            "the response was lost, and {} new {what} are named {name}: {}",
            listed.len(),
            listed.join(", ")
        ),
        "Check them and delete the unused ones.",
    ))
}
