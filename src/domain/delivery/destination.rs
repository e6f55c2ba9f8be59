//! The targets of a delivery.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use crate::domain::delivery::formats;
use crate::domain::ids::ClientId;

/// How long a secret stays on the desktop's clipboard by default.
pub const ON_CLIPBOARD: Duration = Duration::from_secs(45);

/// A target as `--to` names it. [`fmt::Display`] prints the same text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// `clipboard`: the desktop's, for [`ON_CLIPBOARD`].
    Clipboard,
    /// `osc52`: the terminal's clipboard, by an escape sequence. It cannot be marked as secret or cleared.
    Terminal,
    /// `file:PATH`: a file that only its owner can read.
    File(PathBuf),
    /// `exec:COMMAND`: the stdin of a shell command, never its arguments or environment.
    Command(String),
    /// `secretsmanager:NAME`: the current version of the secret with this name or ARN in AWS Secrets Manager, created if missing.
    /// Always JSON.
    SecretsManager(String),
}

/// A target, and whether it may be overwritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub to: Destination,
    /// Whether the user allows overwriting any content.
    pub replace: bool,
}

/// What a delivery may overwrite: the rule for every target that keeps data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite<'a> {
    /// Any content: the user allowed it.
    Anything,
    /// The credentials of this app client.
    Client(&'a ClientId),
}

impl Overwrite<'_> {
    /// Checks that `kept` may be overwritten.
    ///
    /// # Errors
    /// What it is, to follow "holds".
    pub fn permits(self, kept: &str) -> Result<(), String> {
        let Self::Client(client) = self else {
            return Ok(());
        };
        match formats::client_of(kept) {
            Some(found) if found == *client => Ok(()),
            Some(found) => Err(format!("the credentials of another app client, {found}")),
            None => Err("something other than an app client's credentials".to_owned()),
        }
    }
}

impl Delivery {
    /// What a delivery of `client`'s credentials may overwrite.
    #[must_use]
    pub fn over<'a>(&self, client: &'a ClientId) -> Overwrite<'a> {
        if self.replace {
            Overwrite::Anything
        } else {
            Overwrite::Client(client)
        }
    }
}

/// Why a delivery failed. Each completes the sentence "The credentials were ...".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeliveryError {
    /// Not delivered.
    #[error("not delivered: {0}")]
    NotDelivered(String),
    /// Not delivered, since the target is or may be occupied; `--replace` overwrites it.
    #[error("not delivered: {0}")]
    Occupied(String),
    /// It may have been delivered.
    #[error("perhaps delivered: {0}")]
    Unknown(String),
}

impl DeliveryError {
    /// The same as a full sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotDelivered(reason) | Self::Occupied(reason) => {
                format!("Not delivered: {reason}")
            }
            Self::Unknown(reason) => format!("Perhaps delivered: {reason}"),
        }
    }
}

/// The kinds of targets that need a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationKind {
    File,
    Command,
    SecretsManager,
}

impl DestinationKind {
    /// All kinds, the simplest first.
    pub const ALL: [Self; 3] = [Self::File, Self::Command, Self::SecretsManager];

    /// Whether it may hold data that would be lost.
    #[must_use]
    pub fn keeps(self) -> bool {
        matches!(self, Self::File | Self::SecretsManager)
    }

    /// The target of this kind and name.
    ///
    /// # Errors
    /// The name is empty.
    pub fn named(self, name: &str) -> Result<Destination, String> {
        let name = name.trim();
        if name.is_empty() {
            return Err("Required".to_owned());
        }
        Ok(match self {
            Self::File => Destination::File(name.into()),
            Self::Command => Destination::Command(name.to_owned()),
            Self::SecretsManager => Destination::SecretsManager(name.to_owned()),
        })
    }
}

/// The syntax of a target, for errors.
pub const FORMS: &str = "clipboard, osc52, file:PATH, exec:COMMAND or secretsmanager:NAME";

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "clipboard" => return Ok(Self::Clipboard),
            "osc52" => return Ok(Self::Terminal),
            _ => {}
        }
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        match (kind, rest) {
            ("file" | "exec" | "secretsmanager", "") => {
                Err(format!("{kind}: needs a value; expected {FORMS}"))
            }
            ("file", path) => Ok(Self::File(PathBuf::from(path))),
            ("secretsmanager", name) => Ok(Self::SecretsManager(name.to_owned())),
            ("exec", command) => Ok(Self::Command(command.to_owned())),
            _ => Err(format!("expected {FORMS}")),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clipboard => f.write_str("clipboard"),
            Self::Terminal => f.write_str("osc52"),
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Command(command) => write!(f, "exec:{command}"),
            Self::SecretsManager(name) => write!(f, "secretsmanager:{name}"),
        }
    }
}

impl Destination {
    /// Completes the sentence "Delivered ...".
    pub fn describe(&self) -> String {
        match self {
            Self::Clipboard => "to the clipboard".to_owned(),
            Self::Terminal => {
                "through the terminal (OSC 52), which sends no confirmation".to_owned()
            }
            Self::File(path) => format!("to the file {}", path.display()),
            Self::Command(command) => format!("to the command {command}"),
            Self::SecretsManager(name) => format!("to AWS Secrets Manager as {name}"),
        }
    }

    /// Whether it may hold data that would be lost.
    pub fn keeps(&self) -> bool {
        matches!(self, Self::File(_) | Self::SecretsManager(_))
    }

    /// Whether it keeps JSON only.
    pub fn keeps_json(&self) -> bool {
        matches!(self, Self::SecretsManager(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over_but_the_clients_own() {
        let (ours, theirs) = (ClientId::new("ours"), ClientId::new("theirs"));
        let kept = |client: &str| {
            format!(
                r#"{{"client_id":"{client}","client_secret":"S","token_endpoint":"https://x"}}"#
            )
        };
        let over = Overwrite::Client(&ours);
        assert_eq!(over.permits(&kept("ours")), Ok(()));
        let refused = over.permits(&kept(theirs.as_str())).unwrap_err();
        assert!(refused.contains("theirs"), "{refused}");
        for other in ["", "S", "{}", r#"{"password":"x"}"#, "client_id=ours"] {
            assert!(over.permits(other).is_err(), "{other}");
            assert_eq!(Overwrite::Anything.permits(other), Ok(()));
        }
    }

    #[test]
    fn a_destination_is_written_as_it_is_read() {
        for text in [
            "clipboard",
            "osc52",
            "file:/tmp/a:b",
            "exec:vault kv put x secret=-",
            "secretsmanager:arn:aws:x",
        ] {
            assert_eq!(text.parse::<Destination>().unwrap().to_string(), text);
        }
        assert!(
            "file:"
                .parse::<Destination>()
                .unwrap_err()
                .contains("needs a value")
        );
        for wrong in ["", "exec", "s3:bucket"] {
            let error = wrong.parse::<Destination>().unwrap_err();
            assert!(error.contains("file:PATH"), "{error}");
        }
    }
}
