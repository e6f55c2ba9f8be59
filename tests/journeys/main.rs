//! Journeys: the whole console on a terminal in memory, with pressed keys and the embedded Cognito over HTTP. They wait until the
//! console is idle, never for a time, and a failure shows the screen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking, and so may its helpers"
)]

mod anything;
mod asking;
mod calling;
mod causes;
mod claims;
mod clipboard;
mod connection;
mod deleting;
mod desk;
mod doctor;
mod domains;
mod editing;
#[path = "../gateway/elsewhere.rs"]
mod elsewhere;
mod endless;
mod exporting;
mod faults;
mod first_steps;
mod five_states;
mod fixes;
mod from_the_list;
mod front;
mod garbage;
mod going_on;
mod guarded;
mod handing_over;
mod hidden;
mod key_event;
mod keys;
mod kinds_of_client;
mod lab;
mod late;
mod leaving;
mod lists;
mod logging_in;
mod looks;
mod main_job;
mod main_loop;
mod managed;
mod meanwhile;
mod new_client;
mod overwritten;
mod pasted;
mod places;
mod privacy;
mod refusals;
mod rotation;
mod rotation_plan;
mod scope_map;
mod screen;
mod secrets;
mod setting_up;
mod signing;
mod sizes;
mod snapshots;
mod stage;
mod taking_down;
mod tokens;
mod tour;
mod typed_ahead;
mod unsaved;
mod verbs;
