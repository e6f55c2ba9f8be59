//! AWS Secrets Manager, at the same address: a caller's own secrets, and the secrets of app clients that Cognito manages there
//! (see `ops::managed`).
//!
//! Names, messages and label moves are those of recorded responses of the service. What is not emulated is refused by name, never
//! ignored: other operations, replicas, Lambda rotation functions, external secrets, `cron()` schedules and rotation windows.
//!
//! # What is not known of AWS, and what happens here
//! - What is eventually consistent on AWS is immediate here: a rotation is over, and a deletion without recovery done, when the
//!   response is sent. `NextRotationDate` is the moment itself, not the end of a window.
//! - The names of managed secrets, `cognito-idp!POOL/CLIENT`, their owning service, `cognito-idp`, and what they refuse: a value,
//!   and deletion. Their rotation can be rescheduled and turned off. The messages are our own.
//! - After a managed rotation `AWSPENDING` stays with `AWSCURRENT`, as after those of RDS. A failed one leaves it with a version
//!   without a value, and `NextRotationDate` in the past; every request retries it.
//! - KMS keys are not checked: any name is stored and described.
//! - ListSecrets returns secrets in the order of creation; `SortBy`, `SortOrder` and the filters `all` and `primary-region` are
//!   refused.
//! - Tags that begin with `aws:` and more than 50 of them are refused. There are no rate limits.

mod id;
mod list;
mod read;
mod remove;
mod rotate;
mod stored;
mod write;

pub use self::stored::{
    CURRENT, Content, Owner, PENDING, PREVIOUS, Rotation, Schedule, Stored, Version,
};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::errors::ApiError;
use super::shared::Shared;
use super::state::State;
use super::validate::{Limits, validate_in};

pub use self::id::arn;

/// The id of Cognito as the owning service of a secret.
pub const OWNER: &str = "cognito-idp";

type Answer = Result<Value, ApiError>;

/// An operation of the API.
pub struct Operation {
    pub name: &'static str,
    writes: bool,
    perform: fn(&mut Call<'_>) -> Answer,
}

/// One call of an operation.
struct Call<'a> {
    shared: &'a Shared,
    state: &'a mut State,
    input: &'a Value,
    now: f64,
}

const fn operation(
    name: &'static str,
    writes: bool,
    perform: fn(&mut Call<'_>) -> Answer,
) -> Operation {
    Operation {
        name,
        writes,
        perform,
    }
}

static OPERATIONS: [Operation; 9] = [
    operation("CreateSecret", true, write::create),
    operation("PutSecretValue", true, write::put),
    // A write, because it records the day of the access.
    operation("GetSecretValue", true, read::value),
    operation("DescribeSecret", false, read::describe),
    operation("ListSecrets", false, list::list),
    operation("RotateSecret", true, rotate::rotate),
    operation("CancelRotateSecret", true, rotate::cancel),
    operation("DeleteSecret", true, remove::delete),
    operation("RestoreSecret", true, remove::restore),
];

/// Returns the operation with this name.
pub fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

impl Operation {
    /// Runs it on the raw input.
    pub fn run(&self, shared: &Shared, input: &Value) -> Answer {
        let answer = validate_in(Limits::secrets_manager(), self.name, input).and_then(|_| {
            let mut state = shared.lock();
            (self.perform)(&mut Call {
                shared,
                state: &mut state,
                input,
                now: shared.timestamp(),
            })
        });
        if self.writes && answer.is_ok() {
            shared.touch();
        }
        answer.map_err(in_own_words)
    }
}

impl Call<'_> {
    /// Reads the request's members. One that is not emulated is refused by name.
    fn read<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        T::deserialize(self.input).map_err(|error| {
            ApiError::invalid(format!(
                "The embedded Secrets Manager does not play this: {error}"
            ))
        })
    }

    /// Returns the secret with this name, ARN or start of an ARN.
    fn stored(&mut self, id: &str) -> Result<&mut Stored, ApiError> {
        let name = id::name(&self.state.stored, id)?;
        let stored = name.and_then(|name| self.state.stored.get_mut(&name));
        stored.ok_or_else(not_found)
    }

    /// Returns the secret, unless its deletion is scheduled.
    fn live(&mut self, id: &str) -> Result<&mut Stored, ApiError> {
        let stored = self.stored(id)?;
        if stored.deletion.is_some() {
            return Err(invalid_request(
                "You can't perform this operation on the secret because it was marked for deletion.",
            ));
        }
        Ok(stored)
    }
}

/// Converts Cognito's error names into those of Secrets Manager.
fn in_own_words(error: ApiError) -> ApiError {
    let name = match error.name {
        "InvalidParameterException" if error.message.contains("validation error") => {
            "ValidationException"
        }
        "InternalErrorException" => "InternalServiceError",
        name => name,
    };
    ApiError { name, ..error }
}

fn not_found() -> ApiError {
    ApiError::not_found("Secrets Manager can't find the specified secret.")
}

fn invalid_request(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidRequestException", message)
}

/// Refuses a change to a secret that Cognito manages.
fn not_yours(stored: &Stored) -> Result<(), ApiError> {
    match &stored.owner {
        None => Ok(()),
        Some(_) => Err(invalid_request(format!(
            "The secret {} is managed by {OWNER}, and you must use that service to change it.",
            stored.arn
        ))),
    }
}
