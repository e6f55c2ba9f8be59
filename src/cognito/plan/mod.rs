//! Executes plans: preflight checks, the steps, and the comparison of each write with what is read back.

pub(super) mod execute;
pub(super) mod preflight;
pub(super) mod verify;
