//! Secrets that were asked to be seen and are still on their way: one that comes late is shown to nobody who has looked away.

use super::App;
use super::message::{Effect, Notice};
use super::store::Request;
use crate::domain::ids::{ClientId, PoolId};

/// The secret that was asked for last.
#[derive(Debug)]
pub(super) struct PendingReveal {
    pool: PoolId,
    client: ClientId,
    /// The user has neither taken it back nor looked away since.
    wanted: bool,
}

impl App {
    /// Sends for a secret to be shown. The same key again, while it is on its way, hides it as it would if it were there; and once
    /// more shows it.
    pub(super) fn begin_reveal(
        &mut self,
        pool: &PoolId,
        client: &ClientId,
        effect: Effect,
        out: &mut Vec<Effect>,
    ) {
        match &mut self.reveal {
            Some(reveal) if (&reveal.pool, &reveal.client) == (pool, client) => {
                reveal.wanted = !reveal.wanted;
                let words = if reveal.wanted {
                    "The secret is shown when it arrives"
                } else {
                    "The secret stays hidden"
                };
                self.notice = Some(Notice::info(words));
            }
            _ => {
                self.reveal = Some(PendingReveal {
                    pool: pool.clone(),
                    client: client.clone(),
                    wanted: true,
                });
                self.start_request(Request::Other, effect, out);
            }
        }
    }

    /// The answer to one is there, or why there is none. Whether it may be shown.
    pub(super) fn end_reveal(&mut self, pool: &PoolId, client: &ClientId) -> bool {
        let is_it = |reveal: &mut PendingReveal| (&reveal.pool, &reveal.client) == (pool, client);
        self.reveal
            .take_if(is_it)
            .is_some_and(|reveal| reveal.wanted)
    }

    /// The user has looked away.
    pub(super) fn cover_reveal(&mut self) {
        if let Some(reveal) = &mut self.reveal {
            reveal.wanted = false;
        }
    }
}
