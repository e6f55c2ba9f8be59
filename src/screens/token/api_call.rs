//! An API call with a token: the request and the response.

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use serde_json::Value;

use crate::app::message::{Effect, Query, Route, TaskEvent, TokenId};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::cognito::Error;
use crate::domain::explain::{ApiVerdict, explain_api};
use crate::domain::oauth::api_call::{
    ApiAnswer, ApiCall, GRAPHQL_PROBE, GraphApi, Scheme, is_graphql,
};
use crate::input::Action;
use crate::screens::shared::{confirm, findings};
use crate::screens::token::explanation;
use crate::ui::form::{Field, Form, Item};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{Problem, Property as Row, facts, hanging, prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

const API: &str = "api";
const METHOD: &str = "method";
const URL: &str = "url";
const SCHEME: &str = "scheme";
const BODY: &str = "body";
const ABOUT: &str = "about";
/// The choice of a URL that the user types.
const ANOTHER: &str = "";
const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];
/// From this width, the two panes are side by side.
const SIDE_BY_SIDE: u16 = 110;
/// The characters of a body that are laid out; of the rest, only the length is shown.
const SHOWN: usize = 20_000;

/// The call and its latest response.
pub struct ApiCallScreen {
    token: TokenId,
    form: Form,
    /// The form as last sent or opened; the next call starts with it.
    kept: Form,
    /// The initial URL, if it was not called before; a found API may replace it.
    suggested: Option<String>,
    /// The GraphQL APIs of the account.
    found: Vec<GraphApi>,
    /// The pending call.
    waiting: Option<ApiCall>,
    answer: Option<Result<ApiAnswer, Error>>,
    /// The call that it answers.
    called: Option<ApiCall>,
    /// The response body, laid out.
    body: String,
    scroll: Scroll,
}

impl ApiCallScreen {
    /// Starts with the last call, or with the sandbox's own API.
    pub fn new(token: TokenId, view: &View) -> Self {
        let last = view.store.tokens().last_call().cloned();
        let first = last.is_none();
        let call = last.unwrap_or_else(|| first_call(view));
        let suggested = first.then(|| call.url.clone());
        let methods = METHODS
            .iter()
            .map(|method| Item::new(*method, *method).checked(*method == call.method));
        let mut form = Form::new(vec![
            Field::note(ABOUT, ""),
            Field::radio(API, "API", Vec::new()).hidden(),
            Field::text(URL, "URL", call.url),
            Field::choice(METHOD, "Method", methods.collect()),
            Field::text(BODY, "Body", call.body),
            Field::radio(
                SCHEME,
                "Header",
                vec![
                    Item::new("bearer", "Bearer"),
                    Item::new("bare", "raw").checked(call.scheme == Scheme::Bare),
                ],
            ),
        ]);
        form.focus(URL);
        Self {
            token,
            kept: form.clone(),
            form,
            suggested,
            found: Vec::new(),
            waiting: None,
            answer: None,
            called: None,
            body: String::new(),
            scroll: Scroll::default(),
        }
    }

    fn call(&self) -> ApiCall {
        ApiCall {
            method: self.form.chosen(METHOD).unwrap_or("GET").to_owned(),
            url: self.form.text(URL).trim().to_owned(),
            body: self.form.text(BODY).to_owned(),
            scheme: match self.form.chosen(SCHEME) {
                Some("bare") => Scheme::Bare,
                _ => Scheme::Bearer,
            },
        }
    }

    /// A GraphQL API gets a POST with a query that each schema answers.
    fn help_with_graphql(&mut self, was_graphql: bool) {
        if was_graphql || !is_graphql(self.form.text(URL)) || !self.form.text(BODY).is_empty() {
            return;
        }
        self.form.set_text(BODY, GRAPHQL_PROBE);
        let methods = METHODS
            .iter()
            .map(|method| Item::new(*method, *method).checked(*method == "POST"));
        self.form.set_items(METHOD, methods.collect());
    }

    /// Offers the GraphQL APIs that were found, without those of other pools. A single one replaces an untouched URL.
    fn offer(&mut self, view: &View) {
        let held = view.store.tokens().get(self.token);
        let own = held.and_then(|held| held.pool(&view.session.issuers()));
        let takes = |api: &&GraphApi| api.pool.is_none() || own.is_none() || api.pool == own;
        let found = view.store.graph_apis().value().into_iter().flatten();
        let found: Vec<GraphApi> = found.filter(takes).cloned().collect();
        if self.found == found {
            return;
        }
        self.found = found;
        let untouched = self.suggested.as_deref() == Some(self.form.text(URL));
        if let [only] = self.found.as_slice()
            && untouched
        {
            let url = only.url.clone();
            self.set_url(&url);
        }
        self.point();
        self.form.set_visible(API, !self.found.is_empty());
    }

    /// Sets an API's URL and its default query.
    fn set_url(&mut self, url: &str) {
        self.suggested = None;
        let was_graphql = is_graphql(self.form.text(URL));
        self.form.set_text(URL, url);
        self.help_with_graphql(was_graphql);
    }

    /// Selects the API whose URL is in the form.
    fn point(&mut self) {
        let url = self.form.text(URL).to_owned();
        let own = self.found.iter().any(|api| api.url == url);
        let apis = self
            .found
            .iter()
            .map(|api| Item::new(api.url.as_str(), api.name.as_str()).checked(api.url == url));
        let another = Item::new(ANOTHER, "other").checked(!own);
        let items = apis.chain([another]).collect();
        self.form.set_items(API, items);
    }

    fn refusal(&self) -> Option<String> {
        let url = self.form.text(URL).trim();
        if self.waiting.is_some() {
            Some("Still calling the API".to_owned())
        } else if url.is_empty() || url == "https://" {
            Some("Enter the API's URL first".to_owned())
        } else {
            None
        }
    }

    fn about(&self, view: &View) -> String {
        let held = view.store.tokens().get(self.token);
        let scopes = held.and_then(|held| held.jwt.claim_str("scope"));
        let scopes = match scopes {
            Some("") | None => "no scopes".to_owned(),
            Some(scopes) => scopes.to_owned(),
        };
        self.refusal().unwrap_or_else(|| {
            format!(
                "{} sends the token ({scopes}) to this host only; redirects are not followed",
                view.keys.label(Action::Submit)
            )
        })
    }

    fn lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        if self.waiting.is_some() {
            let text = format!("{} calling", spinner(view.spinner));
            return prose(&text, width, theme.accent);
        }
        match &self.answer {
            None => prose("No response yet.", width, theme.dim),
            Some(Err(error)) => {
                let what = error.to_string();
                Problem {
                    what: &what,
                    subject: &error.detail,
                    remedy: &error.hint,
                }
                .lines(width, theme)
            }
            Some(Ok(answer)) => {
                let mut lines = self.explained(answer, width, view);
                let title = |text: &'static str| Line::styled(text, theme.title);
                lines.push(title("Body"));
                for line in self.body.lines() {
                    let text = line.trim_start_matches(' ');
                    let indent = " ".repeat(line.len() - text.len());
                    lines.extend(hanging(&indent, text, width, theme.text));
                }
                lines.push(Line::default());
                lines.push(title("Headers"));
                let headers: Vec<Row> = answer
                    .headers
                    .iter()
                    .map(|(name, value)| Row::new(name.as_str(), value.as_str()))
                    .collect();
                lines.extend(facts(&headers, width, 12, theme));
                lines
            }
        }
    }

    /// What the response says about the token, with the doctor's findings on its client.
    fn explained(&self, answer: &ApiAnswer, width: u16, view: &View) -> Vec<Line<'static>> {
        let Some(held) = view.store.tokens().get(self.token) else {
            return Vec::new();
        };
        let call = self.called.clone().unwrap_or_default();
        let verdict = ApiVerdict::of(answer, &call, &held.jwt, view.now);
        let Some(explained) = explain_api(answer, &call, &held.jwt, view.now) else {
            return Vec::new();
        };
        let home = held.pool(&view.session.issuers()).zip(held.client());
        let client = home.and_then(|(pool, id)| view.store.client(&pool, &id).value());
        let found = client.map_or_else(Vec::new, |client| findings::of_client(client, view));
        let explained = match verdict.and_then(ApiVerdict::code) {
            Some(code) => explained.with_findings(&found, code),
            None => explained,
        };
        let mut lines = explanation::lines(&explained, width, view);
        lines.push(Line::default());
        lines
    }
}

fn first_call(view: &View) -> ApiCall {
    let url = match &view.session.endpoint {
        Some(endpoint) if view.session.demo => {
            format!("{}/api/orders", endpoint.trim_end_matches('/'))
        }
        _ => "https://".to_owned(),
    };
    ApiCall {
        method: "GET".to_owned(),
        url,
        ..ApiCall::default()
    }
}

/// A readable body: JSON indented, and cut to what can be laid out.
fn laid_out(answer: &ApiAnswer) -> String {
    let parsed = serde_json::from_str::<Value>(&answer.body);
    let text = parsed.map_or_else(|_| answer.body.clone(), |json| format!("{json:#}"));
    let length = text.chars().count();
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let rest = if answer.cut {
        "\n… (more than 1 MiB; rest not read)".to_owned()
    } else if length > SHOWN {
        format!("\n… ({length} characters in total)")
    } else {
        String::new()
    };
    let shown: String = text.chars().take(SHOWN).collect();
    shown + &rest
}

impl Actions for ApiCallScreen {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, Left, NextField, PageDown, PageUp, PrevField, Right, Up};
        let call = ActionRow::new(Action::Submit, |screen: &mut Self, _| {
            let call = screen.call();
            screen.waiting = Some(call.clone());
            screen.kept = screen.form.clone();
            vec![Effect::CallApi(screen.token, call)]
        });
        let moving = |screen: &mut Self, action, _: &View| {
            screen.form.act(action);
            let chosen = screen.form.chosen(API).unwrap_or(ANOTHER).to_owned();
            if screen.form.focused() == Some(API) && chosen != ANOTHER {
                screen.set_url(&chosen);
            }
            Vec::new()
        };
        let scrolls = [PageDown, PageUp];
        ActionRows::default()
            .with(call.label("call").refused(|screen, _| screen.refusal()))
            .each(&[NextField], moving)
            .with(ActionRow::open(
                Action::Token,
                Route::TokenDetails(self.token),
            ))
            .each(&[PrevField, Left, Right, Down, Up], moving)
            .each(&[PageDown, PageUp, First, Last], |screen, action, _| {
                screen.scroll.act(action);
                Vec::new()
            })
            .scrolling(self.scroll.is_needed().then_some(scrolls))
    }
}

impl Screen for ApiCallScreen {
    fn title(&self, _view: &View) -> String {
        "call API".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        vec![Query::GraphApis]
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        let was_graphql = is_graphql(self.form.text(URL));
        let taken = self.form.edit(event);
        if taken {
            self.help_with_graphql(was_graphql);
            self.point();
        }
        taken.then(Vec::new)
    }

    fn unsaved_reason(&self, _view: &View) -> Option<String> {
        confirm::unsaved_reason(self.form.differs_from(&self.kept))
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::ApiCalled {
            token,
            call,
            outcome,
        } = fact
            && *token == self.token
            // A late response may belong to an earlier visit of this screen.
            && self.waiting.as_ref() == Some(call)
        {
            self.called = self.waiting.take();
            self.body = outcome.as_ref().map(laid_out).unwrap_or_default();
            self.answer = Some(outcome.clone());
            self.scroll = Scroll::default();
        }
        Vec::new()
    }

    fn mode(&self) -> Mode {
        Mode::typing(self.form.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.offer(view);
        let about = self.about(view);
        self.form.set_text(ABOUT, about);
        let (left, right) = if area.width >= SIDE_BY_SIDE {
            let [left, right] =
                Layout::horizontal([Constraint::Percentage(42), Constraint::Fill(1)]).areas(area);
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
        let inner = Pane::titled("Call")
            .focused(true)
            .draw(frame, left, view.theme);
        self.form.draw(frame, inner, view.theme);
        let status = match &self.answer {
            Some(Ok(answer)) if self.waiting.is_none() => {
                format!("HTTP {} · {} ms", answer.status, answer.took.as_millis())
            }
            _ => String::new(),
        };
        let inner = Pane::titled("Response")
            .right(&status)
            .draw(frame, right, view.theme);
        let lines = self.lines(inner.width.saturating_sub(1), view);
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
