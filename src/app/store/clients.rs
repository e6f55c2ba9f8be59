//! App clients: their names and details.

use super::{DetailKind, Store};
use crate::app::query::Query;
use crate::app::query::load::{Load, LoadState};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::doctor::NameIndex;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::secret::{ListedSecrets, SecretState};
use crate::domain::time::Timestamp;

impl Store {
    /// Returns the order of their names, for a list that was read to its end.
    pub fn client_names(&self, pool: &PoolId) -> Option<&NameIndex> {
        self.client_names.get(pool)
    }

    /// Returns the known secrets of an app client.
    pub fn listed_secrets(&self, pool: &PoolId, client: &ClientId) -> ListedSecrets<'_> {
        let load = self.secrets(pool, client);
        match (load.value(), load.error()) {
            (Some(secrets), _) => ListedSecrets::Read(secrets),
            (None, Some(error)) => ListedSecrets::Unreadable {
                denied: error.is_access_denied(),
            },
            (None, None) if self.is_denied(pool, DetailKind::Secrets) => {
                ListedSecrets::Unreadable { denied: true }
            }
            (None, None) => ListedSecrets::NotRead,
        }
    }

    /// Returns where the secret of `client` is, from all loaded data.
    pub fn secret_state(&self, client: &AppClient) -> SecretState {
        client.secret_state(self.listed_secrets(&client.pool, &client.id))
    }

    /// Returns whether a client's detail is loaded and current: then it is not requested.
    pub fn is_fresh(&self, pool: &PoolId, client: &ClientId, detail: DetailKind) -> bool {
        let missing = match detail {
            DetailKind::Client => self.client(pool, client).is_missing(),
            DetailKind::Secrets => self.secrets(pool, client).is_missing(),
        };
        !missing && self.outdated.is_empty()
    }

    /// Returns whether a client's settings, loaded as `load`, are being read again, or will be.
    pub fn is_coming(&self, pool: &PoolId, client: &ClientId, load: &Load<AppClient>) -> bool {
        // This runs for every client at every answer, most of which are neither: only the others need a query.
        if load.value().is_none() || !load.is_stale() && self.outdated.is_empty() {
            return false;
        }
        let query = Query::Client(pool.clone(), client.clone());
        self.is_in_flight(&query) || self.wants(&query) && !self.is_denied(pool, DetailKind::Client)
    }

    /// Returns the number of a pool's clients whose detail is stale and stays so: reading it again failed, or is not tried
    /// because it was denied for another client.
    pub fn stale_details(&self, pool: &PoolId, detail: DetailKind) -> usize {
        let states: Box<dyn Iterator<Item = (&ClientId, LoadState)>> = match detail {
            DetailKind::Client => {
                let all = self.loads.client.of(pool);
                Box::new(all.map(|(client, load)| (client, load.state())))
            }
            DetailKind::Secrets => {
                let all = self.loads.secrets.of(pool);
                Box::new(all.map(|(client, load)| (client, load.state())))
            }
        };
        let denied = self.is_denied(pool, detail);
        // Few are stale, so few queries are created.
        let perhaps =
            states.filter(|(_, state)| *state == LoadState::Stale || denied && state.has_value());
        let stays = |(client, state): &(&ClientId, LoadState)| {
            let query = detail.query(pool, client);
            let asked_again = self.wants(&query);
            !self.is_in_flight(&query)
                && if asked_again {
                    denied
                } else {
                    *state == LoadState::Stale
                }
        };
        perhaps.filter(stays).count()
    }

    /// Stores a client that a change returned, and lists it if it is new.
    pub fn adopt_client(&mut self, client: &AppClient, at: Timestamp) {
        self.version += 1;
        *self.loads.client.slot(&client.pool, &client.id) = Load::Ready(client.clone());
        if let Some(list) = self.loads.clients.slot(&client.pool).list_mut() {
            match list.items.iter_mut().find(|listed| listed.id == client.id) {
                Some(listed) => listed.name.clone_from(&client.settings.name),
                None => list.items.push(ClientSummary {
                    id: client.id.clone(),
                    name: client.settings.name.clone(),
                }),
            }
            list.at = at;
        }
        self.order_names(&client.pool);
    }

    /// Sorts the names. Call it after each change of the list of a pool's clients.
    pub(super) fn order_names(&mut self, pool: &PoolId) {
        let list = self.loads.clients(pool).value();
        if let Some(list) = list.filter(|list| list.complete) {
            #[cfg(test)]
            tests::ORDERED.set(tests::ORDERED.get() + 1);
            self.client_names
                .insert(pool.clone(), NameIndex::of(&list.items));
        }
    }

    /// Marks a pool's details as out of date, also those outside Cognito: they are requested again, and stay visible until the answers
    /// arrive.
    pub fn expire_details(&mut self, pool: &PoolId) {
        self.version += 1;
        self.refreshes += 1;
        // A refresh of what is seen is no word about all the others.
        self.read_all.remove(pool);
        let described = self.loads.client.of(pool).map(|(client, _)| client);
        let dated = self.loads.secrets.of(pool).map(|(client, _)| client);
        let managed = self.loads.managed_secret.of(pool).map(|(arn, _)| arn);
        let looked_up = self.loads.dns_record.of(pool).map(|(domain, _)| domain);
        self.outdated
            .extend(described.map(|client| DetailKind::Client.query(pool, client)));
        self.outdated
            .extend(dated.map(|client| DetailKind::Secrets.query(pool, client)));
        self.outdated
            .extend(managed.map(|arn| Query::ManagedSecret(pool.clone(), arn.clone())));
        self.outdated
            .extend(looked_up.map(|domain| Query::DnsRecord(pool.clone(), domain.clone())));
        self.denied.retain(|(p, _)| p != pool);
    }

    /// Marks what Secrets Manager said of a client's secret as out of date.
    pub fn expire_managed(&mut self, pool: &PoolId, client: &ClientId) {
        let described = self.client(pool, client).value();
        if let Some(arn) = described.and_then(|client| client.secret.arn()) {
            let query = Query::ManagedSecret(pool.clone(), arn.to_owned());
            self.outdate(query);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::app::query::QueryResult;

    thread_local! {
        /// How often names were sorted.
        pub(super) static ORDERED: Cell<usize> = const { Cell::new(0) };
    }

    #[test]
    fn names_are_put_in_order_once_a_list_however_many_pages_it_has() {
        let pool = PoolId::new("eu-west-1_A");
        let query = Query::Clients(pool.clone());
        let mut store = Store::default();
        let mut read = |names: [&str; 3]| {
            let before = ORDERED.get();
            let run = store.begin(&query);
            for (page, name) in names.iter().enumerate() {
                let client = ClientSummary {
                    id: ClientId::new(*name),
                    name: (*name).to_owned(),
                };
                let data = QueryResult::Clients(vec![client]);
                let at = Timestamp::from_seconds(1);
                assert!(store.file(&query, run, data, page == 2, at));
            }
            let list = &store.clients(&pool).value().unwrap().items;
            assert_eq!(store.client_names(&pool), Some(&NameIndex::of(list)));
            ORDERED.get() - before
        };
        assert_eq!(read(["b", "c", "a"]), 1);
        assert_eq!(read(["z", "a", "y"]), 1);
    }
}
