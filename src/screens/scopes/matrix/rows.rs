//! The keys of the scope map.

use super::MatrixScreen;
use crate::app::message::{CopyMenu, Effect, Route};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::input::Action;
use crate::screens::scopes::cells::MapCells;
use crate::screens::shared::{load_states, scope_matrix};

impl Actions for MatrixScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, Left, NextTab, PageDown, PageUp, PrevTab, Right, Up};
        self.sync(view);
        let typing = self.is_typing();
        let enter = ActionRow::new(Action::Enter, |screen: &mut Self, _| {
            screen.open().into_iter().collect()
        });
        let access = ActionRow::new(Action::WhoUses, |screen: &mut Self, _| {
            screen.open_access().into_iter().collect()
        });
        let filter = ActionRow::change(Action::Filter, |screen: &mut Self| screen.clients.open());
        let copy = Route::Copy(CopyMenu::ScopeMap(self.pool.clone()));
        let to = if self.clients.is_open() {
            "filter scopes"
        } else if self.scopes.is_open() {
            "filter clients"
        } else {
            "next server"
        };
        ActionRows::default()
            .with(
                enter
                    .label("open client")
                    .label_if(self.place().row.is_none(), "access")
                    .label_if(typing, "keep filter")
                    .refused(Self::nothing_selected),
            )
            .with(access.refused(Self::nothing_selected))
            .with(filter.refused(Self::no_clients))
            .each(&[NextTab], Self::move_by)
            .map(NextTab, |row| row.label(to))
            .with(
                ActionRow::open(Action::Copy, copy)
                    .refused(Self::no_clients)
                    .refused(|screen, view| scope_matrix::unread(&screen.pool, view)),
            )
            .with(ActionRow::ask(Action::Refresh, Effect::Refresh))
            .each(
                &[
                    Down, Up, Left, Right, First, Last, PageDown, PageUp, PrevTab,
                ],
                Self::move_by,
            )
            .with_if(self.is_filtering(), || {
                ActionRow::ask(Action::Back, Effect::Back).label("clear filter")
            })
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
        let nothing = self.open_access().is_none() && !self.is_typing();
        let select = || "Select a client or a scope first".to_owned();
        self.no_clients(view).or_else(|| nothing.then(select))
    }

    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let cells = MapCells::of(&self.matrix, &self.rows, &self.columns, &self.pool, view);
        let mut grid = self.grid;
        grid.act(action, &cells);
        self.grid = grid;
        Vec::new()
    }
}
