//! Sentences for data that is loading, empty, denied or failed.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::Query;
use crate::app::query::load::{Load, NotLoaded, PagedList};
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::cognito::{Error, ErrorKind};
use crate::domain::ids::PoolId;
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::format::counted;
use crate::screens::shared::list::ListView;
use crate::ui::frame::Canvas;
use crate::ui::properties::{Problem, prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

/// A sentence about data: `say` if it is read, else that it is loading or why it failed. Each claim that
/// something is absent, or how much there is, uses this.
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

/// Why data is missing.
pub fn reason(unread: NotLoaded, what: &str, view: &View) -> String {
    match unread {
        NotLoaded::Coming => format!("{} loading {what}", spinner(view.spinner)),
        NotLoaded::Failed(error) => error.one_line(),
    }
}

/// The text of a list without rows: `empty` if it is complete.
pub fn sentence<T>(load: &Load<PagedList<T>>, what: &str, empty: &str, view: &View) -> String {
    claim(load.complete(), what, view, |_| empty.to_owned())
}

/// Why an empty list has no selection: `empty` if it is complete.
pub fn nothing_to_select<T>(
    load: &Load<PagedList<T>>,
    what: &str,
    empty: impl FnOnce() -> String,
) -> Option<String> {
    empty_text(load.complete(), load.partial().is_empty(), what, empty)
}

/// The same for data that is not paged.
pub fn empty_text<T>(
    known: Result<T, NotLoaded>,
    is_empty: bool,
    what: &str,
    empty: impl FnOnce() -> String,
) -> Option<String> {
    let unread = known.err();
    is_empty.then(|| unread.map_or_else(empty, |unread| refusal(unread, what)))
}

/// Why a key is disabled while data is missing.
pub fn refusal(unread: NotLoaded, what: &str) -> String {
    match unread {
        NotLoaded::Coming => format!("Still loading {what}"),
        NotLoaded::Failed(error) => error.one_line(),
    }
}

/// The number of rows, shown rows, their order if no column shows it, and their age.
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

/// A count, marked if the list is incomplete.
pub fn partial_count<T>(load: &Load<PagedList<T>>, count: String) -> String {
    match load.complete() {
        Ok(_) => count,
        Err(_) => format!("{count} so far"),
    }
}

/// Cognito's order, if no column or filter sorts. An incomplete list does not say it.
pub fn order<T>(load: &Load<PagedList<T>>, rows: &ListView) -> &'static str {
    if load.complete().is_ok() && rows.is_as_sent() {
        " · Cognito's order"
    } else {
        ""
    }
}

/// When a list was read, that it is loading, or that it is incomplete.
pub fn freshness<T>(load: &Load<PagedList<T>>, query: &Query, view: &View) -> String {
    let (in_flight, whole) = (view.store.is_in_flight(query), load.complete().is_ok());
    let at = load.read_at().map_or_else(String::new, Timestamp::clock);
    match (in_flight, whole) {
        (true, false) => format!("{} loading more", spinner(view.spinner)),
        (false, false) => "! incomplete".to_owned(),
        (_, true) => match mark(std::slice::from_ref(query), view) {
            Some(mark) if in_flight => mark,
            Some(mark) => format!("{mark} · {at}"),
            None => at,
        },
    }
}

/// The mark of stale data in a border: refreshing, or refresh failed. `None` if the data is current.
pub fn mark(queries: &[Query], view: &View) -> Option<String> {
    let store = view.store;
    if queries.iter().any(|query| store.is_stale(query)) {
        return Some("! refresh failed".to_owned());
    }
    let again = |query: &Query| store.is_in_flight(query) && store.has_value(query);
    let reads = queries.iter().any(again);
    reads.then(|| format!("{} refreshing", spinner(view.spinner)))
}

/// The same for client details; failed ones are listed below the rows.
pub fn details_mark(pool: &PoolId, view: &View) -> Option<String> {
    let store = view.store;
    let again = |query: &Query| query.detail_of() == Some(pool) && store.has_value(query);
    let reads = store.in_flight().any(again);
    reads.then(|| format!("{} refreshing", spinner(view.spinner)))
}

/// Puts a mark before a border text, unless the text has it.
pub fn marked(mark: Option<String>, rest: &str) -> String {
    match mark {
        Some(mark) if rest.is_empty() => mark,
        Some(mark) if !rest.contains(&mark) => format!("{mark} · {rest}"),
        _ => rest.to_owned(),
    }
}

/// A warning that client details are stale.
pub fn stale_details(pool: &PoolId, details: &[DetailKind], view: &View) -> Option<String> {
    let part = |detail: &DetailKind| {
        let what = match detail {
            DetailKind::Client => "settings",
            DetailKind::Secrets => "secret dates",
        };
        match view.store.stale_details(pool, *detail) {
            0 => None,
            count => Some(format!("{what} of {}", counted(count, "client"))),
        }
    };
    let parts: Vec<String> = details.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("! Outdated (refresh failed): {}", parts.join(", ")))
}

/// A warning that a list is incomplete.
pub fn broken_off<T>(load: &Load<PagedList<T>>, view: &View) -> Option<String> {
    let Load::Partial(_, error) = load else {
        return None;
    };
    let again = view.keys.label(Action::Refresh);
    Some(format!(
        "! Incomplete list ({again} to refresh): {}",
        error.one_line()
    ))
}

/// Why nothing is deleted while a filter is typed: the key edits text in other programs.
pub fn filter_first(view: &View) -> String {
    let keep = view.keys.label(Action::Enter);
    format!("Press {keep} to keep the filter first, then delete")
}

/// Why nothing can be planned after a failed refresh.
pub fn unread(view: &View) -> String {
    let again = view.keys.label(Action::Refresh);
    format!("Refresh failed, the data may be outdated: {again} to retry")
}

/// The text for a resource that no longer exists.
pub const GONE: &str = "No longer exists; deleted elsewhere";

/// Draws it instead of a screen.
pub fn draw_gone(frame: &mut Canvas, area: Rect, view: &View) {
    let lines = prose(GONE, area.width.saturating_sub(1), view.theme.warn);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// Draws why nothing can be planned instead of a screen.
pub fn draw_unread(frame: &mut Canvas, area: Rect, view: &View) {
    let lines = prose(&unread(view), area.width.saturating_sub(1), view.theme.warn);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// An error in full: what failed, on what, AWS's message, and what to do.
pub fn draw_error(frame: &mut Canvas, area: Rect, error: &Error, view: &View) {
    let lines = error_lines(error, area.width.saturating_sub(1), view);
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}

/// The same as lines.
pub fn error_lines(error: &Error, width: u16, view: &View) -> Vec<Line<'static>> {
    let mut again = format!("{} to retry.", view.keys.label(Action::Refresh));
    if let ErrorKind::ExpiredCredentials { sign_in: Some(_) } = error.kind {
        again = format!("{} runs it here. {again}", view.keys.label(Action::LogIn));
    }
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

/// Draws that something is loading.
pub fn draw_reading(frame: &mut Canvas, area: Rect, what: &str, view: &View) {
    let lines = prose(
        &format!("{} loading {what}", spinner(view.spinner)),
        area.width,
        view.theme.dim,
    );
    draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
}
