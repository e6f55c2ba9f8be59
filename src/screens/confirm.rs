//! What is about to be written, step by step, before it is.

use crossterm::event::Event;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::app::message::{Change, Done, Effect, Fact as Answer, Progress};
use crate::app::screen::{Screen, View};
use crate::domain::plan::{Step, There};
use crate::input::Action;
use crate::ui::facts::{Problem, prose, spinner};
use crate::ui::form::{Field, Form};
use crate::ui::pane::{Pane, popup};
use crate::ui::scroll::{Scroll, draw_lines};

const WIDTH: u16 = 76;

/// A plan, to be confirmed; then its progress; then, where it failed, how far it came.
pub struct Confirm {
    change: Change,
    running: bool,
    /// The steps before this one are over.
    through: usize,
    outcome: Option<Done>,
    /// Where the name of what is deleted has to be typed.
    name: Option<Form>,
    scroll: Scroll,
}

const NAME: &str = "name";

impl Confirm {
    pub fn new(change: Change) -> Self {
        let asks = change.plan.name_to_type().is_some();
        Self {
            name: asks.then(|| Form::new(vec![Field::text(NAME, "Type its name", "")])),
            change,
            running: false,
            through: 0,
            outcome: None,
            scroll: Scroll::default(),
        }
    }

    /// What has to be typed still, where something has. Runs of spaces count as one: more could not be told apart on the screen.
    fn untyped(&self) -> Option<String> {
        let name = self.change.plan.name_to_type()?;
        let typed = self.name.as_ref()?.text(NAME);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        (words(typed) != words(name)).then(|| format!("{name} is to be typed, letter by letter"))
    }

    fn lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let plan = &self.change.plan;
        let theme = view.theme;
        let place = match &plan.pool.id {
            Some(pool) => format!("In {} ({pool}):", plan.pool.name),
            None => format!("In {}:", plan.pool.name),
        };
        let mut lines = prose(&place, width, theme.dim);
        lines.push(Line::default());
        for (at, step) in plan.steps.iter().enumerate() {
            // The line above names the pool.
            if !matches!(step, Step::There(There::Pool { .. })) {
                lines.extend(self.step_lines(at, step, width, view));
            }
        }
        lines.push(Line::default());
        for warning in &plan.warnings {
            lines.extend(prose(&format!("! {warning}"), width, theme.warn));
        }
        if let Some(obstacle) = plan.obstacles.first() {
            let problem = Problem {
                what: &obstacle.about,
                subject: &obstacle.what,
                remedy: &obstacle.way_out,
            };
            lines.extend(problem.lines(width, theme));
        } else if let Some(Done {
            failed: Some(error),
            through,
            ..
        }) = &self.outcome
        {
            let step = plan.steps.get(*through).map(Step::sentence);
            let what = format!("{}: {}", step.unwrap_or_default(), error.kind.words());
            let remedy = format!(
                "{} What is marked as done stays. {} closes; trying again goes on from there.",
                error.hint,
                view.keys.label(Action::Back)
            );
            lines.extend(
                Problem {
                    what: &what,
                    subject: &error.detail,
                    remedy: &remedy,
                }
                .lines(width, theme),
            );
        } else if self.running {
            lines.push(Line::styled(
                format!("{} writing", spinner(view.spinner)),
                theme.accent,
            ));
        } else {
            lines.push(Line::from(vec![
                Span::styled(view.keys.label(Action::Enter).to_owned(), theme.key),
                Span::raw(if self.name.is_some() {
                    " deletes it, once its name is typed   "
                } else {
                    " writes this to Cognito   "
                }),
                Span::styled(view.keys.label(Action::Back).to_owned(), theme.key),
                Span::raw(" changes nothing"),
            ]));
        }
        lines
    }

    fn step_lines(&self, at: usize, step: &Step, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        let done = at < self.through;
        let failed = at == self.through
            && self
                .outcome
                .as_ref()
                .is_some_and(|outcome| outcome.failed.is_some());
        let (mark, style) = match (step.is_done(), done, failed) {
            (true, ..) => ("= ", theme.dim),
            (_, true, _) => ("✓ ", theme.good),
            (_, _, true) => ("✗ ", theme.bad),
            _ if step.is_dangerous() => ("- ", theme.danger),
            _ if step
                .operation()
                .is_some_and(|name| name.starts_with("Update")) =>
            {
                ("~ ", theme.accent)
            }
            _ => ("+ ", theme.accent),
        };
        let mut lines = Vec::new();
        for (at, line) in prose(&step.sentence(), width.saturating_sub(2), theme.text)
            .into_iter()
            .enumerate()
        {
            let mark = if at == 0 { mark } else { "  " };
            let mut spans = vec![Span::styled(mark, style)];
            spans.extend(line.spans);
            lines.push(Line::from(spans));
        }
        let details = step.details().into_iter().map(|detail| detail.to_string());
        for detail in details.chain(step.warning()) {
            lines.extend(
                prose(&detail, width.saturating_sub(4), theme.dim)
                    .into_iter()
                    .map(|line| {
                        let mut spans = vec![Span::raw("    ")];
                        spans.extend(
                            line.spans
                                .into_iter()
                                .map(|span| span.patch_style(theme.dim)),
                        );
                        Line::from(spans)
                    }),
            );
        }
        lines
    }
}

impl Screen for Confirm {
    fn title(&self, _view: &View) -> String {
        "confirm".to_owned()
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{Back, Down, Enter, First, Last, PageDown, PageUp, Up};
        &[Enter, Back, Down, Up, First, Last, PageDown, PageUp]
    }

    fn word(&self, action: Action) -> &'static str {
        match action {
            Action::Enter if self.name.is_some() => "delete it",
            Action::Enter => "write it",
            Action::Back => "change nothing",
            other => other.word(),
        }
    }

    fn refuses(&self, action: Action, _view: &View) -> Option<String> {
        match action {
            Action::Enter if !self.change.plan.obstacles.is_empty() => {
                Some("Something stands in the way".to_owned())
            }
            Action::Enter if self.running => Some("It is being written".to_owned()),
            Action::Enter if self.outcome.is_some() => {
                Some("It is over: go back to try again".to_owned())
            }
            Action::Enter => self.untyped(),
            _ => None,
        }
    }

    fn act(&mut self, action: Action, _view: &View) -> Vec<Effect> {
        match action {
            Action::Enter => {
                self.running = true;
                vec![Effect::Change(self.change.clone())]
            }
            Action::Back => vec![Effect::Back],
            other => {
                self.scroll.act(other);
                Vec::new()
            }
        }
    }

    fn edit(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        let open = !self.running && self.outcome.is_none();
        let form = self.name.as_mut().filter(|_| open)?;
        form.edit(event).then(Vec::new)
    }

    fn is_typing(&self) -> bool {
        self.name.is_some() && !self.running && self.outcome.is_none()
    }

    fn hear(&mut self, fact: &Answer, _view: &View) -> Vec<Effect> {
        match fact {
            Answer::Step { change, progress } if *change == self.change => {
                self.through = match progress {
                    Progress::Started(at) => *at,
                    Progress::Finished(at) => at + 1,
                };
            }
            Answer::Changed { change, done } if *change == self.change => {
                self.running = false;
                self.through = done.through;
                self.outcome = Some(done.clone());
            }
            _ => {}
        }
        Vec::new()
    }

    fn scrolls(&self) -> Option<[Action; 2]> {
        self.scroll.keys()
    }

    fn overlay(&self) -> bool {
        true
    }

    fn draw(&mut self, frame: &mut Frame, area: Rect, view: &View) {
        let width = WIDTH.min(area.width);
        let lines = self.lines(width.saturating_sub(5), view);
        let typed = self.name.is_some() && !self.running && self.outcome.is_none();
        let below = if typed { 2 } else { 0 };
        let height = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .saturating_add(2 + below);
        let area = popup(frame, width, height);
        let pane = if self.name.is_some() {
            Pane::titled("Delete from Cognito?").danger()
        } else {
            Pane::titled("Write to Cognito?").focused(true)
        };
        let inner = pane.draw(frame, area, view.theme);
        let [above, below] =
            Layout::vertical([Constraint::Min(0), Constraint::Length(below)]).areas(inner);
        draw_lines(frame, above, view.theme, &lines, &mut self.scroll);
        let left = self.untyped();
        if let Some(form) = self.name.as_mut().filter(|_| typed) {
            form.set_hint(NAME, left.unwrap_or_else(|| "That is it".to_owned()));
            form.draw(frame, below, view.theme);
        }
    }
}
