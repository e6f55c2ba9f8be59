//! Where answers go.

use std::io::{self, IsTerminal, Stdout, Write};

use crossterm::terminal;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::commands::Failure;
use crate::text::clean;

/// Standard output, and what is known of it.
pub struct Output {
    stdout: Stdout,
    terminal: bool,
}

/// Why a secret was not printed.
#[derive(Debug)]
pub struct OutputError {
    pub error: io::Error,
    /// Somebody may have got it, or a part of it.
    pub may_have_leaked: bool,
}

impl From<OutputError> for Failure {
    fn from(unprinted: OutputError) -> Self {
        Self::Print(unprinted.error)
    }
}

impl Output {
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
    ///
    /// # Errors
    /// Nobody got it, where not even its beginning was taken; else somebody may have.
    pub fn secret(&mut self, text: &SecretString) -> Result<(), OutputError> {
        let mut lines = text.expose_secret().to_owned();
        if !lines.ends_with('\n') {
            lines.push('\n');
        }
        // Whole lines, and nothing waits before them: what fails at first has not gone out.
        print(&mut self.stdout, lines.as_bytes())
    }

    /// A JSON value over several lines.
    pub fn json(&mut self, value: &Value) -> io::Result<()> {
        writeln!(self.stdout, "{value:#}")?;
        self.stdout.flush()
    }
}

fn print(out: &mut impl Write, bytes: &[u8]) -> Result<(), OutputError> {
    let mut rest = bytes;
    let mut taken = false;
    while !rest.is_empty() {
        match out.write(rest) {
            Ok(0) => {
                let error = io::ErrorKind::WriteZero.into();
                return Err(OutputError {
                    error,
                    may_have_leaked: taken,
                });
            }
            Ok(count) => {
                taken = true;
                rest = rest.get(count..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(OutputError {
                    error,
                    may_have_leaked: taken,
                });
            }
        }
    }
    out.flush().map_err(|error| OutputError {
        error,
        may_have_leaked: taken,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that takes so many bytes and goes.
    struct Reader(usize);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = self.0.min(bytes.len());
            self.0 -= taken;
            match taken {
                0 => Err(io::ErrorKind::BrokenPipe.into()),
                taken => Ok(taken),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_took_the_beginning_may_have_got_it() {
        let taken =
            |bytes| print(&mut Reader(bytes), b"secret\n").map_err(|error| error.may_have_leaked);
        assert_eq!(taken(0), Err(false));
        assert_eq!(taken(1), Err(true));
        assert_eq!(taken(7), Ok(()));
    }
}
