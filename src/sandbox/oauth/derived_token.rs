//! GetDerivedToken: token exchange, which is refused with a reason.

use serde_json::Value;

use super::grant;
use crate::sandbox::errors::ApiError;
use crate::sandbox::shared::Shared;

/// Refuses GetDerivedToken for a validated input: for an error of the client, as GetClientToken does, else because the sandbox
/// does not exchange tokens.
pub fn get_derived_token(shared: &Shared, input: &Value) -> ApiError {
    let text = |field: &str| input.get(field).and_then(Value::as_str).unwrap_or_default();
    let id = text("ClientId");
    let state = shared.lock();
    let Some((_, client)) = grant::find(&state, None, id) else {
        return ApiError::not_found(format!("User pool client {id} does not exist."));
    };
    let proves_itself =
        client.secrets.is_empty() || grant::knows_secret(client, text("ClientSecret"));
    if !proves_itself || !grant::may_exchange(client) {
        return ApiError::new("NotAuthorizedException", "Invalid client or secret");
    }
    ApiError::new(
        "OperationNotEnabledException",
        "The sandbox does not exchange tokens.",
    )
}
