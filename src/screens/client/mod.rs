//! An app client: its details, and the forms that create and edit it.

pub(super) mod create;
pub(crate) mod create_plan;
pub(super) mod details;
pub(crate) mod edit;
