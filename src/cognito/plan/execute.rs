//! Reading what a plan is made of, and carrying it out.

use std::time::Instant;

use futures_util::future::try_join_all;

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

/// How often a step that only adds is written again where somebody else came between.
const MERGES: usize = 2;

/// How many clients of one name are described: AWS allows five calls a second, and more than one is an obstacle anyway.
const NAMESAKES: usize = 5;

/// How far the carrying out of a plan has come. Steps count from 0, those that are there already among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanProgress {
    Started(usize),
    /// It is done, and was seen to be.
    Finished(usize),
    /// It was written, and could not be seen to be.
    Unconfirmed(usize),
}

/// What carrying a plan out left behind.
#[derive(Clone, Debug, Default)]
pub struct PlanOutcome {
    /// The steps before this one are done, or were there already.
    pub completed: usize,
    /// The user pool of the plan: the one that it was made for, or the one that it made.
    pub pool: Option<PoolId>,
    /// The app client that was made, or else the one that was changed last. Whatever failed after it, it is there.
    pub client: Option<AppClient>,
    /// The steps that had nothing to delete any more: somebody else had done it.
    pub gone: Vec<usize>,
    /// The steps that were written, and could not be seen to be: why.
    pub unconfirmed: Vec<(usize, Error)>,
    /// What somebody else changed in the things of these steps meanwhile, and which was kept.
    pub kept: Vec<(usize, Vec<Detail>)>,
    /// Why the step `through` was not carried out, or that somebody overwrote it.
    pub failed: Option<Error>,
    /// What of the step that failed is left to do, going by what was there afterwards.
    pub left: Option<Box<Step>>,
}

impl PlanOutcome {
    /// Takes in what a step made or changed, as it was read.
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

/// What is looked at before a step.
#[derive(Clone, Copy)]
struct StepCheck {
    /// Whether it is done already.
    first: bool,
    /// Whether what it makes has appeared since somebody saw the plan.
    shown: bool,
}

impl Gateway {
    /// What there is for a set-up to be planned on. Calls run side by side: there are three rounds of them at most, unless there are more
    /// pages than one of something.
    ///
    /// # Errors
    /// Something could not be read. That a pool or a domain does not exist is no error.
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

    /// Whose the wanted domain is. Where that may not be asked, its creation will tell.
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

    /// Looks through all pools. While later pages are read, the pool of the first page is read already.
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

    /// A pool with all that a plan asks about it; nothing where there is no such pool.
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
        for namesake in &namesakes {
            if self.secret_state(namesake).await.is_public() {
                found.public.push(namesake.id.clone());
            }
        }
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

    /// Does what `plan` has to do, step by step, and stops at the first that fails. Planning again after a failure goes on from there.
    /// What a step wrote is read back and compared; one that seems to have failed is looked for: where only its answer was lost, it is
    /// done. `heard` learns of each step as it begins and as it is done. A plan with obstacles is refused whole.
    pub async fn execute(&self, plan: &Plan, heard: impl Fn(PlanProgress)) -> PlanOutcome {
        let heard = |progress| {
            heard(progress);
            true
        };
        Box::pin(self.run_steps(plan, false, heard)).await
    }

    /// The same of a plan that somebody looked at first: what appeared meanwhile is neither made twice nor taken along. A step that
    /// `heard` answers with `false` as it is to begin is not begun, and none after it.
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

    /// Does the step `at` this place, unless it is to be looked for first and is done.
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
                // Nobody can go on adding for ever while somebody else takes it away.
                StepAttempt::Conflict(outrun) if merges == MERGES => return Err(outrun.stop(done)),
                StepAttempt::Conflict(outrun) => {
                    done.kept.push((at, outrun.theirs));
                    step = outrun.left;
                }
            }
        }
        Ok(())
    }

    /// Writes a step. What Cognito said to it, where it said something.
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
                // Whatever fails from now on, its secret is there.
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
            Step::RotateManaged { arn, .. } => {
                self.rotate_managed_secret(arn).await?;
                None
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
