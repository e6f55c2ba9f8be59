//! Who can use a scope, or what a client can call: one row or column of the scope map.

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::message::{AccessQuestion, CopyRequest, Effect, Query, Route};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::app::store::DetailKind;
use crate::app::store::load::NotLoaded;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::list::{self, ListSource, ListView, SortKey};
use crate::screens::shared::progress::ProgressMeter;
use crate::screens::shared::rebuild_throttle::RebuildThrottle;
use crate::screens::shared::{format, load_states, scope_matrix};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::table::{Column, Row};
use crate::ui::text::{Cut, put_line};

const CLIENTS: &[Column] = &[
    Column::flexible("APP CLIENT", 16, 44),
    Column::flexible("CLIENT ID", 11, 26).middle().rank(1),
    Column::fixed("GRANT", 18),
    Column::fixed("TOKEN", 6).rank(2),
];
const SCOPES: &[Column] = &[
    Column::flexible("SCOPE", 20, 60),
    Column::fixed("STATE", 12),
    Column::flexible("DESCRIPTION", 12, 80).weight(2).rank(1),
];

/// One row or column of the matrix.
pub struct AccessScreen {
    pool: PoolId,
    access: AccessQuestion,
    asking: DetailLoader,
    meter: ProgressMeter,
    list: ListView,
    entries: Vec<Entry>,
    /// The Store version of the entries.
    made: RebuildThrottle<u64>,
}

/// A client with the scope, or a scope of the client.
struct Entry {
    id: String,
    cells: Vec<Line<'static>>,
    leads_to: Option<Route>,
}

impl AccessScreen {
    pub fn new(pool: PoolId, access: AccessQuestion) -> Self {
        let columns = match access {
            AccessQuestion::OfScope(_) => CLIENTS,
            AccessQuestion::OfClient(_) => SCOPES,
        };
        Self {
            pool,
            access,
            asking: DetailLoader::settings(),
            meter: ProgressMeter::default(),
            list: ListView::new(columns),
            entries: Vec::new(),
            made: RebuildThrottle::default(),
        }
    }

    fn sync(&mut self, view: &View) {
        let reading = |_: &u64| scope_matrix::is_reading(&self.pool, view);
        if !self.made.is_due(view.store.version(), view.now, reading) {
            return;
        }
        self.entries = match &self.access {
            AccessQuestion::OfScope(scope) => holders(&self.pool, scope, view),
            AccessQuestion::OfClient(client) => held(&self.pool, client, view),
        };
    }

    fn current(&self) -> Option<&Entry> {
        self.entries.get(self.list.current()?)
    }

    /// Why there is nothing to act on.
    fn nothing_listed(&self, view: &View) -> Option<String> {
        if !self.entries.is_empty() {
            return None;
        }
        let (read, all) = self.read(view);
        let none = || match &self.access {
            AccessQuestion::OfScope(_) if read < all => "No loaded client has it".to_owned(),
            _ => "Nothing to select".to_owned(),
        };
        match &self.access {
            AccessQuestion::OfScope(_) if scope_matrix::is_reading(&self.pool, view) => {
                Some(load_states::refusal(NotLoaded::Coming, "app clients"))
            }
            AccessQuestion::OfScope(_) => {
                load_states::empty_text(view.store.clients(&self.pool).complete(), true, "", none)
            }
            AccessQuestion::OfClient(client) => {
                let known = view.store.client(&self.pool, client).known();
                load_states::empty_text(known, true, "the app client", none)
            }
        }
    }

    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let rows = Entries {
            all: &self.entries,
            read_at: self.made.at(),
            view,
        };
        self.list.act(action, &rows)
    }

    /// The numbers of loaded clients and of all clients.
    fn read(&self, view: &View) -> (usize, usize) {
        let all = view.store.clients(&self.pool).partial();
        let is_read = |id: &ClientId| view.store.client(&self.pool, id).value().is_some();
        (
            all.iter().filter(|listed| is_read(&listed.id)).count(),
            all.len(),
        )
    }

    /// The question and its answer in a sentence.
    fn head(&self, view: &View) -> Line<'static> {
        match &self.access {
            AccessQuestion::OfScope(scope) => self.head_of_scope(scope, view),
            AccessQuestion::OfClient(client) => {
                head_of_client(&self.pool, client, self.entries.len(), view)
            }
        }
    }

    fn head_of_scope(&self, scope: &ScopeName, view: &View) -> Line<'static> {
        let theme = view.theme;
        let (read, all) = self.read(view);
        let clients = view.store.clients(&self.pool);
        let whole = clients.complete().is_ok_and(|_| read == all);
        let mut spans = vec![Span::raw(match self.entries.len() {
            0 if whole => "No client has it".to_owned(),
            0 if read == 0 => load_states::claim(clients.complete(), "app clients", view, |_| {
                "Unknown: no client is loaded".to_owned()
            }),
            0 => "No loaded client has it".to_owned(),
            1 => load_states::partial_count(clients, format!("1 of {read} clients has it")),
            holders => {
                load_states::partial_count(clients, format!("{holders} of {read} clients have it"))
            }
        })];
        if let Ok(servers) = view.store.servers(&self.pool).complete() {
            spans.push(match definition(scope, servers) {
                Some(description) => Span::styled(format!(" · {description}"), theme.dim),
                None => Span::styled(" · ✗ undefined: not in their tokens", theme.bad),
            });
        }
        Line::from(spans)
    }

    /// The loading progress, or what could not be read.
    fn progress(&self, width: u16, view: &View) -> Option<Line<'static>> {
        if !matches!(self.access, AccessQuestion::OfScope(_)) {
            return None;
        }
        let (read, all) = self.read(view);
        if read == all {
            let old = load_states::stale_details(&self.pool, &[DetailKind::Client], view)?;
            return Some(Line::styled(old, view.theme.warn));
        }
        if scope_matrix::is_reading(&self.pool, view) {
            return Some(self.meter.line(read, all, width, view.theme));
        }
        let words = format!("! {} of {all} clients could not be read", all - read);
        Some(Line::styled(words, view.theme.warn))
    }
}

fn head_of_client(pool: &PoolId, client: &ClientId, listed: usize, view: &View) -> Line<'static> {
    let theme = view.theme;
    let client = match view.store.client(pool, client).known() {
        Ok(client) => client,
        Err(unread) => {
            let words = load_states::reason(unread, "the app client", view);
            return Line::styled(words, theme.dim);
        }
    };
    let settings = &client.settings;
    let plural = if listed == 1 { "" } else { "s" };
    if settings.is_m2m() && !settings.oauth_enabled {
        let words =
            format!("✗ Nothing: OAuth is off, so none of its {listed} scope{plural} is granted");
        return Line::styled(words, theme.bad);
    }
    let mut spans = vec![Span::raw(format!("{listed} scope{plural} · grant "))];
    spans.extend(format::grant(client, theme).spans);
    if view.store.secret_state(client).is_public() {
        spans.push(Span::styled(" · no secret: not for M2M", theme.warn));
    }
    Line::from(spans)
}

fn definition<'a>(scope: &ScopeName, servers: &'a [ResourceServer]) -> Option<&'a str> {
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
fn holders(pool: &PoolId, scope: &ScopeName, view: &View) -> Vec<Entry> {
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
            leads_to: Some(Route::Client(pool.clone(), client.id.clone())),
        })
        .collect()
}

/// The scopes of a client.
fn held(pool: &PoolId, client: &ClientId, view: &View) -> Vec<Entry> {
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
            leads_to: scope
                .split()
                .map(|_| Route::Access(pool.clone(), AccessQuestion::OfScope(scope.clone()))),
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

impl Actions for AccessScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        self.sync(view);
        let of_scope = matches!(self.access, AccessQuestion::OfScope(_));
        let what = if of_scope {
            "the client ids"
        } else {
            "the scopes"
        };
        let enter = ActionRow::new(Action::Enter, |screen: &mut Self, _| {
            let route = screen.current().and_then(|entry| entry.leads_to.clone());
            route.map(Effect::Open).into_iter().collect()
        });
        let copy = ActionRow::new(Action::Copy, move |screen: &mut Self, _| {
            let ids: Vec<&str> = screen
                .entries
                .iter()
                .map(|entry| entry.id.as_str())
                .collect();
            vec![Effect::Copy(CopyRequest::Plain {
                what: what.to_owned(),
                text: ids.join("\n"),
            })]
        });
        let rows = ActionRows::default()
            .with(
                enter
                    .label(if of_scope { "open client" } else { "access" })
                    .refused(Self::nothing_listed)
                    .refused(|screen, _| screen.list.refusal())
                    .refused(|screen, _| {
                        let nowhere = screen
                            .current()
                            .is_some_and(|entry| entry.leads_to.is_none());
                        nowhere.then(|| "Sign-in scopes have no resource server".to_owned())
                    }),
            )
            .with(copy.label("copy list").refused(Self::nothing_listed))
            .each(&[Action::Filter, Action::Sort], Self::move_by)
            .map(Action::Filter, |row| row.refused(Self::nothing_listed))
            .map(Action::Sort, |row| row.refused(Self::nothing_listed))
            .with(ActionRow::ask(Action::Refresh, Effect::Refresh))
            .each(list::MOVING, Self::move_by);
        self.list.in_rows(rows)
    }
}

impl Screen for AccessScreen {
    fn title(&self, view: &View) -> String {
        match &self.access {
            AccessQuestion::OfScope(scope) => format!("who can use {scope}"),
            AccessQuestion::OfClient(client) => {
                format!("{} › scopes", view.store.client_name(&self.pool, client))
            }
        }
    }

    fn queries(&self) -> Vec<Query> {
        let mut needs = vec![Query::ResourceServers(self.pool.clone())];
        needs.push(match &self.access {
            AccessQuestion::OfScope(_) => Query::Clients(self.pool.clone()),
            AccessQuestion::OfClient(client) => Query::Client(self.pool.clone(), client.clone()),
        });
        needs
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        match self.access {
            AccessQuestion::OfScope(_) => self.asking.next(&self.pool, view, &[], room),
            AccessQuestion::OfClient(_) => Vec::new(),
        }
    }

    fn on_input(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        self.sync(view);
        let rows = Entries {
            all: &self.entries,
            read_at: self.made.at(),
            view,
        };
        self.list.edit(event, &rows, view.keys)
    }

    fn mode(&self) -> Mode {
        Mode::typing(self.list.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.sync(view);
        let (read, _) = self.read(view);
        self.meter.see(read, view.now);
        let title = match &self.access {
            AccessQuestion::OfScope(scope) => format!("Who can use {scope}"),
            AccessQuestion::OfClient(client) => {
                format!(
                    "What {} can call",
                    view.store.client_name(&self.pool, client)
                )
            }
        };
        let mark = load_states::mark(&self.queries(), view);
        let details = matches!(self.access, AccessQuestion::OfScope(_));
        let mark = mark.or_else(|| load_states::details_mark(&self.pool, view).filter(|_| details));
        let mark = mark.unwrap_or_default();
        let mut inner = Pane::titled(&title)
            .right(&mark)
            .draw(frame, area, view.theme);
        let store = view.store;
        let error = match &self.access {
            AccessQuestion::OfScope(_) => store.clients(&self.pool).error(),
            AccessQuestion::OfClient(client) => store.client(&self.pool, client).error(),
        };
        if let Some(error) = error {
            return load_states::draw_error(frame, inner, error, view);
        }
        let width = inner.width.saturating_sub(1);
        let heads = [Some(self.head(view)), self.progress(width, view)];
        for line in heads.into_iter().flatten() {
            if inner.height > 3 {
                put_line(
                    frame.buffer_mut(),
                    (inner.x, inner.y),
                    &line,
                    width,
                    Cut::End,
                    view.theme.text,
                );
                inner.y += 1;
                inner.height -= 1;
            }
        }
        let rows = Entries {
            all: &self.entries,
            read_at: self.made.at(),
            view,
        };
        self.list.draw(frame, inner, view, &rows, "");
    }
}

struct Entries<'a> {
    all: &'a [Entry],
    read_at: Option<Timestamp>,
    view: &'a View<'a>,
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
