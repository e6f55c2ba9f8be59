//! Plans the creation of one resource. What exists as wanted needs nothing; what exists and differs is not changed.

use super::destroy::unlike;
use super::step::{Existing, Step};
use super::{CurrentState, DesiredPool, DesiredState, Obstacle, ObstacleKind, Plan, set_up};

/// The steps that create what is `wanted`. A new plan after execution is empty. Where [`set_up`] would change something that
/// exists, there is an obstacle.
#[must_use]
pub fn create(wanted: &DesiredState, found: &CurrentState) -> Plan {
    let mut plan = set_up(wanted, found);
    let (changes, kept): (Vec<Step>, Vec<Step>) = plan
        .steps
        .into_iter()
        .partition(|step| !step.is_done() && step.is_a_change());
    plan.steps = kept;
    for step in changes {
        let fields: Vec<String> = step
            .details()
            .into_iter()
            .map(|detail| detail.field)
            .collect();
        plan.obstacles.push(differs(&about(&step), &fields));
    }
    if let (DesiredPool::Create(new), Some(pool)) = (&wanted.pool, &found.pool) {
        let mut fields = unlike(new, pool);
        if new.deletion_protection && pool.deletion_protection != Some(true) {
            fields.push("DeletionProtection");
        }
        if !fields.is_empty() {
            let about = format!("User pool {}", pool.name);
            plan.obstacles.push(differs(&about, &fields));
        }
    } else {
        let is_pool = |step: &Step| matches!(step, Step::There(Existing::Pool { .. }));
        plan.steps.retain(|step| !is_pool(step));
    }
    plan
}

/// The resource of a step that changes one.
fn about(step: &Step) -> String {
    match step {
        Step::AddScopes { before, .. } => format!("Resource server {}", before.identifier),
        Step::UpdateClient { before, .. } => {
            format!("App client {} ({})", before.settings.name, before.id)
        }
        Step::UpdateDomain { before, .. } => format!("Domain {}", before.name),
        other => other.sentence(),
    }
}

fn differs(about: &str, fields: &[impl AsRef<str>]) -> Obstacle {
    let fields: Vec<&str> = fields.iter().map(AsRef::as_ref).collect();
    Obstacle {
        kind: ObstacleKind::Conflict,
        about: about.to_owned(),
        what: format!(
            "it exists with other values ({}), and a creation changes nothing",
            fields.join(", ")
        ),
        way_out: "Change it with `cognitui update`, or choose another name.".to_owned(),
    }
}
