//! Answers that are used once: the state behind a plan, and the owner of a domain.

use super::Store;
use crate::app::query::Query;

impl Store {
    /// Forgets the answers that were good for one look only.
    pub fn expire_one_shot(&mut self) {
        self.version += 1;
        let asked = &self.asked;
        self.loads
            .current_state
            .retain(|desired| asked.contains_key(&Query::CurrentState(desired.clone())));
        self.loads
            .domain_owner
            .retain(|name| asked.contains_key(&Query::DomainOwner(name.clone())));
        self.outdated.retain(|query| !query.is_one_shot());
    }
}
