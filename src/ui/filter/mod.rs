//! The filter of a list: the text after `/`, the rows that match it, and how well they match.

mod term;

use std::cmp::Reverse;
use std::fmt;

use crossterm::event::Event;
use nucleo_matcher::Utf32String;
use ratatui::layout::Rect;
use tui_input::Input;

use super::text::{Cut, clean, columns, put, width};
use super::theme::Theme;
use crate::ui::filter::term::{Match, Term};
use crate::ui::frame::Canvas;
use crate::ui::text_input::{draw_input, edit, inserts};

/// Separates the columns of a row in its haystack. No cell contains it: it is a control character.
const SEPARATOR: char = '\u{1f}';
/// Marks a column that matches only contiguously.
const IN_ONE_PIECE: char = '\u{1e}';
/// The least width of the query field, in columns, while `right` can be cut.
const LEAST_FIELD: u16 = 8;
/// The placeholder of an empty filter.
const HINT: &str = "filter";

/// Makes a column match only contiguous letters, as an id needs: almost any letters occur scattered in an id, and its middle is
/// hardly ever visible.
#[must_use]
pub fn in_one_piece(id: &str) -> String {
    format!("{IN_ONE_PIECE}{id}")
}

/// A fuzzy filter over the columns of a list. Each word of the query must match within one column; a capital letter makes its
/// word case-sensitive (smart case). The best match comes first; equal matches keep their order.
#[derive(Clone, Default)]
pub struct Filter {
    input: Input,
    open: bool,
    /// The query is an old one; the first typed letter replaces it.
    earlier: bool,
    haystacks: Vec<Utf32String>,
    /// The query that `matched` answers.
    query: String,
    /// The matches, best first, each with its row's number; `None` while the query is empty and all rows match.
    matched: Option<Vec<(Reverse<u32>, usize)>>,
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("query", &self.query)
            .field("open", &self.open)
            .field("rows", &self.haystacks.len())
            .field("matched", &self.len())
            .finish_non_exhaustive()
    }
}

impl Filter {
    /// Replaces the rows: the columns of each, in the order of the list.
    pub fn set_rows<R, S>(&mut self, rows: impl IntoIterator<Item = R>)
    where
        R: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        self.haystacks = rows.into_iter().map(haystack).collect();
        self.query.clear();
        self.matched = None;
        self.rematch();
    }

    /// Starts to take input. An old query stays until a letter is typed, which starts a new query; editing keys change the old
    /// one.
    pub fn open(&mut self) {
        self.open = true;
        self.earlier = true;
    }

    /// Stops taking input and keeps the query.
    pub fn close(&mut self) {
        self.open = false;
    }

    /// Stops taking input and shows all rows.
    pub fn clear(&mut self) {
        self.open = false;
        self.input.reset();
        self.rematch();
    }

    /// Returns whether the filter takes input.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Returns the text typed so far.
    #[must_use]
    pub fn query(&self) -> &str {
        self.input.value()
    }

    /// Edits the query with a terminal event while the filter is open; `true` if the event was used.
    pub fn edit(&mut self, event: &Event) -> bool {
        if self.open && self.earlier && inserts(event) {
            self.input.reset();
        }
        let taken = self.open && edit(&mut self.input, event);
        if taken {
            self.earlier = false;
            self.rematch();
        }
        taken
    }

    /// Returns the number of matching rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.matched.as_ref().map_or(self.haystacks.len(), Vec::len)
    }

    /// Returns whether no row matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of all rows.
    #[must_use]
    pub fn total(&self) -> usize {
        self.haystacks.len()
    }

    /// Returns the number, in the list, of the matching row shown at `index`.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<usize> {
        match &self.matched {
            Some(matched) => matched.get(index).map(|(_, row)| *row),
            None => (index < self.haystacks.len()).then_some(index),
        }
    }

    /// Returns whether rows are sorted by how well they match.
    #[must_use]
    pub const fn is_ranking(&self) -> bool {
        self.matched.is_some()
    }

    /// Returns what matched in the cells of the row shown at `index`: for each cell, its number and the matched graphemes. Each
    /// word is marked once, at its best match; a match outside of these cells is not marked.
    #[must_use]
    pub fn marks(&self, index: usize, cells: &[String]) -> Vec<(usize, Vec<usize>)> {
        let Some(haystack) = self
            .matched
            .as_ref()
            .and_then(|matched| matched.get(index))
            .and_then(|(_, row)| self.haystacks.get(*row))
        else {
            return Vec::new();
        };
        let cells: Vec<Utf32String> = cells
            .iter()
            .map(|cell| Utf32String::from(cell.as_str()))
            .collect();
        let mark = |word: &Term| {
            let meant = word.best_in(haystack)?;
            let shown = cells
                .iter()
                .enumerate()
                .filter_map(|(at, cell)| Some((at, cell, word.matches_in(cell)?)))
                // Letters that happen to be scattered over a cell are not why the row matched.
                .filter(|(_, _, found)| found.is_whole() || !meant.is_whole());
            let (at, cell, found) =
                shown.max_by_key(|(at, _, found)| (found.score, Reverse(*at)))?;
            Some((at, word.places(cell, &found)))
        };
        terms(&self.query).iter().filter_map(mark).collect()
    }

    fn rematch(&mut self) {
        let query = self.input.value().to_owned();
        let words = terms(&query);
        if words.is_empty() {
            self.matched = None;
        } else {
            let score = |row: usize| {
                let haystack = self.haystacks.get(row)?;
                words.iter().try_fold(0, |sum, word| {
                    word.best_in(haystack)
                        .map(|Match { score, .. }| sum + score)
                })
            };
            let passes = |row: usize| Some((Reverse(score(row)?), row));
            // A longer query matches fewer rows: each of them matched the shorter one.
            let mut found: Vec<_> = match &self.matched {
                Some(former) if query.starts_with(&self.query) => {
                    former.iter().filter_map(|&(_, row)| passes(row)).collect()
                }
                _ => (0..self.haystacks.len()).filter_map(passes).collect(),
            };
            // Row numbers break ties, so the result equals a stable sort's.
            found.sort_unstable();
            self.matched = Some(found);
        }
        self.query = query;
    }

    /// Draws the filter's line: the query after its `/`, and `right`, such as a count, at the right.
    pub fn draw(&self, frame: &mut Canvas, area: Rect, theme: &Theme, right: &str) {
        let area = area.intersection(frame.area());
        let room = area.width.saturating_sub(2);
        // The query has priority: `right` is cut to the space that the query leaves.
        let typed = columns(width(&clean(&self.query))).saturating_add(1);
        let needed = typed.max(LEAST_FIELD).saturating_add(1);
        let mut right = right;
        while !right.is_empty() && columns(width(&clean(right))).saturating_add(needed) > room {
            right = right.rsplit_once(" · ").map_or("", |(before, _)| before);
        }
        let taken = columns(width(&clean(right)));
        let sign = if self.open { theme.accent } else { theme.dim };
        put(
            frame.buffer_mut(),
            (area.x, area.y),
            "/",
            area.width,
            Cut::End,
            sign,
        );
        let taken_with_gap = if taken > 0 { taken + 1 } else { 0 };
        let field = Rect {
            x: area.x.saturating_add(2),
            width: room.saturating_sub(taken_with_gap),
            ..area
        };
        if self.open || !self.query.is_empty() {
            draw_input(frame, field, theme.strong, &self.input, false, self.open);
        } else if usize::from(field.width) >= HINT.len() {
            put(
                frame.buffer_mut(),
                (field.x, area.y),
                HINT,
                field.width,
                Cut::End,
                theme.dim,
            );
        }
        if taken > 0 {
            put(
                frame.buffer_mut(),
                (area.right() - taken, area.y),
                right,
                taken,
                Cut::End,
                theme.dim,
            );
        }
    }
}

fn terms(query: &str) -> Vec<Term> {
    query.split_whitespace().map(Term::new).collect()
}

fn haystack<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> Utf32String {
    let mut joined = String::new();
    for cell in cells {
        if !joined.is_empty() {
            joined.push(SEPARATOR);
        }
        joined.push_str(cell.as_ref());
    }
    Utf32String::from(joined)
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use proptest::prelude::*;

    use super::*;
    use crate::ui::testing::text;

    const ROWS: [[&str; 2]; 4] = [
        ["machine_auth", "4k2"],
        ["billing-export", "9qv"],
        ["Machine-2", "7ab"],
        ["Größe", "顧客"],
    ];

    fn filter(query: &str) -> Filter {
        let mut filter = Filter::default();
        filter.set_rows(ROWS);
        filter.open();
        for c in query.chars() {
            assert!(filter.edit(&Event::Key(KeyEvent::new(
                KeyCode::Char(c),
                KeyModifiers::NONE
            ))));
        }
        filter
    }

    fn shown(filter: &Filter) -> Vec<usize> {
        (0..filter.len())
            .filter_map(|index| filter.row(index))
            .collect()
    }

    #[test]
    fn words_match_in_any_column_and_equals_keep_their_order() {
        assert_eq!(shown(&filter("")), [0, 1, 2, 3]);
        assert_eq!(shown(&filter("mach")), [0, 2]);
        assert_eq!(shown(&filter("mau")), [0]);
        assert_eq!(shown(&filter("9q bill")), [1]);
        assert_eq!(shown(&filter("grosse")), Vec::<usize>::new());
        assert_eq!(shown(&filter("größ 客")), [3]);
        assert_eq!(shown(&filter("auth4")), Vec::<usize>::new());
    }

    #[test]
    fn what_is_typed_is_seen_before_anything_beside_it() {
        let draw = |width, query| {
            text(width, 1, |frame| {
                let right = "1 of 4 · best match first";
                filter(query).draw(frame, frame.area(), &Theme::colour(), right);
            })
        };
        assert_eq!(draw(40, "web"), "/ web          1 of 4 · best match first");
        assert_eq!(draw(30, "web"), "/ web                   1 of 4");
        assert_eq!(draw(16, "web"), "/ web           ");
        assert_eq!(
            draw(30, "one-of-twenty-letters-"),
            "/ one-of-twenty-letters-      "
        );
    }

    #[test]
    fn of_an_id_only_a_piece_matches_and_a_name_that_is_meant_comes_first() {
        let mut filter = filter("team");
        let row = |name: &str, id: &str| [name.to_owned(), in_one_piece(id)];
        filter.set_rows([
            row("tidewater-importer", "3t8wxe1c0a52kvm9"),
            row("größer", "3t8wxe1c0a52kvm9"),
            row("web", "7TEAMx1"),
            row("teal-map", "1"),
            row("team06", "2"),
        ]);
        // The letters of the first are scattered in its name, which is visible.
        assert_eq!(shown(&filter), [4, 2, 3, 0]);
        filter.set_rows([row("web", "42")]);
        assert_eq!(shown(&filter), Vec::<usize>::new());
    }

    #[test]
    fn a_capital_letter_matches_case() {
        assert_eq!(shown(&filter("Mach")), [2]);
    }

    #[test]
    fn the_best_match_comes_first() {
        let mut filter = filter("order");
        filter.set_rows([
            ["recorder", "1"],
            ["o-r-d-e-r", "2"],
            ["orders-a", "3"],
            ["my-order", "4"],
            ["order", "5"],
            ["orders-b", "6"],
            ["web", "order7"],
        ]);
        assert_eq!(shown(&filter), [4, 2, 5, 3, 6, 0, 1]);
        assert!(filter.is_ranking());
        filter.clear();
        assert_eq!(shown(&filter), [0, 1, 2, 3, 4, 5, 6]);
        assert!(!filter.is_ranking());
    }

    #[test]
    fn what_was_typed_is_marked_where_it_stands() {
        let mut filter = filter("auth 4k");
        let marks = |filter: &Filter, cells: [&str; 3]| filter.marks(0, &cells.map(str::to_owned));
        assert_eq!(
            marks(&filter, ["machine_auth", "4k2", "1 active"]),
            [(0, vec![8, 9, 10, 11]), (1, vec![0, 1])]
        );
        // A match in a hidden column is not marked in another one by chance.
        filter.set_rows([["web", "auth 4k"]]);
        assert_eq!(marks(&filter, ["a-u-t-h", "4-k", ""]), []);
        filter.clear();
        assert_eq!(marks(&filter, ["machine_auth", "4k2", ""]), []);
    }

    #[test]
    fn clearing_and_new_rows_match_anew() {
        let mut filter = filter("mach");
        filter.set_rows([["web"], ["machine_auth"]]);
        assert_eq!(shown(&filter), [1]);
        filter.clear();
        filter.set_rows(ROWS);
        assert_eq!(shown(&filter), [0, 1, 2, 3]);
        assert!(!filter.edit(&Event::Paste("closed".into())));
    }

    #[test]
    fn taking_letters_back_brings_rows_back() {
        let mut filter = filter("machi");
        assert_eq!(shown(&filter), [0, 2]);
        for _ in 0..5 {
            filter.edit(&Event::Key(KeyEvent::new(
                KeyCode::Backspace,
                KeyModifiers::NONE,
            )));
        }
        assert_eq!(shown(&filter), [0, 1, 2, 3]);
        filter.edit(&Event::Paste("ex".to_owned()));
        filter.edit(&Event::Key(KeyEvent::new(
            KeyCode::Home,
            KeyModifiers::NONE,
        )));
        filter.edit(&Event::Paste("4".to_owned()));
        assert_eq!(shown(&filter), Vec::<usize>::new());
        filter.edit(&Event::Key(KeyEvent::new(
            KeyCode::Backspace,
            KeyModifiers::NONE,
        )));
        assert_eq!(shown(&filter), [1]);
    }

    #[test]
    fn the_line_shows_the_query_and_the_count() {
        let draw = |filter: &Filter, width| {
            text(width, 1, |frame| {
                filter.draw(frame, frame.area(), &Theme::colour(), "2 of 4");
            })
        };
        assert_eq!(draw(&filter("mach"), 20), "/ mach        2 of 4");
        let mut closed = filter("");
        closed.close();
        assert_eq!(draw(&closed, 20), "/ filter      2 of 4");
        assert_eq!(draw(&closed, 4), "/   ");
    }

    proptest! {
        #[test]
        fn typing_letter_by_letter_matches_what_pasting_does(query in "[aAeimMnoö 24q\\\\]{0,6}") {
            let typed = filter(&query);
            let mut pasted = filter("");
            pasted.edit(&Event::Paste(query.clone()));
            prop_assert_eq!(shown(&typed), shown(&pasted));
        }
    }
}
