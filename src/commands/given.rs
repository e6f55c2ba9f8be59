//! What is given to a command to read: on standard input, or in a file. It may be secret.

use std::io::{self, Read};

use secrecy::zeroize::Zeroizing;

use super::Failure;

/// No token and no credentials come near it; a wrong file may.
const LARGEST: u64 = 1024 * 1024;

/// All of `from`, whatever is no UTF-8 in it replaced. `name` is where it comes from, and `next` what to do where it can't be read.
///
/// # Errors
/// It can't be read, or is larger than 1 MiB.
pub(super) fn read(
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
