//! The sentences for what is not there: not yet, not at all, not allowed, not come through.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::Query;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::app::store::load::{Load, NotLoaded, PagedList};
use crate::cognito::Error;
use crate::domain::ids::PoolId;
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::format::counted;
use crate::screens::shared::list::ListView;
use crate::ui::frame::Canvas;
use crate::ui::properties::{Problem, prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

/// A sentence about something that has to be read first: `say` of it, or that it is being read, or why it was not. Whatever claims that
/// something is not there, or how much there is, is said through this.
pub fn claim<T>(
    known: Result<T, NotLoaded>,
    what: &str,
    view: &View,
    say: impl FnOnce(T) -> String,
) -> String {
    match known {
        Ok(value) => say(value),
        Err(unread) => reason(unread, what, view),
    }
}

/// Why nothing is said of something.
pub fn reason(unread: NotLoaded, what: &str, view: &View) -> String {
    match unread {
        NotLoaded::Coming => format!("{} reading {what}", spinner(view.spinner)),
        NotLoaded::Failed(error) => error.one_line(),
    }
}

/// What stands in a list with no rows to show: `empty` where there truly are none.
pub fn sentence<T>(load: &Load<PagedList<T>>, what: &str, empty: &str, view: &View) -> String {
    claim(load.complete(), what, view, |_| empty.to_owned())
}

/// Why no row of a list can be selected, where none is there: `empty` where there truly is none.
pub fn nothing_to_select<T>(
    load: &Load<PagedList<T>>,
    what: &str,
    empty: impl FnOnce() -> String,
) -> Option<String> {
    empty_text(load.complete(), load.partial().is_empty(), what, empty)
}

/// The same of something that comes in one piece.
pub fn empty_text<T>(
    known: Result<T, NotLoaded>,
    is_empty: bool,
    what: &str,
    empty: impl FnOnce() -> String,
) -> Option<String> {
    let unread = known.err();
    is_empty.then(|| unread.map_or_else(empty, |unread| refusal(unread, what)))
}

/// Why a key does nothing that needs what is not read.
pub fn refusal(unread: NotLoaded, what: &str) -> String {
    match unread {
        NotLoaded::Coming => format!("Still reading {what}"),
        NotLoaded::Failed(error) => error.one_line(),
    }
}

/// How many rows there are, how many of them are shown, in whose order where no column's arrow tells, and since when.
pub fn count<T>(load: &Load<PagedList<T>>, rows: &ListView, query: &Query, view: &View) -> String {
    let shown = rows.shown();
    if load.value().is_none() {
        return String::new();
    }
    let total = partial_count(load, load.partial().len().to_string());
    let order = order(load, rows);
    let state = freshness(load, query, view);
    if shown == load.partial().len() {
        format!("{total} · {state}{order}")
    } else {
        format!("{shown} of {total} · {state}{order}")
    }
}

/// A number that was counted in a list, marked where the list may go on.
pub fn partial_count<T>(load: &Load<PagedList<T>>, count: String) -> String {
    match load.complete() {
        Ok(_) => count,
        Err(_) => format!("{count} so far"),
    }
}

/// Whose order the rows are in, where no column's arrow and no filter tells. That a list is not whole matters more.
pub fn order<T>(load: &Load<PagedList<T>>, rows: &ListView) -> &'static str {
    if load.complete().is_ok() && rows.is_as_sent() {
        " · in Cognito's order"
    } else {
        ""
    }
}

/// When a list was read, that it is being read, or that its end did not come.
pub fn freshness<T>(load: &Load<PagedList<T>>, query: &Query, view: &View) -> String {
    let (in_flight, whole) = (view.store.is_in_flight(query), load.complete().is_ok());
    let at = load.read_at().map_or_else(String::new, Timestamp::clock);
    match (in_flight, whole) {
        (true, false) => format!("{} reading on", spinner(view.spinner)),
        (false, false) => "! not whole".to_owned(),
        (_, true) => match mark(std::slice::from_ref(query), view) {
            Some(mark) if in_flight => mark,
            Some(mark) => format!("{mark} · {at}"),
            None => at,
        },
    }
}

/// What stands in the border of what was read before: that it is being read again, or that this failed. `None` where all of it is as
/// new as it can be.
pub fn mark(queries: &[Query], view: &View) -> Option<String> {
    let store = view.store;
    if queries.iter().any(|query| store.is_stale(query)) {
        return Some("! refresh failed".to_owned());
    }
    let again = |query: &Query| store.is_in_flight(query) && store.has_value(query);
    let reads = queries.iter().any(again);
    reads.then(|| format!("{} refreshing", spinner(view.spinner)))
}

/// The same of the details of a pool's clients, while they are read again; what became of those that failed stands below the rows.
pub fn details_mark(pool: &PoolId, view: &View) -> Option<String> {
    let store = view.store;
    let again = |query: &Query| query.detail_of() == Some(pool) && store.has_value(query);
    let reads = store.in_flight().any(again);
    reads.then(|| format!("{} refreshing", spinner(view.spinner)))
}

/// Puts a mark before what stands in a border, unless it is there already.
pub fn marked(mark: Option<String>, rest: &str) -> String {
    match mark {
        Some(mark) if rest.is_empty() => mark,
        Some(mark) if !rest.contains(&mark) => format!("{mark} · {rest}"),
        _ => rest.to_owned(),
    }
}

/// That the details of clients are from before, for below or beside what shows them.
pub fn stale_details(pool: &PoolId, details: &[DetailKind], view: &View) -> Option<String> {
    let part = |detail: &DetailKind| {
        let what = match detail {
            DetailKind::Client => "the settings",
            DetailKind::Secrets => "the secret dates",
        };
        match view.store.stale_details(pool, *detail) {
            0 => None,
            count => Some(format!("{what} of {}", counted(count, "client"))),
        }
    };
    let parts: Vec<String> = details.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("! Refresh failed, shown as before: {}", parts.join(", ")))
}

/// What stands below the rows of a list whose end did not come.
pub fn broken_off<T>(load: &Load<PagedList<T>>, view: &View) -> Option<String> {
    let Load::Partial(_, error) = load else {
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

/// What is said of what is not among all that was read.
pub const GONE: &str = "It is there no more: somebody else deleted it";

/// The same in the place of a screen.
pub fn draw_gone(frame: &mut Canvas, area: Rect, view: &View) {
    let lines = prose(GONE, area.width.saturating_sub(1), view.theme.warn);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// Why nothing can be planned, in the place of a screen.
pub fn draw_unread(frame: &mut Canvas, area: Rect, view: &View) {
    let lines = prose(&unread(view), area.width.saturating_sub(1), view.theme.warn);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// An error in full: what happened, to what, in AWS's words, and the way out.
pub fn draw_error(frame: &mut Canvas, area: Rect, error: &Error, view: &View) {
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
pub fn draw_reading(frame: &mut Canvas, area: Rect, what: &str, view: &View) {
    let lines = prose(
        &format!("{} reading {what}", spinner(view.spinner)),
        area.width,
        view.theme.dim,
    );
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}
