//! The tokens of this session and the difference of two. It shows claims only, never a token.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::app::message::{CopyMenu, Effect, Route, TokenId};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Screen, Ticks, View};
use crate::app::store::tokens::{PRICE, SessionToken, TokenSource};
use crate::domain::oauth::token_diff::{Difference, compare};
use crate::domain::time::{self, Timestamp};
use crate::input::Action;
use crate::ui::frame::Canvas;
use crate::ui::pane::Pane;
use crate::ui::properties::{Property, facts, prose};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::table::{Column, Row, Table, TableState};
use crate::ui::theme::Status;

const COLUMNS: &[Column] = &[
    Column::fixed("", 1),
    Column::fixed("WHEN", 8),
    Column::fixed("FROM", 6).rank(2),
    Column::flexible("CLIENT", 12, 30),
    Column::flexible("SCOPES", 12, 60).weight(2).rank(1),
    Column::fixed("LEFT", 9).right(),
];
/// From this width, the two panes are side by side.
const SIDE_BY_SIDE: u16 = 150;

/// The list, newest first.
#[derive(Default)]
pub struct TokenHistory {
    table: TableState,
    /// The token to compare with; without one, the token before the selected one.
    marked: Option<TokenId>,
    scroll: Scroll,
    /// When the last token expires.
    moves_until: Option<Timestamp>,
}

fn newest_first<'a>(view: &View<'a>) -> Vec<&'a SessionToken> {
    view.store.tokens().all().iter().rev().collect()
}

impl TokenHistory {
    fn selected<'a>(&self, view: &View<'a>) -> Option<&'a SessionToken> {
        let all = newest_first(view);
        all.get(self.table.selected(all.len())?).copied()
    }

    fn other<'a>(&self, view: &View<'a>) -> Option<&'a SessionToken> {
        if let Some(marked) = self.marked {
            return view.store.tokens().get(marked);
        }
        let all = newest_first(view);
        all.get(self.table.selected(all.len())? + 1).copied()
    }

    fn difference(&self, width: u16, view: &View) -> Vec<Line<'static>> {
        let (theme, selected) = (view.theme, self.selected(view));
        let (Some(after), Some(before)) = (selected, self.other(view)) else {
            return prose("Shows the difference of two tokens.", width, theme.dim);
        };
        if after.id == before.id {
            return prose("Marked; select another token to compare.", width, theme.dim);
        }
        let head = format!("From {} to {}", before.at.clock(), after.at.clock());
        let mut lines = prose(&head, width, theme.dim);
        let found = compare(&before.jwt, &after.jwt);
        if found.is_empty() {
            lines.extend(prose("Same, except for times and ids.", width, theme.text));
        }
        let rows: Vec<Property> = found.iter().flat_map(differs).collect();
        lines.extend(facts(&rows, width, 9, theme));
        lines
    }

    fn row<'a>(&self, held: &SessionToken, view: &View) -> Row<'a> {
        let theme = view.theme;
        let mark = if self.marked == Some(held.id) {
            "●"
        } else {
            ""
        };
        let from = match held.source {
            TokenSource::Issued(_) => "issued",
            TokenSource::Pasted(_) => "pasted",
        };
        let client = held.pool(&view.session.issuers()).zip(held.client());
        let client = client.map_or_else(
            || "unknown".to_owned(),
            |(pool, client)| view.store.client_name(&pool, &client),
        );
        let left = held.jwt.expires().map(|at| view.now.seconds_until(at));
        let left = match left {
            Some(left) if left > 0 => Span::raw(time::countdown(left)),
            Some(_) => Span::styled("expired", theme.dim),
            None => Span::styled("no expiry", theme.warn),
        };
        let scopes = held.jwt.claim_str("scope").unwrap_or_default().to_owned();
        Row::new([
            Line::styled(mark, theme.accent),
            Line::raw(time::age(held.at, view.now)),
            Line::styled(from, theme.dim),
            Line::raw(client),
            Line::raw(scopes),
            left.into(),
        ])
    }
}

/// One difference as rows: removed and added.
fn differs(difference: &Difference) -> Vec<Property<'static>> {
    let name = difference.name.clone();
    let gone = |text: String| Property::new(name.clone(), format!("- {text}")).tone(Status::Warn);
    let come = |text: String| Property::new(name.clone(), format!("+ {text}")).tone(Status::Good);
    if let Some((lost, won)) = &difference.scopes {
        let lost = lost.iter().map(|scope| gone(scope.to_string()));
        let won = won.iter().map(|scope| come(scope.to_string()));
        return lost.chain(won).collect();
    }
    let (before, after) = (difference.before.clone(), difference.after.clone());
    before
        .map(gone)
        .into_iter()
        .chain(after.map(come))
        .collect()
}

impl Actions for TokenHistory {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, PageDown, PageUp, Up};
        const NONE: &str = "No tokens in this session";
        let none = view.store.tokens().all().is_empty();
        let of_token = |action, route: fn(TokenId) -> Route| {
            ActionRow::new(action, move |screen: &mut Self, view| {
                let id = screen.selected(view).map(|held| held.id);
                id.map(|id| Effect::Open(route(id))).into_iter().collect()
            })
            .refused_if(none, NONE)
        };
        let mark = ActionRow::new(Action::Toggle, |screen: &mut Self, view| {
            let id = screen.selected(view).map(|held| held.id);
            screen.marked = id.filter(|_| screen.marked != id);
            Vec::new()
        });
        ActionRows::default()
            .with(of_token(Action::Enter, Route::TokenDetails))
            .with(mark.label("mark").refused_if(none, NONE))
            .with(of_token(Action::Copy, |id| {
                Route::Copy(CopyMenu::Token(id))
            }))
            .with(of_token(Action::Call, Route::ApiCall))
            .with(ActionRow::open(Action::Paste, Route::PasteToken))
            .each(
                &[Down, Up, First, Last, PageDown, PageUp],
                |screen, action, view| {
                    let len = view.store.tokens().all().len();
                    screen.table.act(action, len);
                    Vec::new()
                },
            )
    }
}

impl Screen for TokenHistory {
    fn title(&self, _view: &View) -> String {
        "tokens".to_owned()
    }

    fn ticks(&self) -> Ticks {
        Ticks::every_second(self.moves_until)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let tokens = view.store.tokens();
        self.moves_until = tokens
            .all()
            .iter()
            .filter_map(|held| held.jwt.expires())
            .max();
        let issued = tokens.issued();
        let free = view.session.is_free();
        let status = match issued {
            0 => String::new(),
            issued if free => format!("{issued} issued (free here)"),
            issued => format!("{issued} issued · about ${:.5}", PRICE * f64::from(issued)),
        };
        let (list, difference) = if area.width >= SIDE_BY_SIDE {
            let [left, right] =
                Layout::horizontal([Constraint::Fill(3), Constraint::Fill(2)]).areas(area);
            (left, right)
        } else {
            let [top, bottom] =
                Layout::vertical([Constraint::Fill(3), Constraint::Fill(2)]).areas(area);
            (top, bottom)
        };
        let inner = Pane::titled("Tokens of this session")
            .right(&status)
            .focused(true)
            .draw(frame, list, view.theme);
        let all = newest_first(view);
        let mut table = self.table;
        Table::new(COLUMNS)
            .empty("No tokens: request one for an app client, or inspect one.")
            .draw(frame, inner, view.theme, &mut table, all.len(), |at| {
                all.get(at)
                    .map_or_else(Row::default, |held| self.row(held, view))
            });
        self.table = table;
        let since = self.other(view).map(|held| time::ago(held.at, view.now));
        let inner = Pane::titled("Difference")
            .right(since.as_deref().unwrap_or_default())
            .draw(frame, difference, view.theme);
        let lines = self.difference(inner.width.saturating_sub(1), view);
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
