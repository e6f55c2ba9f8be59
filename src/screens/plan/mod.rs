//! A plan: the steps of a set-up, a take-down or any other change, before they are written.

mod draw;
mod notes;
mod rows;
pub(super) mod source;
pub(super) mod steps;
mod type_to_confirm;

use std::rc::Rc;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{
    Effect, PlanOutcome, PlanProgress, PlanRequest, Query, Route, SetupOutcome, TaskEvent,
};
use crate::app::screen::{Mode, Screen, View};
use crate::app::session::Session;
use crate::cognito::ErrorKind;
use crate::domain::plan::{Plan, Step};
use crate::input::Action;
use crate::screens::plan::source::{PlanSource, PlanState};
use crate::screens::plan::steps::{RunState, StepList};
use crate::screens::shared::type_to_confirm::TypeToConfirm;
use crate::ui::frame::Canvas;
use crate::ui::table::TableState;

/// A plan to confirm, then its progress, then its failure if there is one.
pub struct PlanScreen {
    source: PlanSource,
    /// The plan as last drawn, so that the user confirms what is on the screen.
    plan: Option<Rc<Plan>>,
    steps: StepList,
    /// What the user types to confirm.
    typed: TypeToConfirm,
    /// Keys go to the text field, not to the steps.
    naming: bool,
    /// The choice between several user pools.
    pools: TableState,
    /// The screen to open when the plan is applied.
    led_to: Option<SetupOutcome>,
}

impl PlanScreen {
    pub fn new(source: PlanSource, session: &Session) -> Self {
        let mut confirm = Self {
            plan: source.fixed(),
            source,
            steps: StepList::default(),
            typed: TypeToConfirm::new(session),
            naming: false,
            pools: TableState::default(),
            led_to: None,
        };
        confirm.naming = confirm.asks_name();
        confirm.look_at_fields();
        confirm.steps.unnamed_pool = confirm.source.is_popup();
        confirm
    }

    fn is_planned(&self) -> bool {
        matches!(self.steps.stage, RunState::Planned)
    }

    /// Plans again with the latest state, unless the plan runs or ran.
    fn replan(&mut self, view: &View) {
        if !self.is_planned() {
            return;
        }
        let PlanSource::Derived { .. } = &self.source else {
            return;
        };
        let made = match self.source.state(view) {
            PlanState::Plan(plan) => Some(plan),
            _ => None,
        };
        if self.plan != made {
            let before = self.asks_name();
            self.plan = made;
            self.naming = self.asks_name() && (self.naming || !before);
            self.look_at_fields();
        }
    }

    /// Whether it failed because the state changed since it was planned. A fixed plan would fail again.
    fn is_outrun(&self) -> bool {
        let error = self
            .steps
            .stage
            .failure()
            .and_then(|done| done.failed.as_ref());
        let outrun = error.is_some_and(|error| {
            matches!(
                error.kind,
                ErrorKind::Changed
                    | ErrorKind::Conflict
                    | ErrorKind::Overwritten(_)
                    | ErrorKind::NotTaken(_)
            )
        });
        outrun && self.source.is_popup()
    }

    /// Whether this screen can plan the failed steps again with the current state.
    fn can_plan_again(&self) -> bool {
        let failure = self.steps.stage.failure();
        self.is_outrun() && failure.is_some_and(|done| done.left.is_some())
    }

    fn enter(&mut self, view: &View) -> Vec<Effect> {
        if let Some(ready) = self.led_to.clone() {
            return self.leave_for(ready);
        }
        if let PlanSource::Derived { aim, .. } = &mut self.source {
            let found = view.store.current_state(&aim.desired).value();
            if let Some(found) = found.filter(|_| self.plan.is_none())
                && let Some(pool) = self
                    .pools
                    .selected(found.candidates.len())
                    .and_then(|at| found.candidates.get(at))
            {
                source::take_pool(aim, &pool.id);
                return Vec::new();
            }
        }
        if let Some(done) = self.steps.stage.failure().cloned() {
            return self.go_on(&done, view);
        }
        if let Some(ready) = self.already_there() {
            return self.leave_for(ready);
        }
        if self.go_on_typing() {
            return Vec::new();
        }
        self.write()
    }

    /// After a failure, a set-up reads the state again; any other plan continues with the remaining steps. If
    /// the first of them differs from the failed step, or the profile is a production profile, the user
    /// confirms again.
    fn go_on(&mut self, done: &PlanOutcome, view: &View) -> Vec<Effect> {
        let plan = self.plan.clone();
        self.restart();
        let guarded = view.session.profile_to_type().is_some();
        if guarded {
            self.typed.clear();
        }
        if matches!(self.source, PlanSource::Derived { .. }) {
            self.plan = None;
            return vec![Effect::Refresh];
        }
        let Some(plan) = plan else {
            return Vec::new();
        };
        let rest = plan.rest(done.completed, done.pool.as_ref(), done.left.as_deref());
        let seen = rest.steps.first() == plan.steps.get(done.completed);
        self.plan = Some(Rc::new(rest));
        if seen && !guarded {
            return self.write();
        }
        // The remaining plan differs, so the user confirms it again.
        self.typed.clear();
        self.naming = self.asks_name();
        self.look_at_fields();
        Vec::new()
    }

    /// Resets the progress for the next plan.
    fn restart(&mut self) {
        self.steps = StepList::default();
        self.led_to = None;
        self.steps.unnamed_pool = self.source.is_popup();
    }

    /// Whether the user chose to remove the resource under the cursor; `None` if there is no such choice.
    fn asked_for(&self) -> Option<bool> {
        let plan = self.plan.as_ref()?;
        self.source.is_asked_for(self.steps.selected(plan)?)
    }

    fn write(&mut self) -> Vec<Effect> {
        let Some(plan) = self.plan.clone() else {
            return Vec::new();
        };
        self.steps.stage = RunState::Running;
        self.steps.through = plan.steps.iter().take_while(|step| step.is_done()).count();
        self.naming = false;
        let plan = Plan::clone(&plan);
        vec![Effect::ApplyPlan(PlanRequest { plan })]
    }

    /// The existing client of a set-up with nothing to do.
    fn already_there(&self) -> Option<SetupOutcome> {
        let plan = self.plan.as_ref().filter(|plan| plan.is_settled())?;
        let (pool, client) = (plan.pool.id.clone()?, plan.client_found()?.clone());
        Some(SetupOutcome {
            pool,
            client,
            made: false,
            within: self.source.within(),
        })
    }

    fn leave_for(&self, ready: SetupOutcome) -> Vec<Effect> {
        let of = self.source.route();
        let go = vec![Route::SetupResult(ready)];
        of.map(|of| vec![Effect::Replace { of, go }])
            .unwrap_or_default()
    }

    /// The client created before a step failed.
    fn made_before_failure(&self) -> Option<SetupOutcome> {
        let done = self.steps.stage.failure()?;
        let plan = self.plan.as_ref()?;
        let made = plan.steps.iter().take(done.completed);
        let made = made.filter(|step| matches!(step, Step::CreateClient(_)));
        Some(SetupOutcome {
            pool: done.pool.clone()?,
            client: done.client.as_ref()?.id.clone(),
            made: made.count() > 0,
            within: self.source.within(),
        })
    }

    fn on_done(&mut self, done: &PlanOutcome) -> Vec<Effect> {
        self.steps.through = done.completed;
        self.steps.stage = RunState::Over(Box::new(done.clone()));
        self.steps.show_failure();
        let Some(plan) = self.plan.as_ref().filter(|_| done.failed.is_none()) else {
            return Vec::new();
        };
        let client = done.client.as_ref().map(|client| &client.id);
        let (Some(pool), Some(client)) = (&done.pool, client.or_else(|| plan.client_found()))
        else {
            return Vec::new();
        };
        if !self.source.is_set_up() {
            return Vec::new();
        }
        let made = |step: &Step| matches!(step, Step::CreateClient(_));
        let ready = SetupOutcome {
            pool: pool.clone(),
            client: client.clone(),
            made: plan.steps.iter().any(made),
            within: self.source.within(),
        };
        // If another screen is open by now, the user gets there after going back.
        self.led_to = Some(ready.clone());
        self.leave_for(ready)
    }
}

impl Screen for PlanScreen {
    fn title(&self, _view: &View) -> String {
        let deletes = |step: &Step| matches!(step, Step::DeleteClient { .. });
        let plan = self.plan.as_ref();
        let plan = plan.filter(|plan| plan.steps.iter().any(deletes));
        if let Some(name) = plan.and_then(|plan| plan.name_to_type()) {
            return format!("{name} › delete");
        }
        self.source.verb().to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        if self.is_planned() {
            self.source.needs()
        } else {
            Vec::new()
        }
    }

    fn on_update(&mut self, view: &View) -> Vec<Effect> {
        let before = self.asks_name();
        self.typed.adapt(view.session);
        // The account may become known while the plan is open.
        self.naming |= self.asks_name() && !before;
        Vec::new()
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        self.source.details(view, room)
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        if !self.is_typing() {
            return None;
        }
        self.typed.edit(event).then(Vec::new)
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        let ours = |change: &PlanRequest| self.plan.as_deref() == Some(&change.plan);
        match fact {
            TaskEvent::PlanProgress { change, progress } if ours(change) => {
                self.steps.through = match progress {
                    PlanProgress::Started(at) => *at,
                    PlanProgress::Finished(at) | PlanProgress::Unconfirmed(at) => at + 1,
                };
            }
            TaskEvent::PlanFinished { change, done } if ours(change) => return self.on_done(done),
            _ => {}
        }
        Vec::new()
    }

    fn unsaved_reason(&self, view: &View) -> Option<String> {
        if matches!(self.steps.stage, RunState::Running) {
            return Some("Still writing: wait for the result, or press again to leave".to_owned());
        }
        self.made_before_failure()
            .filter(|ready| ready.made)
            .map(|_| {
                let reveal = view.keys.label(Action::Reveal);
                format!("The new secret was not shown yet: {reveal} opens it; press again to leave")
            })
    }

    fn mode(&self) -> Mode {
        Mode {
            popup: self.source.is_popup(),
            ..Mode::typing(self.is_typing())
        }
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.replan(view);
        match self.plan.clone() {
            Some(plan) => self.draw_plan(frame, area, &plan, view),
            None => self.draw_unplanned(frame, area, view),
        }
    }
}
