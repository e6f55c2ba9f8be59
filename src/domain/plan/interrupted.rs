//! The state of an interrupted plan.

use super::Plan;
use super::step::{CliContext, Step};
use crate::domain::plan::text;

/// A plan that was not completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterruptedPlan<'a> {
    pub done: Vec<&'a Step>,
    /// It may have been sent; the response is missing.
    pub under_way: Option<&'a Step>,
    pub not_begun: Vec<&'a Step>,
}

impl Plan {
    /// The plan after its first `through` steps; the next one may be in progress.
    #[must_use]
    pub fn cut_off(&self, through: usize, under_way: bool) -> InterruptedPlan<'_> {
        let (done, rest) = self.steps.split_at(through.min(self.steps.len()));
        let mut rest = rest.iter().filter(|step| !step.is_done());
        InterruptedPlan {
            done: done.iter().filter(|step| !step.is_done()).collect(),
            under_way: if under_way { rest.next() } else { None },
            not_begun: rest.collect(),
        }
    }
}

impl InterruptedPlan<'_> {
    /// What was done, what may have been done, how to check that in `place`, and what was not started.
    #[must_use]
    pub fn lines(&self, place: Option<CliContext>) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.done.is_empty() {
            lines.push(format!("Done: {}", text::sentences(&self.done)));
        }
        if let Some(step) = self.under_way {
            let operation = step.operation().unwrap_or_default();
            lines.push(format!(
                "{operation} may have been done: {}",
                step.sentence()
            ));
            lines.extend(place.map(|place| format!("Check: {}", step.show_command_for(place))));
        }
        if !self.not_begun.is_empty() {
            lines.push(format!("Not started: {}", text::sentences(&self.not_begun)));
        }
        lines
    }
}
