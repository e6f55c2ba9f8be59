//! The errors of the embedded Cognito, with the service's names and messages.

use axum::http::StatusCode;

/// An API error: the exception's name and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub name: &'static str,
    /// Empty if the service sends none.
    pub message: String,
}

impl ApiError {
    pub fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
        }
    }

    /// Creates the error of an invalid value or combination of values.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterException", message)
    }

    /// Creates the error of a resource in the request that does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    /// Creates the error of a quota that is used up.
    pub fn limit(message: impl Into<String>) -> Self {
        Self::new("LimitExceededException", message)
    }

    /// Creates the error of a failure of the service itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new("InternalErrorException", message)
    }

    /// Returns the HTTP status: 400 for client errors, including throttling and missing credentials, but 413 for a body that is
    /// too large; 500 for failures of the service.
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
