//! Rows of a result, and one value, in each output format.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::Value;

use super::output::Output;
use super::table::{Column, Table};
use crate::cli::OutputFormat;
use crate::commands::Failure;
use crate::domain::csv;
use crate::text::Cut;

/// A row: the cells of the table, and the JSON object.
pub struct Row {
    pub cells: Vec<String>,
    pub json: Value,
}

/// The member that CSV leaves out: it is the same in every row.
const IDENTITY: &str = "identity";

/// Prints rows as they arrive.
pub struct Rows<'a> {
    out: &'a mut Output,
    format: OutputFormat,
    table: Table,
    empty: bool,
}

impl<'a> Rows<'a> {
    pub fn new(format: OutputFormat, columns: Vec<Column>, out: &'a mut Output) -> Self {
        Self {
            table: Table::new(columns, out.room(), out.bold()),
            out,
            format,
            empty: true,
        }
    }

    /// Whether nothing was printed yet.
    pub fn is_empty(&self) -> bool {
        self.empty
    }

    /// Prints a page of rows.
    ///
    /// # Errors
    /// It cannot be printed.
    pub fn page(&mut self, rows: Vec<Row>) -> Result<(), Failure> {
        if self.format == OutputFormat::Table {
            let cells: Vec<_> = rows.into_iter().map(|row| row.cells).collect();
            self.empty &= cells.is_empty();
            return Ok(self.out.raw(&self.table.page(&cells))?);
        }
        let mut lines = String::new();
        for Row { json, .. } in rows {
            // Writing to a string cannot fail.
            let _ = match self.format {
                OutputFormat::Json if self.empty => write!(lines, "[{json}"),
                OutputFormat::Json => write!(lines, ",\n{json}"),
                OutputFormat::Csv if self.empty => {
                    writeln!(lines, "{}\n{}", heading(&json), record(&json))
                }
                OutputFormat::Csv => writeln!(lines, "{}", record(&json)),
                OutputFormat::Jsonl | OutputFormat::Table => writeln!(lines, "{json}"),
            };
            self.empty = false;
        }
        Ok(self.out.raw(&lines)?)
    }

    /// Prints rows that may not fit into memory: the cells of a table, or JSON.
    ///
    /// # Errors
    /// They cannot be printed.
    pub fn stream<I>(
        &mut self,
        cells: impl Fn() -> I,
        mut json: impl Iterator<Item = impl Serialize>,
    ) -> Result<(), Failure>
    where
        I: Iterator<Item = Vec<String>>,
    {
        if self.format != OutputFormat::Table {
            return json.try_for_each(|row| {
                let json = serde_json::to_value(&row).map_err(io::Error::from)?;
                let cells = Vec::new();
                self.page(vec![Row { cells, json }])
            });
        }
        self.empty &= cells().next().is_none();
        cells().for_each(|cells| self.table.fit(&cells));
        cells().try_for_each(|cells| Ok(self.out.raw(&self.table.page(&[cells]))?))
    }

    /// Ends the result.
    ///
    /// # Errors
    /// It cannot be printed.
    pub fn end(self) -> io::Result<()> {
        match (self.format, self.empty) {
            (OutputFormat::Json, true) => self.out.raw("[]\n"),
            (OutputFormat::Json, false) => self.out.raw("]\n"),
            _ => Ok(()),
        }
    }
}

fn members(row: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = row.as_object().into_iter().flatten();
    let members = members.map(|(name, value)| (name.as_str(), value));
    members.filter(|(name, _)| *name != IDENTITY)
}

fn heading(row: &Value) -> String {
    csv::fields(members(row).map(|(name, _)| name))
}

fn record(row: &Value) -> String {
    let cells: Vec<String> = members(row).map(|(_, value)| cell(value)).collect();
    csv::fields(cells.iter().map(String::as_str))
}

/// A value in one cell: lists of words are joined, objects are JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) if all.iter().all(Value::is_string) => {
            let words: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            words.join(" ")
        }
        other => other.to_string(),
    }
}

/// Prints one value: its members as settings, or JSON.
///
/// # Errors
/// It cannot be printed.
pub fn value(value: &Value, format: OutputFormat, out: &mut Output) -> io::Result<()> {
    let bold = out.bold();
    out.raw(&text(value, format, bold))
}

/// The same as text.
pub fn text(value: &Value, format: OutputFormat, bold: bool) -> String {
    let settings = || {
        let mut found = Vec::new();
        settings(value, "", &mut found);
        found
    };
    match format {
        OutputFormat::Json => format!("{value:#}\n"),
        OutputFormat::Jsonl => format!("{value}\n"),
        OutputFormat::Csv => {
            let mut lines = "setting,value\n".to_owned();
            for (name, value) in settings() {
                let line = csv::fields([name.as_str(), value.as_str()].into_iter());
                let _ = writeln!(lines, "{line}");
            }
            lines
        }
        OutputFormat::Table => {
            let column = |title| Column {
                title,
                cut: Cut::End,
                usual: 0,
            };
            // Nothing is cut: a setting is shown whole.
            let mut table = Table::new(vec![column("SETTING"), column("VALUE")], None, bold);
            let rows: Vec<Vec<String>> = settings()
                .into_iter()
                .map(|(name, value)| {
                    let value = if value.is_empty() { "-" } else { &value };
                    vec![name, value.to_owned()]
                })
                .collect();
            table.page(&rows)
        }
    }
}

/// The members of a value, each under its path. A list of objects has a row for each.
fn settings(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    let at = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(all) if !all.is_empty() => {
            for (name, value) in all {
                settings(value, &at(name), found);
            }
        }
        Value::Array(all) if all.iter().any(Value::is_object) => {
            for (index, value) in all.iter().enumerate() {
                settings(value, &at(&index.to_string()), found);
            }
        }
        Value::Object(_) => found.push((path.to_owned(), String::new())),
        other => found.push((path.to_owned(), cell(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_has_a_row_for_each_setting_however_deep() {
        let value = json!({
            "name": "a", "none": null, "words": ["x", "y"], "empty": [], "inner": {"on": true, "more": {}},
            "scopes": [{"name": "read"}, {"name": "write"}],
        });
        let mut found = Vec::new();
        settings(&value, "", &mut found);
        let found: Vec<_> = found
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("empty", ""),
                ("inner.more", ""),
                ("inner.on", "true"),
                ("name", "a"),
                ("none", ""),
                ("scopes.0.name", "read"),
                ("scopes.1.name", "write"),
                ("words", "x y"),
            ]
        );
    }

    #[test]
    fn a_record_has_a_field_for_each_member_of_its_heading() {
        let row = json!({"identity": {"a": 1}, "id": "=1", "scopes": ["a", "b"], "secret": {"state": "x"}, "z": null});
        assert_eq!(heading(&row), "id,scopes,secret,z");
        assert_eq!(record(&row), r#"'=1,a b,"{""state"":""x""}","#);
    }
}
