//! The rotations of this session.

use super::{RotationProgress, Store};
use crate::domain::ids::{ClientId, PoolId};

impl Store {
    /// Returns what this session did in the rotation of a client's secret.
    pub fn rotation(&self, pool: &PoolId, client: &ClientId) -> Option<&RotationProgress> {
        self.rotations.get(&(pool.clone(), client.clone()))
    }

    /// Returns the progress of a client's rotation, created if missing, to change it.
    pub fn rotation_mut(&mut self, pool: &PoolId, client: &ClientId) -> &mut RotationProgress {
        let key = (pool.clone(), client.clone());
        self.rotations.entry(key).or_default()
    }

    /// Returns the clients whose new secret only this session is known to have.
    pub fn undelivered(&self) -> impl Iterator<Item = (&(PoolId, ClientId), &RotationProgress)> {
        let lost = |doings: &RotationProgress| {
            doings.held && !doings.arrived && doings.delivered.is_none()
        };
        self.rotations
            .iter()
            .filter(move |(_, doings)| lost(doings))
    }
}
