//! What was read of a pool.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::Limits;
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::ids::ClientId;
use crate::domain::pool::{DnsRecord, Domain, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::secret::{ListedSecrets, ManagedSecret, SecretDescriptor, SecretState};
use crate::domain::time::Timestamp;

/// One app client that was described.
#[derive(Clone, Copy, Debug)]
pub struct ClientSnapshot<'a> {
    pub client: &'a AppClient,
    /// What is known of its live secrets.
    pub secrets: ListedSecrets<'a>,
    /// Its secret in Secrets Manager; `None` if there is none, or it was not read.
    pub managed: Option<&'a ManagedSecret>,
}

impl<'a> ClientSnapshot<'a> {
    /// Where its secret is.
    #[must_use]
    pub fn secret(&self) -> SecretState {
        self.client.secret_state(self.secrets)
    }

    /// Its live secrets, if they were read.
    pub(super) fn listed(&self) -> Option<&'a [SecretDescriptor]> {
        match self.secrets {
            ListedSecrets::Read(listed) => Some(listed),
            ListedSecrets::NotRead | ListedSecrets::Unreadable { .. } => None,
        }
    }
}

/// The state of a pool. A list is `None` unless it was read completely.
#[derive(Debug)]
pub struct PoolSnapshot<'a> {
    pub pool: &'a UserPool,
    pub domains: Option<&'a [Domain]>,
    pub servers: Option<&'a [ResourceServer]>,
    /// The names of all app clients.
    pub listed: Option<&'a [ClientSummary]>,
    /// An index of them by name, if the caller has one.
    pub names: Option<&'a NameIndex>,
    /// The described ones among them, possibly few.
    pub clients: &'a [ClientSnapshot<'a>],
    /// Ages are counted from here.
    pub now: Timestamp,
    pub limits: Limits,
    /// The custom domains that were looked up in the DNS, with the result.
    pub records: Vec<(&'a str, DnsRecord)>,
    own_names: OnceCell<NameIndex>,
}

/// The positions of listed app clients in the order of their names, for a binary search by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameIndex(Vec<usize>);

impl NameIndex {
    /// The index of this list, valid for it alone.
    #[must_use]
    pub fn of(listed: &[ClientSummary]) -> Self {
        let mut places: Vec<usize> = (0..listed.len()).collect();
        places.sort_by_key(|place| listed.get(*place).map(|client| &client.name));
        Self(places)
    }

    /// The clients with this name, in the list's order.
    fn with<'a>(&self, name: &str, listed: &'a [ClientSummary]) -> Vec<&'a ClientSummary> {
        let at = |place: &usize| listed.get(*place);
        let before = |place: &usize| at(place).is_some_and(|client| client.name.as_str() < name);
        let from = self.0.partition_point(before);
        let places = self.0.iter().skip(from).map_while(at);
        places.take_while(|client| client.name == name).collect()
    }
}

impl<'a> PoolSnapshot<'a> {
    /// A pool of which nothing else was read; set the other fields one by one.
    #[must_use]
    pub fn new(pool: &'a UserPool, now: Timestamp) -> Self {
        Self {
            pool,
            domains: None,
            servers: None,
            listed: None,
            clients: &[],
            now,
            limits: Limits::default(),
            names: None,
            records: Vec::new(),
            own_names: OnceCell::new(),
        }
    }

    /// All clients of the pool; `None` while one is not described.
    pub(super) fn every_client(&self) -> Option<&'a [ClientSnapshot<'a>]> {
        let described: HashSet<&ClientId> = self.clients.iter().map(|c| &c.client.id).collect();
        let whole = self
            .listed?
            .iter()
            .all(|listed| described.contains(&listed.id));
        whole.then_some(self.clients)
    }

    /// Makes [`PoolSnapshot::namesakes`] quick; for a check of every client.
    pub(super) fn index_names(&self) {
        if self.names.is_none() {
            self.own_names
                .get_or_init(|| NameIndex::of(self.listed.unwrap_or_default()));
        }
    }

    /// The other clients with the name of `client`.
    pub(super) fn namesakes(&self, client: &AppClient) -> Vec<&'a ClientId> {
        let (listed, name) = (self.listed.unwrap_or_default(), &client.settings.name);
        let of_name = match self.names.or_else(|| self.own_names.get()) {
            Some(names) => names.with(name, listed),
            None => listed.iter().filter(|one| one.name == *name).collect(),
        };
        let ids = of_name.into_iter().map(|one| &one.id);
        ids.filter(|id| **id != client.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_order_of_names_finds_what_a_look_at_all_of_them_finds(
            names in prop::collection::vec("[ab]{1,2}", 0..12),
            wanted in "[ab]{1,2}",
        ) {
            let listed: Vec<ClientSummary> = names
                .iter()
                .enumerate()
                .map(|(at, name)| ClientSummary { id: ClientId::new(format!("{at:026}")), name: name.clone() })
                .collect();
            let all: Vec<&ClientSummary> = listed.iter().filter(|one| one.name == wanted).collect();
            prop_assert_eq!(NameIndex::of(&listed).with(&wanted, &listed), all);
        }
    }
}
