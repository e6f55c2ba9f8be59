//! Reads the input of a plan, and executes the plan.

use std::time::Instant;

use futures_util::future::{join_all, try_join_all};

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::gateway::Gateway;
use crate::cognito::plan::verify::StepAttempt;
use crate::cognito::sdk::call_log::note;
use crate::cognito::sdk::pages::{Pages, all_pages};
use crate::domain::client::AppClient;
use crate::domain::ids::PoolId;
use crate::domain::plan::{
    CurrentState, DesiredPool, DesiredState, Detail, Plan, ResourceRef, Step,
};
use crate::domain::pool::{DomainOwner, NewDomain, PoolSummary, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::secret::ManagedSecret;

/// How often a step that only adds is retried after a concurrent change.
const MERGES: usize = 2;

/// How many clients of one name are described: AWS allows 5 calls per second, and more than one is an obstacle anyway.
const NAMESAKES: usize = 5;

/// The progress of a plan. Steps count from 0, including those that need nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanProgress {
    Started(usize),
    /// Done and confirmed.
    Finished(usize),
    /// Written, but not confirmed.
    Unconfirmed(usize),
}

/// The outcome of a plan.
#[derive(Clone, Debug, Default)]
pub struct PlanOutcome {
    /// The steps before this one are done.
    pub completed: usize,
    /// The user pool of the plan, existing or created.
    pub pool: Option<PoolId>,
    /// The app client that was created, or else changed last. It exists even if a later step failed.
    pub client: Option<AppClient>,
    /// The steps whose resource another program had already deleted.
    pub gone: Vec<usize>,
    /// The unconfirmed steps, with the reason.
    pub unconfirmed: Vec<(usize, Error)>,
    /// Concurrent changes that were kept, by step.
    pub kept: Vec<(usize, Vec<Detail>)>,
    /// Why the step failed, or that it was overwritten.
    pub failed: Option<Error>,
    /// The rest of the failed step, from what was read afterwards.
    pub left: Option<Box<Step>>,
}

impl PlanOutcome {
    /// Records what a step created or changed.
    pub fn adopt(&mut self, step: &Step, thing: Option<ResourceRef>) {
        match (step, thing) {
            (Step::CreatePool(_), Some(ResourceRef::Pool(pool))) => self.pool = Some(pool.id),
            (
                Step::CreateClient(_) | Step::UpdateClient { .. } | Step::MoveSecret { .. },
                Some(ResourceRef::Client(client)),
            ) => self.client = Some(*client),
            _ => {}
        }
    }
}

/// What to check before a step.
#[derive(Clone, Copy)]
struct StepCheck {
    /// Whether it is already done.
    first: bool,
    /// Whether what it creates has appeared since the plan was shown.
    shown: bool,
}

impl Gateway {
    /// Reads the current state for a set-up plan. Calls run in parallel, in three rounds at most without further pages.
    ///
    /// # Errors
    /// Something could not be read. A missing pool or domain is no error.
    pub async fn read_plan_input(&self, wanted: &DesiredState) -> Result<CurrentState, Error> {
        let (found, domain_owner) = tokio::try_join!(
            self.pool_for(wanted),
            self.owner_for(wanted.domain.as_ref())
        )?;
        Ok(CurrentState {
            domain_owner,
            ..found
        })
    }

    /// The owner of the wanted domain. If access is denied, its creation will show it.
    async fn owner_for(&self, domain: Option<&NewDomain>) -> Result<Option<DomainOwner>, Error> {
        let Some(domain) = domain else {
            return Ok(None);
        };
        match Box::pin(self.domain_owner(&domain.name)).await {
            Err(error) if error.is_access_denied() || error.kind == ErrorKind::Invalid => Ok(None),
            other => other,
        }
    }

    async fn pool_for(&self, wanted: &DesiredState) -> Result<CurrentState, Error> {
        let by_id = match &wanted.pool {
            DesiredPool::This(id) => return Box::pin(self.contents(id, wanted)).await,
            DesiredPool::Find(text) => PoolId::looks_like(text).then(|| PoolId::new(text)),
            DesiredPool::Create(_) => None,
        };
        if let Some(id) = by_id {
            let found = Box::pin(self.contents(&id, wanted)).await?;
            // A name may look like an id.
            if found.pool.is_some() {
                return Ok(found);
            }
        }
        Box::pin(self.contents_by_name(wanted)).await
    }

    /// Lists all pools, and reads a match of the first page in parallel to later pages.
    async fn contents_by_name(&self, wanted: &DesiredState) -> Result<CurrentState, Error> {
        let mut pages = Pages::of(|next| self.pools(next));
        let mut items = pages.next().await?.unwrap_or_default();
        let first = only(&wanted.pool.candidates(&items));
        let (rest, early) = tokio::try_join!(pages.rest(), async {
            match &first {
                None => Ok(None),
                Some(id) => Box::pin(self.contents(id, wanted)).await.map(Some),
            }
        })?;
        items.extend(rest);
        let candidates: Vec<PoolSummary> = wanted
            .pool
            .candidates(&items)
            .into_iter()
            .cloned()
            .collect();
        let found = match (only(&candidates.iter().collect::<Vec<_>>()), early) {
            (Some(id), Some(found)) if Some(&id) == first.as_ref() => found,
            (Some(id), _) => Box::pin(self.contents(&id, wanted)).await?,
            (None, _) => CurrentState::default(),
        };
        Ok(CurrentState {
            candidates,
            ..found
        })
    }

    /// A pool with everything that a plan needs; empty if it does not exist.
    async fn contents(&self, id: &PoolId, wanted: &DesiredState) -> Result<CurrentState, Error> {
        let read = tokio::try_join!(
            self.pool(id),
            all_pages(|next| self.resource_servers(id, next)),
            all_pages(|next| self.clients(id, next)),
        );
        let (pool, servers, clients) = match read {
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(CurrentState::default()),
            read => read?,
        };
        let mut found = CurrentState {
            servers,
            clients,
            ..CurrentState::default()
        };
        let (namesakes, domains) =
            tokio::try_join!(self.namesakes(&pool, wanted, &found), self.domains(&pool))?;
        let states = namesakes.iter().map(|it| self.secret_state(it));
        let states = join_all(states).await;
        let public = namesakes.iter().zip(states);
        let public = public.filter(|(_, state)| state.is_public());
        found.public = public.map(|(it, _)| it.id.clone()).collect();
        found.namesakes = namesakes;
        found.domains = domains;
        found.pool = Some(pool);
        Ok(found)
    }

    async fn namesakes(
        &self,
        pool: &UserPool,
        wanted: &DesiredState,
        found: &CurrentState,
    ) -> Result<Vec<AppClient>, Error> {
        let Some(client) = &wanted.client else {
            return Ok(Vec::new());
        };
        let calls = found
            .namesakes_of(&client.name)
            .into_iter()
            .take(NAMESAKES)
            .map(|namesake| async {
                match self.client(&pool.id, &namesake.id).await {
                    Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
                    described => described.map(Some),
                }
            });
        Ok(try_join_all(calls).await?.into_iter().flatten().collect())
    }

    /// Executes `plan` step by step and stops at the first failure; a new plan continues from there. Each write is read back and
    /// compared; a failed step is checked, and is done if only its response was lost. `heard` gets the start and end of each step. A
    /// plan with obstacles is refused.
    pub async fn execute(&self, plan: &Plan, heard: impl Fn(PlanProgress)) -> PlanOutcome {
        let heard = |progress| {
            heard(progress);
            true
        };
        Box::pin(self.run_steps(plan, false, heard)).await
    }

    /// The same for a plan that the user has seen: what appeared meanwhile is neither created twice nor deleted. If `heard` returns
    /// `false` at the start of a step, execution stops before it.
    pub async fn execute_confirmed(
        &self,
        plan: &Plan,
        heard: impl Fn(PlanProgress) -> bool,
    ) -> PlanOutcome {
        Box::pin(self.run_steps(plan, true, heard)).await
    }

    async fn run_steps(
        &self,
        plan: &Plan,
        shown: bool,
        heard: impl Fn(PlanProgress) -> bool,
    ) -> PlanOutcome {
        let mut done = PlanOutcome {
            pool: plan.pool.id.clone(),
            ..PlanOutcome::default()
        };
        let first = plan.steps.iter().position(|step| !step.is_done());
        if let Some(obstacle) = plan.obstacles.first() {
            let detail = obstacle.to_string();
            done.failed = Some(Error::new("plan", ErrorKind::Invalid, detail, ""));
            return done;
        }
        if shown && let Err(error) = Box::pin(self.check_unseen_clients(plan)).await {
            let last = plan.steps.len().saturating_sub(1);
            done.completed = first.unwrap_or(last);
            done.failed = Some(error);
            return done;
        }
        for (at, step) in plan.steps.iter().enumerate() {
            if !step.is_done() {
                if !heard(PlanProgress::Started(at)) {
                    break;
                }
                let start = Instant::now();
                let look = StepCheck {
                    first: plan.resumed && first == Some(at),
                    shown,
                };
                let outcome = self.run_step(at, plan, look, &mut done).await;
                note(&step.sentence(), start, outcome.as_ref().err());
                if let Err(error) = outcome {
                    done.failed = Some(error);
                    break;
                }
                let unseen = |(of, _): &(usize, Error)| *of == at;
                heard(if done.unconfirmed.iter().any(unseen) {
                    PlanProgress::Unconfirmed(at)
                } else {
                    PlanProgress::Finished(at)
                });
            }
            done.completed = at + 1;
        }
        done
    }

    /// Executes the step `at`, unless a check shows that it is done.
    async fn run_step(
        &self,
        at: usize,
        plan: &Plan,
        look: StepCheck,
        done: &mut PlanOutcome,
    ) -> Result<(), Error> {
        let Some(step) = plan.steps.get(at) else {
            return Ok(());
        };
        if look.first {
            let there = Box::pin(self.read_again(step, plan, done, None)).await?;
            if step.left(there.as_ref()).is_none() {
                done.adopt(step, there);
                return Ok(());
            }
        }
        if look.shown
            && let (Step::CreateClient(new), Some(pool)) = (step, &done.pool)
        {
            Box::pin(self.check_no_namesake(pool, &new.name, plan)).await?;
        }
        let mut step = step.clone();
        for merges in 0.. {
            match Box::pin(self.attempt(at, &step, plan, done)).await? {
                StepAttempt::Done => break,
                // Retries are limited: another program may undo each write.
                StepAttempt::Conflict(outrun) if merges == MERGES => return Err(outrun.stop(done)),
                StepAttempt::Conflict(outrun) => {
                    done.kept.push((at, outrun.theirs));
                    step = outrun.left;
                }
            }
        }
        Ok(())
    }

    /// Writes a step; returns Cognito's description from the response, if any.
    pub async fn step(
        &self,
        step: &Step,
        done: &mut PlanOutcome,
    ) -> Result<Option<ResourceRef>, Error> {
        if let Step::CreatePool(new) = step {
            let made = self.create_pool(new).await?;
            done.pool = Some(made.id.clone());
            return Ok(Some(ResourceRef::Pool(Box::new(made))));
        }
        let Some(pool) = &done.pool else {
            let detail = "the plan names no user pool";
            return Err(Error::new("plan", ErrorKind::Invalid, detail, ""));
        };
        let client = |client: AppClient| Some(ResourceRef::Client(Box::new(client)));
        let answer = match step {
            Step::SetDeletionProtection { seen, on } => {
                self.set_deletion_protection(seen, *on).await?;
                None
            }
            Step::DeletePool { .. } => {
                self.delete_pool(pool).await?;
                None
            }
            Step::CreateServer(server) => {
                let made = self.create_resource_server(pool, server).await?;
                Some(ResourceRef::Server(made))
            }
            Step::AddScopes { before, scopes } => {
                let add = |server: &mut ResourceServer| server.scopes.extend_from_slice(scopes);
                let updated = self.update_resource_server(pool, before, add).await?;
                Some(ResourceRef::Server(updated))
            }
            Step::UpdateServer { before, after, .. } => {
                let change = |server: &mut ResourceServer| server.clone_from(after);
                let updated = self.update_resource_server(pool, before, change).await?;
                Some(ResourceRef::Server(updated))
            }
            Step::DeleteServer { server, .. } => {
                self.is_as_seen(pool, server, "DeleteResourceServer")
                    .await?;
                self.delete_resource_server(pool, &server.identifier)
                    .await?;
                None
            }
            Step::CreateClient(new) => {
                let made = self.create_client(pool, new).await?.client;
                // Even if a later step fails, the secret exists.
                done.client = Some(made.clone());
                client(made)
            }
            Step::UpdateClient { before, after } => {
                let change = |settings: &mut _| *settings = after.as_ref().clone();
                let updated = self.update_client(before, change).await?;
                done.client = Some(updated.clone());
                client(updated)
            }
            Step::DeleteClient { id, .. } => {
                self.delete_client(pool, id).await?;
                None
            }
            Step::MoveSecret {
                client: of,
                managed,
                ..
            } => {
                let updated = self.move_secret(of, *managed).await?;
                done.client = Some(updated.clone());
                client(updated)
            }
            Step::RotateManaged { before, .. } => {
                let version = self.rotate_managed_secret(&before.arn).await?;
                Some(ResourceRef::Secret(ManagedSecret {
                    arn: before.arn.clone(),
                    version,
                    ..ManagedSecret::default()
                }))
            }
            Step::CreateDomain(new) => {
                self.create_domain(pool, new).await?;
                None
            }
            Step::UpdateDomain { before, after } => {
                let certificate = after.certificate_arn.as_deref();
                self.update_domain(pool, before, certificate, after.managed_login_version)
                    .await?;
                None
            }
            Step::DeleteDomain { domain, .. } => {
                self.delete_domain(pool, &domain.name).await?;
                None
            }
            Step::CreatePool(_) | Step::There(_) | Step::Kept { .. } => None,
        };
        Ok(answer)
    }
}

fn only(pools: &[&PoolSummary]) -> Option<PoolId> {
    match pools {
        [one] => Some(one.id.clone()),
        _ => None,
    }
}
