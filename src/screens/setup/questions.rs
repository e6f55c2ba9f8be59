//! The questions of a preset, with default answers.

use std::collections::BTreeSet;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{Effect, Notice, Query, SetupOrigin};
use crate::app::query::load::Load;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, Ticks, View};
use crate::domain::ids::PoolId;
use crate::domain::limits;
use crate::domain::plan::DesiredState;
use crate::domain::preset::{AnswerError, Answers, Preset, Question, QuestionKind};
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::setup::target;
use crate::screens::shared::confirm;
use crate::ui::form::{Field, Form, Item};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::spinner;

/// The typing pause, in milliseconds, before the domain is checked.
const PAUSE: i64 = 400;
/// The field that says what the preset makes. The others have the keys of their questions, which have no capitals.
const ABOUT: &str = "About";

/// The form of a preset.
pub struct PresetForm {
    preset: Option<Preset>,
    name: String,
    origin: SetupOrigin,
    /// The pool to set up, if not the preset's.
    pool: Option<PoolId>,
    form: Form,
    /// The fields that the user changed. Other answers are derived from them.
    touched: BTreeSet<String>,
    /// When the domain last changed, until it is checked.
    typed: Option<Timestamp>,
    /// The domain to check.
    asked: Option<String>,
}

impl PresetForm {
    /// A form with the preset's default answers.
    pub fn new(name: &str, origin: SetupOrigin, view: &View) -> Self {
        let preset = view.session.presets.get(name).ok().cloned();
        let own = preset.as_ref().is_some_and(Preset::knows_its_pool);
        let mut questions = Self {
            name: name.to_owned(),
            pool: origin.pool(own).cloned(),
            origin,
            form: Form::new(Vec::new()),
            touched: BTreeSet::new(),
            typed: Some(view.now),
            asked: None,
            preset,
        };
        let mut fields = Vec::new();
        if let Some(preset) = &questions.preset {
            fields.push(Field::note(ABOUT, preset.about.clone()));
            fields.extend(preset.asks_where(questions.pool.is_some()).map(field));
        }
        questions.form = Form::new(fields);
        questions.refresh(view);
        questions
    }

    fn asks(&self) -> impl Iterator<Item = &Question> {
        let named = self.pool.is_some();
        let preset = self.preset.iter();
        preset.flat_map(move |preset| preset.asks_where(named))
    }

    /// When to check the domain.
    fn check_at(&self) -> Option<Timestamp> {
        self.typed
            .map(|typed| Timestamp::from_millis(typed.millis() + PAUSE))
    }

    fn answer<'a>(&'a self, ask: &Question) -> &'a str {
        match ask.words() {
            Some(_) => self.form.chosen(&ask.key).unwrap_or_default(),
            None => self.form.text(&ask.key).trim(),
        }
    }

    /// The user's answers, without the preset's defaults.
    fn given(&self) -> Answers {
        self.asks()
            .filter(|ask| self.touched.contains(&ask.key) || ask.words().is_some())
            .map(|ask| (ask.key.clone(), self.answer(ask).to_owned()))
            .collect()
    }

    fn wanted(&self, view: &View) -> Result<DesiredState, Vec<AnswerError>> {
        let Some(preset) = &self.preset else {
            return Err(Vec::new());
        };
        target::wanted(preset, &self.given(), self.pool.as_ref(), view)
    }

    /// Updates the fields.
    fn refresh(&mut self, view: &View) {
        let Some(preset) = self.preset.clone() else {
            return;
        };
        let answered = preset.answered(&self.given(), &target::region(view));
        for ask in preset.asks_where(self.pool.is_some()) {
            let key = &ask.key;
            if !self.touched.contains(key)
                && let Some(answer) = answered.get(key)
                && self.form.text(key) != answer
            {
                self.form.set_text(key, answer.clone());
            }
            self.form.set_error(key, "");
            self.form.set_hint(key, ask.help.clone());
        }
        for wrong in self.wanted(view).err().unwrap_or_default() {
            let mut asks = preset.asks_where(self.pool.is_some());
            let Some(ask) = asks.find(|ask| Some(&ask.key) == wrong.key.as_ref()) else {
                continue;
            };
            // An untouched field shows its problem as a hint, and none if it is empty.
            if self.touched.contains(&ask.key) {
                self.form.set_error(&ask.key, wrong.message);
            } else if !self.answer(ask).is_empty() {
                self.form.set_hint(&ask.key, wrong.message);
            }
        }
        if let Some(domain) = self.domain(view)
            && let Some(key) = self.domain_key()
        {
            match self.availability(&domain, view) {
                Ok(words) if words.is_empty() => {}
                Ok(words) => self.form.set_hint(&key, words),
                Err(words) => self.form.set_error(&key, words),
            }
        }
    }

    /// The field to show the domain's state at: its question, or the last part of it.
    fn domain_key(&self) -> Option<String> {
        let asks = || self.asks();
        asks()
            .find(|ask| ask.kind == QuestionKind::DomainPrefix)
            .or_else(|| asks().find(|ask| ask.key.contains("domain")))
            .or_else(|| asks().last())
            .map(|ask| ask.key.clone())
    }

    /// The domain to create, if it is valid.
    fn domain(&self, view: &View) -> Option<String> {
        let domain = self.wanted(view).ok()?.domain?;
        limits::domain_prefix(&domain.name).ok()?;
        Some(domain.name)
    }

    /// Whether a domain is available, as far as known.
    fn availability(&self, domain: &str, view: &View) -> Result<String, String> {
        match view.store.domain_owner(domain) {
            Load::Ready(None) => Ok(format!(
                "✓ {domain} is not used in this account; others can't be checked first"
            )),
            Load::Ready(Some(owner)) => match &owner.pool {
                Some(pool) if self.pool.as_ref() == Some(pool) => {
                    Ok(format!("{domain} is this pool's domain"))
                }
                Some(pool) => {
                    let name = view.store.pool_name(pool);
                    let whose = if name == pool.as_str() {
                        name
                    } else {
                        format!("{name} ({pool})")
                    };
                    // The user may repeat a set-up; the plan tells.
                    Ok(format!("! {domain} belongs to the user pool {whose}"))
                }
                None => Err(format!("{domain} is in use: choose another")),
            },
            // If the check is denied, the creation tells.
            Load::Failed(_) => Ok(String::new()),
            _ => Ok(format!("{} checking {domain}", spinner(view.spinner))),
        }
    }

    fn submit(&mut self, view: &View) -> Vec<Effect> {
        match self.wanted(view) {
            Ok(wanted) => vec![Effect::Open(target::route(wanted, &self.origin))],
            Err(wrong) => {
                let blamed = wrong.first().and_then(|wrong| {
                    let ask = self
                        .asks()
                        .find(|ask| Some(&ask.key) == wrong.key.as_ref())?;
                    let words = format!("{}: {}", ask.label, wrong.message);
                    Some((ask.key.clone(), words))
                });
                let words = match blamed {
                    Some((key, words)) => {
                        self.form.focus(&key);
                        self.touched.insert(key);
                        words
                    }
                    None => wrong
                        .into_iter()
                        .next()
                        .map_or_else(|| format!("Unknown preset {}", self.name), |w| w.message),
                };
                vec![Effect::Notice(Notice::warn(words))]
            }
        }
    }

    /// Updates derived answers after a possible change.
    fn changed(&mut self, before: &[(String, String)], view: &View) {
        let after = self.values();
        for ((key, old), (_, new)) in before.iter().zip(&after) {
            if old != new {
                self.touched.insert(key.clone());
            }
        }
        if *before != after {
            self.typed = Some(view.now);
        }
        self.refresh(view);
    }

    fn values(&self) -> Vec<(String, String)> {
        self.asks()
            .map(|ask| (ask.key.clone(), self.answer(ask).to_owned()))
            .collect()
    }
}

impl Actions for PresetForm {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        confirm::form_rows(
            ActionRow::new(Action::Submit, Self::submit),
            |questions: &mut Self, action, view| {
                let before = questions.values();
                questions.form.act(action);
                questions.changed(&before, view);
            },
        )
    }
}

impl Screen for PresetForm {
    fn title(&self, _view: &View) -> String {
        self.name.clone()
    }

    fn queries(&self) -> Vec<Query> {
        self.asked.iter().cloned().map(Query::DomainOwner).collect()
    }

    fn on_update(&mut self, view: &View) -> Vec<Effect> {
        if self.check_at().is_some_and(|at| at <= view.now) {
            self.typed = None;
            self.asked = self.domain(view);
        }
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        let before = self.values();
        let taken = self.form.edit(event);
        if taken {
            self.changed(&before, view);
        }
        taken.then(Vec::new)
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        confirm::unsaved(!self.touched.is_empty())
    }

    fn ticks(&self) -> Ticks {
        self.check_at().map_or(Ticks::Never, Ticks::At)
    }

    fn mode(&self) -> Mode {
        Mode::form(true, self.form.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.refresh(view);
        let title = match (&self.preset, &self.pool) {
            (Some(preset), Some(pool)) => {
                format!("{} · in {}", preset.title, view.store.pool_name(pool))
            }
            (Some(preset), None) => preset.title.clone(),
            (None, _) => format!("Unknown preset {}", self.name),
        };
        let inner = Pane::titled(&title).draw(frame, area, view.theme);
        self.form.draw(frame, inner, view.theme);
    }
}

fn field(ask: &Question) -> Field {
    let key = ask.key.clone();
    let Some(words) = ask.words() else {
        return Field::text(key, &ask.label, "").suggested();
    };
    let default = ask.default.as_deref().unwrap_or_default();
    let item = |word: &str| Item::new(word, word).checked(word == default);
    Field::radio(key, &ask.label, words.into_iter().map(item).collect())
}
