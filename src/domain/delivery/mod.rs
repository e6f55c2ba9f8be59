//! Where a secret can be delivered, and in which formats.

pub mod destination;
pub mod formats;
