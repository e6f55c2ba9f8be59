//! A test token: what to ask for on one side, what came back on the other.

mod answer;

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use self::answer::Answer;
use crate::app::load::Load;
use crate::app::message::{CopyMenu, Effect, Fact, Query, Route};
use crate::app::screen::{Screen, View};
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::scope::{ScopeName, ScopeState};
use crate::domain::time::Timestamp;
use crate::domain::token::{ClientAuth, TokenRequest};
use crate::input::Action;
use crate::ui::form::{Field, Form, Item};
use crate::ui::pane::Pane;
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::theme::Tone;

const SCOPES: &str = "scopes";
const AUTH: &str = "auth";
const ABOUT: &str = "about";
/// The flow that lets a client call GetClientToken.
const API_FLOW: &str = "ALLOW_CLIENT_TOKEN_AUTH";
/// From this width on the two panes stand side by side.
const SIDE_BY_SIDE: u16 = 100;

/// The request form and the latest answer.
pub struct Token {
    pool: PoolId,
    client: ClientId,
    form: Form,
    /// The client and the scopes that the form was made of.
    made_of: Option<(AppClient, Vec<(ScopeName, ScopeState)>)>,
    waiting: bool,
    answer: Answer,
    scroll: Scroll,
}

impl Token {
    pub fn new(pool: PoolId, client: ClientId) -> Self {
        let form = Form::new(vec![
            Field::checks(SCOPES, "Scopes", Vec::new()),
            Field::radio(AUTH, "Client", auth_items(false)),
            Field::note(ABOUT, ""),
        ]);
        Self {
            pool,
            client,
            form,
            made_of: None,
            waiting: false,
            answer: Answer::None,
            scroll: Scroll::default(),
        }
    }

    /// Makes the list of scopes once the client and the servers are known, all that a machine can have checked.
    fn refresh(&mut self, view: &View) {
        if let Some(client) = view.store.client(&self.pool, &self.client).value() {
            let servers = view.store.servers_so_far(&self.pool);
            let scopes: Vec<_> = client
                .settings
                .scopes
                .iter()
                .map(|s| (s.clone(), ScopeState::of(s, servers)))
                .collect();
            let made_of = Some((client.clone(), scopes));
            if self.made_of != made_of {
                self.offer(made_of.as_ref());
                self.made_of = made_of;
            }
        }
        self.form.set_text(ABOUT, self.about(view));
    }

    fn offer(&mut self, made_of: Option<&(AppClient, Vec<(ScopeName, ScopeState)>)>) {
        let Some((client, scopes)) = made_of else {
            return;
        };
        let first = self.made_of.is_none();
        let checked: Vec<String> = self
            .form
            .checked(SCOPES)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let items = scopes.iter().map(|(scope, state)| {
            let custom = *state != ScopeState::OpenId;
            let on = if first {
                custom
            } else {
                checked.iter().any(|c| c == scope.as_str())
            };
            let (note, tone) = match state {
                ScopeState::Active => ("", Tone::Plain),
                ScopeState::Inactive => ("inactive", Tone::Warn),
                ScopeState::OpenId => ("for sign-in", Tone::Warn),
            };
            Item::new(scope.as_str(), scope.as_str())
                .checked(on)
                .note(note, tone)
        });
        self.form.set_items(SCOPES, items.collect());
        if first {
            self.form.focus(SCOPES);
            self.form.set_items(AUTH, auth_items(may_use_api(client)));
        }
    }

    fn about(&self, view: &View) -> String {
        let mut text = String::new();
        if self.form.checked(SCOPES).is_empty() {
            text += "With none checked the scope parameter is left out, which asks for all of the client's scopes. ";
        }
        if let Some(reason) = self.refusal(view) {
            text += &reason;
            return text;
        }
        let issue = view.keys.label(Action::Submit);
        let free = if view.session.demo {
            " Here it is free."
        } else {
            ""
        };
        format!("{text}{issue} issues a real token. AWS bills it: about $0.00225.{free}")
    }

    /// Why no request can be sent at all.
    fn refusal(&self, view: &View) -> Option<String> {
        let (store, by_api) = (view.store, self.auth() == ClientAuth::Api);
        if self.waiting {
            return Some("A token is being issued".to_owned());
        }
        match store.pool(&self.pool) {
            Load::Missing | Load::Loading => {
                Some("The pool's domain is still being read".to_owned())
            }
            Load::Failed(error) => Some(error.one_line()),
            Load::Ready(_) | Load::Stale(_)
                if store.token_endpoint(&self.pool).is_none() && !by_api =>
            {
                let way_out = if self
                    .made_of
                    .as_ref()
                    .is_some_and(|(client, _)| may_use_api(client))
                {
                    ": choose GetClientToken, which needs none"
                } else {
                    ". Add one, or put ALLOW_CLIENT_TOKEN_AUTH into the client's ExplicitAuthFlows to use GetClientToken"
                };
                Some(format!(
                    "The pool has no domain, and so no token endpoint{way_out}"
                ))
            }
            Load::Ready(_) | Load::Stale(_) => None,
        }
    }

    fn auth(&self) -> ClientAuth {
        match self.form.chosen(AUTH) {
            Some("body") => ClientAuth::Body,
            Some("api") => ClientAuth::Api,
            _ => ClientAuth::Basic,
        }
    }

    fn request(&self, view: &View) -> TokenRequest {
        TokenRequest {
            pool: self.pool.clone(),
            client: self.client.clone(),
            endpoint: view
                .store
                .token_endpoint(&self.pool)
                .unwrap_or_default()
                .to_owned(),
            scopes: self
                .form
                .checked(SCOPES)
                .into_iter()
                .map(ScopeName::new)
                .collect(),
            auth: self.auth(),
            metadata: BTreeMap::new(),
        }
    }
}

impl Screen for Token {
    fn title(&self, view: &View) -> String {
        format!(
            "{} › token",
            view.store.client_name(&self.pool, &self.client)
        )
    }

    fn needs(&self) -> Vec<Query> {
        vec![
            Query::Client(self.pool.clone(), self.client.clone()),
            Query::Pool(self.pool.clone()),
            Query::ResourceServers(self.pool.clone()),
        ]
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{
            Copy, Doctor, Down, First, Last, Left, NextField, PageDown, PageUp, PrevField, Refresh,
            Right, Submit, Toggle, Up,
        };
        &[
            Submit, Toggle, NextField, Copy, Doctor, Refresh, PrevField, Left, Right, Down, Up,
            PageDown, PageUp, First, Last,
        ]
    }

    fn word(&self, action: Action) -> &'static str {
        match action {
            Action::Submit => "issue",
            other => other.word(),
        }
    }

    fn refuses(&self, action: Action, view: &View) -> Option<String> {
        match action {
            Action::Submit => self.refusal(view),
            Action::Copy if self.answer.token().is_none() => {
                Some("There is no token to copy yet".to_owned())
            }
            _ => None,
        }
    }

    fn act(&mut self, action: Action, view: &View) -> Vec<Effect> {
        match action {
            Action::Submit => {
                self.waiting = true;
                return vec![Effect::Issue(self.request(view))];
            }
            Action::Copy => {
                return self
                    .answer
                    .token()
                    .map(|id| Effect::Go(Route::Copy(CopyMenu::Token(id))))
                    .into_iter()
                    .collect();
            }
            Action::Doctor => {
                let (pool, client) = (self.pool.clone(), self.client.clone());
                return vec![Effect::Go(Route::Doctor(pool, Some(client)))];
            }
            Action::Refresh => return vec![Effect::Refresh],
            Action::PageDown | Action::PageUp | Action::First | Action::Last => {
                self.scroll.act(action);
            }
            other => {
                self.form.act(other);
            }
        }
        Vec::new()
    }

    fn hear(&mut self, fact: &Fact, _view: &View) -> Vec<Effect> {
        if let Fact::Issued { request, outcome } = fact
            && (&request.pool, &request.client) == (&self.pool, &self.client)
        {
            self.waiting = false;
            self.answer = Answer::of(request, outcome);
            self.scroll = Scroll::default();
        }
        Vec::new()
    }

    fn scrolls(&self) -> Option<[Action; 2]> {
        self.scroll
            .is_needed()
            .then_some([Action::PageDown, Action::PageUp])
    }

    fn ticks_until(&self, _now: Timestamp) -> Option<Timestamp> {
        self.answer.expires()
    }

    fn draw(&mut self, frame: &mut Frame, area: Rect, view: &View) {
        self.refresh(view);
        let (left, right) = if area.width >= SIDE_BY_SIDE {
            let [left, right] =
                Layout::horizontal([Constraint::Percentage(38), Constraint::Fill(1)]).areas(area);
            (left, right)
        } else {
            let wanted = self
                .form
                .height(area.width.saturating_sub(4), view.theme)
                .saturating_add(2);
            let most = (area.height / 2).max(3);
            let [top, bottom] =
                Layout::vertical([Constraint::Length(wanted.min(most)), Constraint::Fill(1)])
                    .areas(area);
            (top, bottom)
        };
        let inner = Pane::titled("Request")
            .focused(true)
            .draw(frame, left, view.theme);
        self.form.draw(frame, inner, view.theme);
        let status = self.answer.status();
        let inner = Pane::titled("Token")
            .right(&status)
            .draw(frame, right, view.theme);
        let lines = self
            .answer
            .lines(inner.width.saturating_sub(1), self.waiting, view);
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}

/// Whether the client may use GetClientToken, which asks no domain.
fn may_use_api(client: &AppClient) -> bool {
    client
        .settings
        .explicit_auth_flows
        .iter()
        .any(|flow| flow == API_FLOW)
}

fn auth_items(by_api: bool) -> Vec<Item> {
    let mut items = vec![Item::new("basic", "basic"), Item::new("body", "body")];
    if by_api {
        items.push(Item::new("api", "GetClientToken"));
    }
    items
}
