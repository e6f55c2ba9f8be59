//! What must be fast between a key press and a frame: a long table, and the filter over it.

use std::hint::black_box;

use cognitui::input::Action;
use cognitui::ui::filter::Filter;
use cognitui::ui::table::{Column, Row, Table, TableState};
use cognitui::ui::theme::Theme;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const ROWS: usize = 10_000;
const COLUMNS: [Column; 5] = [
    Column::flexible("NAME", 15, 40),
    Column::fixed("ID", 26).middle(),
    Column::fixed("GRANT", 19).rank(1),
    Column::fixed("SCOPES", 24),
    Column::fixed("TOKEN", 6).right(),
];

fn rows() -> Vec<[String; 5]> {
    let first = ["billing", "orders", "machine", "inventory"];
    let second = ["export", "sync", "api", "worker", "prod"];
    (0..ROWS)
        .zip(first.iter().cycle().zip(second.iter().cycle()))
        .map(|(n, (first, second))| {
            [
                format!("{first}-{second}-{n}"),
                format!("{:026x}", n.wrapping_mul(0x9E37_79B9)),
                "client_credentials".to_owned(),
                "orders/read orders/write".to_owned(),
                "1 h".to_owned(),
            ]
        })
        .collect()
}

fn table(c: &mut Criterion) {
    let rows = rows();
    let mut state = TableState::default();
    let mut terminal = Terminal::new(TestBackend::new(160, 50)).expect("a test screen");
    c.bench_function("draw a table of 10,000 rows, one page on", |b| {
        b.iter(|| {
            if !state.act(Action::PageDown, ROWS) || state.selected(ROWS) == Some(ROWS - 1) {
                state.select(0);
            }
            let drawn = terminal.draw(|frame| {
                Table::new(&COLUMNS).draw(
                    frame,
                    frame.area(),
                    &Theme::colour(),
                    &mut state,
                    ROWS,
                    |index| {
                        rows.get(index)
                            .map(|row| Row::new(row.iter().map(String::as_str)))
                            .unwrap_or_default()
                    },
                );
            });
            black_box(drawn.is_ok())
        });
    });
}

fn filter(c: &mut Criterion) {
    let rows = rows();
    let mut filled = Filter::default();
    filled.set_rows(&rows);
    filled.open();
    // The hardest key: all rows match up to it, so that it cannot gain from the one before.
    filled.edit(&Event::Paste("clientcre".to_owned()));
    let press = Event::Key(KeyEvent::new(KeyCode::Char('d'), KeyModifiers::NONE));
    c.bench_function("filter 10,000 rows by one more letter", |b| {
        b.iter_batched_ref(
            || filled.clone(),
            |filter| black_box(filter.edit(&press)),
            BatchSize::LargeInput,
        );
    });
}

criterion_group!(benches, table, filter);
criterion_main!(benches);
