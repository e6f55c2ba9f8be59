//! What must be fast between a key press and a frame: a long table, the filter over it, and the whole way through the app.

use std::hint::black_box;
use std::time::Instant;

use cognitui::app::App;
use cognitui::app::message::{Effect, Message, Query, QueryResult, Route, TaskEvent};
use cognitui::app::session::Session;
use cognitui::domain::client::{
    AppClient, ClientSettings, ClientSummary, OAuthFlow, TimeUnit, Validity,
};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::pool::PoolSummary;
use cognitui::domain::resource_server::{ResourceServer, Scope};
use cognitui::domain::scope::ScopeName;
use cognitui::domain::secret::SecretDescriptor;
use cognitui::domain::time::Timestamp;
use cognitui::input::{Action, KeyMap};
use cognitui::runtime::frames;
use cognitui::screens;
use cognitui::ui::filter::Filter;
use cognitui::ui::frame::Canvas;
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
            let drawn = frames::next(&mut terminal, |buffer| {
                let area = buffer.area;
                Table::new(&COLUMNS).draw(
                    &mut Canvas::new(buffer),
                    area,
                    &Theme::colour(),
                    &mut state,
                    ROWS,
                    |index| {
                        rows.get(index)
                            .map(|row| Row::new(row.iter().map(String::as_str)))
                            .unwrap_or_default()
                    },
                );
                None
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
    let pools = QueryResult::Pools(pools.collect());
    for effect in app.start() {
        if let Effect::Fetch(Query::Pools, run) = effect {
            let query = Query::Pools;
            let fact = TaskEvent::Loaded {
                query,
                run,
                data: pools,
                last: true,
            };
            app.update(Message::Event(Box::new(fact)), now);
            break;
        }
    }
    app
}

fn key_to_frame(c: &mut Criterion) {
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut app = console();
    let mut terminal = Terminal::new(TestBackend::new(160, 50)).expect("a test screen");
    let press = |key| Message::Input(Event::Key(KeyEvent::new(key, KeyModifiers::NONE)));
    c.bench_function("from a key press to a frame of 10,000 pools", |b| {
        b.iter(|| {
            app.update(press(KeyCode::PageDown), now);
            black_box(frames::next(&mut terminal, |buffer| app.draw(buffer)).is_ok())
        });
    });
}

/// A console on the scope map of a pool with 300 app clients and 60 scopes, all of them read.
fn map_console() -> App {
    let now = Timestamp::from_seconds(1_795_000_000);
    let pool = PoolId::new("eu-west-1_Partners1");
    let mut app = App::new(
        Session::default(),
        KeyMap::default(),
        Theme::colour(),
        screens::open,
        Route::ScopeMap(pool.clone()),
        now,
    );
    let server = |at: usize| ResourceServer {
        identifier: format!("server-{at}"),
        name: format!("Server {at}"),
        scopes: ["read", "write", "delete", "export", "reply", "audit"]
            .map(|name| Scope {
                name: name.to_owned(),
                description: format!("To {name}"),
            })
            .to_vec(),
        ..ResourceServer::default()
    };
    let servers: Vec<ResourceServer> = (0..10).map(server).collect();
    let scopes: Vec<ScopeName> = servers
        .iter()
        .flat_map(ResourceServer::scope_names)
        .collect();
    let listed: Vec<ClientSummary> = (0..300)
        .map(|at| ClientSummary {
            id: ClientId::new(format!("{at:026}")),
            name: format!("partner-{at}"),
        })
        .collect();
    answer(&mut app, now, |query| {
        Some(match query {
            Query::ResourceServers(_) => QueryResult::ResourceServers(servers.clone()),
            Query::Clients(_) => QueryResult::Clients(listed.clone()),
            Query::Client(pool, id) => {
                let at: usize = id.as_str().parse().unwrap_or_default();
                let held = scopes.iter().cycle().skip(at).step_by(7).take(6);
                QueryResult::Client(described(pool, id, held.cloned().collect()))
            }
            _ => return None,
        })
    });
    app
}

/// Answers all that the console asks for, by itself and when it is told to read all clients, until nothing is left to ask.
fn answer(app: &mut App, now: Timestamp, of: impl Fn(&Query) -> Option<QueryResult>) {
    let mut effects = app.start();
    let answer_all = |app: &mut App, effects: &mut Vec<Effect>| {
        while let Some(effect) = effects.pop() {
            let Effect::Fetch(query, run) = effect else {
                continue;
            };
            let Some(data) = of(&query) else { continue };
            let fact = TaskEvent::Loaded {
                query,
                run,
                data,
                last: true,
            };
            effects.extend(app.update(Message::Event(Box::new(fact)), now));
        }
    };
    answer_all(app, &mut effects);
    let press = Event::Key(KeyEvent::new(KeyCode::Char('A'), KeyModifiers::NONE));
    effects.extend(app.update(Message::Input(press), now));
    answer_all(app, &mut effects);
}

fn described(pool: &PoolId, id: &ClientId, scopes: Vec<ScopeName>) -> AppClient {
    let hour = Validity {
        value: 1,
        unit: TimeUnit::Hours,
    };
    AppClient {
        pool: pool.clone(),
        id: id.clone(),
        secret: cognitui::domain::secret::DescribedSecret::Shown,
        client_type: None,
        undescribed: Vec::new(),
        other: cognitui::domain::other_settings::OtherSettings::default(),
        settings: ClientSettings {
            name: format!("partner-{id}"),
            oauth_enabled: true,
            flows: vec![OAuthFlow::ClientCredentials],
            scopes,
            explicit_auth_flows: vec![],
            identity_providers: vec![],
            callback_urls: vec![],
            logout_urls: vec![],
            default_redirect_uri: None,
            access_token: hour,
            id_token: hour,
            refresh_token: hour,
            auth_session_minutes: None,
            token_revocation: None,
            prevent_user_existence_errors: None,
            read_attributes: vec![],
            write_attributes: vec![],
            propagates_user_context: None,
            refresh_token_rotation: None,
            analytics: None,
        },
        created: None,
        modified: None,
    }
}

/// Frames while the cursor runs down, across and back; the slowest hundredth is printed beside criterion's mean.
fn scope_map(c: &mut Criterion) {
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut app = map_console();
    let mut terminal = Terminal::new(TestBackend::new(300, 60)).expect("a test screen");
    let keys = [
        KeyCode::PageDown,
        KeyCode::Right,
        KeyCode::Down,
        KeyCode::Tab,
        KeyCode::PageDown,
        KeyCode::PageUp,
    ];
    let mut keys = keys.into_iter().cycle();
    let mut frame = || {
        let key = keys.next().unwrap_or(KeyCode::Down);
        let press = Event::Key(KeyEvent::new(key, KeyModifiers::NONE));
        app.update(Message::Input(press), now);
        black_box(frames::next(&mut terminal, |buffer| app.draw(buffer)).is_ok())
    };
    let mut took: Vec<_> = (0..2_000)
        .map(|_| {
            let start = Instant::now();
            frame();
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    let at = |place: usize| took.get(place).copied().unwrap_or_default();
    println!(
        "a scope map of 300 x 60: p50 {:?}, p99 {:?}",
        at(1_000),
        at(1_980)
    );
    c.bench_function(
        "from a key press to a frame of a scope map of 300 x 60",
        |b| {
            b.iter(&mut frame);
        },
    );
}

/// A console on the app clients of a pool that has 10,000, all of them read, with the dates of their secrets.
fn clients_console() -> App {
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut app = App::new(
        Session::default(),
        KeyMap::default(),
        Theme::colour(),
        screens::open,
        Route::Pool(PoolId::new("eu-west-1_Partners1")),
        now,
    );
    // Ids are as Cognito makes them: how soon one is told from another matters here.
    let mut random = fastrand::Rng::with_seed(1);
    let listed: Vec<ClientSummary> = rows()
        .into_iter()
        .map(|[name, ..]| ClientSummary {
            id: ClientId::new((0..26).map(|_| random.digit(36)).collect::<String>()),
            name,
        })
        .collect();
    answer(&mut app, now, |query| {
        Some(match query {
            Query::Clients(_) => QueryResult::Clients(listed.clone()),
            Query::Client(pool, id) => QueryResult::Client(described(pool, id, vec![])),
            Query::Secrets(_, id) => QueryResult::Secrets(vec![SecretDescriptor {
                id: format!("{id}--1795000000"),
                created: Some(now),
            }]),
            _ => return None,
        })
    });
    app
}

/// Covering what is private must not cost more than the frame itself, however much is known.
fn privacy(c: &mut Criterion) {
    let now = Timestamp::from_seconds(1_795_000_000);
    let mut app = clients_console();
    let mut terminal = Terminal::new(TestBackend::new(160, 50)).expect("a test screen");
    let press = |key| Message::Input(Event::Key(KeyEvent::new(key, KeyModifiers::NONE)));
    for (name, before) in [
        ("from a key press to a frame of 10,000 app clients", None),
        ("the same with ids covered", Some('P')),
    ] {
        if let Some(key) = before {
            app.update(press(KeyCode::Char(key)), now);
        }
        c.bench_function(name, |b| {
            b.iter(|| {
                app.update(press(KeyCode::PageDown), now);
                black_box(frames::next(&mut terminal, |buffer| app.draw(buffer)).is_ok())
            });
        });
    }
}

criterion_group!(benches, table, filter, key_to_frame, scope_map, privacy);
criterion_main!(benches);
