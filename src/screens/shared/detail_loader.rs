//! The per-client details to query next, for screens that show every client of a pool.

use crate::app::message::Query;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::domain::client::ClientSummary;
use crate::domain::ids::PoolId;

/// The progress of a screen in querying the details of a pool's clients.
#[derive(Default)]
pub struct DetailLoader {
    /// Skip the dates of the secrets.
    settings_alone: bool,
    /// All clients before this one are queried; the search continues here.
    up_to: usize,
    /// The Store's refresh count at that time: each refresh queries known clients again.
    refreshes: u64,
}

impl DetailLoader {
    /// Queries the settings of clients, not their secrets' dates.
    pub fn settings() -> Self {
        Self {
            settings_alone: true,
            ..Self::default()
        }
    }

    /// At most `room` details that are neither known nor queried: of the clients at the indexes `first`, then of the others in order,
    /// unless there are many and the user has not asked for them.
    pub fn next(&mut self, pool: &PoolId, view: &View, first: &[usize], room: usize) -> Vec<Query> {
        let clients = view.store.clients(pool).partial();
        let mut wanted: Vec<Query> = Vec::new();
        for client in first.iter().filter_map(|index| clients.get(*index)) {
            if wanted.len() >= room {
                return wanted;
            }
            self.ask(pool, client, view, &mut wanted);
        }
        if view.store.holds_details(pool) {
            return wanted;
        }
        if self.refreshes != view.store.refreshes() {
            self.refreshes = view.store.refreshes();
            self.up_to = 0;
        }
        while wanted.len() < room
            && let Some(client) = clients.get(self.up_to)
        {
            let before = wanted.len();
            self.ask(pool, client, view, &mut wanted);
            if wanted.len() > before {
                continue;
            }
            // Nothing was added: all details are known, or already wanted.
            let mut open = Vec::new();
            self.ask(pool, client, view, &mut open);
            if !open.is_empty() {
                break;
            }
            self.up_to += 1;
        }
        wanted.truncate(room);
        wanted
    }

    /// Adds the details of a client that are neither known nor queried.
    fn ask(&self, pool: &PoolId, client: &ClientSummary, view: &View, wanted: &mut Vec<Query>) {
        let store = view.store;
        let query = |detail| match detail {
            DetailKind::Client => Query::Client(pool.clone(), client.id.clone()),
            DetailKind::Secrets => Query::Secrets(pool.clone(), client.id.clone()),
        };
        for detail in [DetailKind::Client, DetailKind::Secrets] {
            if self.settings_alone && detail == DetailKind::Secrets {
                continue;
            }
            // Runs for each visible row on each key press; most lack nothing.
            if store.is_fresh(pool, &client.id, detail) {
                continue;
            }
            let query = query(detail);
            let open = store.wants(&query)
                && !store.is_in_flight(&query)
                && !store.is_denied(pool, detail);
            if open && !wanted.contains(&query) {
                wanted.push(query);
            }
        }
    }
}
