//! A small grid at all sizes.

use super::*;
use crate::ui::testing::{buffer, lines};

struct Sample {
    columns: Vec<(&'static str, &'static str)>,
    rows: Vec<&'static str>,
}

impl Cells for Sample {
    fn columns(&self) -> usize {
        self.columns.len()
    }
    fn rows(&self) -> usize {
        self.rows.len()
    }
    fn group(&self, column: usize) -> &str {
        self.columns[column].0
    }
    fn head(&self, column: usize) -> (&str, Style) {
        (self.columns[column].1, Style::new())
    }
    fn row(&self, row: usize) -> (Line<'_>, Line<'_>) {
        (Line::raw(self.rows[row]), Line::raw(row.to_string()))
    }
    fn cell(&self, row: usize, column: usize) -> (&'static str, Style) {
        (
            if (row + column).is_multiple_of(2) {
                "●"
            } else {
                "·"
            },
            Style::new(),
        )
    }
    fn total(&self, column: usize) -> (String, Style) {
        (
            if column == 1 {
                "0!".to_owned()
            } else {
                "12".to_owned()
            },
            Style::new(),
        )
    }
}

fn sample() -> Sample {
    Sample {
        columns: vec![
            ("orders", "read"),
            ("orders", "write"),
            ("api", "admin"),
            ("billing", "x"),
        ],
        rows: vec!["one", "two", "three", "four"],
    }
}

const GRID: Grid<'_> = Grid {
    words: ["CLIENT", "HOLDS", "HELD BY"],
    most: 12,
};

fn shown(width: u16, height: u16, state: &mut GridState) -> Vec<String> {
    lines(width, height, |frame| {
        GRID.draw(frame, frame.area(), &Theme::colour(), state, &sample());
    })
}

#[test]
fn names_stand_upright_above_their_column_and_totals_at_both_edges() {
    let mut state = GridState::default();
    assert_eq!(
        shown(52, 11, &mut state),
        [
            "                         orders  api     billing    ",
            "                             w    a                 ",
            "                          r  r    d                 ",
            "                          e  i    m                 ",
            "                          a  t    i                 ",
            "  CLIENT           HOLDS  d  e    n       x         ",
            "▌ one                  0 [●] ·    ●       ·         ",
            "  two                  1  ·  ●    ·       ●         ",
            "  three                2  ●  ·    ●       ·         ",
            "  four                 3  ·  ●    ·       ●         ",
            "  HELD BY                12  0!  12      12         ",
        ]
    );
}

#[test]
fn a_cursor_moves_both_ways_and_stops_at_the_ends() {
    let cells = sample();
    let mut state = GridState::default();
    let mut press = |action| {
        assert!(state.act(action, &cells), "{action:?}");
        state.place(4, 4)
    };
    let at = |row, column| Cell { row, column };
    assert_eq!(press(Action::Up), at(None, Some(0)));
    assert_eq!(press(Action::Up), at(None, Some(0)));
    assert_eq!(press(Action::Left), at(None, None));
    assert_eq!(press(Action::Left), at(None, None));
    assert_eq!(press(Action::First), at(Some(0), None));
    assert_eq!(press(Action::Last), at(Some(3), None));
    assert_eq!(press(Action::Down), at(Some(3), None));
    assert_eq!(press(Action::Right), at(Some(3), Some(0)));
    assert_eq!(press(Action::NextTab), at(Some(3), Some(2)));
    assert_eq!(press(Action::NextTab), at(Some(3), Some(3)));
    assert_eq!(press(Action::Right), at(Some(3), Some(3)));
    assert_eq!(press(Action::NextTab), at(Some(3), Some(0)));
    assert_eq!(press(Action::PrevTab), at(Some(3), Some(3)));
    assert_eq!(press(Action::PrevTab), at(Some(3), Some(2)));
    assert_eq!(press(Action::PrevTab), at(Some(3), Some(0)));
    assert!(!state.act(Action::Copy, &cells));
}

#[test]
fn the_cursor_is_in_sight_wherever_it_goes() {
    let cells = sample();
    for (width, height) in [(52, 11), (40, 9), (36, 6), (33, 4)] {
        let mut state = GridState::default();
        for action in [
            Action::Right,
            Action::Right,
            Action::Right,
            Action::Down,
            Action::Down,
            Action::Down,
        ] {
            state.act(action, &cells);
            let screen = shown(width, height, &mut state).join("\n");
            assert!(
                screen.contains('▌') && screen.contains('['),
                "{width}x{height}\n{screen}"
            );
        }
    }
}

#[test]
fn every_size_is_survived() {
    for (width, height) in (0..45).flat_map(|width| (0..14).map(move |height| (width, height))) {
        let mut state = GridState::default();
        state.select(Cell {
            row: Some(9),
            column: Some(9),
        });
        buffer(width, height, |frame| {
            GRID.draw(frame, frame.area(), &Theme::colour(), &mut state, &sample());
            let none = Sample {
                columns: vec![],
                rows: vec![],
            };
            GRID.draw(
                frame,
                frame.area(),
                &Theme::colour(),
                &mut GridState::default(),
                &none,
            );
        });
    }
}

#[test]
fn a_head_that_is_too_long_keeps_both_its_ends() {
    let cells = Sample {
        columns: vec![("orders", "invoices.read"), ("orders", "invoices.write")],
        rows: vec!["one"; 30],
    };
    let mut state = GridState::default();
    let shown = lines(52, 18, |frame| {
        GRID.draw(frame, frame.area(), &Theme::colour(), &mut state, &cells);
    });
    let column = |x: usize| -> String {
        let letters = shown[1..7].iter().map(|line| line.chars().nth(x).unwrap());
        letters.collect()
    };
    assert_eq!(
        (column(26), column(29)),
        ("inv…ad".to_owned(), "inv…te".to_owned())
    );
}
