//! One token of this session, issued or pasted: its problems, its pool and client, its claims.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::claims;
use crate::app::message::{CopyMenu, Effect, Query, Route, TokenId};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Screen, Ticks, View};
use crate::app::store::load::Load;
use crate::app::store::tokens::{SessionToken as Token, TokenSource};
use crate::cognito::ErrorKind;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::token_checks::{self, PoolLookup, TokenContext, TokenVerdict, Validity};
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::load_states;
use crate::screens::shared::verbs::Thing;
use crate::screens::token::exchange;
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{Property, facts, prose};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::theme::Status;

/// Width of the labels.
const LABEL: u16 = 11;

/// One token.
pub struct TokenDetails {
    id: TokenId,
    pool: Option<PoolId>,
    client: Option<ClientId>,
    expires: Option<Timestamp>,
    /// Whether the HTTP exchange is shown.
    wire: bool,
    scroll: Scroll,
}

impl TokenDetails {
    /// Its pool and client are looked up in this account, unless it names another Region.
    pub fn new(id: TokenId, view: &View) -> Self {
        let held = view.store.tokens().get(id);
        let rules = view.session.issuers();
        let pool = held.and_then(|held| held.pool(&rules)).filter(|pool| {
            let regions = pool.region().zip(view.session.region.as_deref());
            regions.is_none_or(|(theirs, ours)| theirs == ours)
        });
        Self {
            id,
            client: held.and_then(Token::client),
            expires: held.and_then(|held| held.jwt.expires()),
            pool,
            wire: false,
            scroll: Scroll::default(),
        }
    }

    fn presence(&self, view: &View) -> (PoolLookup, PoolLookup) {
        let Some(pool) = &self.pool else {
            return (PoolLookup::Unknown, PoolLookup::Unknown);
        };
        let client = match &self.client {
            Some(client) => presence(view.store.client(pool, client)),
            None => PoolLookup::Unknown,
        };
        (presence(view.store.pool(pool)), client)
    }

    fn verdict(&self, held: &Token, view: &View) -> TokenVerdict {
        let (pool, client) = self.presence(view);
        let around = TokenContext {
            rules: view.session.issuers(),
            pool,
            client,
            verification: held.verification.as_ref(),
            signature: held.signature,
            ..TokenContext::default()
        };
        token_checks::verdict(&held.jwt, &around, view.now)
    }

    /// Its pool and client.
    fn home(&self, view: &View) -> Vec<Property<'static>> {
        let Some(pool) = &self.pool else {
            return Vec::new();
        };
        let name = |shown: String, presence: PoolLookup, error: Option<String>| {
            let tone = match (presence, &error) {
                (PoolLookup::Here, _) => Status::Good,
                (PoolLookup::NotHere, _) | (PoolLookup::Unknown, Some(_)) => Status::Warn,
                (PoolLookup::Unknown, None) => return Property::new("", shown),
            };
            let where_it_is = presence.describe(error.as_deref());
            Property::new("", format!("{shown}, {where_it_is}")).tone(tone)
        };
        let (of_pool, of_client) = self.presence(view);
        let error = view
            .store
            .pool(pool)
            .error()
            .map(crate::cognito::Error::one_line);
        let mut home = vec![name(view.store.pool_name(pool), of_pool, error).label("user pool")];
        if let Some(client) = &self.client {
            let error = view
                .store
                .client(pool, client)
                .error()
                .map(crate::cognito::Error::one_line);
            home.push(
                name(view.store.client_name(pool, client), of_client, error).label("app client"),
            );
        }
        home
    }

    /// Why nothing can be done with its client.
    fn no_client(&self, view: &View) -> Option<String> {
        let unnamed = self.client.is_none();
        let gone = self.presence(view).1 == PoolLookup::NotHere;
        self.away(view)
            .or_else(|| unnamed.then(|| "The token names no app client".to_owned()))
            .or_else(|| gone.then(|| "The app client is not in its pool".to_owned()))
    }

    /// Why its pool and its client can't be opened.
    fn away(&self, view: &View) -> Option<String> {
        match self.presence(view) {
            (PoolLookup::Here, _) => None,
            _ if self.pool.is_none() => {
                Some("The token names no user pool of this account and Region".to_owned())
            }
            (PoolLookup::NotHere, _) => {
                Some("The pool is not in this account and Region".to_owned())
            }
            _ => Some("The pool is not loaded".to_owned()),
        }
    }

    fn lines(&self, held: &Token, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut lines = Vec::new();
        let verdict = self.verdict(held, view);
        for trouble in &verdict.troubles {
            let tone = if trouble.refuses {
                Status::Bad
            } else {
                Status::Warn
            };
            lines.extend(prose(
                &format!("{}{}", tone.sign(), trouble.title),
                width,
                theme.tone(tone).patch(theme.strong),
            ));
            lines.extend(prose(
                &format!("evidence: {}", trouble.seen),
                width,
                theme.dim,
            ));
            lines.extend(prose(&format!("→ {}", trouble.fix), width, theme.text));
            lines.push(Line::default());
        }
        let tone = match verdict.standing {
            Validity::Valid => Some(Status::Good),
            // During verification, the signature line says so.
            Validity::Unchecked => held.verification.is_some().then_some(Status::Warn),
            // The problems say it.
            Validity::Refused => None,
        };
        if let Some(tone) = tone {
            let words = format!("{}{}", tone.sign(), verdict.summary);
            lines.extend(prose(&words, width, theme.tone(tone)));
            lines.push(Line::default());
        }
        let mut home = self.home(view);
        if let TokenSource::Pasted(cleaned) = &held.source {
            home.extend(
                cleaned
                    .iter()
                    .map(|what| Property::new("cleaned", what.clone()).tone(Status::Warn)),
            );
        }
        if !home.is_empty() {
            lines.extend(facts(&home, width, LABEL, theme));
            lines.push(Line::default());
        }
        lines.extend(claims::lines(held, width, view));
        lines
    }
}

fn presence<T>(load: &Load<T>) -> PoolLookup {
    match load {
        Load::Ready(_) | Load::Stale(_) | Load::Partial(..) => PoolLookup::Here,
        Load::Failed(error) if error.kind == ErrorKind::NotFound => PoolLookup::NotHere,
        Load::Failed(_) | Load::Missing | Load::Loading => PoolLookup::Unknown,
    }
}

impl Actions for TokenDetails {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, PageDown, PageUp, Up};
        let open = ActionRow::new(Action::Enter, |screen: &mut Self, view| {
            let client = screen.client.clone();
            let client = client.filter(|_| screen.presence(view).1 == PoolLookup::Here);
            let route = screen.pool.clone().map(|pool| match client {
                Some(client) => Route::Client(pool, client),
                None => Route::Pool(pool),
            });
            route.map(Effect::Open).into_iter().collect()
        });
        let copy = ActionRow::new(Action::Copy, |screen: &mut Self, view| {
            if !screen.wire {
                return vec![Effect::Open(Route::Copy(CopyMenu::Token(screen.id)))];
            }
            let held = view.store.tokens().get(screen.id);
            let wire = held.and_then(Token::wire);
            wire.map(|(request, exchange)| Effect::Copy(exchange::curl(request, exchange)))
                .into_iter()
                .collect()
        });
        let wire = ActionRow::change(Action::Wire, |screen: &mut Self| {
            screen.wire = !screen.wire;
            screen.scroll = Scroll::default();
        });
        let doctor = ActionRow::new(Action::Doctor, |screen: &mut Self, _| {
            let (pool, client) = (screen.pool.clone(), screen.client.clone());
            let route = pool.map(|pool| Route::Doctor(pool, client));
            route.map(Effect::Open).into_iter().collect()
        });
        let of_client = match (&self.pool, &self.client) {
            (Some(pool), Some(client)) => Thing::Client(pool.clone(), client.clone()).rows(view),
            _ => Thing::any_client(&PoolId::new("")).rows(view),
        };
        let of_client = of_client.refused(Self::no_client);
        let held = view.store.tokens().get(self.id);
        let unknown = held.is_none_or(|held| held.wire().is_none());
        ActionRows::default()
            .with(open.label("open client").refused(Self::away))
            .with(ActionRow::open(Action::Call, Route::ApiCall(self.id)))
            .with(copy.label_if(self.wire, "copy as curl"))
            .with(
                wire.label_if(self.wire, "claims")
                    .refused_if(unknown, "Pasted token: its request is unknown"),
            )
            .with(ActionRow::open(Action::History, Route::TokenHistory))
            .with(ActionRow::open(Action::Paste, Route::PasteToken))
            .with(doctor.refused(Self::away))
            .with(ActionRow::ask(Action::Refresh, Effect::Refresh))
            .and(of_client)
            .each(
                &[Down, Up, First, Last, PageDown, PageUp],
                |screen, action, _| {
                    screen.scroll.act(action);
                    Vec::new()
                },
            )
            .scrolling(self.scroll.keys())
    }
}

impl Screen for TokenDetails {
    fn title(&self, _view: &View) -> String {
        "token".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        let Some(pool) = &self.pool else {
            return Vec::new();
        };
        let mut needs = vec![Query::Pool(pool.clone())];
        if let Some(client) = &self.client {
            needs.push(Query::Client(pool.clone(), client.clone()));
            needs.push(Query::ResourceServers(pool.clone()));
        }
        needs
    }

    fn ticks(&self) -> Ticks {
        Ticks::every_second(self.expires)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let Some(held) = view.store.tokens().get(self.id) else {
            return load_states::draw_reading(frame, area, "the token", view);
        };
        let title = match held.source {
            TokenSource::Issued(_) if self.wire => "HTTP exchange of the issued token",
            TokenSource::Issued(_) => "Issued token",
            TokenSource::Pasted(_) => "Pasted token",
        };
        let mark = load_states::mark(&self.queries(), view).unwrap_or_default();
        let inner = Pane::titled(title)
            .right(&mark)
            .focused(true)
            .draw(frame, area, view.theme);
        let width = inner.width.saturating_sub(1);
        let lines = match held.wire().filter(|_| self.wire) {
            Some((_, exchange)) => exchange::lines(exchange, width, view),
            None => self.lines(held, width, view),
        };
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
