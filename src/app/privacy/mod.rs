//! Privacy mode: ids, the account, ARNs and endpoints are covered on the screen and in saved screens.
//!
//! The drawn text is searched for them, so that no screen can forget one.

mod index;

use std::ops::Range;
use std::sync::LazyLock;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use regex::Regex;

use super::App;
use super::message::{Effect, Notice, Screenshot};
pub(super) use crate::app::privacy::index::PrivateIndex;
use crate::input::Action;
use crate::ui::frame::Canvas;
use crate::ui::screenshot;

/// The least part of an id or address that reveals it, in characters: cut or wrapped parts are covered from this length on.
const TELLING: usize = 4;

/// Text that looks private, known or not: ARNs, URLs, host names of AWS, ids of pools, accounts.
static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x) arn:[^\x20│"']* | https?://[^\x20│"']*
        | [0-9A-Za-z_.…-]*\.(?:amazoncognito|amazonaws|cloudfront)\.[^\x20│"']*
        | [a-z]{2}(?:-[a-z]+)+-[0-9]_[0-9A-Za-z…]+ | (?-u:\b)[0-9]{12}(?-u:\b) | 127\.0\.0\.1:[0-9]+ "#,
    )
    .ok()
});

impl App {
    /// Draws everything on the buffer, and covers private values in privacy mode. Returns the position of the cursor, if it is
    /// shown.
    pub fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        let mut frame = Canvas::new(buffer);
        self.draw_screens(&mut frame);
        if self.private {
            self.cover(frame.buffer_mut());
        }
        frame.cursor()
    }

    /// Returns a screen of this size for saving. Secrets on it were hidden when the save was requested.
    pub fn picture(&mut self, area: Rect) -> Screenshot {
        let mut buffer = Buffer::empty(area);
        self.draw_screens(&mut Canvas::new(&mut buffer));
        self.cover(&mut buffer);
        Screenshot {
            text: screenshot::text(&buffer),
            svg: screenshot::svg(&buffer),
        }
    }

    /// Toggles privacy mode.
    pub(super) fn turn_privacy(&mut self) -> Effect {
        self.private = !self.private;
        self.known = None;
        let text = if self.private {
            let key = self.keys.label(Action::Privacy);
            format!("Privacy on: ids, account, ARNs and endpoints hidden · {key} to show")
        } else {
            "Privacy off".to_owned()
        };
        Effect::Notice(Notice::info(text))
    }

    fn cover(&mut self, buffer: &mut Buffer) {
        let mut known = self.known.take().unwrap_or_default();
        let of = (self.store.version(), self.session.endpoint.clone());
        if known.0 != of {
            known.1.renew(|visit| self.each_private(visit));
            known.0 = of;
        }
        // The Region is part of the ids and is not secret.
        let region = self.session.region.as_deref().unwrap_or("eu-west-1");
        screenshot::cover(buffer, |row| private_in(row, &known.1, region));
        // The index is as large as the values: it is kept for the next frame only.
        self.known = self.private.then_some(known);
    }

    /// Visits the known ids, addresses and ARNs, which may not look like any.
    fn each_private(&self, visit: &mut dyn FnMut(&str)) {
        if let Some(who) = self.store.identity().value() {
            visit(&who.account);
            visit(&who.arn);
        }
        self.session.endpoint.iter().for_each(|url| visit(url));
        self.store.each_private(visit);
    }
}

/// Returns the private pieces of a row.
fn private_in(row: &str, known: &PrivateIndex, region: &str) -> Vec<Range<usize>> {
    let mut found = known.whole(row);
    found.extend(shapes_in(row));
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

/// Returns the pieces of a row that look private. The regular expression is slow, and no match contains a blank: it runs only on
/// words with one of the parts that every match has.
fn shapes_in(row: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in row.split_inclusive([' ', '│', '"', '\'']) {
        if let Some(shapes) = SHAPES.as_ref().filter(|_| has_sign(word)) {
            let ranges = shapes.find_iter(word).map(|shape| shape.range());
            found.extend(ranges.map(|range| at + range.start..at + range.end));
        }
        at += word.len();
    }
    found
}

/// Returns whether a word has one of the parts that every match of [`SHAPES`] has.
fn has_sign(word: &str) -> bool {
    const SIGNS: [&str; 6] = [
        "arn:",
        "://",
        ".amazoncognito.",
        ".amazonaws.",
        ".cloudfront.",
        "127.0.0.1:",
    ];
    let mut threes = word.as_bytes().windows(3);
    let mut numbers = word.split(|c: char| !c.is_ascii_digit());
    // Searching for all six takes six times as long, and most words have not even one of their characters.
    let may = word.bytes().any(|byte| matches!(byte, b':' | b'.'));
    (may && SIGNS.iter().any(|sign| word.contains(sign)))
        || threes.any(|three| matches!(three, [b'-', b'0'..=b'9', b'_']))
        || numbers.any(|number| number.len() == 12)
}

/// Returns whether a word is what a cut left of a known value (`4k2…9qv`), or a piece of one from a wrapped line.
fn is_part(word: &str, known: &PrivateIndex) -> bool {
    if let Some((head, tail)) = word.split_once('…') {
        let inside = |c: char| c.is_alphanumeric() || "-_./:".contains(c);
        let outside = |c: char| !inside(c);
        let head = head.rsplit(outside).next().unwrap_or_default();
        let tail = tail.split(outside).next().unwrap_or_default();
        let telling = head.len() + tail.len() >= TELLING;
        return telling && known.has_ends(head, tail);
    }
    let looks = word.contains(|c: char| c.is_ascii_digit() || "/:_".contains(c));
    word.len() >= TELLING && looks && known.has_piece(word)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::app::message::{Message, Query, QueryResult, TaskEvent};
    use crate::app::privacy::index::tests::{LOOKS, known};
    use crate::app::screen::rows::{ActionRows, Actions};
    use crate::app::screen::{Screen, View};
    use crate::app::testing::console;
    use crate::domain::client::ClientSummary;
    use crate::domain::ids::{ClientId, PoolId};
    use crate::domain::time::Timestamp;

    /// A screen that shows the ids of a pool's clients, as many as fit.
    struct Ids(PoolId);

    impl Actions for Ids {
        fn rows(&mut self, _view: &View) -> ActionRows<Self> {
            ActionRows::default()
        }
    }

    impl Screen for Ids {
        fn title(&self, _view: &View) -> String {
            "ids".to_owned()
        }

        fn queries(&self) -> Vec<Query> {
            vec![Query::Clients(self.0.clone())]
        }

        fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
            let clients = view.store.clients(&self.0).value().unwrap();
            for (y, client) in (area.y..area.bottom()).zip(&clients.items) {
                let style = view.theme.text;
                let buffer = frame.buffer_mut();
                buffer.set_string(area.x, y, client.id.as_str(), style);
            }
        }
    }

    /// Answers the queries with the clients of these numbers.
    fn answer(app: &mut App, effects: Vec<Effect>, clients: Range<usize>) {
        let data = clients.map(|at| ClientSummary {
            id: ClientId::new(format!("{:026x}", at.wrapping_mul(0x9E37_79B9_7F4A))),
            name: format!("partner-{at}"),
        });
        for effect in effects {
            let Effect::Fetch(query, run) = effect else {
                continue;
            };
            let fact = TaskEvent::Loaded {
                query,
                run,
                data: QueryResult::Clients(data.clone().collect()),
                last: true,
            };
            app.update(Message::Event(Box::new(fact)), Timestamp::from_seconds(1));
        }
    }

    #[test]
    fn a_frame_looks_at_what_it_shows_and_not_at_all_that_is_known() {
        let mut app = console(|_, _| Box::new(Ids(PoolId::new("eu-west-1_A"))));
        let effects = app.start();
        answer(&mut app, effects, 0..2_000);
        let mut buffer = Buffer::empty(Rect::new(0, 0, 80, 42));
        let mut frame = |app: &mut App| {
            let before = LOOKS.get();
            buffer.reset();
            app.draw(&mut buffer);
            let covered = screenshot::text(&buffer).matches(&"•".repeat(26)).count();
            (covered, LOOKS.get() - before)
        };
        assert_eq!(frame(&mut app), (0, 0));
        app.turn_privacy();
        let (covered, looks) = frame(&mut app);
        assert_eq!(covered, 40);
        assert!(looks >= 2_000, "{looks}");
        for _ in 0..3 {
            let (covered, looks) = frame(&mut app);
            assert_eq!(covered, 40);
            assert!(looks < 200, "{looks}");
        }
        // Values that arrive later are covered, too.
        let mut effects = Vec::new();
        app.refresh(&mut effects);
        answer(&mut app, effects, 2_000..2_040);
        assert_eq!(frame(&mut app).0, 40);
    }

    fn covered(row: &str) -> String {
        let words = ["4k2abcdefghijklmnopqrst9qv", "team06dbb7fc"].map(str::to_owned);
        let known = known(&words);
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

    /// The parts of the shapes, and what separates them.
    const PARTS: [&str; 30] = [
        "arn:",
        "aws:iam::",
        "http",
        "https",
        "://",
        "x.example",
        "/a-b",
        ".",
        "amazoncognito",
        "amazonaws",
        "cloudfront",
        ".amazonaws.",
        "com",
        "eu",
        "-west",
        "-1",
        "_",
        "Ab3",
        "…",
        "123456",
        "789012",
        "127.0.0.1",
        ":",
        "80",
        " ",
        " ",
        "│",
        "'",
        "\"",
        "é",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn shapes_are_found_in_words_as_in_the_row(parts in vec(select(&PARTS[..]), 0..14)) {
            let row = parts.concat();
            let whole = SHAPES.as_ref().unwrap().find_iter(&row);
            prop_assert_eq!(shapes_in(&row), whole.map(|shape| shape.range()).collect::<Vec<_>>(), "{}", row);
        }
    }
}
