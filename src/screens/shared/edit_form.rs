//! Forms that edit a resource: filled in from AWS, checked while the user types. A refresh keeps what the user
//! typed; leaving a form with changes asks once.

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::message::{Effect, Notice, Query, TaskEvent};
use crate::app::query::load::NotLoaded;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::cognito::{Error, ErrorKind};
use crate::domain::plan::Plan;
use crate::input::Action;
use crate::screens::shared::{confirm, load_states};
use crate::ui::form::Form;
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::prose;

/// The subject of a form.
pub trait FormModel {
    /// Its word in the breadcrumb.
    fn crumb(&self, view: &View) -> String;

    fn title(&self, view: &View) -> String;

    fn needs(&self) -> Vec<Query>;

    /// Up to `room` details that it needs for its current content.
    fn details(&mut self, _form: &Form, _view: &View, _room: usize) -> Vec<Query> {
        Vec::new()
    }

    /// Why its data cannot be read.
    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error>;

    /// The data that a plan of its current content still needs.
    fn unread(&self, _form: &Form, _view: &View) -> Option<String> {
        None
    }

    /// The form filled in from AWS; `None` until all data is read.
    fn filled(&self, view: &View) -> Option<Form>;

    /// The form as it opens, if it opens with changes, and the field that the user fills in.
    fn started(&self, _view: &View) -> Option<(Form, &'static str)> {
        None
    }

    /// The required field of a new resource; `None` for an edit.
    fn first_to_fill(&self) -> Option<&'static str> {
        None
    }

    /// Updates hints, errors and items.
    fn check(&mut self, form: &mut Form, view: &View);

    /// The plan of a form without errors.
    ///
    /// # Errors
    /// Why there is no plan, or not yet.
    fn plan(&self, form: &Form, view: &View) -> Result<Plan, String>;
}

/// One form.
pub struct FormScreen {
    editor: Box<dyn FormModel>,
    /// The form as last filled in from AWS.
    before: Option<Form>,
    /// The form as it opened, if it opened with changes.
    started: Option<Form>,
    form: Form,
    /// The resource changed in AWS while the form was open.
    moved: bool,
    /// Its plan, while that may still be written.
    sent: Option<Plan>,
    /// The plan was written; the resource needs a refresh.
    ours: bool,
}

impl FormScreen {
    pub fn new(editor: impl FormModel + 'static) -> Self {
        Self {
            editor: Box::new(editor),
            before: None,
            started: None,
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

    /// Why there is no plan to show.
    fn refusal(&self, view: &View) -> Option<String> {
        if self.before.is_some() || self.editor.filled(view).is_some() {
            return self.editor.unread(&self.form, view);
        }
        let reads = self
            .queries()
            .iter()
            .any(|query| view.store.is_awaited(query));
        Some(match self.editor.error(view) {
            Some(error) => error.one_line(),
            None if reads => load_states::refusal(NotLoaded::Coming, "the current state"),
            None => load_states::GONE.to_owned(),
        })
    }

    fn show_plan(&mut self, view: &View) -> Vec<Effect> {
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
            Ok(plan) if plan.to_do().next().is_none() => "No changes".to_owned(),
            Ok(plan) => {
                self.sent = Some(plan.clone());
                return vec![confirm::confirm(plan)];
            }
        };
        vec![Effect::Notice(Notice::warn(refused))]
    }

    /// Takes in newly read data.
    fn refresh(&mut self, view: &View) {
        let Some(now) = self.editor.filled(view) else {
            return;
        };
        match &self.before {
            None => {
                self.form = now.clone();
                self.before = Some(now);
                if let Some((form, key)) = self.editor.started(view) {
                    self.form = form.clone();
                    self.started = Some(form);
                    // The check adds the items without which a list takes no focus.
                    self.editor.check(&mut self.form, view);
                    self.form.focus(key);
                }
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
            return Err("Still loading the current state".to_owned());
        }
        if let Some(key) = self.form.first_error().map(str::to_owned) {
            self.form.focus(&key);
            return Err(self.form.error(&key).to_owned());
        }
        if let Some(key) = self.editor.first_to_fill() {
            if self.form.text(key).trim().is_empty() {
                self.form.focus(key);
                return Err(format!("{} is required", self.form.label(key)));
            }
        } else if !self.is_changed() {
            return Err("No changes".to_owned());
        }
        Ok(())
    }
}

impl Actions for FormScreen {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        confirm::form_rows(
            ActionRow::new(Action::Submit, Self::show_plan).refused(Self::refusal),
            |screen: &mut Self, action, _| {
                screen.form.act(action);
            },
        )
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

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        self.form.edit(event).then(Vec::new)
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        let untouched = |started: &Form| !self.form.differs_from(started);
        let untouched = self.started.as_ref().is_some_and(untouched);
        confirm::unsaved(self.is_changed() && !untouched)
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

    fn mode(&self) -> Mode {
        // Before it is filled in, it may show an error and the refresh key.
        Mode::form(self.before.is_some(), self.form.is_typing())
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
                None if reads => load_states::draw_reading(frame, inner, "the current state", view),
                None => load_states::draw_gone(frame, inner, view),
            };
        }
        let note = if self.moved {
            "! Changed in AWS meanwhile. Your edits are kept; the other fields are refreshed."
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
