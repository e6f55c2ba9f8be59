//! What must be fast between a key press and a frame: a long table, the filter over it, and the whole way through the app.

use std::hint::black_box;

use cognitui::app::App;
use cognitui::app::message::{Data, Effect, Fact, Msg, Query, Route};
use cognitui::app::screen::Session;
use cognitui::domain::ids::PoolId;
use cognitui::domain::pool::PoolSummary;
use cognitui::domain::time::Timestamp;
use cognitui::input::{Action, KeyMap};
use cognitui::screens;
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

/// A console whose list of user pools holds 10,000, with nothing left to ask for.
fn console() -> App {
    let now = Timestamp::from_seconds(1_795_000_000);
    let (keys, theme) = (KeyMap::default(), Theme::colour());
    let mut app = App::new(
        Session::default(),
        keys,
        theme,
        screens::open,
        Route::Pools,
        now,
    );
    let pools = rows().into_iter().map(|[name, id, ..]| PoolSummary {
        id: PoolId::new(format!("eu-west-1_{id}")),
        name,
        created: Some(now),
        modified: Some(now),
    });
    let pools = Data::Pools(pools.collect());
    for effect in app.start() {
        if let Effect::Fetch(Query::Pools, run) = effect {
            let query = Query::Pools;
            let fact = Fact::Loaded {
                query,
                run,
                data: pools,
                last: true,
            };
            app.update(Msg::Fact(Box::new(fact)), now);
            break;
        }
    }
    app
}

fn key_to_frame(c: &mut Criterion) {
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut app = console();
    let mut terminal = Terminal::new(TestBackend::new(160, 50)).expect("a test screen");
    let press = |key| Msg::Terminal(Event::Key(KeyEvent::new(key, KeyModifiers::NONE)));
    c.bench_function("from a key press to a frame of 10,000 pools", |b| {
        b.iter(|| {
            app.update(press(KeyCode::PageDown), now);
            black_box(terminal.draw(|frame| app.draw(frame)).is_ok())
        });
    });
}

criterion_group!(benches, table, filter, key_to_frame);
criterion_main!(benches);
