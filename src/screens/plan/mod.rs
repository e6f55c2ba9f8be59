//! What is about to be written, step by step, before it is: of a set-up, of its taking down, or of any other change.

mod draw;
mod notes;
pub(super) mod source;
pub(super) mod steps;
mod type_to_confirm;

use std::rc::Rc;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{
    CopyRequest, Effect, PlanOutcome, PlanProgress, PlanRequest, Query, Route, SetupOutcome,
    TaskEvent,
};
use crate::app::screen::{Screen, View};
use crate::app::session::Session;
use crate::cognito::ErrorKind;
use crate::domain::plan::{Plan, Step};
use crate::input::Action;
use crate::screens::plan::source::{PlanSource, PlanState};
use crate::screens::plan::steps::{RunState, StepList};
use crate::screens::shared::load_states;
use crate::screens::shared::type_to_confirm::TypeToConfirm;
use crate::ui::frame::Canvas;
use crate::ui::table::TableState;

/// A plan, to be confirmed; then its progress; then, where it failed, how far it came.
pub struct PlanScreen {
    source: PlanSource,
    /// As it was last drawn: what is confirmed is what was seen.
    plan: Option<Rc<Plan>>,
    steps: StepList,
    /// What is typed before it is carried out.
    typed: TypeToConfirm,
    /// Keys go there, and not to the steps.
    naming: bool,
    /// The choice among several user pools.
    pools: TableState,
    /// Where it leads once it is done.
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

    /// Makes the plan of what was read, until it is carried out.
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

    /// Whether it failed because things are no longer as they were when it was planned: what was handed over as a plan would fail
    /// again as it is.
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

    /// Whether what failed can be planned again here, on what is there now.
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

    /// After a failure: a set-up looks again at what is there, anything else goes on with what is left, of which the first step is
    /// looked for before it is tried again. Where that is another step by now it is shown before it is written. In production what is
    /// left is agreed to as all of it was.
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
        // What is shown now is another thing to agree to.
        self.typed.clear();
        self.naming = self.asks_name();
        self.look_at_fields();
        Vec::new()
    }

    /// Nothing is written of what is shown next.
    fn restart(&mut self) {
        self.steps = StepList::default();
        self.led_to = None;
        self.steps.unnamed_pool = self.source.is_popup();
    }

    /// Whether what is under the cursor goes because the user asked for it; `None` where that is no question.
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

    /// The client that a set-up with nothing to do is about.
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

    /// The client that was made before a step failed.
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
        // Where something was opened over it by now, it leads there when the user is back.
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
        // Whose account it is may show while the plan is open.
        self.naming |= self.asks_name() && !before;
        Vec::new()
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        self.source.details(view, room)
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{
            Back, Copy, Delete, Down, Enter, First, Last, NextField, PageDown, PageUp, Refresh,
            Reveal, TakeDown, Toggle, Up,
        };
        match self.source {
            PlanSource::Fixed(_) => &[
                Enter, Back, Toggle, Copy, NextField, Reveal, Down, Up, First, Last, PageDown,
                PageUp,
            ],
            PlanSource::Derived { .. } => &[
                Enter, Back, Toggle, Copy, TakeDown, Delete, NextField, Reveal, Refresh, Down, Up,
                First, Last, PageDown, PageUp,
            ],
        }
    }

    fn label(&self, action: Action) -> &'static str {
        let planned = self.is_planned();
        match action {
            Action::Enter if self.can_plan_again() => "plan again",
            Action::Enter if self.steps.stage.failure().is_some() => "go on",
            Action::Enter if self.led_to.is_some() || self.already_there().is_some() => {
                "to the client"
            }
            Action::Enter if self.goes_on() => "next field",
            Action::Enter if self.deletes() => "delete it",
            Action::Enter if self.plan.is_none() => "choose",
            Action::Enter => "write it",
            Action::Back if planned => "change nothing",
            Action::Toggle => "AWS CLI command",
            Action::Copy => "copy it",
            Action::NextField if self.naming && !self.typed.is_at_end() => "next field",
            Action::NextField if self.naming => "the steps",
            Action::NextField => "the name",
            Action::Reveal => "to the client",
            Action::TakeDown if !self.source.is_set_up() => "set up instead",
            Action::TakeDown => "take down instead",
            Action::Delete if self.asked_for() == Some(true) => "leave it",
            Action::Delete => "take it, too",
            other => other.word(),
        }
    }

    fn disabled_reason(&self, action: Action, view: &View) -> Option<String> {
        let refused = |words: &str| Some(words.to_owned());
        let plan = self.plan.as_ref();
        let planned = self.is_planned();
        match action {
            Action::Enter => match (&self.steps.stage, plan) {
                (RunState::Running, _) => refused("It is being written"),
                (RunState::Over(_), _) if self.led_to.is_some() => None,
                (RunState::Over(done), _) if done.failed.is_none() => {
                    refused("It is over and done: there is nothing more to write")
                }
                (RunState::Over(_), _) if self.is_outrun() && !self.can_plan_again() => {
                    let back = view.keys.label(Action::Back);
                    Some(format!(
                        "It can't be done as it was planned: {back} leads back, to plan it anew"
                    ))
                }
                (RunState::Over(_), _) => None,
                (_, Some(plan)) if view.store.is_being_written(plan) => {
                    refused("It is being written already: wait for its result")
                }
                (RunState::Planned, None) => match self.source.state(view) {
                    PlanState::Choice(_) => None,
                    PlanState::Failed(error) => Some(error.one_line()),
                    PlanState::Outdated => Some(load_states::unread(view)),
                    _ => refused("What is there already is not read yet"),
                },
                (_, Some(plan)) => match plan.obstacles.first() {
                    Some(obstacle) => Some(format!("Something stands in the way: {obstacle}")),
                    None if self.already_there().is_some() && self.source.is_set_up() => None,
                    None if plan.is_settled() => refused("There is nothing to do"),
                    None if self.goes_on() => None,
                    None => self.untyped(),
                },
            },
            Action::Copy | Action::Toggle => {
                let command = plan.and_then(|plan| self.steps.command(plan, view));
                match command {
                    Some(_) => None,
                    None => refused("Here is nothing to do, and so no command for it"),
                }
            }
            Action::NextField if !self.asks_name() => refused("There is no name to type"),
            Action::Reveal if self.made_before_failure().is_none() => {
                refused("There is no app client to go to")
            }
            Action::Delete if !planned || self.asked_for().is_none() => refused(
                "It takes what a take-down would leave: the cursor is on nothing of the kind",
            ),
            Action::TakeDown | Action::Refresh if matches!(self.steps.stage, RunState::Running) => {
                refused("It is being written")
            }
            _ => None,
        }
    }

    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect> {
        match action {
            Action::Enter => return self.enter(view),
            Action::Back => return vec![Effect::Back],
            Action::Refresh => {
                if let Some(done) = self.steps.stage.failure().cloned() {
                    return self.go_on(&done, view);
                }
                self.restart();
                return vec![Effect::Refresh];
            }
            Action::TakeDown => {
                self.source.turn();
                self.restart();
                self.plan = None;
                return vec![Effect::Refresh];
            }
            Action::Reveal => {
                let ready = self.made_before_failure();
                let go = |ready| vec![Effect::Open(Route::SetupResult(ready))];
                return ready.map(go).unwrap_or_default();
            }
            Action::NextField => self.step_on(),
            Action::Delete => {
                let plan = self.plan.as_ref();
                if let Some(step) = plan.and_then(|plan| self.steps.selected(plan)) {
                    self.source.ask_for(step);
                }
            }
            Action::Copy => {
                let plan = self.plan.as_ref();
                let command = plan.and_then(|plan| self.steps.command(plan, view));
                self.steps.show_command();
                let copy = |(what, text)| vec![Effect::Copy(CopyRequest::Plain { what, text })];
                return command.map(copy).unwrap_or_default();
            }
            other => match &self.plan {
                Some(plan) => {
                    self.steps.act(other, plan);
                }
                None => {
                    if let PlanState::Choice(pools) = self.source.state(view) {
                        self.pools.act(other, pools.len());
                    }
                }
            },
        }
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        if !self.is_typing() {
            return None;
        }
        self.typed.edit(event).then(Vec::new)
    }

    fn is_typing(&self) -> bool {
        self.naming && self.asks_name()
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
            return Some(
                "It is being written: wait for its result, or press again to leave".to_owned(),
            );
        }
        self.made_before_failure()
            .filter(|ready| ready.made)
            .map(|_| {
                let reveal = view.keys.label(Action::Reveal);
                format!(
                    "The new secret was not seen: {reveal} leads to it, or press again to leave"
                )
            })
    }

    fn scroll_keys(&self) -> Option<[Action; 2]> {
        self.steps
            .scroll
            .is_needed()
            .then_some([Action::PageDown, Action::PageUp])
    }

    fn is_popup(&self) -> bool {
        self.source.is_popup()
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.replan(view);
        match self.plan.clone() {
            Some(plan) => self.draw_plan(frame, area, &plan, view),
            None => self.draw_unplanned(frame, area, view),
        }
    }
}
