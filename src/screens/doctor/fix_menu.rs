//! The choice among several ways to mend a finding.

use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{Effect, FixOption};
use crate::app::screen::{Screen, View};
use crate::input::Action;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::table::{Column, Row, Table, TableState};

const COLUMNS: &[Column] = &[
    Column::fixed("", 1),
    Column::flexible("HOW TO MEND IT", 24, 60),
];
const WIDTH: u16 = 62;

/// A list of ways; a digit or Enter takes one.
pub struct FixMenu {
    ways: Vec<FixOption>,
    table: TableState,
}

impl FixMenu {
    pub fn new(ways: &[FixOption]) -> Self {
        Self {
            ways: ways.to_vec(),
            table: TableState::default(),
        }
    }

    fn choose(&self, at: usize) -> Vec<Effect> {
        let way = self.ways.get(at);
        way.map(|way| vec![Effect::Back, Effect::Open(way.route.clone())])
            .unwrap_or_default()
    }
}

impl Screen for FixMenu {
    fn title(&self, _view: &View) -> String {
        "mend".to_owned()
    }

    fn actions(&self) -> &'static [Action] {
        use Action::{Down, Enter, First, Last, Tab1, Tab2, Tab3, Tab4, Up};
        &[Enter, Down, Up, First, Last, Tab1, Tab2, Tab3, Tab4]
    }

    fn label(&self, action: Action) -> &'static str {
        match action {
            Action::Enter => "take this way",
            other => other.word(),
        }
    }

    fn on_action(&mut self, action: Action, _view: &View) -> Vec<Effect> {
        let len = self.ways.len();
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
        let ways = &self.ways;
        let height = u16::try_from(ways.len()).unwrap_or(u16::MAX);
        let area = popup(frame, area, WIDTH, height.saturating_add(3));
        let inner = Pane::titled("Mend")
            .focused(true)
            .draw(frame, area, view.theme);
        let table = Table::new(COLUMNS);
        table.draw(
            frame,
            inner,
            view.theme,
            &mut self.table,
            ways.len(),
            |at| {
                ways.get(at).map_or_else(Row::default, |way| {
                    Row::new([
                        Line::styled((at + 1).to_string(), view.theme.key),
                        Line::raw(way.label),
                    ])
                })
            },
        );
    }
}
