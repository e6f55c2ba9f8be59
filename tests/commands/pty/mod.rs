//! The real binary in a pseudo-terminal: what a user's terminal receives, down to the bytes.

mod clipboard;
mod command_line;
#[cfg_attr(
    not(target_os = "linux"),
    allow(
        dead_code,
        reason = "the search for secrets, which uses the rest, is for Linux"
    )
)]
pub mod console;
mod deleting;
mod endings;
mod given_up;
mod logging_in;
mod main_job;
#[path = "../../gateway/peers/ministack.rs"]
mod ministack;
mod rotation;
mod setting_up;
mod starts;
mod suspend;
