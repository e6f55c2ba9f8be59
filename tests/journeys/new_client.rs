//! new_client
