//! What the embedded Cognito refuses, in the service's own names and words.

use axum::http::StatusCode;

/// A refusal: the exception's name and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub name: &'static str,
    /// Empty where the service sends none.
    pub message: String,
}

impl ApiError {
    pub fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
        }
    }

    /// A value, or a combination of values, that the service does not take.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// Something named in the request that does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    /// A quota that is used up.
    pub fn limit(message: impl Into<String>) -> Self {
        Self::new("LimitExceededException", message)
    }

    /// A failure of the service itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new("InternalErrorException", message)
    }

    /// 400 for all that is the caller's doing, throttling and missing credentials included, but 413 for a body that is too
    /// large; 500 for the service's own failures.
    pub fn status(&self) -> StatusCode {
        if self.name.starts_with("Internal") {
            StatusCode::INTERNAL_SERVER_ERROR
        } else if self.name == "RequestEntityTooLargeException" {
            StatusCode::PAYLOAD_TOO_LARGE
        } else {
            StatusCode::BAD_REQUEST
        }
    }
}
