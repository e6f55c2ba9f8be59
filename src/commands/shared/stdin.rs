//! What is given to a command to read: on standard input, or in a file. It may be secret.

use std::io::{self, IsTerminal, Read};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::cli::SecretSource;
use crate::cognito::Gateway;
use crate::commands::Failure;
use crate::domain::limits;

/// No token and no credentials come near it; a wrong file may.
const LARGEST: u64 = 1024 * 1024;

/// All of `from`, whatever is no UTF-8 in it replaced. `name` is where it comes from, and `next` what to do where it can't be read.
///
/// # Errors
/// It can't be read, or is larger than 1 MiB.
pub fn read(
    from: io::Result<impl Read>,
    name: &str,
    next: &str,
) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    from.and_then(|from| from.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| Failure::new(format!("cannot read {name}: {error}"), next))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(Failure::new(
            format!("{name} is larger than 1 MiB"),
            format!("Is this the right one? {next}"),
        ));
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

/// A client secret from standard input.
pub struct GivenSecret {
    pub value: SecretString,
    /// The one that it replaces, where that is given, too.
    pub old: Option<SecretString>,
    /// The app client that it is of, where JSON says so.
    pub client: Option<String>,
}

/// The client secret that `--secret` is about, where it was asked for.
///
/// # Errors
/// It is no secret, or was written as an argument.
pub fn secret_from(
    source: Option<SecretSource>,
    gateway: &Gateway,
) -> Result<Option<SecretString>, Failure> {
    match source {
        None => Ok(None),
        Some(SecretSource::Stdin) => Ok(Some(secret(gateway)?.value)),
        Some(SecretSource::Argument) => Err(Failure::usage(
            "--secret takes - alone, and the value on standard input",
            "Other programs can read arguments, and shells keep them: if that was the secret, rotate it.",
        )),
    }
}

/// A client secret from standard input: alone, or in the JSON of credentials. What can't be one where `gateway` leads is refused here, and goes nowhere.
///
/// # Errors
/// There is none.
pub fn secret(gateway: &Gateway) -> Result<GivenSecret, Failure> {
    const NEXT: &str = "Pipe it in: the secret alone, or JSON with a client_secret.";
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Failure::new(
            "the secret is read from standard input, which is a terminal",
            NEXT,
        ));
    }
    let text = read(Ok(stdin.lock()), "standard input", NEXT)?;
    let bare = text.trim();
    let in_json = serde_json::from_str::<Value>(bare).ok();
    let (value, old, client) = match &in_json {
        Some(Value::Object(fields)) => {
            let field = |name| fields.get(name).and_then(Value::as_str);
            (
                field("client_secret"),
                field("old_client_secret"),
                field("client_id").map(str::to_owned),
            )
        }
        _ => (Some(bare), None, None),
    };
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return Err(Failure::new("there is no secret on standard input", NEXT));
    };
    let elsewhere = gateway.endpoint().is_some();
    let checked = |value: &str| -> Result<SecretString, Failure> {
        limits::secret_to_send(value, elsewhere).map_err(|reason| no_secret(&reason))?;
        Ok(SecretString::from(value))
    };
    Ok(GivenSecret {
        value: checked(value)?,
        old: old.map(checked).transpose()?,
        client,
    })
}

/// That a given secret can be added to a client, which takes what `AddUserPoolClientSecret` takes, whoever answers.
///
/// # Errors
/// It can't.
pub fn addable(secret: &SecretString) -> Result<(), Failure> {
    limits::client_secret(secret.expose_secret()).map_err(|reason| no_secret(&reason))
}

fn no_secret(reason: &str) -> Failure {
    Failure::new(
        format!(
            "what is on standard input can be no client secret, and nothing was sent: {reason}"
        ),
        "Nothing was added, deleted or sent. Is it the right input?",
    )
}
