//! One user pool: overview, app clients, resource servers with their scopes, domains.

mod clients;
mod domains;
pub(super) mod list;
mod overview;
mod resource_servers;
mod rows;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{Effect, Query, TaskEvent};
use crate::app::query::load::Load;
use crate::app::screen::{Mode, Screen, View};
use crate::domain::ids::PoolId;
use crate::domain::plan::Step;
use crate::screens::shared::load_states;
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

    fn mode(&self) -> Mode {
        Mode::typing(self.is_typing())
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
