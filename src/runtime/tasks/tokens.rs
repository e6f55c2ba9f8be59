//! Pasted tokens, and API calls with tokens.

use std::time::Instant;

use secrecy::{ExposeSecret, SecretString};

use crate::app::message::{PastedToken, TaskEvent, TokenId};
use crate::app::typed_secret::TypedSecret;
use crate::cognito::{Error, ErrorKind, note};
use crate::domain::oauth::api_call::{ApiAnswer, ApiCall};
use crate::domain::oauth::token::Verification;
use crate::domain::oauth::token_finder::{self, FoundToken};
use crate::runtime::tasks::context::TaskContext;

/// Looks for tokens in a paste, shows their claims at once, and then whether their signatures are valid.
pub async fn read(shared: TaskContext, pasted: TypedSecret) {
    let found = match token_finder::find(pasted.secret().expose_secret()) {
        Ok(found) => one_if_meant(found),
        Err(unreadable) => return shared.done(TaskEvent::PasteParsed(Err(unreadable))),
    };
    drop(pasted);
    let (mut kept, mut held) = (Vec::new(), Vec::new());
    for one in found {
        let (token, reading) = (SecretString::from(one.text), one.reading);
        let id = shared.vault.keep(token.clone());
        held.push((id, token, reading.is_decoded()));
        kept.push(PastedToken { id, reading });
    }
    shared.send(TaskEvent::PasteParsed(Ok(kept)));
    let last = held.pop();
    for (id, token, is_decoded) in held {
        let verification = verified(&shared, &token, is_decoded).await;
        shared.send(TaskEvent::Verified { id, verification });
    }
    if let Some((id, token, is_decoded)) = last {
        let verification = verified(&shared, &token, is_decoded).await;
        shared.done(TaskEvent::Verified { id, verification });
    }
}

/// Of an answer's tokens the access token.
fn one_if_meant(mut found: Vec<FoundToken>) -> Vec<FoundToken> {
    let Some(at) = token_finder::meant(&found) else {
        return found;
    };
    let others = token_finder::others(&found, at);
    let mut one = found.swap_remove(at);
    one.reading.cleaned.extend(others);
    vec![one]
}

async fn verified(shared: &TaskContext, token: &SecretString, is_decoded: bool) -> Verification {
    let unknown = |reason: String| Verification::Unknown { reason };
    if is_decoded {
        return unknown("decoded claims have no signature".to_owned());
    }
    let start = Instant::now();
    let verification = match shared.gateway().await {
        Ok(gateway) => gateway.verify_by_issuer(token, None).await,
        Err(error) => unknown(error.one_line()),
    };
    note("verify a pasted token", start, None);
    verification
}

/// Calls an API with a token from the vault.
pub async fn call(shared: TaskContext, token: TokenId, call: ApiCall) {
    let start = Instant::now();
    let outcome = called(&shared, token, &call).await;
    // The URL is the user's own and may contain what must not be logged.
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
