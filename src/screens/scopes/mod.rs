//! App clients and scopes: the matrix, and who has access to what.

pub(super) mod access;
pub(crate) mod cells;
pub(super) mod matrix;
pub(crate) mod report;
