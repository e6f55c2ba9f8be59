//! The scope map of a pool: a row per app client, a column per scope. It fills as settings load, visible rows
//! first.

mod rows;

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::app::message::{Effect, Query};
use crate::app::screen::{Mode, Screen, View};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::scope::ScopeName;
use crate::domain::scope_matrix::ScopeMatrix;
use crate::input::Action;
use crate::screens::scopes::cells::MapCells;
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::format::counted;
use crate::screens::shared::progress::ProgressMeter;
use crate::screens::shared::rebuild_throttle::RebuildThrottle;
use crate::screens::shared::{load_states, read_all, scope_matrix};
use crate::ui::filter::{Filter, in_one_piece};
use crate::ui::frame::Canvas;
use crate::ui::grid::{Cell, Grid, GridState};
use crate::ui::pane::Pane;
use crate::ui::properties::prose;
use crate::ui::text::{Cut, put_line};

/// The scope map.
pub struct MatrixScreen {
    pool: PoolId,
    asking: DetailLoader,
    meter: ProgressMeter,
    matrix: ScopeMatrix,
    /// The Store version of the matrix.
    made: RebuildThrottle<u64>,
    clients: Filter,
    scopes: Filter,
    /// The filtered rows and columns, as indexes in the matrix, in its order.
    rows: Vec<usize>,
    columns: Vec<usize>,
    grid: GridState,
}

/// The row and column that the cursor follows.
type Under = (Option<ClientId>, Option<ScopeName>);

impl MatrixScreen {
    pub fn new(pool: PoolId) -> Self {
        Self {
            pool,
            asking: DetailLoader::settings(),
            meter: ProgressMeter::default(),
            matrix: ScopeMatrix::default(),
            made: RebuildThrottle::default(),
            clients: Filter::default(),
            scopes: Filter::default(),
            rows: Vec::new(),
            columns: Vec::new(),
            grid: GridState::default(),
        }
    }

    /// Rebuilds the matrix if the Store changed.
    fn sync(&mut self, view: &View) {
        let reading = |_: &u64| scope_matrix::is_reading(&self.pool, view);
        if !self.made.is_due(view.store.version(), view.now, reading) {
            return;
        }
        let under = self.under();
        self.matrix = scope_matrix::scope_map(&self.pool, view);
        self.meter.see(self.matrix.read(), view.now);
        let clients = self
            .matrix
            .rows
            .iter()
            .map(|row| [row.name.clone(), in_one_piece(row.id.as_str())]);
        self.clients.set_rows(clients);
        let scopes = self
            .matrix
            .columns
            .iter()
            .map(|column| [column.scope.as_str(), &column.description]);
        self.scopes.set_rows(scopes);
        self.narrow();
        self.follow(under.as_ref());
    }

    /// Applies the filters. The matrix keeps its order, as neighbors belong together.
    fn narrow(&mut self) {
        let kept = |filter: &Filter| {
            let mut kept: Vec<usize> = (0..filter.len()).filter_map(|at| filter.row(at)).collect();
            kept.sort_unstable();
            kept
        };
        self.rows = kept(&self.clients);
        self.columns = kept(&self.scopes);
    }

    fn place(&self) -> Cell {
        self.grid.place(self.rows.len(), self.columns.len())
    }

    /// The cursor's row and column in the matrix.
    fn cursor(&self) -> (Option<usize>, Option<usize>) {
        let place = self.place();
        (
            place.row.and_then(|at| self.rows.get(at).copied()),
            place.column.and_then(|at| self.columns.get(at).copied()),
        )
    }

    fn under(&self) -> Option<Under> {
        let (row, column) = self.cursor();
        // An empty matrix does not move the cursor.
        (!self.rows.is_empty() && !self.columns.is_empty()).then(|| {
            let client = row
                .and_then(|row| self.matrix.rows.get(row))
                .map(|row| row.id.clone());
            let scope = column.and_then(|column| self.matrix.columns.get(column));
            (client, scope.map(|column| column.scope.clone()))
        })
    }

    fn follow(&mut self, under: Option<&Under>) {
        let Some((client, scope)) = under else { return };
        let mut place = self.place();
        let row_of = |id: &ClientId| {
            self.rows
                .iter()
                .position(|row| self.matrix.rows.get(*row).is_some_and(|row| row.id == *id))
        };
        let column_of = |scope: &ScopeName| {
            let is_it = |column: &usize| {
                self.matrix
                    .columns
                    .get(*column)
                    .is_some_and(|c| c.scope == *scope)
            };
            self.columns.iter().position(is_it)
        };
        if let Some(row) = client.as_ref().and_then(row_of) {
            place.row = Some(row);
        }
        if let Some(column) = scope.as_ref().and_then(column_of) {
            place.column = Some(column);
        }
        self.grid.select(place);
    }

    fn is_filtering(&self) -> bool {
        [&self.clients, &self.scopes]
            .iter()
            .any(|filter| filter.is_open() || !filter.query().is_empty())
    }

    fn active(&mut self) -> Option<&mut Filter> {
        [&mut self.clients, &mut self.scopes]
            .into_iter()
            .find(|filter| filter.is_open())
    }

    /// After a filter change, the cursor moves to the first match.
    fn refilter(&mut self) {
        let scopes = self.scopes.is_open();
        self.narrow();
        let place = self.place();
        self.grid.select(if scopes {
            Cell {
                column: Some(0),
                ..place
            }
        } else {
            Cell {
                row: Some(0),
                ..place
            }
        });
    }

    /// The text at the right of the border.
    fn status(&self, view: &View) -> String {
        let part = |shown: usize, all: usize, what: &str| {
            if shown == all {
                counted(all, what)
            } else {
                format!("{shown} of {all} {what}s")
            }
        };
        let (servers, clients) = (
            view.store.servers(&self.pool),
            view.store.clients(&self.pool),
        );
        let rows = part(self.rows.len(), self.matrix.rows.len(), "client");
        let columns = part(self.columns.len(), self.matrix.columns.len(), "scope");
        let so_far = |known: bool, words| if known { words } else { String::new() };
        let rows = so_far(
            clients.value().is_some(),
            load_states::partial_count(clients, rows),
        );
        let columns = so_far(
            servers.value().is_some(),
            load_states::partial_count(servers, columns),
        );
        let read = match clients.value() {
            Some(_) => load_states::freshness(clients, &Query::Clients(self.pool.clone()), view),
            None => String::new(),
        };
        let parts = [rows, columns, read];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let mark = load_states::mark(&self.queries(), view);
        let mark = mark.or_else(|| load_states::details_mark(&self.pool, view));
        load_states::marked(mark, &parts.join(" · "))
    }

    fn draw_filters(&self, frame: &mut Canvas, area: Rect, view: &View) {
        let half = area.width / 2;
        let count = |shown: usize, all: usize, what: &str| format!("{shown} of {all} {what}");
        let left = Rect {
            width: half.saturating_sub(2),
            ..area
        };
        let clients = count(self.rows.len(), self.matrix.rows.len(), "clients");
        self.clients.draw(frame, left, view.theme, &clients);
        let right = Rect {
            x: area.x + half,
            width: area.width.saturating_sub(half + 1),
            ..area
        };
        let scopes = count(self.columns.len(), self.matrix.columns.len(), "scopes");
        self.scopes.draw(frame, right, view.theme, &scopes);
    }

    /// The footer: the cell under the cursor, and the legend or the loading progress.
    fn draw_foot(&self, frame: &mut Canvas, area: Rect, view: &View) {
        let width = area.width.saturating_sub(1);
        let (row, column) = self.cursor();
        let report = crate::screens::scopes::report::under_cursor(
            &self.matrix,
            row,
            column,
            &self.pool,
            view,
        );
        put_line(
            frame.buffer_mut(),
            (area.x, area.y),
            &report,
            width,
            Cut::End,
            view.theme.text,
        );
        if area.height < 2 {
            return;
        }
        let read = self.matrix.read();
        let line = if let Some(held) = read_all::held(&self.pool, view) {
            Line::styled(held, view.theme.warn)
        } else if scope_matrix::is_reading(&self.pool, view) {
            self.meter
                .line(read, self.matrix.rows.len(), width, view.theme)
        } else {
            crate::screens::scopes::report::legend(&self.matrix, &self.pool, view)
        };
        put_line(
            frame.buffer_mut(),
            (area.x, area.y + 1),
            &line,
            width,
            Cut::End,
            view.theme.dim,
        );
    }

    /// The text instead of an empty matrix.
    fn nothing(&self, view: &View) -> Option<String> {
        let servers = view.store.servers(&self.pool);
        let clients = view.store.clients(&self.pool);
        if self.matrix.rows.is_empty() {
            return Some(load_states::sentence(
                clients,
                "app clients",
                "No app clients.",
                view,
            ));
        }
        let empty = "No resource servers, so no scopes for M2M tokens.";
        self.matrix
            .columns
            .is_empty()
            .then(|| load_states::sentence(servers, "resource servers", empty, view))
    }
}

impl Screen for MatrixScreen {
    fn title(&self, _view: &View) -> String {
        "scope map".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        vec![
            Query::ResourceServers(self.pool.clone()),
            Query::Clients(self.pool.clone()),
        ]
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        self.sync(view);
        let first = self.place().row.into_iter();
        let in_sight = first.chain(self.grid.visible(self.rows.len()));
        let in_sight: Vec<usize> = in_sight
            .filter_map(|at| self.rows.get(at).copied())
            .collect();
        self.asking.next(&self.pool, view, &in_sight, room)
    }

    fn on_input(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        self.sync(view);
        let asks = |action| matches!(event, Event::Key(key) if view.keys.asks(key, action));
        let of_clients = self.clients.is_open();
        let Some(filter) = self.active() else {
            if !self.is_filtering() || !asks(Action::Back) {
                return None;
            }
            let under = self.under();
            self.clients.clear();
            self.scopes.clear();
            self.narrow();
            self.follow(under.as_ref());
            return Some(Vec::new());
        };
        if filter.edit(event) {
            self.refilter();
        } else if asks(Action::Enter) {
            filter.close();
        } else if asks(Action::Back) {
            filter.clear();
            let under = self.under();
            self.narrow();
            self.follow(under.as_ref());
        } else if asks(Action::NextTab) || asks(Action::PrevTab) {
            filter.close();
            if of_clients {
                self.scopes.open();
            } else {
                self.clients.open();
            }
        } else {
            return None;
        }
        Some(Vec::new())
    }

    fn mode(&self) -> Mode {
        Mode::typing(self.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.sync(view);
        self.meter.see(self.matrix.read(), view.now);
        let title = format!("Scope map of {}", view.store.pool_name(&self.pool));
        let status = self.status(view);
        let mut inner = Pane::titled(&title)
            .right(&status)
            .draw(frame, area, view.theme);
        let store = view.store;
        let clients = store.clients(&self.pool).error();
        if let Some(error) = clients.or(store.servers(&self.pool).error()) {
            return load_states::draw_error(frame, inner, error, view);
        }
        if self.is_typing() && matches!(inner.height, 1 | 2) {
            return self.draw_filters(frame, Rect { height: 1, ..inner }, view);
        }
        if self.is_filtering() && inner.height > 2 {
            self.draw_filters(frame, Rect { height: 1, ..inner }, view);
            inner.y += 1;
            inner.height -= 1;
        }
        if let Some(words) = self.nothing(view) {
            let lines = prose(&words, inner.width, view.theme.dim);
            return frame.render_widget(Paragraph::new(lines), inner);
        }
        let foot = match inner.height {
            0..=4 => 0,
            5..=8 => 1,
            _ => 2,
        };
        let body = Rect {
            height: inner.height - foot,
            ..inner
        };
        let mut grid = self.grid;
        let cells = MapCells::of(&self.matrix, &self.rows, &self.columns, &self.pool, view);
        let widget = Grid {
            words: ["CLIENT", "SCOPES", "CLIENTS"],
            most: self.matrix.rows.len(),
        };
        widget.draw(frame, body, view.theme, &mut grid, &cells);
        self.grid = grid;
        if foot > 0 {
            let below = Rect {
                y: body.bottom(),
                height: foot,
                ..inner
            };
            self.draw_foot(frame, below, view);
        }
    }
}
