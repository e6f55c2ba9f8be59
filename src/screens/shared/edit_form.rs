//! Forms for what is there already, or for a part of it: filled in with what was read, checked while it is typed. Whatever changes
//! underneath, what the user typed stays; leaving a form with changes asks once.

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::message::{Effect, Notice, Query, TaskEvent};
use crate::app::screen::{Screen, View};
use crate::app::store::load::NotLoaded;
use crate::cognito::{Error, ErrorKind};
use crate::domain::plan::Plan;
use crate::input::Action;
use crate::screens::shared::{confirm, load_states};
use crate::ui::form::Form;
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::prose;

/// What a form is about.
pub trait FormModel {
    /// Its word in the breadcrumb.
    fn crumb(&self, view: &View) -> String;

    fn title(&self, view: &View) -> String;

    fn needs(&self) -> Vec<Query>;

    /// Up to `room` details that it needs, going by what is filled in.
    fn details(&mut self, _form: &Form, _view: &View, _room: usize) -> Vec<Query> {
        Vec::new()
    }

    /// Why what it needs can't be had.
    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error>;

    /// What of that is to come still before there can be a plan, going by what is filled in.
    fn unread(&self, _form: &Form, _view: &View) -> Option<String> {
        None
    }

    /// The form as what was read fills it in; `None` until all of that is there.
    fn filled(&self, view: &View) -> Option<Form>;

    /// The field that has to be filled in where something new is made; `None` where what is there is changed.
    fn first_to_fill(&self) -> Option<&'static str> {
        None
    }

    /// Brings hints, errors and items up to date with what is filled in.
    fn check(&mut self, form: &mut Form, view: &View);

    /// What is to be written, of a form without errors.
    ///
    /// # Errors
    /// Why that can't be told, or not yet.
    fn plan(&self, form: &Form, view: &View) -> Result<Plan, String>;
}

/// One form.
pub struct FormScreen {
    editor: Box<dyn FormModel>,
    /// The form as it was first filled in, or filled in anew.
    before: Option<Form>,
    form: Form,
    /// Somebody else changed it while it was open.
    moved: bool,
    /// What it led to, while that may be written still.
    sent: Option<Plan>,
    /// That was written, and is to be read again.
    ours: bool,
}

impl FormScreen {
    pub fn new(editor: impl FormModel + 'static) -> Self {
        Self {
            editor: Box::new(editor),
            before: None,
            form: Form::new(Vec::new()),
            moved: false,
            sent: None,
            ours: false,
        }
    }

    fn is_changed(&self) -> bool {
        self.before
            .as_ref()
            .is_some_and(|before| self.form.differs_from(before))
    }

    /// Takes in what was read since.
    fn refresh(&mut self, view: &View) {
        let Some(now) = self.editor.filled(view) else {
            return;
        };
        match &self.before {
            None => {
                self.form = now.clone();
                self.before = Some(now);
            }
            Some(before) if now.differs_from(before) => {
                self.form.rebase(before, &now);
                self.moved |= !std::mem::take(&mut self.ours);
                self.before = Some(now);
            }
            Some(_) => {}
        }
        self.editor.check(&mut self.form, view);
    }

    fn submit(&mut self) -> Result<(), String> {
        if self.before.is_none() {
            return Err("What is there is not read yet".to_owned());
        }
        if let Some(key) = self.form.first_error() {
            self.form.focus(key);
            return Err(self.form.error(key).to_owned());
        }
        if let Some(key) = self.editor.first_to_fill() {
            if self.form.text(key).trim().is_empty() {
                self.form.focus(key);
                return Err(format!(
                    "{} has no answer, and needs one",
                    self.form.label(key)
                ));
            }
        } else if !self.is_changed() {
            return Err("Nothing is changed yet".to_owned());
        }
        Ok(())
    }
}

impl Screen for FormScreen {
    fn title(&self, view: &View) -> String {
        self.editor.crumb(view)
    }

    fn queries(&self) -> Vec<Query> {
        self.editor.needs()
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        self.editor.details(&self.form, view, room)
    }

    fn actions(&self) -> &'static [Action] {
        confirm::FORM_KEYS
    }

    fn label(&self, action: Action) -> &'static str {
        confirm::form_word(action)
    }

    fn disabled_reason(&self, action: Action, view: &View) -> Option<String> {
        if action != Action::Submit {
            return None;
        }
        if self.before.is_none() && self.editor.filled(view).is_none() {
            let reads = self
                .queries()
                .iter()
                .any(|query| view.store.is_awaited(query));
            return Some(match self.editor.error(view) {
                Some(error) => error.one_line(),
                None if reads => load_states::refusal(NotLoaded::Coming, "what is there"),
                None => load_states::GONE.to_owned(),
            });
        }
        self.editor.unread(&self.form, view)
    }

    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect> {
        if action != Action::Submit {
            self.form.act(action);
            return Vec::new();
        }
        self.refresh(view);
        let plan = self
            .submit()
            .and_then(|()| self.editor.plan(&self.form, view));
        let refused = match plan {
            Err(reason) => reason,
            Ok(plan) if !plan.obstacles.is_empty() => plan
                .obstacles
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
            Ok(plan) if plan.to_do().next().is_none() => "Nothing is changed yet".to_owned(),
            Ok(plan) => {
                self.sent = Some(plan.clone());
                return vec![confirm::confirm(plan)];
            }
        };
        vec![Effect::Notice(Notice::warn(refused))]
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        self.form.edit(event).then(Vec::new)
    }

    fn is_typing(&self) -> bool {
        self.form.is_typing()
    }

    fn is_form(&self) -> bool {
        // Before it is filled in, an error may stand in its place, and a key that tries again.
        self.before.is_some()
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        confirm::unsaved(self.is_changed())
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::PlanFinished { change, done } = fact
            && done.failed.is_none()
        {
            let sent = self.sent.take_if(|sent| change.plan.is_rest_of(sent));
            self.ours |= sent.is_some();
        }
        if let TaskEvent::PlanFinished { done, .. } = fact
            && let Some(error) = &done.failed
            && matches!(error.kind, ErrorKind::Changed | ErrorKind::Overwritten(_))
        {
            self.moved = true;
            return vec![Effect::Refresh];
        }
        Vec::new()
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.refresh(view);
        let title = self.editor.title(view);
        let mark = load_states::mark(&self.queries(), view).unwrap_or_default();
        let inner = Pane::titled(&title)
            .right(&mark)
            .draw(frame, area, view.theme);
        if self.before.is_none() {
            let reads = self
                .queries()
                .iter()
                .any(|query| view.store.is_awaited(query));
            return match self.editor.error(view) {
                Some(error) => load_states::draw_error(frame, inner, error, view),
                None if reads => load_states::draw_reading(frame, inner, "what is there", view),
                None => load_states::draw_gone(frame, inner, view),
            };
        }
        let note = if self.moved {
            "! Somebody else changed it meanwhile. It was read again: what you typed is kept, and what you left alone is as it is now."
        } else {
            ""
        };
        let note = prose(note, inner.width, view.theme.warn);
        let height = if self.moved {
            u16::try_from(note.len()).unwrap_or(u16::MAX)
        } else {
            0
        };
        let [above, below] =
            Layout::vertical([Constraint::Length(height), Constraint::Min(0)]).areas(inner);
        if self.moved {
            frame.render_widget(ratatui::text::Text::from(note), above);
        }
        self.form.draw(frame, below, view.theme);
    }
}
