//! Draws all widgets at all sizes with hostile texts: nothing panics, and no control sequence gets out.

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::buffer;
use crate::input::Action;
use crate::ui::chrome::{Badge, countdown, hints, notice, notice_lines, top_line};
use crate::ui::filter::Filter;
use crate::ui::form::{Field, Form, Item};
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, Tab, popup, split};
use crate::ui::properties::{Problem, Property, facts, gauge};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::table::{Column, Row, Table, TableState};
use crate::ui::theme::{Status, Theme};

const NASTY: [&str; 6] = [
    "",
    "\x1b]0;owned\x07\x1b[2J\r\n\x7f\u{9b}31m",
    "\u{202E}gnp.exe\u{2066}\u{200B}\u{FEFF}\u{200D}\u{E0041}",
    "顧客プール👩‍💻👨‍👩‍👧‍👦🇩🇪❤️e\u{301}\u{301}\u{301}ﾞ",
    "a-name-of-one-hundred-and-twenty-eight-characters-a-name-of-one-hundred-and-twenty-eight-characters-a-name-of-one-hundred-and-tw",
    "many words with spaces   and\ttabs",
];

fn sizes() -> Vec<(u16, u16)> {
    let mut sizes: Vec<(u16, u16)> = (0..26)
        .flat_map(|width| (0..7).map(move |height| (width, height)))
        .collect();
    sizes.extend([(20, 5), (80, 24), (120, 40), (300, 100), (40, 3), (1, 100)]);
    sizes
}

fn everywhere(draw: impl Fn(&mut Canvas, Rect, &Theme, &str)) {
    for (width, height) in sizes() {
        for nasty in NASTY {
            for theme in [Theme::colour(), Theme::monochrome()] {
                let shown = buffer(width, height, |frame| {
                    draw(frame, frame.area(), &theme, nasty);
                    // A widget must survive an area beyond the edge of the screen, as after a resize.
                    let beyond = Rect::new(
                        width / 2,
                        height / 2,
                        width.saturating_add(9),
                        height.saturating_add(9),
                    );
                    draw(frame, beyond, &theme, nasty);
                    draw(frame, Rect::new(width, height, 3, 3), &theme, nasty);
                });
                for cell in shown.content() {
                    let hidden = |c: char| {
                        c.is_control() || matches!(u32::from(c), 0x202A..=0x202E | 0x2066..=0x2069)
                    };
                    assert!(
                        !cell.symbol().chars().any(hidden),
                        "{width}x{height}: {:?}",
                        cell.symbol()
                    );
                }
            }
        }
    }
}

#[test]
fn tables() {
    const COLUMNS: [Column; 3] = [
        Column::flexible("NAME", 8, 40),
        Column::fixed("ID", 9).middle().rank(1),
        Column::fixed("AGE", 4).right(),
    ];
    everywhere(|frame, area, theme, nasty| {
        for len in [0, 1, 300] {
            let mut state = TableState::default();
            state.select(250);
            let table = Table::new(&COLUMNS).empty(nasty);
            table.draw(frame, area, theme, &mut state, len, |_| {
                Row::new([nasty, nasty, nasty])
            });
            state.act(Action::PageUp, len);
        }
    });
}

#[test]
fn chrome() {
    everywhere(|frame, area, theme, nasty| {
        let badges = [
            Badge::new(nasty, 2),
            Badge::new("eu-west-1", 1),
            Badge::loud(nasty),
        ];
        top_line(
            frame,
            area,
            theme,
            "cognitui",
            &[nasty, nasty, "clients", nasty],
            &badges,
        );
        hints(
            frame,
            area,
            theme,
            &[
                (nasty, nasty),
                ("enter", "open"),
                (nasty, nasty),
                ("?", "help"),
            ],
            1,
        );
        let lines = notice_lines(area.width, area.height, Status::Bad, nasty);
        notice(frame, area, theme, Status::Bad, &lines);
        countdown(frame, area, theme, nasty);
    });
}

#[test]
fn panes() {
    everywhere(|frame, area, theme, nasty| {
        for active in 0..4 {
            let tabs = vec![
                Tab::new(nasty),
                Tab::counted(nasty, Some(usize::MAX)),
                Tab::new("Domains"),
            ];
            let inner = Pane::tabbed(tabs, active)
                .right(nasty)
                .draw(frame, area, theme);
            let (left, right) = split(frame, inner, theme, 30);
            Pane::titled(nasty).danger().draw(frame, left, theme);
            Pane::titled(nasty).focused(true).draw(frame, right, theme);
        }
        let place = popup(frame, area, area.width, 9);
        Pane::titled(nasty).draw(frame, place, theme);
    });
}

#[test]
fn text_panes() {
    everywhere(|frame, area, theme, nasty| {
        let all = [
            Property::head(nasty),
            Property::new(nasty, nasty).note(nasty).tone(Status::Warn),
            Property::new("id", nasty).middle().note(nasty),
            Property::new("mixed", Line::from(vec![nasty.into(), "x".into()])),
        ];
        let mut lines = facts(&all, area.width, 10, theme);
        let problem = Problem {
            what: nasty,
            subject: nasty,
            remedy: nasty,
        };
        lines.extend(problem.lines(area.width, theme));
        lines.push(Line::from(gauge(area.width, 0.37, theme.good)));
        let mut scroll = Scroll::default();
        draw_lines(frame, area, theme, &lines, &mut scroll);
        scroll.act(Action::Last);
        draw_lines(frame, area, theme, &lines, &mut scroll);
    });
}

#[test]
fn forms_and_filters() {
    everywhere(|frame, area, theme, nasty| {
        let items = || {
            vec![
                Item::new("1", nasty).note(nasty, Status::Bad),
                Item::new("2", "plain"),
            ]
        };
        let mut form = Form::new(vec![
            Field::note("note", nasty),
            Field::text("text", nasty, nasty).hint(nasty),
            Field::checks("checks", nasty, items()),
            Field::radio("radio", nasty, items()),
            Field::choice("choice", nasty, items()),
            Field::secret("secret", "Secret"),
        ]);
        form.set_error("radio", nasty);
        for _ in 0..5 {
            form.edit(&Event::Paste(nasty.to_owned()));
            form.draw(frame, area, theme);
            form.act(Action::NextField);
        }
        let mut filter = Filter::default();
        filter.open();
        filter.edit(&Event::Paste(nasty.to_owned()));
        filter.set_rows([[nasty]]);
        filter.draw(frame, area, theme, nasty);
    });
}
