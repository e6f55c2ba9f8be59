//! What this session did about the rotation of secrets.

use super::{Doings, Store};
use crate::domain::ids::{ClientId, PoolId};

impl Store {
    /// What this session did about the rotation of a client's secret.
    pub fn rotation(&self, pool: &PoolId, client: &ClientId) -> Option<&Doings> {
        self.rotations.get(&(pool.clone(), client.clone()))
    }

    /// The same, to be gone on with.
    pub fn rotation_mut(&mut self, pool: &PoolId, client: &ClientId) -> &mut Doings {
        let key = (pool.clone(), client.clone());
        self.rotations.entry(key).or_default()
    }

    /// A client whose new secret only this session has.
    pub fn unhanded(&self) -> Option<&(PoolId, ClientId)> {
        let lost = |doings: &Doings| doings.held && !doings.arrived && doings.handed_over.is_none();
        let mut found = self.rotations.iter().filter(|(_, doings)| lost(doings));
        found.next().map(|(key, _)| key)
    }
}
