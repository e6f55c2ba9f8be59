//! Explains why an API rejects a token, from its answer, the call and the token's claims.
//!
//! The verdict says what the answer proves; a status code alone proves little. Its causes say what is likely, each with its evidence.

mod answer;
mod causes;
mod told;
mod verdict;

use super::{Cause, Explanation, Finding};
use crate::domain::oauth::api_call::{ApiAnswer, ApiCall};
use crate::domain::oauth::jwt::Jwt;
use crate::domain::time::Timestamp;

pub use verdict::ApiVerdict;

/// The meaning of an answer to `call` with the token `jwt`; `None` if it is not about the token.
#[must_use]
pub fn explain_api(
    answer: &ApiAnswer,
    call: &ApiCall,
    jwt: &Jwt,
    now: Timestamp,
) -> Option<Explanation> {
    let verdict = ApiVerdict::of(answer, call, jwt, now)?;
    let case = verdict::Case {
        said: answer::Said::of(answer),
        call: Some(call),
        jwt: Some(jwt),
        now,
    };
    Some(case.explained(verdict))
}

/// The meaning of an answer without its call and its token. Its status is 0 where only its body is known.
#[must_use]
pub fn explain_answer(answer: &ApiAnswer) -> Option<Explanation> {
    let case = verdict::Case {
        said: answer::Said::of(answer),
        call: None,
        jwt: None,
        // No token is at hand whose times it could be compared with.
        now: Timestamp::from_seconds(0),
    };
    Some(case.explained(case.verdict()?))
}

#[cfg(test)]
mod tests;
