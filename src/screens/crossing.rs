//! The matrix of a pool's app clients and scopes, taken from the Store.

use crate::app::message::Query;
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::scope_map::ScopeMap;

/// The matrix as far as it is read.
pub fn scope_map(pool: &PoolId, view: &View) -> ScopeMap {
    let store = view.store;
    let listed = store.clients(pool).value();
    let clients = listed
        .map_or(&[][..], |list| &list.items)
        .iter()
        .map(|listed| (listed, store.client(pool, &listed.id).value()));
    ScopeMap::of(store.servers_so_far(pool), clients)
}

/// Whether clients of the pool, or their settings, are on their way.
pub fn is_reading(pool: &PoolId, view: &View) -> bool {
    view.store.in_flight().any(|query| match query {
        Query::Clients(of) | Query::ResourceServers(of) | Query::Client(of, _) => of == pool,
        _ => false,
    })
}
