//! The steps of a plan as lines: what each does, what became of it, and the command that does the same.

use std::ops::Range;

use ratatui::text::{Line, Span};

use crate::app::message::Done;
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::plan::{Place, Plan, Step, There};
use crate::input::Action;
use crate::ui::facts::{prose, spinner};
use crate::ui::scroll::Scroll;

/// How far the carrying out of a plan has come.
#[derive(Clone, Debug, Default)]
pub enum Stage {
    /// Nothing is written yet.
    #[default]
    Planned,
    Running,
    Over(Box<Done>),
}

impl Stage {
    /// How it ended, where it ended with a failure.
    pub fn failure(&self) -> Option<&Done> {
        match self {
            Self::Over(done) => Some(done.as_ref()).filter(|done| done.failed.is_some()),
            _ => None,
        }
    }
}

/// The steps of one plan, the cursor on one of them.
#[derive(Default)]
pub struct Steps {
    pub stage: Stage,
    /// The steps before this one are over.
    pub through: usize,
    /// The user pool is named elsewhere: that it is there is not said again.
    pub unnamed_pool: bool,
    cursor: usize,
    /// Whether the command of the step under the cursor is shown.
    commands: bool,
    /// The cursor has moved since the last drawing: the text goes with it.
    moved: bool,
    /// The step that failed, until the user looks at one: why it did matters more than what it was to do.
    failed: Option<usize>,
    pub scroll: Scroll,
}

impl Steps {
    /// The step under the cursor.
    pub fn selected<'a>(&self, plan: &'a Plan) -> Option<&'a Step> {
        plan.steps.get(self.at(plan))
    }

    /// Where the cursor is.
    fn at(&self, plan: &Plan) -> usize {
        let last = plan.steps.len().saturating_sub(1);
        self.cursor.max(self.first(plan)).min(last)
    }

    /// The first step that is shown.
    fn first(&self, plan: &Plan) -> usize {
        let pool = plan.steps.first();
        let pool = pool.is_some_and(|step| matches!(step, Step::There(There::Pool { .. })));
        usize::from(pool && self.unnamed_pool)
    }

    /// Moves the cursor, or the text. `false` where the action is not one of these.
    pub fn act(&mut self, action: Action, plan: &Plan) -> bool {
        let last = plan.steps.len().saturating_sub(1);
        let (at, first) = (self.at(plan), self.first(plan));
        self.cursor = match action {
            Action::Down => (at + 1).min(last),
            Action::Up => at.saturating_sub(1).max(first),
            Action::First => first,
            Action::Last => last,
            Action::Toggle => {
                self.commands = !self.commands;
                at
            }
            Action::PageDown | Action::PageUp => return self.scroll.act(action),
            _ => return false,
        };
        self.moved = true;
        self.failed = None;
        true
    }

    /// Shows the command of the step under the cursor.
    pub fn show_command(&mut self) {
        self.commands = true;
        self.moved = true;
    }

    /// Goes to the step that failed, from which what is done and what is not can be told.
    pub fn show_failure(&mut self) {
        if self.stage.failure().is_some() {
            self.cursor = self.through;
            self.moved = true;
            self.failed = Some(self.through);
        }
    }

    /// Brings what the cursor is on into a view of `height` lines.
    pub fn follow(&mut self, ranges: &[Range<usize>], len: usize, height: u16) {
        if !std::mem::take(&mut self.moved) {
            return;
        }
        let Some(lines) = ranges.get(self.cursor.min(ranges.len().saturating_sub(1))) else {
            return;
        };
        let start = if self.cursor == 0 || lines.start <= 2 {
            0
        } else {
            lines.start
        };
        // Below the steps stands why it failed, and what to press.
        let failed = self.stage.failure().is_some() && self.cursor == self.through;
        let end = if failed || self.cursor + 1 >= ranges.len() {
            len
        } else {
            lines.end
        };
        let height = usize::from(height);
        // Where there is no room for both, these matter more than the step.
        let start = if failed && self.failed.is_some() {
            start.max(end.saturating_sub(height))
        } else {
            start
        };
        self.scroll.follow(start..end, height);
    }

    /// The lines of all steps, and which of them are whose.
    pub fn lines(
        &self,
        plan: &Plan,
        width: u16,
        view: &View,
    ) -> (Vec<Line<'static>>, Vec<Range<usize>>) {
        let mut lines = Vec::new();
        let mut ranges = Vec::new();
        for (at, step) in plan.steps.iter().enumerate() {
            let start = lines.len();
            if at >= self.first(plan) {
                lines.extend(self.step(at, step, plan, width, view));
            }
            ranges.push(start..lines.len());
        }
        (lines, ranges)
    }

    fn step(
        &self,
        at: usize,
        step: &Step,
        plan: &Plan,
        width: u16,
        view: &View,
    ) -> Vec<Line<'static>> {
        let theme = view.theme;
        let here = at == self.at(plan);
        let failed = self.stage.failure().is_some() && at == self.through;
        let running = matches!(self.stage, Stage::Running) && at == self.through;
        let (mark, style) = match step {
            _ if step.is_done() => ("=", theme.dim),
            _ if at < self.through => ("✓", theme.good),
            _ if failed => ("✗", theme.bad),
            _ if running => (spinner(view.spinner), theme.accent),
            _ if step.is_dangerous() => ("-", theme.danger),
            _ if step.is_a_change() => ("~", theme.accent),
            _ => ("+", theme.accent),
        };
        let cursor = if here { "▌" } else { " " };
        let sentence = if here { theme.selected } else { theme.text };
        let mut lines = Vec::new();
        for (row, line) in prose(&step.sentence(), width.saturating_sub(3), sentence)
            .into_iter()
            .enumerate()
        {
            let mark = if row == 0 { mark } else { " " };
            let mut spans = vec![
                Span::styled(cursor, theme.accent),
                Span::styled(format!("{mark} "), style),
            ];
            spans.extend(line.spans.into_iter().map(|s| s.patch_style(line.style)));
            lines.push(Line::from(spans));
        }
        // Once it has failed, what each step was to do matters less than which of them are done, and why this one is not.
        let brief = self.stage.failure().is_some() && (!here || self.failed.is_some());
        let details = step.details().into_iter().filter(|_| !brief);
        let details = details.map(|detail| (detail.to_string(), theme.dim));
        let warning = step
            .warning()
            .filter(|_| !brief)
            .map(|text| (format!("! {text}"), theme.warn));
        for (text, style) in details.chain(warning) {
            lines.extend(indented(&text, width, style));
        }
        if here && self.commands {
            let command = command(step, plan, self.made(), view);
            for line in command.lines() {
                lines.extend(indented(line, width, theme.accent));
            }
        }
        lines
    }

    fn made(&self) -> Option<&PoolId> {
        match &self.stage {
            Stage::Over(done) => done.pool.as_ref(),
            _ => None,
        }
    }

    /// The AWS CLI's command for the step under the cursor, with a name for it; `None` where it has nothing to do.
    pub fn command(&self, plan: &Plan, view: &View) -> Option<(String, String)> {
        let step = self.selected(plan)?;
        let what = format!("the command for {}", step.operation()?);
        Some((what, command(step, plan, self.made(), view)))
    }
}

fn command(step: &Step, plan: &Plan, made: Option<&PoolId>, view: &View) -> String {
    step.cli(Place {
        pool: plan.pool.id.as_ref().or(made),
        profile: view.session.profile.as_deref(),
        region: view.session.region.as_deref(),
        endpoint: view.session.endpoint.as_deref(),
    })
}

/// A line beneath a step; one that goes on with the line before it stands further in.
fn indented(
    text: &str,
    width: u16,
    style: ratatui::style::Style,
) -> impl Iterator<Item = Line<'static>> {
    let indent = if text.starts_with(' ') { 6 } else { 4 };
    let room = width.saturating_sub(indent);
    let lines = prose(text.trim_start(), room, style).into_iter();
    lines.map(move |line| {
        let mut spans = vec![Span::raw(" ".repeat(usize::from(indent)))];
        spans.extend(line.spans.into_iter().map(|s| s.patch_style(line.style)));
        Line::from(spans)
    })
}
