//! Keys and their meaning: the table of actions, and the map from keys to actions.

mod actions;
mod key;
mod keymap;

pub use actions::{Action, Group};
pub use key::{Key, KeyError};
pub use keymap::{KeyMap, KeyMapError, types};
