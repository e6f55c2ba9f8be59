//! A change after a response, which makes the response outdated.

use ratatui::text::Line;

use crate::app::message::{PlanOutcome, PlanRequest};
use crate::app::screen::View;
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::Step;
use crate::input::Action;
use crate::ui::properties::prose;
use crate::ui::theme::Status;

/// What changed since the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaleReason {
    Client,
    Scopes,
    Domain,
}

impl StaleReason {
    /// What a write changed that affects this client's tokens, the client first; `None` if nothing does.
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

    /// The warning above the response, with the key to request again.
    pub fn lines(self, width: u16, view: &View) -> Vec<Line<'static>> {
        let what = match self {
            Self::Client => "The client has changed since this response",
            Self::Scopes => "The pool's scopes have changed since this response",
            Self::Domain => "The pool's domain has changed since this response",
        };
        let key = view.keys.label(Action::Submit);
        let again = if key.is_empty() {
            String::new()
        } else {
            format!(": {key} to retry")
        };
        let text = format!("{}{what}{again}.", Status::Warn.sign());
        let style = view.theme.tone(Status::Warn).patch(view.theme.strong);
        let mut lines = prose(&text, width, style);
        lines.push(Line::default());
        lines
    }
}
