//! What came back: the claims of a token and what they are worth, or a refusal and what it means here.

use ratatui::text::{Line, Span};
use serde_json::{Map, Value};

use crate::app::message::{Issued, Reply, TokenId};
use crate::app::screen::View;
use crate::cognito::Error;
use crate::domain::explain::{Explanation, explain, scope_diff};
use crate::domain::hosts;
use crate::domain::jwt::claim_meaning;
use crate::domain::time::{self, Timestamp};
use crate::domain::token::{OAuthError, TokenRequest, Verification};
use crate::screens::words::{MASK, ago};
use crate::ui::facts::{Fact, Problem, facts, gauge, hanging, prose, spinner};
use crate::ui::text::truncate_middle;
use crate::ui::theme::Tone;

/// The claims that one looks for, in the order one looks for them.
const FIRST: [&str; 9] = [
    "token_use",
    "client_id",
    "scope",
    "iss",
    "exp",
    "iat",
    "auth_time",
    "sub",
    "version",
];

/// The state of the right-hand pane.
pub enum Answer {
    None,
    /// The request did not get an answer.
    Failed(Error),
    Refused {
        request: TokenRequest,
        reply: Reply,
        error: OAuthError,
    },
    Issued {
        request: TokenRequest,
        reply: Reply,
        token: Issued,
    },
}

impl Answer {
    pub fn of(request: &TokenRequest, outcome: &Result<Reply, Error>) -> Self {
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

    /// The token, where there is one.
    pub fn token(&self) -> Option<TokenId> {
        match self {
            Self::Issued { token, .. } => Some(token.id),
            _ => None,
        }
    }

    /// When the token expires: until then something on the screen moves.
    pub fn expires(&self) -> Option<Timestamp> {
        match self {
            Self::Issued { token, .. } => token.jwt.expires(),
            _ => None,
        }
    }

    /// The exchange in a few words: HTTP status and how long it took.
    pub fn status(&self) -> String {
        match self {
            Self::Refused { reply, .. } | Self::Issued { reply, .. } => {
                format!(
                    "HTTP {} · {} ms",
                    reply.exchange.status,
                    reply.exchange.took.as_millis()
                )
            }
            Self::None | Self::Failed(_) => String::new(),
        }
    }

    pub fn lines(&self, width: u16, waiting: bool, view: &View) -> Vec<Line<'static>> {
        if waiting {
            return prose(
                &format!("{} asking for a token", spinner(view.spinner)),
                width,
                view.theme.accent,
            );
        }
        match self {
            Self::None => prose(
                "No token yet. It is decoded and verified here, and shown masked.",
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
            Self::Issued {
                request,
                reply,
                token,
            } => issued(request, reply, token, width, view),
        }
    }
}

fn issued(
    request: &TokenRequest,
    reply: &Reply,
    token: &Issued,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let theme = view.theme;
    let mut lines = facts(
        &[signature(token), issuer(request, token, view)],
        width,
        11,
        theme,
    );
    lines.push(expiry(token, width, view));
    lines.push(Line::default());
    lines.extend(scopes(request, token, width, view));
    lines.push(Line::default());
    lines.push(Line::styled("Claims", theme.title));
    let claims: Vec<Fact> = in_order(&token.jwt.claims)
        .map(|(name, value)| claim(name, value, view))
        .collect();
    lines.extend(facts(&claims, width, 11, theme));
    lines.push(Line::default());
    lines.push(Line::styled("Header", theme.title));
    let header: Vec<Fact> = token
        .jwt
        .header
        .iter()
        .map(|(name, value)| claim(name, value, view))
        .collect();
    lines.extend(facts(&header, width, 11, theme));
    lines.push(Line::default());
    lines.push(Line::styled("Answer", theme.title));
    let mut answer = vec![Fact::new("token", MASK).note(format!(
        "{} copies it",
        view.keys.label(crate::input::Action::Copy)
    ))];
    answer.extend(
        token
            .token_type
            .iter()
            .map(|kind| Fact::new("token_type", kind.as_str())),
    );
    answer.extend(
        token
            .expires_in
            .map(|seconds| Fact::new("expires_in", format!("{seconds} s"))),
    );
    answer.extend(
        reply
            .exchange
            .request_id
            .iter()
            .map(|id| Fact::new("request id", id.as_str())),
    );
    lines.extend(facts(&answer, width, 11, theme));
    lines
}

/// The claims that matter most first, then the others by name.
fn in_order(claims: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let known = FIRST
        .into_iter()
        .filter_map(|name| claims.get_key_value(name));
    let others = claims
        .iter()
        .filter(|(name, _)| !FIRST.contains(&name.as_str()));
    known
        .chain(others)
        .map(|(name, value)| (name.as_str(), value))
}

fn signature(token: &Issued) -> Fact<'static> {
    match &token.verification {
        Verification::Valid { kid, algorithm } => Fact::new(
            "signature",
            format!(
                "valid: {algorithm}, key {} from the pool's JWKS",
                truncate_middle(kid, 11)
            ),
        )
        .tone(Tone::Good),
        Verification::Invalid { reason } => {
            Fact::new("signature", format!("NOT valid: {reason}")).tone(Tone::Bad)
        }
        Verification::Unknown { reason } => {
            Fact::new("signature", format!("not checked: {reason}")).tone(Tone::Warn)
        }
    }
}

fn issuer(request: &TokenRequest, token: &Issued, view: &View) -> Fact<'static> {
    let expected = view
        .store
        .pool(&request.pool)
        .value()
        .and_then(hosts::issuer);
    match (token.jwt.claim_str("iss"), expected) {
        (None, _) => Fact::new("issuer", "the token names none").tone(Tone::Bad),
        (Some(iss), Some(expected)) if iss == expected => {
            Fact::new("issuer", "this pool").tone(Tone::Good)
        }
        (Some(_), Some(expected)) => {
            Fact::new("issuer", format!("not this pool's, which is {expected}")).tone(Tone::Bad)
        }
        (Some(_), None) => {
            Fact::new("issuer", "not compared: the pool is not read").tone(Tone::Warn)
        }
    }
}

fn expiry(token: &Issued, width: u16, view: &View) -> Line<'static> {
    let theme = view.theme;
    let Some(expires) = token.jwt.expires() else {
        return Line::styled("The token has no expiry", theme.warn);
    };
    let left = view.now.seconds_until(expires);
    if left <= 0 {
        return Line::styled(
            format!(
                "✗ expired {}, at {}",
                ago(time::age(expires, view.now)),
                expires.utc()
            ),
            theme.bad,
        );
    }
    let whole = token
        .jwt
        .issued()
        .map_or(left, |issued| issued.seconds_until(expires))
        .max(1);
    #[allow(clippy::cast_precision_loss)] // A lifetime has at most five digits.
    let ratio = left as f64 / whole as f64;
    let style = if ratio > 0.25 { theme.good } else { theme.warn };
    let words = format!(" {} left, until {}", time::countdown(left), expires.utc());
    let room = usize::from(width)
        .saturating_sub(words.chars().count())
        .min(30);
    Line::from(vec![
        gauge(u16::try_from(room).unwrap_or(0), ratio, style),
        Span::raw(words),
    ])
}

fn scopes(request: &TokenRequest, token: &Issued, width: u16, view: &View) -> Vec<Line<'static>> {
    let store = view.store;
    let diff = scope_diff(
        &request.scopes,
        &token.jwt.scopes(),
        store.client(&request.pool, &request.client).value(),
        store.servers_so_far(&request.pool),
        store.pool(&request.pool).value(),
    );
    let asked = diff.granted.len() + diff.missing.len();
    let all = if request.scopes.is_empty() {
        " (all of the client's)"
    } else {
        ""
    };
    let head = format!(
        "Scopes: {asked} requested{all} · {} granted",
        diff.granted.len() + diff.extra.len()
    );
    let mut lines = vec![Line::styled(head, view.theme.title)];
    let mut rows = Vec::new();
    rows.extend(
        diff.granted
            .iter()
            .map(|scope| Fact::new("granted", scope.to_string()).tone(Tone::Good)),
    );
    rows.extend(diff.missing.iter().map(|(scope, why)| {
        Fact::new("missing", scope.to_string())
            .tone(Tone::Bad)
            .note(why.clone())
    }));
    rows.extend(diff.extra.iter().map(|scope| {
        Fact::new("extra", scope.to_string())
            .tone(Tone::Warn)
            .note("granted without being asked for")
    }));
    lines.extend(facts(&rows, width, 11, view.theme));
    lines
}

fn claim<'a>(name: &'a str, value: &'a Value, view: &View) -> Fact<'a> {
    let meaning = claim_meaning(name).unwrap_or_default();
    let moment = matches!(name, "exp" | "iat" | "auth_time" | "nbf")
        .then(|| value.as_i64())
        .flatten();
    if let Some(seconds) = moment {
        let at = Timestamp::from_seconds(seconds);
        let left = view.now.seconds_until(at);
        let relative = if left > 0 {
            format!("in {}", time::countdown(left))
        } else {
            ago(time::age(at, view.now))
        };
        return Fact::new(name, format!("{} · {relative}", at.utc())).note(meaning);
    }
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Fact::new(name, text).note(meaning)
}

fn refused(
    request: &TokenRequest,
    reply: &Reply,
    error: &OAuthError,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let theme = view.theme;
    let store = view.store;
    let head = match (&error.code, &error.description) {
        (Some(code), Some(description)) => format!("✗ {code} · {description}"),
        (Some(code), None) => format!("✗ {code}"),
        (None, _) => "✗ the answer is no OAuth error".to_owned(),
    };
    let mut lines = prose(&head, width, theme.bad.patch(theme.strong));
    lines.extend(prose(
        &format!("HTTP {}  {}", reply.exchange.status, error.body),
        width,
        theme.dim,
    ));
    lines.push(Line::default());
    let Explanation { meaning, causes } = explain(
        error,
        reply.exchange.status,
        request,
        store.client(&request.pool, &request.client).value(),
        store.servers_so_far(&request.pool),
        store.pool(&request.pool).value(),
    );
    lines.extend(prose(&meaning, width, theme.text));
    for cause in causes {
        lines.push(Line::default());
        let (mark, style) = if cause.likely {
            ("▸ ", theme.warn.patch(theme.strong))
        } else {
            ("· ", theme.text)
        };
        lines.extend(hanging(mark, &cause.text, width, style));
        if let Some(evidence) = cause.evidence {
            lines.extend(hanging("  seen: ", &evidence, width, theme.dim));
        }
        lines.extend(hanging("  → ", &cause.fix, width, theme.text));
    }
    if let Some(id) = &reply.exchange.request_id {
        lines.push(Line::default());
        lines.extend(prose(&format!("request id {id}"), width, theme.dim));
    }
    lines
}
