//! What becomes of the app when a change was written.

use super::message::{Change, Done, Effect, Notice, Query, Route};
use super::{App, notices};
use crate::domain::ids::PoolId;
use crate::domain::plan::Step;

impl App {
    /// A change is over: what it made is filed, and the form it came from gives way to what it made.
    pub(super) fn on_changed(&mut self, change: &Change, done: &Done, out: &mut Vec<Effect>) {
        let steps = &change.plan.steps;
        if let Some(client) = &done.client {
            self.store.adopt_client(client, self.now);
        }
        let written = steps
            .iter()
            .take(done.through)
            .filter(|step| !step.is_done());
        let mut asks: Vec<Query> = written
            .flat_map(|step| changed_by(step, done.pool.as_ref()))
            .collect();
        // What a step that failed is about may be otherwise than it was seen: that may be why it failed.
        let failed = steps.get(done.through).filter(|_| done.failed.is_some());
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
            // Of what is gone nothing can be read again.
            asks.retain(|query| *query == Query::Pools);
        }
        self.fetch(asks, out);
        if let Some(error) = &done.failed {
            let step = steps.get(done.through).map(Step::sentence);
            // The plan, where it is in sight, tells the rest.
            let why = match self.stack.last() {
                Some((Route::Confirm(_) | Route::Aim(_), _)) => error.kind.words().to_owned(),
                _ => error.one_line(),
            };
            let step = step.unwrap_or_default();
            self.notice = Some(Notice::bad(format!("{step} failed: {why}")));
            return;
        }
        let Some(pool) = &done.pool else { return };
        let makes_client = |step: &Step| matches!(step, Step::CreateClient(_));
        let made = done
            .client
            .as_ref()
            .filter(|_| steps.iter().any(makes_client));
        let form = self
            .stack
            .iter()
            .position(|(route, _)| *route == Route::NewClient(pool.clone()));
        let client = done.client.as_ref().map(|client| &client.id);
        let client = client.or_else(|| change.plan.client_found()).cloned();
        if let (Some(client), Some(form)) = (client, form) {
            self.stack.truncate(form);
            self.push(Route::Client(pool.clone(), client));
        }
        self.leave_form(change);
        self.leave_what_is_gone(steps, pool);
        self.notice = Some(match (made, steps.last()) {
            (Some(client), _) => notices::created(&client.settings.name, &self.keys),
            (None, Some(last)) => notices::done(change.plan.to_do().count(), last),
            (None, None) => Notice::good("Done"),
        });
    }

    /// Closes the confirmation, and the form that it came from: what was filled in is written. After a failure it is the rest of the
    /// plan that was confirmed which is carried out in the end.
    fn leave_form(&mut self, change: &Change) {
        let of = |of: &Change| change.plan.is_rest_of(&of.plan);
        let confirm = self
            .stack
            .iter()
            .rposition(|(route, _)| matches!(route, Route::Confirm(whole) if of(whole)));
        let Some(confirm) = confirm.filter(|at| *at > 0) else {
            return;
        };
        let is_form = |route: &Route| {
            matches!(
                route,
                Route::NewClient(_)
                    | Route::EditClient(..)
                    | Route::EditServer(..)
                    | Route::EditDomain(..)
                    | Route::NewServer(_)
                    | Route::NewDomain(_)
                    | Route::Remove(_)
            )
        };
        let below = confirm - 1;
        let from_form = self
            .stack
            .get(below)
            .is_some_and(|(route, _)| is_form(route));
        self.stack.truncate(if from_form { below } else { confirm });
    }

    /// Nobody stays on the screen of a thing that is deleted.
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

/// What to read again after a step was carried out.
fn changed_by(step: &Step, pool: Option<&PoolId>) -> Vec<Query> {
    let Some(pool) = pool.cloned() else {
        return Vec::new();
    };
    match step {
        Step::CreatePool(_) | Step::DeletePool { .. } => vec![Query::Pools],
        // The list of pools says when each was changed.
        Step::SetDeletionProtection { .. } => vec![Query::Pool(pool), Query::Pools],
        Step::CreateServer(_)
        | Step::AddScopes { .. }
        | Step::UpdateServer { .. }
        | Step::DeleteServer { .. } => vec![Query::ResourceServers(pool)],
        Step::UpdateClient { before, .. } => vec![Query::Client(pool, before.id.clone())],
        Step::DeleteClient { .. } => vec![Query::Clients(pool)],
        Step::CreateDomain(_) | Step::UpdateDomain { .. } | Step::DeleteDomain { .. } => {
            vec![Query::Pool(pool.clone()), Query::Domains(pool)]
        }
        // What was made is filed as it is.
        Step::CreateClient(_) | Step::There(_) | Step::Stays { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{Blank, console};
    use crate::cognito::{Error, ErrorKind};
    use crate::domain::hosts::tests::pool;
    use crate::domain::plan;
    use crate::domain::pool::Domain;

    #[test]
    fn what_several_steps_changed_is_read_again_once() {
        let domain = |name: &str, custom| Domain {
            name: name.to_owned(),
            custom,
            status: None,
            cloudfront: None,
            managed_login_version: None,
            certificate_arn: None,
            security_policy: None,
            failover: None,
        };
        let domains = [domain("orders", false), domain("auth.example.com", true)];
        let id = pool("eu-west-1_A", None, None).id;
        let change = Change {
            plan: plan::delete_pool(&pool("eu-west-1_A", None, None), &domains, &[]),
        };
        let done = Done {
            through: 2,
            pool: Some(id.clone()),
            client: None,
            failed: Some(Error::new("DeleteUserPool", ErrorKind::Timeout, "", "")),
        };
        let mut app = console(|_, _| Box::new(Blank));
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
