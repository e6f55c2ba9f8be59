//! The notes below the steps: obstacles, failures, keys.

use ratatui::text::Line;

use super::{PlanOutcome, PlanScreen};
use crate::app::screen::View;
use crate::cognito::{Error, ErrorKind};
use crate::domain::plan::{Plan, Step};
use crate::input::Action;
use crate::screens::plan::steps::RunState;
use crate::ui::properties::{Problem, key_lines, prose, spinner};

impl PlanScreen {
    /// The notes on the plan, and the keys that answer it. The keys do not scroll.
    pub(super) fn below(
        &self,
        plan: &Plan,
        width: u16,
        view: &View,
    ) -> (Vec<Line<'static>>, Vec<Line<'static>>) {
        let theme = view.theme;
        let mut lines = vec![Line::default()];
        for warning in &plan.warnings {
            lines.extend(prose(&format!("! {warning}"), width, theme.warn));
        }
        for obstacle in &plan.obstacles {
            let problem = Problem {
                what: &obstacle.about,
                subject: &obstacle.what,
                remedy: &obstacle.way_out,
            };
            lines.extend(problem.lines(width, theme));
            lines.push(Line::default());
        }
        if !plan.obstacles.is_empty() {
            return (lines, Vec::new());
        }
        let key = |action| view.keys.label(action);
        let stays = |step: &Step| matches!(step, Step::Kept { .. });
        let stays = matches!(self.steps.stage, RunState::Planned) && plan.steps.iter().any(stays);
        if stays {
            let words = "on a kept resource removes it too; others may use it";
            lines.extend(key_lines(&[(key(Action::Delete), words)], width, theme));
        }
        let mut keys = Vec::new();
        match &self.steps.stage {
            RunState::Over(done) => match &done.failed {
                Some(error) => lines.extend(self.failure(plan, done, error, width, view)),
                None => lines.push(Line::styled("✓ Applied", theme.good)),
            },
            RunState::Running => {
                let words = format!("{} writing", spinner(view.spinner));
                lines.push(Line::styled(words, theme.accent));
            }
            RunState::Planned if plan.is_settled() => {
                let (words, way) = if self.source.is_set_up() {
                    ("Nothing to do: everything exists already.", true)
                } else if stays {
                    ("Nothing to do: only shared resources are left.", false)
                } else {
                    ("Nothing to do: nothing of it exists.", false)
                };
                lines.extend(prose(&format!("✓ {words}"), width, theme.good));
                if way && self.already_there().is_some() {
                    keys.push((key(Action::Enter), "open app client"));
                }
            }
            RunState::Planned => {
                let word = if self.deletes() { "delete" } else { "apply" };
                keys.push((key(Action::Enter), word));
                keys.push((key(Action::Back), "cancel"));
            }
        }
        (lines, key_lines(&keys, width, theme))
    }

    /// What failed, the state of the other steps, and what to do.
    fn failure(
        &self,
        plan: &Plan,
        done: &PlanOutcome,
        error: &Error,
        width: u16,
        view: &View,
    ) -> Vec<Line<'static>> {
        let step = plan.steps.get(done.completed).map(Step::sentence);
        let step = step.unwrap_or_default();
        let what = format!("{step}: {}: {}", error.operation, error.kind.label());
        let (way, leads) = if self.can_plan_again() {
            (Action::Enter, "plans again with the current state")
        } else if self.is_outrun() {
            (Action::Back, "goes back; plan again with the current state")
        } else {
            (Action::Enter, "continues")
        };
        let fate = if matches!(
            error.kind,
            ErrorKind::Overwritten(_) | ErrorKind::NotTaken(_)
        ) {
            "Steps marked ✓ are applied; no step after ✗ was started."
        } else {
            "Steps marked ✓ are applied; ✗ and the steps after it are not."
        };
        let mut remedy = format!("{} {fate} {} {leads}.", error.hint, view.keys.label(way));
        if self.made_before_failure().is_some_and(|ready| ready.made) {
            let reveal = view.keys.label(Action::Reveal);
            remedy.push_str(" The app client exists: ");
            remedy.push_str(reveal);
            remedy.push_str(" opens it and its secret.");
        }
        let problem = Problem {
            what: &what,
            subject: &error.detail,
            remedy: &remedy,
        };
        problem.lines(width, view.theme)
    }
}
