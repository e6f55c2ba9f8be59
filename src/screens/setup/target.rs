//! From a preset and its answers to the plan that they lead to.

use crate::app::message::{Route, SetupOrigin, SetupTarget};
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::plan::{DesiredPool, DesiredState};
use crate::domain::preset::{AnswerError, Answers, Preset};

/// The Region that is worked in.
pub fn region(view: &View) -> String {
    view.session.region.clone().unwrap_or_default()
}

/// What a preset leads to with these answers, in this pool where the user is in one.
///
/// # Errors
/// What is wrong with the answers.
pub fn wanted(
    preset: &Preset,
    answers: &Answers,
    pool: Option<&PoolId>,
    view: &View,
) -> Result<DesiredState, Vec<AnswerError>> {
    let pool = pool.cloned().map(DesiredPool::This);
    // With no pool named any will do: which one is asked with the plan.
    let pool =
        pool.or_else(|| (!preset.knows_its_pool()).then(|| DesiredPool::Find(String::new())));
    preset.wanted(answers, pool, &region(view))
}

/// The plan that leads there.
pub fn route(wanted: DesiredState, begun: &SetupOrigin) -> Route {
    Route::SetupPlan(Box::new(SetupTarget {
        desired: wanted,
        take_down: false,
        within: begun.within().cloned(),
    }))
}
