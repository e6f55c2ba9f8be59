//! Secrets being revealed. If the user looked away meanwhile, a late secret stays hidden.

use super::App;
use super::message::{Effect, Notice};
use super::store::Request;
use crate::domain::ids::{ClientId, PoolId};

/// The last requested secret.
#[derive(Debug)]
pub(super) struct PendingReveal {
    pool: PoolId,
    client: ClientId,
    /// The user neither canceled nor looked away.
    wanted: bool,
}

impl App {
    /// Requests a secret to show. The same key again, while it loads, hides it; once more shows it.
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
                    "Loading the secret"
                } else {
                    "Secret stays hidden"
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

    /// A secret or its error arrived. Whether to show it.
    pub(super) fn end_reveal(&mut self, pool: &PoolId, client: &ClientId) -> bool {
        let is_it = |reveal: &mut PendingReveal| (&reveal.pool, &reveal.client) == (pool, client);
        self.reveal
            .take_if(is_it)
            .is_some_and(|reveal| reveal.wanted)
    }

    /// The user looked away.
    pub(super) fn cover_reveal(&mut self) {
        if let Some(reveal) = &mut self.reveal {
            reveal.wanted = false;
        }
    }
}
