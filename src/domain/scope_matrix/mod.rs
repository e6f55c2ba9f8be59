//! Who may ask for what: the app clients of a pool against the scopes of its resource servers, in one matrix.
//!
//! A scope has a column if a resource server defines it, or if a client lists it as one of a resource server's. The scopes of
//! sign-in (`openid` and the like) have none: no machine can ask for them.

mod listings;
mod print;

use super::client::{AppClient, ClientSummary, ClientType};
use super::ids::ClientId;
use super::resource_server::ResourceServer;
use super::scope::ScopeName;

pub use listings::Listings;

/// What one client's listing of one scope is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Listed and defined: the client's tokens can carry it.
    Allowed,
    /// Listed, but no resource server defines it any more: tokens lack it.
    Inactive,
    /// Defined, but not listed: asking for it is refused.
    NotAllowed,
    /// Neither listed nor defined.
    NotDefined,
    /// Listed; the resource servers are not all read, so that it may be defined.
    Listed,
}

impl Cell {
    /// Its word in exports.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Inactive => "inactive",
            Self::NotAllowed => "not_allowed",
            Self::NotDefined => "not_defined",
            Self::Listed => "listed",
        }
    }
}

/// A column: one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeColumn {
    pub scope: ScopeName,
    /// Of its definition; empty where it has none.
    pub description: String,
    /// Whether a resource server defines it.
    pub defined: bool,
    /// How many of the clients that were read list it.
    pub holders: usize,
}

impl ScopeColumn {
    /// The identifier of its resource server, defined or not.
    #[must_use]
    pub fn server(&self) -> &str {
        self.scope.split().map_or("", |(identifier, _)| identifier)
    }

    /// Its name on that server.
    #[must_use]
    pub fn name(&self) -> &str {
        self.scope
            .split()
            .map_or(self.scope.as_str(), |(_, name)| name)
    }
}

/// A row: one app client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    pub id: ClientId,
    pub name: String,
    /// How it was made; `None` where its settings were not read, or do not say.
    pub client_type: Option<ClientType>,
    /// What it lists; `None` where its settings were not read.
    pub held: Option<GrantedScopes>,
}

/// What a client lists of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantedScopes {
    /// The columns' places, in order. Few of many: a dense row of a pool with thousands of scopes would be all gaps.
    columns: Vec<usize>,
    /// How many of them are defined.
    pub allowed: usize,
    /// How many are not.
    pub inactive: usize,
    /// The resource servers of more than one scope of which it holds every one: what a leaked secret is good for is not limited.
    pub whole_servers: Vec<String>,
}

/// The matrix of what was read. The default is of nothing read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeMatrix {
    /// Whether all resource servers are in it: without that, what no column defines may be defined all the same.
    pub servers_whole: bool,
    /// Whether all app clients have a row.
    pub clients_whole: bool,
    /// Grouped by resource server, in the servers' order; then those of servers that are gone.
    pub columns: Vec<ScopeColumn>,
    /// In the order in which the clients were given.
    pub rows: Vec<ClientRow>,
}

impl ScopeMatrix {
    /// The matrix of all these servers and clients; a client whose settings were not read comes with `None`.
    pub fn of<'a>(
        servers: &[ResourceServer],
        clients: impl Iterator<Item = (&'a ClientSummary, Option<&'a AppClient>)>,
    ) -> Self {
        let mut listings = Listings::default();
        for (listed, client) in clients {
            listings.push(listed.clone(), client);
        }
        listings.map(servers)
    }

    /// The cell of a client and a scope; `None` where the client was not read.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<Cell> {
        let held = self.rows.get(row)?.held.as_ref()?;
        let defined = self.columns.get(column)?.defined;
        let listed = held.columns.binary_search(&column).is_ok();
        Some(match (listed, defined) {
            (true, true) => Cell::Allowed,
            (true, false) if self.servers_whole => Cell::Inactive,
            (true, false) => Cell::Listed,
            (false, false) if self.servers_whole => Cell::NotDefined,
            // That the client does not list it is known either way.
            (false, _) => Cell::NotAllowed,
        })
    }

    /// The scopes that a row's client lists, in the order of the columns.
    pub fn listed<'a>(&'a self, row: &'a ClientRow) -> impl Iterator<Item = &'a ScopeColumn> {
        let held = row.held.iter().flat_map(|held| &held.columns);
        held.filter_map(|at| self.columns.get(*at))
    }

    /// How many clients were read.
    #[must_use]
    pub fn read(&self) -> usize {
        self.rows.iter().filter(|row| row.held.is_some()).count()
    }

    /// Whether all clients were read: only then is a scope that none of them lists unused.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.clients_whole && self.rows.iter().all(|row| row.held.is_some())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Cell::{Allowed, Inactive, NotAllowed, NotDefined};
    use super::*;
    use crate::domain::client::tests::client;
    use crate::domain::ids::PoolId;
    use crate::domain::resource_server::Scope;

    fn server(identifier: &str, scopes: &[&str]) -> ResourceServer {
        ResourceServer {
            identifier: identifier.to_owned(),
            name: format!("{identifier} API"),
            scopes: scopes
                .iter()
                .map(|name| Scope {
                    name: (*name).to_owned(),
                    description: format!("to {name}"),
                })
                .collect(),
            ..ResourceServer::default()
        }
    }

    fn map(clients: &[(&str, Option<&[&str]>)]) -> ScopeMatrix {
        let servers = [
            server("orders", &["read", "write"]),
            server("https://api.example/v1", &["admin"]),
        ];
        let described: Vec<_> = clients
            .iter()
            .map(|(name, scopes)| {
                let listed = ClientSummary {
                    id: ClientId::new(format!("id-{name}")),
                    name: (*name).to_owned(),
                };
                (listed, scopes.map(client))
            })
            .collect();
        ScopeMatrix::of(
            &servers,
            described
                .iter()
                .map(|(listed, client)| (listed, client.as_ref())),
        )
    }

    #[test]
    fn a_cell_says_what_a_scope_is_worth_to_a_client() {
        let map = map(&[
            (
                "reader",
                Some(&["orders/read", "openid", "orders/gone", "old/gone"]),
            ),
            ("admin", Some(&["https://api.example/v1/admin"])),
            ("unread", None),
        ]);
        let scopes: Vec<&str> = map
            .columns
            .iter()
            .map(|column| column.scope.as_str())
            .collect();
        assert_eq!(
            scopes,
            [
                "orders/read",
                "orders/write",
                "orders/gone",
                "https://api.example/v1/admin",
                "old/gone"
            ]
        );
        let row = |row| {
            (0..5)
                .map(|column| map.cell(row, column))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            row(0),
            [Allowed, NotAllowed, Inactive, NotAllowed, Inactive].map(Some)
        );
        assert_eq!(
            row(1),
            [NotAllowed, NotAllowed, NotDefined, Allowed, NotDefined].map(Some)
        );
        assert_eq!(row(2), [None; 5]);
        assert_eq!(map.cell(9, 0), None);
        assert_eq!(map.cell(0, 9), None);
        let first = map.rows[0].held.as_ref().unwrap();
        assert_eq!((first.allowed, first.inactive), (1, 2));
        assert_eq!(
            (map.columns[3].server(), map.columns[3].name()),
            ("https://api.example/v1", "admin")
        );
    }

    #[test]
    fn totals_count_who_lists_a_scope_and_who_was_read() {
        let map = map(&[
            ("a", Some(&["orders/read"])),
            ("b", Some(&["orders/read", "orders/read"])),
            ("c", None),
        ]);
        let holders: Vec<usize> = map.columns.iter().map(|column| column.holders).collect();
        assert_eq!(holders, [2, 0, 0]);
        assert_eq!((map.read(), map.is_whole()), (2, false));
    }

    #[test]
    fn while_servers_are_missing_no_scope_counts_as_undefined() {
        let mut map = map(&[("a", Some(&["orders/read", "later/read"]))]);
        map.servers_whole = false;
        let cells = [0, 3].map(|at| map.cell(0, at));
        assert_eq!(cells, [Some(Allowed), Some(Cell::Listed)]);
        map.clients_whole = false;
        assert!(!map.is_whole());
    }

    #[test]
    fn to_hold_all_of_a_server_with_a_choice_is_too_much() {
        let map = map(&[
            ("all", Some(&["orders/write", "orders/read"])),
            (
                "one",
                Some(&["orders/read", "https://api.example/v1/admin"]),
            ),
        ]);
        let whole = |row: usize| map.rows[row].held.as_ref().unwrap().whole_servers.clone();
        assert_eq!(whole(0), ["orders"]);
        assert_eq!(whole(1), Vec::<String>::new());
    }

    #[test]
    fn csv_is_quoted_and_runs_nothing_in_a_spreadsheet() {
        let map = map(&[
            ("=HYPERLINK(1),\"x\"", Some(&["orders/read"])),
            ("late", None),
        ]);
        let lines: Vec<String> = map.csv().collect();
        assert_eq!(
            lines,
            [
                "client_id,name,allowed,inactive,orders/read,orders/write,https://api.example/v1/admin\n",
                "\"id-=HYPERLINK(1),\"\"x\"\"\",\"'=HYPERLINK(1),\"\"x\"\"\",1,0,allowed,not_allowed,not_allowed\n",
                "id-late,late,,,unread,unread,unread\n",
                ",clients that list it,,,,,\n",
            ]
        );
    }

    #[test]
    fn json_has_an_object_a_client() {
        let map = map(&[
            ("reader", Some(&["orders/read", "old/gone"])),
            ("late", None),
        ]);
        let pool = PoolId::new("eu-west-1_A");
        let who = json!({"account": "123456789012"});
        let rows = map
            .json(&pool, &who)
            .map(|row| serde_json::to_value(row).unwrap());
        let rows: Vec<Value> = rows.collect();
        assert_eq!(
            rows[0],
            json!({
                "pool_id": "eu-west-1_A", "client_id": "id-reader", "name": "reader", "client_type": null,
                "identity": who, "allowed": 1, "inactive": 1,
                "scopes": {
                    "orders/read": "allowed", "orders/write": "not_allowed",
                    "https://api.example/v1/admin": "not_allowed", "old/gone": "inactive",
                }
            })
        );
        assert_eq!(rows[1]["scopes"], Value::Null);
    }
}
