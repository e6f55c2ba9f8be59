//! Tokens from elsewhere, and calls with tokens.

use std::time::Instant;

use secrecy::{ExposeSecret, SecretString};

use crate::app::message::{PastedToken, TaskEvent, TokenId};
use crate::app::typed_secret::TypedSecret;
use crate::cognito::{Error, ErrorKind, note};
use crate::domain::oauth::api_call::{ApiAnswer, ApiCall};
use crate::domain::oauth::token::Verification;
use crate::domain::oauth::token_finder;
use crate::runtime::tasks::context::TaskContext;

/// Looks for a token in what was pasted, tells what it says at once, and then whether its signature is valid.
pub async fn read(shared: TaskContext, pasted: TypedSecret) {
    let (token, reading) = match token_finder::read(pasted.secret().expose_secret()) {
        Ok((token, reading)) => (SecretString::from(token), reading),
        Err(unreadable) => return shared.done(TaskEvent::PasteParsed(Err(unreadable))),
    };
    drop(pasted);
    let id = shared.vault.keep(token.clone());
    shared.send(TaskEvent::PasteParsed(Ok(PastedToken { id, reading })));
    let start = Instant::now();
    let verification = match shared.gateway().await {
        Ok(gateway) => gateway.verify_by_issuer(&token, None).await,
        Err(error) => Verification::Unknown {
            reason: error.one_line(),
        },
    };
    note("verify a pasted token", start, None);
    shared.done(TaskEvent::Verified { id, verification });
}

/// Calls an API with a token of the vault.
pub async fn call(shared: TaskContext, token: TokenId, call: ApiCall) {
    let start = Instant::now();
    let outcome = called(&shared, token, &call).await;
    // The URL is the user's own and may hold what no log should.
    note("call an API", start, outcome.as_ref().err());
    shared.done(TaskEvent::ApiCalled {
        token,
        call,
        outcome,
    });
}

async fn called(shared: &TaskContext, token: TokenId, call: &ApiCall) -> Result<ApiAnswer, Error> {
    let Some(token) = shared.vault.get(token) else {
        let detail = "the token is no longer held";
        return Err(Error::new("API call", ErrorKind::Invalid, detail, ""));
    };
    shared.gateway().await?.call_api(call, &token).await
}
