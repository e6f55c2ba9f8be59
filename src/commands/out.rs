//! Where answers go.

use std::io::{self, IsTerminal, Stdout, Write};

use crossterm::terminal;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::text::clean;

/// Standard output, and what is known of it.
pub(super) struct Out {
    stdout: Stdout,
    terminal: bool,
}

impl Out {
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        Self {
            terminal: stdout.is_terminal(),
            stdout,
        }
    }

    /// Whether a person may be reading over somebody's shoulder.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// The columns that a line has; `None` where nothing limits it.
    pub fn room(&self) -> Option<usize> {
        let (columns, _) = terminal::size().ok().filter(|_| self.terminal)?;
        // Some terminals do not know their size and say 0.
        (columns > 0).then_some(usize::from(columns))
    }

    /// Whether headings may be bold: on a terminal, unless `NO_COLOR` asks for plain text.
    pub fn bold(&self) -> bool {
        self.terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }

    /// A line for people, cleaned.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.stdout, "{}", clean(text))
    }

    /// Lines that are made already.
    pub fn raw(&mut self, lines: &str) -> io::Result<()> {
        self.stdout.write_all(lines.as_bytes())?;
        self.stdout.flush()
    }

    /// A secret that was asked for, ended by a line break.
    pub fn secret(&mut self, text: &SecretString) -> io::Result<()> {
        let text = text.expose_secret();
        self.stdout.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            self.stdout.write_all(b"\n")?;
        }
        self.stdout.flush()
    }

    /// A JSON value over several lines.
    pub fn json(&mut self, value: &Value) -> io::Result<()> {
        writeln!(self.stdout, "{value:#}")?;
        self.stdout.flush()
    }
}
