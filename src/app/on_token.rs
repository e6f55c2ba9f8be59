//! Pasted and issued tokens, and API calls.

use super::App;
use super::message::{Effect, Notice, PastedToken, Route, TaskEvent};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::token_finder::{Related, UnreadablePaste};

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

    /// Opens a pasted token, of several their list; closes the paste dialog and an earlier token.
    fn on_read(&mut self, read: &[PastedToken]) -> Vec<Effect> {
        let at = self.now;
        for one in read {
            self.store.tokens_mut().add_pasted(one, at);
        }
        self.leave_paste();
        match read {
            [one] => vec![Effect::Open(Route::TokenDetails(one.id))],
            several => {
                let words = format!("{} tokens pasted; choose one", several.len());
                let mut effects = vec![Effect::Notice(Notice::info(words))];
                if !matches!(self.stack.last(), Some((Route::TokenHistory, _))) {
                    effects.insert(0, Effect::Open(Route::TokenHistory));
                }
                effects
            }
        }
    }

    fn leave_paste(&mut self) {
        while self.stack.len() > 1
            && let Some((Route::PasteToken | Route::TokenDetails(_), _)) = self.stack.last()
        {
            self.stack.pop();
        }
    }

    /// Where what belongs to a token leads: to the client or pool that it is about, where that is in this Region.
    fn related_route(&self, about: &Related) -> Option<Route> {
        match about {
            Related::Client(pool, client) if self.is_near(pool) => {
                Some(Route::Client(pool.clone(), client.clone()))
            }
            Related::Pool(pool) if self.is_near(pool) => Some(Route::Pool(pool.clone())),
            Related::TokenRequest {
                client: Some(client),
                ..
            } => {
                let pool = self.pool_of_client(client)?;
                Some(Route::Token(pool, client.clone()))
            }
            _ => None,
        }
    }

    fn is_near(&self, pool: &PoolId) -> bool {
        let regions = pool.region().zip(self.session.region.as_deref());
        self.session.endpoint.is_some() || regions.is_some_and(|(theirs, ours)| theirs == ours)
    }

    /// The pool that lists a client, among those that were read.
    fn pool_of_client(&self, client: &ClientId) -> Option<PoolId> {
        let pools = self.store.pools().partial().iter();
        let mut ids = pools.map(|pool| &pool.id);
        let lists = |pool: &&PoolId| {
            let clients = self.store.clients(pool).partial();
            clients.iter().any(|listed| listed.id == *client)
        };
        ids.find(lists).cloned()
    }

    /// A paste that is not a token: what it is about is opened, an open paste dialog shows it, else a notice.
    fn on_unreadable(&mut self, unreadable: &UnreadablePaste) -> Vec<Effect> {
        if let Some(about) = &unreadable.about
            && let Some(route) = self.related_route(about)
        {
            self.leave_paste();
            let notice = Notice::info(unreadable.what.clone());
            return vec![Effect::Open(route), Effect::Notice(notice)];
        }
        if matches!(self.stack.last(), Some((Route::PasteToken, _))) {
            return Vec::new();
        }
        if unreadable.looked_like_one || unreadable.about.is_some() {
            return vec![Effect::Open(Route::PasteToken)];
        }
        vec![Effect::Notice(Notice::info(format!(
            "No text field to paste into, and {}",
            unreadable.what
        )))]
    }
}
