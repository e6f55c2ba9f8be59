//! The resource servers of a pool, with their scopes.

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::message::{Effect, Query};
use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::client_properties::other_settings;
use crate::screens::shared::format::counted;
use crate::screens::shared::list::{ListSource, ListView, SortKey};
use crate::screens::shared::load_states;
use crate::screens::shared::verbs::Thing;
use crate::ui::frame::Canvas;
use crate::ui::pane::stack;
use crate::ui::properties::{Property, facts};
use crate::ui::table::{Column, Row};
use crate::ui::text::columns;

const COLUMNS: &[Column] = &[
    Column::flexible("IDENTIFIER / SCOPE", 20, 60),
    Column::flexible("NAME / DESCRIPTION", 16, 80).weight(2),
    Column::fixed("SCOPES", 6).right().rank(1),
];

/// A pane this high shows the server's unknown settings below the list.
const STACK_FROM: u16 = 10;

/// The resource servers tab.
pub struct Servers {
    pool: PoolId,
    pub(super) list: ListView,
}

impl Servers {
    pub fn new(pool: PoolId) -> Self {
        Self {
            pool,
            list: ListView::new(COLUMNS),
        }
    }

    /// The numbers of servers and scopes: all and shown.
    pub fn status(&mut self, view: &View) -> String {
        let rows = ServerRows::of(&self.pool, view);
        self.list.sync(&rows);
        let load = view.store.servers(&self.pool);
        if load.value().is_none() {
            return String::new();
        }
        let query = Query::ResourceServers(self.pool.clone());
        let servers = load.partial();
        let scopes: usize = servers.iter().map(|server| server.scopes.len()).sum();
        let (servers, scopes) = (counted(servers.len(), "server"), counted(scopes, "scope"));
        format!(
            "{} · {}{}",
            load_states::partial_count(load, format!("{servers}, {scopes}")),
            load_states::freshness(load, &query, view),
            load_states::order(load, &self.list),
        )
    }

    pub fn act(&mut self, action: Action, view: &View) -> Vec<Effect> {
        self.list.act(action, &ServerRows::of(&self.pool, view))
    }

    /// The server or the scope under the cursor.
    pub fn selected(&mut self, view: &View) -> Option<Thing> {
        let rows = ServerRows::of(&self.pool, view);
        let entry = rows.entries.get(self.list.selected(&rows)?)?;
        let (pool, identifier) = (self.pool.clone(), &entry.server.identifier);
        Some(match entry.scope {
            Some((scope, _)) => Thing::Scope(pool, ScopeName::custom(identifier, &scope.name)),
            None => Thing::Server(pool, identifier.clone()),
        })
    }

    /// Why the filter leaves nothing to select.
    pub fn refusal(&self) -> Option<String> {
        self.list.refusal()
    }

    /// Whether the filter takes letters.
    pub fn is_typing(&self) -> bool {
        self.list.is_typing()
    }

    pub fn edit(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        self.list
            .edit(event, &ServerRows::of(&self.pool, view), view.keys)
    }

    pub fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let load = view.store.servers(&self.pool);
        if let Load::Failed(error) = load {
            return load_states::draw_error(frame, area, error, view);
        }
        let new = view.keys.label(Action::New);
        let empty = format!("No resource servers, so no scopes for M2M tokens · {new} to create");
        let sentence = load_states::sentence(load, "resource servers", &empty, view);
        let rows = ServerRows {
            apart: self.list.is_ranked(),
            ..ServerRows::of(&self.pool, view)
        };
        let selected = self.list.selected(&rows);
        let server = selected
            .and_then(|at| rows.entries.get(at))
            .map(|entry| entry.server)
            .filter(|server| !server.other.is_empty() && area.height >= STACK_FROM);
        let Some(server) = server else {
            return self.list.draw(frame, area, view, &rows, &sentence);
        };
        // Without the leading empty line.
        let other: Vec<Property> = other_settings(&server.other).into_iter().skip(1).collect();
        let lines = facts(&other, area.width.saturating_sub(1), 0, view.theme);
        let height = columns(lines.len()).min(area.height / 3);
        let (list, below) = stack(frame, area, view.theme, height);
        self.list.draw(frame, list, view, &rows, &sentence);
        self.list.draw_detail(frame, below, view, &lines);
    }
}

/// A server's own row, or one of its scopes'.
struct Entry<'a> {
    id: String,
    server: &'a ResourceServer,
    /// The scope, and whether it is the last of its server.
    scope: Option<(&'a Scope, bool)>,
}

struct ServerRows<'a> {
    pool: &'a PoolId,
    entries: Vec<Entry<'a>>,
    /// Whether scopes are shown without their servers, so with full names.
    apart: bool,
    read_at: Option<Timestamp>,
    view: &'a View<'a>,
}

impl<'a> ServerRows<'a> {
    fn of(pool: &'a PoolId, view: &'a View<'a>) -> Self {
        let entries = view
            .store
            .servers(pool)
            .partial()
            .iter()
            .flat_map(|server| {
                let head = Entry {
                    id: server.identifier.clone(),
                    server,
                    scope: None,
                };
                let last = server.scopes.len().saturating_sub(1);
                let scopes = server
                    .scopes
                    .iter()
                    .enumerate()
                    .map(move |(at, scope)| Entry {
                        id: format!("{}/{}", server.identifier, scope.name),
                        server,
                        scope: Some((scope, at == last)),
                    });
                std::iter::once(head).chain(scopes)
            })
            .collect();
        let read_at = view.store.servers(pool).read_at();
        Self {
            pool,
            entries,
            apart: false,
            read_at,
            view,
        }
    }
}

impl ListSource for ServerRows<'_> {
    fn len(&self) -> usize {
        self.entries.len()
    }

    fn read_at(&self) -> Option<Timestamp> {
        self.read_at
    }

    fn view(&self) -> &View<'_> {
        self.view
    }

    fn broken_off(&self) -> Option<String> {
        load_states::broken_off(self.view.store.servers(self.pool), self.view)
    }

    fn id(&self, index: usize) -> &str {
        self.entries.get(index).map_or("", |entry| &entry.id)
    }

    fn texts(&self, index: usize) -> Vec<String> {
        let Some(entry) = self.entries.get(index) else {
            return Vec::new();
        };
        let words = entry
            .scope
            .map_or(&entry.server.name, |(scope, _)| &scope.description);
        vec![entry.id.clone(), words.clone()]
    }

    fn key(&self, index: usize, column: usize) -> SortKey {
        let Some(entry) = self.entries.get(index) else {
            return SortKey::None;
        };
        // Scopes stay under their server: only servers are sorted.
        match column {
            0 => SortKey::text(&entry.server.identifier),
            1 => SortKey::text(&entry.server.name),
            _ => SortKey::number(i64::try_from(entry.server.scopes.len()).ok()),
        }
    }

    fn row(&self, index: usize) -> Row<'_> {
        let theme = self.view.theme;
        let Some(entry) = self.entries.get(index) else {
            return Row::default();
        };
        match entry.scope {
            None => Row::new([
                Line::styled(entry.server.identifier.as_str(), theme.strong),
                Line::raw(entry.server.name.as_str()),
                Line::raw(entry.server.scopes.len().to_string()),
            ]),
            Some((scope, _)) if self.apart => Row::new([
                Line::raw(entry.id.as_str()),
                Line::styled(scope.description.as_str(), theme.dim),
            ]),
            Some((scope, last)) => Row::new([
                Line::from(vec![
                    Span::styled(if last { "└ " } else { "├ " }, theme.dim),
                    Span::raw(scope.name.as_str()),
                ]),
                Line::styled(scope.description.as_str(), theme.dim),
            ]),
        }
    }
}
