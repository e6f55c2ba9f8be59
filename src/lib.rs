//! cognitui: a terminal console for Amazon Cognito machine-to-machine authentication.

pub mod cognito;
pub mod domain;
pub mod sandbox;
