//! The keys of a user pool.

use super::{Pool, PoolTab};
use crate::app::message::{Effect, Route, SetupOrigin};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::input::Action;
use crate::screens::shared::list::{MOVING, SCROLLING};
use crate::screens::shared::load_states;
use crate::screens::shared::read_all;
use crate::screens::shared::verbs::Thing;

const NO_LIST: &str = "Nothing to filter or sort here";

impl Actions for Pool {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{
            Copy, Delete, Doctor, Edit, Enter, Export, Filter, New, NextTab, PrevTab, Refresh,
            Reveal, Rotate, ScopeMap, SetUp, Sort, Token, WhoUses,
        };
        let tab = self.tab;
        let pool = || self.id.clone();
        let new = match tab {
            PoolTab::Overview | PoolTab::Clients => (Route::NewClient(pool()), "create client"),
            PoolTab::Servers => (Route::NewServer(pool()), "create server"),
            PoolTab::Domains => (Route::NewDomain(pool()), "create domain"),
        };
        let in_pool = ActionRows::default()
            .with(ActionRow::open(New, new.0).label(new.1))
            .with(ActionRow::open(
                SetUp,
                Route::Presets(SetupOrigin::Pool(pool())),
            ));
        let of_pool = Thing::Pool(pool()).rows(view).without(&[Enter]);
        let listless = matches!(tab, PoolTab::Overview | PoolTab::Domains);
        let last = PoolTab::ALL.len().saturating_sub(1);
        let rows = in_pool
            .and(self.of_selected(of_pool, view))
            .and(Thing::any_client(&self.id).rows(view).map_all(|row| {
                let action = row.action();
                row.allowed()
                    .refused(move |_: &Self, view| Some(no_client(action, view)))
            }))
            .each(&[Filter, Sort], Self::move_by)
            .with(step(NextTab, 1))
            .with(step(PrevTab, last))
            .digits(|screen, at, _| {
                screen.tab = PoolTab::at(at).unwrap_or(screen.tab);
                Vec::new()
            })
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .each(MOVING, Self::move_by)
            .each(SCROLLING, Self::move_by)
            .map(Filter, |row| row.refused_if(listless, NO_LIST))
            .map(Sort, |row| row.refused_if(listless, NO_LIST))
            .in_order(&[
                Enter, New, Token, Copy, Edit, Doctor, SetUp, Filter, ScopeMap, Reveal, Sort,
                Rotate, WhoUses, Export, Delete,
            ]);
        match tab {
            PoolTab::Overview => rows.scrolling(self.overview.scrolls()),
            PoolTab::Domains => rows.scrolling(self.domains.scrolls()),
            PoolTab::Clients => {
                let rows = rows.with_some(read_all::row(&self.id, view));
                self.clients.list.in_rows(rows)
            }
            PoolTab::Servers => self.servers.list.in_rows(rows),
        }
    }
}

fn step(action: Action, by: usize) -> ActionRow<Pool> {
    ActionRow::change(action, move |screen: &mut Pool| {
        let place = (screen.tab.place() + by) % PoolTab::ALL.len();
        screen.tab = PoolTab::at(place).unwrap_or(screen.tab);
    })
}

/// The rows of what is selected, or the reason why nothing is, but for the actions that then mean the pool.
fn or_none(
    selected: Option<&Thing>,
    none: &Thing,
    of_pool: &[Action],
    view: &View,
) -> ActionRows<Pool> {
    selected.map_or_else(
        || none.refused(view, Pool::nothing_selected).without(of_pool),
        |selected| selected.rows(view),
    )
}

/// Why an action has no app client, on a tab of other things.
fn no_client(action: Action, view: &View) -> String {
    let key = |tab: PoolTab| {
        let key = view.keys.labels(Action::Tab).nth(tab.place());
        key.unwrap_or_default()
    };
    let clients = key(PoolTab::Clients);
    if action == Action::WhoUses {
        let servers = key(PoolTab::Servers);
        return format!("Select a scope ({servers}) or an app client ({clients}) first");
    }
    let word = action.word();
    format!("{word} needs an app client: {clients} for app clients")
}

impl Pool {
    /// The rows of what is selected, and of the pool where these have none.
    fn of_selected(&mut self, of_pool: ActionRows<Self>, view: &View) -> ActionRows<Self> {
        let pool = || self.id.clone();
        match self.tab {
            PoolTab::Overview => of_pool
                .map(Action::Edit, |row| row.refused(Self::nothing_to_select))
                .map(Action::Delete, |row| {
                    row.label("delete pool").refused(Self::nothing_to_select)
                }),
            PoolTab::Clients => {
                let client = self.clients.client(view);
                let client = client.map(|client| Thing::Client(pool(), client));
                // The pool is meant where it has no client.
                let of_pool_then = [Action::Doctor, Action::Export, Action::Copy];
                let filtered = self.clients.refusal().is_some();
                let of_pool_then: &[Action] = if filtered { &[] } else { &of_pool_then };
                let none = Thing::any_client(&self.id);
                // A shorter word fits the footer at 120 columns.
                or_none(client.as_ref(), &none, of_pool_then, view)
                    .map(Action::Enter, |row| row.label("open"))
                    .map(Action::WhoUses, |row| row.label("access"))
                    .and(of_pool)
                    .map(Action::ScopeMap, |row| row.label("scopes"))
            }
            PoolTab::Servers => {
                let none = Thing::Server(pool(), String::new());
                let selected = self.servers.selected(view);
                or_none(selected.as_ref(), &none, &[Action::Copy], view).and(of_pool)
            }
            PoolTab::Domains => {
                let none = Thing::Domain(pool(), String::new());
                let selected = self.domains.selected(view);
                or_none(selected.as_ref(), &none, &[Action::Copy], view).and(of_pool)
            }
        }
    }

    /// Why nothing is selected on this tab, also by its filter.
    fn nothing_selected(&self, view: &View) -> Option<String> {
        self.nothing_to_select(view).or_else(|| match self.tab {
            PoolTab::Clients => self.clients.refusal(),
            PoolTab::Servers => self.servers.refusal(),
            PoolTab::Overview | PoolTab::Domains => None,
        })
    }

    /// Why nothing is selected on this tab: it is empty or not loaded.
    fn nothing_to_select(&self, view: &View) -> Option<String> {
        let (store, new) = (view.store, view.keys.label(Action::New));
        let none = |what: &str| format!("No {what} to select · {new} to create");
        match self.tab {
            PoolTab::Overview => {
                let known = store.pool(&self.id).known();
                load_states::empty_text(known, known.is_err(), "the pool", String::new)
            }
            PoolTab::Clients => {
                let load = store.clients(&self.id);
                load_states::nothing_to_select(load, "app clients", || none("app client"))
            }
            PoolTab::Servers => {
                let load = store.servers(&self.id);
                load_states::nothing_to_select(load, "resource servers", || none("resource server"))
            }
            PoolTab::Domains => {
                let known = store.domains(&self.id).known();
                let is_empty = known.is_ok_and(Vec::is_empty) || known.is_err();
                load_states::empty_text(known, is_empty, "domains", || none("domain"))
            }
        }
    }

    pub(super) fn is_typing(&self) -> bool {
        match self.tab {
            PoolTab::Clients => self.clients.is_typing(),
            PoolTab::Servers => self.servers.is_typing(),
            PoolTab::Overview | PoolTab::Domains => false,
        }
    }

    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        match self.tab {
            PoolTab::Overview => self.overview.act(action),
            PoolTab::Clients => self.clients.act(action, view),
            PoolTab::Servers => self.servers.act(action, view),
            PoolTab::Domains => self.domains.act(action, view),
        }
    }
}
