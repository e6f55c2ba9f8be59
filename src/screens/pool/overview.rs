//! The settings of a pool.

use ratatui::layout::Rect;

use super::draw_unready;
use crate::app::message::Effect;
use crate::app::screen::View;
use crate::domain::ids::PoolId;
use crate::input::Action;
use crate::screens::shared::client_properties::other_settings;
use crate::screens::shared::format;
use crate::screens::shared::pool_properties::{endpoints, summary};
use crate::ui::frame::Canvas;
use crate::ui::properties::{Property, facts};
use crate::ui::scroll::{Scroll, draw_lines};

/// The overview tab.
#[derive(Default)]
pub struct Overview {
    scroll: Scroll,
}

impl Overview {
    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        self.scroll.act(action);
        Vec::new()
    }

    /// The keys that scroll it, if it overflows.
    pub fn scrolls(&self) -> Option<[Action; 2]> {
        self.scroll.keys()
    }

    pub fn draw(&mut self, frame: &mut Canvas, area: Rect, pool: &PoolId, view: &View) {
        let load = view.store.pool(pool);
        let Some(described) = load.value() else {
            return draw_unready(frame, area, load, "pool settings", view);
        };
        let mut lines = vec![
            Property::new("Name", described.name.as_str()),
            Property::new("Pool id", described.id.as_str()),
            Property::new("Created", format::when(described.created, view.now)),
            Property::new("Modified", format::when(described.modified, view.now)),
        ];
        lines.extend(summary(described));
        if let Some(users) = described.estimated_users {
            lines.push(Property::new("Users", users.to_string()).note("Cognito's estimate"));
        }
        lines.push(Property::head(""));
        lines.push(Property::head("Token endpoints"));
        lines.extend(endpoints(described, view));
        if !described.tags.is_empty() {
            lines.push(Property::head(""));
            lines.push(Property::head("Tags"));
            lines.extend(
                described
                    .tags
                    .iter()
                    .map(|(key, value)| Property::new(key.as_str(), value.as_str())),
            );
        }
        lines.extend(other_settings(&described.other));
        if let Some(arn) = &described.arn {
            lines.push(Property::head(""));
            lines.push(Property::new("ARN", arn.as_str()));
        }
        let lines = facts(&lines, area.width.saturating_sub(1), 16, view.theme);
        draw_lines(frame, area, view.theme, &lines, &mut self.scroll);
    }
}
