//! One plan from several.

use std::collections::HashMap;

use super::{Plan, Step};
use crate::domain::resource_server::Scope;

impl Plan {
    /// One plan from all of these plans for one user pool that fit together, and how many these are. Steps for one resource become
    /// one step; a plan whose step can't is left out, and so is a plan with obstacles. `None` if nothing remains.
    #[must_use]
    pub fn combined(plans: impl IntoIterator<Item = Self>) -> Option<(Self, usize)> {
        let mut plans = plans.into_iter().filter(|plan| plan.obstacles.is_empty());
        let mut whole = plans.next()?;
        let steps = whole.steps.iter().enumerate();
        // A plan may have several steps for a resource. Only one that is alone with it can be joined.
        let mut places: HashMap<Subject, Place> = HashMap::new();
        for (at, step) in steps {
            note(&mut places, step, at);
        }
        let mut count = 1;
        for plan in plans {
            if whole.take_in(&plan, &mut places) {
                count += 1;
            }
        }
        Some((whole, count))
    }

    /// Adds the steps of `other`, all or none.
    fn take_in(&mut self, other: &Self, places: &mut HashMap<Subject, Place>) -> bool {
        if self.pool != other.pool || self.resumed || other.resumed {
            return false;
        }
        let mut changed: Vec<(usize, Step)> = Vec::new();
        let mut new: Vec<&Step> = Vec::new();
        for step in &other.steps {
            let earlier = match places.get(&subject(step)) {
                None => {
                    new.push(step);
                    continue;
                }
                Some(Place::Several) => return false,
                Some(Place::At(at)) => *at,
            };
            // The same step twice in `other` would be joined with the first one's old form.
            if changed.iter().any(|(at, _)| *at == earlier) {
                return false;
            }
            match self.steps.get(earlier).and_then(|own| own.joined(step)) {
                Some(both) => changed.push((earlier, both)),
                None => return false,
            }
        }
        for (at, both) in changed {
            if let Some(own) = self.steps.get_mut(at) {
                *own = both;
            }
        }
        for step in new {
            note(places, step, self.steps.len());
            self.steps.push(step.clone());
        }
        extend(&mut self.warnings, &other.warnings);
        extend(&mut self.namesakes, &other.namesakes);
        true
    }
}

/// What a step is about: its kind and its id or name.
type Subject = (&'static str, String);

/// Where the steps for a resource are.
#[derive(Clone, Copy)]
enum Place {
    At(usize),
    Several,
}

fn subject(step: &Step) -> Subject {
    if step.is_done() {
        ("done", step.sentence())
    } else {
        step.subject()
    }
}

fn note(places: &mut HashMap<Subject, Place>, step: &Step, at: usize) {
    let place = places.entry(subject(step));
    place
        .and_modify(|place| *place = Place::Several)
        .or_insert(Place::At(at));
}

impl Step {
    /// A step that does what both steps for one resource do, planned from the same state.
    fn joined(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            // Each asked for a client of its own.
            (Self::CreateClient(_), _) => None,
            (one, other) if one == other => Some(one.clone()),
            (Self::CreateServer(one), Self::CreateServer(other)) => {
                let mut server = one.clone();
                add_scopes(&mut server.scopes, &other.scopes);
                Some(Self::CreateServer(server))
            }
            (
                Self::AddScopes { before, scopes },
                Self::AddScopes {
                    before: same,
                    scopes: more,
                },
            ) if before == same => {
                let mut scopes = scopes.clone();
                add_scopes(&mut scopes, more);
                Some(Self::AddScopes {
                    before: before.clone(),
                    scopes,
                })
            }
            (
                Self::UpdateServer {
                    before,
                    after,
                    holders,
                },
                Self::UpdateServer {
                    before: same,
                    after: other,
                    holders: more,
                },
            ) if before == same => {
                // Scopes are all that two updates can share: each removes what the other leaves.
                let mut both = after.clone();
                both.scopes.retain(|scope| other.scopes.contains(scope));
                let mut reverse = other.clone();
                reverse.scopes.clone_from(&both.scopes);
                let removes_only = [after, other]
                    .iter()
                    .all(|after| after.scopes.iter().all(|it| before.scopes.contains(it)));
                if both != reverse || !removes_only {
                    return None;
                }
                let mut holders = holders.clone();
                extend(&mut holders, more);
                Some(Self::UpdateServer {
                    before: before.clone(),
                    after: both,
                    holders,
                })
            }
            _ => None,
        }
    }
}

fn extend<T: Clone + PartialEq>(all: &mut Vec<T>, more: &[T]) {
    for item in more {
        if !all.contains(item) {
            all.push(item.clone());
        }
    }
}

fn add_scopes(all: &mut Vec<Scope>, more: &[Scope]) {
    for scope in more {
        if !all.iter().any(|known| known.name == scope.name) {
            all.push(scope.clone());
        }
    }
}
