//! What is covered for onlookers and in saved screens: ids, the account, ARNs and endpoints, wherever they stand.
//!
//! They are looked for in what was drawn, so that no screen has to think of it and none can forget.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use regex::Regex;

use super::App;
use super::message::{Effect, Notice, Picture};
use crate::input::Action;
use crate::ui::frame::Frame;
use crate::ui::picture;

/// A part of an id or address that gives it away: what is cut or wrapped is covered from so many characters on.
const TELLING: usize = 4;

/// What is private by its looks, known or not: ARNs, URLs, host names of AWS, ids of pools, accounts.
static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x) arn:[^\x20│"']* | https?://[^\x20│"']*
        | [0-9A-Za-z_.…-]*\.(?:amazoncognito|amazonaws|cloudfront)\.[^\x20│"']*
        | [a-z]{2}(?:-[a-z]+)+-[0-9]_[0-9A-Za-z…]+ | (?-u:\b)[0-9]{12}(?-u:\b) | 127\.0\.0\.1:[0-9]+ "#,
    )
    .ok()
});

impl App {
    /// Draws everything on all of the buffer, and covers what is private where that was asked for. Says where the cursor is to
    /// stand, if anywhere.
    pub fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        let mut frame = Frame::new(buffer);
        self.draw_openly(&mut frame);
        if self.private {
            self.cover(frame.buffer_mut());
        }
        frame.cursor()
    }

    /// A screen of this size as it may be kept. Secrets on it were covered when it was asked for.
    pub fn picture(&mut self, area: Rect) -> Picture {
        let mut buffer = Buffer::empty(area);
        self.draw_openly(&mut Frame::new(&mut buffer));
        self.cover(&mut buffer);
        Picture {
            text: picture::text(&buffer),
            svg: picture::svg(&buffer),
        }
    }

    /// Covers what is private, or shows it again.
    pub(super) fn turn_privacy(&mut self) -> Effect {
        self.private = !self.private;
        let text = if self.private {
            let key = self.keys.label(Action::Privacy);
            format!("Ids, account, ARNs and endpoints are covered · {key} shows them")
        } else {
            "Ids, account, ARNs and endpoints are shown".to_owned()
        };
        Effect::Notice(Notice::info(text))
    }

    fn cover(&self, buffer: &mut Buffer) {
        let known = self.private_words();
        // The Region stands in the ids and is no secret.
        let region = self.session.region.as_deref().unwrap_or("eu-west-1");
        picture::cover(buffer, |row| private_in(row, &known, region));
    }

    /// The ids, addresses and ARNs that are known, which need not look like any.
    fn private_words(&self) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        let mut add = |word: Option<&str>| words.extend(word.map(str::to_owned));
        if let Some(who) = self.store.identity().value() {
            add(Some(&who.account));
            add(Some(&who.arn));
        }
        add(self.session.endpoint.as_deref());
        self.store.each_private(&mut |word| add(Some(word)));
        words.retain(|word| word.chars().count() >= TELLING);
        words
    }
}

/// The pieces of a row that are private.
fn private_in(row: &str, known: &BTreeSet<String>, region: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    if let Some(shapes) = SHAPES.as_ref() {
        found.extend(shapes.find_iter(row).map(|shape| shape.range()));
    }
    for word in known {
        found.extend(
            row.match_indices(word.as_str())
                .map(|(at, word)| at..at + word.len()),
        );
    }
    let mut at = 0;
    for word in row.split_inclusive(|c: char| c.is_whitespace() || "│┃█()".contains(c)) {
        let bare = word.trim_end_matches(|c: char| c.is_whitespace() || "│┃█()".contains(c));
        if bare != region && is_part(bare, known) {
            found.push(at..at + bare.len());
        }
        at += word.len();
    }
    found
}

/// Whether a word is what is left of something known that was cut (`4k2…9qv`), or a piece of it from a wrapped line.
fn is_part(word: &str, known: &BTreeSet<String>) -> bool {
    if let Some((head, tail)) = word.split_once('…') {
        let inside = |c: char| c.is_alphanumeric() || "-_./:".contains(c);
        let outside = |c: char| !inside(c);
        let head = head.rsplit(outside).next().unwrap_or_default();
        let tail = tail.split(outside).next().unwrap_or_default();
        let telling = head.len() + tail.len() >= TELLING;
        return telling
            && known
                .iter()
                .any(|known| known.starts_with(head) && known.ends_with(tail));
    }
    let looks = word.contains(|c: char| c.is_ascii_digit() || "/:_".contains(c));
    word.len() >= TELLING && looks && known.iter().any(|known| known.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(row: &str) -> String {
        let known = ["4k2abcdefghijklmnopqrst9qv", "team06dbb7fc"];
        let known = known.into_iter().map(str::to_owned).collect();
        let mut text: Vec<char> = row.chars().collect();
        for range in private_in(row, &known, "eu-west-1") {
            let from = row.get(..range.start).unwrap().chars().count();
            let to = row.get(..range.end).unwrap().chars().count();
            text[from..to].fill('•');
        }
        text.into_iter().collect()
    }

    #[test]
    fn what_is_private_by_its_looks_is_covered_whole_or_cut() {
        for (row, expected) in [
            ("in eu-west-1_sT7eAm06d here", "in ••••••••••••••••••• here"),
            ("123456789012 · eu-west-1", "•••••••••••• · eu-west-1"),
            ("x arn:aws:iam::1:role/a y", "x ••••••••••••••••••••• y"),
            ("│https://x.example/oauth2│", "│••••••••••••••••••••••••│"),
            ("│ 4k2abc…9qv │", "│ •••••••••• │"),
            (
                "id 4k2abcdefghijklmnopqrst9qv",
                "id ••••••••••••••••••••••••••",
            ),
            ("mn06 opqrst9qv tail", "mn06 ••••••••• tail"),
            ("checkout 3600 s 2026-11-21", "checkout 3600 s 2026-11-21"),
        ] {
            assert_eq!(covered(row), expected);
        }
    }
}
