//! cognitui: a terminal console for Amazon Cognito machine-to-machine authentication.
//!
//! The map of the house:
//!
//! | room | what it is |
//! |---|---|
//! | [`domain`] | what Cognito M2M *is*: pure types and rules |
//! | [`cognito`] | the only room that talks to AWS, to the token endpoint and to JWKS |
//! | [`delivery`] | handing a secret over to somebody outside: a file, a program |
//! | [`files`] | new files, never over one that is there unless that is asked for |
//! | [`sandbox`] | the embedded Cognito: an HTTP server with state, faults and sample data |
//! | [`app`] | the state machine: messages in, effects out; the screen stack; the store |
//! | [`input`] | actions, key map, parsing of keys |
//! | [`screens`] | one file a screen: state, keys, drawing |
//! | [`ui`] | widgets and theme; they know nothing of Cognito |
//! | [`runtime`] | the loop: the one owner of the terminal, and of the tasks that the screens ask for |
//! | [`commands`] | the same from scripts, one file a command |
//! | [`cli`] | what the command line says |
//! | [`config`] | what the configuration file says, what comes before it, and which profiles and accounts it guards |
//! | [`text`] | text from outside, made fit for a terminal |
//! | [`logging`] | the log file |
//! | [`launch`] | joins them |
//!
//! Which room may import from which is a table in `tests/house.rs`, and a test holds it.
//!
//! A key press travels: terminal → [`runtime`] → [`app::App::update`] → the screen on top → effects → [`runtime`] starts them as
//! tasks → a [`app::message::Fact`] comes back → the store → the next frame.

pub mod app;
pub mod cli;
pub mod cognito;
pub mod commands;
pub mod config;
pub mod delivery;
pub mod domain;
pub mod files;
pub mod input;
pub mod launch;
pub mod logging;
pub mod runtime;
pub mod sandbox;
pub mod screens;
pub mod text;
pub mod ui;
