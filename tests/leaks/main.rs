//! Secrets looked for from outside, wherever a program can leave one behind: files, its command line and environment, its
//! children's, what its terminal was sent, its memory once it is a file.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod children;
#[allow(dead_code, reason = "tests/pty uses what these do not")]
#[path = "../pty/console.rs"]
mod console;
mod dumps;
mod journey;
mod managed;
mod memory;
mod needles;
mod planted;
mod traces;
