//! The changes that are being written.

use super::Store;
use crate::app::message::{Change, Progress, Route};
use crate::domain::plan::{Plan, Step};

/// A change that is being written.
pub struct Writing {
    pub change: Change,
    /// The form that it came from.
    pub form: Option<Route>,
    /// The step that is under way.
    at: usize,
}

impl Writing {
    /// The step that is under way.
    pub fn step(&self) -> Option<&Step> {
        let left = self.change.plan.steps.iter().skip(self.at);
        let mut left = left.filter(|step| !step.is_done());
        left.next()
    }
}

impl Store {
    /// The changes that are being written.
    pub fn writes(&self) -> &[Writing] {
        &self.writes
    }

    /// Whether something of what `plan` would do is being done already.
    pub fn is_being_written(&self, plan: &Plan) -> bool {
        let same = |running: &Plan| {
            let mut steps = running.to_do();
            running.pool == plan.pool && steps.any(|step| plan.to_do().any(|other| other == step))
        };
        self.writes.iter().any(|running| same(&running.change.plan))
    }

    /// A change begins to be written.
    pub fn begin_change(&mut self, change: Change, form: Option<Route>) {
        self.version += 1;
        let at = 0;
        self.writes.push(Writing { change, form, at });
    }

    /// A change has come so far.
    pub fn step_change(&mut self, change: &Change, progress: Progress) {
        let running = self.writes.iter_mut();
        for running in running.filter(|running| running.change == *change) {
            running.at = match progress {
                Progress::Started(at) => at,
                Progress::Finished(at) => at + 1,
            };
        }
    }

    /// A change is over.
    pub fn end_change(&mut self, change: &Change) {
        self.version += 1;
        self.writes.retain(|running| running.change != *change);
    }
}
