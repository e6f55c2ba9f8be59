//! What a plan asks to be typed before it is carried out.

use super::PlanScreen;
use crate::app::screen::Screen;
use crate::domain::plan::Step;

impl PlanScreen {
    /// Whether it takes away what can't be had back.
    pub(super) fn deletes(&self) -> bool {
        let plan = self.plan.as_ref().filter(|_| self.is_planned());
        plan.is_some_and(|plan| plan.to_do().any(Step::is_dangerous))
    }

    /// Whether a name has to be typed before the plan is carried out.
    pub(super) fn asks_name(&self) -> bool {
        let plan = self.plan.as_ref().filter(|_| self.is_planned());
        plan.is_some_and(|plan| {
            plan.obstacles.is_empty() && !plan.is_settled() && self.typed.asks(plan.name_to_type())
        })
    }

    /// What has to be typed still, where something has.
    pub(super) fn untyped(&self) -> Option<String> {
        let plan = self.plan.as_ref()?;
        let (_, words) = self.typed.missing(plan.name_to_type())?;
        Some(words)
    }

    /// Shows the fields that the plan asks for.
    pub(super) fn look_at_fields(&mut self) {
        let plan = self.plan.clone();
        let name = plan.as_ref().and_then(|plan| plan.name_to_type());
        self.typed.show(name);
    }

    /// Whether Enter goes on to a field that is not filled in.
    pub(super) fn goes_on(&self) -> bool {
        let plan = self.plan.as_ref();
        let name = plan.and_then(|plan| plan.name_to_type());
        self.is_typing() && self.typed.goes_on(name)
    }

    /// To the next field, to the steps, and back to the first field.
    pub(super) fn step_on(&mut self) {
        if self.naming && !self.typed.is_at_end() {
            return self.typed.next();
        }
        self.naming = !self.naming;
        if self.naming {
            self.typed.next();
        }
    }

    /// Goes there. `false` where everything is filled in, or has the focus.
    pub(super) fn go_on_typing(&mut self) -> bool {
        let plan = self.plan.clone();
        let name = plan.as_ref().and_then(|plan| plan.name_to_type());
        self.is_typing() && self.typed.go_on(name)
    }
}
