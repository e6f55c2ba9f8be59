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
use crate::domain::preset::{AnswerError, Answers, MOST_QUESTIONS, Preset, Question, QuestionKind};
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
const ABOUT: &str = "about";
/// The field keys: a preset's questions in order.
const SLOTS: [&str; MOST_QUESTIONS] = [
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
    "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32",
];

/// The form of a preset.
pub struct PresetForm {
    preset: Option<Preset>,
    name: String,
    origin: SetupOrigin,
    /// The pool to set up, if not the preset's.
    pool: Option<PoolId>,
    form: Form,
    /// The fields that the user changed. Other answers are derived from them.
    touched: BTreeSet<&'static str>,
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
            let asks = SLOTS
                .iter()
                .zip(preset.asks_where(questions.pool.is_some()));
            fields.extend(asks.map(|(slot, ask)| field(slot, ask)));
        }
        questions.form = Form::new(fields);
        questions.refresh(view);
        questions
    }

    fn asks(&self) -> impl Iterator<Item = (&'static str, &Question)> {
        let named = self.pool.is_some();
        let preset = self.preset.iter();
        let asks = preset.flat_map(move |preset| preset.asks_where(named));
        SLOTS.iter().copied().zip(asks)
    }

    /// When to check the domain.
    fn check_at(&self) -> Option<Timestamp> {
        self.typed
            .map(|typed| Timestamp::from_millis(typed.millis() + PAUSE))
    }

    fn answer<'a>(&'a self, slot: &str, ask: &Question) -> &'a str {
        match ask.kind {
            QuestionKind::Bool | QuestionKind::Choice(_) => {
                self.form.chosen(slot).unwrap_or_default()
            }
            QuestionKind::Text | QuestionKind::Duration | QuestionKind::DomainPrefix => {
                self.form.text(slot).trim()
            }
        }
    }

    /// The user's answers, without the preset's defaults.
    fn given(&self) -> Answers {
        let given = self.asks().filter(|(slot, ask)| {
            self.touched.contains(slot)
                || matches!(ask.kind, QuestionKind::Bool | QuestionKind::Choice(_))
        });
        given
            .map(|(slot, ask)| (ask.key.clone(), self.answer(slot, ask).to_owned()))
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
        for (slot, ask) in SLOTS.iter().zip(preset.asks_where(self.pool.is_some())) {
            if !self.touched.contains(slot)
                && let Some(answer) = answered.get(&ask.key)
                && self.form.text(slot) != answer
            {
                self.form.set_text(slot, answer.clone());
            }
            self.form.set_error(slot, "");
            self.form.set_hint(slot, ask.help.clone());
        }
        for wrong in self.wanted(view).err().unwrap_or_default() {
            let Some((slot, ask)) = self
                .asks()
                .find(|(_, ask)| Some(&ask.key) == wrong.key.as_ref())
            else {
                continue;
            };
            // An untouched field shows its problem as a hint, and none if it is empty.
            if self.touched.contains(slot) {
                self.form.set_error(slot, wrong.message);
            } else if !self.answer(slot, ask).is_empty() {
                self.form.set_hint(slot, wrong.message);
            }
        }
        if let Some(domain) = self.domain(view)
            && let Some(slot) = self.domain_slot()
        {
            match self.availability(&domain, view) {
                Ok(words) if words.is_empty() => {}
                Ok(words) => self.form.set_hint(slot, words),
                Err(words) => self.form.set_error(slot, words),
            }
        }
    }

    /// The field to show the domain's state at: its question, or the last part of it.
    fn domain_slot(&self) -> Option<&'static str> {
        let asks = || self.asks();
        asks()
            .find(|(_, ask)| ask.kind == QuestionKind::DomainPrefix)
            .or_else(|| asks().find(|(_, ask)| ask.key.contains("domain")))
            .or_else(|| asks().last())
            .map(|(slot, _)| slot)
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
                    let slot = self
                        .asks()
                        .find(|(_, ask)| Some(&ask.key) == wrong.key.as_ref());
                    slot.map(|(slot, ask)| (slot, format!("{}: {}", ask.label, wrong.message)))
                });
                let words = match blamed {
                    Some((slot, words)) => {
                        self.touched.insert(slot);
                        self.form.focus(slot);
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
    fn changed(&mut self, before: &[(&'static str, String)], view: &View) {
        let after = self.values();
        for ((slot, old), (_, new)) in before.iter().zip(&after) {
            if old != new {
                self.touched.insert(slot);
            }
        }
        if *before != after {
            self.typed = Some(view.now);
        }
        self.refresh(view);
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        self.asks()
            .map(|(slot, ask)| (slot, self.answer(slot, ask).to_owned()))
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

fn field(slot: &'static str, ask: &Question) -> Field {
    let default = ask.default.clone().unwrap_or_default();
    let items = |words: &[String]| {
        let item = |word: &String| Item::new(word, word).checked(*word == default);
        words.iter().map(item).collect()
    };
    match &ask.kind {
        QuestionKind::Bool => Field::radio(
            slot,
            &ask.label,
            items(&["yes".to_owned(), "no".to_owned()]),
        ),
        QuestionKind::Choice(words) => Field::radio(slot, &ask.label, items(words)),
        QuestionKind::Text | QuestionKind::Duration | QuestionKind::DomainPrefix => {
            Field::text(slot, &ask.label, "").suggested()
        }
    }
}
