//! Whether all app clients of a large pool are read. Each client takes calls that AWS limits, so the user asks for them first.

use super::Store;
use crate::app::query::load::{Load, NotLoaded};
use crate::domain::client::AppClient;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::pace::ASK_ABOVE;

/// What the user said about a pool's app clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadAll {
    #[default]
    NotAsked,
    On,
    Paused,
}

impl Store {
    /// What the user said about this pool.
    pub fn read_all(&self, pool: &PoolId) -> ReadAll {
        self.read_all.get(pool).copied().unwrap_or_default()
    }

    /// Reads all clients of the pool, or no more of them than are looked at.
    pub fn set_read_all(&mut self, pool: PoolId, on: bool) {
        self.version += 1;
        self.refreshes += 1;
        let to = if on { ReadAll::On } else { ReadAll::Paused };
        self.read_all.insert(pool, to);
    }

    /// Whether clients out of sight stay unread: the pool is large, and the user has not asked for them. While the list
    /// comes, the pool may turn out to be large.
    pub fn holds_details(&self, pool: &PoolId) -> bool {
        let list = self.clients(pool);
        let may_grow = matches!(list.complete(), Err(NotLoaded::Coming));
        (may_grow || list.partial().len() > ASK_ABOVE) && self.read_all(pool) != ReadAll::On
    }

    /// Of how many clients of the pool the settings were asked for and answered, since the last refresh.
    pub fn described(&self, pool: &PoolId) -> usize {
        let answered = |(client, load): &(&ClientId, &Load<AppClient>)| {
            (load.value().is_some() || load.error().is_some())
                && !self.is_coming(pool, client, load)
        };
        self.loads.client.of(pool).filter(answered).count()
    }
}
