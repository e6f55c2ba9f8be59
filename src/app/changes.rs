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
        asks.dedup();
        self.fetch(asks, out);
        if let Some(error) = &done.failed {
            let step = steps.get(done.through).map(Step::sentence);
            self.notice = Some(Notice::bad(format!(
                "{} failed: {}",
                step.unwrap_or_default(),
                error.one_line()
            )));
            return;
        }
        let Some(pool) = &done.pool else { return };
        let form = self
            .stack
            .iter()
            .position(|(route, _)| *route == Route::NewClient(pool.clone()));
        if let (Some(client), Some(form)) = (&done.client, form) {
            self.stack.truncate(form);
            self.push(Route::Client(pool.clone(), client.id.clone()));
        }
        let made = steps
            .iter()
            .any(|step| matches!(step, Step::CreateClient(_)));
        let created = done.client.as_ref().filter(|_| made);
        self.notice = Some(created.map_or_else(
            || Notice::good("Done"),
            |client| notices::created(&client.settings.name, &self.keys),
        ));
    }
}

/// What to read again after a step was carried out.
fn changed_by(step: &Step, pool: Option<&PoolId>) -> Vec<Query> {
    let Some(pool) = pool.cloned() else {
        return Vec::new();
    };
    match step {
        Step::CreatePool(_) | Step::DeletePool { .. } => vec![Query::Pools],
        Step::SetDeletionProtection { .. } => vec![Query::Pool(pool)],
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
        Step::CreateClient(_) | Step::There(_) => Vec::new(),
    }
}
