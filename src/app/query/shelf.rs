//! Stores answers by the keys of their query.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use super::load::Load;
use super::slot::Slot;
use crate::domain::ids::PoolId;

/// The answer to a query without a key.
#[derive(Default)]
pub struct One<S>(S);

impl<S: Slot> One<S> {
    pub fn load(&self) -> &Load<S::Kept> {
        self.0.load()
    }

    pub fn slot(&mut self) -> &mut S {
        &mut self.0
    }
}

/// The answers to a query with one key.
pub struct ByKey<K, S>(HashMap<K, S>);

impl<K: Clone + Eq + Hash, S: Slot> ByKey<K, S> {
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&S>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    pub fn load<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> &Load<S::Kept>
    where
        K: Borrow<Q>,
    {
        self.get(key).map_or(&Load::Missing, S::load)
    }

    pub fn slot(&mut self, key: &K) -> &mut S {
        self.0.entry(key.clone()).or_default()
    }

    pub fn values(&self) -> impl Iterator<Item = &S> {
        self.0.values()
    }

    /// Forgets the answers whose keys are not wanted.
    pub fn retain(&mut self, wanted: impl Fn(&K) -> bool) {
        self.0.retain(|key, _| wanted(key));
    }
}

/// The answers to a query about something in a pool. Boxed, because a map of thousands reserves space for as many again.
pub struct ByPool<K, S>(HashMap<PoolId, HashMap<K, Box<S>>>);

impl<K: Clone + Eq + Hash, S: Slot> ByPool<K, S> {
    pub fn load<Q: Eq + Hash + ?Sized>(&self, pool: &PoolId, key: &Q) -> &Load<S::Kept>
    where
        K: Borrow<Q>,
    {
        let slot = self.0.get(pool).and_then(|of_pool| of_pool.get(key));
        slot.map_or(&Load::Missing, |slot| slot.load())
    }

    pub fn slot(&mut self, pool: &PoolId, key: &K) -> &mut S {
        let of_pool = self.0.entry(pool.clone()).or_default();
        of_pool.entry(key.clone()).or_default()
    }

    /// Returns the answers of one pool.
    pub fn of(&self, pool: &PoolId) -> impl Iterator<Item = (&K, &S)> {
        let of_pool = self.0.get(pool).into_iter().flatten();
        of_pool.map(|(key, slot)| (key, slot.as_ref()))
    }

    /// Returns the answers of all pools.
    pub fn all(&self) -> impl Iterator<Item = (&K, &S)> {
        let all = self.0.values().flatten();
        all.map(|(key, slot)| (key, slot.as_ref()))
    }
}

// Derived, these would require `Default` of keys and slots.
impl<K, S> Default for ByKey<K, S> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K, S> Default for ByPool<K, S> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}
