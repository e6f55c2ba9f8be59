//! From what clients list to the map of it. A pool may have ten thousand clients and thirty thousand scopes, of which a client lists
//! fifty at most: what it does not list is nowhere kept.

use std::collections::{BTreeMap, HashMap};

use super::{ClientRow, GrantedScopes, ScopeColumn, ScopeMatrix};
use crate::domain::client::{AppClient, ClientSummary, ClientType};
use crate::domain::ids::ClientId;
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;

/// What app clients list, gathered one by one: of each its names, and of each scope its name once.
#[derive(Debug, Default)]
pub struct Listings {
    scopes: HashMap<ScopeName, usize>,
    clients: Vec<Listing>,
}

#[derive(Debug)]
struct Listing {
    id: ClientId,
    name: String,
    client_type: Option<ClientType>,
    /// The numbers of the scopes; `None` where they were not read.
    scopes: Option<Box<[usize]>>,
}

impl Listings {
    /// Adds a client with what is needed of its settings; `None` where they were not read.
    pub fn push(&mut self, listed: ClientSummary, client: Option<&AppClient>) {
        let scopes = client.map(|client| {
            let scopes = client.settings.scopes.iter();
            scopes.map(|scope| self.number(scope)).collect()
        });
        self.clients.push(Listing {
            id: listed.id,
            name: listed.name,
            client_type: client.and_then(|client| client.client_type.clone()),
            scopes,
        });
    }

    fn number(&mut self, scope: &ScopeName) -> usize {
        if let Some(number) = self.scopes.get(scope) {
            return *number;
        }
        let number = self.scopes.len();
        self.scopes.insert(scope.clone(), number);
        number
    }

    /// The map of all these clients and the scopes of all these servers, with the clients in the order in which they came.
    #[must_use]
    pub fn map(self, servers: &[ResourceServer]) -> ScopeMatrix {
        let mut columns = Columns::of(servers, &self.scopes);
        let rows = self.clients.into_iter().map(|client| ClientRow {
            held: client.scopes.map(|scopes| columns.held(&scopes, servers)),
            id: client.id,
            name: client.name,
            client_type: client.client_type,
        });
        let rows = rows.collect();
        ScopeMatrix {
            servers_whole: true,
            clients_whole: true,
            columns: columns.all,
            rows,
        }
    }
}

struct Columns {
    all: Vec<ScopeColumn>,
    /// Of each column, the place of the server that defines it.
    defined_by: Vec<Option<usize>>,
    /// Of each number of a scope, the place of its column; a scope of sign-in has none.
    places: Vec<Option<usize>>,
}

impl Columns {
    /// Each server's scopes, what clients list of that server beyond them, then what they list of servers that are gone.
    fn of(servers: &[ResourceServer], listed: &HashMap<ScopeName, usize>) -> Self {
        let mut columns = Self {
            all: Vec::new(),
            defined_by: Vec::new(),
            places: vec![None; listed.len()],
        };
        // The scopes that no server has been found to define, by the server that they are of.
        let mut open: BTreeMap<&str, BTreeMap<&str, (&ScopeName, usize)>> = BTreeMap::new();
        for (scope, number) in listed {
            if let Some((identifier, name)) = scope.split() {
                let of_server = open.entry(identifier).or_default();
                of_server.insert(name, (scope, *number));
            }
        }
        for (at, server) in servers.iter().enumerate() {
            let mut of_server = open.remove(server.identifier.as_str()).unwrap_or_default();
            for (scope, definition) in server.scope_names().zip(&server.scopes) {
                let number = of_server.remove(definition.name.as_str());
                let number = number.map(|(_, number)| number);
                columns.add(scope, definition.description.clone(), Some(at), number);
            }
            columns.add_undefined(of_server);
        }
        for (_, of_gone_server) in open {
            columns.add_undefined(of_gone_server);
        }
        columns
    }

    fn add_undefined(&mut self, scopes: BTreeMap<&str, (&ScopeName, usize)>) {
        for (scope, number) in scopes.into_values() {
            self.add(scope.clone(), String::new(), None, Some(number));
        }
    }

    fn add(
        &mut self,
        scope: ScopeName,
        description: String,
        defined_by: Option<usize>,
        number: Option<usize>,
    ) {
        if let Some(place) = number.and_then(|number| self.places.get_mut(number)) {
            *place = Some(self.all.len());
        }
        self.defined_by.push(defined_by);
        self.all.push(ScopeColumn {
            scope,
            description,
            defined: defined_by.is_some(),
            holders: 0,
        });
    }

    /// What a client holds that lists these scopes. It counts as a holder from now on.
    fn held(&mut self, scopes: &[usize], servers: &[ResourceServer]) -> GrantedScopes {
        let mut held = GrantedScopes {
            columns: scopes
                .iter()
                .filter_map(|number| self.places.get(*number).copied().flatten())
                .collect(),
            ..GrantedScopes::default()
        };
        held.columns.sort_unstable();
        held.columns.dedup();
        // How many scopes of each server. The columns of one are next to each other.
        let mut of_servers: Vec<(usize, usize)> = Vec::new();
        for at in &held.columns {
            if let Some(column) = self.all.get_mut(*at) {
                column.holders += 1;
            }
            let Some(server) = self.defined_by.get(*at).copied().flatten() else {
                held.inactive += 1;
                continue;
            };
            held.allowed += 1;
            match of_servers.last_mut() {
                Some((last, count)) if *last == server => *count += 1,
                _ => of_servers.push((server, 1)),
            }
        }
        let whole = of_servers.into_iter().filter_map(|(server, count)| {
            let server = servers.get(server)?;
            // To hold the only scope of a server is no choice.
            (count > 1 && count == server.scopes.len()).then(|| server.identifier.clone())
        });
        held.whole_servers = whole.collect();
        held
    }
}
