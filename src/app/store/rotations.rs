//! What this session did about the rotation of secrets.

use super::{RotationProgress, Store};
use crate::domain::ids::{ClientId, PoolId};

impl Store {
    /// What this session did about the rotation of a client's secret.
    pub fn rotation(&self, pool: &PoolId, client: &ClientId) -> Option<&RotationProgress> {
        self.rotations.get(&(pool.clone(), client.clone()))
    }

    /// The same, to be gone on with.
    pub fn rotation_mut(&mut self, pool: &PoolId, client: &ClientId) -> &mut RotationProgress {
        let key = (pool.clone(), client.clone());
        self.rotations.entry(key).or_default()
    }

    /// Whether a step of a client's rotation is under way, which must be over before the next: what it leads to is not known yet.
    pub fn is_stepping(&self, pool: &PoolId, client: &ClientId) -> bool {
        self.stepping.contains(&(pool.clone(), client.clone()))
    }

    /// A step of a client's rotation begins.
    pub fn begin_step(&mut self, pool: &PoolId, client: &ClientId) {
        self.stepping.insert((pool.clone(), client.clone()));
    }

    /// It is over, whatever became of it.
    pub fn end_step(&mut self, pool: &PoolId, client: &ClientId) {
        self.stepping.remove(&(pool.clone(), client.clone()));
    }

    /// The clients whose new secret nobody but this session is known to have.
    pub fn undelivered(&self) -> impl Iterator<Item = (&(PoolId, ClientId), &RotationProgress)> {
        let lost = |doings: &RotationProgress| {
            doings.held && !doings.arrived && doings.handed_over.is_none()
        };
        self.rotations
            .iter()
            .filter(move |(_, doings)| lost(doings))
    }
}
