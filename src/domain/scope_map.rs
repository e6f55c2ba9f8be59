//! Who may ask for what: the app clients of a pool against the scopes of its resource servers, in one matrix.
//!
//! A scope has a column if a resource server defines it, or if a client lists it as one of a resource server's. The scopes of
//! sign-in (`openid` and the like) have none: no machine can ask for them.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::client::{AppClient, ClientSummary};
use super::csv::line;
use super::ids::{ClientId, PoolId};
use super::resource_server::ResourceServer;
use super::scope::ScopeName;

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
}

impl Cell {
    /// Its word in exports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Inactive => "inactive",
            Self::NotAllowed => "not_allowed",
            Self::NotDefined => "not_defined",
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
    /// What it lists; `None` where its settings were not read.
    pub held: Option<Held>,
}

/// What a client lists of the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The columns' places, in order. Few of many: a dense row of a pool with thousands of scopes would be all gaps.
    columns: Vec<usize>,
    /// How many of them are defined.
    pub allowed: usize,
    /// How many are not.
    pub inactive: usize,
    /// The resource servers of more than one scope of which it holds every one: what a leaked secret is good for is not limited.
    pub whole_servers: Vec<String>,
}

/// The whole matrix, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeMap {
    /// Grouped by resource server, in the servers' order; then those of servers that are gone.
    pub columns: Vec<ScopeColumn>,
    /// In the order in which the clients were given.
    pub rows: Vec<ClientRow>,
}

impl ScopeMap {
    /// The matrix of these servers and clients; a client whose settings were not read comes with `None`.
    pub fn of<'a>(
        servers: &[ResourceServer],
        clients: impl Iterator<Item = (&'a ClientSummary, Option<&'a AppClient>)> + Clone,
    ) -> Self {
        let mut columns = columns(servers, clients.clone().filter_map(|(_, client)| client));
        let places: HashMap<String, usize> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| (column.scope.as_str().to_owned(), at))
            .collect();
        let rows = clients
            .map(|(listed, client)| ClientRow {
                id: listed.id.clone(),
                name: listed.name.clone(),
                held: client.map(|client| held(client, servers, &places, &mut columns)),
            })
            .collect();
        Self { columns, rows }
    }

    /// What stands at a crossing; `None` where the client was not read.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Option<Cell> {
        let held = self.rows.get(row)?.held.as_ref()?;
        let defined = self.columns.get(column)?.defined;
        let listed = held.columns.binary_search(&column).is_ok();
        Some(match (listed, defined) {
            (true, true) => Cell::Allowed,
            (true, false) => Cell::Inactive,
            (false, true) => Cell::NotAllowed,
            (false, false) => Cell::NotDefined,
        })
    }

    /// How many clients were read.
    #[must_use]
    pub fn read(&self) -> usize {
        self.rows.iter().filter(|row| row.held.is_some()).count()
    }

    /// Whether all clients were read: only then is a scope that none of them lists one that nobody holds.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.rows.iter().all(|row| row.held.is_some())
    }

    /// The rows as JSON, one object a client, as `list matrix --json` prints them.
    pub fn json<'a>(&'a self, pool: &'a PoolId) -> impl Iterator<Item = Value> + 'a {
        self.rows.iter().enumerate().map(move |(at, row)| {
            let scopes = row.held.as_ref().map(|_| {
                let cell = |(column, scope): (usize, &ScopeColumn)| {
                    let word = self.cell(at, column).map(Cell::word);
                    (scope.scope.as_str().to_owned(), json!(word))
                };
                Value::Object(
                    self.columns
                        .iter()
                        .enumerate()
                        .map(cell)
                        .collect::<Map<_, _>>(),
                )
            });
            json!({
                "pool_id": pool.as_str(),
                "client_id": row.id.as_str(),
                "name": row.name,
                "allowed": row.held.as_ref().map(|held| held.allowed),
                "inactive": row.held.as_ref().map(|held| held.inactive),
                "scopes": scopes,
            })
        })
    }

    /// The matrix as CSV (RFC 4180, lines ended by a line feed): a head, a line a client, a line of totals. Of a client that was not
    /// read the counts are empty, and its cells say so.
    #[must_use]
    pub fn csv(&self) -> String {
        let scopes = || self.columns.iter().map(|column| column.scope.as_str());
        let mut out = line(
            ["client_id", "name", "allowed", "inactive"]
                .into_iter()
                .chain(scopes()),
        );
        for (at, row) in self.rows.iter().enumerate() {
            let count = |count: fn(&Held) -> usize| {
                row.held
                    .as_ref()
                    .map_or_else(String::new, |held| count(held).to_string())
            };
            let (allowed, inactive) = (count(|held| held.allowed), count(|held| held.inactive));
            let cells = (0..self.columns.len())
                .map(|column| self.cell(at, column).map_or("unread", Cell::word));
            let fields = [row.id.as_str(), &row.name, &allowed, &inactive];
            out.push_str(&line(fields.into_iter().chain(cells)));
        }
        let totals: Vec<String> = self
            .columns
            .iter()
            .map(|column| column.holders.to_string())
            .collect();
        let fields = ["", "clients that list it", "", ""].into_iter();
        out.push_str(&line(fields.chain(totals.iter().map(String::as_str))));
        out
    }
}

/// The columns: each server's scopes, what clients list of that server beyond them, then what they list of servers that are gone.
fn columns<'a>(
    servers: &[ResourceServer],
    clients: impl Iterator<Item = &'a AppClient>,
) -> Vec<ScopeColumn> {
    let mut groups: Vec<(&str, Vec<ScopeColumn>)> = servers
        .iter()
        .map(|server| (server.identifier.as_str(), defined(server)))
        .collect();
    let known: HashMap<&str, usize> = groups
        .iter()
        .enumerate()
        .map(|(at, (identifier, _))| (*identifier, at))
        .collect();
    let mut gone: BTreeMap<&str, BTreeMap<&str, &ScopeName>> = BTreeMap::new();
    for scope in clients.flat_map(|client| &client.settings.scopes) {
        if let Some((identifier, name)) = scope.split() {
            gone.entry(identifier).or_default().insert(name, scope);
        }
    }
    let mut of_gone_servers = Vec::new();
    for (identifier, scopes) in gone {
        let group = match known.get(identifier).and_then(|at| groups.get_mut(*at)) {
            Some((_, group)) => group,
            None => &mut of_gone_servers,
        };
        let there: Vec<ScopeName> = group.iter().map(|column| column.scope.clone()).collect();
        let missing = scopes.into_values().filter(|scope| !there.contains(scope));
        group.extend(missing.map(|scope| ScopeColumn {
            scope: scope.clone(),
            description: String::new(),
            defined: false,
            holders: 0,
        }));
    }
    let defined = groups.into_iter().flat_map(|(_, group)| group);
    defined.chain(of_gone_servers).collect()
}

fn defined(server: &ResourceServer) -> Vec<ScopeColumn> {
    let column = |(scope, definition): (ScopeName, &super::resource_server::Scope)| ScopeColumn {
        scope,
        description: definition.description.clone(),
        defined: true,
        holders: 0,
    };
    server
        .scope_names()
        .zip(&server.scopes)
        .map(column)
        .collect()
}

fn held(
    client: &AppClient,
    servers: &[ResourceServer],
    places: &HashMap<String, usize>,
    columns: &mut [ScopeColumn],
) -> Held {
    let mut held = Held::default();
    let listed = client.settings.scopes.iter();
    held.columns = listed
        .filter_map(|scope| places.get(scope.as_str()).copied())
        .collect();
    held.columns.sort_unstable();
    held.columns.dedup();
    let mut of_server: HashMap<String, usize> = HashMap::new();
    for at in &held.columns {
        let Some(column) = columns.get_mut(*at) else {
            continue;
        };
        column.holders += 1;
        if column.defined {
            held.allowed += 1;
            *of_server.entry(column.server().to_owned()).or_default() += 1;
        } else {
            held.inactive += 1;
        }
    }
    // To hold the only scope of a server is no choice.
    held.whole_servers = servers
        .iter()
        .filter(|server| server.scopes.len() > 1)
        .filter(|server| of_server.get(&server.identifier) == Some(&server.scopes.len()))
        .map(|server| server.identifier.clone())
        .collect();
    held
}

#[cfg(test)]
mod tests {
    use super::Cell::{Allowed, Inactive, NotAllowed, NotDefined};
    use super::*;
    use crate::domain::client::tests::client;
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
            managed_by: None,
        }
    }

    fn map(clients: &[(&str, Option<&[&str]>)]) -> ScopeMap {
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
        ScopeMap::of(
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
        let csv = map.csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines,
            [
                "client_id,name,allowed,inactive,orders/read,orders/write,https://api.example/v1/admin",
                "\"id-=HYPERLINK(1),\"\"x\"\"\",\"'=HYPERLINK(1),\"\"x\"\"\",1,0,allowed,not_allowed,not_allowed",
                "id-late,late,,,unread,unread,unread",
                ",clients that list it,,,1,0,0",
            ]
        );
    }

    #[test]
    fn json_has_an_object_a_client() {
        let map = map(&[
            ("reader", Some(&["orders/read", "old/gone"])),
            ("late", None),
        ]);
        let rows: Vec<Value> = map.json(&PoolId::new("eu-west-1_A")).collect();
        assert_eq!(
            rows[0],
            json!({
                "pool_id": "eu-west-1_A", "client_id": "id-reader", "name": "reader", "allowed": 1, "inactive": 1,
                "scopes": {
                    "orders/read": "allowed", "orders/write": "not_allowed",
                    "https://api.example/v1/admin": "not_allowed", "old/gone": "inactive",
                }
            })
        );
        assert_eq!(rows[1]["scopes"], Value::Null);
    }
}
