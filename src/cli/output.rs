//! `--output` and `--json`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

/// The format of a result on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// Text for people
    #[default]
    Table,
    /// One JSON value; several rows are one array
    Json,
    /// JSON, one object per line
    Jsonl,
    /// CSV with a heading; an apostrophe precedes spreadsheet formulas
    Csv,
}

/// Whether a command line asks for JSON, be it right or wrong otherwise.
#[must_use]
pub fn wants_json(arguments: impl IntoIterator<Item = OsString>) -> bool {
    let mut before = OsString::new();
    for argument in arguments {
        let json = |format: &str| matches!(format, "json" | "jsonl");
        let text = argument.to_str().unwrap_or_default();
        let given = text.strip_prefix("--output=");
        let follows = before == "--output" && json(text);
        if text == "--json" || follows || given.is_some_and(json) {
            return true;
        }
        before = argument;
    }
    false
}

/// The arguments for the format of a result.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct OutputArgs {
    /// Output format; errors are JSON, too, with json and jsonl
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub output: Option<OutputFormat>,

    /// Same as --output json; rows, one object per line
    #[arg(long, conflicts_with = "output")]
    pub json: bool,
}

impl OutputArgs {
    /// The format of one value.
    #[must_use]
    pub fn format(self) -> OutputFormat {
        self.output.unwrap_or(if self.json {
            OutputFormat::Json
        } else {
            OutputFormat::Table
        })
    }

    /// The format of rows.
    #[must_use]
    pub fn rows(self) -> OutputFormat {
        if self.json {
            OutputFormat::Jsonl
        } else {
            self.format()
        }
    }

    /// Whether the result is data for programs.
    #[must_use]
    pub fn is_data(self) -> bool {
        self.format() != OutputFormat::Table
    }

    /// Whether the result is JSON of either kind.
    #[must_use]
    pub fn is_json(self) -> bool {
        matches!(self.format(), OutputFormat::Json | OutputFormat::Jsonl)
    }
}
