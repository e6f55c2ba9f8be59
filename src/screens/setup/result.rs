//! What a set-up led to: everything a machine needs, the secret masked, and a token to prove it.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{
    CopyMenu, CopyRequest, Effect, Fact as Answer, Query, Ready, Reply, Route,
};
use crate::app::screen::{Screen, View};
use crate::app::store::load::Load;
use crate::cognito::Error;
use crate::domain::client::AppClient;
use crate::domain::oauth::token::{TokenRequest, Verification};
use crate::domain::rotation::proof_request;
use crate::domain::scope::ScopeName;
use crate::domain::time::{self, Timestamp};
use crate::input::Action;
use crate::screens::shared::revealed_secret::Revealed;
use crate::screens::shared::{client_secret, load_states, pool_properties};
use crate::ui::frame::Frame;
use crate::ui::pane::Pane;
use crate::ui::properties::{Fact, Problem, facts, hanging, prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};

const LABEL: u16 = 15;
/// The test token, as far as it has come.
enum Test {
    None,
    Waiting,
    Over(Box<(TokenRequest, Result<Reply, Error>)>),
}

/// The end of a set-up.
pub struct ReadyClient {
    ready: Ready,
    test: Test,
    revealed: Revealed,
    /// The secret was shown or copied.
    seen: bool,
    scroll: Scroll,
}

impl ReadyClient {
    pub fn new(ready: Ready) -> Self {
        Self {
            seen: !ready.made,
            ready,
            test: Test::None,
            revealed: Revealed::default(),
            scroll: Scroll::default(),
        }
    }

    fn client<'a>(&self, view: &View<'a>) -> Option<&'a AppClient> {
        view.store
            .client(&self.ready.pool, &self.ready.client)
            .value()
    }

    /// What to ask for.
    ///
    /// # Errors
    /// Why there is no way to a token, or that it is not known yet.
    fn request(&self, view: &View) -> Result<TokenRequest, String> {
        let load = view.store.client(&self.ready.pool, &self.ready.client);
        let unread = |unread| load_states::refusal(unread, "the pool and the app client");
        let client = load.known().map_err(unread)?;
        let endpoint = view
            .store
            .token_endpoint(&self.ready.pool)
            .map_err(unread)?;
        let request = proof_request(client, endpoint.map(Into::into)).ok_or(
            "The pool has no domain, and the client not the flow for GetClientToken: no token can be asked for",
        )?;
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
        self.test = Test::Waiting;
        vec![Effect::Issue(request, None)]
    }

    fn test_lines(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        match &self.test {
            Test::Waiting => prose(
                &format!("{} asking for a test token", spinner(view.spinner)),
                width,
                theme.accent,
            ),
            Test::None => {
                let key = view.keys.label(Action::Token);
                let words = match self.request(view) {
                    Ok(_) => format!("{key} issues a test token. AWS bills it: about $0.00225."),
                    Err(reason) => format!("{reason}."),
                };
                prose(&words, width, theme.dim)
            }
            Test::Over(over) => match &over.1 {
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
        reply: &Reply,
        width: u16,
        view: &View,
    ) -> Vec<Line<'static>> {
        let theme = view.theme;
        let token = match &reply.outcome {
            Ok(token) => token,
            Err(refusal) => {
                let code = refusal.code.as_deref().unwrap_or("no OAuth error");
                let what = format!("The test token was refused: {code}");
                let remedy = format!(
                    "{} tells why and what to change.",
                    view.keys.label(Action::Doctor)
                );
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
        let words = format!("A test token was issued{life}. Granted scopes: {granted}");
        let mut lines = hanging(mark, &words, width, style);
        if !all {
            let words = format!("Asked for: {}", asked.join(" "));
            lines.extend(hanging("  ", &words, width, theme.warn));
        }
        let (mark, words, style) = match &token.verification {
            Verification::Valid { kid, algorithm } => (
                "✓ ",
                format!("Its signature is right: {algorithm}, key {kid} of the pool's JWKS"),
                theme.good,
            ),
            other => {
                let reason = other.reason().unwrap_or_default();
                if other.is_refusal() {
                    ("✗ ", format!("Its signature is wrong: {reason}"), theme.bad)
                } else {
                    let words = format!("Its signature could not be checked: {reason}");
                    ("! ", words, theme.warn)
                }
            }
        };
        lines.extend(hanging(mark, &words, width, style));
        lines
    }
}

impl Screen for ReadyClient {
    fn title(&self, _view: &View) -> String {
        "ready".to_owned()
    }

    fn needs(&self) -> Vec<Query> {
        vec![
            Query::Pool(self.ready.pool.clone()),
            Query::Client(self.ready.pool.clone(), self.ready.client.clone()),
        ]
    }

    fn due(&mut self, view: &View) -> Vec<Effect> {
        let untested = matches!(self.test, Test::None);
        // Elsewhere a token costs money: nobody asks for one but the user.
        if !untested || !view.session.costs_nothing() {
            return Vec::new();
        }
        self.test(view)
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{
            Copy, Doctor, Down, Enter, First, Last, PageDown, PageUp, Refresh, Reveal, Token, Up,
        };
        &[
            Enter, Reveal, Copy, Token, Doctor, Refresh, Down, Up, First, Last, PageDown, PageUp,
        ]
    }

    fn word(&self, action: Action) -> &'static str {
        match action {
            Action::Enter => "to the client",
            Action::Reveal if self.revealed.is_shown() => "hide",
            Action::Token if matches!(self.test, Test::Over(_)) => "another token",
            Action::Token => "test token",
            other => other.word(),
        }
    }

    fn refuses(&self, action: Action, view: &View) -> Option<String> {
        match action {
            Action::Reveal => self
                .client(view)
                .and_then(|client| client_secret::cannot_reveal(client, view)),
            Action::Token if matches!(self.test, Test::Waiting) => {
                Some("A token is being issued".to_owned())
            }
            Action::Token if matches!(self.test, Test::None) => self.request(view).err(),
            _ => None,
        }
    }

    fn act(&mut self, action: Action, view: &View) -> Vec<Effect> {
        let (pool, client) = (self.ready.pool.clone(), self.ready.client.clone());
        match action {
            Action::Enter => {
                let mut go = vec![Route::Client(pool.clone(), client)];
                if !self.ready.within {
                    go.insert(0, Route::Pool(pool));
                }
                let of = Route::Ready(self.ready.clone());
                return vec![Effect::Instead { of, go }];
            }
            Action::Reveal if self.revealed.is_shown() => self.revealed.hide(),
            Action::Reveal => return vec![Effect::Reveal(pool, client)],
            Action::Copy => return vec![Effect::Go(Route::Copy(CopyMenu::Client(pool, client)))],
            Action::Token => match self.test {
                Test::Over(_) => return vec![Effect::Go(Route::Token(pool, client))],
                _ => return self.test(view),
            },
            Action::Doctor => return vec![Effect::Go(Route::Doctor(pool, Some(client)))],
            Action::Refresh => return vec![Effect::Refresh],
            other => {
                self.scroll.act(other);
            }
        }
        Vec::new()
    }

    fn hear(&mut self, fact: &Answer, view: &View) -> Vec<Effect> {
        match fact {
            Answer::Revealed {
                pool,
                client,
                outcome: Ok(secret),
            } if (pool, client) == (&self.ready.pool, &self.ready.client) => {
                self.revealed.show(secret.clone(), view.now);
                self.seen = true;
            }
            Answer::Issued { request, outcome }
                if (&request.pool, &request.client) == (&self.ready.pool, &self.ready.client) =>
            {
                self.test = Test::Over(Box::new((request.clone(), outcome.clone())));
            }
            Answer::Copied {
                request: CopyRequest::Client { pool, client, .. },
                outcome: Ok(_),
                ..
            }
            | Answer::HandedOver {
                request: CopyRequest::Client { pool, client, .. },
                outcome: Ok(_),
            } if (pool, client) == (&self.ready.pool, &self.ready.client) => self.seen = true,
            _ => {}
        }
        Vec::new()
    }

    fn holds(&self, view: &View) -> Option<String> {
        let reveal = view.keys.label(Action::Reveal);
        (!self.seen).then(|| {
            format!("The new secret was not seen: {reveal} shows it, or press again to leave")
        })
    }

    fn ticks_until(&self, _now: Timestamp) -> Option<Timestamp> {
        self.revealed.ticks_until()
    }

    fn scrolls(&self) -> Option<[Action; 2]> {
        self.scroll.keys()
    }

    fn hide(&mut self) {
        self.revealed.hide();
    }

    fn draw(&mut self, frame: &mut Frame, area: Rect, view: &View) {
        let title = if self.ready.made {
            "Set up, and ready to use"
        } else {
            "Ready to use"
        };
        let hides = client_secret::hides_in(self.revealed.seen(view.now));
        let mark = load_states::mark(&self.needs(), view);
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
            Fact::new("User pool", view.store.pool_name(&self.ready.pool)),
            Fact::new("App client", client.settings.name.as_str()),
            Fact::new("Client id", client.id.as_str()),
            client_secret::line(client, shown, view),
            Fact::new("Scopes", scopes.join(" ")),
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
