//! One token of this session, issued or pasted: its problems, its pool and client, its claims.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{claims, judge};
use crate::app::message::{CopyMenu, Effect, Query, Route, TokenId};
use crate::app::query::load::Load;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Screen, Ticks, View};
use crate::app::store::tokens::{SessionToken as Token, TokenSource};
use crate::cognito::ErrorKind;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::load_states;
use crate::screens::shared::verbs::Thing;
use crate::screens::token::exchange;
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::Property;
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::theme::Status;

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
    pub fn new(id: TokenId, view: &View) -> Self {
        let held = view.store.tokens().get(id);
        let home = held.and_then(|held| judge::home(held, view));
        let (pool, client) = home.map_or((None, None), |(pool, client)| (Some(pool), client));
        Self {
            id,
            client,
            expires: held.and_then(|held| held.jwt.expires()),
            pool,
            wire: false,
            scroll: Scroll::default(),
        }
    }

    /// Whether its client is here.
    fn has_client(&self, view: &View) -> bool {
        let both = self.pool.as_ref().zip(self.client.as_ref());
        both.is_some_and(|(pool, client)| view.store.client(pool, client).value().is_some())
    }

    /// Why its pool and its client can't be opened.
    fn away(&self, view: &View) -> Option<String> {
        let Some(pool) = &self.pool else {
            return Some("The token names no user pool of this account and Region".to_owned());
        };
        let load = view.store.pool(pool);
        match load.value() {
            Some(_) => None,
            None if is_gone(load) => Some("The pool is not in this account and Region".to_owned()),
            None => Some("The pool is not loaded".to_owned()),
        }
    }

    /// Why nothing can be done with its client.
    fn no_client(&self, view: &View) -> Option<String> {
        self.away(view).or_else(|| {
            let (Some(pool), Some(client)) = (&self.pool, &self.client) else {
                return Some("The token names no app client".to_owned());
            };
            is_gone(view.store.client(pool, client))
                .then(|| "The app client is not in its pool".to_owned())
        })
    }

    /// Where the fix of what the answer says leads.
    fn fix(&self, view: &View) -> Option<Route> {
        let held = view.store.tokens().get(self.id)?;
        judge::remedy_route(held, &judge::verdict(held, view), view)
    }

    fn lines(held: &Token, width: u16, view: &View) -> Vec<Line<'static>> {
        let verdict = judge::verdict(held, view);
        let cleaned = match &held.source {
            TokenSource::Pasted(cleaned) => cleaned.as_slice(),
            TokenSource::Issued(_) => &[],
        };
        let cleaned = cleaned
            .iter()
            .map(|what| Property::new("cleaned", what.clone()).tone(Status::Warn));
        let mut lines = judge::whole(held, &verdict, cleaned.collect(), width, view);
        lines.extend(claims::lines(held, &verdict, width, view));
        lines
    }
}

fn is_gone<T>(load: &Load<T>) -> bool {
    let error = load.error();
    error.is_some_and(|error| error.kind == ErrorKind::NotFound)
}

impl Actions for TokenDetails {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, PageDown, PageUp, Up};
        let open = ActionRow::new(Action::Enter, |screen: &mut Self, view| {
            let client = screen.client.clone();
            let client = client.filter(|_| screen.has_client(view));
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
        let decoded = held.is_some_and(|held| held.decoded);
        let claims_alone = "Decoded claims: there is no token";
        let fix = ActionRow::new(Action::Fix, |screen: &mut Self, view| {
            screen.fix(view).map(Effect::Open).into_iter().collect()
        });
        let call = ActionRow::open(Action::Call, Route::ApiCall(self.id));
        ActionRows::default()
            .with(open.label("open client").refused(Self::away))
            .with(fix.refused(|screen, view| {
                let nothing = screen.fix(view).is_none();
                nothing.then(|| "Nothing to fix for this token here".to_owned())
            }))
            .with(call.refused_if(decoded, claims_alone))
            .with(
                copy.label_if(self.wire, "copy as curl")
                    .refused_if(decoded && !self.wire, claims_alone),
            )
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
        judge::queries(self.pool.as_ref(), self.client.as_ref())
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
            None => Self::lines(held, width, view),
        };
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
