//! The rows of who can use a scope, of a server's scopes and of what a client can call.

use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::query::load::NotLoaded;
use crate::app::screen::View;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::resource_server::{ResourceServer, Scope, ScopeState};
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;
use crate::screens::shared::format;
use crate::screens::shared::list::{ListSource, SortKey};
use crate::screens::shared::verbs::Thing;
use crate::ui::table::Row;

/// A client with the scope, or a scope of the client.
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) cells: Vec<Line<'static>>,
    pub(super) thing: Thing,
}

pub(super) fn definition<'a>(scope: &ScopeName, servers: &'a [ResourceServer]) -> Option<&'a str> {
    let (identifier, name) = scope.split()?;
    let mut of_server = servers
        .iter()
        .filter(|server| server.identifier == identifier);
    of_server.find_map(|server| {
        let scope = server.scopes.iter().find(|scope| scope.name == name)?;
        Some(scope.description.as_str())
    })
}

/// The clients with a scope.
pub(super) fn holders(pool: &PoolId, scope: &ScopeName, view: &View) -> Vec<Entry> {
    let clients = view.store.clients(pool).partial().iter();
    let read = clients.filter_map(|listed| view.store.client(pool, &listed.id).value());
    let holds = |client: &&AppClient| client.settings.scopes.contains(scope);
    read.filter(holds)
        .map(|client| Entry {
            id: client.id.to_string(),
            cells: vec![
                Line::raw(client.settings.name.clone()),
                Line::styled(client.id.to_string(), view.theme.dim),
                format::grant(client, view.theme),
                Line::raw(format::lifetime(client.settings.access_token)),
            ],
            thing: Thing::Client(pool.clone(), client.id.clone()),
        })
        .collect()
}

/// The scopes of a server, each with the number of clients that have it.
pub(super) fn defined(pool: &PoolId, identifier: &str, view: &View) -> Vec<Entry> {
    let servers = view.store.servers(pool).partial().iter();
    let mut of_it = servers.filter(|server| server.identifier == identifier);
    let Some(server) = of_it.next() else {
        return Vec::new();
    };
    let listed = view.store.clients(pool).partial().iter();
    let clients: Vec<&AppClient> = listed
        .filter_map(|listed| view.store.client(pool, &listed.id).value())
        .collect();
    let entry = |scope: &Scope| {
        let name = ScopeName::custom(identifier, &scope.name);
        let has = |client: &&&AppClient| client.settings.scopes.contains(&name);
        let holders = clients.iter().filter(has).count();
        Entry {
            id: name.to_string(),
            cells: vec![
                Line::raw(name.to_string()),
                Line::raw(holders.to_string()),
                Line::styled(scope.description.clone(), view.theme.dim),
            ],
            thing: Thing::Scope(pool.clone(), name),
        }
    };
    server.scopes.iter().map(entry).collect()
}

/// The scopes of a client.
pub(super) fn held(pool: &PoolId, client: &ClientId, view: &View) -> Vec<Entry> {
    let Some(client) = view.store.client(pool, client).value() else {
        return Vec::new();
    };
    let servers = view.store.servers(pool).complete();
    let entry = |scope: &ScopeName| {
        let (state, style, description) = match servers {
            Ok(servers) => state(scope, servers, view),
            Err(NotLoaded::Coming) => ("…", view.theme.dim, String::new()),
            Err(NotLoaded::Failed(error)) => ("unknown", view.theme.dim, error.one_line()),
        };
        Entry {
            id: scope.to_string(),
            cells: vec![
                Line::raw(scope.to_string()),
                Line::styled(state, style),
                Line::styled(description, view.theme.dim),
            ],
            thing: Thing::Scope(pool.clone(), scope.clone()),
        }
    };
    client.settings.scopes.iter().map(entry).collect()
}

fn state(
    scope: &ScopeName,
    servers: &[ResourceServer],
    view: &View,
) -> (&'static str, Style, String) {
    let theme = view.theme;
    match ScopeState::of(scope, servers) {
        ScopeState::Active => {
            let description = definition(scope, servers).unwrap_or_default();
            ("● active", theme.good, description.to_owned())
        }
        ScopeState::Inactive => {
            let why = "undefined: not in tokens";
            ("○ inactive", theme.bad, why.to_owned())
        }
        ScopeState::System => ("system", theme.dim, "defined by Cognito".to_owned()),
        ScopeState::OpenId => ("sign-in", theme.dim, "for users, not for M2M".to_owned()),
    }
}

pub(super) struct Entries<'a> {
    pub(super) all: &'a [Entry],
    pub(super) read_at: Option<Timestamp>,
    pub(super) view: &'a View<'a>,
}

impl ListSource for Entries<'_> {
    fn len(&self) -> usize {
        self.all.len()
    }

    fn read_at(&self) -> Option<Timestamp> {
        self.read_at
    }

    fn view(&self) -> &View<'_> {
        self.view
    }

    fn id(&self, index: usize) -> &str {
        self.all.get(index).map_or("", |entry| &entry.id)
    }

    fn texts(&self, index: usize) -> Vec<String> {
        let cells = self.all.get(index).map(|entry| &entry.cells);
        cells
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect()
    }

    fn key(&self, index: usize, column: usize) -> SortKey {
        let cell = self
            .all
            .get(index)
            .and_then(|entry| entry.cells.get(column));
        cell.map_or(SortKey::None, |cell| SortKey::text(&cell.to_string()))
    }

    fn row(&self, index: usize) -> Row<'_> {
        let entry = self.all.get(index);
        entry.map_or_else(Row::default, |entry| Row::new(entry.cells.iter().cloned()))
    }
}
