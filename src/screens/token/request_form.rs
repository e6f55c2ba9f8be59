//! What to ask for: scopes, the way the client proves itself, and with which secret.

use std::collections::BTreeMap;

use crossterm::event::Event;
use ratatui::layout::Rect;
use secrecy::ExposeSecret;

use crate::app::screen::View;
use crate::app::session::Session;
use crate::app::store::load::{Load, PagedList};
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
    /// The form as it was sent last, or opened.
    kept: Form,
    /// The Store's version that the scopes were last listed at; `None` before the client is known.
    listed_at: Option<u64>,
    /// Whether the client could not be read, and there is nothing older of it.
    unread: bool,
}

impl RequestForm {
    pub fn new() -> Self {
        let form = Form::new(vec![
            Field::note(ABOUT, ""),
            Field::checks(SCOPES, "Scopes", Vec::new()),
            Field::radio(
                AUTH,
                "Client",
                vec![
                    Item::new("basic", "basic"),
                    Item::new("body", "body"),
                    Item::new("api", "API"),
                ],
            ),
            Field::text(OTHER, "Other", "").hint("any scope, even a wrong one"),
            Field::text(METADATA, "Metadata", "").hint("key=value, … for a V3_0 trigger"),
            Field::radio(
                SECRET,
                "Secret",
                vec![Item::new("own", "its own"), Item::new("given", "another")],
            ),
            Field::secret(GIVEN, "Paste it")
                .hint("used for the requests made here, kept nowhere, never shown")
                .hidden(),
        ]);
        Self {
            kept: form.clone(),
            form,
            listed_at: None,
            unread: false,
        }
    }

    /// Brings the form up to date with what was read.
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
            load_states::claim(load.known(), "the client's settings", view, |_| {
                "none".to_owned()
            }),
        );
        // What may be asked for is not all here before the client and the servers are.
        let rest = if load.value().is_some() {
            load_states::sentence(servers, "resource servers", "", view)
        } else {
            String::new()
        };
        self.form.set_hint(SCOPES, rest);
        self.form.set_visible(GIVEN, self.is_secret_given());
    }

    /// Says this above the form.
    pub fn set_message(&mut self, about: String) {
        self.form.set_text(ABOUT, about);
    }

    /// The client's own scopes, all that a machine can have checked at first; then those that it may not have.
    fn list(&mut self, client: &AppClient, servers: &Load<PagedList<ResourceServer>>) {
        let so_far = servers.partial();
        // A scope that is not read yet would count as gone.
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

    /// What is asked for, in words, where it would surprise.
    pub fn remark(&self) -> Option<&'static str> {
        match self.listed_at {
            _ if !self.scopes().is_empty() => None,
            Some(_) => Some(
                "With none checked the scope parameter is left out, which asks for all of the client's scopes.",
            ),
            None if self.unread => Some(
                "With none typed into Other the scope parameter is left out, which asks for all of the client's scopes.",
            ),
            None => None,
        }
    }

    /// The price of the next token, and what this session has cost.
    pub fn price(view: &View) -> String {
        let key = view.keys.label(Action::Submit);
        let free = view.session.is_free();
        let price = if free {
            format!("{key} issues · free here, about ${PRICE} on AWS")
        } else {
            format!("{key} issues · about ${PRICE} on AWS")
        };
        let issued = view.store.tokens().issued();
        match issued {
            0 => price,
            issued if free => format!("{price} · {issued} issued in this session"),
            issued => format!(
                "{price} · {issued} issued in this session, about ${:.5}",
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

    /// The secret that was given in the place of the client's own; `Some` of an empty one where none was typed yet.
    pub fn secret(&self) -> Option<TypedSecret> {
        self.is_secret_given()
            .then(|| self.form.secret(GIVEN).into())
    }

    /// Why what was given in the place of the client's own secret can't be one; it is not sent then.
    pub fn secret_fault(&self, session: &Session) -> Option<String> {
        let given = self.secret()?;
        let given = given.secret().expose_secret();
        if given.is_empty() {
            return Some("Paste the other secret first, or choose its own".to_owned());
        }
        limits::secret_to_send(given, session.endpoint.is_some()).err()
    }

    fn scopes(&self) -> Vec<ScopeName> {
        let checked = self.form.checked(SCOPES).into_iter();
        let typed = self
            .form
            .text(OTHER)
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|word| !word.is_empty());
        let mut scopes: Vec<ScopeName> = Vec::new();
        for scope in checked.chain(typed).map(ScopeName::new) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        scopes
    }

    /// What is typed as `key=value`, several separated by commas; a word without a value has an empty one.
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

    /// Whether going to the next field, or to the one before, would go around.
    pub fn ends_with(&self, action: Action) -> bool {
        self.form.ends_with(action)
    }

    pub fn edit(&mut self, event: &Event) -> bool {
        self.form.edit(event)
    }

    /// What is filled in was sent.
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

    /// Draws the form; `focused` where it and not the answer takes the keys.
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
            assert_eq!(price_at(billed), "enter issues · about $0.00225 on AWS");
        }
    }
}
