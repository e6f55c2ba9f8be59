//! How calls are logged: what was done and how it went, never a value.

use std::time::Instant;

use crate::cognito::error::Error;

/// Logs `what` was done since `start` and, where it failed, at which operation and how.
pub fn note(what: &str, start: Instant, error: Option<&Error>) {
    let ms = start.elapsed().as_millis();
    match error {
        None => tracing::info!(what, ms, "done"),
        Some(error) => tracing::warn!(
            what,
            ms,
            kind = error.kind.label(),
            operation = error.operation,
            "failed"
        ),
    }
}
