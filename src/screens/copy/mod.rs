//! Copying to the clipboard, and delivering a secret.

pub(super) mod deliver;
pub(super) mod menu;
pub(super) mod osc52_prompt;
