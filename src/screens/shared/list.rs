//! The shared list: a cursor that stays with its row, a filter, a sort, and their keys.

use std::cmp::Reverse;

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::message::{Effect, Query};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows};
use crate::domain::time::Timestamp;
use crate::input::{Action, KeyMap};
use crate::screens::shared::load_states;
use crate::screens::shared::rebuild_throttle::RebuildThrottle;
use crate::ui::filter::Filter;
use crate::ui::frame::Canvas;
use crate::ui::properties::prose;
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::table::{Column, Order, Row, Table, TableState};
use crate::ui::text::columns;

/// The keys that move in a list.
pub const MOVING: &[Action] = &[
    Action::Down,
    Action::Up,
    Action::First,
    Action::Last,
    Action::PageDown,
    Action::PageUp,
];
/// The keys that move the details of its row.
pub const SCROLLING: &[Action] = &[Action::ScrollDown, Action::ScrollUp];

/// A terminal this wide shows a preview next to a list.
const PREVIEW_FROM: u16 = 118;
/// The maximum width of a preview.
const PREVIEW_MOST: u16 = 64;

/// The width of the preview next to a list that needs `list` columns of `area`; `None` without room.
pub fn preview_width(area: Rect, list: u16) -> Option<u16> {
    (area.width >= PREVIEW_FROM).then(|| area.width.saturating_sub(list).min(PREVIEW_MOST))
}

/// The rows of a list, as they are in the Store.
pub trait ListSource {
    fn len(&self) -> usize;
    /// When the newest page of the list arrived.
    fn read_at(&self) -> Option<Timestamp>;
    fn view(&self) -> &View<'_>;
    /// Why the list is incomplete, if it is.
    fn broken_off(&self) -> Option<String> {
        None
    }
    /// The identity of a row; the cursor follows it.
    fn id(&self, index: usize) -> &str;
    /// The texts to filter, per column.
    fn texts(&self, index: usize) -> Vec<String>;
    /// What a column is sorted by.
    fn key(&self, index: usize, column: usize) -> SortKey;
    fn row(&self, index: usize) -> Row<'_>;
}

/// A sort key. Rows without a value sort last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    Number(i64),
    Text(String),
    None,
}

impl SortKey {
    /// Sorts by text, ignoring case.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_lowercase())
    }

    /// Sorts by number.
    pub fn number(number: Option<i64>) -> Self {
        number.map_or(Self::None, Self::Number)
    }
}

/// What the order of the rows depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CacheKey {
    version: u64,
    rows: usize,
    read_at: Option<Timestamp>,
    sort: Option<(usize, Order)>,
    filtering: bool,
}

/// The state of a list.
pub struct ListView {
    columns: &'static [Column],
    table: TableState,
    filter: Filter,
    sort: Option<(usize, Order)>,
    /// The column that Cognito sorts by; `None` if it sorts by none.
    own_order: Option<(usize, Order)>,
    /// The sorted rows, before the filter.
    order: Vec<usize>,
    /// The inputs of `order` and the filter.
    made: RebuildThrottle<CacheKey>,
    /// The id of the row under the cursor.
    under_cursor: Option<String>,
    /// The id that the cursor moves to once it is in the list.
    wanted: Option<String>,
    /// The details of the row at this index.
    detail: Scroll,
    detail_of: Option<usize>,
    /// The user moved the cursor.
    moved: bool,
}

/// Draws a warning in the last lines of `area`, at most a third, and returns the rest. Without room for both,
/// the rows win.
fn draw_below(frame: &mut Canvas, area: Rect, view: &View, words: &str) -> Rect {
    let lines = prose(words, area.width.saturating_sub(1), view.theme.warn);
    let height = columns(lines.len()).min(area.height / 3);
    let [above, below] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(height)]).areas(area);
    draw_lines(frame, below, view.theme, &lines, &mut Scroll::default());
    above
}

impl ListView {
    /// A list of these columns, in Cognito's order.
    pub fn new(columns: &'static [Column]) -> Self {
        Self {
            columns,
            table: TableState::default(),
            filter: Filter::default(),
            sort: None,
            own_order: None,
            order: Vec::new(),
            made: RebuildThrottle::default(),
            under_cursor: None,
            wanted: None,
            detail: Scroll::default(),
            detail_of: None,
            moved: false,
        }
    }

    /// Cognito sorts the rows by this column.
    pub fn in_order_of(self, column: usize) -> Self {
        Self {
            own_order: Some((column, Order::Ascending)),
            ..self
        }
    }

    /// Updates order, filter and cursor. The cursor follows its row.
    pub fn sync(&mut self, rows: &impl ListSource) {
        let filtering = self.is_filtering();
        let store = rows.view().store;
        // Without sort and filter, only the list itself matters; new details cost nothing.
        let version = if filtering || self.sort.is_some() {
            store.version()
        } else {
            0
        };
        let made_of = CacheKey {
            version,
            rows: rows.len(),
            read_at: rows.read_at(),
            sort: self.sort,
            filtering,
        };
        let only_details = |last: &CacheKey| {
            CacheKey { version, ..*last } == made_of && store.in_flight().any(Query::is_detail)
        };
        if !self.made.is_due(made_of, rows.view().now, only_details) {
            return;
        }
        self.order = (0..rows.len()).collect();
        if let Some((column, order)) = self.sort {
            let key = |index: &usize| rows.key(*index, column);
            match order {
                Order::Ascending => self.order.sort_by_cached_key(key),
                // Rows without a value stay last in both directions.
                Order::Descending => self.order.sort_by_cached_key(|index| {
                    let key = key(index);
                    (key == SortKey::None, Reverse(key))
                }),
            }
        }
        if filtering {
            self.filter
                .set_rows(self.order.iter().map(|index| rows.texts(*index)));
        }
        self.follow(rows);
    }

    /// How many rows are shown.
    pub fn shown(&self) -> usize {
        if self.is_filtering() {
            self.filter.len()
        } else {
            self.order.len()
        }
    }

    /// The index in `rows` of the row under the cursor.
    pub fn selected(&mut self, rows: &impl ListSource) -> Option<usize> {
        self.sync(rows);
        self.current()
    }

    /// The row under the cursor as of the last [`ListView::sync`].
    pub fn current(&self) -> Option<usize> {
        let at = self.table.selected(self.shown())?;
        self.item(at)
    }

    /// The visible rows, as indexes in `rows`: their details are queried first.
    pub fn in_sight(&self) -> impl Iterator<Item = usize> + '_ {
        self.table
            .visible(self.shown())
            .filter_map(|at| self.item(at))
    }

    /// The rows of the pages before and after those.
    pub fn near(&self) -> impl Iterator<Item = usize> + '_ {
        let sight = self.table.visible(self.shown());
        let from = sight.start.saturating_sub(sight.len());
        let to = sight.end.saturating_add(sight.len()).min(self.shown());
        let near = (sight.end..to).chain(from..sight.start);
        near.filter_map(|at| self.item(at))
    }

    /// Moves the cursor to this id, now or once it is in the list, unless the user acts first.
    pub fn go_to(&mut self, id: &str) {
        self.wanted = Some(id.to_owned());
        self.made.forget();
    }

    /// Moves, sorts, or opens the filter; ignores other actions.
    pub fn act(&mut self, action: Action, rows: &impl ListSource) -> Vec<Effect> {
        self.sync(rows);
        self.wanted = None;
        match action {
            Action::Filter => self.filter.open(),
            Action::ScrollDown => {
                self.detail.act(Action::Down);
            }
            Action::ScrollUp => {
                self.detail.act(Action::Up);
            }
            Action::Sort => {
                self.sort_by_next();
                if !self.moved {
                    // After a sort, show the first row, unless the user chose a row.
                    self.under_cursor = None;
                    self.table.select(0);
                }
            }
            moving => {
                self.moved |= self.table.act(moving, self.shown());
            }
        }
        if matches!(action, Action::Sort | Action::Filter) {
            self.sync(rows);
        } else {
            self.remember(rows);
        }
        Vec::new()
    }

    /// Whether the filter takes letters.
    pub fn is_typing(&self) -> bool {
        self.filter.is_open()
    }

    /// Why no row is selected: the filter matches none.
    pub fn refusal(&self) -> Option<String> {
        (self.filter.is_ranking() && self.filter.is_empty())
            .then(|| "No row matches the filter".to_owned())
    }

    /// The rows of its screen, as the filter and the details want them: while the filter takes letters, Enter keeps it, and nothing is
    /// deleted; Esc clears it.
    pub fn in_rows<S: 'static>(&self, rows: ActionRows<S>) -> ActionRows<S> {
        let rows = if self.is_typing() {
            rows.map(Action::Enter, |row| row.label("keep filter").allowed())
                .map(Action::Delete, |row| {
                    let why = |_: &S, view: &View| Some(load_states::filter_first(view));
                    row.allowed().refused(why)
                })
        } else {
            rows
        };
        rows.with_if(self.is_filtering(), || {
            ActionRow::ask(Action::Back, Effect::Back).label("clear filter")
        })
        .scrolling(self.scrolls())
    }

    /// An open filter takes what is typed: Enter keeps it, Esc clears it, arrows still move. On a filtered
    /// list, Esc clears the filter before it leaves the screen.
    pub fn edit(
        &mut self,
        event: &Event,
        rows: &impl ListSource,
        keys: &KeyMap,
    ) -> Option<Vec<Effect>> {
        let key = if let Event::Key(key) = event {
            Some(key)
        } else {
            None
        };
        let asks = |action| key.is_some_and(|key| keys.asks(key, action));
        if !self.filter.is_open() {
            if self.filter.query().is_empty() || !asks(Action::Back) {
                return None;
            }
            self.filter.clear();
            self.sync(rows);
            return Some(Vec::new());
        }
        if self.filter.edit(event) {
            self.sync(rows);
            self.table.select(0);
            self.remember(rows);
            return Some(Vec::new());
        }
        if asks(Action::Enter) {
            self.filter.close();
        } else if asks(Action::Back) {
            self.filter.clear();
        } else {
            return None;
        }
        self.sync(rows);
        Some(Vec::new())
    }

    /// Draws the filter and the table.
    pub fn draw(
        &mut self,
        frame: &mut Canvas,
        area: Rect,
        view: &View,
        rows: &impl ListSource,
        empty: &str,
    ) {
        self.sync(rows);
        let mut area = area;
        // With a single line, the filter matters more than a row.
        if self.is_filtering() && (area.height > 1 || self.is_typing()) && area.width > 1 {
            // The last column stays empty, as above a scrollbar.
            let line = Rect {
                height: 1,
                width: area.width - 1,
                ..area
            };
            let count = format!("{} of {}{}", self.shown(), rows.len(), self.ranking());
            self.filter.draw(frame, line, view.theme, &count);
            if area.height < 2 {
                return;
            }
            area = Rect {
                y: area.y + 1,
                height: area.height - 1,
                ..area
            };
        }
        if let Some(words) = rows.broken_off() {
            area = draw_below(frame, area, view, &words);
        }
        let no_match;
        let empty = if self.is_filtering() && rows.len() > 0 {
            no_match = format!(
                "No matches. {} clears the filter",
                view.keys.label(Action::Back)
            );
            no_match.as_str()
        } else {
            empty
        };
        let mut table = Table::new(self.columns).empty(empty);
        if self.filter.is_ranking() {
            table = table.found_by(&self.filter);
        } else if let Some((column, order)) = self.sort.or(self.own_order) {
            table = table.sorted(column, order);
        }
        let shown = self.shown();
        let mut state = self.table;
        table.draw(frame, area, view.theme, &mut state, shown, |at| {
            self.item(at)
                .map_or_else(Row::default, |index| rows.row(index))
        });
        self.table = state;
        if self.under_cursor.is_none() {
            // A key press means the row that was seen under the cursor, even if the rows move first.
            self.remember(rows);
        }
    }

    /// Draws the details of the row under the cursor; another row starts at the top.
    pub fn draw_detail(&mut self, frame: &mut Canvas, area: Rect, view: &View, lines: &[Line<'_>]) {
        if self.detail_of != self.current() {
            self.detail_of = self.current();
            self.detail = Scroll::default();
        }
        draw_lines(frame, area, view.theme, lines, &mut self.detail);
    }

    /// The keys that scroll the details, if they overflow.
    pub fn scrolls(&self) -> Option<[Action; 2]> {
        let needed = self.detail_of.is_some() && self.detail.is_needed();
        needed.then_some([Action::ScrollDown, Action::ScrollUp])
    }

    /// The order of ranked rows, for the filter line.
    fn ranking(&self) -> String {
        if !self.filter.is_ranking() || self.shown() < 2 {
            return String::new();
        }
        let then = self.sort.or(self.own_order).and_then(|(column, order)| {
            let title = self.columns.get(column)?.title();
            Some(format!(", then {title}{}", order.arrow()))
        });
        format!(" · best match first{}", then.unwrap_or_default())
    }

    /// Whether the rows are in Cognito's order.
    pub fn is_as_sent(&self) -> bool {
        self.sort.or(self.own_order).is_none() && !self.filter.is_ranking()
    }

    /// Whether the rows are ranked by a filter.
    pub fn is_ranked(&self) -> bool {
        self.filter.is_ranking()
    }

    /// Whether a filter is open or set.
    pub fn is_filtering(&self) -> bool {
        self.filter.is_open() || !self.filter.query().is_empty()
    }

    fn item(&self, at: usize) -> Option<usize> {
        let at = if self.is_filtering() {
            self.filter.row(at)?
        } else {
            at
        };
        self.order.get(at).copied()
    }

    /// Each column ascending, then descending, then the next; after the last, Cognito's order.
    fn sort_by_next(&mut self) {
        self.sort = match self.sort.or(self.own_order) {
            None => Some((0, Order::Ascending)),
            Some((column, Order::Ascending)) => Some((column, Order::Descending)),
            Some((column, Order::Descending)) if column + 1 < self.columns.len() => {
                Some((column + 1, Order::Ascending))
            }
            Some(_) => None,
        };
    }

    fn remember(&mut self, rows: &impl ListSource) {
        self.under_cursor = self.current().map(|index| rows.id(index).to_owned());
    }

    fn follow(&mut self, rows: &impl ListSource) {
        if let Some(id) = &self.wanted
            && (0..self.shown()).any(|at| self.item(at).is_some_and(|index| rows.id(index) == id))
        {
            self.under_cursor = self.wanted.take();
        }
        let Some(id) = &self.under_cursor else { return };
        let place =
            (0..self.shown()).find(|at| self.item(*at).is_some_and(|index| rows.id(index) == id));
        match place {
            Some(at) => self.table.select(at),
            // The row is gone; the next frame shows the one in its place.
            None => self.under_cursor = None,
        }
    }
}
