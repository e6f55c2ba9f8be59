//! The two screens that the widgets were made for, drawn with them.

use ratatui::layout::{Constraint, Layout};
use ratatui::text::{Line, Span};

use super::text;
use crate::ui::chrome::{Badge, hints, top_line};
use crate::ui::filter::Filter;
use crate::ui::form::{Field, Form, Item};
use crate::ui::pane::{Pane, Tab, split};
use crate::ui::properties::{Property, facts, gauge};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::table::{Column, Row, Table, TableState};
use crate::ui::theme::{Status, Theme};

#[test]
fn a_list_with_its_preview() {
    const COLUMNS: [Column; 5] = [
        Column::fixed("NAME", 15),
        Column::fixed("GRANT", 19).rank(1),
        Column::fixed("SCOPES", 17),
        Column::fixed("TOKEN", 6).right(),
        Column::fixed("SECRET", 11),
    ];
    const CLIENTS: [[&str; 5]; 4] = [
        [
            "machine_auth",
            "client_credentials",
            "1 active",
            "1 h",
            "1 · 12 d",
        ],
        [
            "billing-export",
            "client_credentials",
            "2 active 1 gone",
            "5 min",
            "2 · 200 d !",
        ],
        ["web", "code", "openid email", "1 h", "none"],
        [
            "old-batch",
            "client_credentials",
            "OAuth off !",
            "1 h",
            "1 · 3 y !",
        ],
    ];
    let theme = Theme::colour();
    let shown = text(112, 10, |frame| {
        let [top, main, bottom] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(1),
        ])
        .areas(frame.area());
        let crumbs = ["pools", "team06dbb7fc_userpool", "app clients"];
        let badges = [
            Badge::new("team-prod", 1),
            Badge::new("123456789012", 2),
            Badge::new("eu-west-1", 0),
        ];
        top_line(frame, top, &theme, "cognitui", &crumbs, &badges);
        let tabs = vec![
            Tab::new("Overview"),
            Tab::counted("App clients", Some(4)),
            Tab::counted("Resource servers", Some(2)),
            Tab::counted("Domains", Some(1)),
        ];
        let inner = Pane::tabbed(tabs, 1).draw(frame, main, &theme);
        let [line, body] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
        let mut filter = Filter::default();
        filter.set_rows(CLIENTS);
        filter.draw(frame, line, &theme, "4 of 4 · 3 s ago");
        let (left, right) = split(frame, body, &theme, 30);
        let mut state = TableState::default();
        Table::new(&COLUMNS).draw(frame, left, &theme, &mut state, filter.len(), |index| {
            Row::new(CLIENTS[index])
        });
        let preview = [
            Property::head("machine_auth"),
            Property::new("Client id", "4k2abcd9qv").middle(),
            Property::new("Secret", "••••••••••••"),
            Property::new("Scopes", "api/admin").tone(Status::Good),
            Property::new("Token", "1 h"),
        ];
        let lines = facts(&preview, right.width, 10, &theme);
        draw_lines(frame, right, &theme, &lines, &mut Scroll::default());
        let keys = [
            ("enter", "open"),
            ("n", "new client"),
            ("t", "token"),
            ("y", "copy"),
            ("x", "reveal"),
            ("?", "help"),
        ];
        hints(frame, bottom, &theme, &keys, 1);
    });
    let expected = "\
\x20cognitui  pools › team06dbb7fc_userpool › app clients                     team-prod · 123456789012 · eu-west-1
┌ Overview ─ App clients 4 ─ Resource servers 2 ─ Domains 1 ───────────────────────────────────────────────────┐
│ / filter                                                                                    4 of 4 · 3 s ago │
│   NAME            GRANT               SCOPES             TOKEN SECRET       │ machine_auth                   │
│ ▌ machine_auth    client_credentials  1 active             1 h 1 · 12 d     │ Client id    4k2abcd9qv        │
│   billing-export  client_credentials  2 active 1 gone    5 min 2 · 200 d !  │ Secret       ••••••••••••      │
│   web             code                openid email         1 h none         │ Scopes     ✓ api/admin         │
│   old-batch       client_credentials  OAuth off !          1 h 1 · 3 y !    │ Token        1 h               │
└──────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
 enter open · n new client · t token · y copy · x reveal · ? help";
    assert_same(&shown, expected);
}

#[test]
fn a_form_beside_its_answer() {
    let theme = Theme::colour();
    let shown = text(112, 10, |frame| {
        let [top, main, bottom] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(1),
        ])
        .areas(frame.area());
        let crumbs = ["pools", "team06…", "machine_auth", "token"];
        top_line(
            frame,
            top,
            &theme,
            "cognitui",
            &crumbs,
            &[Badge::loud("DEMO")],
        );
        let [left, right] =
            Layout::horizontal([Constraint::Length(43), Constraint::Min(0)]).areas(main);
        let inner = Pane::titled("Request")
            .focused(true)
            .draw(frame, left, &theme);
        let scopes = vec![
            Item::new("api/admin", "api/admin").checked(true),
            Item::new("api/audit", "api/audit").note("inactive", Status::Plain),
        ];
        let ways = vec![
            Item::new("basic", "basic"),
            Item::new("body", "body"),
            Item::new("api", "API"),
        ];
        let mut form = Form::new(vec![
            Field::checks("scopes", "Scopes", scopes),
            Field::radio("auth", "Client", ways),
            Field::note("gap", ""),
            Field::note("cost", "Enter issues · about $0.00225"),
        ]);
        form.draw(frame, inner, &theme);
        let inner = Pane::titled("Token").draw(frame, right, &theme);
        let claims = [
            Property::new("token_use", "access").note("for APIs, not for sign-in"),
            Property::new("client_id", "4k2…9qv").note("machine_auth"),
            Property::new("scope", "api/admin").note("requested 1 · granted 1"),
            Property::new("iss", "…/eu-west-1_AbC").note("this pool"),
        ];
        let mut lines = vec![
            Line::styled(
                "✓ signature RS256, key Zq1… from the pool's JWKS",
                theme.good,
            ),
            Line::from(vec![
                gauge(29, 1.0, theme.good),
                Span::raw(" 59:41 left"),
                Span::styled(", until 2026-11-21 15:04", theme.dim),
            ]),
        ];
        lines.extend(facts(&claims, inner.width, 0, &theme));
        draw_lines(frame, inner, &theme, &lines, &mut Scroll::default());
        hints(
            frame,
            bottom,
            &theme,
            &[
                ("enter", "issue"),
                ("y", "copy"),
                ("esc", "back"),
                ("?", "help"),
            ],
            2,
        );
    });
    let expected = "\
\x20cognitui  pools › team06… › machine_auth › token                                                          DEMO
┌ Request ────────────────────────────────┐┌ Token ────────────────────────────────────────────────────────────┐
│ Scopes ▌ [x] api/admin                  ││ ✓ signature RS256, key Zq1… from the pool's JWKS                  │
│          [ ] api/audit   inactive       ││ ▕███████████████████████████▏ 59:41 left, until 2026-11-21 15:04  │
│ Client   (•) basic ( ) body ( ) API     ││ token_use   access            for APIs, not for sign-in           │
│                                         ││ client_id   4k2…9qv           machine_auth                        │
│ Enter issues · about $0.00225           ││ scope       api/admin         requested 1 · granted 1             │
│                                         ││ iss         …/eu-west-1_AbC   this pool                           │
└─────────────────────────────────────────┘└───────────────────────────────────────────────────────────────────┘
 enter issue · y copy · esc back · ? help";
    assert_same(&shown, expected);
}

fn assert_same(shown: &str, expected: &str) {
    let shown: Vec<&str> = shown.lines().map(str::trim_end).collect();
    let expected: Vec<&str> = expected.lines().collect();
    assert!(
        shown == expected,
        "shown:\n{}\n\nexpected:\n{}",
        shown.join("\n"),
        expected.join("\n")
    );
}
