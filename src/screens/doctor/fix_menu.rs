//! The choice of a fix for a finding.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{Effect, FixOption};
use crate::app::screen::{Screen, View};
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

impl Screen for FixMenu {
    fn title(&self, _view: &View) -> String {
        "fixes".to_owned()
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{Down, Enter, First, Last, Tab1, Tab2, Tab3, Tab4, Up};
        &[Enter, Down, Up, First, Last, Tab1, Tab2, Tab3, Tab4]
    }

    fn label(&self, action: Action) -> &'static str {
        match action {
            Action::Enter => "choose",
            other => other.word(),
        }
    }

    fn on_action(&mut self, action: Action, _view: &View) -> Vec<Effect> {
        let len = self.fixes.len();
        match action {
            Action::Enter => {
                let at = self.table.selected(len);
                at.map(|at| self.choose(at)).unwrap_or_default()
            }
            other => {
                if let Some(at) = other.tab() {
                    return self.choose(at);
                }
                self.table.act(other, len);
                Vec::new()
            }
        }
    }

    fn is_popup(&self) -> bool {
        true
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
                        Line::raw(fix.label),
                    ])
                })
            },
        );
    }
}
