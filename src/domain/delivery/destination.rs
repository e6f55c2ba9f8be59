//! Where a secret can be handed over to.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

use crate::domain::delivery::formats;
use crate::domain::ids::ClientId;

/// How long a secret stays on the desktop's clipboard where nothing else was asked for.
pub const ON_CLIPBOARD: Duration = Duration::from_secs(45);

/// A place to hand a secret over to, as `--to` names it. It comes back from [`fmt::Display`] as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// `clipboard`: the desktop's, for as long as [`ON_CLIPBOARD`].
    Clipboard,
    /// `osc52`: the terminal's clipboard, by an escape sequence. A terminal can neither mark it as secret nor take it off again.
    Terminal,
    /// `file:PATH`: a file that only its owner may read.
    File(PathBuf),
    /// `exec:COMMAND`: the standard input of a shell's command line, never its arguments or environment.
    Command(String),
    /// `secretsmanager:NAME`: AWS Secrets Manager, as the current version of the secret of this name or ARN, made where it is not
    /// there. What it keeps is always JSON.
    SecretsManager(String),
}

/// A destination, and what may be lost there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub to: Destination,
    /// Whether the user said that what is there may be written over.
    pub replace: bool,
}

/// What a hand-over may write over: the one rule for every destination that keeps something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite<'a> {
    /// Whatever is there, as the user said so.
    Anything,
    /// The credentials of this app client, of which a rotation makes new ones.
    Client(&'a ClientId),
}

impl Overwrite<'_> {
    /// Whether `kept` may be written over.
    ///
    /// # Errors
    /// What it is, to follow "it holds".
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
    /// What it may write over, where the credentials are `client`'s.
    #[must_use]
    pub fn over<'a>(&self, client: &'a ClientId) -> Overwrite<'a> {
        if self.replace {
            Overwrite::Anything
        } else {
            Overwrite::Client(client)
        }
    }
}

/// Why a secret is not known to have arrived. Each is printed as the end of the sentence "The credentials were ...".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DeliveryError {
    /// Nobody got it.
    #[error("not handed over: {0}")]
    NotDelivered(String),
    /// Nobody got it, as the place is taken, or may be: it can be replaced on purpose.
    #[error("not handed over: {0}")]
    Occupied(String),
    /// Somebody may have got it.
    #[error("perhaps handed over: {0}")]
    Unknown(String),
}

impl DeliveryError {
    /// The same as a sentence of its own.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotDelivered(reason) | Self::Occupied(reason) => {
                format!("Not handed over: {reason}")
            }
            Self::Unknown(reason) => format!("Perhaps handed over: {reason}"),
        }
    }
}

/// The kinds of places that have to be named before a secret can go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DestinationKind {
    File,
    Command,
    SecretsManager,
}

impl DestinationKind {
    /// All of them, the simplest first.
    pub const ALL: [Self; 3] = [Self::File, Self::Command, Self::SecretsManager];

    /// Whether something may be there already, and be lost.
    #[must_use]
    pub fn keeps(self) -> bool {
        matches!(self, Self::File | Self::SecretsManager)
    }

    /// The destination of this kind and name.
    ///
    /// # Errors
    /// The name is empty.
    pub fn named(self, name: &str) -> Result<Destination, String> {
        let name = name.trim();
        if name.is_empty() {
            return Err("Nothing is written here yet".to_owned());
        }
        Ok(match self {
            Self::File => Destination::File(name.into()),
            Self::Command => Destination::Command(name.to_owned()),
            Self::SecretsManager => Destination::SecretsManager(name.to_owned()),
        })
    }
}

/// The forms of a destination, for errors and help.
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
                Err(format!("{kind}: lacks what it names: write {FORMS}"))
            }
            ("file", path) => Ok(Self::File(PathBuf::from(path))),
            ("secretsmanager", name) => Ok(Self::SecretsManager(name.to_owned())),
            ("exec", command) => Ok(Self::Command(command.to_owned())),
            _ => Err(format!("write {FORMS}")),
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
    /// Completes the sentence "Handed over ...".
    pub fn describe(&self) -> String {
        match self {
            Self::Clipboard => "to the clipboard".to_owned(),
            Self::Terminal => {
                "through the terminal (OSC 52), which does not say whether it obeyed".to_owned()
            }
            Self::File(path) => format!("to the file {}", path.display()),
            Self::Command(command) => format!("to the command {command}"),
            Self::SecretsManager(name) => format!("to AWS Secrets Manager as {name}"),
        }
    }

    /// Whether something may be there already, and be lost.
    pub fn keeps(&self) -> bool {
        matches!(self, Self::File(_) | Self::SecretsManager(_))
    }

    /// Whether nothing but JSON is kept there.
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
                .contains("lacks")
        );
        for wrong in ["", "exec", "s3:bucket"] {
            let error = wrong.parse::<Destination>().unwrap_err();
            assert!(error.contains("file:PATH"), "{error}");
        }
    }
}
