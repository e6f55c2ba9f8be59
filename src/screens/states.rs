//! The sentences for what is not there: not yet, not at all, not allowed, not come through.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::load::{List, Load};
use crate::app::screen::View;
use crate::cognito::Error;
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::text::wrap;

const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// The moving mark of something on its way.
pub fn spinner(view: &View) -> &'static str {
    SPINNER.get(view.spinner % SPINNER.len()).copied().unwrap_or("…")
}

/// What stands in a list with no rows to show: `empty` where there truly are none.
pub fn sentence<T>(load: &Load<List<T>>, what: &str, empty: &str, view: &View) -> String {
    match load {
        Load::Missing | Load::Loading => format!("{} reading {what}", spinner(view)),
        Load::Failed(error) => error.one_line(),
        Load::Ready(list) | Load::Stale(list) if !list.complete => format!("{} reading {what}", spinner(view)),
        Load::Ready(_) | Load::Stale(_) => empty.to_owned(),
    }
}

/// How many rows there are, how many of them are shown, and since when.
pub fn count<T>(load: &Load<List<T>>, shown: usize, view: &View) -> String {
    let Some(list) = load.value() else { return String::new() };
    let total = list.items.len();
    let state = match load {
        Load::Stale(_) => format!("{} refreshing", spinner(view)),
        _ if !list.complete => format!("{} reading on", spinner(view)),
        _ => list.at.clock(),
    };
    if shown == total { format!("{total} · {state}") } else { format!("{shown} of {total} · {state}") }
}

/// An error in full: what happened, to what, in AWS's words, and the way out.
pub fn draw_error(frame: &mut Frame, area: Rect, error: &Error, view: &View) {
    let theme = view.theme;
    let width = usize::from(area.width.saturating_sub(1));
    let mut lines: Vec<Line> = Vec::new();
    let mut add = |text: &str, style| {
        lines.extend(wrap(&crate::ui::text::clean(text), width).into_iter().map(|line| Line::styled(line, style)));
        lines.push(Line::default());
    };
    add(&format!("✗ {error}"), theme.bad);
    if !error.detail.is_empty() {
        add(&error.detail, theme.dim);
    }
    if !error.hint.is_empty() {
        add(&error.hint, theme.text);
    }
    add(&format!("{} tries again", view.keys.label(crate::input::Action::Refresh)), theme.dim);
    draw_lines(frame, area, theme, &lines, &mut Scroll::default());
}
