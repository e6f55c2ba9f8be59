//! The steps of a plan as lines: what each does, its state, and its AWS CLI command.

use std::mem;
use std::ops::Range;
use std::rc::Rc;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::message::PlanOutcome;
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::plan::{CliContext, Existing, Plan, Step};
use crate::input::Action;
use crate::ui::properties::{prose, spinner};
use crate::ui::scroll::Scroll;

/// The progress of a plan.
#[derive(Clone, Debug, Default)]
pub enum RunState {
    /// Nothing is written yet.
    #[default]
    Planned,
    Running,
    Over(Box<PlanOutcome>),
}

impl RunState {
    /// The outcome, if it failed.
    pub fn failure(&self) -> Option<&PlanOutcome> {
        match self {
            Self::Over(done) => Some(done.as_ref()).filter(|done| done.failed.is_some()),
            _ => None,
        }
    }

    /// Whether a step was sent but not confirmed.
    fn is_unconfirmed(&self, at: usize) -> bool {
        match self {
            Self::Over(done) => done.unconfirmed.iter().any(|(of, _)| *of == at),
            _ => false,
        }
    }
}

/// The steps of one plan, with a cursor.
#[derive(Default)]
pub struct StepList {
    pub stage: RunState,
    /// The steps before this one are done.
    pub through: usize,
    /// The heading names the user pool, so its step is not shown.
    pub unnamed_pool: bool,
    cursor: usize,
    /// Whether to show the command of the step under the cursor.
    commands: bool,
    /// The cursor moved since the last frame; scroll to it.
    moved: bool,
    /// The failed step, until the user moves the cursor. Its error matters more than its details.
    failed: Option<usize>,
    laid: StepLayout,
    pub scroll: Scroll,
}

/// The lines of the steps, cached between frames: a plan may have thousands of steps, or name thousands of
/// clients.
#[derive(Default)]
struct StepLayout {
    /// The plan and the width of the cached lines.
    of: Option<(Rc<Plan>, u16)>,
    steps: Vec<(StepStyle, Vec<Line<'static>>)>,
}

/// What the lines of a step depend on, besides the step and the width.
#[derive(PartialEq)]
struct StepStyle {
    here: bool,
    mark: &'static str,
    style: Style,
    brief: bool,
    /// The command of the step under the cursor, if shown.
    command: Option<String>,
}

impl StepList {
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
        let pool = pool.is_some_and(|step| matches!(step, Step::There(Existing::Pool { .. })));
        usize::from(pool && self.unnamed_pool)
    }

    /// Moves the cursor or scrolls. `false` for other actions.
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

    /// Toggles the command of the step under the cursor.
    pub fn show_command(&mut self) {
        self.commands = true;
        self.moved = true;
    }

    /// Moves to the failed step, which separates done steps from the others.
    pub fn show_failure(&mut self) {
        if self.stage.failure().is_some() {
            self.cursor = self.through;
            self.moved = true;
            self.failed = Some(self.through);
        }
    }

    /// Scrolls to the cursor in a view of `height` lines.
    pub fn follow(&mut self, ranges: &[Range<usize>], len: usize, height: u16) {
        if !mem::take(&mut self.moved) {
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
        // The error and the keys are below the steps.
        let failed = self.stage.failure().is_some() && self.cursor == self.through;
        let end = if failed || self.cursor + 1 >= ranges.len() {
            len
        } else {
            lines.end
        };
        let height = usize::from(height);
        // Without room for both, they matter more than the step.
        let start = if failed && self.failed.is_some() {
            start.max(end.saturating_sub(height))
        } else {
            start
        };
        self.scroll.follow(start..end, height);
    }

    /// Lays out all steps; unchanged ones come from the cache.
    pub fn lay_out(&mut self, plan: &Rc<Plan>, width: u16, view: &View) {
        let mut laid = mem::take(&mut self.laid);
        let same = |(of, wide): &(Rc<Plan>, u16)| Rc::ptr_eq(of, plan) && *wide == width;
        if !laid.of.as_ref().is_some_and(same) {
            laid.steps.clear();
            laid.of = Some((Rc::clone(plan), width));
        }
        for (at, step) in plan.steps.iter().enumerate() {
            let look = self.look(at, step, plan, view);
            let kept = laid.steps.get_mut(at);
            if kept.as_ref().is_some_and(|(before, _)| *before == look) {
                continue;
            }
            let lines = if at < self.first(plan) {
                Vec::new()
            } else {
                lines(step, &look, width, view)
            };
            match kept {
                Some(kept) => *kept = (look, lines),
                None => laid.steps.push((look, lines)),
            }
        }
        self.laid = laid;
    }

    /// The lines as laid out.
    pub fn lines(&self) -> impl Iterator<Item = &Line<'static>> {
        self.laid.steps.iter().flat_map(|(_, lines)| lines)
    }

    /// The line range of each step, counted from `start`.
    pub fn ranges(&self, start: usize) -> Vec<Range<usize>> {
        let mut end = start;
        let steps = self.laid.steps.iter().map(|(_, lines)| {
            let start = end;
            end += lines.len();
            start..end
        });
        steps.collect()
    }

    fn look(&self, at: usize, step: &Step, plan: &Plan, view: &View) -> StepStyle {
        let theme = view.theme;
        let here = at == self.at(plan);
        let failed = self.stage.failure().is_some() && at == self.through;
        let running = matches!(self.stage, RunState::Running) && at == self.through;
        let (mark, style) = match step {
            _ if step.is_done() => ("=", theme.dim),
            _ if self.stage.is_unconfirmed(at) => ("?", theme.warn),
            _ if at < self.through => ("✓", theme.good),
            _ if failed => ("✗", theme.bad),
            _ if running => (spinner(view.spinner), theme.accent),
            _ if step.is_dangerous() => ("-", theme.danger),
            _ if step.is_a_change() => ("~", theme.accent),
            _ => ("+", theme.accent),
        };
        StepStyle {
            here,
            mark,
            style,
            // After a failure, the state of the steps and the error matter more than the details.
            brief: self.stage.failure().is_some() && (!here || self.failed.is_some()),
            command: (here && self.commands).then(|| command(step, plan, self.made(), view)),
        }
    }

    fn made(&self) -> Option<&PoolId> {
        match &self.stage {
            RunState::Over(done) => done.pool.as_ref(),
            _ => None,
        }
    }

    /// The AWS CLI command of the step under the cursor, with a name; `None` if it has nothing to do.
    pub fn command(&self, plan: &Plan, view: &View) -> Option<(String, String)> {
        let step = self.selected(plan)?;
        let what = format!("the command for {}", step.operation()?);
        Some((what, command(step, plan, self.made(), view)))
    }
}

fn lines(step: &Step, look: &StepStyle, width: u16, view: &View) -> Vec<Line<'static>> {
    #[cfg(test)]
    tests::MADE.set(tests::MADE.get() + 1);
    let theme = view.theme;
    let cursor = if look.here { "▌" } else { " " };
    let sentence = if look.here {
        theme.selected
    } else {
        theme.text
    };
    let mut lines = Vec::new();
    for (row, line) in prose(&step.sentence(), width.saturating_sub(3), sentence)
        .into_iter()
        .enumerate()
    {
        let mark = if row == 0 { look.mark } else { " " };
        let mut spans = vec![
            Span::styled(cursor, theme.accent),
            Span::styled(format!("{mark} "), look.style),
        ];
        spans.extend(line.spans.into_iter().map(|s| s.patch_style(line.style)));
        lines.push(Line::from(spans));
    }
    if !look.brief {
        let details = step.details().into_iter();
        let details = details.map(|detail| (detail.to_string(), theme.dim));
        let warning = step.warning().map(|text| (format!("! {text}"), theme.warn));
        for (text, style) in details.chain(warning) {
            lines.extend(indented(&text, width, style));
        }
    }
    for line in look.command.iter().flat_map(|command| command.lines()) {
        lines.extend(indented(line, width, theme.accent));
    }
    lines
}

fn command(step: &Step, plan: &Plan, made: Option<&PoolId>, view: &View) -> String {
    step.cli(CliContext {
        pool: plan.pool.id.as_ref().or(made),
        profile: view.session.profile.as_deref(),
        region: view.session.region.as_deref(),
        endpoint: view.session.endpoint.as_deref(),
    })
}

/// A line below a step; a continuation line is indented further.
fn indented(text: &str, width: u16, style: Style) -> impl Iterator<Item = Line<'static>> {
    let indent = if text.starts_with(' ') { 6 } else { 4 };
    let room = width.saturating_sub(indent);
    let lines = prose(text.trim_start(), room, style).into_iter();
    lines.map(move |line| {
        let mut spans = vec![Span::raw(" ".repeat(usize::from(indent)))];
        spans.extend(line.spans.into_iter().map(|s| s.patch_style(line.style)));
        Line::from(spans)
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use crate::app::message::{DeleteTarget, Message, Route};
    use crate::domain::new_client::machine_auth_server;
    use crate::domain::oauth::endpoints::tests::pool;
    use crate::domain::time::Timestamp;
    use crate::screens::shared::memo::tests::console;
    use crate::ui::screenshot;

    thread_local! {
        /// Of how many steps the lines were made.
        pub(super) static MADE: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn a_frame_lays_out_the_steps_that_look_otherwise_and_no_others() {
        let api = machine_auth_server().identifier;
        let id = pool("eu-west-1_A", None, None).id;
        let mut app = console(Route::Delete(DeleteTarget::Server(id, api)));
        let mut buffer = Buffer::empty(Rect::new(0, 0, 100, 20));
        let mut press = |key| {
            let before = MADE.get();
            let press = Event::Key(KeyEvent::new(key, KeyModifiers::NONE));
            app.update(Message::Input(press), Timestamp::from_seconds(2));
            buffer.reset();
            app.draw(&mut buffer);
            (MADE.get() - before, screenshot::text(&buffer))
        };
        // Each of the 500 clients loses the scope in a step of its own, and then the server goes.
        press(KeyCode::Char(' '));
        assert_eq!(press(KeyCode::Enter).0, 501);
        assert_eq!(press(KeyCode::PageDown).0, 0);
        // From the field for the name to the steps.
        assert_eq!(press(KeyCode::Tab).0, 0);
        // The cursor leaves one and comes to another.
        let (made, screen) = press(KeyCode::Down);
        assert_eq!(made, 2);
        assert!(
            screen.contains("▌~ Change app client machine_auth (00000000000000000000000001)"),
            "{screen}"
        );
        let (made, screen) = press(KeyCode::Char('G'));
        assert_eq!(made, 2);
        assert!(screen.contains("▌- Delete resource server api"), "{screen}");
    }
}
