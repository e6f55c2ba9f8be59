//! The request: scopes, client authentication and secret.

use std::collections::BTreeMap;

use crossterm::event::Event;
use ratatui::layout::Rect;
use secrecy::ExposeSecret;

use crate::app::query::load::{Load, PagedList};
use crate::app::screen::View;
use crate::app::session::Session;
use crate::app::store::tokens::PRICE;
use crate::app::typed_secret::TypedSecret;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::limits;
use crate::domain::oauth::token::{ClientAuth, TokenRequest};
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::ScopeName;
use crate::input::Action;
use crate::screens::shared::load_states;
use crate::ui::form::{Field, Form, Item};
use crate::ui::frame::Canvas;
use crate::ui::theme::Status;

const ABOUT: &str = "about";
const SCOPES: &str = "scopes";
const OTHER: &str = "other";
const AUTH: &str = "auth";
const METADATA: &str = "metadata";
const SECRET: &str = "secret";
const GIVEN: &str = "given";
/// The request form.
pub struct RequestForm {
    form: Form,
    /// The form as last sent or opened.
    kept: Form,
    /// The Store version of the listed scopes; `None` before the client is known.
    listed_at: Option<u64>,
    /// Whether the client failed to load and there is no stale data.
    unread: bool,
}

impl RequestForm {
    pub fn new() -> Self {
        let form = Form::new(vec![
            Field::note(ABOUT, ""),
            Field::checks(SCOPES, "Scopes", Vec::new()),
            Field::radio(
                AUTH,
                "Auth",
                vec![
                    Item::new("basic", "Basic"),
                    Item::new("body", "POST body"),
                    Item::new("api", "GetClientToken"),
                ],
            ),
            Field::text(OTHER, "Other", "").hint("any scope, also an undefined one"),
            Field::text(METADATA, "Metadata", "").hint("key=value, … for a V3_0 trigger"),
            Field::radio(
                SECRET,
                "Secret",
                vec![Item::new("own", "client's"), Item::new("given", "other")],
            ),
            Field::secret(GIVEN, "Value")
                .hint("used for requests only; not stored, never shown")
                .hidden(),
        ]);
        Self {
            kept: form.clone(),
            form,
            listed_at: None,
            unread: false,
        }
    }

    /// Updates the form.
    pub fn refresh(&mut self, pool: &PoolId, client: &ClientId, view: &View) {
        let (load, servers) = (view.store.client(pool, client), view.store.servers(pool));
        if let Some(client) = load.value()
            && self.listed_at != Some(view.store.version())
        {
            self.list(client, servers);
            self.listed_at = Some(view.store.version());
        }
        self.unread = load.error().is_some() && load.value().is_none();
        self.form.set_empty(
            SCOPES,
            load_states::claim(load.known(), "client settings", view, |_| "none".to_owned()),
        );
        // The scopes are complete once the client and the servers are loaded.
        let rest = if load.value().is_some() {
            load_states::sentence(servers, "resource servers", "", view)
        } else {
            String::new()
        };
        self.form.set_hint(SCOPES, rest);
        self.form.set_visible(GIVEN, self.is_secret_given());
    }

    /// Shows a message above the form.
    pub fn set_message(&mut self, about: String) {
        self.form.set_text(ABOUT, about);
    }

    /// The client's scopes, with M2M scopes checked; then scopes that it is not allowed.
    fn list(&mut self, client: &AppClient, servers: &Load<PagedList<ResourceServer>>) {
        let so_far = servers.partial();
        // A scope that is not read would count as undefined.
        let whole = servers.complete().is_ok();
        let first = self.listed_at.is_none();
        let checked: Vec<String> = self
            .form
            .checked(SCOPES)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let own = client.settings.scopes.iter().map(|scope| {
            let state = ScopeState::of(scope, so_far);
            let (note, tone) = match state {
                ScopeState::Active => ("active", Status::Plain),
                ScopeState::Inactive if !whole => ("", Status::Plain),
                ScopeState::Inactive => ("inactive", Status::Warn),
                ScopeState::OpenId => ("for sign-in", Status::Warn),
                ScopeState::System => ("system scope", Status::Plain),
            };
            let on = if first {
                state != ScopeState::OpenId
            } else {
                checked.iter().any(|known| known == scope.as_str())
            };
            Item::new(scope.as_str(), scope.as_str())
                .checked(on)
                .note(note, tone)
        });
        let others = so_far
            .iter()
            .flat_map(ResourceServer::scope_names)
            .filter(|scope| !client.settings.scopes.contains(scope))
            .map(|scope| {
                let on = checked.iter().any(|known| known == scope.as_str());
                Item::new(scope.as_str(), scope.as_str())
                    .checked(on)
                    .note("not allowed", Status::Plain)
            });
        let items = own.chain(others).collect();
        self.form.set_items(SCOPES, items);
        if first {
            self.form.focus(SCOPES);
        }
    }

    /// A remark on a surprising request.
    pub fn remark(&self) -> Option<&'static str> {
        match self.listed_at {
            _ if !self.scopes().is_empty() => None,
            Some(_) => Some("No scope checked: requests all scopes of the client."),
            None if self.unread => Some("No other scope typed: requests all scopes of the client."),
            None => None,
        }
    }

    /// The price of the next token and of this session.
    pub fn price(view: &View) -> String {
        let key = view.keys.label(Action::Submit);
        let free = view.session.is_free();
        let price = if free {
            format!("{key} requests a token · free here, about ${PRICE} on AWS")
        } else {
            format!("{key} requests a token · about ${PRICE} on AWS")
        };
        let issued = view.store.tokens().issued();
        match issued {
            0 => price,
            issued if free => format!("{price} · {issued} issued this session"),
            issued => format!(
                "{price} · {issued} issued this session, about ${:.5}",
                PRICE * f64::from(issued)
            ),
        }
    }

    pub fn auth(&self) -> ClientAuth {
        match self.form.chosen(AUTH) {
            Some("body") => ClientAuth::Body,
            Some("api") => ClientAuth::Api,
            _ => ClientAuth::Basic,
        }
    }

    fn is_secret_given(&self) -> bool {
        self.form.chosen(SECRET) == Some("given")
    }

    /// The typed secret, used instead of the client's; it may still be empty.
    pub fn secret(&self) -> Option<TypedSecret> {
        self.is_secret_given()
            .then(|| self.form.secret(GIVEN).into())
    }

    /// Why the typed secret is invalid; it is not sent then.
    pub fn secret_fault(&self, session: &Session) -> Option<String> {
        let given = self.secret()?;
        let given = given.secret().expose_secret();
        if given.is_empty() {
            return Some("Paste the other secret first, or choose the client's".to_owned());
        }
        let checked = limits::secret_to_send(given, session.endpoint.is_some());
        checked.err().map(String::from)
    }

    fn scopes(&self) -> Vec<ScopeName> {
        let checked = self.form.checked(SCOPES).into_iter();
        ScopeName::of_lists(checked.chain([self.form.text(OTHER)]))
    }

    /// `key=value` pairs, separated by commas; a word without `=` has an empty value.
    fn metadata(&self) -> BTreeMap<String, String> {
        let pairs = self.form.text(METADATA).split(',');
        let pairs = pairs.filter(|pair| !pair.trim().is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key.trim().to_owned(), value.trim().to_owned())
        });
        pairs.collect()
    }

    pub fn request(&self, pool: &PoolId, client: &ClientId, view: &View) -> TokenRequest {
        let endpoint = view.store.token_endpoint(pool).ok().flatten();
        TokenRequest {
            pool: pool.clone(),
            client: client.clone(),
            endpoint: endpoint.unwrap_or_default().to_owned(),
            scopes: self.scopes(),
            auth: self.auth(),
            metadata: self.metadata(),
        }
    }

    pub fn act(&mut self, action: Action) {
        self.form.act(action);
    }

    /// Whether the next or previous field would wrap around.
    pub fn ends_with(&self, action: Action) -> bool {
        self.form.ends_with(action)
    }

    pub fn edit(&mut self, event: &Event) -> bool {
        self.form.edit(event)
    }

    /// Records that the form was sent.
    pub fn keep(&mut self) {
        self.kept = self.form.clone();
    }

    /// Whether something was typed and not sent.
    pub fn is_typed(&self) -> bool {
        let text = |key| self.form.text(key) != self.kept.text(key);
        let (given, kept) = (self.form.secret(GIVEN), self.kept.secret(GIVEN));
        text(OTHER) || text(METADATA) || given.expose_secret() != kept.expose_secret()
    }

    pub fn is_typing(&self) -> bool {
        self.form.is_typing()
    }

    pub fn height(&self, width: u16, view: &View) -> u16 {
        self.form.height(width, view.theme)
    }

    /// Draws the form; `focused` if it has the focus, not the response.
    pub fn draw(&mut self, frame: &mut Canvas, area: Rect, focused: bool, view: &View) {
        self.form.set_resting(!focused);
        self.form.draw(frame, area, view.theme);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::session::Session;
    use crate::app::store::Store;
    use crate::domain::time::Timestamp;
    use crate::input::KeyMap;
    use crate::ui::theme::Theme;

    fn price_at(endpoint: Option<&str>) -> String {
        let session = Session {
            endpoint: endpoint.map(str::to_owned),
            ..Session::default()
        };
        RequestForm::price(&View {
            store: &Store::default(),
            session: &session,
            keys: &KeyMap::default(),
            theme: &Theme::colour(),
            now: Timestamp::from_seconds(0),
            spinner: 0,
        })
    }

    #[test]
    fn a_token_is_free_on_this_machine_and_nowhere_else() {
        assert!(price_at(Some("http://127.0.0.1:9229")).contains("free here"));
        let private = "https://vpce-1.cognito-idp.eu-west-1.vpce.amazonaws.com";
        for billed in [None, Some(private)] {
            assert_eq!(
                price_at(billed),
                "enter requests a token · about $0.00225 on AWS"
            );
        }
    }
}
