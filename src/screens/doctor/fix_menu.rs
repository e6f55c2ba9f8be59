//! The choice of a fix for a finding.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{Effect, FixOption};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::input::Action;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::table::{Column, Row, Table, TableState};

const COLUMNS: &[Column] = &[Column::fixed("", 1), Column::flexible("FIX", 24, 60)];
const WIDTH: u16 = 62;

/// A list of fixes; a digit or Enter chooses one.
pub struct FixMenu {
    fixes: Vec<FixOption>,
    table: TableState,
}

impl FixMenu {
    pub fn new(fixes: &[FixOption]) -> Self {
        Self {
            fixes: fixes.to_vec(),
            table: TableState::default(),
        }
    }

    fn choose(&self, at: usize) -> Vec<Effect> {
        let fix = self.fixes.get(at);
        fix.map(|fix| vec![Effect::Back, Effect::Open(fix.route.clone())])
            .unwrap_or_default()
    }
}

impl Actions for FixMenu {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, Up};
        ActionRows::default()
            .with(
                ActionRow::new(Action::Enter, |menu: &mut Self, _| {
                    let at = menu.table.selected(menu.fixes.len());
                    at.map(|at| menu.choose(at)).unwrap_or_default()
                })
                .label("choose"),
            )
            .each(&[Down, Up, First, Last], |menu, action, _| {
                menu.table.act(action, menu.fixes.len());
                Vec::new()
            })
            .digits(|menu, at, _| menu.choose(at))
    }
}

impl Screen for FixMenu {
    fn title(&self, _view: &View) -> String {
        "fixes".to_owned()
    }

    fn mode(&self) -> Mode {
        Mode::popup(false)
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let fixes = &self.fixes;
        let height = u16::try_from(fixes.len()).unwrap_or(u16::MAX);
        let area = popup(frame, area, WIDTH, height.saturating_add(3));
        let inner = Pane::titled("Fixes")
            .focused(true)
            .draw(frame, area, view.theme);
        let table = Table::new(COLUMNS);
        table.draw(
            frame,
            inner,
            view.theme,
            &mut self.table,
            fixes.len(),
            |at| {
                fixes.get(at).map_or_else(Row::default, |fix| {
                    Row::new([
                        Line::styled((at + 1).to_string(), view.theme.key),
                        Line::raw(fix.label.as_str()),
                    ])
                })
            },
        );
    }
}
