//! The tokens of this session: their contents, never their text. Nothing of it is written to disk.

use std::collections::BTreeSet;

use crate::app::message::{PastedToken, TokenId, TokenInfo};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::oauth::api_call::ApiCall;
use crate::domain::oauth::exchange::Exchange;
use crate::domain::oauth::issuer::Rules;
use crate::domain::oauth::jwt::Jwt;
use crate::domain::oauth::token::{TokenRequest, Verification};
use crate::domain::oauth::token_checks;
use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

/// A token that expires sooner is not offered again, in seconds.
const WORTH_KEEPING: i64 = 30;

/// The price of one token on AWS, in dollars, in the first price tier.
pub const PRICE: f64 = 0.00225;

/// The origin of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSource {
    Issued(TokenRequest),
    /// Pasted, with what was removed around it.
    Pasted(Vec<String>),
}

/// One token.
#[derive(Clone, Debug)]
pub struct SessionToken {
    pub id: TokenId,
    pub jwt: Jwt,
    pub source: TokenSource,
    /// How it was asked for and came, where it was issued here; secret and token masked.
    pub exchange: Option<Exchange>,
    /// When it came.
    pub at: Timestamp,
    /// `None` while it is being checked.
    pub verification: Option<Verification>,
    /// Length of its signature in bytes, where that was looked at.
    pub signature: Option<usize>,
    /// Whether it is no token but decoded claims, without header and signature.
    pub decoded: bool,
}

impl SessionToken {
    /// The request that it answers, where it was issued here.
    pub fn request(&self) -> Option<&TokenRequest> {
        match &self.source {
            TokenSource::Issued(request) => Some(request),
            TokenSource::Pasted(_) => None,
        }
    }

    /// Returns the request and its exchange over HTTP, if it was issued here.
    pub fn wire(&self) -> Option<(&TokenRequest, &Exchange)> {
        self.request().zip(self.exchange.as_ref())
    }

    /// Returns the pool of the token: the one that was asked for it, else the one that it names as its issuer.
    pub fn pool(&self, rules: &Rules) -> Option<PoolId> {
        self.request()
            .map(|request| request.pool.clone())
            .or_else(|| token_checks::pool_of(&self.jwt, rules))
    }

    /// Returns the app client that it was issued to.
    pub fn client(&self) -> Option<ClientId> {
        self.request()
            .map(|request| request.client.clone())
            .or_else(|| token_checks::client_of(&self.jwt))
    }
}

/// All tokens, in the order of arrival.
#[derive(Debug, Default)]
pub struct SessionTokens {
    held: Vec<SessionToken>,
    issued: u32,
    last_call: Option<ApiCall>,
}

impl SessionTokens {
    /// Returns all tokens of the session.
    pub fn all(&self) -> &[SessionToken] {
        &self.held
    }

    /// Returns one token.
    pub fn get(&self, id: TokenId) -> Option<&SessionToken> {
        self.held.iter().find(|held| held.id == id)
    }

    /// Returns the number of issued tokens, each of which AWS bills.
    pub fn issued(&self) -> u32 {
        self.issued
    }

    /// Returns the last API call, as the default of the next.
    pub fn last_call(&self) -> Option<&ApiCall> {
        self.last_call.as_ref()
    }

    /// Returns the newest token from the same request that stays valid for a while. The client authentication method and the
    /// order of the scopes do not count.
    pub fn good_for(&self, request: &TokenRequest, now: Timestamp) -> Option<&SessionToken> {
        let set = |scopes: &[ScopeName]| scopes.iter().cloned().collect::<BTreeSet<_>>();
        let wanted = set(&request.scopes);
        self.held.iter().rev().find(|held| {
            let same = held.request().is_some_and(|known| {
                set(&known.scopes) == wanted
                    && TokenRequest {
                        scopes: request.scopes.clone(),
                        auth: request.auth,
                        ..known.clone()
                    } == *request
            });
            let left = held.jwt.expires().map_or(0, |at| now.seconds_until(at));
            same && left > WORTH_KEEPING
                && !held
                    .verification
                    .as_ref()
                    .is_some_and(Verification::is_refusal)
        })
    }

    pub fn add_issued(
        &mut self,
        request: &TokenRequest,
        issued: &TokenInfo,
        exchange: &Exchange,
        at: Timestamp,
    ) {
        self.issued += 1;
        self.held.push(SessionToken {
            id: issued.id,
            jwt: issued.jwt.clone(),
            source: TokenSource::Issued(request.clone()),
            exchange: Some(exchange.clone()),
            at,
            verification: Some(issued.verification.clone()),
            signature: None,
            decoded: false,
        });
    }

    pub fn add_pasted(&mut self, read: &PastedToken, at: Timestamp) {
        self.held.push(SessionToken {
            id: read.id,
            jwt: read.reading.jwt.clone(),
            source: TokenSource::Pasted(read.reading.cleaned.clone()),
            exchange: None,
            at,
            verification: None,
            signature: read.reading.signature,
            decoded: read.reading.is_decoded(),
        });
    }

    pub fn verified(&mut self, id: TokenId, verification: &Verification) {
        if let Some(held) = self.held.iter_mut().find(|held| held.id == id) {
            held.verification = Some(verification.clone());
        }
    }

    pub fn called(&mut self, call: &ApiCall) {
        self.last_call = Some(call.clone());
    }
}
