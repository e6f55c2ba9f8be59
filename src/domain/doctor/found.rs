//! What was read of a pool, as far as it was.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::Limits;
use crate::domain::client::{AppClient, ClientSummary, SecretDescriptor};
use crate::domain::ids::ClientId;
use crate::domain::pool::{DnsRecord, Domain, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::time::Timestamp;

/// One app client that was described.
#[derive(Clone, Copy, Debug)]
pub struct Described<'a> {
    pub client: &'a AppClient,
    /// Its live secrets; `None` where they were not read.
    pub secrets: Option<&'a [SecretDescriptor]>,
}

/// The state of a pool. Each list is `None` unless it was read to its end.
#[derive(Debug)]
pub struct Found<'a> {
    pub pool: &'a UserPool,
    pub domains: Option<&'a [Domain]>,
    pub servers: Option<&'a [ResourceServer]>,
    /// The names of all app clients.
    pub listed: Option<&'a [ClientSummary]>,
    /// Those of them that were described, which may be few.
    pub clients: &'a [Described<'a>],
    /// What ages are counted from.
    pub now: Timestamp,
    pub limits: Limits,
    /// The custom domains that were looked up, each with what the DNS says of it.
    pub records: Vec<(&'a str, DnsRecord)>,
    names: OnceCell<HashMap<&'a str, Vec<&'a ClientId>>>,
}

impl<'a> Found<'a> {
    /// A pool of which nothing but itself was read; the rest is set field by field.
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
            records: Vec::new(),
            names: OnceCell::new(),
        }
    }

    /// All of the pool's clients, described; `None` while one is missing, when nothing can be said of all of them.
    pub(super) fn every_client(&self) -> Option<&'a [Described<'a>]> {
        let described: HashSet<&ClientId> = self.clients.iter().map(|c| &c.client.id).collect();
        let whole = self
            .listed?
            .iter()
            .all(|listed| described.contains(&listed.id));
        whole.then_some(self.clients)
    }

    /// Makes [`Found::namesakes`] quick, for when it is asked of every client.
    pub(super) fn index_names(&self) {
        self.names.get_or_init(|| {
            let mut names: HashMap<&str, Vec<&ClientId>> = HashMap::new();
            for listed in self.listed.into_iter().flatten() {
                names.entry(&listed.name).or_default().push(&listed.id);
            }
            names
        });
    }

    /// The other clients that have the name of `client`.
    pub(super) fn namesakes(&self, client: &AppClient) -> Vec<&'a ClientId> {
        let of_name: Vec<&ClientId> = match self.names.get() {
            Some(names) => names
                .get(client.settings.name.as_str())
                .cloned()
                .unwrap_or_default(),
            None => self
                .listed
                .into_iter()
                .flatten()
                .filter(|listed| listed.name == client.settings.name)
                .map(|listed| &listed.id)
                .collect(),
        };
        let others = of_name.into_iter();
        others.filter(|id| **id != client.id).collect()
    }
}
