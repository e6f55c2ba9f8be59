//! The forms that create and edit a resource server.

pub(crate) mod edit;
