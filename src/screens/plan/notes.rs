//! What stands below the steps: what is in the way, what went wrong, or what to press.

use ratatui::text::Line;

use super::{PlanOutcome, PlanScreen};
use crate::app::screen::View;
use crate::cognito::{Error, ErrorKind};
use crate::domain::plan::{Plan, Step};
use crate::input::Action;
use crate::screens::plan::steps::RunState;
use crate::ui::properties::{Problem, key_lines, prose, spinner};

impl PlanScreen {
    /// What is said of the plan, and below it the keys that answer, which stay in sight however long it is.
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
            let words = "on what stays takes it, too: others may use it";
            lines.extend(key_lines(&[(key(Action::Delete), words)], width, theme));
        }
        let mut keys = Vec::new();
        match &self.steps.stage {
            RunState::Over(done) => match &done.failed {
                Some(error) => lines.extend(self.failure(plan, done, error, width, view)),
                None => lines.push(Line::styled("✓ All done", theme.good)),
            },
            RunState::Running => {
                let words = format!("{} writing", spinner(view.spinner));
                lines.push(Line::styled(words, theme.accent));
            }
            RunState::Planned if plan.is_settled() => {
                let (words, way) = if self.source.is_set_up() {
                    ("All of it is there already: there is nothing to do.", true)
                } else if stays {
                    ("Nothing is left that is the set-up's alone.", false)
                } else {
                    ("None of it is there: there is nothing to do.", false)
                };
                lines.extend(prose(&format!("✓ {words}"), width, theme.good));
                if way && self.already_there().is_some() {
                    keys.push((key(Action::Enter), "goes on to the app client"));
                }
            }
            RunState::Planned => {
                let words = match (self.asks_name(), self.deletes()) {
                    (true, true) => "deletes it, once its name is typed",
                    (true, false) => "writes this to Cognito, once that is typed",
                    (false, _) => "writes this to Cognito",
                };
                keys.push((key(Action::Enter), words));
                keys.push((key(Action::Back), "changes nothing"));
            }
        }
        (lines, key_lines(&keys, width, theme))
    }

    /// What failed, what became of the rest, and the way out.
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
            (Action::Enter, "shows it again, on what is there now")
        } else if self.is_outrun() {
            (
                Action::Back,
                "leads back, to plan it anew on what is there now",
            )
        } else {
            (Action::Enter, "goes on from there")
        };
        let fate = if matches!(
            error.kind,
            ErrorKind::Overwritten(_) | ErrorKind::NotTaken(_)
        ) {
            "What is marked as done stays; no step after the one marked ✗ was started."
        } else {
            "What is marked as done stays; from the step marked ✗ on nothing is."
        };
        let mut remedy = format!("{} {fate} {} {leads}.", error.hint, view.keys.label(way));
        if self.made_before_failure().is_some_and(|ready| ready.made) {
            let reveal = view.keys.label(Action::Reveal);
            remedy.push_str(" The app client is made, and its secret is not lost: ");
            remedy.push_str(reveal);
            remedy.push_str(" leads to it.");
        }
        let problem = Problem {
            what: &what,
            subject: &error.detail,
            remedy: &remedy,
        };
        problem.lines(width, view.theme)
    }
}
