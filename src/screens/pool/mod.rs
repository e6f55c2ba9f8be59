//! One user pool: overview, app clients, resource servers with their scopes, domains.

mod clients;
mod domains;
pub(super) mod list;
mod overview;
mod resource_servers;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{
    AccessQuestion, CopyMenu, DeleteTarget, Effect, Query, Route, SetupOrigin, TaskEvent,
};
use crate::app::query::load::Load;
use crate::app::screen::{Screen, View};
use crate::domain::ids::PoolId;
use crate::domain::plan::Step;
use crate::input::Action;
use crate::screens::shared::{confirm, load_states};
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, Tab};

/// One pool, on one of its tabs.
pub struct Pool {
    id: PoolId,
    tab: PoolTab,
    overview: overview::Overview,
    clients: clients::Clients,
    servers: resource_servers::Servers,
    domains: domains::Domains,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PoolTab {
    Overview,
    Clients,
    Servers,
    Domains,
}

impl PoolTab {
    const ALL: [Self; 4] = [Self::Overview, Self::Clients, Self::Servers, Self::Domains];

    fn place(self) -> usize {
        Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0)
    }

    fn at(place: usize) -> Option<Self> {
        Self::ALL.get(place).copied()
    }

    fn label(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Clients => "app clients",
            Self::Servers => "resource servers",
            Self::Domains => "domains",
        }
    }
}

impl Pool {
    /// Opens on the app clients, the most used tab.
    pub fn new(pool: PoolId) -> Self {
        Self {
            tab: PoolTab::Clients,
            overview: overview::Overview::default(),
            clients: clients::Clients::new(pool.clone()),
            servers: resource_servers::Servers::new(pool.clone()),
            domains: domains::Domains::new(pool.clone()),
            id: pool,
        }
    }

    fn tabs(&self, view: &View) -> Vec<Tab<'static>> {
        let (store, pool) = (view.store, || self.id.clone());
        let old = |query: Query| store.is_stale(&query);
        let clients = store.clients(&self.id).complete().ok().map(<[_]>::len);
        let servers = store.servers(&self.id).complete().ok().map(<[_]>::len);
        let domains = store.domains(&self.id).known().ok().map(Vec::len);
        vec![
            Tab::new("Overview"),
            Tab::counted("App clients", clients).doubtful(old(Query::Clients(pool()))),
            Tab::counted("Resource servers", servers).doubtful(old(Query::ResourceServers(pool()))),
            Tab::counted("Domains", domains).doubtful(old(Query::Domains(pool()))),
        ]
    }
}

impl Pool {
    /// Why nothing can be edited or deleted here.
    fn refuses_change(&self, view: &View) -> Option<String> {
        self.nothing_to_select(view).or_else(|| match self.tab {
            PoolTab::Clients if !self.is_typing() => self.clients.refusal(),
            PoolTab::Servers if !self.is_typing() => self.servers.refusal(),
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
}

impl Screen for Pool {
    fn title(&self, view: &View) -> String {
        format!("{} › {}", view.store.pool_name(&self.id), self.tab.label())
    }

    fn queries(&self) -> Vec<Query> {
        let pool = || self.id.clone();
        // The visible tab's queries come first.
        let mut needs = vec![
            Query::Clients(pool()),
            Query::ResourceServers(pool()),
            Query::Pool(pool()),
            Query::Domains(pool()),
        ];
        match self.tab {
            PoolTab::Clients => {}
            PoolTab::Servers => needs.swap(0, 1),
            PoolTab::Overview => needs.swap(0, 2),
            PoolTab::Domains => needs.swap(0, 3),
        }
        needs
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        match self.tab {
            PoolTab::Clients => self.clients.details(view, room),
            PoolTab::Overview | PoolTab::Servers | PoolTab::Domains => Vec::new(),
        }
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{
            Copy, Delete, Doctor, Down, Edit, Enter, Export, Filter, First, Last, New, NextTab,
            PageDown, PageUp, PrevTab, Refresh, Reveal, Rotate, ScopeMap, ScrollDown, ScrollUp,
            SetUp, Sort, Tab1, Tab2, Tab3, Tab4, Token, Up, WhoUses,
        };
        &[
            Enter, New, Token, Copy, Edit, Doctor, SetUp, Filter, ScopeMap, Reveal, Sort, Rotate,
            WhoUses, Export, Delete, NextTab, PrevTab, Tab1, Tab2, Tab3, Tab4, Refresh, Down, Up,
            First, Last, PageDown, PageUp, ScrollDown, ScrollUp,
        ]
    }

    fn label(&self, action: Action) -> &'static str {
        let of_list = match self.tab {
            PoolTab::Clients => self.clients.label(action),
            PoolTab::Servers => self.servers.label(action),
            PoolTab::Overview | PoolTab::Domains => None,
        };
        match action {
            Action::New => match self.tab {
                PoolTab::Overview | PoolTab::Clients => "create client",
                PoolTab::Servers => "create server",
                PoolTab::Domains => "create domain",
            },
            Action::Edit if self.tab == PoolTab::Overview => "protection",
            Action::Delete if self.tab == PoolTab::Overview => "delete pool",
            Action::WhoUses if self.tab == PoolTab::Clients => "access",
            // A shorter word fits the footer at 120 columns.
            Action::ScopeMap if self.tab == PoolTab::Clients => "scopes",
            other => of_list.unwrap_or(other.word()),
        }
    }

    fn disabled_reason(&self, action: Action, view: &View) -> Option<String> {
        if action == Action::Delete && self.is_typing() {
            return Some(load_states::filter_first(view));
        }
        if matches!(action, Action::Edit | Action::Delete) {
            return self.refuses_change(view);
        }
        let on_client = matches!(
            action,
            Action::Enter | Action::Token | Action::Reveal | Action::Rotate
        );
        if on_client && self.tab != PoolTab::Clients {
            let clients = view.keys.label(Action::Tab2);
            return Some(format!(
                "{} needs an app client: {clients} for app clients",
                action.word()
            ));
        }
        if on_client && let Some(reason) = self.nothing_to_select(view) {
            return Some(reason);
        }
        if (on_client || action == Action::Copy)
            && self.tab == PoolTab::Clients
            && !self.is_typing()
            && let Some(reason) = self.clients.refusal()
        {
            return Some(reason);
        }
        if action == Action::WhoUses {
            let nothing = || self.nothing_to_select(view);
            let reason = match self.tab {
                PoolTab::Servers => nothing().or_else(|| self.servers.no_scope(view)),
                PoolTab::Clients => {
                    nothing().or_else(|| self.clients.refusal().filter(|_| !self.is_typing()))
                }
                PoolTab::Overview | PoolTab::Domains => Some(format!(
                    "Select a scope ({}) or an app client ({}) first",
                    view.keys.label(Action::Tab3),
                    view.keys.label(Action::Tab2)
                )),
            };
            return reason;
        }
        if matches!(action, Action::Filter | Action::Sort)
            && matches!(self.tab, PoolTab::Overview | PoolTab::Domains)
        {
            return Some("Nothing to filter or sort here".to_owned());
        }
        None
    }

    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect> {
        if let Some(tab) = action.tab().and_then(PoolTab::at) {
            self.tab = tab;
            return Vec::new();
        }
        let count = PoolTab::ALL.len();
        match action {
            Action::NextTab => {
                self.tab = PoolTab::at((self.tab.place() + 1) % count).unwrap_or(self.tab);
            }
            Action::PrevTab => {
                self.tab = PoolTab::at((self.tab.place() + count - 1) % count).unwrap_or(self.tab);
            }
            Action::New => {
                let pool = self.id.clone();
                return vec![Effect::Open(match self.tab {
                    PoolTab::Overview | PoolTab::Clients => Route::NewClient(pool),
                    PoolTab::Servers => Route::NewServer(pool),
                    PoolTab::Domains => Route::NewDomain(pool),
                })];
            }
            Action::Export => return vec![Effect::Open(Route::Export(self.id.clone(), None))],
            Action::Edit | Action::Delete => return self.change(action, view),
            Action::SetUp => {
                return vec![Effect::Open(Route::Presets(SetupOrigin::Pool(
                    self.id.clone(),
                )))];
            }
            Action::Doctor => return vec![Effect::Open(Route::Doctor(self.id.clone(), None))],
            Action::ScopeMap => return vec![Effect::Open(Route::ScopeMap(self.id.clone()))],
            Action::WhoUses => {
                let access = match self.tab {
                    PoolTab::Servers => self.servers.scope(view).map(AccessQuestion::OfScope),
                    PoolTab::Clients => self.clients.client(view).map(AccessQuestion::OfClient),
                    PoolTab::Overview | PoolTab::Domains => None,
                };
                let route = access.map(|access| Route::Access(self.id.clone(), access));
                return route.map(Effect::Open).into_iter().collect();
            }
            Action::Refresh => return vec![Effect::Refresh],
            Action::Enter | Action::Token | Action::Reveal | Action::Rotate | Action::Copy
                if self.tab == PoolTab::Clients =>
            {
                return self.clients.open(action, view);
            }
            Action::Copy => {
                let of_row = match self.tab {
                    PoolTab::Servers => self.servers.open(action, view),
                    PoolTab::Domains => self.domains.open(action, view),
                    PoolTab::Overview | PoolTab::Clients => Vec::new(),
                };
                if !of_row.is_empty() {
                    return of_row;
                }
                return vec![Effect::Open(Route::Copy(CopyMenu::Pool(self.id.clone())))];
            }
            other => {
                return match self.tab {
                    PoolTab::Overview => self.overview.act(other),
                    PoolTab::Clients => self.clients.act(other, view),
                    PoolTab::Servers => self.servers.act(other, view),
                    PoolTab::Domains => self.domains.act(other, view),
                };
            }
        }
        Vec::new()
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::PlanFinished { change, done } = fact
            && done.pool.as_ref() == Some(&self.id)
            && let Some(client) = &done.client
            && change
                .plan
                .steps
                .iter()
                .any(|step| matches!(step, Step::CreateClient(_)))
        {
            self.clients.go_to(&client.id);
        }
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        match self.tab {
            PoolTab::Clients => self.clients.edit(event, view),
            PoolTab::Servers => self.servers.edit(event, view),
            PoolTab::Overview | PoolTab::Domains => None,
        }
    }

    fn is_typing(&self) -> bool {
        match self.tab {
            PoolTab::Clients => self.clients.is_typing(),
            PoolTab::Servers => self.servers.is_typing(),
            PoolTab::Overview | PoolTab::Domains => false,
        }
    }

    fn scroll_keys(&self) -> Option<[Action; 2]> {
        match self.tab {
            PoolTab::Overview => self.overview.scrolls(),
            PoolTab::Domains => self.domains.scrolls(),
            PoolTab::Clients => self.clients.scrolls(),
            PoolTab::Servers => self.servers.scrolls(),
        }
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let status = match self.tab {
            PoolTab::Clients => self.clients.status(view),
            PoolTab::Servers => self.servers.status(view),
            PoolTab::Overview | PoolTab::Domains => String::new(),
        };
        // Each tab shows the counts of all tabs.
        let status = load_states::marked(load_states::mark(&self.queries(), view), &status);
        let inner = Pane::tabbed(self.tabs(view), self.tab.place())
            .right(&status)
            .draw(frame, area, view.theme);
        match self.tab {
            PoolTab::Overview => self.overview.draw(frame, inner, &self.id, view),
            PoolTab::Clients => self.clients.draw(frame, inner, area, view),
            PoolTab::Servers => self.servers.draw(frame, inner, view),
            PoolTab::Domains => self.domains.draw(frame, inner, view),
        }
    }
}

/// Draws a tab without a list while its data is missing.
fn draw_unready<T>(frame: &mut Canvas, area: Rect, load: &Load<T>, what: &str, view: &View) {
    match load {
        Load::Failed(error) => load_states::draw_error(frame, area, error, view),
        _ => load_states::draw_reading(frame, area, what, view),
    }
}
