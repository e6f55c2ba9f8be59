//! Standard output.

use std::io::{self, IsTerminal, Stdout, Write};

use crossterm::terminal;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::commands::Failure;
use crate::text::clean;

/// Standard output and its properties.
pub struct Output {
    stdout: Stdout,
    terminal: bool,
    /// Nobody is asked.
    no_input: bool,
}

/// Why a secret was not printed.
#[derive(Debug)]
pub struct OutputError {
    pub error: io::Error,
    /// Some or all of it may have been read.
    pub may_have_leaked: bool,
}

impl From<OutputError> for Failure {
    fn from(unprinted: OutputError) -> Self {
        Self::Print(unprinted.error)
    }
}

impl Output {
    /// `no_input`: no question is asked.
    pub fn stdout(no_input: bool) -> Self {
        let stdout = io::stdout();
        Self {
            terminal: stdout.is_terminal(),
            stdout,
            no_input,
        }
    }

    /// Whether it is a terminal, which bystanders can read.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether questions are not asked.
    pub fn no_input(&self) -> bool {
        self.no_input
    }

    /// Whether somebody can be asked: both ends are a terminal, and `--no-input` does not forbid it.
    pub fn asks(&self) -> bool {
        !self.no_input && self.terminal && io::stdin().is_terminal()
    }

    /// The columns of a line; `None` without a limit.
    pub fn room(&self) -> Option<usize> {
        let (columns, _) = terminal::size().ok().filter(|_| self.terminal)?;
        // Some terminals report 0 for an unknown size.
        (columns > 0).then_some(usize::from(columns))
    }

    /// Whether headings are bold: on a terminal without `NO_COLOR`.
    pub fn bold(&self) -> bool {
        self.terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
    }

    /// Prints a line of text, cleaned.
    pub fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.stdout, "{}", clean(text))
    }

    /// Prints text without cleaning.
    pub fn raw(&mut self, lines: &str) -> io::Result<()> {
        self.stdout.write_all(lines.as_bytes())?;
        self.stdout.flush()
    }

    /// Prints a requested secret and a line break.
    ///
    /// # Errors
    /// The write failed; [`Unprinted`] says whether some of it may have been read.
    pub fn secret(&mut self, text: &SecretString) -> Result<(), OutputError> {
        let mut lines = text.expose_secret().to_owned();
        if !lines.ends_with('\n') {
            lines.push('\n');
        }
        // Nothing is buffered before it: if the first write fails, nothing has been read.
        print(&mut self.stdout, lines.as_bytes())
    }

    /// Prints a JSON value on several lines.
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

    /// A reader that takes so many bytes and closes.
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
