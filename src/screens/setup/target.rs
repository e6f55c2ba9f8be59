//! From a preset and its answers to a plan.

use crate::app::message::{Route, SetupOrigin, SetupTarget};
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::plan::{DesiredPool, DesiredState};
use crate::domain::preset::{AnswerError, Answers, Preset};

/// The current Region.
pub fn region(view: &View) -> String {
    view.session.region.clone().unwrap_or_default()
}

/// The desired state of a preset with these answers, in the user's pool if there is one.
///
/// # Errors
/// The errors of the answers.
pub fn wanted(
    preset: &Preset,
    answers: &Answers,
    pool: Option<&PoolId>,
    view: &View,
) -> Result<DesiredState, Vec<AnswerError>> {
    let pool = pool.cloned().map(DesiredPool::This);
    // Without a pool name, any pool matches; the plan screen asks which.
    let pool =
        pool.or_else(|| (!preset.knows_its_pool()).then(|| DesiredPool::Find(String::new())));
    preset.wanted(answers, pool, &region(view))
}

/// The route of its plan.
pub fn route(wanted: DesiredState, origin: &SetupOrigin) -> Route {
    Route::SetupPlan(Box::new(SetupTarget {
        desired: wanted,
        take_down: false,
        within: origin.within().cloned(),
    }))
}
