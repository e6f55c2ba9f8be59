//! A cached value of a screen, kept while its key is the same.

use std::cell::RefCell;
use std::rc::Rc;

/// A value that depends on its key alone and is too slow to compute per frame. The Store enters the key by its
/// version.
#[derive(Debug)]
pub struct Memo<K, T> {
    /// The key and its value.
    last: RefCell<Option<(K, Rc<T>)>>,
}

impl<K, T> Default for Memo<K, T> {
    fn default() -> Self {
        Self {
            last: RefCell::default(),
        }
    }
}

impl<K: PartialEq, T> Memo<K, T> {
    /// The value of `make` for `of`, cached.
    pub fn of(&self, of: K, make: impl FnOnce() -> T) -> Rc<T> {
        if let Some((key, made)) = &*self.last.borrow()
            && *key == of
        {
            return Rc::clone(made);
        }
        #[cfg(test)]
        tests::MADE.set(tests::MADE.get() + 1);
        let fresh = Rc::new(make());
        self.last.replace(Some((of, Rc::clone(&fresh))));
        fresh
    }
}

#[cfg(test)]
pub mod tests {
    use std::cell::Cell;

    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;

    use super::*;
    use crate::app::App;
    use crate::app::message::{
        DeleteTarget, Effect, Message, PoolAnswer, Query, QueryResult, Route, SetupTarget,
        TaskEvent,
    };
    use crate::app::session::Session;
    use crate::domain::client::ClientSummary;
    use crate::domain::client::tests::client;
    use crate::domain::ids::ClientId;
    use crate::domain::new_client::{machine_auth, machine_auth_server};
    use crate::domain::oauth::endpoints::tests::pool;
    use crate::domain::plan::{CurrentState, DesiredPool, DesiredState};
    use crate::domain::time::Timestamp;
    use crate::input::KeyMap;
    use crate::ui::theme::Theme;

    thread_local! {
        /// How often a value was made.
        pub(super) static MADE: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn it_is_made_again_only_of_something_else() {
        let (kept, times) = (Memo::default(), Cell::new(0));
        let length = |text: &'static str| {
            *kept.of(text, || {
                times.set(times.get() + 1);
                text.len()
            })
        };
        let lengths = ["a", "a", "bc", "bc", "a"].map(length);
        assert_eq!((lengths, times.get()), ([1, 1, 2, 2, 1], 3));
    }

    /// A console on a screen of a pool with 500 app clients that hold `api/admin`, with nothing left to read.
    pub fn console(route: Route) -> App {
        let listed: Vec<ClientSummary> = (0..500)
            .map(|at| ClientSummary {
                id: ClientId::new(format!("{at:026}")),
                name: format!("partner-{at}"),
            })
            .collect();
        let servers = vec![machine_auth_server()];
        let (keys, theme) = (KeyMap::default(), Theme::colour());
        let (session, now) = (Session::default(), Timestamp::from_seconds(1));
        let app = App::new(session, keys, theme, crate::screens::open, route, now);
        let mut app = app.reading_all(pool("eu-west-1_A", None, None).id);
        let mut effects = app.start();
        while let Some(effect) = effects.pop() {
            let Effect::Fetch(query, run) = effect else {
                continue;
            };
            let data = match &query {
                Query::Pool(_) => QueryResult::Pool(PoolAnswer {
                    pool: pool("eu-west-1_A", None, None),
                    token_endpoint: None,
                }),
                Query::Domains(_) => QueryResult::Domains(Vec::new()),
                Query::ResourceServers(_) => QueryResult::ResourceServers(servers.clone()),
                Query::Clients(_) => QueryResult::Clients(listed.clone()),
                Query::Client(_, id) => {
                    let mut client = client(&["api/admin"]);
                    client.id = id.clone();
                    QueryResult::Client(client)
                }
                Query::CurrentState(_) => QueryResult::CurrentState(Box::new(CurrentState {
                    pool: Some(pool("eu-west-1_A", None, None)),
                    servers: servers.clone(),
                    clients: listed.clone(),
                    ..CurrentState::default()
                })),
                _ => continue,
            };
            let last = true;
            let fact = TaskEvent::Loaded {
                query,
                run,
                data,
                last,
            };
            effects.extend(app.update(Message::Event(Box::new(fact)), now));
        }
        app
    }

    #[test]
    fn an_open_form_makes_nothing_anew_for_a_frame_that_shows_the_same() {
        let id = pool("eu-west-1_A", None, None).id;
        let api = machine_auth_server().identifier;
        let aim = |take_down| {
            Route::SetupPlan(Box::new(SetupTarget {
                desired: DesiredState {
                    pool: DesiredPool::This(id.clone()),
                    servers: vec![machine_auth_server()],
                    client: Some(machine_auth()),
                    domain: None,
                },
                take_down,
                within: None,
            }))
        };
        for route in [
            Route::NewClient(id.clone()),
            Route::EditServer(id.clone(), api.clone()),
            Route::Delete(DeleteTarget::Server(id.clone(), api)),
            Route::Delete(DeleteTarget::Pool(id.clone())),
            aim(false),
            aim(true),
        ] {
            let mut app = console(route.clone());
            let mut buffer = Buffer::empty(Rect::new(0, 0, 100, 40));
            let mut frame = |app: &mut App| {
                let before = MADE.get();
                app.update(Message::Tick, Timestamp::from_seconds(2));
                app.draw(&mut buffer);
                MADE.get() - before
            };
            assert!(frame(&mut app) > 0, "{route:?}");
            let again: Vec<usize> = (0..3).map(|_| frame(&mut app)).collect();
            assert_eq!(again, [0, 0, 0], "{route:?}");
        }
    }
}
