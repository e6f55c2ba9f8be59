//! The matrix of a pool's app clients and scopes, taken from the Store.

use crate::app::message::Query;
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::scope_matrix::ScopeMatrix;
use crate::screens::shared::load_states;

/// The matrix of the data that is read.
pub fn scope_map(pool: &PoolId, view: &View) -> ScopeMatrix {
    #[cfg(test)]
    tests::MAPS.set(tests::MAPS.get() + 1);
    let store = view.store;
    let (servers, listed) = (store.servers(pool), store.clients(pool));
    let clients = listed.partial().iter();
    let clients = clients.map(|listed| (listed, store.client(pool, &listed.id).value()));
    ScopeMatrix {
        servers_whole: servers.complete().is_ok(),
        clients_whole: listed.complete().is_ok(),
        ..ScopeMatrix::of(servers.partial(), clients)
    }
}

/// Why the matrix cannot be copied yet: a copy cannot show that data is missing.
pub fn unread(pool: &PoolId, view: &View) -> Option<String> {
    let store = view.store;
    let servers = store.servers(pool).complete().err();
    let unread = servers.or(store.clients(pool).complete().err())?;
    Some(load_states::refusal(unread, "the pool"))
}

/// Whether clients of the pool or their settings are loading.
pub fn is_reading(pool: &PoolId, view: &View) -> bool {
    view.store.in_flight().any(|query| match query {
        Query::Clients(of) | Query::ResourceServers(of) | Query::Client(of, _) => of == pool,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use crate::app::message::{CopyRequest, Effect, Message, Route};
    use crate::domain::oauth::endpoints::tests::pool;
    use crate::domain::time::Timestamp;
    use crate::screens::shared::memo::tests::console;

    thread_local! {
        /// How many maps were made.
        pub(super) static MAPS: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn the_copy_menu_makes_a_map_only_of_what_is_taken() {
        let id = pool("eu-west-1_A", None, None).id;
        let mut app = console(Route::ScopeMap(id));
        let mut buffer = Buffer::empty(Rect::new(0, 0, 100, 40));
        let mut press = |key| {
            let before = MAPS.get();
            let press = Event::Key(KeyEvent::new(key, KeyModifiers::NONE));
            let effects = app.update(Message::Input(press), Timestamp::from_seconds(2));
            app.draw(&mut buffer);
            (MAPS.get() - before, effects)
        };
        // With the cursor on the heads the menu is about the map alone, and reads nothing else.
        press(KeyCode::Up);
        press(KeyCode::Left);
        press(KeyCode::Char('y'));
        for key in [KeyCode::Down, KeyCode::Up, KeyCode::Down] {
            assert_eq!(press(key).0, 0, "{key:?}");
        }
        let (made, effects) = press(KeyCode::Enter);
        assert_eq!(made, 1);
        let copied = effects.iter().find_map(|effect| match effect {
            Effect::Start(_, effect) => match effect.as_ref() {
                Effect::Copy(CopyRequest::Plain { what, text }) => Some((what.as_str(), text)),
                _ => None,
            },
            _ => None,
        });
        let (what, text) = copied.unwrap();
        assert_eq!(what, "the scope map as JSON");
        assert_eq!(text.matches("\"client_id\"").count(), 500, "{text}");
    }
}
