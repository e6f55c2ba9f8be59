//! Which queries run, when, and how many at once.

use super::message::{Effect, Query};
use super::screen::{Screen, View};
use super::{App, view};

/// Most per-client calls that wait at once. Few, so that visible rows are requested first even after a jump.
const DETAILS_AT_ONCE: usize = 8;

impl App {
    /// Starts the queries that the visible screens need and lack.
    pub(super) fn schedule(&mut self, out: &mut Vec<Effect>) {
        let mut asks: Vec<Query> = Vec::new();
        for query in self.visible().flat_map(Screen::queries) {
            if self.store.wants(&query) && !self.store.is_in_flight(&query) {
                asks.push(query);
            }
        }
        // The identity is only a badge, unless rules depend on it: it waits until the screen's data is loaded.
        let others = |query: &Query| *query != Query::Identity;
        let waits = !self.session.rules.name_accounts();
        if waits && (asks.iter().any(others) || self.store.in_flight().any(others)) {
            asks.retain(others);
        }
        let waiting = self
            .store
            .in_flight()
            .filter(|query| query.is_detail())
            .count();
        let room = DETAILS_AT_ONCE.saturating_sub(waiting);
        if room > 0 {
            let whole = self.whole();
            let view = view!(self);
            if let Some((_, screen)) = self.stack.get_mut(whole) {
                asks.extend(screen.prefetch(&view, room));
            }
        }
        self.fetch(asks, out);
    }

    /// Repeats the queries of the visible screens.
    pub(super) fn refresh(&mut self, out: &mut Vec<Effect>) {
        if self.end_was_said() {
            out.push(Effect::RenewCredentials);
        }
        let asks = self.visible().flat_map(Screen::queries);
        let asks: Vec<Query> = asks.chain(self.missing_identity()).collect();
        for query in &asks {
            match query {
                Query::Clients(pool) => self.store.expire_details(pool),
                Query::Client(pool, client) => self.store.expire_managed(pool, client),
                _ => {}
            }
        }
        self.fetch(asks, out);
    }

    /// Starts these queries, even with data, and each once: a duplicate would only abort the first.
    pub(super) fn fetch(&mut self, asks: Vec<Query>, out: &mut Vec<Effect>) {
        let mut asked: Vec<Query> = Vec::new();
        for query in asks {
            if asked.contains(&query) {
                continue;
            }
            let run = self.store.begin(&query);
            out.push(Effect::Fetch(query.clone(), run));
            asked.push(query);
        }
    }

    /// Aborts the queries that only the screen just left needed. A list keeps loading its details.
    pub(super) fn cancel_unneeded(&mut self, out: &mut Vec<Effect>) {
        let kept: Vec<Query> = self
            .stack
            .iter()
            .flat_map(|(_, screen)| screen.queries())
            .collect();
        let wanted = |query: &Query| {
            let listed = || {
                query
                    .detail_of()
                    .is_some_and(|pool| kept.contains(&Query::Clients(pool.clone())))
            };
            *query == Query::Identity || kept.contains(query) || listed()
        };
        let unwanted: Vec<Query> = self
            .store
            .in_flight()
            .filter(|query| !wanted(query))
            .cloned()
            .collect();
        for query in unwanted {
            self.store.cancel(&query);
            out.push(Effect::Abort(query));
        }
    }
}
