//! Client settings in short, for list columns and properties.

use ratatui::text::{Line, Span};

use crate::app::query::load::Load;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::domain::client::{AppClient, ClientType, Validity};
use crate::domain::ids::PoolId;
use crate::domain::resource_server::{ResourceServer, ScopeState};
use crate::domain::scope::ScopeName;
use crate::domain::secret::{SecretDescriptor, SecretState, UnknownSecret};
use crate::domain::time::{self, Timestamp};
use crate::ui::theme::Theme;

/// Hides a value and its length.
pub const MASK: &str = "••••••••••••";

/// The grants a client may use.
pub fn grant(client: &AppClient, theme: &Theme) -> Line<'static> {
    if !client.settings.oauth_enabled && client.settings.is_m2m() {
        return Span::styled("OAuth off!", theme.bad).into();
    }
    match client.settings.flow_names().as_slice() {
        [] => Span::styled("none", theme.dim).into(),
        flows => Line::raw(flows.join(" ")),
    }
}

/// The numbers of a client's active, undefined and sign-in scopes. While `servers` is `None`, the states are
/// unknown.
pub fn scopes(
    client: &AppClient,
    servers: Option<&[ResourceServer]>,
    theme: &Theme,
) -> Line<'static> {
    let custom: Vec<&ScopeName> = client
        .settings
        .scopes
        .iter()
        .filter(|scope| scope.is_for_machines())
        .collect();
    let open_id = client.settings.scopes.len() - custom.len();
    let Some(servers) = servers else {
        return Line::raw(format!("{}", client.settings.scopes.len()));
    };
    let gone = custom
        .iter()
        .filter(|scope| ScopeState::of(scope, servers) == ScopeState::Inactive)
        .count();
    let active = custom.len();
    let mut spans = Vec::new();
    if gone > 0 {
        spans.push(Span::styled(format!("{gone} undefined!"), theme.bad));
    } else if active > 0 {
        spans.push(Span::raw(format!("{active} active")));
    }
    if open_id > 0 {
        spans.push(Span::styled(format!("{open_id} sign-in"), theme.dim));
    }
    if spans.is_empty() {
        spans.push(Span::styled("none", theme.dim));
    }
    // No trailing space: it would count against the column.
    let last = spans.len() - 1;
    for span in spans.iter_mut().take(last) {
        span.content.to_mut().push(' ');
    }
    spans.into()
}

/// The lifetime of the client's access tokens.
pub fn lifetime(validity: Validity) -> String {
    let known = validity.seconds();
    known.map_or_else(|| "unknown".to_owned(), time::in_words)
}

/// How a client was created, in the API's word.
pub fn client_type(client: &AppClient) -> &str {
    client
        .client_type
        .as_ref()
        .map_or("unknown", ClientType::as_str)
}

/// The number of secrets and the age of the oldest. Until their dates are read, the client's creation date is
/// used if it has only one secret.
pub fn secret(
    client: &AppClient,
    secrets: &Load<Vec<SecretDescriptor>>,
    view: &View,
) -> Line<'static> {
    let (now, theme) = (view.now, view.theme);
    match view.store.secret_state(client) {
        SecretState::Managed { .. } => return Line::raw("managed"),
        SecretState::None => return Span::styled("none", theme.dim).into(),
        SecretState::Unknown(UnknownSecret::Registered) => {
            return Span::styled("DCR", theme.dim).into();
        }
        SecretState::Unknown(why) if why != UnknownSecret::NotRead => {
            return Span::styled("unknown", theme.dim).into();
        }
        // Cognito lists no secrets of these clients, so no date follows.
        _ if client.is_registered() && secrets.value().is_none_or(Vec::is_empty) => {
            return Span::styled("yes · DCR", theme.dim).into();
        }
        _ => {}
    }
    let Some(secrets) = secrets.value() else {
        let unread = if secrets.error().is_some() {
            "yes"
        } else {
            "…"
        };
        return Span::styled(unread, theme.dim).into();
    };
    let oldest = secrets.iter().filter_map(|secret| secret.created).min();
    let age = oldest.map_or_else(
        || "?".to_owned(),
        |created| time::distance(created, now).unwrap_or_else(|| "new".to_owned()),
    );
    let text = format!("{} · {age}", secrets.len());
    if is_old(oldest, view) || secrets.len() > 1 {
        Line::from(vec![Span::raw(text), Span::styled("!", theme.warn)])
    } else {
        Line::raw(text)
    }
}

/// Whether a secret is older than the limit.
pub fn is_old(created: Option<Timestamp>, view: &View) -> bool {
    let most = view.session.limits.secret_days.saturating_mul(86_400);
    created.is_some_and(|created| created.seconds_until(view.now) > most)
}

/// The placeholder of a column whose details are not read.
pub fn pending<T>(load: &Load<T>, pool: &PoolId, view: &View) -> Span<'static> {
    match load {
        Load::Failed(error) if error.is_access_denied() => Span::styled("denied", view.theme.dim),
        Load::Failed(_) => Span::styled("failed!", view.theme.bad),
        _ if view.store.is_denied(pool, DetailKind::Client) => {
            Span::styled("denied", view.theme.dim)
        }
        _ => Span::styled("…", view.theme.dim),
    }
}

/// A date and its age, or a dash.
pub fn when(moment: Option<Timestamp>, now: Timestamp) -> String {
    moment.map_or_else(
        || "–".to_owned(),
        |at| format!("{} · {}", at.utc_minutes(), time::ago(at, now)),
    )
}

/// The same without the time.
pub fn day(moment: Option<Timestamp>, now: Timestamp) -> String {
    moment.map_or_else(
        || "–".to_owned(),
        |at| format!("{} · {}", at.date(), time::ago(at, now)),
    )
}

/// Only the age, or a dash.
pub fn since(moment: Option<Timestamp>, now: Timestamp) -> String {
    moment.map_or_else(|| "–".to_owned(), |at| time::ago(at, now))
}

/// `1 scope`, `2 scopes`.
pub fn counted(count: usize, word: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {word}{end}")
}
