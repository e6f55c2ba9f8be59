//! Faults on request. This is the seam only: a control that knows no fault yet.

/// The faults to start with.
#[derive(Clone, Default, Debug)]
pub struct Faults {}

/// The handle through which faults are asked for while the server runs.
#[derive(Clone, Default, Debug)]
pub struct FaultControl {}

impl FaultControl {
    pub fn new(_faults: Faults) -> Self {
        Self {}
    }
}
