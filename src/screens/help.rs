//! All keys of a screen from the action table, with the reason why a key is disabled.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::Effect;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::input::{Action, Group};
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::properties::{Property, facts};
use crate::ui::scroll::{Scroll, draw_lines};

const WIDTH: u16 = 72;
/// The actions of all screens.
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
    /// The help of a screen with these actions, and why some are disabled.
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

    fn line<'a>(&'a self, action: Action, view: &View) -> Option<Property<'a>> {
        let (_, refused) = self.offers.iter().find(|(offered, _)| *offered == action)?;
        let keys = view.keys.all_labels(action);
        Some(match refused {
            None => Property::new(keys, action.help()),
            Some(reason) => Property::new(keys, Line::styled(action.help(), view.theme.dim))
                .note(format!("not now: {reason}")),
        })
    }
}

impl Actions for Help {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, PageDown, PageUp, Up};
        ActionRows::default()
            .with(ActionRow::ask(Action::Help, Effect::Back).label("close"))
            .each(
                &[Down, Up, First, Last, PageDown, PageUp],
                |help: &mut Self, action, _| {
                    help.scroll.act(action);
                    Vec::new()
                },
            )
            .scrolling(self.scroll.keys())
    }
}

impl Screen for Help {
    fn title(&self, _view: &View) -> String {
        "help".to_owned()
    }

    fn mode(&self) -> Mode {
        Mode::popup(false)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let mut lines = Vec::new();
        let caller = view.caller().to_string();
        if !view.session.demo {
            lines.push(Property::new("As", caller));
        }
        for group in Group::ALL {
            let of_group: Vec<Property> = Action::ALL
                .iter()
                .filter(|action| action.group() == group)
                .filter_map(|action| self.line(*action, view))
                .collect();
            if of_group.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Property::head(""));
            }
            lines.push(Property::head(group.title()));
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
