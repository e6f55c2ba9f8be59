//! The sentences for what is not there: not yet, not at all, not allowed, not come through.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::listing::Listing;
use crate::app::load::{List, Load};
use crate::app::message::Query;
use crate::app::screen::View;
use crate::cognito::Error;
use crate::input::Action;
use crate::ui::facts::{Problem, prose, spinner};
use crate::ui::frame::Frame;
use crate::ui::scroll::{Scroll, draw_lines};

/// What stands in a list with no rows to show: `empty` where there truly are none.
pub fn sentence<T>(load: &Load<List<T>>, what: &str, empty: &str, view: &View) -> String {
    match load {
        Load::Failed(error) | Load::Broken(_, error) => error.one_line(),
        Load::Ready(list) | Load::Stale(list) if list.complete => empty.to_owned(),
        _ => format!("{} reading {what}", spinner(view.spinner)),
    }
}

/// What stands for a part of something that is read as a whole: `there` where it was read.
pub fn detail<T>(load: &Load<T>, what: &str, there: &str, view: &View) -> String {
    match load {
        Load::Failed(error) => error.one_line(),
        Load::Missing | Load::Loading => format!("{} reading {what}", spinner(view.spinner)),
        Load::Ready(_) | Load::Stale(_) | Load::Broken(..) => there.to_owned(),
    }
}

/// How many rows there are, how many of them are shown, in whose order where no column's arrow tells, and since when.
pub fn count<T>(load: &Load<List<T>>, rows: &Listing, query: &Query, view: &View) -> String {
    let shown = rows.shown();
    let Some(list) = load.value() else {
        return String::new();
    };
    let total = list.items.len();
    let order = order(list, rows);
    let state = freshness(list, query, view);
    if shown == total {
        format!("{total} · {state}{order}")
    } else {
        format!("{shown} of {total} · {state}{order}")
    }
}

/// Whose order the rows are in, where no column's arrow and no filter tells. That a list is not whole matters more.
pub fn order<T>(list: &List<T>, rows: &Listing) -> &'static str {
    if list.complete && rows.is_as_sent() {
        " · in Cognito's order"
    } else {
        ""
    }
}

/// When a list was read, that it is being read, or that its end did not come.
pub fn freshness<T>(list: &List<T>, query: &Query, view: &View) -> String {
    match (view.store.is_in_flight(query), list.complete) {
        (true, true) => format!("{} refreshing", spinner(view.spinner)),
        (true, false) => format!("{} reading on", spinner(view.spinner)),
        (false, true) => list.at.clock(),
        (false, false) => "! not whole".to_owned(),
    }
}

/// What stands below the rows of a list whose end did not come.
pub fn broken_off<T>(load: &Load<List<T>>, view: &View) -> Option<String> {
    let Load::Broken(_, error) = load else {
        return None;
    };
    let again = view.keys.label(Action::Refresh);
    Some(format!(
        "! The list is not whole, {again} reads it again: {}",
        error.one_line()
    ))
}

/// Why nothing is deleted while a filter is typed: a key that edits a line elsewhere must not be taken for it.
pub fn filter_first(view: &View) -> String {
    let keep = view.keys.label(Action::Enter);
    format!("The filter is being typed: {keep} keeps it, and then a row can be deleted")
}

/// Why nothing can be planned, where what the plan is to be made of was read once and could not be read again.
pub fn unread(view: &View) -> String {
    let again = view.keys.label(Action::Refresh);
    format!("What is there could not be read again, and may have changed: {again} tries once more")
}

/// The same in the place of a screen.
pub fn draw_unread(frame: &mut Frame, area: Rect, view: &View) {
    let lines = prose(&unread(view), area.width.saturating_sub(1), view.theme.warn);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// An error in full: what happened, to what, in AWS's words, and the way out.
pub fn draw_error(frame: &mut Frame, area: Rect, error: &Error, view: &View) {
    let lines = error_lines(error, area.width.saturating_sub(1), view);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// The same, as lines to stand among others.
pub fn error_lines(error: &Error, width: u16, view: &View) -> Vec<Line<'static>> {
    let again = format!("{} tries again.", view.keys.label(Action::Refresh));
    let remedy = if error.hint.is_empty() {
        again
    } else {
        format!("{} {again}", error.hint)
    };
    let what = error.to_string();
    let problem = Problem {
        what: &what,
        subject: &error.detail,
        remedy: &remedy,
    };
    problem.lines(width, view.theme)
}

/// What stands where something is on its way.
pub fn draw_reading(frame: &mut Frame, area: Rect, what: &str, view: &View) {
    let lines = prose(
        &format!("{} reading {what}", spinner(view.spinner)),
        area.width,
        view.theme.dim,
    );
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}
