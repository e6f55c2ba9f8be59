//! A test token: what to ask for on one side, what came back on the other.

pub(super) mod api_call;
pub(super) mod claims;
pub(super) mod details;
pub(super) mod exchange;
pub(super) mod explanation;
pub(super) mod history;
pub(super) mod paste;
mod request_form;
mod response;
mod staleness;

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::message::{CopyMenu, Effect, Notice, Query, Route, TaskEvent};
use crate::app::screen::{Screen, View};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::token::{ClientAuth, TokenRequest};
use crate::domain::time::{self, Timestamp};
use crate::input::Action;
use crate::screens::shared::{confirm, load_states};
use crate::screens::token::request_form::RequestForm;
use crate::screens::token::response::ResponsePane;
use crate::screens::token::staleness::StaleReason;
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::scroll::{Scroll, draw_lines};

/// From this width on the two panes stand side by side: with less, the names of scopes could not be read.
const SIDE_BY_SIDE: u16 = 120;

/// What the answer keeps of it, for its lines to be read.
const ANSWER: u16 = 60;

/// In so many columns of its own, beside the answer, the request shows names of scopes that begin with a URL whole.
const REQUEST: u16 = 68;

/// In fewer rows two panes, one above the other, would show nothing.
const TWO_PANES: u16 = 8;

/// The request form and the latest answer.
pub struct TokenScreen {
    pool: PoolId,
    client: ClientId,
    ask: RequestForm,
    /// What was asked for and is not answered yet.
    waiting: Option<TokenRequest>,
    answer: ResponsePane,
    /// When the token that is shown expires: until then something on the screen moves.
    expires: Option<Timestamp>,
    /// The request that a token of this session answers; the same once more buys a new one.
    offered: Option<TokenRequest>,
    /// Whether it was looked whether the session has a token of the request that the form opens with.
    looked: bool,
    /// Whether the exchange is shown as it went over the wire.
    wire: bool,
    /// Whether the answer has the focus, and not the request: then no letter is text.
    reading: bool,
    /// What was changed by this console after the answer had come.
    changed: Option<StaleReason>,
    scroll: Scroll,
}

impl TokenScreen {
    pub fn new(pool: PoolId, client: ClientId) -> Self {
        Self {
            pool,
            client,
            ask: RequestForm::new(),
            waiting: None,
            answer: ResponsePane::None,
            expires: None,
            offered: None,
            looked: false,
            wire: false,
            reading: false,
            changed: None,
            scroll: Scroll::default(),
        }
    }

    fn about(&self, view: &View) -> String {
        let last = self
            .refusal(view)
            .unwrap_or_else(|| RequestForm::price(view));
        match self.ask.remark() {
            Some(remark) => format!("{last}. {remark}"),
            None => last,
        }
    }

    /// Why no request can be sent at all.
    fn refusal(&self, view: &View) -> Option<String> {
        let store = view.store;
        if self.waiting.is_some() {
            return Some("A token is being issued".to_owned());
        }
        if let Some(fault) = self.ask.secret_fault(view.session) {
            return Some(fault);
        }
        let client = store.client(&self.pool, &self.client).value();
        // Whether it is answered where there are other flows beside, too, is there to be tried.
        let by_api = client.is_some_and(|client| client.settings.names_client_token());
        if self.ask.auth() == ClientAuth::Api {
            let barred = client.is_some() && !by_api;
            return barred.then(|| {
                "GetClientToken is not for this client: its ExplicitAuthFlows lack ALLOW_CLIENT_TOKEN_AUTH".to_owned()
            });
        }
        match store.token_endpoint(&self.pool) {
            Err(unread) => Some(load_states::refusal(unread, "the pool's domain")),
            Ok(None) => {
                let way_out = if by_api {
                    ": choose GetClientToken, which needs none"
                } else {
                    ". Add one, or put ALLOW_CLIENT_TOKEN_AUTH into the client's ExplicitAuthFlows to use GetClientToken"
                };
                Some(format!(
                    "The pool has no domain, and so no token endpoint{way_out}"
                ))
            }
            Ok(Some(_)) => None,
        }
    }

    /// Whether an action is about the exchange and not about the token.
    const fn shows_wire(&self, action: Action) -> bool {
        self.wire || matches!(action, Action::Wire)
    }

    /// Goes from field to field, past the last of them to the answer, and from there back to the request.
    fn step(&mut self, action: Action) {
        if self.reading {
            self.reading = false;
            return;
        }
        self.reading = !self.answer.is_none() && self.ask.ends_with(action);
        self.ask.act(action);
    }

    /// Asks for a token, unless this session holds one that answers the same request: that is offered first, as it costs nothing.
    fn submit(&mut self, view: &View) -> Vec<Effect> {
        let request = self.ask.request(&self.pool, &self.client, view);
        let secret = self.ask.secret();
        let asked_again = self.offered.take().as_ref() == Some(&request);
        // A secret is given to see whether it works, which only a request can tell.
        if secret.is_none()
            && !asked_again
            && let Some(notice) = self.offer(&request, view)
        {
            return vec![Effect::Notice(notice)];
        }
        self.waiting = Some(request.clone());
        self.ask.keep();
        vec![Effect::IssueToken(request, secret)]
    }

    /// Shows the token of this session that answers the request, where there is one; the words that go with it.
    fn offer(&mut self, request: &TokenRequest, view: &View) -> Option<Notice> {
        let held = view.store.tokens().good_for(request, view.now)?;
        if self.answer.token() != Some(held.id) {
            self.answer = ResponsePane::Again(held.id);
            self.scroll = Scroll::default();
        }
        self.expires = held.jwt.expires();
        self.reading = true;
        self.offered = Some(request.clone());
        let left = self.expires.map_or(0, |at| view.now.seconds_until(at));
        Some(Notice::info(format!(
            "This token is good for another {}: {} once more issues a new one",
            time::countdown(left),
            view.keys.label(Action::Submit)
        )))
    }

    /// Brings the form up to date with what was read.
    fn refresh(&mut self, view: &View) {
        self.ask.refresh(&self.pool, &self.client, view);
        // Only now, as it says what is known of the scopes.
        let about = self.about(view);
        self.ask.set_message(about);
    }
}

impl Screen for TokenScreen {
    fn title(&self, view: &View) -> String {
        format!(
            "{} › token",
            view.store.client_name(&self.pool, &self.client)
        )
    }

    fn queries(&self) -> Vec<Query> {
        let (pool, client) = (self.pool.clone(), self.client.clone());
        let mut needs = vec![
            Query::Client(pool.clone(), client.clone()),
            Query::Pool(pool.clone()),
            Query::ResourceServers(pool.clone()),
        ];
        // What the doctor looks at besides, once there is something to explain.
        if self.answer.is_refusal() {
            needs.push(Query::Domains(pool.clone()));
            needs.push(Query::Secrets(pool, client));
        }
        needs
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{
            Call, Copy, Doctor, Down, First, History, Last, Left, NextField, PageDown, PageUp,
            Paste, PrevField, Refresh, Right, Submit, Toggle, Up, Wire,
        };
        if self.answer.is_refusal() {
            // What mends it comes first.
            return &[
                Submit, Doctor, NextField, Wire, Copy, Call, Toggle, History, Paste, Refresh,
                PrevField, Left, Right, Down, Up, PageDown, PageUp, First, Last,
            ];
        }
        if !self.answer.is_none() {
            // The way between the request and the answer is told before the rest.
            return &[
                Submit, NextField, Copy, Call, Wire, Toggle, History, Paste, Doctor, Refresh,
                PrevField, Left, Right, Down, Up, PageDown, PageUp, First, Last,
            ];
        }
        &[
            Submit, Copy, Call, Toggle, NextField, Wire, History, Paste, Doctor, Refresh,
            PrevField, Left, Right, Down, Up, PageDown, PageUp, First, Last,
        ]
    }

    fn label(&self, action: Action) -> &'static str {
        match action {
            Action::Submit => "issue",
            Action::Copy if self.wire => "copy as curl",
            Action::Wire if self.wire => "claims",
            Action::Back if self.wire => "to the answer",
            Action::NextField if self.reading => "request",
            Action::NextField if !self.answer.is_none() => "next, then the answer",
            other => other.word(),
        }
    }

    fn disabled_reason(&self, action: Action, view: &View) -> Option<String> {
        match action {
            Action::Submit => self.refusal(view),
            Action::Wire | Action::Copy if self.shows_wire(action) => {
                let nothing = self.answer.exchange(view).is_none();
                nothing.then(|| "Nothing has gone over the wire here yet".to_owned())
            }
            Action::Copy if self.answer.token().is_none() => {
                Some("There is no token to copy yet".to_owned())
            }
            Action::Call if self.answer.token().is_none() => {
                Some("There is no token to call an API with yet".to_owned())
            }
            _ => None,
        }
    }

    fn on_update(&mut self, view: &View) -> Vec<Effect> {
        let store = view.store;
        let client = store.client(&self.pool, &self.client).value();
        // What is asked for, and where, is known with both.
        if self.looked || client.is_none() || store.pool(&self.pool).value().is_none() {
            return Vec::new();
        }
        self.looked = true;
        self.refresh(view);
        let request = self.ask.request(&self.pool, &self.client, view);
        let notice = self.offer(&request, view);
        notice.map(Effect::Notice).into_iter().collect()
    }

    fn on_action(&mut self, action: Action, view: &View) -> Vec<Effect> {
        // Who has begun by then is not interrupted.
        self.looked = true;
        match action {
            Action::Submit => return self.submit(view),
            Action::Wire => {
                self.wire = !self.wire;
                self.scroll = Scroll::default();
            }
            Action::Copy if self.wire => {
                let exchange = self.answer.exchange(view);
                return exchange
                    .map(|(request, exchange)| Effect::Copy(exchange::curl(request, exchange)))
                    .into_iter()
                    .collect();
            }
            Action::Copy => {
                return self
                    .answer
                    .token()
                    .map(|id| Effect::Open(Route::Copy(CopyMenu::Token(id))))
                    .into_iter()
                    .collect();
            }
            Action::Doctor => {
                let (pool, client) = (self.pool.clone(), self.client.clone());
                return vec![Effect::Open(Route::Doctor(pool, Some(client)))];
            }
            Action::Call => {
                let token = self.answer.token();
                return token
                    .map(|id| Effect::Open(Route::ApiCall(id)))
                    .into_iter()
                    .collect();
            }
            Action::History => return vec![Effect::Open(Route::TokenHistory)],
            Action::Paste => return vec![Effect::Open(Route::PasteToken)],
            Action::Refresh => return vec![Effect::Refresh],
            Action::PageDown | Action::PageUp | Action::First | Action::Last => {
                self.scroll.act(action);
            }
            Action::Down | Action::Up if self.reading => {
                self.scroll.act(action);
            }
            Action::NextField | Action::PrevField => self.step(action),
            other => {
                self.reading = false;
                self.ask.act(other);
            }
        }
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        let taken = !self.reading && self.ask.edit(event);
        self.looked |= taken;
        taken.then(Vec::new)
    }

    fn is_typing(&self) -> bool {
        !self.reading && self.ask.is_typing()
    }

    fn close_inner(&mut self) -> bool {
        if self.wire {
            self.scroll = Scroll::default();
        }
        std::mem::take(&mut self.wire)
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        confirm::unsaved_reason(self.ask.is_typed())
    }

    fn on_event(&mut self, fact: &TaskEvent, view: &View) -> Vec<Effect> {
        if let TaskEvent::TokenIssued { request, outcome } = fact
            && (&request.pool, &request.client) == (&self.pool, &self.client)
            // Another request's answer comes late, and does not stand in for the one that is waited for.
            && self.waiting.as_ref().is_none_or(|sent| sent == request)
        {
            self.waiting = None;
            self.answer = ResponsePane::of(request, outcome);
            let held = self
                .answer
                .token()
                .and_then(|id| view.store.tokens().get(id));
            self.expires = held.and_then(|held| held.jwt.expires());
            self.scroll = Scroll::default();
            self.reading = true;
            self.changed = None;
        }
        if let TaskEvent::PlanFinished { change, done } = fact
            && !self.answer.is_none()
        {
            self.changed = StaleReason::by(change, done, &self.pool, &self.client).or(self.changed);
        }
        Vec::new()
    }

    fn scroll_keys(&self) -> Option<[Action; 2]> {
        if self.reading {
            return self.scroll.keys();
        }
        self.scroll
            .is_needed()
            .then_some([Action::PageDown, Action::PageUp])
    }

    fn animates_until(&self, _now: Timestamp) -> Option<Timestamp> {
        self.expires
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.refresh(view);
        let nowhere = Rect { height: 0, ..area };
        let (left, right) = if area.height < TWO_PANES && area.width < SIDE_BY_SIDE {
            // Only one of them can be seen: the one that takes the keys.
            if self.reading {
                (nowhere, area)
            } else {
                (area, nowhere)
            }
        } else if area.width >= SIDE_BY_SIDE {
            let request = REQUEST
                .min(area.width.saturating_sub(ANSWER))
                .max(area.width / 5 * 2);
            let [left, right] =
                Layout::horizontal([Constraint::Length(request), Constraint::Fill(1)]).areas(area);
            (left, right)
        } else {
            let wanted = self
                .ask
                .height(area.width.saturating_sub(4), view)
                .saturating_add(2);
            // Once there is an answer, it is what one looks at.
            let share = if self.answer.is_none() { 2 } else { 3 };
            let most = (area.height / share).max(3);
            let [top, bottom] =
                Layout::vertical([Constraint::Length(wanted.min(most)), Constraint::Fill(1)])
                    .areas(area);
            (top, bottom)
        };
        let mark = load_states::mark(&self.queries(), view).unwrap_or_default();
        let inner = Pane::titled("Request")
            .right(&mark)
            .focused(!self.reading)
            .draw(frame, left, view.theme);
        self.ask.draw(frame, inner, !self.reading, view);
        let status = self.answer.status();
        let title = if self.wire { "Exchange" } else { "Token" };
        let inner = Pane::titled(title)
            .right(&status)
            .focused(self.reading)
            .draw(frame, right, view.theme);
        let width = inner.width.saturating_sub(1);
        let answered = match self
            .answer
            .exchange(view)
            .filter(|_| self.wire && self.waiting.is_none())
        {
            Some((_, exchange)) => exchange::lines(exchange, width, view),
            None => self.answer.lines(width, self.waiting.is_some(), view),
        };
        let mut lines = match self.changed.filter(|_| self.waiting.is_none()) {
            Some(changed) => changed.lines(width, view),
            None => Vec::new(),
        };
        lines.extend(answered);
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
