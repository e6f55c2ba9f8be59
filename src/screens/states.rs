//! The sentences for what is not there: not yet, not at all, not allowed, not come through.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::load::{List, Load};
use crate::app::screen::View;
use crate::cognito::Error;
use crate::input::Action;
use crate::ui::facts::{Problem, prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

/// What stands in a list with no rows to show: `empty` where there truly are none.
pub fn sentence<T>(load: &Load<List<T>>, what: &str, empty: &str, view: &View) -> String {
    match load {
        Load::Missing | Load::Loading => format!("{} reading {what}", spinner(view.spinner)),
        Load::Failed(error) => error.one_line(),
        Load::Ready(list) | Load::Stale(list) if !list.complete => format!("{} reading {what}", spinner(view.spinner)),
        Load::Ready(_) | Load::Stale(_) => empty.to_owned(),
    }
}

/// How many rows there are, how many of them are shown, and since when.
pub fn count<T>(load: &Load<List<T>>, shown: usize, view: &View) -> String {
    let Some(list) = load.value() else { return String::new() };
    let total = list.items.len();
    let state = match load {
        Load::Stale(_) => format!("{} refreshing", spinner(view.spinner)),
        _ if !list.complete => format!("{} reading on", spinner(view.spinner)),
        _ => list.at.clock(),
    };
    if shown == total { format!("{total} · {state}") } else { format!("{shown} of {total} · {state}") }
}

/// An error in full: what happened, to what, in AWS's words, and the way out.
pub fn draw_error(frame: &mut Frame, area: Rect, error: &Error, view: &View) {
    let again = format!("{} tries again.", view.keys.label(Action::Refresh));
    let remedy = if error.hint.is_empty() { again } else { format!("{} · {again}", error.hint) };
    let what = error.to_string();
    let problem = Problem { what: &what, subject: &error.detail, remedy: &remedy };
    let lines = problem.lines(area.width.saturating_sub(1), view.theme);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// What stands where something is on its way.
pub fn draw_reading(frame: &mut Frame, area: Rect, what: &str, view: &View) {
    let lines = prose(&format!("{} reading {what}", spinner(view.spinner)), area.width, view.theme.dim);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}
