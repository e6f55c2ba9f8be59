//! Delivers a secret to a file, a program, a clipboard or AWS Secrets Manager, for the console and the commands.
//!
//! Cognito shows a value once, so it must not be lost here, nor be deleted while a target may have it. So every error says whether
//! the value may have been delivered.

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

/// Where the output of the target program goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildStderr {
    /// Both streams go to stderr.
    Inherit,
    /// Discarded: the console owns the screen.
    Discard,
}

/// The result of a delivery.
#[derive(Debug)]
pub struct Receipt {
    /// Completes the sentence "Delivered ...".
    words: String,
    /// Why the delivery is not verified; `None` if the value was read back and is equal.
    pub unverified: Option<String>,
    /// The stored secret in AWS Secrets Manager.
    pub stored: Option<StoredSecret>,
    /// The clipboard's content, served while this is kept.
    pub copied: Option<ClipboardLease>,
}

impl Receipt {
    /// Completes the sentence "Delivered ...", and says whether that is verified.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.unverified {
            None => format!("{}; verified by reading back", self.words),
            Some(why) => format!("{}; not verified: {why}", self.words),
        }
    }
}

/// Delivers `text`, the credentials of app client `of`. Overwrites only what [`Delivery::over`] permits, and reads the value back if
/// possible.
///
/// # Errors
/// It was not delivered, or it is unknown whether it was.
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
            receipt.unverified = Some("a terminal sends no confirmation".to_owned());
        }
        Destination::File(path) => {
            let (delivery, of) = (delivery.clone(), of.clone());
            blocking(move || file::write(&path, &text, delivery.over(&of))).await?;
        }
        Destination::Command(line) => {
            let run = GiveUp(command::Running::default());
            let running = run.0.clone();
            blocking(move || command::write_stdin(&line, &text, voice, &running)).await?;
            receipt.unverified = Some("exit code 0 is the only confirmation".to_owned());
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

/// Ends a program when the delivery is dropped.
struct GiveUp(command::Running);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// Checks a target before the first request to Cognito.
///
/// # Errors
/// Why [`deliver`] would fail.
pub fn check(delivery: &Delivery) -> Result<(), DeliveryError> {
    match &delivery.to {
        Destination::File(path) => file::check(path, delivery.replace),
        Destination::Clipboard => clipboard::check().map_err(DeliveryError::NotDelivered),
        Destination::Terminal if !io::stderr().is_terminal() => Err(DeliveryError::NotDelivered(
            "osc52 needs a terminal on stderr".to_owned(),
        )),
        Destination::Terminal | Destination::Command(_) | Destination::SecretsManager(_) => Ok(()),
    }
}

/// Checks before the first change that a target can take credentials of app client `of`: later the value would be lost.
///
/// # Errors
/// It holds something else, or its content is unknown.
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

/// Returns the error of a file, in one sentence.
fn about_file(path: &Path, error: &io::Error) -> String {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("{path} already exists and is never overwritten")
        }
        _ => format!("cannot write {path}: {error}"),
    }
}
