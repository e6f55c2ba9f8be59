//! One word of a filter's query: whether a text contains its letters in this order, where, and how well they match.

use nucleo_matcher::{Utf32Str, Utf32String, chars};

use super::{IN_ONE_PIECE, SEPARATOR};

/// The scores of a contiguous match and of a scattered one: the first always wins.
const WHOLE: u32 = 1_000;
const SCATTERED: u32 = 400;
/// Added to the score if the word is the whole text, its start, or the start of a word in it.
const ALL: u32 = 300;
const BEGINS_TEXT: u32 = 200;
const BEGINS_WORD: u32 = 100;
/// Added for a match in the first column, which has the row's name. Less than a contiguous match is worth.
const FIRST_COLUMN: u32 = 150;
/// More gaps than this between letters no longer change the score.
const MOST_GAPS: usize = 300;

/// Letters to find in this order, with anything between them.
///
/// The library's own matchers weigh all ways to place the letters, which takes ten times as long. This one places the letters
/// contiguously if possible, else backwards from the first end: enough to put the likely row on top.
pub(super) struct Term {
    letters: Vec<char>,
    ignore_case: bool,
    /// Whether plain letters also match accented ones.
    normalize: bool,
}

/// The positions of a word's letters in a text, in graphemes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    /// Larger is better.
    pub(super) score: u32,
    start: usize,
    end: usize,
}

impl Match {
    /// Returns whether the letters are contiguous.
    pub(super) const fn is_whole(&self) -> bool {
        self.score >= WHOLE
    }
}

impl Term {
    pub(super) fn new(word: &str) -> Self {
        let letters: Vec<char> = chars::graphemes(word).collect();
        Self {
            ignore_case: !letters.iter().copied().any(chars::is_upper_case),
            normalize: letters.iter().all(|&c| chars::normalize(c) == c),
            letters,
        }
    }

    /// Returns the best match among the columns of a row. A match must not span columns: almost any letters occur in order in a
    /// whole row.
    pub(super) fn best_in(&self, row: &Utf32String) -> Option<Match> {
        let best = |found: Option<Match>, at: usize, here: Option<Match>| {
            let here = here.map(|here| Match {
                score: here.score + if at == 0 { FIRST_COLUMN } else { 0 },
                ..here
            });
            // Of equal matches the first wins.
            match (found, here) {
                (Some(found), Some(here)) if here.score > found.score => Some(here),
                (None, here) => here,
                (found, _) => found,
            }
        };
        match row.slice(..) {
            Utf32Str::Ascii(bytes) => bytes
                .split(|&byte| char::from(byte) == SEPARATOR)
                .enumerate()
                .fold(None, |found, (at, column)| {
                    let here = match column.split_first() {
                        Some((&mark, id)) if char::from(mark) == IN_ONE_PIECE => {
                            self.find_ascii(id).filter(Match::is_whole)
                        }
                        _ => self.find_ascii(column),
                    };
                    best(found, at, here)
                }),
            Utf32Str::Unicode(letters) => {
                letters
                    .split(|&c| c == SEPARATOR)
                    .enumerate()
                    .fold(None, |found, (at, column)| {
                        let here = match column.split_first() {
                            Some((&IN_ONE_PIECE, id)) => {
                                self.find_unicode(id).filter(Match::is_whole)
                            }
                            _ => self.find_unicode(column),
                        };
                        best(found, at, here)
                    })
            }
        }
    }

    /// Returns the best match in one text.
    pub(super) fn matches_in(&self, text: &Utf32String) -> Option<Match> {
        match text.slice(..) {
            Utf32Str::Ascii(bytes) => self.find_ascii(bytes),
            Utf32Str::Unicode(letters) => self.find_unicode(letters),
        }
    }

    /// Returns the graphemes of `text` that `found` matched.
    pub(super) fn places(&self, text: &Utf32String, found: &Match) -> Vec<usize> {
        let mut letters = self.letters.iter().rev().peekable();
        let text: Vec<char> = text.slice(..).chars().collect();
        let within = text.iter().enumerate().take(found.end).skip(found.start);
        let mut places: Vec<usize> = within
            .rev()
            .filter(|&(_, &c)| letters.next_if(|&&letter| letter == self.fold(c)).is_some())
            .map(|(at, _)| at)
            .collect();
        places.reverse();
        places
    }

    fn find_ascii(&self, column: &[u8]) -> Option<Match> {
        if self.ignore_case {
            self.find_in(column, |byte| char::from(byte.to_ascii_lowercase()))
        } else {
            self.find_in(column, char::from)
        }
    }

    fn find_unicode(&self, column: &[char]) -> Option<Match> {
        self.find_in(column, |c| self.fold(c))
    }

    fn find_in<T: Copy>(&self, text: &[T], fold: impl Fn(T) -> char) -> Option<Match> {
        let (first, rest) = self.letters.split_first()?;
        let mut folded = text.iter().map(|&c| fold(c));
        let start = folded.position(|c| c == *first)?;
        let mut end = start + 1;
        for letter in rest {
            end += folded.position(|c| c == *letter)? + 1;
        }
        Some(
            self.whole(text, start, &fold)
                .unwrap_or_else(|| self.scattered(text, end, &fold)),
        )
    }

    /// Returns the best contiguous match from `start` on.
    fn whole<T: Copy>(&self, text: &[T], start: usize, fold: impl Fn(T) -> char) -> Option<Match> {
        let length = self.letters.len();
        let mut best: Option<Match> = None;
        for (at, window) in text.windows(length).enumerate().skip(start) {
            let here = window.iter().map(|&c| fold(c));
            if !here.eq(self.letters.iter().copied()) {
                continue;
            }
            let place = match at.checked_sub(1).and_then(|before| text.get(before)) {
                None if length == text.len() => ALL,
                None => BEGINS_TEXT,
                Some(&before) if !fold(before).is_alphanumeric() => BEGINS_WORD,
                Some(_) => 0,
            };
            let score = WHOLE + place;
            if best.as_ref().is_none_or(|best| score > best.score) {
                let end = at + length;
                best = Some(Match {
                    score,
                    start: at,
                    end,
                });
            }
            if place > 0 {
                break;
            }
        }
        best
    }

    /// Returns a match with gaps, the last letter before `end`, the letters as close together as possible from there.
    fn scattered<T: Copy>(&self, text: &[T], end: usize, fold: impl Fn(T) -> char) -> Match {
        let mut letters = self.letters.iter().rev().peekable();
        let mut start = end;
        for (at, &c) in text.iter().enumerate().take(end).rev() {
            if letters.peek().is_none() {
                break;
            }
            letters.next_if(|&&letter| letter == fold(c));
            start = at;
        }
        let gaps = (end - start)
            .saturating_sub(self.letters.len())
            .min(MOST_GAPS);
        let begins = start
            .checked_sub(1)
            .and_then(|before| text.get(before))
            .is_none_or(|&before| !fold(before).is_alphanumeric());
        let place = if begins { BEGINS_WORD } else { 0 };
        Match {
            score: SCATTERED + place - u32::try_from(gaps).unwrap_or(0),
            start,
            end,
        }
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
    use super::*;

    fn places(word: &str, text: &str) -> Vec<usize> {
        let (word, text) = (Term::new(word), Utf32String::from(text));
        let found = word.matches_in(&text).expect("a match");
        word.places(&text, &found)
    }

    #[test]
    fn letters_are_placed_in_one_piece_where_that_is_possible() {
        assert_eq!(places("ab", "a_xb_ab"), [5, 6]);
        assert_eq!(places("ab", "xab-ab"), [4, 5]);
        assert_eq!(places("mau", "machine_auth"), [0, 8, 9]);
        assert_eq!(places("größ", "die Größe"), [4, 5, 6, 7]);
        assert_eq!(places("客", "👩‍💻 顧客"), [3]);
    }

    #[test]
    fn the_closer_to_what_was_typed_the_better() {
        let score = |text: &str| {
            Term::new("order")
                .matches_in(&text.into())
                .map(|found| found.score)
        };
        let ranked = [
            "order",
            "orders-worker",
            "my-order",
            "reorder",
            "ord-er",
            "o-r-d-e-r",
        ];
        for pair in ranked.windows(2) {
            assert!(score(pair[0]) > score(pair[1]), "{pair:?}");
        }
        assert_eq!(score("oder"), None);
    }
}
