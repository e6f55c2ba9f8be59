//! Widgets and theme. They know nothing of Cognito, clean whatever text they are given, and draw in any area, however
//! small.

pub mod chrome;
pub mod edit;
pub mod facts;
pub mod filter;
pub mod form;
pub mod frame;
pub mod grid;
pub mod pane;
pub mod picture;
pub mod scroll;
pub mod table;
#[cfg(test)]
mod testing;
pub mod text;
pub mod theme;
