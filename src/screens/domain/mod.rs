//! The forms that create and edit a domain.

pub(crate) mod edit;
