//! The scope map's cell under the cursor in a sentence, and the legend.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::cells::sign;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::domain::ids::PoolId;
use crate::domain::scope_matrix::{Cell, ClientRow, ScopeColumn, ScopeMatrix};
use crate::screens::shared::load_states;
use crate::ui::theme::Theme;

/// The cell under the cursor, with full names, as the headings are cut.
pub fn under_cursor(
    map: &ScopeMatrix,
    row: Option<usize>,
    column: Option<usize>,
    pool: &PoolId,
    view: &View,
) -> Line<'static> {
    let theme = view.theme;
    let client = row.and_then(|row| map.rows.get(row));
    let scope = column.and_then(|column| map.columns.get(column));
    match (client, scope) {
        (None, None) => Line::styled("Scopes to the right, app clients below", theme.dim),
        (None, Some(scope)) => of_scope(map, scope, theme),
        (Some(client), None) => of_client(map, client, pool, view),
        (Some(client), Some(scope)) => {
            let cell = row
                .zip(column)
                .and_then(|(row, column)| map.cell(row, column));
            crossing(client, scope, cell, pool, view)
        }
    }
}

fn named(name: &str, theme: &Theme) -> Span<'static> {
    Span::styled(name.to_owned(), theme.strong)
}

fn of_scope(map: &ScopeMatrix, column: &ScopeColumn, theme: &Theme) -> Line<'static> {
    let read = map.read();
    let (words, style) = match column.holders {
        holders if !column.defined && map.servers_whole => {
            let words = format!("undefined; {holders} of {read} clients have it");
            (words, theme.bad)
        }
        holders if !column.defined => (
            format!("unknown whether defined; {holders} of {read} clients have it"),
            theme.dim,
        ),
        0 if map.is_whole() => ("unused".to_owned(), theme.warn),
        0 if read == 0 => ("unknown: no client is loaded".to_owned(), theme.dim),
        holders if map.clients_whole => {
            (format!("{holders} of {read} clients have it"), theme.text)
        }
        holders => (
            format!("{holders} of {read} clients have it so far"),
            theme.text,
        ),
    };
    let mut spans = vec![
        named(column.scope.as_str(), theme),
        Span::styled(format!(" · {words}"), style),
    ];
    if !column.description.is_empty() {
        spans.push(Span::styled(
            format!(" · {}", column.description),
            theme.dim,
        ));
    }
    Line::from(spans)
}

fn of_client(map: &ScopeMatrix, client: &ClientRow, pool: &PoolId, view: &View) -> Line<'static> {
    let theme = view.theme;
    let mut spans = vec![named(&client.name, theme)];
    match &client.held {
        None => spans.push(unread(client, pool, view)),
        Some(held) => {
            spans.push(Span::raw(format!(" · {} active", held.allowed)));
            if held.inactive > 0 {
                spans.push(if map.servers_whole {
                    Span::styled(format!(", {} inactive", held.inactive), theme.bad)
                } else {
                    Span::styled(format!(", {} unknown", held.inactive), theme.dim)
                });
            }
            if !held.whole_servers.is_empty() {
                let servers = held.whole_servers.join(", ");
                spans.push(Span::styled(
                    format!(" · ! has all scopes of {servers}"),
                    theme.warn,
                ));
            }
            spans.extend(oauth_off(client, pool, view));
        }
    }
    spans.push(Span::styled(format!(" · {}", client.id), theme.dim));
    Line::from(spans)
}

fn crossing(
    client: &ClientRow,
    scope: &ScopeColumn,
    cell: Option<Cell>,
    pool: &PoolId,
    view: &View,
) -> Line<'static> {
    let theme = view.theme;
    let (words, style): (&str, Style) = match cell {
        Some(Cell::Allowed) => ("active, allowed for", theme.good),
        Some(Cell::NotAllowed) => ("not allowed for", theme.dim),
        Some(Cell::Inactive) => ("inactive: undefined, but listed by", theme.bad),
        Some(Cell::NotDefined) => ("undefined, not listed by", theme.dim),
        Some(Cell::Listed) => ("unknown whether defined, listed by", theme.dim),
        None => ("unknown for", theme.dim),
    };
    let mut spans = vec![
        named(scope.scope.as_str(), theme),
        Span::styled(format!(" {words} "), style),
        named(&client.name, theme),
    ];
    if cell.is_none() {
        spans.push(unread(client, pool, view));
    }
    spans.extend(oauth_off(client, pool, view));
    if !scope.description.is_empty() {
        spans.push(Span::styled(format!(" · {}", scope.description), theme.dim));
    }
    Line::from(spans)
}

fn unread(client: &ClientRow, pool: &PoolId, view: &View) -> Span<'static> {
    let load = view.store.client(pool, &client.id);
    let why = load
        .error()
        .map_or("not loaded yet", |error| error.kind.label());
    Span::styled(format!(" · {why}"), view.theme.dim)
}

/// With OAuth off, the scopes of a client have no effect.
fn oauth_off(client: &ClientRow, pool: &PoolId, view: &View) -> Option<Span<'static>> {
    let settings = &view.store.client(pool, &client.id).value()?.settings;
    (settings.is_m2m() && !settings.oauth_enabled)
        .then(|| Span::styled(" · OAuth off!", view.theme.bad))
}

/// The legend, and how many clients failed to load or refresh.
pub fn legend(map: &ScopeMatrix, pool: &PoolId, view: &View) -> Line<'static> {
    let theme = view.theme;
    let mut spans = Vec::new();
    for (cell, words, style) in [
        (Cell::Allowed, "active", theme.good),
        (Cell::Inactive, "inactive", theme.bad),
        (Cell::NotAllowed, "not allowed", theme.dim),
    ] {
        spans.push(Span::styled(sign(cell), style));
        spans.push(Span::styled(format!(" {words}  "), theme.dim));
    }
    let missing = map.rows.len() - map.read();
    let old = load_states::stale_details(pool, &[DetailKind::Client], view);
    if missing > 0 {
        let words = format!(
            "! {missing} of {} clients could not be read",
            map.rows.len()
        );
        spans.insert(0, Span::styled(format!("{words}   "), theme.warn));
    } else if let Some(words) = old {
        spans.insert(0, Span::styled(format!("{words}   "), theme.warn));
    } else if map.is_whole() {
        spans.push(Span::styled("! unused, or a whole server", theme.dim));
    }
    Line::from(spans)
}
