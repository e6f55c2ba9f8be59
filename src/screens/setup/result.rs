//! The result of a set-up: the credentials with masked secret, and a test token.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{
    CopyRequest, Effect, Query, Route, SetupOutcome, TaskEvent, TokenResponse,
};
use crate::app::query::load::Load;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Screen, Ticks, View};
use crate::cognito::Error;
use crate::domain::oauth::endpoints;
use crate::domain::oauth::token::{TokenRequest, Verification};
use crate::domain::rotation::proof_request;
use crate::domain::scope::ScopeName;
use crate::domain::time;
use crate::input::Action;
use crate::screens::shared::list::MOVING;
use crate::screens::shared::revealed_secret::RevealedSecret;
use crate::screens::shared::verbs::Thing;
use crate::screens::shared::{client_secret, load_states, pool_properties};
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{Problem, Property, facts, hanging, prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

const LABEL: u16 = 15;
/// The state of the test token.
enum TokenTest {
    None,
    Waiting,
    Over(Box<(TokenRequest, Result<TokenResponse, Error>)>),
}

/// The result of a set-up.
pub struct SetupResult {
    ready: SetupOutcome,
    test: TokenTest,
    revealed: RevealedSecret,
    /// The secret was revealed or copied.
    seen: bool,
    scroll: Scroll,
}

impl SetupResult {
    pub fn new(ready: SetupOutcome) -> Self {
        Self {
            seen: !ready.made,
            ready,
            test: TokenTest::None,
            revealed: RevealedSecret::default(),
            scroll: Scroll::default(),
        }
    }

    /// The token request.
    ///
    /// # Errors
    /// Why no token can be requested, or not yet.
    fn request(&self, view: &View) -> Result<TokenRequest, String> {
        let load = view.store.client(&self.ready.pool, &self.ready.client);
        let unread = |unread| load_states::refusal(unread, "the pool and the app client");
        let client = load.known().map_err(unread)?;
        let endpoint = view
            .store
            .token_endpoint(&self.ready.pool)
            .map_err(unread)?;
        let request = proof_request(client, endpoint.map(Into::into)).ok_or_else(|| {
            let pool = view.store.pool(&self.ready.pool).value();
            let why = pool.map_or("is unknown", endpoints::without_token_endpoint);
            format!(
                "No token possible: the pool {why}, and the client lacks the GetClientToken flow"
            )
        })?;
        let scopes = client.settings.scopes.iter();
        Ok(TokenRequest {
            scopes: scopes
                .filter(|scope| scope.is_for_machines())
                .cloned()
                .collect(),
            ..request
        })
    }

    fn test(&mut self, view: &View) -> Vec<Effect> {
        let Ok(request) = self.request(view) else {
            return Vec::new();
        };
        self.test = TokenTest::Waiting;
        vec![Effect::IssueToken(request, None)]
    }

    fn test_lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        match &self.test {
            TokenTest::Waiting => prose(
                &format!("{} requesting a test token", spinner(view.spinner)),
                width,
                theme.accent,
            ),
            TokenTest::None => {
                let key = view.keys.label(Action::Token);
                let words = match self.request(view) {
                    Ok(_) => format!("{key} requests a test token (about $0.00225)."),
                    Err(reason) => format!("{reason}."),
                };
                prose(&words, width, theme.dim)
            }
            TokenTest::Over(over) => match &over.1 {
                Err(error) => {
                    let what = format!("No test token: {error}");
                    let problem = Problem {
                        what: &what,
                        subject: &error.detail,
                        remedy: &error.hint,
                    };
                    problem.lines(width, theme)
                }
                Ok(reply) => Self::reply_lines(&over.0, reply, width, view),
            },
        }
    }

    fn reply_lines(
        request: &TokenRequest,
        reply: &TokenResponse,
        width: u16,
        view: &View,
    ) -> Vec<Line<'static>> {
        let theme = view.theme;
        let token = match &reply.outcome {
            Ok(token) => token,
            Err(refusal) => {
                let code = refusal.code.as_deref().unwrap_or("unexpected response");
                let what = format!("Test token refused: {code}");
                let remedy = format!("{} explains why.", view.keys.label(Action::Doctor));
                let problem = Problem {
                    what: &what,
                    subject: refusal.description.as_deref().unwrap_or_default(),
                    remedy: &remedy,
                };
                return problem.lines(width, theme);
            }
        };
        let granted = token.jwt.claim_str("scope").unwrap_or_default();
        let asked: Vec<&str> = request.scopes.iter().map(ScopeName::as_str).collect();
        let all = asked
            .iter()
            .all(|scope| granted.split(' ').any(|granted| granted == *scope));
        let (mark, style) = if all {
            ("✓ ", theme.good)
        } else {
            ("! ", theme.warn)
        };
        let life = token.expires_in.map_or_else(String::new, |seconds| {
            format!(", for {}", time::in_words(seconds))
        });
        let words = format!("Test token issued{life}. Granted scopes: {granted}");
        let mut lines = hanging(mark, &words, width, style);
        if !all {
            let words = format!("Requested: {}", asked.join(" "));
            lines.extend(hanging("  ", &words, width, theme.warn));
        }
        let (mark, words, style) = match &token.verification {
            Verification::Valid { kid, algorithm } => (
                "✓ ",
                format!("Valid signature: {algorithm}, key {kid} of the pool's JWKS"),
                theme.good,
            ),
            other => {
                let reason = other.reason().unwrap_or_default();
                if other.is_refusal() {
                    ("✗ ", format!("Invalid signature: {reason}"), theme.bad)
                } else {
                    let words = format!("Signature not verified: {reason}");
                    ("! ", words, theme.warn)
                }
            }
        };
        lines.extend(hanging(mark, &words, width, style));
        lines
    }
}

impl Actions for SetupResult {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Copy, Doctor, Enter, Refresh, Reveal, Token};
        let (pool, client) = (self.ready.pool.clone(), self.ready.client.clone());
        let mut go = vec![Route::Client(pool.clone(), client.clone())];
        if !self.ready.within {
            go.insert(0, Route::Pool(pool.clone()));
        }
        let of = Route::SetupResult(self.ready.clone());
        let shown = self.revealed.is_shown();
        let token = ActionRow::new(Token, |screen: &mut Self, view| match screen.test {
            TokenTest::Over(_) => {
                let ready = &screen.ready;
                let route = Route::Token(ready.pool.clone(), ready.client.clone());
                vec![Effect::Open(route)]
            }
            _ => screen.test(view),
        });
        ActionRows::default()
            .with(ActionRow::ask(Enter, Effect::Replace { of, go }).label("open client"))
            .with(
                token
                    .label("test token")
                    .label_if(matches!(self.test, TokenTest::Over(_)), "another token")
                    .refused(|screen, view| match screen.test {
                        TokenTest::Waiting => Some("Still requesting a token".to_owned()),
                        TokenTest::None => screen.request(view).err(),
                        TokenTest::Over(_) => None,
                    }),
            )
            .and(Thing::Client(pool, client).rows(view))
            .map(Reveal, |row| {
                row.label_if(shown, "hide").does(|screen: &mut Self, _| {
                    if screen.revealed.is_shown() {
                        screen.revealed.hide();
                        return Vec::new();
                    }
                    let ready = &screen.ready;
                    vec![Effect::Reveal(ready.pool.clone(), ready.client.clone())]
                })
            })
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .each(MOVING, |screen, action, _| {
                screen.scroll.act(action);
                Vec::new()
            })
            .scrolling(self.scroll.keys())
            .in_order(&[Enter, Reveal, Copy, Token, Doctor])
    }
}

impl Screen for SetupResult {
    fn title(&self, _view: &View) -> String {
        "ready".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        vec![
            Query::Pool(self.ready.pool.clone()),
            Query::Client(self.ready.pool.clone(), self.ready.client.clone()),
        ]
    }

    fn on_update(&mut self, view: &View) -> Vec<Effect> {
        let untested = matches!(self.test, TokenTest::None);
        // Outside the demo, a token costs money, so only the user requests one.
        if !untested || !view.session.is_free() {
            return Vec::new();
        }
        self.test(view)
    }

    fn on_event(&mut self, fact: &TaskEvent, view: &View) -> Vec<Effect> {
        match fact {
            TaskEvent::Revealed {
                pool,
                client,
                outcome: Ok(secret),
            } if (pool, client) == (&self.ready.pool, &self.ready.client) => {
                self.revealed.show(secret.clone(), view.now);
                self.seen = true;
            }
            TaskEvent::TokenIssued { request, outcome }
                if (&request.pool, &request.client) == (&self.ready.pool, &self.ready.client) =>
            {
                self.test = TokenTest::Over(Box::new((request.clone(), outcome.clone())));
            }
            TaskEvent::Copied {
                request: CopyRequest::Client { pool, client, .. },
                outcome: Ok(_),
                ..
            }
            | TaskEvent::Delivered {
                request: CopyRequest::Client { pool, client, .. },
                outcome: Ok(_),
            } if (pool, client) == (&self.ready.pool, &self.ready.client) => self.seen = true,
            _ => {}
        }
        Vec::new()
    }

    fn unsaved_reason(&self, view: &View) -> Option<String> {
        let reveal = view.keys.label(Action::Reveal);
        (!self.seen).then(|| {
            format!("The new secret was not shown yet: {reveal} reveals it; press again to leave")
        })
    }

    fn hide_secrets(&mut self) {
        self.revealed.hide();
    }

    fn ticks(&self) -> Ticks {
        Ticks::every_second(self.revealed.ticks_until())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let title = if self.ready.made {
            "Set up, ready to use"
        } else {
            "Ready to use"
        };
        let hides = client_secret::hides_in(self.revealed.seen(view.now));
        let mark = load_states::mark(&self.queries(), view);
        let right: Vec<String> = [hides, mark].into_iter().flatten().collect();
        let inner = Pane::titled(title)
            .right(&right.join(" · "))
            .draw(frame, area, view.theme);
        let width = inner.width.saturating_sub(1);
        let load = view.store.client(&self.ready.pool, &self.ready.client);
        let Some(client) = load.value() else {
            let Load::Failed(error) = load else {
                return load_states::draw_reading(frame, inner, "the app client", view);
            };
            return load_states::draw_error(frame, inner, error, view);
        };
        let shown = self.revealed.seen(view.now);
        let scopes: Vec<&str> = client
            .settings
            .scopes
            .iter()
            .map(ScopeName::as_str)
            .collect();
        let mut said = vec![
            Property::new("User pool", view.store.pool_name(&self.ready.pool)),
            Property::new("App client", client.settings.name.as_str()),
            Property::new("Client id", client.id.as_str()),
            client_secret::line(client, shown, view),
            Property::new("Scopes", scopes.join(" ")),
        ];
        match view.store.pool(&self.ready.pool).value() {
            Some(pool) => said.extend(pool_properties::endpoints(pool, view)),
            None => said.extend(pool_properties::token_endpoint_of(&self.ready.pool, view)),
        }
        let mut lines = facts(&said, width, LABEL, view.theme);
        lines.push(Line::default());
        lines.extend(self.test_lines(width, view));
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
