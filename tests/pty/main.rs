//! The real binary in a pseudo-terminal: what a user's terminal sees, down to the bytes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod clipboard;
mod command_line;
#[allow(dead_code, reason = "tests/leaks uses what these do not")]
mod console;
mod deleting;
mod endings;
#[path = "../journeys/front.rs"]
#[allow(dead_code, reason = "tests/journeys uses what these do not")]
mod front;
mod given_up;
#[path = "../commands/hung.rs"]
mod hung;
mod logging_in;
mod main_job;
#[path = "../peers/ministack.rs"]
mod ministack;
mod rotation;
mod setting_up;
mod starts;
mod suspend;
