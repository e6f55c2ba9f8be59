//! AWS services other than Cognito: Secrets Manager and AppSync.

pub(super) mod appsync;
pub(super) mod managed_secret;
pub(super) mod secrets_manager;
