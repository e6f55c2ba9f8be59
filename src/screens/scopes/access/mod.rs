//! Who can use a scope, or what a client can call: one row or column of the scope map.

mod entries;

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::message::{AccessQuestion, CopyMenu, Effect, Query, Route};
use crate::app::query::load::NotLoaded;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::app::store::DetailKind;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::scope::ScopeName;
use crate::input::Action;
use crate::screens::scopes::access::entries::{Entries, Entry, defined, definition, held, holders};
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::list::{self, ListView};
use crate::screens::shared::progress::ProgressMeter;
use crate::screens::shared::rebuild_throttle::RebuildThrottle;
use crate::screens::shared::verbs::Thing;
use crate::screens::shared::{format, load_states, read_all, scope_matrix};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::table::Column;
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

const OF_SERVER: &[Column] = &[
    Column::flexible("SCOPE", 20, 60),
    Column::fixed("CLIENTS", 7).right(),
    Column::flexible("DESCRIPTION", 12, 80).weight(2).rank(1),
];

/// One row or column of the matrix, or the scopes of one server.
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

impl AccessScreen {
    pub fn new(pool: PoolId, access: AccessQuestion) -> Self {
        let columns = match access {
            AccessQuestion::OfScope(_) => CLIENTS,
            AccessQuestion::OfServer(_) => OF_SERVER,
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
            AccessQuestion::OfServer(server) => defined(&self.pool, server, view),
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
            AccessQuestion::OfServer(_) => {
                let known = view.store.servers(&self.pool).complete();
                load_states::empty_text(known, true, "resource servers", none)
            }
            AccessQuestion::OfClient(client) => {
                let known = view.store.client(&self.pool, client).known();
                load_states::empty_text(known, true, "the app client", none)
            }
        }
    }

    /// Why the clients that have a scope are not all listed.
    fn half_read(&self, view: &View) -> Option<String> {
        let of_scope = matches!(self.access, AccessQuestion::OfScope(_));
        of_scope
            .then(|| read_all::offer(&self.pool, view))
            .flatten()
    }

    fn nothing_selected(&self, view: &View) -> Option<String> {
        self.nothing_listed(view).or_else(|| self.list.refusal())
    }

    /// The whole list, and what the row under the cursor has to copy.
    fn copy_menu(&self) -> CopyMenu {
        let ids: Vec<&str> = self.entries.iter().map(|entry| entry.id.as_str()).collect();
        let (label, what) = match self.access {
            AccessQuestion::OfScope(_) => ("All client ids", "the client ids"),
            AccessQuestion::OfServer(_) | AccessQuestion::OfClient(_) => {
                ("All scopes", "the scopes")
            }
        };
        let all = CopyMenu::Text {
            label: label.to_owned(),
            what: what.to_owned(),
            text: ids.join("\n"),
        };
        match self.current() {
            Some(entry) => all.and(entry.thing.copy_menu()),
            None => all,
        }
    }

    /// A thing like those in its rows.
    fn like(&self) -> Thing {
        match self.access {
            AccessQuestion::OfScope(_) => Thing::any_client(&self.pool),
            AccessQuestion::OfServer(_) | AccessQuestion::OfClient(_) => {
                Thing::Scope(self.pool.clone(), ScopeName::new(""))
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
            AccessQuestion::OfServer(server) => head_of_server(&self.pool, server, view),
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
        if matches!(self.access, AccessQuestion::OfClient(_)) {
            return None;
        }
        let (read, all) = self.read(view);
        if read == all {
            let old = load_states::stale_details(&self.pool, &[DetailKind::Client], view)?;
            return Some(Line::styled(old, view.theme.warn));
        }
        if let Some(held) = read_all::held(&self.pool, view) {
            return Some(Line::styled(held, view.theme.warn));
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

/// How many scopes a server has.
fn head_of_server(pool: &PoolId, server: &str, view: &View) -> Line<'static> {
    match view.store.servers(pool).complete() {
        Ok(servers) => {
            let mut servers = servers.iter();
            match servers.find(|known| known.identifier == server) {
                Some(server) => Line::raw(format::counted(server.scopes.len(), "scope")),
                None => Line::styled(load_states::GONE, view.theme.bad),
            }
        }
        Err(unread) => {
            let words = load_states::reason(unread, "resource servers", view);
            Line::styled(words, view.theme.dim)
        }
    }
}

impl Actions for AccessScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Copy, Enter, Filter, Refresh, Sort};
        self.sync(view);
        let rows = Entries {
            all: &self.entries,
            read_at: self.made.at(),
            view,
        };
        self.list.sync(&rows);
        let thing = self.current().map(|entry| entry.thing.clone());
        let of_row = thing.map_or_else(
            || self.like().refused(view, Self::nothing_selected),
            |thing| thing.rows(view),
        );
        let all = !matches!(self.access, AccessQuestion::OfClient(_));
        let read_all = all.then(|| read_all::row(&self.pool, view)).flatten();
        let rows = ActionRows::default()
            .with(
                ActionRow::new(Copy, |screen: &mut Self, _| {
                    vec![Effect::Open(Route::Copy(screen.copy_menu()))]
                })
                .refused(Self::nothing_listed)
                .refused(Self::half_read),
            )
            .and(of_row)
            .each(&[Filter, Sort], Self::move_by)
            .map(Filter, |row| row.refused(Self::nothing_listed))
            .map(Sort, |row| row.refused(Self::nothing_listed))
            .with_some(read_all)
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .each(list::MOVING, Self::move_by)
            .in_order(&[Enter, Copy, Filter, Sort, Refresh]);
        self.list.in_rows(rows)
    }
}

impl Screen for AccessScreen {
    fn title(&self, view: &View) -> String {
        match &self.access {
            AccessQuestion::OfScope(scope) => format!("who can use {scope}"),
            AccessQuestion::OfServer(server) => format!("scopes of {server}"),
            AccessQuestion::OfClient(client) => {
                format!("{} › scopes", view.store.client_name(&self.pool, client))
            }
        }
    }

    fn queries(&self) -> Vec<Query> {
        let mut needs = vec![Query::ResourceServers(self.pool.clone())];
        needs.push(match &self.access {
            AccessQuestion::OfScope(_) | AccessQuestion::OfServer(_) => {
                Query::Clients(self.pool.clone())
            }
            AccessQuestion::OfClient(client) => Query::Client(self.pool.clone(), client.clone()),
        });
        needs
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        match self.access {
            AccessQuestion::OfScope(_) | AccessQuestion::OfServer(_) => {
                self.asking.next(&self.pool, view, &[], room)
            }
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
            AccessQuestion::OfServer(server) => format!("Scopes of {server}"),
            AccessQuestion::OfClient(client) => {
                format!(
                    "What {} can call",
                    view.store.client_name(&self.pool, client)
                )
            }
        };
        let mark = load_states::mark(&self.queries(), view);
        let details = !matches!(self.access, AccessQuestion::OfClient(_));
        let mark = mark.or_else(|| load_states::details_mark(&self.pool, view).filter(|_| details));
        let mark = mark.unwrap_or_default();
        let mut inner = Pane::titled(&title)
            .right(&mark)
            .draw(frame, area, view.theme);
        let store = view.store;
        let error = match &self.access {
            AccessQuestion::OfScope(_) => store.clients(&self.pool).error(),
            AccessQuestion::OfServer(_) => store.servers(&self.pool).error(),
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
