//! From a preset and its answers to the plan that they lead to.

use crate::app::message::{Aim, Begun, Route};
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::domain::plan::{Wanted, WantedPool};
use crate::domain::preset::{Answers, Preset, Wrong};

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
) -> Result<Wanted, Vec<Wrong>> {
    let pool = pool.cloned().map(WantedPool::This);
    // With no pool named any will do: which one is asked with the plan.
    let pool = pool.or_else(|| (!preset.knows_its_pool()).then(|| WantedPool::Find(String::new())));
    preset.wanted(answers, pool, &region(view))
}

/// The plan that leads there.
pub fn route(wanted: Wanted, begun: &Begun) -> Route {
    Route::Aim(Box::new(Aim {
        wanted,
        take_down: false,
        within: begun.within().cloned(),
    }))
}
