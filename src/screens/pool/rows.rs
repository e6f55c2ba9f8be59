//! The keys of a user pool.

use super::{Pool, PoolTab};
use crate::app::message::{AccessQuestion, CopyMenu, DeleteTarget, Effect, Route, SetupOrigin};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::input::Action;
use crate::screens::shared::list::{MOVING, SCROLLING};
use crate::screens::shared::{confirm, load_states};

const NO_LIST: &str = "Nothing to filter or sort here";

impl Actions for Pool {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        let pool = || self.id.clone();
        let (tab, last) = (self.tab, PoolTab::ALL.len().saturating_sub(1));
        let of_row = |action| {
            ActionRow::new(action, move |screen: &mut Self, view| {
                screen.change(action, view)
            })
        };
        let on_client = |action| {
            let row = ActionRow::new(action, move |screen: &mut Self, view| {
                screen.clients.open(action, view)
            });
            row.refused(move |screen, view| screen.no_client(action, view))
        };
        let step = move |action, by: usize| {
            ActionRow::change(action, move |screen: &mut Self| {
                let place = (screen.tab.place() + by) % (last + 1);
                screen.tab = PoolTab::at(place).unwrap_or(screen.tab);
            })
        };
        let new = match tab {
            PoolTab::Overview | PoolTab::Clients => {
                ActionRow::open(Action::New, Route::NewClient(pool())).label("create client")
            }
            PoolTab::Servers => {
                ActionRow::open(Action::New, Route::NewServer(pool())).label("create server")
            }
            PoolTab::Domains => {
                ActionRow::open(Action::New, Route::NewDomain(pool())).label("create domain")
            }
        };
        let listless = matches!(tab, PoolTab::Overview | PoolTab::Domains);
        let presets = Route::Presets(SetupOrigin::Pool(pool()));
        let overview = tab == PoolTab::Overview;
        let rows = ActionRows::default()
            .with(on_client(Action::Enter))
            .with(new)
            .with(on_client(Action::Token))
            .with(
                ActionRow::new(Action::Copy, Self::copy).refused(|screen, _| {
                    screen
                        .clients
                        .refusal()
                        .filter(|_| screen.tab == PoolTab::Clients)
                }),
            )
            .with(
                of_row(Action::Edit)
                    .label_if(overview, "protection")
                    .refused(Self::refuses_change),
            )
            .with(ActionRow::open(Action::Doctor, Route::Doctor(pool(), None)))
            .with(ActionRow::open(Action::SetUp, presets))
            .each(&[Action::Filter], Self::move_by)
            // A shorter word fits the footer at 120 columns.
            .with(
                ActionRow::open(Action::ScopeMap, Route::ScopeMap(pool()))
                    .label_if(tab == PoolTab::Clients, "scopes"),
            )
            .with(on_client(Action::Reveal))
            .each(&[Action::Sort], Self::move_by)
            .with(on_client(Action::Rotate))
            .with(ActionRow::new(Action::WhoUses, Self::access).refused(Self::no_access))
            .with(ActionRow::open(Action::Export, Route::Export(pool(), None)))
            .with(
                of_row(Action::Delete)
                    .label_if(overview, "delete pool")
                    .refused(Self::refuses_change),
            )
            .with(step(Action::NextTab, 1))
            .with(step(Action::PrevTab, last))
            .digits(|screen, at, _| {
                screen.tab = PoolTab::at(at).unwrap_or(screen.tab);
                Vec::new()
            })
            .with(ActionRow::ask(Action::Refresh, Effect::Refresh))
            .each(MOVING, Self::move_by)
            .each(SCROLLING, Self::move_by)
            .map(Action::Filter, |row| row.refused_if(listless, NO_LIST))
            .map(Action::Sort, |row| row.refused_if(listless, NO_LIST));
        match tab {
            PoolTab::Overview => rows.scrolling(self.overview.scrolls()),
            PoolTab::Domains => rows.scrolling(self.domains.scrolls()),
            PoolTab::Clients => self.clients.list.in_rows(rows),
            PoolTab::Servers => self.servers.list.in_rows(rows),
        }
    }
}

impl Pool {
    /// Why nothing can be edited or deleted here.
    fn refuses_change(&self, view: &View) -> Option<String> {
        self.nothing_to_select(view).or_else(|| match self.tab {
            PoolTab::Clients => self.clients.refusal(),
            PoolTab::Servers => self.servers.refusal(),
            _ => None,
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

    /// Why no app client is selected for an action.
    fn no_client(&self, action: Action, view: &View) -> Option<String> {
        if self.tab == PoolTab::Clients {
            let none = self.nothing_to_select(view);
            return none.or_else(|| self.clients.refusal());
        }
        let clients = view.keys.labels(Action::Tab).nth(PoolTab::Clients.place());
        let word = action.word();
        let clients = clients.unwrap_or_default();
        Some(format!(
            "{word} needs an app client: {clients} for app clients"
        ))
    }

    /// Why nothing is selected that has access or gives it.
    fn no_access(&self, view: &View) -> Option<String> {
        let nothing = || self.nothing_to_select(view);
        match self.tab {
            PoolTab::Servers => nothing().or_else(|| self.servers.no_scope(view)),
            PoolTab::Clients => nothing().or_else(|| self.clients.refusal()),
            PoolTab::Overview | PoolTab::Domains => {
                let key = |tab: PoolTab| view.keys.labels(Action::Tab).nth(tab.place());
                Some(format!(
                    "Select a scope ({}) or an app client ({}) first",
                    key(PoolTab::Servers).unwrap_or_default(),
                    key(PoolTab::Clients).unwrap_or_default()
                ))
            }
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

    /// Edits or deletes the selected resource.
    fn change(&mut self, action: Action, view: &View) -> Vec<Effect> {
        match self.tab {
            PoolTab::Overview if action == Action::Delete => {
                vec![Effect::Open(Route::Delete(DeleteTarget::Pool(
                    self.id.clone(),
                )))]
            }
            PoolTab::Overview => confirm::protect(&self.id, view).into_iter().collect(),
            PoolTab::Clients => self.clients.open(action, view),
            PoolTab::Servers => self.servers.open(action, view),
            PoolTab::Domains => self.domains.open(action, view),
        }
    }

    fn copy(&mut self, view: &View) -> Vec<Effect> {
        let of_row = match self.tab {
            PoolTab::Overview => Vec::new(),
            PoolTab::Clients => return self.clients.open(Action::Copy, view),
            PoolTab::Servers => self.servers.open(Action::Copy, view),
            PoolTab::Domains => self.domains.open(Action::Copy, view),
        };
        if of_row.is_empty() {
            let menu = CopyMenu::Pool(self.id.clone());
            return vec![Effect::Open(Route::Copy(menu))];
        }
        of_row
    }

    fn access(&mut self, view: &View) -> Vec<Effect> {
        let access = match self.tab {
            PoolTab::Servers => self.servers.scope(view).map(AccessQuestion::OfScope),
            PoolTab::Clients => self.clients.client(view).map(AccessQuestion::OfClient),
            PoolTab::Overview | PoolTab::Domains => None,
        };
        let route = access.map(|access| Route::Access(self.id.clone(), access));
        route.map(Effect::Open).into_iter().collect()
    }
}
