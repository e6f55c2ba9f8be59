//! kinds_of_client
