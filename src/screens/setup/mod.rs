//! A set-up from a preset: the list of presets, the questions, and the result.

pub(super) mod preset_list;
pub(super) mod questions;
pub(super) mod result;
pub(super) mod target;
