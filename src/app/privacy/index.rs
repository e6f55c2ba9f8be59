//! The index of private values. It searches a screen quickly, however many values there are.

use std::collections::HashMap;
use std::iter;
use std::ops::Range;

use super::TELLING;

/// A place is listed by the `TELLING` bytes that start there; all places share this many lists (a power of two).
const LISTS: usize = 1 << LISTS_BITS;
const LISTS_BITS: u32 = 16;
/// Surrounds every value. No text contains this byte.
const GAP: u8 = 0xFF;

/// Ids, addresses and ARNs, for one state of the Store.
pub struct PrivateIndex {
    /// Each value, with the last round that reported it.
    words: HashMap<Box<str>, u64>,
    round: u64,
    /// All values, one after the other.
    text: Vec<u8>,
    /// For each list, its last place in the text (none is at 0) and its length.
    lists: Vec<(u32, u32)>,
    /// For each place in the text, the one before it in its list.
    before: Vec<u32>,
    /// The lengths of the values that start with these bytes.
    lengths: HashMap<[u8; TELLING], Vec<usize>>,
    /// The places of the values with this first and last byte.
    ends: HashMap<(u8, u8), Vec<Range<usize>>>,
}

impl Default for PrivateIndex {
    fn default() -> Self {
        Self {
            words: HashMap::new(),
            round: 0,
            text: vec![GAP],
            lists: vec![(0, 0); LISTS],
            before: vec![0],
            lengths: HashMap::new(),
            ends: HashMap::new(),
        }
    }
}

impl PrivateIndex {
    /// Replaces the values with those that `each` reports. A known value costs one lookup.
    pub fn renew(&mut self, each: impl Fn(&mut dyn FnMut(&str))) {
        self.round += 1;
        each(&mut |word| self.add(word));
        if self.words.values().any(|round| *round != self.round) {
            // A value is gone, which is rare; the index cannot remove one.
            *self = Self::default();
            each(&mut |word| self.add(word));
        }
    }

    fn add(&mut self, word: &str) {
        #[cfg(test)]
        tests::LOOKS.set(tests::LOOKS.get() + 1);
        if let Some(round) = self.words.get_mut(word) {
            *round = self.round;
            return;
        }
        let bytes = word.as_bytes();
        let (Some(start), Some(end)) = (bytes.first_chunk(), bytes.last()) else {
            return;
        };
        if word.chars().count() < TELLING {
            return;
        }
        let lengths = self.lengths.entry(*start).or_default();
        if !lengths.contains(&bytes.len()) {
            lengths.push(bytes.len());
        }
        let at = self.text.len();
        let ends = self.ends.entry((start[0], *end)).or_default();
        ends.push(at..at + bytes.len());
        self.text.extend_from_slice(bytes);
        self.text.push(GAP);
        self.before.resize(self.text.len(), 0);
        for (place, piece) in (at..).zip(bytes.windows(TELLING)) {
            let list = self.lists.get_mut(list_of(piece));
            let before = self.before.get_mut(place);
            if let (Some((latest, len)), Some(before), Ok(place)) =
                (list, before, u32::try_from(place))
            {
                *before = *latest;
                *latest = place;
                *len += 1;
            }
        }
        self.words.insert(word.into(), self.round);
    }

    /// Returns where complete values occur in a row, without overlaps of a value with itself.
    pub fn whole(&self, row: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for (at, start) in row.as_bytes().windows(TELLING).enumerate() {
            let lengths = start
                .first_chunk()
                .and_then(|start| self.lengths.get(start));
            for len in lengths.into_iter().flatten() {
                let range = at..at + len;
                let Some(word) = row.get(range.clone()) else {
                    continue;
                };
                let again =
                    |other: &Range<usize>| at < other.end && row.get(other.clone()) == Some(word);
                if self.words.contains_key(word) && !found.iter().any(again) {
                    found.push(range);
                }
            }
        }
        found
    }

    /// Returns whether a value contains this piece, of at least `TELLING` bytes.
    pub fn has_piece(&self, piece: &str) -> bool {
        // Most words are complete.
        self.words.contains_key(piece) || self.places(piece.as_bytes()).next().is_some()
    }

    /// Returns whether a value starts and ends with these. One may be empty; together they have at least `TELLING` bytes.
    pub fn has_ends(&self, head: &str, tail: &str) -> bool {
        let (head, tail) = (head.as_bytes(), tail.as_bytes());
        let is_gap = |at: usize| self.text.get(at) == Some(&GAP);
        match (head.first(), tail.last()) {
            (Some(first), Some(last)) => {
                let ranges = self.ends.get(&(*first, *last)).into_iter().flatten();
                let mut words = ranges.filter_map(|range| self.text.get(range.clone()));
                words.any(|word| word.ends_with(tail) && word.starts_with(head))
            }
            (_, None) => self.places(head).any(|at| is_gap(at - 1)),
            (None, _) => self.places(tail).any(|at| is_gap(at + tail.len())),
        }
    }

    /// Returns the places of a piece in the text, found by its rarest part.
    fn places<'a>(&'a self, piece: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let lists = piece
            .windows(TELLING)
            .map(|part| self.lists.get(list_of(part)));
        let rarest = lists.flatten().enumerate().min_by_key(|(_, (_, len))| *len);
        let (inside, latest) = rarest.map_or((0, 0), |(inside, (latest, _))| (inside, *latest));
        let next = |place: usize| {
            let place = usize::try_from(*self.before.get(place)?).ok()?;
            (place > 0).then_some(place)
        };
        let first = usize::try_from(latest).ok().filter(|place| *place > 0);
        iter::successors(first, move |place| next(*place))
            .filter_map(move |place| place.checked_sub(inside))
            .filter(move |at| {
                #[cfg(test)]
                tests::LOOKS.set(tests::LOOKS.get() + 1);
                self.text
                    .get(*at..)
                    .is_some_and(|text| text.starts_with(piece))
            })
    }
}

/// Returns the number of the list for places with these bytes.
fn list_of(piece: &[u8]) -> usize {
    let piece = piece
        .first_chunk()
        .map_or(0, |piece| u32::from_le_bytes(*piece));
    let list = piece.wrapping_mul(0x9E37_79B1) >> (u32::BITS - LISTS_BITS);
    usize::try_from(list).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    thread_local! {
        /// How many values and places in the text were examined.
        pub static LOOKS: Cell<usize> = const { Cell::new(0) };
    }

    pub fn known(words: &[String]) -> PrivateIndex {
        let mut known = PrivateIndex::default();
        known.renew(|visit| words.iter().for_each(|word| visit(word)));
        known
    }

    fn sorted(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
        ranges.sort_unstable_by_key(|range| (range.start, range.end));
        ranges.dedup();
        ranges
    }

    // Each is compared with its plain definition.
    proptest! {
        #[test]
        fn every_word_in_a_row_is_found(words in vec("[abé-]{0,7}", 0..9), row in "[abé -]{0,40}") {
            let long = words.iter().filter(|word| word.chars().count() >= TELLING);
            let found = long.flat_map(|word| row.match_indices(word.as_str()));
            let found = found.map(|(at, word)| at..at + word.len());
            prop_assert_eq!(sorted(known(&words).whole(&row)), sorted(found.collect()));
        }

        #[test]
        fn a_piece_is_found_in_any_word(words in vec("[abé]{4,12}", 0..9), piece in "[abé]{4,6}") {
            let found = words.iter().any(|word| word.contains(&piece));
            prop_assert_eq!(known(&words).has_piece(&piece), found);
        }

        #[test]
        fn a_word_is_found_by_its_ends(
            words in vec("[abé]{4,9}", 0..9), head in "[abé]{0,5}", tail in "[abé]{0,5}",
        ) {
            prop_assume!(head.len() + tail.len() >= TELLING);
            let found = words.iter().any(|word| word.starts_with(&head) && word.ends_with(&tail));
            prop_assert_eq!(known(&words).has_ends(&head, &tail), found);
        }

        #[test]
        fn what_is_gone_is_forgotten(before in vec("[ab]{4,6}", 0..9), after in vec("[ab]{4,6}", 0..9)) {
            let mut renewed = known(&before);
            renewed.renew(|visit| after.iter().for_each(|word| visit(word)));
            for word in before.iter().chain(&after) {
                let is_known = after.iter().any(|other| other.contains(word));
                prop_assert_eq!(renewed.has_piece(word), is_known, "{}", word);
                prop_assert_eq!(renewed.whole(word).is_empty(), !after.iter().any(|other| word.contains(other)));
            }
        }
    }
}
