//! Handing a secret over to somebody outside: a file, a program, AWS Secrets Manager. The console and the commands do it in the same way.
//!
//! A value that Cognito tells once must not be lost here, and must not be given up while somebody may have it. So whatever fails says
//! whether anybody can have got it.

pub mod clipboard;
mod command;
mod file;
mod secrets_manager;

use std::io::{self, IsTerminal};
use std::path::Path;

use secrecy::SecretString;

use self::clipboard::{ClipboardHandle, ClipboardLease};
use crate::cognito::{Gateway, StoredSecret};
use crate::domain::delivery::destination::{Delivery, DeliveryError, Destination};
use crate::domain::ids::ClientId;

/// What a program that is handed a secret may say for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildStderr {
    /// It writes to standard error, both streams of it.
    Inherit,
    /// The screen is not its own to write on.
    Discard,
}

/// Where a secret went.
#[derive(Debug)]
pub struct Receipt {
    /// Completes the sentence "Handed over ...".
    words: String,
    /// Why it is not proven that the value arrived; `None` where it was read back and is the same.
    pub unverified: Option<String>,
    /// What AWS Secrets Manager says of it.
    pub stored: Option<StoredSecret>,
    /// What is on the clipboard for as long as this is kept.
    pub copied: Option<ClipboardLease>,
}

impl Receipt {
    /// Completes the sentence "Handed over ...", and says whether that is proven.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.unverified {
            None => format!("{}; read back, and the same", self.words),
            Some(why) => format!("{}; not verified: {why}", self.words),
        }
    }
}

/// Hands `text` over, which is credentials of the app client `of`. What a place keeps already is written over only as
/// [`Delivery::over`] has it, and is read back where that is possible.
///
/// # Errors
/// It did not arrive, or nobody can tell.
pub async fn deliver(
    delivery: &Delivery,
    of: &ClientId,
    text: &SecretString,
    voice: ChildStderr,
    gateway: &Gateway,
) -> Result<Receipt, DeliveryError> {
    let text = text.clone();
    let mut receipt = Receipt {
        words: delivery.to.describe(),
        unverified: None,
        stored: None,
        copied: None,
    };
    match delivery.to.clone() {
        Destination::Clipboard => {
            let (copied, unverified) = blocking(move || {
                let copied = ClipboardLease::put(ClipboardHandle::default(), &text)?;
                let unverified = copied.differs_from(&text);
                Ok((copied, unverified))
            })
            .await?;
            receipt.copied = Some(copied);
            receipt.unverified = unverified;
        }
        Destination::Terminal => {
            clipboard::ask_terminal(&mut io::stderr(), &text)
                .map_err(|error| DeliveryError::Unknown(error.to_string()))?;
            receipt.unverified = Some("a terminal says nothing".to_owned());
        }
        Destination::File(path) => {
            let (delivery, of) = (delivery.clone(), of.clone());
            blocking(move || file::write(&path, &text, delivery.over(&of))).await?;
        }
        Destination::Command(line) => {
            let run = GiveUp(command::Running::default());
            let running = run.0.clone();
            blocking(move || command::write_stdin(&line, &text, voice, &running)).await?;
            receipt.unverified = Some("it ended with exit code 0, and says no more".to_owned());
        }
        Destination::SecretsManager(name) => {
            let over = delivery.over(of);
            let (stored, unverified) = secrets_manager::store(&name, &text, over, gateway).await?;
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
            receipt.unverified = unverified;
            receipt.stored = Some(stored);
        }
    }
    Ok(receipt)
}

/// Ends a program once nobody waits for it any more.
struct GiveUp(command::Running);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// What is known to stand in the way before there is anything to hand over, and before anything is asked of Cognito.
///
/// # Errors
/// Why [`deliver`] would fail.
pub fn check(delivery: &Delivery) -> Result<(), DeliveryError> {
    match &delivery.to {
        Destination::File(path) => file::check(path, delivery.replace),
        Destination::Clipboard => clipboard::check().map_err(DeliveryError::NotDelivered),
        Destination::Terminal if !io::stderr().is_terminal() => Err(DeliveryError::NotDelivered(
            "standard error is no terminal, and so nothing that could be asked with OSC 52"
                .to_owned(),
        )),
        Destination::Terminal | Destination::Command(_) | Destination::SecretsManager(_) => Ok(()),
    }
}

/// That the place is free for credentials of the app client `of`: asked before the first change, when a value that has no place to go
/// would be lost.
///
/// # Errors
/// It holds something else, or what it holds is not known.
pub async fn check_free(
    delivery: &Delivery,
    of: &ClientId,
    gateway: &Gateway,
) -> Result<(), DeliveryError> {
    match delivery.to.clone() {
        Destination::File(path) => {
            let (delivery, of) = (delivery.clone(), of.clone());
            blocking(move || file::check_overwrite(&path, delivery.over(&of))).await
        }
        Destination::SecretsManager(name) => {
            let free = secrets_manager::check_overwrite(&name, delivery.over(of), gateway).await;
            free.map(|_| ())
        }
        Destination::Clipboard | Destination::Terminal | Destination::Command(_) => Ok(()),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DeliveryError> + Send + 'static,
) -> Result<T, DeliveryError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(DeliveryError::Unknown(error.to_string())))
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
