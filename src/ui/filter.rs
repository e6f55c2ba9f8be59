//! The filter of a list: what is typed after `/`, and which rows match it.

use std::fmt;

use crossterm::event::Event;
use nucleo_matcher::{Utf32Str, Utf32String, chars};
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::edit::{draw_input, edit};
use super::text::{Cut, clean, columns, put, width};
use super::theme::Theme;

/// Stands between the columns of a row in its haystack. No cell holds it: it is a control character.
const SEPARATOR: char = '\u{1f}';

/// A fuzzy filter over the columns of a list. Every word of the query must match within some column; a capital letter
/// makes its word match case (smart case). Rows keep their order.
#[derive(Clone, Default)]
pub struct Filter {
    input: Input,
    open: bool,
    haystacks: Vec<Utf32String>,
    /// The query that `matched` answers.
    query: String,
    /// Row numbers in ascending order; `None` while there is no query, when all rows match.
    matched: Option<Vec<usize>>,
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
    /// Takes the columns of every row, in the order of the list, in place of those before.
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

    /// Starts taking what is typed.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// Stops taking what is typed and keeps the query.
    pub fn close(&mut self) {
        self.open = false;
    }

    /// Stops taking what is typed and shows every row again.
    pub fn clear(&mut self) {
        self.open = false;
        self.input.reset();
        self.rematch();
    }

    /// Whether it takes what is typed.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// What was typed so far.
    #[must_use]
    pub fn query(&self) -> &str {
        self.input.value()
    }

    /// Lets a terminal event edit the query, while the filter is open. `true` where the event was used up.
    pub fn edit(&mut self, event: &Event) -> bool {
        let taken = self.open && edit(&mut self.input, event);
        if taken {
            self.rematch();
        }
        taken
    }

    /// How many rows match.
    #[must_use]
    pub fn len(&self) -> usize {
        self.matched.as_ref().map_or(self.haystacks.len(), Vec::len)
    }

    /// Whether no row matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows there are, matching or not.
    #[must_use]
    pub fn total(&self) -> usize {
        self.haystacks.len()
    }

    /// The number, in the list, of the matching row that is shown at `index`.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<usize> {
        match &self.matched {
            Some(matched) => matched.get(index).copied(),
            None => (index < self.haystacks.len()).then_some(index),
        }
    }

    /// Where the list's row number `row` is shown; `None` where it does not match.
    #[must_use]
    pub fn index_of(&self, row: usize) -> Option<usize> {
        match &self.matched {
            Some(matched) => matched.binary_search(&row).ok(),
            None => (row < self.haystacks.len()).then_some(row),
        }
    }

    fn rematch(&mut self) {
        let query = self.input.value().to_owned();
        let words: Vec<Word> = query.split_whitespace().map(Word::new).collect();
        if words.is_empty() {
            self.matched = None;
        } else {
            let passes = |row: usize| {
                self.haystacks.get(row).is_some_and(|haystack| {
                    words.iter().all(|word| word.is_in_a_column_of(haystack))
                })
            };
            // A longer query can only match less: every row that it matches had matched its beginning.
            let found = match &self.matched {
                Some(former) if query.starts_with(&self.query) => {
                    former.iter().copied().filter(|&row| passes(row)).collect()
                }
                _ => (0..self.haystacks.len())
                    .filter(|&row| passes(row))
                    .collect(),
            };
            self.matched = Some(found);
        }
        self.query = query;
    }

    /// Draws the filter's line: the query after its `/`, and `right`, such as a count, at the right.
    pub fn draw(&self, frame: &mut Frame, area: Rect, theme: &Theme, right: &str) {
        let area = area.intersection(frame.area());
        let taken = columns(width(&clean(right))).min(area.width);
        let sign = if self.open { theme.accent } else { theme.dim };
        put(
            frame.buffer_mut(),
            (area.x, area.y),
            "/",
            area.width,
            Cut::End,
            sign,
        );
        let room = area.width.saturating_sub(2);
        let field = Rect {
            x: area.x.saturating_add(2),
            width: room.saturating_sub(taken + 1),
            ..area
        };
        if self.open || !self.query.is_empty() {
            draw_input(frame, field, theme.strong, &self.input, false, self.open);
        } else {
            put(
                frame.buffer_mut(),
                (field.x, area.y),
                "filter",
                field.width,
                Cut::End,
                theme.dim,
            );
        }
        if taken <= room {
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

/// One word of the query, to be found as letters in this order with anything between.
///
/// The library's matchers also score where the letters stand, which takes ten times as long; rows keep their order here,
/// and nobody asks for a score.
struct Word {
    letters: Vec<char>,
    ignore_case: bool,
    /// Whether plain letters stand for accented ones too.
    normalize: bool,
}

impl Word {
    fn new(word: &str) -> Self {
        let letters: Vec<char> = chars::graphemes(word).collect();
        Self {
            ignore_case: !letters.iter().copied().any(chars::is_upper_case),
            normalize: letters.iter().all(|&c| chars::normalize(c) == c),
            letters,
        }
    }

    /// A match must not run across columns: over a whole row almost any letters are found in order.
    fn is_in_a_column_of(&self, row: &Utf32String) -> bool {
        match row.slice(..) {
            Utf32Str::Ascii(bytes) => {
                bytes
                    .split(|&byte| char::from(byte) == SEPARATOR)
                    .any(|column| {
                        let lower = |byte: &u8| {
                            if self.ignore_case {
                                byte.to_ascii_lowercase()
                            } else {
                                *byte
                            }
                        };
                        self.is_in(column.iter().map(|byte| char::from(lower(byte))))
                    })
            }
            Utf32Str::Unicode(letters) => letters
                .split(|&c| c == SEPARATOR)
                .any(|column| self.is_in(column.iter().map(|&c| self.fold(c)))),
        }
    }

    fn is_in(&self, mut column: impl Iterator<Item = char>) -> bool {
        self.letters
            .iter()
            .all(|&letter| column.any(|c| c == letter))
    }

    fn fold(&self, c: char) -> char {
        let c = if self.normalize {
            chars::normalize(c)
        } else {
            c
        };
        if self.ignore_case {
            chars::to_lower_case(c)
        } else {
            c
        }
    }
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
    fn words_match_in_any_column_and_rows_keep_their_order() {
        assert_eq!(shown(&filter("")), [0, 1, 2, 3]);
        assert_eq!(shown(&filter("mach")), [0, 2]);
        assert_eq!(shown(&filter("mau")), [0]);
        assert_eq!(shown(&filter("9q bill")), [1]);
        assert_eq!(shown(&filter("grosse")), Vec::<usize>::new());
        assert_eq!(shown(&filter("größ 客")), [3]);
        assert_eq!(shown(&filter("auth4")), Vec::<usize>::new());
    }

    #[test]
    fn a_capital_letter_matches_case() {
        assert_eq!(shown(&filter("Mach")), [2]);
    }

    #[test]
    fn a_cursor_can_follow_its_row() {
        let filter = filter("mach");
        assert_eq!(
            (filter.row(1), filter.index_of(2), filter.index_of(1)),
            (Some(2), Some(1), None)
        );
        assert_eq!((filter.len(), filter.total()), (2, 4));
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
