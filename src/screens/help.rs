//! Every key of the screen below, straight from the action table; those that do nothing now with the reason.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::Effect;
use crate::app::screen::{Screen, View};
use crate::input::{Action, Group};
use crate::ui::frame::Frame;
use crate::ui::pane::{Pane, popup};
use crate::ui::properties::{Fact, facts};
use crate::ui::scroll::{Scroll, draw_lines};

const WIDTH: u16 = 72;
/// What works everywhere.
const EVERYWHERE: [Action; 9] = [
    Action::Paste,
    Action::History,
    Action::Back,
    Action::Help,
    Action::Quit,
    Action::ForceQuit,
    Action::Privacy,
    Action::SaveScreen,
    Action::Suspend,
];

/// The help of one screen.
pub struct Help {
    offers: Vec<(Action, Option<String>)>,
    scroll: Scroll,
}

impl Help {
    /// The help of a screen that offers these actions, or says why it does not now.
    pub fn new(mut offers: Vec<(Action, Option<String>)>) -> Self {
        for action in EVERYWHERE {
            if offers.iter().all(|(offered, _)| *offered != action) {
                offers.push((action, None));
            }
        }
        Self {
            offers,
            scroll: Scroll::default(),
        }
    }

    fn line<'a>(&'a self, action: Action, view: &View) -> Option<Fact<'a>> {
        let (_, refused) = self.offers.iter().find(|(offered, _)| *offered == action)?;
        let keys = view.keys.labels(action).collect::<Vec<_>>().join(" ");
        Some(match refused {
            None => Fact::new(keys, action.help()),
            Some(reason) => Fact::new(keys, Line::styled(action.help(), view.theme.dim))
                .note(format!("not now: {reason}")),
        })
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

    fn word(&self, action: Action) -> &'static str {
        match action {
            Action::Help => "close",
            other => other.word(),
        }
    }

    fn scrolls(&self) -> Option<[Action; 2]> {
        self.scroll.keys()
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
        let caller = view.caller().to_string();
        if !view.session.demo {
            lines.push(Fact::new("As", caller));
        }
        for group in Group::ALL {
            let of_group: Vec<Fact> = Action::ALL
                .iter()
                .filter(|action| action.group() == group)
                .filter_map(|action| self.line(*action, view))
                .collect();
            if of_group.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Fact::head(""));
            }
            lines.push(Fact::head(group.title()));
            lines.extend(of_group);
        }
        let width = WIDTH.min(area.width);
        let lines = facts(&lines, width.saturating_sub(5), 12, view.theme);
        let height = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .saturating_add(2);
        let area = popup(frame, area, width, height.min(area.height));
        let inner = Pane::titled("Keys on this screen")
            .focused(true)
            .draw(frame, area, view.theme);
        draw_lines(frame, inner, view.theme, &lines, &mut self.scroll);
    }
}
