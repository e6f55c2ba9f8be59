//! Asks for the code of an MFA device on the terminal: stdin may be a secret's.

use std::io::{self, BufRead, BufReader, Write};

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::cognito::{Error, ErrorKind, Gateway};
use crate::domain::shell::option_word;
use crate::text::clean;

/// How often a refused code may be typed again.
const ATTEMPTS: usize = 3;

/// Loads the credentials where their login needs a code. What else a login lacks, the first call reports.
///
/// # Errors
/// There is no terminal to ask on, or the codes are refused.
pub async fn log_in(gateway: &Gateway) -> Result<(), Error> {
    if !gateway.may_ask_code() {
        return Ok(());
    }
    let mut outcome = gateway.log_in().await;
    for _ in 0..ATTEMPTS {
        let Err(error) = &outcome else {
            return Ok(());
        };
        let ErrorKind::CodeNeeded(request) = &error.kind else {
            break;
        };
        let refused = if request.refused { &error.detail } else { "" };
        let Ok(code) = ask(refused, &request.serial) else {
            let profile = option_word("--profile", &request.profile);
            let way = format!("aws sts get-caller-identity {profile}");
            return Err(Error {
                hint: format!("Run it on a terminal, or run `{way}` first: the session is cached."),
                ..error.clone()
            });
        };
        outcome = gateway.give_code(&code).await;
    }
    outcome
}

/// Reads a code from the terminal.
fn ask(refused: &str, serial: &str) -> io::Result<SecretString> {
    let (input, mut output) = terminal()?;
    if !refused.is_empty() {
        writeln!(output, "cognitui: {}", clean(refused))?;
    }
    write!(output, "cognitui: MFA code of {}: ", clean(serial))?;
    output.flush()?;
    let mut line = Zeroizing::new(String::new());
    BufReader::new(input).read_line(&mut line)?;
    match line.trim() {
        "" => Err(io::ErrorKind::UnexpectedEof.into()),
        code => Ok(code.into()),
    }
}

#[cfg(unix)]
fn terminal() -> io::Result<(std::fs::File, std::fs::File)> {
    let terminal = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")?;
    Ok((terminal.try_clone()?, terminal))
}

#[cfg(not(unix))]
fn terminal() -> io::Result<(io::Stdin, io::Stderr)> {
    use std::io::IsTerminal;
    if io::stdin().is_terminal() {
        Ok((io::stdin(), io::stderr()))
    } else {
        Err(io::ErrorKind::Unsupported.into())
    }
}
