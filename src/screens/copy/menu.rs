//! The copy menu, with the items that contain a secret.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{
    ClientForm, CopyMenu, CopyRequest, Effect, Notice, Query, Route, TokenForm,
};
use crate::app::query::load::NotLoaded;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::domain::delivery::destination::DestinationKind;
use crate::domain::delivery::formats;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::endpoints;
use crate::domain::scope::ScopeName;
use crate::domain::secret::DescribedSecret;
use crate::input::Action;
use crate::screens::shared::{
    client_secret, destinations, load_states, pool_properties, scope_matrix,
};
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::table::{Column, Row, Table, TableState};

const COLUMNS: &[Column] = &[
    Column::fixed("", 1),
    Column::flexible("COPY", 24, 60),
    Column::fixed("CONTAINS", 10),
];
const WIDTH: u16 = 62;
const CURL: &str = "curl command, secret from $CLIENT_SECRET";

/// The items to copy; a digit or Enter chooses one.
pub struct CopyMenuScreen {
    menu: CopyMenu,
    table: TableState,
}

/// One line of the menu.
struct Item {
    words: String,
    /// The secret that the copied text contains.
    holds: &'static str,
    what: Copied,
    way: CopyTarget,
    /// The key that chooses it in every menu.
    key: Option<Action>,
}

impl Item {
    fn on(self, key: Action) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }
}

/// The content of an item.
enum Copied {
    This(CopyRequest),
    /// Not read, with the reason. It keeps its line, so that digits do not change while the menu is open.
    Unread(String),
    /// The scope map. It is built when chosen, as that is slow for a large pool.
    ScopeMap(PoolId, MapForm),
}

#[derive(Clone, Copy)]
enum MapForm {
    Csv,
    Json,
}

/// How an item is copied.
#[derive(Clone, Copy)]
enum CopyTarget {
    /// With the session's clipboard.
    Clipboard,
    /// With the terminal's clipboard (OSC 52).
    Terminal,
    /// To a destination, without the clipboard.
    To(DestinationKind),
}

impl CopyMenuScreen {
    pub fn new(menu: &CopyMenu) -> Self {
        Self {
            menu: menu.clone(),
            table: TableState::default(),
        }
    }

    fn items(&self, view: &View) -> Vec<Item> {
        items(&self.menu, view)
    }

    /// The place of the item that a key chooses in every menu.
    fn place_of(&self, key: Action, view: &View) -> Option<usize> {
        let items = self.items(view);
        items.iter().position(|item| item.key == Some(key))
    }

    /// Why there is no secret to copy.
    fn no_secret(&self, view: &View) -> Option<String> {
        if self.place_of(Action::CopySecret, view).is_some() {
            return None;
        }
        let Some((pool, client)) = client_of(&self.menu) else {
            return Some("Only an app client has a secret".to_owned());
        };
        let client = view.store.client(pool, client).value();
        client.and_then(|client| client_secret::cannot_reveal(client, view))
    }

    fn choose(&self, at: usize, view: &View) -> Vec<Effect> {
        let item = self.items(view).into_iter().nth(at);
        let Some(Item { what, way, .. }) = item else {
            return Vec::new();
        };
        let request = match what {
            Copied::Unread(reason) => return vec![Effect::Notice(Notice::info(reason))],
            Copied::This(request) => request,
            Copied::ScopeMap(pool, form) => match scope_map(&pool, form, view) {
                Ok(request) => request,
                Err(reason) => return vec![Effect::Back, Effect::Notice(Notice::warn(reason))],
            },
        };
        let then = match way {
            CopyTarget::Clipboard => Effect::Copy(request),
            CopyTarget::Terminal => Effect::Open(Route::Osc52Prompt(request)),
            CopyTarget::To(place) => Effect::Open(Route::Deliver(request, place)),
        };
        vec![Effect::Back, then]
    }
}

impl Actions for CopyMenuScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, Up};
        let id = self.place_of(Action::Copy, view).is_some();
        ActionRows::default()
            .with(
                ActionRow::new(Action::Enter, |menu: &mut Self, view| {
                    let at = menu.table.selected(menu.items(view).len());
                    at.map(|at| menu.choose(at, view)).unwrap_or_default()
                })
                .label("copy"),
            )
            .each(&[Down, Up, First, Last], |menu, action, view| {
                let len = menu.items(view).len();
                menu.table.act(action, len);
                Vec::new()
            })
            .with(
                ActionRow::new(Action::Copy, |menu: &mut Self, view| {
                    let id = menu.place_of(Action::Copy, view).unwrap_or(0);
                    menu.choose(id, view)
                })
                .label(if id { "copy id" } else { "copy first" }),
            )
            .with(
                ActionRow::new(Action::CopySecret, |menu: &mut Self, view| {
                    let secret = menu.place_of(Action::CopySecret, view);
                    secret.map_or_else(Vec::new, |at| menu.choose(at, view))
                })
                .refused(Self::no_secret),
            )
            .digits(|menu, at, view| menu.choose(at, view))
    }
}

impl Screen for CopyMenuScreen {
    fn title(&self, _view: &View) -> String {
        "copy".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        queries(&self.menu)
    }

    fn mode(&self) -> Mode {
        Mode::popup(false)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let items = self.items(view);
        let height = u16::try_from(items.len())
            .unwrap_or(u16::MAX)
            .saturating_add(3);
        let area = popup(frame, area, WIDTH, height);
        let mark = load_states::mark(&self.queries(), view).unwrap_or_default();
        let inner = Pane::titled("Copy")
            .right(&mark)
            .focused(true)
            .draw(frame, area, view.theme);
        let mut table = self.table;
        Table::new(COLUMNS).draw(frame, inner, view.theme, &mut table, items.len(), |at| {
            items.get(at).map_or_else(Row::default, |item| {
                let (words, holds) = match item.what {
                    Copied::Unread(_) => {
                        (view.theme.dim, Line::styled("not loaded", view.theme.dim))
                    }
                    _ => (view.theme.text, Line::styled(item.holds, view.theme.warn)),
                };
                Row::new([
                    Line::styled(digit(at), view.theme.key),
                    Line::styled(item.words.as_str(), words),
                    holds,
                ])
            })
        });
        self.table = table;
    }
}

/// The digit of a line, up to nine.
fn digit(at: usize) -> String {
    if at < 9 {
        (at + 1).to_string()
    } else {
        String::new()
    }
}

/// The app client that a menu is about.
fn client_of(menu: &CopyMenu) -> Option<(&PoolId, &ClientId)> {
    match menu {
        CopyMenu::Client(pool, client) => Some((pool, client)),
        CopyMenu::Both(first, more) => client_of(first).or_else(|| client_of(more)),
        _ => None,
    }
}

/// What the items of a menu are made of.
fn queries(menu: &CopyMenu) -> Vec<Query> {
    match menu {
        CopyMenu::Pool(pool) | CopyMenu::Server(pool, ..) | CopyMenu::Domain(pool, _) => {
            vec![Query::Pool(pool.clone())]
        }
        CopyMenu::Client(pool, client) => vec![
            Query::Pool(pool.clone()),
            Query::Client(pool.clone(), client.clone()),
        ],
        CopyMenu::Token(_) | CopyMenu::ScopeMap(_) | CopyMenu::Text { .. } => Vec::new(),
        CopyMenu::Both(first, more) => queries(first).into_iter().chain(queries(more)).collect(),
    }
}

/// What a menu has.
fn items(menu: &CopyMenu, view: &View) -> Vec<Item> {
    match menu {
        CopyMenu::Pool(pool) => of_pool(pool, view),
        CopyMenu::Server(pool, identifier, scope) => {
            of_server(pool, identifier, scope.as_ref(), view)
        }
        CopyMenu::Domain(pool, name) => of_domain(pool, name, view),
        CopyMenu::Client(pool, client) => of_client(pool, client, view),
        CopyMenu::ScopeMap(pool) => [("CSV", MapForm::Csv), ("JSON", MapForm::Json)]
            .into_iter()
            .map(|(words, form)| Item {
                key: None,
                words: words.to_owned(),
                holds: "",
                what: Copied::ScopeMap(pool.clone(), form),
                way: CopyTarget::Clipboard,
            })
            .collect(),
        CopyMenu::Token(id) => [
            ("Token", "the token", TokenForm::Token),
            ("Authorization header", "the token", TokenForm::Header),
            ("curl call of an API", "the token", TokenForm::Curl),
        ]
        .into_iter()
        .map(|(words, holds, form)| Item {
            key: None,
            words: words.to_owned(),
            holds,
            what: Copied::This(CopyRequest::Token { id: *id, form }),
            way: CopyTarget::Clipboard,
        })
        .collect(),
        CopyMenu::Text { label, what, text } => vec![plain(label, what.clone(), text.as_str())],
        CopyMenu::Both(first, more) => {
            let mut all = items(first, view);
            all.extend(items(more, view));
            all
        }
    }
}

fn plain(words: &str, what: String, text: impl Into<String>) -> Item {
    Item {
        words: words.to_owned(),
        holds: "",
        what: Copied::This(CopyRequest::Plain {
            what,
            text: text.into(),
        }),
        way: CopyTarget::Clipboard,
        key: None,
    }
}

/// The line of an item that is not read.
fn unread(words: &str, unread: NotLoaded) -> Item {
    Item {
        words: words.to_owned(),
        holds: "",
        what: Copied::Unread(load_states::refusal(unread, "the pool")),
        way: CopyTarget::Clipboard,
        key: None,
    }
}

fn of_pool(pool: &PoolId, view: &View) -> Vec<Item> {
    let mut items = vec![plain("Pool id", "the pool's id".to_owned(), pool.as_str())];
    match view.store.pool(pool).known() {
        Ok(described) => {
            let endpoints = pool_properties::labelled_endpoints(described, view);
            let endpoints = endpoints.into_iter().map(|(words, url)| (words, Some(url)));
            let urls = [
                ("Issuer", endpoints::issuer(described)),
                ("JWKS URL", endpoints::jwks_url(described)),
                ("ARN", described.arn.clone()),
            ];
            items.extend(endpoints.chain(urls).filter_map(|(words, text)| {
                Some(plain(words, format!("the pool's {words}"), text?))
            }));
        }
        Err(reason) => {
            let all = [pool_properties::TOKEN_ENDPOINT, "Issuer", "JWKS URL", "ARN"];
            items.extend(all.map(|words| unread(words, reason)));
        }
    }
    items
}

/// The selected scope or resource server, then the pool's items.
fn of_server(pool: &PoolId, identifier: &str, scope: Option<&ScopeName>, view: &View) -> Vec<Item> {
    let mut items = Vec::new();
    if let Some(scope) = scope {
        items.push(plain(
            "Scope",
            "the scope's full name".to_owned(),
            scope.as_str(),
        ));
    }
    if !identifier.is_empty() {
        let what = "the resource server's identifier".to_owned();
        items.push(plain("Resource server identifier", what, identifier));
    }
    items.extend(of_pool(pool, view));
    items
}

/// The selected domain, then the pool's items.
fn of_domain(pool: &PoolId, name: &str, view: &View) -> Vec<Item> {
    let mut items = vec![plain("Domain", "the domain's name".to_owned(), name)];
    let domains = view.store.domains(pool).value();
    let domain = domains.and_then(|all| all.iter().find(|domain| domain.name == name));
    if let Some(domain) = domain {
        let target = domain.cloudfront.as_ref();
        let what = || "the target of the domain's DNS record".to_owned();
        items.extend(target.map(|target| plain("DNS record target", what(), target.as_str())));
        let arn = domain.certificate_arn.as_ref();
        let what = || "the ARN of the domain's certificate".to_owned();
        items.extend(arn.map(|arn| plain("Certificate ARN", what(), arn.as_str())));
    }
    items.extend(of_pool(pool, view));
    items
}

/// The maximum cells of a copied map: tens of megabytes of text.
const MOST_CELLS: usize = 1_000_000;

fn scope_map(pool: &PoolId, form: MapForm, view: &View) -> Result<CopyRequest, String> {
    let map = scope_matrix::scope_map(pool, view);
    let (rows, columns) = (map.rows.len(), map.columns.len());
    if rows.saturating_mul(columns) > MOST_CELLS {
        return Err(format!(
            "{rows} clients × {columns} scopes are too many to copy. Use: cognitui list matrix --pool {pool} --csv"
        ));
    }
    let (name, text) = match form {
        MapForm::Csv => ("CSV", map.csv().collect()),
        MapForm::Json => ("JSON", map.json_array(pool, &view.caller())),
    };
    let what = match (map.read(), map.rows.len()) {
        (read, all) if read == all => format!("the scope map as {name}"),
        (read, all) => format!("the scope map as {name} ({read} of {all} clients loaded)"),
    };
    Ok(CopyRequest::Plain { what, text })
}

fn of_client(pool: &PoolId, client: &ClientId, view: &View) -> Vec<Item> {
    let name = view.store.client_name(pool, client);
    let endpoint = view.store.token_endpoint(pool);
    let reason = endpoint.err();
    let endpoint = endpoint.ok().flatten().map(str::to_owned);
    let described = view.store.client(pool, client).value();
    let readable = described.is_none_or(|client| view.store.secret_state(client).is_readable());
    let by = |way, words: String, form| Item {
        words,
        holds: "the secret",
        what: Copied::This(CopyRequest::Client {
            pool: pool.clone(),
            client: client.clone(),
            name: name.clone(),
            endpoint: endpoint.clone(),
            form,
        }),
        way,
        key: None,
    };
    let with_secret = |words: &str, form| by(CopyTarget::Clipboard, words.to_owned(), form);
    let mut items = Vec::new();
    if readable {
        let secret = with_secret("Client secret", ClientForm::Secret);
        items.push(secret.on(Action::CopySecret));
    }
    if let Some(DescribedSecret::Managed(arn)) = described.map(|client| &client.secret) {
        items.push(plain(
            "Secret ARN in Secrets Manager",
            format!("the ARN of the secret of {name}"),
            arn,
        ));
    }
    let id = plain("Client id", format!("the id of {name}"), client.as_str());
    items.push(id.on(Action::Copy));
    let of_pool = view.store.pool(pool).value();
    let endpoints = of_pool.map(|pool| pool_properties::labelled_endpoints(pool, view));
    let mut endpoints = endpoints
        .into_iter()
        .flatten()
        .map(|(words, url)| plain(words, format!("the pool's {words}"), url));
    items.extend(endpoints.next());
    items.extend(reason.map(|reason| unread(pool_properties::TOKEN_ENDPOINT, reason)));
    if readable {
        items.push(with_secret("Shell export lines", ClientForm::Exports));
    }
    if let Some(url) = &endpoint {
        let scopes = described
            .map(|client| client.settings.scopes.clone())
            .unwrap_or_default();
        let custom: Vec<_> = scopes
            .into_iter()
            .filter(ScopeName::is_for_machines)
            .collect();
        let command = formats::token_curl(url, client, &custom);
        items.push(plain(
            CURL,
            "a curl command for a token".to_owned(),
            command,
        ));
    }
    items.extend(reason.map(|reason| unread(CURL, reason)));
    if readable {
        items.push(with_secret("JSON", ClientForm::Json));
        items.extend(DestinationKind::ALL.map(|place| {
            let words = format!("JSON {}", destinations::label(place));
            by(CopyTarget::To(place), words, ClientForm::Json)
        }));
        // Last, so that the digits of other items do not change.
        items.extend(endpoints.by_ref());
        let words = "Client secret via terminal (OSC 52) …".to_owned();
        items.push(by(CopyTarget::Terminal, words, ClientForm::Secret));
    }
    items.extend(endpoints);
    items
}
