//! Handles the end of a change.

use super::message::{Effect, Notice, PlanOutcome, PlanRequest, Query, Route};
use super::screen::View;
use super::{App, notices, view};
use crate::domain::ids::PoolId;
use crate::domain::plan::Step;

impl App {
    /// Handles the end of a change: stores its results, and closes its form.
    pub(super) fn on_changed(
        &mut self,
        change: &PlanRequest,
        done: &PlanOutcome,
        out: &mut Vec<Effect>,
    ) {
        let steps = &change.plan.steps;
        if let Some(client) = &done.client {
            self.store.adopt_client(client, self.now);
        }
        let written = steps
            .iter()
            .take(done.completed)
            .filter(|step| !step.is_done());
        let mut asks: Vec<Query> = written
            .flat_map(|step| changed_by(step, done.pool.as_ref()))
            .collect();
        // The subject of a failed step may have changed in AWS, which may be why it failed.
        let failed = steps.get(done.completed).filter(|_| done.failed.is_some());
        asks.extend(failed.into_iter().flat_map(|step| match step {
            Step::CreatePool(_) => vec![Query::Pools],
            Step::CreateClient(_) => done.pool.iter().cloned().map(Query::Clients).collect(),
            other => changed_by(other, done.pool.as_ref()),
        }));
        if done.failed.is_none()
            && steps
                .iter()
                .any(|step| matches!(step, Step::DeletePool { .. }))
        {
            // Deleted resources cannot be read again.
            asks.retain(|query| *query == Query::Pools);
        }
        self.fetch(asks, out);
        if let Some(error) = &done.failed {
            let step = steps.get(done.completed).map(Step::sentence);
            let step = step.unwrap_or_default();
            // A visible plan shows the rest.
            let in_sight = matches!(
                self.stack.last(),
                Some((Route::Plan(_) | Route::SetupPlan(_), _))
            );
            self.notice = Some(notices::not_done(&step, error, in_sight));
            return;
        }
        let Some(pool) = &done.pool else { return };
        let makes_client = |step: &Step| matches!(step, Step::CreateClient(_));
        let made = done
            .client
            .as_ref()
            .filter(|_| steps.iter().any(makes_client));
        // A user on another screen only gets a notice.
        let own = self.own_screen(change);
        if let Some(confirm) = own {
            let form = self
                .stack
                .iter()
                .take(confirm)
                .position(|(route, _)| *route == Route::NewClient(pool.clone()));
            let client = done.client.as_ref().map(|client| &client.id);
            let client = client.or_else(|| change.plan.client_found()).cloned();
            if let (Some(client), Some(form)) = (client, form) {
                self.stack.truncate(form);
                self.push(Route::Client(pool.clone(), client));
            } else {
                self.leave_form(confirm);
            }
        }
        let leads_on = own.is_some() || matches!(self.stack.last(), Some((Route::SetupPlan(_), _)));
        self.leave_what_is_gone(steps, pool);
        let last = steps.iter().rposition(|step| !step.is_done());
        let gone = last.is_some_and(|last| done.gone.contains(&last));
        let doubt = notices::unconfirmed_steps(steps, done);
        self.notice = doubt.or(Some(match (made, steps.last()) {
            (Some(client), _) if leads_on => notices::created(&client.settings.name, &self.keys),
            (Some(client), _) => Notice::good(format!("Created {}", client.settings.name)),
            (None, Some(last)) if gone => {
                Notice::info(format!("{}: already deleted", last.sentence()))
            }
            (None, Some(last)) => notices::done(change.plan.to_do().count(), last),
            (None, None) => Notice::good("Done"),
        }));
    }

    /// Returns the index of the plan screen of a change, while it is visible. After a failure, the screen has the remaining plan.
    fn own_screen(&self, change: &PlanRequest) -> Option<usize> {
        let of = |of: &PlanRequest| change.plan.is_rest_of(&of.plan);
        let mut routes = self.stack.iter().map(|(route, _)| route);
        let at = routes.rposition(|route| matches!(route, Route::Plan(whole) if of(whole)))?;
        self.is_uncovered(at).then_some(at)
    }

    /// Returns whether a screen is on top, or below popups only, which may close.
    pub(super) fn is_in_sight(&self, of: &Route) -> bool {
        let at = self.stack.iter().position(|(route, _)| route == of);
        at.is_some_and(|at| self.is_uncovered(at))
    }

    fn is_uncovered(&self, at: usize) -> bool {
        let view = view!(self);
        let mut above = self.stack.iter().skip(at + 1);
        above.all(|(_, screen)| screen.mode().popup && screen.unsaved_reason(&view).is_none())
    }

    /// Returns the form of the plan on top.
    pub(super) fn form_below(&self) -> Option<Route> {
        let (route, _) = self.stack.iter().rev().nth(1)?;
        is_form(route).then(|| route.clone())
    }

    /// Returns why the form on top makes no plan: its last plan is being written.
    pub(super) fn form_is_written(&self) -> Option<Notice> {
        let (top, _) = self.stack.last()?;
        let mut writes = self.store.writes();
        let running = writes.find(|running| running.form.as_ref() == Some(top))?;
        let step = running.step().map(Step::sentence).unwrap_or_default();
        Some(Notice::warn(format!(
            "This form is being written: wait for the result ({step})"
        )))
    }

    /// Returns the step being written, if no visible plan shows it.
    pub(super) fn unconfirmed_change(&self) -> Option<String> {
        let view = view!(self);
        if let Some((Route::Plan(_) | Route::SetupPlan(_), top)) = self.stack.last()
            && top.unsaved_reason(&view).is_some()
        {
            return None;
        }
        let running = self.store.writes().next()?;
        let step = running.step().map(Step::sentence).unwrap_or_default();
        Some(format!("Writing: {step}"))
    }

    /// Closes the plan and its form, as the form is written.
    fn leave_form(&mut self, confirm: usize) {
        let Some(below) = confirm.checked_sub(1) else {
            return;
        };
        let from_form = self
            .stack
            .get(below)
            .is_some_and(|(route, _)| is_form(route));
        self.stack.truncate(if from_form { below } else { confirm });
    }

    /// Closes screens of deleted resources.
    fn leave_what_is_gone(&mut self, steps: &[Step], pool: &PoolId) {
        let gone = |route: &Route| {
            steps.iter().any(|step| match step {
                Step::DeletePool { .. } => *route == Route::Pool(pool.clone()),
                Step::DeleteClient { id, .. } => *route == Route::Client(pool.clone(), id.clone()),
                _ => false,
            })
        };
        let at = self.stack.iter().position(|(route, _)| gone(route));
        if let Some(at) = at.filter(|at| *at > 0) {
            self.stack.truncate(at);
        }
    }
}

fn is_form(route: &Route) -> bool {
    matches!(
        route,
        Route::NewClient(_)
            | Route::EditClient(..)
            | Route::FixClient(..)
            | Route::EditServer(..)
            | Route::EditDomain(..)
            | Route::NewServer(_)
            | Route::NewDomain(_)
            | Route::Delete(_)
    )
}

/// Returns the queries that a step makes stale.
fn changed_by(step: &Step, pool: Option<&PoolId>) -> Vec<Query> {
    let Some(pool) = pool.cloned() else {
        return Vec::new();
    };
    match step {
        Step::CreatePool(_) | Step::DeletePool { .. } => vec![Query::Pools],
        // The list of pools has modification dates.
        Step::SetDeletionProtection { .. } => vec![Query::Pool(pool), Query::Pools],
        Step::CreateServer(_)
        | Step::AddScopes { .. }
        | Step::UpdateServer { .. }
        | Step::DeleteServer { .. } => vec![Query::ResourceServers(pool)],
        Step::UpdateClient { before, .. } => vec![Query::Client(pool, before.id.clone())],
        Step::MoveSecret { client, .. } => vec![
            Query::Client(pool.clone(), client.id.clone()),
            Query::Secrets(pool, client.id.clone()),
        ],
        Step::RotateManaged { id, before, .. } => vec![
            Query::ManagedSecret(pool.clone(), before.arn.clone()),
            Query::Client(pool.clone(), id.clone()),
            Query::Secrets(pool, id.clone()),
        ],
        Step::DeleteClient { .. } => vec![Query::Clients(pool)],
        Step::CreateDomain(_) | Step::UpdateDomain { .. } | Step::DeleteDomain { .. } => {
            vec![Query::Pool(pool.clone()), Query::Domains(pool)]
        }
        // Created resources are stored as returned.
        Step::CreateClient(_) | Step::There(_) | Step::Kept { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{EmptyScreen, console};
    use crate::cognito::{Error, ErrorKind};
    use crate::domain::oauth::endpoints::tests::pool;
    use crate::domain::plan;
    use crate::domain::pool::Domain;

    #[test]
    fn what_several_steps_changed_is_read_again_once() {
        let domain = |name: &str, custom| Domain {
            name: name.to_owned(),
            custom,
            ..Domain::default()
        };
        let domains = [domain("orders", false), domain("auth.example.com", true)];
        let id = pool("eu-west-1_A", None, None).id;
        let change = PlanRequest {
            plan: plan::delete_pool(&pool("eu-west-1_A", None, None), &domains, &[]),
        };
        let done = PlanOutcome {
            completed: 2,
            pool: Some(id.clone()),
            ..PlanOutcome::default()
        };
        let done = PlanOutcome {
            failed: Some(Error::new("DeleteUserPool", ErrorKind::Timeout, "", "")),
            ..done
        };
        let mut app = console(|_, _| Box::new(EmptyScreen));
        let mut effects = Vec::new();
        app.on_changed(&change, &done, &mut effects);
        let asked: Vec<Query> = effects
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Fetch(query, _) => Some(query),
                _ => None,
            })
            .collect();
        let expected = [Query::Pool(id.clone()), Query::Domains(id), Query::Pools];
        assert_eq!(asked, expected);
    }
}
