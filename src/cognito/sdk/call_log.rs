//! Logs calls and their results, never a value.

use std::time::Instant;

use crate::cognito::error::Error;

/// Logs `what` with its duration since `start` and its error.
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
