//! Widgets and theme. They know nothing about Cognito, sanitize all text, and draw in an area of any size.

pub mod chrome;
pub mod filter;
pub mod form;
pub mod frame;
pub mod grid;
pub mod pane;
pub mod properties;
pub mod screenshot;
pub mod scroll;
pub mod table;
#[cfg(test)]
mod testing;
pub mod text;
pub mod text_input;
pub mod theme;
