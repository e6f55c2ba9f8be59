//! Secrets being revealed. If the user looked away meanwhile, a late secret stays hidden.

use super::App;
use super::message::{Effect, Notice};
use super::store::Request;

/// The last requested secret.
#[derive(Debug)]
pub(super) struct PendingReveal {
    /// The request, which says whose secret and which one.
    effect: Effect,
    /// The user neither canceled nor looked away.
    wanted: bool,
}

impl App {
    /// Requests a secret to show. The same key again, while it loads, hides it; once more shows it.
    pub(super) fn begin_reveal(&mut self, effect: Effect, out: &mut Vec<Effect>) {
        match &mut self.reveal {
            Some(reveal) if reveal.effect == effect => {
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
                    effect: effect.clone(),
                    wanted: true,
                });
                self.start_request(Request::Other, effect, out);
            }
        }
    }

    /// The secret that `effect` requests, or its error, arrived. Whether to show it.
    pub(super) fn end_reveal(&mut self, effect: &Effect) -> bool {
        self.reveal
            .take_if(|reveal| reveal.effect == *effect)
            .is_some_and(|reveal| reveal.wanted)
    }

    /// Hides the secret: the user looked away.
    pub(super) fn cover_reveal(&mut self) {
        if let Some(reveal) = &mut self.reveal {
            reveal.wanted = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{EmptyScreen, console};
    use crate::domain::ids::{ClientId, PoolId};

    #[test]
    fn two_secrets_of_a_client_are_not_taken_for_each_other() {
        let (pool, client) = (PoolId::new("eu-west-1_A"), ClientId::new("4k2"));
        let reveal = Effect::Reveal(pool.clone(), client.clone());
        let added = Effect::RevealAdded(pool.clone(), client.clone());
        let starts = |effects: &[Effect], of: &Effect| {
            let is_it =
                |effect: &Effect| matches!(effect, Effect::Start(_, it) if it.as_ref() == of);
            effects.iter().any(is_it)
        };
        let mut app = console(|_, _| Box::new(EmptyScreen));
        let mut out = Vec::new();
        app.apply(vec![reveal.clone()], &mut out);
        assert!(starts(&out, &reveal));
        app.cover_reveal();
        app.apply(vec![added.clone()], &mut out);
        assert!(starts(&out, &added), "the other secret is asked for");
        assert!(!app.end_reveal(&reveal), "it stays hidden");
        assert!(app.end_reveal(&added));
    }
}
