//! The claims of a token, for all screens that show a token.

use ratatui::text::{Line, Span};
use serde_json::{Map, Value};

use crate::app::screen::View;
use crate::app::store::tokens::SessionToken;
use crate::domain::explain::scope_diff;
use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::{TokenRequest, Verification};
use crate::domain::oauth::token_checks::{TokenSort, Verdict, claim_meaning};
use crate::domain::time::{self, Timestamp};
use crate::ui::properties::{Property, facts, gauge};
use crate::ui::theme::Status;

/// The most important claims, in order.
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

/// Width of the labels.
const LABEL: u16 = 11;

/// The token itself: expiry, requested scopes, claims, header.
pub fn lines(
    held: &SessionToken,
    verdict: &Verdict,
    width: u16,
    view: &View,
) -> Vec<Line<'static>> {
    let theme = view.theme;
    let jwt = &held.jwt;
    let pool = held.pool(&view.session.issuers());
    let mut lines = vec![expiry(jwt, width, view)];
    lines.push(Line::default());
    if let Some(request) = held.request() {
        lines.extend(scopes(request, jwt, width, view));
        lines.push(Line::default());
    }
    lines.push(Line::styled("Claims", theme.title));
    let claims: Vec<Property> = in_order(&jwt.claims)
        .map(|(name, value)| claim(name, value, verdict.sort, view))
        .collect();
    lines.extend(facts(&claims, width, LABEL, theme));
    if jwt.header.is_empty() {
        return lines;
    }
    lines.push(Line::default());
    lines.push(Line::styled("Header", theme.title));
    let header = jwt.header.iter();
    let mut header: Vec<Property> = header
        .map(|(name, value)| claim(name, value, verdict.sort, view))
        .collect();
    if matches!(held.verification, Some(Verification::Valid { .. })) {
        let url = pool.as_ref().and_then(|pool| keys_url(pool, view));
        header.extend(url.map(|url| Property::new("key from", url)));
    }
    lines.extend(facts(&header, width, LABEL, theme));
    lines
}

/// The most important claims, then the others by name.
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

/// The JWKS URL: of the issuer, or of the endpoint used instead of AWS.
fn keys_url(pool: &PoolId, view: &View) -> Option<String> {
    match &view.session.endpoint {
        Some(endpoint) => Some(format!(
            "{}/{pool}/.well-known/jwks.json",
            endpoint.trim_end_matches('/')
        )),
        None => endpoints::jwks_url(view.store.pool(pool).value()?),
    }
}

fn expiry(jwt: &Jwt, width: u16, view: &View) -> Line<'static> {
    let theme = view.theme;
    let Some(expires) = jwt.expires() else {
        return Line::styled("No expiry", theme.warn);
    };
    let left = view.now.seconds_until(expires);
    if left <= 0 {
        return Line::styled(
            format!(
                "✗ expired {} ({})",
                time::ago(expires, view.now),
                expires.utc()
            ),
            theme.bad,
        );
    }
    let whole = jwt
        .issued()
        .map_or(left, |issued| issued.seconds_until(expires))
        .max(1);
    #[allow(clippy::cast_precision_loss)] // A lifetime has at most five digits.
    let ratio = left as f64 / whole as f64;
    let style = if ratio > 0.25 { theme.good } else { theme.warn };
    let words = format!(" {} left ({})", time::countdown(left), expires.utc());
    let room = usize::from(width)
        .saturating_sub(words.chars().count())
        .min(30);
    Line::from(vec![
        gauge(u16::try_from(room).unwrap_or(0), ratio, style),
        Span::raw(words),
    ])
}

fn scopes(request: &TokenRequest, jwt: &Jwt, width: u16, view: &View) -> Vec<Line<'static>> {
    let store = view.store;
    let diff = scope_diff(
        &request.scopes,
        &jwt.scopes(),
        store.client(&request.pool, &request.client).value(),
        store.servers(&request.pool).complete().ok(),
        store.pool(&request.pool).value(),
    );
    let asked = diff.granted.len() + diff.missing.len();
    let all = if request.scopes.is_empty() {
        " (all)"
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
            .map(|scope| Property::new("granted", scope.to_string()).tone(Status::Good)),
    );
    rows.extend(diff.missing.iter().map(|(scope, why)| {
        Property::new("missing", scope.to_string())
            .tone(Status::Bad)
            .note(why.clone())
    }));
    rows.extend(diff.extra.iter().map(|scope| {
        Property::new("extra", scope.to_string())
            .tone(Status::Warn)
            .note("granted without request")
    }));
    lines.extend(facts(&rows, width, 11, view.theme));
    lines
}

fn claim<'a>(name: &'a str, value: &'a Value, sort: TokenSort, view: &View) -> Property<'a> {
    let meaning = claim_meaning(name, sort).unwrap_or_default();
    let moment = matches!(name, "exp" | "iat" | "auth_time" | "nbf")
        .then(|| value.as_i64())
        .flatten();
    if let Some(seconds) = moment {
        let at = Timestamp::from_seconds(seconds);
        let left = view.now.seconds_until(at);
        let relative = if left > 0 {
            format!("in {}", time::countdown(left))
        } else {
            time::ago(at, view.now)
        };
        return Property::new(name, format!("{} · {relative}", at.utc())).note(meaning);
    }
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Property::new(name, text).note(meaning)
}
