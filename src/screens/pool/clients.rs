//! The app clients of a pool. Names load page by page; details take two calls per client, the visible rows
//! first.

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{Effect, Query};
use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::domain::client::ClientSummary;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::list::{ListSource, ListView, SortKey, preview_width};
use crate::screens::shared::{client_properties, format, load_states, read_all};
use crate::ui::filter::in_one_piece;
use crate::ui::frame::Canvas;
use crate::ui::pane::split;
use crate::ui::properties::facts;
use crate::ui::table::{Column, Row};

const COLUMNS: &[Column] = &[
    Column::flexible("NAME", 20, 44),
    // Two clients may have one name, so the id stays on narrow terminals.
    Column::flexible("ID", 7, 26).middle().rank(3),
    Column::flexible("GRANT", 10, 18).weight(9).rank(2),
    Column::flexible("SCOPES", 13, 18).rank(1),
    Column::fixed("TOKEN", 6),
    Column::fixed("SECRETS", 10),
    // Without this column, SECRETS marks dynamically registered clients.
    Column::fixed("TYPE", 7).rank(4).room(87),
];
/// The width of the list; a preview gets the rest.
const LIST: u16 = 88;
/// The same with all columns, and the screen width for both.
const WHOLE_LIST: u16 = 96;
const WIDE: u16 = 130;

/// The app clients tab.
pub struct Clients {
    pool: PoolId,
    pub(super) list: ListView,
    asking: DetailLoader,
}

impl Clients {
    pub fn new(pool: PoolId) -> Self {
        Self {
            pool,
            list: ListView::new(COLUMNS),
            asking: DetailLoader::default(),
        }
    }

    /// Moves the cursor to a client, for example a new one.
    pub fn go_to(&mut self, client: &ClientId) {
        self.list.go_to(client.as_str());
    }

    /// Why the filter leaves no client to select.
    pub fn refusal(&self) -> Option<String> {
        self.list.refusal()
    }

    /// The numbers of clients: all, shown and loaded.
    pub fn status(&mut self, view: &View) -> String {
        self.list.sync(&ClientRows::of(&self.pool, view));
        let query = Query::Clients(self.pool.clone());
        let count = load_states::count(view.store.clients(&self.pool), &self.list, &query, view);
        load_states::marked(load_states::details_mark(&self.pool, view), &count)
    }

    /// The details to query next: the row under the cursor, visible rows, then the others in order.
    pub fn details(&mut self, view: &View, room: usize) -> Vec<Query> {
        let rows = ClientRows::of(&self.pool, view);
        let first = self.list.selected(&rows).into_iter();
        let in_sight = first.chain(self.list.in_sight()).chain(self.list.near());
        let in_sight: Vec<usize> = in_sight.collect();
        self.asking.next(&self.pool, view, &in_sight, room)
    }

    pub fn act(&mut self, action: Action, view: &View) -> Vec<Effect> {
        self.list.act(action, &ClientRows::of(&self.pool, view))
    }

    /// The client under the cursor.
    pub fn client(&mut self, view: &View) -> Option<ClientId> {
        let rows = ClientRows::of(&self.pool, view);
        let at = self.list.selected(&rows)?;
        rows.items.get(at).map(|client| client.id.clone())
    }

    /// Whether the filter takes letters.
    pub fn is_typing(&self) -> bool {
        self.list.is_typing()
    }

    pub fn edit(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        self.list
            .edit(event, &ClientRows::of(&self.pool, view), view.keys)
    }

    pub fn draw(&mut self, frame: &mut Canvas, inner: Rect, screen: Rect, view: &View) {
        let load = view.store.clients(&self.pool);
        if let Load::Failed(error) = load {
            return load_states::draw_error(frame, inner, error, view);
        }
        let rows = ClientRows::of(&self.pool, view);
        let new = view.keys.label(Action::New);
        let empty = format!("No app clients · {new} to create");
        let sentence = load_states::sentence(load, "app clients", &empty, view);
        let list = if screen.width < WIDE {
            LIST
        } else {
            WHOLE_LIST
        };
        let Some(width) = preview_width(screen, list) else {
            return self.list.draw(frame, inner, view, &rows, &sentence);
        };
        let (left, right) = split(frame, inner, view.theme, width);
        self.list.draw(frame, left, view, &rows, &sentence);
        if let Some(selected) = self
            .list
            .selected(&rows)
            .and_then(|index| rows.items.get(index))
        {
            let lines = facts(
                &client_properties::summary(&self.pool, selected, view),
                right.width.saturating_sub(1),
                10,
                view.theme,
            );
            self.list.draw_detail(frame, right, view, &lines);
        }
    }
}

struct ClientRows<'a> {
    pool: &'a PoolId,
    items: &'a [ClientSummary],
    view: &'a View<'a>,
}

impl<'a> ClientRows<'a> {
    fn of(pool: &'a PoolId, view: &'a View<'a>) -> Self {
        Self {
            pool,
            items: view.store.clients(pool).partial(),
            view,
        }
    }
}

impl ListSource for ClientRows<'_> {
    fn len(&self) -> usize {
        self.items.len()
    }

    fn read_at(&self) -> Option<Timestamp> {
        self.view.store.clients(self.pool).read_at()
    }

    fn view(&self) -> &View<'_> {
        self.view
    }

    fn broken_off(&self) -> Option<String> {
        let details = [DetailKind::Client, DetailKind::Secrets];
        load_states::broken_off(self.view.store.clients(self.pool), self.view)
            .or_else(|| load_states::stale_details(self.pool, &details, self.view))
            .or_else(|| read_all::offer(self.pool, self.view))
    }

    fn id(&self, index: usize) -> &str {
        self.items
            .get(index)
            .map_or("", |client| client.id.as_str())
    }

    fn texts(&self, index: usize) -> Vec<String> {
        let Some(summary) = self.items.get(index) else {
            return Vec::new();
        };
        let mut texts = vec![summary.name.clone(), in_one_piece(summary.id.as_str())];
        if let Some(client) = self.view.store.client(self.pool, &summary.id).value() {
            texts.push(format::grant(client, self.view.theme).to_string());
            texts.extend(client.settings.scopes.iter().map(ToString::to_string));
            texts.push(format::lifetime(client.settings.access_token));
            texts.push(in_one_piece(&format!(
                "type:{}",
                format::client_type(client)
            )));
        }
        texts
    }

    fn key(&self, index: usize, column: usize) -> SortKey {
        let Some(summary) = self.items.get(index) else {
            return SortKey::None;
        };
        let store = self.view.store;
        let described = store.client(self.pool, &summary.id).value();
        match column {
            0 => SortKey::text(&summary.name),
            1 => SortKey::text(summary.id.as_str()),
            2 => described.map_or(SortKey::None, |client| {
                SortKey::text(&format::grant(client, self.view.theme).to_string())
            }),
            3 => SortKey::number(
                described.and_then(|client| i64::try_from(client.settings.scopes.len()).ok()),
            ),
            4 => {
                SortKey::number(described.and_then(|client| client.settings.access_token.seconds()))
            }
            5 => {
                let secrets = store.secrets(self.pool, &summary.id).value();
                let oldest = secrets
                    .and_then(|secrets| secrets.iter().filter_map(|secret| secret.created).min());
                SortKey::number(oldest.map(Timestamp::millis))
            }
            _ => described.map_or(SortKey::None, |client| {
                SortKey::text(format::client_type(client))
            }),
        }
    }

    fn row(&self, index: usize) -> Row<'_> {
        let Some(summary) = self.items.get(index) else {
            return Row::default();
        };
        let (store, theme) = (self.view.store, self.view.theme);
        let name = Line::raw(summary.name.as_str());
        let id = Line::styled(summary.id.as_str(), theme.dim);
        let load = store.client(self.pool, &summary.id);
        let Some(client) = load.value() else {
            // Twice, because a narrow list hides the grant.
            let pending = format::pending(load, self.pool, self.view);
            return Row::new([name, id, pending.clone().into(), pending.into()]);
        };
        let servers = store.servers(self.pool).complete().ok();
        Row::new([
            name,
            id,
            format::grant(client, theme),
            format::scopes(client, servers, theme),
            Line::raw(format::lifetime(client.settings.access_token)),
            format::secret(client, store.secrets(self.pool, &summary.id), self.view),
            if client.is_registered() {
                Line::raw(format::client_type(client))
            } else {
                Line::styled(format::client_type(client), theme.dim)
            },
        ])
    }
}
