//! The map in full, cell by cell, for files and other programs. It is made row by row: all of it at once may be gigabytes.

use std::rc::Rc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::{Cell, ClientRow, ScopeMatrix};
use crate::domain::client::ClientType;
use crate::domain::csv::fields;
use crate::domain::identity::Caller;
use crate::domain::ids::PoolId;

impl ScopeMatrix {
    /// The rows as JSON, one object a client, as `list matrix --json` prints them. `who` read it.
    pub fn json<'a>(
        &'a self,
        pool: &'a PoolId,
        who: &'a Value,
    ) -> impl Iterator<Item = impl Serialize + 'a> {
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        order.sort_by_key(|at| self.columns.get(*at).map(|column| column.scope.as_str()));
        let order: Rc<[usize]> = order.into();
        self.rows.iter().enumerate().map(move |(at, row)| JsonRow {
            pool,
            who,
            row,
            cells: Cells {
                map: self,
                row: at,
                order: Rc::clone(&order),
            },
        })
    }

    /// The rows as one JSON array.
    #[must_use]
    pub fn json_array(&self, pool: &PoolId, caller: &Caller) -> String {
        let who = caller.json();
        let rows: Vec<_> = self.json(pool, &who).collect();
        // Nothing in a row can fail to be put into words.
        serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n"
    }

    /// The matrix as CSV (RFC 4180, lines ended by a line feed), line by line: a head, a line a client, a line of totals. Of a client
    /// that was not read the counts are empty, and its cells say so; the totals are empty then, too.
    pub fn csv(&self) -> impl Iterator<Item = String> + '_ {
        let scopes = self.columns.iter().map(|column| column.scope.as_str());
        let head = ["client_id", "name", "allowed", "inactive"].into_iter();
        let head = fields(head.chain(scopes)) + "\n";
        let whole = self.is_whole();
        let rows = (0..self.rows.len()).map(|at| self.csv_line(at));
        let totals = move || {
            let total = |holders: usize| {
                if whole {
                    holders.to_string()
                } else {
                    String::new()
                }
            };
            let totals: Vec<String> = self
                .columns
                .iter()
                .map(|column| total(column.holders))
                .collect();
            let first = ["", "clients that list it", "", ""].into_iter();
            fields(first.chain(totals.iter().map(String::as_str))) + "\n"
        };
        let totals = std::iter::once_with(totals);
        std::iter::once(head).chain(rows).chain(totals)
    }

    fn csv_line(&self, at: usize) -> String {
        let row = self.rows.get(at);
        let held = row.and_then(|row| row.held.as_ref());
        let counts = held.map(|held| (held.allowed.to_string(), held.inactive.to_string()));
        let (allowed, inactive) = counts.unwrap_or_default();
        let (id, name) = row.map_or(("", ""), |row| (row.id.as_str(), row.name.as_str()));
        let mut line = fields([id, name, &allowed, &inactive].into_iter());
        for column in 0..self.columns.len() {
            line.push(',');
            // Words of our own, which need no quotes.
            line.push_str(self.cell(at, column).map_or("unread", Cell::label));
        }
        line.push('\n');
        line
    }
}

struct JsonRow<'a> {
    pool: &'a PoolId,
    who: &'a Value,
    row: &'a ClientRow,
    cells: Cells<'a>,
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let held = self.row.held.as_ref();
        let mut members = serializer.serialize_map(Some(8))?;
        members.serialize_entry("allowed", &held.map(|held| held.allowed))?;
        members.serialize_entry("client_id", self.row.id.as_str())?;
        let made = self.row.client_type.as_ref().map(ClientType::as_str);
        members.serialize_entry("client_type", &made)?;
        members.serialize_entry("identity", self.who)?;
        members.serialize_entry("inactive", &held.map(|held| held.inactive))?;
        members.serialize_entry("name", &self.row.name)?;
        members.serialize_entry("pool_id", self.pool.as_str())?;
        members.serialize_entry("scopes", &held.map(|_| &self.cells))?;
        members.end()
    }
}

/// The cells of a row, by the names of their scopes.
struct Cells<'a> {
    map: &'a ScopeMatrix,
    row: usize,
    order: Rc<[usize]>,
}

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.order.iter().filter_map(|at| {
            let scope = self.map.columns.get(*at)?.scope.as_str();
            Some((scope, self.map.cell(self.row, *at)?.label()))
        }))
    }
}
