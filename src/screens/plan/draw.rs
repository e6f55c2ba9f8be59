//! Draws a plan, or why there is none yet.

use std::rc::Rc;

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use super::PlanScreen;
use crate::app::screen::View;
use crate::domain::plan::Plan;
use crate::screens::plan::source::PlanState;
use crate::screens::shared::load_states;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, popup};
use crate::ui::properties::prose;
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::table::{Column, Row, Table};

const WIDTH: u16 = 76;
/// With fewer rows, only the steps are shown.
const ROOMY: u16 = 6;
const POOLS: &[Column] = &[
    Column::flexible("USER POOL", 20, 60),
    Column::fixed("POOL ID", 24),
];

fn tall(lines: &[Line]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}

impl PlanScreen {
    fn place(plan: &Plan) -> String {
        match &plan.pool.id {
            Some(pool) => format!("In {} ({pool}):", plan.pool.name),
            None => format!("In {}:", plan.pool.name),
        }
    }

    pub(super) fn draw_plan(
        &mut self,
        frame: &mut Canvas,
        area: Rect,
        plan: &Rc<Plan>,
        view: &View,
    ) {
        let popped = self.source.is_popup();
        let width = if popped {
            WIDTH.min(area.width)
        } else {
            area.width
        };
        let room = width.saturating_sub(5);
        let roomy = area.height >= ROOMY;
        let mut head = Vec::new();
        // A short screen shows at least the first step and the number of steps.
        if roomy {
            head.extend(prose(&Self::place(plan), room, view.theme.dim));
            if !view.session.demo {
                let caller = format!("As {}", view.caller());
                head.extend(prose(&caller, room, view.theme.dim));
            }
            head.push(Line::default());
        }
        self.steps.lay_out(plan, room, view);
        let ranges = self.steps.ranges(head.len());
        let (mut foot, mut keys) = self.below(plan, room, view);
        if !roomy {
            foot.append(&mut keys);
        }
        let len = ranges.last().map_or(head.len(), |last| last.end) + foot.len();
        let below = if self.asks_name() {
            let form = self.typed.form(plan.name_to_type());
            form.height(room.saturating_add(1), view.theme)
        } else {
            0
        };
        let area = if popped {
            let height = u16::try_from(len).unwrap_or(u16::MAX);
            popup(
                frame,
                area,
                width,
                height.saturating_add(2 + tall(&keys) + below),
            )
        } else {
            area
        };
        let title = if roomy || self.asks_name() {
            self.source.title(self.deletion())
        } else {
            format!("Apply {} steps?", plan.to_do().count())
        };
        let pane = Pane::titled(&title).focused(true);
        let pane = if self.asks_name() {
            pane.danger()
        } else {
            pane
        };
        let inner = pane.draw(frame, area, view.theme);
        // The text field follows the keys.
        let most = inner.height.saturating_sub(below + tall(&keys));
        let above = u16::try_from(len).unwrap_or(u16::MAX).min(most);
        let [above, answers, below, _] = Layout::vertical([
            Constraint::Length(above),
            Constraint::Length(tall(&keys)),
            Constraint::Length(below),
            Constraint::Min(0),
        ])
        .areas(inner);
        self.steps.follow(&ranges, len, above.height);
        let lines: Vec<&Line> = head.iter().chain(self.steps.lines()).chain(&foot).collect();
        let mut scroll = self.steps.scroll;
        draw_lines(frame, above, view.theme, &lines, &mut scroll);
        self.steps.scroll = scroll;
        draw_lines(frame, answers, view.theme, &keys, &mut Scroll::default());
        if self.asks_name() {
            let resting = !self.naming;
            let form = self.typed.form(plan.name_to_type());
            form.set_resting(resting);
            form.draw(frame, below, view.theme);
        }
    }

    /// Draws the screen while there is no plan.
    pub(super) fn draw_unplanned(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let title = self.source.title(None);
        let inner = Pane::titled(&title)
            .focused(true)
            .draw(frame, area, view.theme);
        match self.source.state(view) {
            PlanState::Failed(error) => load_states::draw_error(frame, inner, &error, view),
            PlanState::Choice(pools) => {
                let theme = view.theme;
                let [head, list] =
                    Layout::vertical([Constraint::Length(2), Constraint::Min(0)]).areas(inner);
                let words = format!("{} user pools match. Choose one.", pools.len());
                let lines = prose(&words, head.width, theme.text);
                draw_lines(frame, head, theme, &lines, &mut self.steps.scroll);
                let row = |at: usize| {
                    pools.get(at).map_or_else(Row::default, |pool| {
                        Row::new([pool.name.clone(), pool.id.to_string()])
                    })
                };
                let table = Table::new(POOLS);
                table.draw(frame, list, theme, &mut self.pools, pools.len(), row);
            }
            PlanState::Outdated => load_states::draw_unread(frame, inner, view),
            PlanState::Plan(_) | PlanState::Loading => {
                load_states::draw_reading(frame, inner, "the current state", view);
            }
        }
    }
}
