//! Reads stdin or a file, which may hold a secret.

use std::io::{self, IsTerminal, Read};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::cli::SecretSource;
use crate::cognito::Gateway;
use crate::commands::Failure;
use crate::domain::limits;
use crate::domain::objection::Objection;

/// Far larger than a token or credentials; a wrong file may be larger.
const LARGEST: u64 = 1024 * 1024;

/// All of `from`, with invalid UTF-8 replaced. `name` is the source, `next` what to do if it cannot be read.
///
/// # Errors
/// It cannot be read, or is larger than 1 MiB.
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
            format!("Check the input. {next}"),
        ));
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

/// A client secret from standard input.
pub struct GivenSecret {
    pub value: SecretString,
    /// The old secret, if given.
    pub old: Option<SecretString>,
    /// Its app client, if the JSON names it.
    pub client: Option<String>,
}

/// The client secret of `--secret`, if given.
///
/// # Errors
/// It is no client secret, or was passed as an argument.
pub fn secret_from(
    source: Option<SecretSource>,
    gateway: &Gateway,
) -> Result<Option<SecretString>, Failure> {
    match source {
        None => Ok(None),
        Some(SecretSource::Stdin) => Ok(Some(secret(gateway)?.value)),
        Some(SecretSource::Argument) => Err(Failure::usage(
            "--secret accepts only -, and reads the value from stdin",
            "Arguments are visible to other programs and in shell history: if this was a secret, rotate it.",
        )),
    }
}

/// A client secret from stdin: the value, or JSON credentials. An impossible secret is refused and sent nowhere.
///
/// # Errors
/// There is none, or it cannot be a client secret.
pub fn secret(gateway: &Gateway) -> Result<GivenSecret, Failure> {
    const NEXT: &str = "Pipe the secret to stdin: the value, or JSON with client_secret.";
    let stdin = io::stdin();
    if stdin.is_terminal() {
        return Err(Failure::new(
            "cannot read the secret: stdin is a terminal",
            NEXT,
        ));
    }
    let text = read(Ok(stdin.lock()), "stdin", NEXT)?;
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
        return Err(Failure::new("no secret on stdin", NEXT));
    };
    let elsewhere = gateway.endpoint().is_some();
    let checked = |value: &str| -> Result<SecretString, Failure> {
        limits::secret_to_send(value, elsewhere).map_err(|wrong| no_secret(&wrong))?;
        Ok(SecretString::from(value))
    };
    Ok(GivenSecret {
        value: checked(value)?,
        old: old.map(checked).transpose()?,
        client,
    })
}

/// Checks that `AddUserPoolClientSecret` accepts a secret.
///
/// # Errors
/// It does not.
pub fn addable(secret: &SecretString) -> Result<(), Failure> {
    limits::client_secret(secret.expose_secret()).map_err(|wrong| no_secret(&wrong))
}

fn no_secret(wrong: &Objection) -> Failure {
    Failure::new(
        format!("stdin is not a client secret: {}", wrong.what),
        "Nothing was sent or changed. Check the input.",
    )
}
