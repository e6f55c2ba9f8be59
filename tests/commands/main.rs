//! The real binary on the embedded Cognito over HTTP: the commands as a script runs them, the console in a pseudo-terminal (`pty`), and
//! secrets looked for from outside (`leaks`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod change;
mod cognito;
mod credentials;
mod decode;
mod doctor;
mod export;
mod failures;
mod forged;
mod formats;
#[path = "../journeys/front.rs"]
#[allow(dead_code, reason = "tests/journeys uses what these do not")]
mod front;
mod handover;
mod hung;
mod identity;
mod interrupted;
mod json;
#[cfg(target_os = "linux")]
mod leaks;
mod list;
mod load;
mod memory;
mod one_verdict;
mod presets;
mod production;
mod pty;
mod read_only;
mod rotate;
mod rotate_failures;
mod rotate_hidden;
mod rotate_plan;
mod schema;
mod secrets;
mod setup;
mod setup_cli;
mod shell;
mod show;
mod silence;
mod take_down;
mod terminal;
mod terraform;
mod token;
mod whoami;
mod world;
