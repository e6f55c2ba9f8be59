//! cognitui: a terminal console for Amazon Cognito machine-to-machine authentication.

pub mod domain;
pub mod input;
pub mod sandbox;
pub mod ui;
