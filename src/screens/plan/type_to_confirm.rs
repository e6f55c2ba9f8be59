//! What the user types to confirm a plan.

use super::PlanScreen;
use crate::domain::plan::Step;

impl PlanScreen {
    /// Whether it deletes anything.
    pub(super) fn deletes(&self) -> bool {
        self.deletion().is_some()
    }

    /// The sentence of the last step that deletes: a pool's comes after those of its parts.
    pub(super) fn deletion(&self) -> Option<String> {
        let plan = self.plan.as_ref().filter(|_| self.is_planned())?;
        let deletes = plan.to_do().filter(|step| step.is_dangerous());
        deletes.last().map(Step::sentence)
    }

    /// Whether the user types a name to confirm.
    pub(super) fn asks_name(&self) -> bool {
        let plan = self.plan.as_ref().filter(|_| self.is_planned());
        plan.is_some_and(|plan| {
            plan.obstacles.is_empty() && !plan.is_settled() && self.typed.asks(plan.name_to_type())
        })
    }

    /// What is still missing, if anything.
    pub(super) fn untyped(&self) -> Option<String> {
        let plan = self.plan.as_ref()?;
        let (_, words) = self.typed.missing(plan.name_to_type())?;
        Some(words)
    }

    /// Shows the fields of the plan.
    pub(super) fn look_at_fields(&mut self) {
        let plan = self.plan.clone();
        let name = plan.as_ref().and_then(|plan| plan.name_to_type());
        self.typed.show(name);
    }

    /// Whether Enter moves to an empty field.
    pub(super) fn goes_on(&self) -> bool {
        let plan = self.plan.as_ref();
        let name = plan.and_then(|plan| plan.name_to_type());
        self.is_typing() && self.typed.goes_on(name)
    }

    /// Moves to the next field, then the steps, then the first field.
    pub(super) fn step_on(&mut self) {
        if self.naming && !self.typed.is_at_end() {
            return self.typed.next();
        }
        self.naming = !self.naming;
        if self.naming {
            self.typed.next();
        }
    }

    /// Moves there. `false` if everything is filled in, or has the focus.
    pub(super) fn go_on_typing(&mut self) -> bool {
        let plan = self.plan.clone();
        let name = plan.as_ref().and_then(|plan| plan.name_to_type());
        self.is_typing() && self.typed.go_on(name)
    }
}
