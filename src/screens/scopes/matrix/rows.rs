//! The keys of the scope map.

use super::MatrixScreen;
use crate::app::message::{CopyMenu, Effect, Route};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::input::Action;
use crate::screens::scopes::cells::MapCells;
use crate::screens::shared::verbs::Thing;
use crate::screens::shared::{load_states, read_all, scope_matrix};

impl Actions for MatrixScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{
            Copy, Down, Enter, Filter, First, Last, Left, NextTab, PageDown, PageUp, PrevTab,
            Refresh, Right, Up, WhoUses,
        };
        self.sync(view);
        let typing = self.is_typing();
        let filter = ActionRow::change(Filter, |screen: &mut Self| screen.clients.open());
        let to = if self.clients.is_open() {
            "filter scopes"
        } else if self.scopes.is_open() {
            "filter clients"
        } else {
            "next server"
        };
        let map = CopyMenu::ScopeMap(self.pool.clone());
        let (client, scope) = self.under_cursor();
        // The row is the client that is acted on, the column the scope that others may have.
        let (menu, of_it) = match (client, scope) {
            (Some(client), scope) => {
                let access = scope.map(|scope| scope.rows(view).only(WhoUses));
                let of_client = client.rows(view);
                let rows = access.unwrap_or_default().and(of_client);
                (map.and(client.copy_menu()), rows)
            }
            (None, Some(scope)) => (map.and(scope.copy_menu()), scope.rows(view)),
            (None, None) => {
                let none = Thing::any_client(&self.pool);
                (map, none.refused(view, Self::nothing_selected))
            }
        };
        let copy = ActionRow::open(Copy, Route::Copy(menu));
        let rows = ActionRows::default()
            .with(
                copy.refused(Self::no_clients)
                    .refused(|screen, view| scope_matrix::unread(&screen.pool, view)),
            )
            .and(of_it)
            .with(filter.refused(Self::no_clients))
            .each(&[NextTab], Self::move_by)
            .map(NextTab, |row| row.label(to))
            .with_some(read_all::row(&self.pool, view))
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .each(
                &[
                    Down, Up, Left, Right, First, Last, PageDown, PageUp, PrevTab,
                ],
                Self::move_by,
            )
            .in_order(&[Enter, WhoUses, Filter, NextTab, Copy, Refresh]);
        if !typing && !self.is_filtering() {
            return rows;
        }
        let rows = if typing {
            rows.map(Enter, |row| row.label("keep filter").allowed())
                .map(Action::Delete, |row| {
                    row.allowed()
                        .refused(|_, view| Some(load_states::filter_first(view)))
                })
        } else {
            rows
        };
        rows.with(ActionRow::ask(Action::Back, Effect::Back).label("clear filter"))
    }
}

impl MatrixScreen {
    pub(super) fn is_typing(&self) -> bool {
        self.clients.is_open() || self.scopes.is_open()
    }

    /// Why there is no map to act on.
    fn no_clients(&self, view: &View) -> Option<String> {
        let is_empty = self.matrix.rows.is_empty() && !self.is_typing();
        let clients = view.store.clients(&self.pool);
        let none = || "No app client here".to_owned();
        let why = is_empty.then(|| load_states::nothing_to_select(clients, "app clients", none));
        why.flatten()
    }

    fn nothing_selected(&self, view: &View) -> Option<String> {
        let select = || Some("Select a client or a scope first".to_owned());
        self.no_clients(view).or_else(select)
    }

    /// The client of the row and the scope of the column under the cursor.
    fn under_cursor(&self) -> (Option<Thing>, Option<Thing>) {
        let (row, column) = self.cursor();
        let client = row.and_then(|row| self.matrix.rows.get(row));
        let scope = column.and_then(|column| self.matrix.columns.get(column));
        (
            client.map(|row| Thing::Client(self.pool.clone(), row.id.clone())),
            scope.map(|column| Thing::Scope(self.pool.clone(), column.scope.clone())),
        )
    }

    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let cells = MapCells::of(&self.matrix, &self.rows, &self.columns, &self.pool, view);
        let mut grid = self.grid;
        grid.act(action, &cells);
        self.grid = grid;
        Vec::new()
    }
}
