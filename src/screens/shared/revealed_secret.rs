//! A revealed secret, which hides after a while.

use secrecy::{ExposeSecret, SecretString};

use crate::domain::time::Timestamp;

/// How long a revealed secret stays on the screen, in seconds.
const SHOWN_FOR: i64 = 30;

/// A secret and when it hides, or nothing.
#[derive(Default)]
pub struct RevealedSecret(Option<(SecretString, Timestamp)>);

impl RevealedSecret {
    /// Shows `secret`.
    pub fn show(&mut self, secret: SecretString, now: Timestamp) {
        let until = Timestamp::from_millis(now.millis() + SHOWN_FOR * 1_000);
        self.0 = Some((secret, until));
    }

    /// Hides and forgets it.
    pub fn hide(&mut self) {
        self.0 = None;
    }

    /// Whether one is shown.
    pub fn is_shown(&self) -> bool {
        self.0.is_some()
    }

    /// The value and the seconds until it hides. Forgets it after that.
    pub fn seen(&mut self, now: Timestamp) -> Option<(&str, i64)> {
        if self.0.as_ref().is_some_and(|(_, until)| *until <= now) {
            self.hide();
        }
        let (secret, until) = self.0.as_ref()?;
        let left = (until.millis() - now.millis() + 999) / 1_000;
        Some((secret.expose_secret(), left))
    }

    /// Until when to tick: one tick longer than it is shown, so that the frame without it is drawn.
    pub fn ticks_until(&self) -> Option<Timestamp> {
        let (_, until) = self.0.as_ref()?;
        Some(Timestamp::from_millis(until.millis() + 2_000))
    }
}
