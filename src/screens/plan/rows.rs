//! The keys of a plan.

use super::PlanScreen;
use super::source::{PlanSource, PlanState};
use super::steps::RunState;
use crate::app::message::{CopyRequest, Effect, Route};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::input::Action;
use crate::screens::shared::load_states;

impl Actions for PlanScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{
            Back, Copy, Delete, Down, Enter, First, Last, NextField, PageDown, PageUp, Refresh,
            Reveal, TakeDown, Toggle, Up,
        };
        const WRITING: &str = "Still writing";
        let derived = matches!(self.source, PlanSource::Derived { .. });
        let running = matches!(self.steps.stage, RunState::Running);
        let planned = self.is_planned();
        let command = self.plan.as_ref();
        let command = command.and_then(|plan| self.steps.command(plan, view));
        let no_command = command.is_none();
        let copy = ActionRow::new(Copy, move |screen: &mut Self, _| {
            screen.steps.show_command();
            let copy = |(what, text)| vec![Effect::Copy(CopyRequest::Plain { what, text })];
            command.clone().map(copy).unwrap_or_default()
        });
        let turn = ActionRow::new(TakeDown, |screen: &mut Self, _| {
            screen.source.turn();
            screen.restart();
            screen.plan = None;
            vec![Effect::Refresh]
        });
        let remove = ActionRow::change(Delete, |screen: &mut Self| {
            let plan = screen.plan.as_ref();
            if let Some(step) = plan.and_then(|plan| screen.steps.selected(plan)) {
                screen.source.ask_for(step);
            }
        });
        let refresh = ActionRow::new(Refresh, |screen: &mut Self, view| {
            if let Some(done) = screen.steps.stage.failure().cloned() {
                return screen.go_on(&done, view);
            }
            screen.restart();
            vec![Effect::Refresh]
        });
        let open = ActionRow::new(Reveal, |screen: &mut Self, _| {
            let ready = screen.made_before_failure().map(Route::SetupResult);
            ready.map(Effect::Open).into_iter().collect()
        });
        let remove = remove
            .label(if self.asked_for() == Some(true) {
                "keep"
            } else {
                "remove too"
            })
            .refused_if(
                !planned || self.asked_for().is_none(),
                "Only for kept resources of a take-down",
            );
        let turn = turn
            .label(if self.source.is_set_up() {
                "take down instead"
            } else {
                "set up instead"
            })
            .refused_if(running, WRITING);
        let to_name = match (self.naming, self.typed.is_at_end()) {
            (true, false) => "next field",
            (true, true) => "steps",
            (false, _) => "type name",
        };
        ActionRows::default()
            .with(
                ActionRow::new(Enter, |screen: &mut Self, view| screen.enter(view))
                    .label(self.enter_label())
                    .refused(Self::refusal),
            )
            .with(ActionRow::ask(Back, Effect::Back).label_if(planned, "cancel"))
            .each(&[Toggle], Self::move_by)
            .map(Toggle, |row| {
                row.label("show command")
                    .refused_if(no_command, "This step has no command")
            })
            .with(
                copy.label("copy command")
                    .refused_if(no_command, "This step has no command"),
            )
            .with_if(derived, || turn)
            .with_if(derived, || remove)
            .with(
                ActionRow::change(NextField, Self::step_on)
                    .label(to_name)
                    .refused_if(!self.asks_name(), "No name to type"),
            )
            .with(open.label("open client").refused_if(
                self.made_before_failure().is_none(),
                "No app client to open",
            ))
            .with_if(derived, || refresh.refused_if(running, WRITING))
            .each(&[Down, Up, First, Last, PageDown, PageUp], Self::move_by)
            .scrolling(self.steps.scroll.is_needed().then_some([PageDown, PageUp]))
    }
}

impl PlanScreen {
    /// Whether a confirmation is being typed.
    pub(super) fn is_typing(&self) -> bool {
        self.naming && self.asks_name()
    }

    fn enter_label(&self) -> &'static str {
        if self.can_plan_again() {
            "replan"
        } else if self.steps.stage.failure().is_some() {
            "continue"
        } else if self.led_to.is_some() || self.already_there().is_some() {
            "open client"
        } else if self.goes_on() {
            "next field"
        } else if self.deletes() {
            "delete"
        } else if self.plan.is_none() {
            "choose"
        } else {
            "apply"
        }
    }

    /// Why Enter does nothing now.
    fn refusal(&self, view: &View) -> Option<String> {
        let refused = |words: &str| Some(words.to_owned());
        match (&self.steps.stage, self.plan.as_ref()) {
            (RunState::Running, _) => refused("Still writing"),
            (RunState::Over(_), _) if self.led_to.is_some() => None,
            (RunState::Over(done), _) if done.failed.is_none() => refused("Already applied"),
            (RunState::Over(_), _) if self.is_outrun() && !self.can_plan_again() => {
                let back = view.keys.label(Action::Back);
                Some(format!(
                    "The plan is out of date: {back} to go back and plan again"
                ))
            }
            (RunState::Over(_), _) => None,
            (_, Some(plan)) if view.store.is_being_written(plan) => {
                refused("This plan is already running: wait for the result")
            }
            (RunState::Planned, None) => match self.source.state(view) {
                PlanState::Choice(_) => None,
                PlanState::Failed(error) => Some(error.one_line()),
                PlanState::Outdated => Some(load_states::unread(view)),
                _ => refused("Still loading the current state"),
            },
            (_, Some(plan)) => match plan.obstacles.first() {
                Some(obstacle) => Some(format!("Blocked: {obstacle}")),
                None if self.already_there().is_some() && self.source.is_set_up() => None,
                None if plan.is_settled() => refused("Nothing to do"),
                None if self.goes_on() => None,
                None => self.untyped(),
            },
        }
    }

    /// Moves among the steps, or among the pools to choose from.
    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        match &self.plan {
            Some(plan) => {
                self.steps.act(action, plan);
            }
            None => {
                if let PlanState::Choice(pools) = self.source.state(view) {
                    self.pools.act(action, pools.len());
                }
            }
        }
        Vec::new()
    }
}
