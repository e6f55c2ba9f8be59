//! The changes that are being written.

use super::Store;
use crate::app::message::{PlanProgress, PlanRequest, Route};
use crate::domain::plan::{InterruptedPlan, Plan, Step};

/// A change that is being written.
pub struct RunningChange {
    pub change: PlanRequest,
    /// The form that it came from.
    pub form: Option<Route>,
    /// How many steps are over.
    through: usize,
    /// The next one has begun.
    under_way: bool,
}

impl RunningChange {
    /// The step that is under way.
    pub fn step(&self) -> Option<&Step> {
        let left = self.change.plan.steps.iter().skip(self.through);
        let mut left = left.filter(|step| !step.is_done());
        left.next()
    }

    /// What is known of it where it is given up now.
    pub fn cut_off(&self) -> InterruptedPlan<'_> {
        self.change.plan.cut_off(self.through, self.under_way)
    }
}

impl Store {
    /// The changes that are being written.
    pub fn writes(&self) -> &[RunningChange] {
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
    pub fn begin_change(&mut self, change: PlanRequest, form: Option<Route>) {
        self.version += 1;
        self.writes.push(RunningChange {
            change,
            form,
            through: 0,
            under_way: false,
        });
    }

    /// A change has come so far.
    pub fn step_change(&mut self, change: &PlanRequest, progress: PlanProgress) {
        let running = self.writes.iter_mut();
        for running in running.filter(|running| running.change == *change) {
            (running.through, running.under_way) = match progress {
                PlanProgress::Started(at) => (at, true),
                PlanProgress::Finished(at) | PlanProgress::Unconfirmed(at) => (at + 1, false),
            };
        }
    }

    /// A change is over.
    pub fn end_change(&mut self, change: &PlanRequest) {
        self.version += 1;
        self.writes.retain(|running| running.change != *change);
    }
}
