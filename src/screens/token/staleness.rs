//! What was changed after an answer had come, so that the answer is no longer what would come now.

use ratatui::text::Line;

use crate::app::message::{PlanOutcome, PlanRequest};
use crate::app::screen::View;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::Step;
use crate::input::Action;
use crate::ui::properties::prose;
use crate::ui::theme::Status;

/// The thing that is otherwise than when the request was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaleReason {
    Client,
    Scopes,
    Domain,
}

impl StaleReason {
    /// What a change has written that bears on this client's tokens, the client before the rest; `None` where nothing does.
    pub fn by(
        change: &PlanRequest,
        done: &PlanOutcome,
        pool: &PoolId,
        client: &ClientId,
    ) -> Option<Self> {
        if done.pool.as_ref() != Some(pool) {
            return None;
        }
        let steps = change.plan.steps.iter().take(done.completed);
        let mut written: Vec<Self> = steps
            .filter(|step| !step.is_done())
            .filter_map(|step| match step {
                Step::UpdateClient { before, .. } if before.id == *client => Some(Self::Client),
                Step::CreateServer(_)
                | Step::AddScopes { .. }
                | Step::UpdateServer { .. }
                | Step::DeleteServer { .. } => Some(Self::Scopes),
                Step::CreateDomain(_) | Step::UpdateDomain { .. } | Step::DeleteDomain { .. } => {
                    Some(Self::Domain)
                }
                _ => None,
            })
            .collect();
        written.sort_by_key(|changed| *changed as u8);
        written.first().copied()
    }

    /// Says so above the answer, with the key that asks again.
    pub fn lines(self, width: u16, view: &View) -> Vec<Line<'static>> {
        let what = match self {
            Self::Client => "The client has changed since this answer",
            Self::Scopes => "The pool's scopes have changed since this answer",
            Self::Domain => "The pool's domain has changed since this answer",
        };
        let key = view.keys.label(Action::Submit);
        let again = if key.is_empty() {
            String::new()
        } else {
            format!(": {key} tries again")
        };
        let text = format!("{}{what}{again}.", Status::Warn.sign());
        let style = view.theme.tone(Status::Warn).patch(view.theme.strong);
        let mut lines = prose(&text, width, style);
        lines.push(Line::default());
        lines
    }
}
