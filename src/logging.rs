//! The log: to a file that was asked for, never to the terminal, and only this program's own lines. The libraries below it may log
//! whole requests, which hold secrets; ours name operations and outcomes.

#[cfg(unix)]
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log. The file is added to, and on Unix only its owner may read it: one that others may is taken from them first.
///
/// # Errors
/// The file can't be opened, or it is somebody else's.
pub fn start(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    keep_from_others(&file)?;
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(file));
    let own = Targets::new().with_target("cognitui", LevelFilter::DEBUG);
    tracing_subscriber::registry()
        .with(own)
        .with(layer)
        .try_init()
        .map_err(io::Error::other)
}

#[cfg(unix)]
fn keep_from_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let found = file.metadata()?;
    let mut permissions = found.permissions();
    // A terminal or a pipe has rights of its own.
    if found.is_file() && permissions.mode() & 0o077 != 0 {
        permissions.set_mode(permissions.mode() & 0o700);
        file.set_permissions(permissions)?;
    }
    Ok(())
}
