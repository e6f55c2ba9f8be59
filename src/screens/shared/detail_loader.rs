//! Which per-client details to ask for next, where a screen shows something of every client of a pool.

use crate::app::message::Query;
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::domain::client::ClientSummary;
use crate::domain::ids::PoolId;

/// How far a screen has come in asking for the details of a pool's clients.
#[derive(Default)]
pub struct DetailLoader {
    /// Whether the dates of the secrets are no matter.
    settings_alone: bool,
    /// Every client before this one has been asked for: where to look for the next one that has not.
    up_to: usize,
    /// How many refreshes the Store had seen by then: each makes known clients wanted again.
    refreshes: u64,
}

impl DetailLoader {
    /// Asks for the settings of the clients and not for their secrets' dates.
    pub fn settings() -> Self {
        Self {
            settings_alone: true,
            ..Self::default()
        }
    }

    /// At most `room` details that are not known and that nobody has asked for: of the clients at the places `first`, then of all
    /// the others in order.
    pub fn next(&mut self, pool: &PoolId, view: &View, first: &[usize], room: usize) -> Vec<Query> {
        let clients = view.store.clients(pool).partial();
        let mut wanted: Vec<Query> = Vec::new();
        for client in first.iter().filter_map(|index| clients.get(*index)) {
            if wanted.len() >= room {
                return wanted;
            }
            self.ask(pool, client, view, &mut wanted);
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
            // Nothing was added: either nothing is missing, or it is among those wanted already.
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

    /// Adds what a client still lacks and nobody has asked for.
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
            // Asked of every row in sight at every key press, most of which lack nothing.
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
