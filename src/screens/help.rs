//! Every key that works on the screen below, straight from the action table.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::message::Effect;
use crate::app::screen::{Screen, View};
use crate::input::{Action, Group};
use crate::ui::facts::{Fact, facts};
use crate::ui::pane::{Pane, popup};
use crate::ui::scroll::{Scroll, draw_lines};

const WIDTH: u16 = 72;
/// What works everywhere.
const EVERYWHERE: [Action; 5] = [Action::Back, Action::Help, Action::Quit, Action::ForceQuit, Action::Suspend];

/// The help of one screen.
pub struct Help {
    actions: Vec<Action>,
    scroll: Scroll,
}

impl Help {
    /// The help of a screen with these actions.
    pub fn new(mut actions: Vec<Action>) -> Self {
        actions.extend(EVERYWHERE.into_iter().filter(|action| !actions.contains(action)).collect::<Vec<_>>());
        Self { actions, scroll: Scroll::default() }
    }
}

impl Screen for Help {
    fn title(&self, _view: &View) -> String {
        "help".to_owned()
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{Down, First, Help, Last, PageDown, PageUp, Up};
        &[Help, Down, Up, First, Last, PageDown, PageUp]
    }

    fn act(&mut self, action: Action, _view: &View) -> Vec<Effect> {
        if action == Action::Help {
            return vec![Effect::Back];
        }
        self.scroll.act(action);
        Vec::new()
    }

    fn overlay(&self) -> bool {
        true
    }

    fn draw(&mut self, frame: &mut Frame, area: Rect, view: &View) {
        let mut lines = Vec::new();
        for group in Group::ALL {
            let of_group: Vec<Action> =
                Action::ALL.iter().copied().filter(|action| action.group() == group && self.actions.contains(action)).collect();
            if of_group.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Fact::head(""));
            }
            lines.push(Fact::head(group.title()));
            lines.extend(of_group.iter().map(|action| Fact::new(view.keys.labels(*action).join(" "), action.help())));
        }
        let width = WIDTH.min(area.width);
        let lines = facts(&lines, width.saturating_sub(5), 12, view.theme);
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let area = popup(frame, width, height.min(area.height));
        let inner = Pane::titled("Keys on this screen").focused(true).draw(frame, area, view.theme);
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
