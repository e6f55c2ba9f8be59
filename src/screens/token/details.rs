//! One token of this session, issued or pasted: its problems, its pool and client, its claims.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{claims, judge};
use crate::app::message::{CopyMenu, Effect, Query, Route, TokenId};
use crate::app::query::load::Load;
use crate::app::screen::{Screen, View};
use crate::app::store::tokens::{SessionToken as Token, TokenSource};
use crate::cognito::ErrorKind;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::time::Timestamp;
use crate::input::Action;
use crate::screens::shared::load_states;
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

impl Screen for TokenDetails {
    fn title(&self, _view: &View) -> String {
        "token".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        judge::queries(self.pool.as_ref(), self.client.as_ref())
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{
            Call, Copy, Doctor, Down, Enter, First, Fix, History, Last, PageDown, PageUp, Paste,
            Refresh, Up, Wire,
        };
        &[
            Enter, Fix, Call, Copy, Wire, History, Paste, Doctor, Refresh, Down, Up, First, Last,
            PageDown, PageUp,
        ]
    }

    fn label(&self, action: Action) -> &'static str {
        match action {
            Action::Enter => "open client",
            Action::Copy if self.wire => "copy as curl",
            Action::Wire if self.wire => "claims",
            other => other.word(),
        }
    }

    fn disabled_reason(&self, action: Action, view: &View) -> Option<String> {
        if action == Action::Wire {
            let held = view.store.tokens().get(self.id);
            let nothing = held.is_none_or(|held| held.wire().is_none());
            return nothing.then(|| "Pasted token: its request is unknown".to_owned());
        }
        if matches!(action, Action::Call | Action::Copy) && !self.wire {
            let held = view.store.tokens().get(self.id);
            let decoded = held.is_some_and(|held| held.decoded);
            return decoded.then(|| "Decoded claims: there is no token".to_owned());
        }
        if action == Action::Fix {
            let nothing = self.fix(view).is_none();
            return nothing.then(|| "Nothing to fix for this token here".to_owned());
        }
        if !matches!(action, Action::Enter | Action::Doctor) {
            return None;
        }
        let Some(pool) = &self.pool else {
            return Some("The token names no user pool of this account and Region".to_owned());
        };
        let load = view.store.pool(pool);
        let gone = load
            .error()
            .is_some_and(|error| error.kind == ErrorKind::NotFound);
        match load.value() {
            Some(_) => None,
            None if gone => Some("The pool is not in this account and Region".to_owned()),
            None => Some("The pool is not loaded".to_owned()),
        }
    }

    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let go = |route| vec![Effect::Open(route)];
        match (action, self.pool.clone(), self.client.clone()) {
            (Action::Enter, Some(pool), Some(client)) if self.has_client(view) => {
                go(Route::Client(pool, client))
            }
            (Action::Enter, Some(pool), _) => go(Route::Pool(pool)),
            (Action::Doctor, Some(pool), client) => go(Route::Doctor(pool, client)),
            (Action::Fix, ..) => self.fix(view).map(Effect::Open).into_iter().collect(),
            (Action::Call, ..) => go(Route::ApiCall(self.id)),
            (Action::Wire, ..) => {
                self.wire = !self.wire;
                self.scroll = Scroll::default();
                Vec::new()
            }
            (Action::Copy, ..) if self.wire => {
                let held = view.store.tokens().get(self.id);
                let wire = held.and_then(Token::wire);
                wire.map(|(request, exchange)| Effect::Copy(exchange::curl(request, exchange)))
                    .into_iter()
                    .collect()
            }
            (Action::Copy, ..) => go(Route::Copy(CopyMenu::Token(self.id))),
            (Action::History, ..) => go(Route::TokenHistory),
            (Action::Paste, ..) => go(Route::PasteToken),
            (Action::Refresh, ..) => vec![Effect::Refresh],
            (other, ..) => {
                self.scroll.act(other);
                Vec::new()
            }
        }
    }

    fn animates_until(&self, _now: Timestamp) -> Option<Timestamp> {
        self.expires
    }

    fn scroll_keys(&self) -> Option<[Action; 2]> {
        self.scroll.keys()
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
