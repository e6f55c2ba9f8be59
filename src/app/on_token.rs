//! Pasted and issued tokens, and API calls.

use super::App;
use super::message::{Effect, Notice, PastedToken, Route, TaskEvent};
use crate::domain::oauth::token_finder::UnreadablePaste;

impl App {
    /// Stores what an event says about a token. Returns the effects.
    pub(super) fn on_token(&mut self, fact: &TaskEvent) -> Vec<Effect> {
        match fact {
            TaskEvent::TokenIssued { request, outcome } => {
                if let Ok(reply) = outcome
                    && let Ok(issued) = &reply.outcome
                {
                    let (at, exchange) = (self.now, &reply.exchange);
                    let tokens = self.store.tokens_mut();
                    tokens.add_issued(request, issued, exchange, at);
                }
                Vec::new()
            }
            TaskEvent::PasteParsed(Ok(read)) => {
                self.notice = None;
                self.on_read(read)
            }
            TaskEvent::PasteParsed(Err(unreadable)) => {
                self.notice = None;
                self.on_unreadable(unreadable)
            }
            TaskEvent::Verified { id, verification } => {
                self.store.tokens_mut().verified(*id, verification);
                Vec::new()
            }
            TaskEvent::ApiCalled { call, .. } => {
                self.store.tokens_mut().called(call);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Opens a pasted token; closes the paste dialog and an earlier token.
    fn on_read(&mut self, read: &PastedToken) -> Vec<Effect> {
        let at = self.now;
        self.store.tokens_mut().add_pasted(read, at);
        while self.stack.len() > 1
            && let Some((Route::PasteToken | Route::TokenDetails(_), _)) = self.stack.last()
        {
            self.stack.pop();
        }
        vec![Effect::Open(Route::TokenDetails(read.id))]
    }

    /// A paste that is not a token: an open paste dialog shows it, else a notice.
    fn on_unreadable(&mut self, unreadable: &UnreadablePaste) -> Vec<Effect> {
        if matches!(self.stack.last(), Some((Route::PasteToken, _))) {
            return Vec::new();
        }
        if unreadable.looked_like_one {
            return vec![Effect::Open(Route::PasteToken)];
        }
        vec![Effect::Notice(Notice::info(format!(
            "No text field to paste into, and {}",
            unreadable.what
        )))]
    }
}
