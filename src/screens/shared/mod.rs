//! Parts that several screens are made of. They import no feature.

pub(super) mod client_properties;
pub(super) mod client_secret;
pub(super) mod confirm;
pub(super) mod destinations;
pub(super) mod detail_loader;
pub(super) mod edit_form;
pub(super) mod findings;
pub(super) mod format;
pub(super) mod list;
pub(super) mod load_states;
pub(super) mod memo;
pub(super) mod pool_properties;
pub(super) mod progress;
pub(super) mod read_all;
pub(super) mod rebuild_throttle;
pub(super) mod revealed_secret;
pub(super) mod scope_holders;
pub(super) mod scope_matrix;
pub(super) mod type_to_confirm;
pub(super) mod verbs;
