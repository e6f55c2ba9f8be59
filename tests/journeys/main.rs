//! Journeys: the whole console on a terminal in memory, with pressed keys and the embedded Cognito over HTTP. They wait until
//! nothing is under way, never for a time, and what fails shows the screen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod clipboard;
mod connection;
mod deleting;
mod desk;
mod doctor;
mod editing;
mod exporting;
mod faults;
mod garbage;
mod guarded;
mod keys;
mod kinds_of_client;
mod lab;
mod late;
mod leaving;
mod lists;
mod looks;
mod main_job;
mod main_loop;
mod new_client;
mod privacy;
mod refusals;
mod rotation;
mod scope_map;
mod screen;
mod secrets;
mod setting_up;
mod sizes;
mod snapshots;
mod stage;
mod tour;
