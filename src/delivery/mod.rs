//! Handing a secret over to somebody outside: a file, a program, AWS Secrets Manager. The console and the commands do it in the same way.
//!
//! A value that Cognito tells once must not be lost here, and must not be given up while somebody may have it. So whatever fails says
//! whether anybody can have got it.

pub mod clipboard;
mod command;
mod file;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Instant;

use secrecy::SecretString;

use self::clipboard::{Desktop, OnClipboard};
use crate::cognito::{self, Error, ErrorKind, Gateway, Stored};
use crate::domain::destination::{Destination, Undelivered};

/// What a program that is handed a secret may say for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// It writes to standard error, both streams of it.
    Heard,
    /// The screen is not its own to write on.
    Mute,
}

/// Where a secret went.
#[derive(Debug)]
pub struct Receipt {
    /// Completes the sentence "Handed over ...".
    pub words: String,
    /// What AWS Secrets Manager says of it.
    pub stored: Option<Stored>,
    /// What is on the clipboard for as long as this is kept.
    pub copied: Option<OnClipboard>,
}

/// Hands `text` over.
///
/// # Errors
/// It did not arrive, or nobody can tell.
pub async fn deliver(
    to: &Destination,
    text: &SecretString,
    voice: Voice,
    gateway: &Gateway,
) -> Result<Receipt, Undelivered> {
    let text = text.clone();
    let mut receipt = Receipt {
        words: to.words(),
        stored: None,
        copied: None,
    };
    match to.clone() {
        Destination::Clipboard => {
            receipt.copied =
                Some(blocking(move || OnClipboard::put(Desktop::default(), &text)).await?);
        }
        Destination::Terminal => clipboard::ask_terminal(&mut io::stderr(), &text)
            .map_err(|error| Undelivered::Perhaps(error.to_string()))?,
        Destination::File(path) => blocking(move || file::write(&path, &text)).await?,
        Destination::Command(line) => blocking(move || command::feed(&line, &text, voice)).await?,
        Destination::SecretsManager(name) => {
            let start = Instant::now();
            let stored = gateway.store_secret(&name, &text).await;
            cognito::note("store in Secrets Manager", start, stored.as_ref().err());
            let stored = stored.map_err(|error| not_stored(&error))?;
            receipt.words = format!(
                "to AWS Secrets Manager: {} {}, version {}",
                if stored.created {
                    "the new secret"
                } else {
                    "a new version of"
                },
                stored.arn,
                stored.version
            );
            receipt.stored = Some(stored);
        }
    }
    Ok(receipt)
}

/// A refusal is certain. Where the answer is missing or makes no sense, the value may be there.
fn not_stored(error: &Error) -> Undelivered {
    let words = error.one_line();
    match error.kind {
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Malformed | ErrorKind::Service => {
            Undelivered::Perhaps(words)
        }
        _ => Undelivered::Nobody(words),
    }
}

/// What is known to stand in the way before there is anything to hand over.
///
/// # Errors
/// Why [`deliver`] would fail.
pub fn check(to: &Destination) -> Result<(), String> {
    match to {
        Destination::File(path) => file::check(path),
        Destination::Clipboard => clipboard::check(),
        Destination::Terminal if !io::stderr().is_terminal() => Err(
            "standard error is no terminal, and so nothing that could be asked with OSC 52"
                .to_owned(),
        ),
        Destination::Terminal | Destination::Command(_) | Destination::SecretsManager(_) => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Undelivered> + Send + 'static,
) -> Result<T, Undelivered> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Undelivered::Perhaps(error.to_string())))
}

/// What went wrong with a file, in one sentence.
fn about_file(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{path} is there already, and nothing is written over")
        }
        _ => format!("cannot write {path}: {error}"),
    }
}
