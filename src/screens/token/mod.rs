//! A test token: the request and the response.

pub(super) mod api_call;
pub(super) mod claims;
pub(super) mod details;
pub(super) mod exchange;
pub(super) mod explanation;
pub(super) mod history;
mod judge;
pub(super) mod paste;
mod request_form;
mod response;
mod staleness;

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::message::{CopyMenu, Effect, Notice, Query, Route, TaskEvent};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, Ticks, View};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::endpoints;
use crate::domain::oauth::token::{ClientAuth, TokenRequest};
use crate::domain::time::{self, Timestamp};
use crate::input::Action;
use crate::screens::shared::verbs::Thing;
use crate::screens::shared::{confirm, load_states};
use crate::screens::token::request_form::RequestForm;
use crate::screens::token::response::ResponsePane;
use crate::screens::token::staleness::StaleReason;
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::scroll::{Scroll, draw_lines};

/// From this width, the two panes are side by side: with less, scope names would be cut.
const SIDE_BY_SIDE: u16 = 120;

/// The minimum width of the response.
const ANSWER: u16 = 60;

/// With this width, the request shows scope names that start with a URL in full.
const REQUEST: u16 = 68;

/// With fewer rows, two stacked panes would show nothing.
const TWO_PANES: u16 = 8;

/// The request form and the latest response.
pub struct TokenScreen {
    pool: PoolId,
    client: ClientId,
    ask: RequestForm,
    /// The pending request.
    waiting: Option<TokenRequest>,
    answer: ResponsePane,
    /// When the shown token expires; until then the screen ticks.
    expires: Option<Timestamp>,
    /// The request that a token of this session answers; sent again, it gets a new token.
    offered: Option<TokenRequest>,
    /// Whether the session was searched for a token of the initial request.
    looked: bool,
    /// Whether the HTTP exchange is shown.
    wire: bool,
    /// Whether the response has the focus; then letters are keys.
    reading: bool,
    /// What this console changed after the response.
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

    /// Why no request can be sent.
    fn refusal(&self, view: &View) -> Option<String> {
        let store = view.store;
        if self.waiting.is_some() {
            return Some("Still requesting a token".to_owned());
        }
        if let Some(fault) = self.ask.secret_fault(view.session) {
            return Some(fault);
        }
        let client = store.client(&self.pool, &self.client).value();
        // With other flows besides, the request may work.
        let by_api = client.is_some_and(|client| client.settings.names_client_token());
        if self.ask.auth() == ClientAuth::Api {
            let barred = client.is_some() && !by_api;
            return barred.then(|| {
                "GetClientToken needs ALLOW_CLIENT_TOKEN_AUTH in the client's ExplicitAuthFlows"
                    .to_owned()
            });
        }
        match store.token_endpoint(&self.pool) {
            Err(unread) => Some(load_states::refusal(unread, "the pool's domain")),
            Ok(None) => {
                let way_out = if by_api {
                    ": use GetClientToken, which needs none"
                } else {
                    ". Add a domain, or add ALLOW_CLIENT_TOKEN_AUTH to the client's ExplicitAuthFlows for GetClientToken"
                };
                Some(match store.pool(&self.pool).value() {
                    Some(pool) if pool.has_domain() => {
                        let why = endpoints::without_token_endpoint(pool);
                        format!("Token endpoint unknown: the pool {why}")
                    }
                    _ => format!("No domain, so no token endpoint{way_out}"),
                })
            }
            Ok(Some(_)) => None,
        }
    }

    /// Moves through the fields, then to the response, then back to the request.
    fn step(&mut self, action: Action) {
        if self.reading {
            self.reading = false;
            return;
        }
        self.reading = !self.answer.is_none() && self.ask.ends_with(action);
        self.ask.act(action);
    }

    /// Requests a token. If this session has one for the same request, it is offered first, as it is free.
    fn submit(&mut self, view: &View) -> Vec<Effect> {
        self.looked = true;
        let request = self.ask.request(&self.pool, &self.client, view);
        let secret = self.ask.secret();
        let asked_again = self.offered.take().as_ref() == Some(&request);
        // Only a request tells whether a typed secret works.
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

    /// Shows a token of this session that answers the request, with a notice.
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
            "Valid for another {}; {} again requests a new token",
            time::countdown(left),
            view.keys.label(Action::Submit)
        )))
    }

    /// Updates the form.
    fn refresh(&mut self, view: &View) {
        self.ask.refresh(&self.pool, &self.client, view);
        // After the form's refresh, as it depends on the scopes.
        let about = self.about(view);
        self.ask.set_message(about);
    }
}

impl Actions for TokenScreen {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{
            Call, Copy, Doctor, Down, Enter, First, History, Last, Left, NextField, PageDown,
            PageUp, Paste, PrevField, Refresh, Right, Submit, Toggle, Token, Up, Wire,
        };
        let of_client = Thing::Client(self.pool.clone(), self.client.clone()).rows(view);
        let wired = self.wire;
        let answered = !self.answer.is_none();
        let no_token = self.answer.token().is_none();
        let nothing = self.answer.exchange(view).is_none();
        let copy = ActionRow::new(Copy, |screen: &mut Self, view| {
            if screen.wire {
                let exchange = screen.answer.exchange(view);
                let curl = exchange.map(|(request, exchange)| exchange::curl(request, exchange));
                return curl.map(Effect::Copy).into_iter().collect();
            }
            let menu = screen.answer.token().map(CopyMenu::Token);
            menu.map(|menu| Effect::Open(Route::Copy(menu)))
                .into_iter()
                .collect()
        });
        let copy = if wired {
            copy.label("copy as curl")
                .refused_if(nothing, "No HTTP exchange yet")
        } else {
            copy.refused_if(no_token, "No token to copy yet")
        };
        let wire = ActionRow::change(Wire, |screen: &mut Self| {
            screen.wire = !screen.wire;
            screen.scroll = Scroll::default();
        });
        let call = ActionRow::new(Call, |screen: &mut Self, _| {
            let route = screen.answer.token().map(Route::ApiCall);
            route.map(Effect::Open).into_iter().collect()
        });
        let (pool, client) = (self.pool.clone(), Some(self.client.clone()));
        // Do not interrupt a user who is typing or choosing.
        let moving = |screen: &mut Self, action, _: &View| {
            screen.looked = true;
            match action {
                NextField | PrevField => screen.step(action),
                PageDown | PageUp | First | Last => {
                    screen.scroll.act(action);
                }
                Down | Up if screen.reading => {
                    screen.scroll.act(action);
                }
                _ => {
                    screen.reading = false;
                    screen.ask.act(action);
                }
            }
            Vec::new()
        };
        let submit = ActionRow::new(Submit, Self::submit).label("request token");
        let rows = ActionRows::default()
            .with(submit.refused(Self::refusal))
            .with(copy)
            .with(call.refused_if(no_token, "No token yet to call an API with"))
            .each(&[Toggle, NextField], moving)
            .with(
                wire.label_if(wired, "claims")
                    .refused_if(nothing, "No HTTP exchange yet"),
            )
            .with(ActionRow::open(History, Route::TokenHistory))
            .with(ActionRow::open(Paste, Route::PasteToken))
            .with(ActionRow::open(Doctor, Route::Doctor(pool, client)))
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .and(of_client.without(&[Enter, Token]))
            .each(
                &[
                    PrevField, Left, Right, Down, Up, PageDown, PageUp, First, Last,
                ],
                moving,
            )
            .with_if(wired, || {
                ActionRow::ask(Action::Back, Effect::Back).label("response")
            })
            .map(NextField, |row| {
                row.label_if(answered, "next")
                    .label_if(self.reading, "request")
            })
            .scrolling(if self.reading {
                self.scroll.keys()
            } else {
                self.scroll.is_needed().then_some([PageDown, PageUp])
            });
        if self.answer.is_refusal() {
            // The fix comes first.
            rows.in_order(&[Submit, Doctor, NextField, Wire, Copy, Call])
        } else if answered {
            // The key between request and response comes first.
            rows.in_order(&[Submit, NextField, Copy, Call, Wire])
        } else {
            rows
        }
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
        // The doctor's data, once there is an error to explain.
        if self.answer.is_refusal() {
            needs.push(Query::Domains(pool.clone()));
            needs.push(Query::Secrets(pool, client));
        }
        needs
    }

    fn on_update(&mut self, view: &View) -> Vec<Effect> {
        let store = view.store;
        let client = store.client(&self.pool, &self.client).value();
        // The request and its endpoint need both.
        if self.looked || client.is_none() || store.pool(&self.pool).value().is_none() {
            return Vec::new();
        }
        self.looked = true;
        self.refresh(view);
        let request = self.ask.request(&self.pool, &self.client, view);
        let notice = self.offer(&request, view);
        notice.map(Effect::Notice).into_iter().collect()
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        let taken = !self.reading && self.ask.edit(event);
        self.looked |= taken;
        taken.then(Vec::new)
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
            // A late response to another request is ignored.
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

    fn mode(&self) -> Mode {
        Mode::typing(!self.reading && self.ask.is_typing())
    }

    fn ticks(&self) -> Ticks {
        Ticks::every_second(self.expires)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.refresh(view);
        let nowhere = Rect { height: 0, ..area };
        let (left, right) = if area.height < TWO_PANES && area.width < SIDE_BY_SIDE {
            // Only one pane fits: the focused one.
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
            // The response gets the room once there is one.
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
        let title = if self.wire { "HTTP exchange" } else { "Token" };
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
