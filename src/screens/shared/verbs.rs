//! What can be done with a thing of Cognito: a user pool, an app client, a resource server, a scope, a domain. Every row, page, cell
//! and finding that is about a thing takes its rows from here, so that its keys are the same everywhere.

use crate::app::message::{AccessQuestion, CopyMenu, DeleteTarget, Effect, Route, SetupOrigin};
use crate::app::screen::View;
use crate::app::screen::rows::{ActionRow, ActionRows};
use crate::cognito::Error;
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::scope::ScopeName;
use crate::input::Action;
use crate::screens::shared::{client_secret, confirm};

/// A thing that a row, a page, a cell or a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    Pool(PoolId),
    Client(PoolId, ClientId),
    /// A resource server, by its identifier.
    Server(PoolId, String),
    Scope(PoolId, ScopeName),
    /// A domain, by its prefix or its full name.
    Domain(PoolId, String),
}

impl Thing {
    /// Some client, where none is selected.
    pub fn any_client(pool: &PoolId) -> Self {
        Self::Client(pool.clone(), ClientId::new(""))
    }

    /// Its rows.
    pub fn rows<S: 'static>(&self, view: &View) -> ActionRows<S> {
        match self {
            Self::Pool(pool) => of_pool(pool),
            Self::Client(pool, client) => of_client(pool, client),
            Self::Server(pool, identifier) => of_server(pool, identifier),
            Self::Scope(pool, scope) => of_scope(pool, scope, view),
            Self::Domain(pool, name) => of_domain(pool, name),
        }
        .with(ActionRow::open(Action::Copy, Route::Copy(self.copy_menu())))
    }

    /// The rows of a thing of its kind, where none is selected: `why` says so.
    pub fn refused<S: 'static>(
        &self,
        view: &View,
        why: impl Fn(&S, &View) -> Option<String> + Copy + 'static,
    ) -> ActionRows<S> {
        let all = self.rows::<S>(view).map_all(ActionRow::allowed);
        all.refused(why)
            .refused(|_, _| Some("Nothing is selected".to_owned()))
    }

    /// What can be copied of it.
    pub fn copy_menu(&self) -> CopyMenu {
        match self {
            Self::Pool(pool) => CopyMenu::Pool(pool.clone()),
            Self::Client(pool, client) => CopyMenu::Client(pool.clone(), client.clone()),
            Self::Server(pool, server) => CopyMenu::Server(pool.clone(), server.clone(), None),
            Self::Scope(pool, scope) => {
                let server = scope.split().map_or("", |(server, _)| server);
                CopyMenu::Server(pool.clone(), server.to_owned(), Some(scope.clone()))
            }
            Self::Domain(pool, name) => CopyMenu::Domain(pool.clone(), name.clone()),
        }
    }
}

fn of_pool<S: 'static>(pool: &PoolId) -> ActionRows<S> {
    let open = |action, route: fn(PoolId) -> Route| ActionRow::open(action, route(pool.clone()));
    let (of, to_protect) = (pool.clone(), pool.clone());
    let protect = ActionRow::new(Action::Edit, move |_, view| {
        confirm::protect(&to_protect, view).into_iter().collect()
    });
    ActionRows::default()
        .with(open(Action::Enter, Route::Pool))
        .with(open(Action::SetUp, |pool| {
            Route::Presets(SetupOrigin::PoolRow(pool))
        }))
        .with(open(Action::Doctor, |pool| Route::Doctor(pool, None)))
        .with(open(Action::ScopeMap, Route::ScopeMap))
        .with(open(Action::Export, |pool| Route::Export(pool, None)))
        .with(
            protect
                .label("protection")
                .refused(move |_, view| view.store.pool(&of).error().map(Error::one_line)),
        )
        .with(open(Action::Delete, |pool| {
            Route::Delete(DeleteTarget::Pool(pool))
        }))
}

fn of_client<S: 'static>(pool: &PoolId, client: &ClientId) -> ActionRows<S> {
    let of = || (pool.clone(), client.clone());
    let open = |action, route: fn(PoolId, ClientId) -> Route| {
        let (pool, client) = of();
        ActionRow::open(action, route(pool, client))
    };
    // What is not read is not refused.
    let unless = |cannot: fn(&AppClient, &View) -> Option<String>| {
        let (pool, client) = of();
        move |_: &S, view: &View| cannot(view.store.client(&pool, &client).value()?, view)
    };
    let (pool, client) = of();
    let reveal = ActionRow::new(Action::Reveal, move |_, _| {
        let page = Route::Client(pool.clone(), client.clone());
        vec![
            Effect::Open(page),
            Effect::Reveal(pool.clone(), client.clone()),
        ]
    });
    let (pool, client) = of();
    let delete = ActionRow::new(Action::Delete, move |_, view| {
        vec![confirm::delete_client(&pool, &client, view)]
    });
    ActionRows::default()
        .with(open(Action::Enter, Route::Client).label("open client"))
        .with(reveal.refused(unless(client_secret::cannot_reveal)))
        .with(open(Action::Token, Route::Token))
        .with(open(Action::Edit, Route::EditClient))
        .with(open(Action::Doctor, |pool, client| {
            Route::Doctor(pool, Some(client))
        }))
        .with(open(Action::Rotate, Route::Rotate).refused(unless(client_secret::cannot_rotate)))
        .with(open(Action::WhoUses, |pool, client| {
            Route::Access(pool, AccessQuestion::OfClient(client))
        }))
        .with(open(Action::Export, |pool, client| {
            Route::Export(pool, Some(client))
        }))
        .with(delete)
}

fn of_server<S: 'static>(pool: &PoolId, identifier: &str) -> ActionRows<S> {
    let of = || (pool.clone(), identifier.to_owned());
    let open = |action, route: fn(PoolId, String) -> Route| {
        let (pool, identifier) = of();
        ActionRow::open(action, route(pool, identifier))
    };
    let scopes = |pool, identifier| Route::Access(pool, AccessQuestion::OfServer(identifier));
    ActionRows::default()
        .with(open(Action::Enter, scopes).label("scopes"))
        .with(open(Action::Edit, Route::EditServer))
        .with(open(Action::WhoUses, scopes))
        .with(open(Action::Delete, |pool, identifier| {
            Route::Delete(DeleteTarget::Server(pool, identifier))
        }))
}

fn of_scope<S: 'static>(pool: &PoolId, scope: &ScopeName, view: &View) -> ActionRows<S> {
    const NO_SERVER: &str = "Sign-in scopes have no resource server";
    const UNDEFINED: &str = "No resource server defines this scope";
    let (server, name) = scope.split().unwrap_or_default();
    let mine = |actions: ActionRow<S>| {
        let why = if scope.is_system() {
            "Cognito defines this scope, no resource server does"
        } else {
            NO_SERVER
        };
        actions.refused_if(scope.split().is_none(), why)
    };
    let servers = view.store.servers(pool).complete();
    let of_it = servers.as_ref().ok().map(|servers| {
        let mut servers = servers.iter();
        servers.find(|known| known.identifier == server)
    });
    // What is not read is not refused.
    let no_server = matches!(of_it, Some(None));
    let defines = of_it.flatten().map(|server| &server.scopes);
    let undefined =
        no_server || defines.is_some_and(|scopes| !scopes.iter().any(|known| known.name == name));
    let access = Route::Access(pool.clone(), AccessQuestion::OfScope(scope.clone()));
    let edit = Route::EditServer(pool.clone(), server.to_owned());
    let delete = DeleteTarget::Scope(pool.clone(), server.to_owned(), name.to_owned());
    ActionRows::default()
        .with(mine(ActionRow::open(Action::Enter, access.clone())).label("access"))
        .with(mine(ActionRow::open(Action::Edit, edit)).refused_if(no_server, UNDEFINED))
        .with(mine(ActionRow::open(Action::WhoUses, access)))
        .with(
            mine(ActionRow::open(Action::Delete, Route::Delete(delete)))
                .refused_if(undefined, UNDEFINED),
        )
}

fn of_domain<S: 'static>(pool: &PoolId, name: &str) -> ActionRows<S> {
    let of = || (pool.clone(), name.to_owned());
    let open = |action, route: fn(PoolId, String) -> Route| {
        let (pool, name) = of();
        ActionRow::open(action, route(pool, name))
    };
    ActionRows::default()
        .with(open(Action::Enter, Route::EditDomain).refused(|_, view| {
            let edit = view.keys.label(Action::Edit);
            Some(format!("A domain has no page of its own: {edit} edits it"))
        }))
        .with(open(Action::Edit, Route::EditDomain))
        .with(open(Action::Delete, |pool, name| {
            Route::Delete(DeleteTarget::Domain(pool, name))
        }))
}
