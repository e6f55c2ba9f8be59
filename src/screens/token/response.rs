//! The response: a token's claims and their verification, or an error and its meaning.

use ratatui::text::Line;

use crate::app::message::{TokenId, TokenInfo, TokenResponse};
use crate::app::screen::View;
use crate::cognito::Error;
use crate::domain::explain::explain;
use crate::domain::oauth::exchange::Exchange;
use crate::domain::oauth::token::{OAuthError, TokenRequest};
use crate::input::Action;
use crate::screens::shared::findings;
use crate::screens::shared::format::MASK;
use crate::screens::token::{claims, explanation, judge};
use crate::ui::properties::{Problem, Property, facts, prose, spinner};

/// The state of the response pane.
pub enum ResponsePane {
    None,
    /// The request got no response.
    Failed(Error),
    Refused {
        request: TokenRequest,
        reply: TokenResponse,
        error: OAuthError,
    },
    Issued {
        request: TokenRequest,
        reply: TokenResponse,
        token: TokenInfo,
    },
    /// An earlier token, offered again.
    Again(TokenId),
}

impl ResponsePane {
    pub fn of(request: &TokenRequest, outcome: &Result<TokenResponse, Error>) -> Self {
        let request = request.clone();
        match outcome {
            Err(error) => Self::Failed(error.clone()),
            Ok(reply) => match reply.outcome.clone() {
                Ok(token) => Self::Issued {
                    request,
                    reply: reply.clone(),
                    token,
                },
                Err(error) => Self::Refused {
                    request,
                    reply: reply.clone(),
                    error,
                },
            },
        }
    }

    /// Whether nothing was requested yet.
    pub const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The token, if there is one.
    pub fn token(&self) -> Option<TokenId> {
        match self {
            Self::Issued { token, .. } => Some(token.id),
            Self::Again(id) => Some(*id),
            _ => None,
        }
    }

    /// The request and its exchange, if there was a response.
    pub fn exchange<'a>(&'a self, view: &View<'a>) -> Option<(&'a TokenRequest, &'a Exchange)> {
        match self {
            Self::Refused { request, reply, .. } | Self::Issued { request, reply, .. } => {
                Some((request, &reply.exchange))
            }
            Self::Again(id) => view.store.tokens().get(*id)?.wire(),
            Self::None | Self::Failed(_) => None,
        }
    }

    /// Whether the token endpoint refused; then the doctor explains it.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// The exchange in short: HTTP status and duration.
    pub fn status(&self) -> String {
        match self {
            Self::Refused { reply, .. } | Self::Issued { reply, .. } => {
                format!(
                    "HTTP {} · {} ms",
                    reply.exchange.status,
                    reply.exchange.took.as_millis()
                )
            }
            Self::Again(_) => "issued before".to_owned(),
            Self::None | Self::Failed(_) => String::new(),
        }
    }

    pub fn lines(&self, width: u16, waiting: bool, view: &View) -> Vec<Line<'static>> {
        if waiting {
            return prose(
                &format!("{} requesting a token", spinner(view.spinner)),
                width,
                view.theme.accent,
            );
        }
        match self {
            Self::None => prose(
                "No token yet. It will be decoded, verified and shown masked.",
                width,
                view.theme.dim,
            ),
            Self::Failed(error) => {
                let what = error.to_string();
                Problem {
                    what: &what,
                    subject: &error.detail,
                    remedy: &error.hint,
                }
                .lines(width, view.theme)
            }
            Self::Refused {
                request,
                reply,
                error,
            } => refused(request, reply, error, width, view),
            Self::Issued { reply, token, .. } => {
                let mut lines = claims_of(token.id, width, view);
                lines.extend(issued(reply, token, width, view));
                lines
            }
            Self::Again(id) => claims_of(*id, width, view),
        }
    }
}

fn claims_of(id: TokenId, width: u16, view: &View) -> Vec<Line<'static>> {
    let held = view.store.tokens().get(id);
    held.map_or_else(Vec::new, |held| {
        let verdict = judge::verdict(held, view);
        let mut lines = judge::in_short(held, &verdict, width, view);
        lines.extend(claims::lines(held, &verdict, width, view));
        lines
    })
}

/// The fields of the token response.
fn issued(reply: &TokenResponse, token: &TokenInfo, width: u16, view: &View) -> Vec<Line<'static>> {
    let theme = view.theme;
    let mut lines = vec![Line::default()];
    lines.push(Line::styled("Response", theme.title));
    let mut answer = vec![
        Property::new("token", MASK).note(format!("{} to copy", view.keys.label(Action::Copy))),
    ];
    answer.extend(
        token
            .token_type
            .iter()
            .map(|kind| Property::new("token_type", kind.as_str())),
    );
    answer.extend(
        token
            .expires_in
            .map(|seconds| Property::new("expires_in", format!("{seconds} s"))),
    );
    answer.extend(
        reply
            .exchange
            .request_id
            .iter()
            .map(|id| Property::new("request id", id.as_str())),
    );
    lines.extend(facts(&answer, width, 11, theme));
    lines
}

fn refused(
    request: &TokenRequest,
    reply: &TokenResponse,
    error: &OAuthError,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let theme = view.theme;
    let store = view.store;
    let head = match (&error.code, &error.description) {
        (Some(code), Some(description)) => format!("✗ {code} · {description}"),
        (Some(code), None) => format!("✗ {code}"),
        (None, _) => "✗ unexpected response".to_owned(),
    };
    let mut lines = prose(&head, width, theme.bad.patch(theme.strong));
    lines.extend(prose(
        &format!("HTTP {}  {}", reply.exchange.status, error.body),
        width,
        theme.dim,
    ));
    lines.push(Line::default());
    let client = store.client(&request.pool, &request.client).value();
    let explained = explain(
        error,
        reply.exchange.status,
        request,
        client,
        client.map(|client| store.secret_state(client)),
        store.servers(&request.pool).complete().ok(),
        store.pool(&request.pool).value(),
    );
    let found = client.map_or_else(Vec::new, |client| findings::of_client(client, view));
    let code = error.code.as_deref().unwrap_or_default();
    lines.extend(explanation::lines(
        &explained.with_findings(&found, code),
        width,
        view,
    ));
    lines.push(Line::default());
    let (doctor, fix) = (
        view.keys.label(Action::Doctor),
        view.keys.label(Action::Fix),
    );
    if !doctor.is_empty() && !fix.is_empty() {
        let way = format!("{doctor} doctor, then {fix} to fix.");
        lines.extend(prose(&way, width, theme.text));
    }
    if let Some(id) = &reply.exchange.request_id {
        lines.extend(prose(&format!("request id {id}"), width, theme.dim));
    }
    lines
}
