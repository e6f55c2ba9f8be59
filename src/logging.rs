//! The log: to a file that was asked for, never to the terminal, and only this program's own lines. The libraries below it may log
//! whole requests, which hold secrets; ours name operations and outcomes.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts the log. The file is added to, and on Unix only its owner may read it.
pub fn start(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    let own = Targets::new().with_target("cognitui", LevelFilter::DEBUG);
    tracing_subscriber::registry().with(own).with(layer).try_init().map_err(io::Error::other)
}
