//! Answers that are good for one look only: what a plan is made of, and whose a domain is.

use super::Store;
use crate::app::message::Query;
use crate::app::store::load::Load;
use crate::domain::plan::{CurrentState, DesiredState};
use crate::domain::pool::DomainOwner;

impl Store {
    /// What there is for a set-up to be planned on.
    pub fn current_state(&self, wanted: &DesiredState) -> &Load<Box<CurrentState>> {
        self.found.get(wanted).unwrap_or(&Load::Missing)
    }

    /// Who has a domain.
    pub fn domain_owner(&self, name: &str) -> &Load<Option<DomainOwner>> {
        self.owners.get(name).unwrap_or(&Load::Missing)
    }

    /// Forgets the answers that were good for one look only.
    pub fn expire_momentary(&mut self) {
        self.version += 1;
        let asked = &self.asked;
        self.found
            .retain(|wanted, _| asked.contains_key(&Query::CurrentState(wanted.clone())));
        self.owners
            .retain(|name, _| asked.contains_key(&Query::DomainOwner(name.clone())));
        self.outdated.retain(|query| !query.is_one_shot());
    }
}
