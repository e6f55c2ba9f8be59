//! The list of presets.

use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::message::{Effect, Route, SetupOrigin};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Screen, View};
use crate::domain::ids::PoolId;
use crate::domain::plan::{self, CurrentState, DesiredPool, Step};
use crate::domain::pool::NewPool;
use crate::domain::preset::{Answers, Preset};
use crate::input::Action;
use crate::screens::setup::target;
use crate::screens::shared::list::preview_width;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, split};
use crate::ui::properties::{hanging, prose};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::table::{Column, Row, Table, TableState};

const COLUMNS: &[Column] = &[
    Column::fixed("PRESET", 14),
    Column::flexible("DESCRIPTION", 24, 70),
    Column::fixed("", 5),
];
/// The width of the list next to a preview.
const LIST: u16 = 60;
/// A placeholder for a missing answer.
const SAMPLE: &str = "example";

/// All presets, including the user's.
pub struct PresetList {
    origin: SetupOrigin,
    table: TableState,
    /// The preview and the preset it shows.
    text: Scroll,
    text_of: Option<usize>,
}

impl PresetList {
    pub fn new(origin: SetupOrigin) -> Self {
        Self {
            origin,
            table: TableState::default(),
            text: Scroll::default(),
            text_of: None,
        }
    }

    fn selected<'a>(&self, view: &View<'a>) -> Option<&'a Preset> {
        let len = view.session.presets.presets().count();
        let at = self.table.selected(len)?;
        view.session.presets.presets().nth(at)
    }

    /// The pool of this preset.
    fn pool(&self, preset: &Preset) -> Option<&PoolId> {
        self.origin.pool(preset.knows_its_pool())
    }

    /// The route of the preset's form.
    fn answers(&self, preset: &Preset) -> Route {
        Route::PresetForm(preset.name.clone(), self.origin.clone())
    }

    /// The route of the plan, if no question needs an answer.
    fn at_once(&self, preset: &Preset, view: &View) -> Option<Route> {
        let pool = self.pool(preset);
        let few = preset.asks_where(pool.is_some()).count() < 2;
        let wanted = target::wanted(preset, &Answers::new(), pool, view).ok();
        wanted
            .filter(|_| few)
            .map(|wanted| target::route(wanted, &self.origin))
    }

    /// A preset and its resources, with its default answers.
    fn about(&self, preset: &Preset, width: u16, view: &View) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut lines = prose(&preset.title, width, theme.strong);
        lines.extend(prose(&preset.about, width, theme.text));
        if !preset.source.is_empty() {
            lines.extend(prose(&format!("From {}", preset.source), width, theme.dim));
        }
        lines.push(Line::default());
        for step in self.steps(preset, view) {
            lines.extend(hanging("+ ", &step.sentence(), width, theme.text));
            for detail in step.details() {
                lines.extend(hanging("    ", &detail.to_string(), width, theme.dim));
            }
        }
        lines
    }

    /// The steps in an empty pool.
    fn steps(&self, preset: &Preset, view: &View) -> Vec<Step> {
        let region = view.session.region.as_deref().unwrap_or_default();
        let asked = preset.asks.iter().filter(|ask| ask.default.is_none());
        let answers: Answers = asked
            .map(|ask| (ask.key.clone(), SAMPLE.to_owned()))
            .collect();
        let empty = || {
            DesiredPool::Create(NewPool {
                name: SAMPLE.to_owned(),
                ..NewPool::default()
            })
        };
        let named = self.pool(preset).is_some() || !preset.knows_its_pool();
        let Ok(mut wanted) = preset.wanted(&answers, named.then(empty), region) else {
            return Vec::new();
        };
        let makes = matches!(wanted.pool, DesiredPool::Create(_)) && !named;
        if !makes {
            wanted.pool = empty();
        }
        let mut plan = plan::set_up(&wanted, &CurrentState::default());
        plan.steps
            .retain(|step| makes || !matches!(step, Step::CreatePool(_)));
        plan.steps
    }
}

impl Actions for PresetList {
    fn rows(&mut self, _view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, PageDown, PageUp, ScrollDown, ScrollUp, Up};
        let choose = ActionRow::new(Action::Enter, |list: &mut Self, view| {
            let preset = list.selected(view);
            let route = preset.map(|preset| {
                let plan = list.at_once(preset, view);
                plan.unwrap_or_else(|| list.answers(preset))
            });
            route.map(Effect::Open).into_iter().collect()
        });
        let answers = ActionRow::new(Action::Edit, |list: &mut Self, view| {
            let route = list.selected(view).map(|preset| list.answers(preset));
            route.map(Effect::Open).into_iter().collect()
        });
        let scrolls = [ScrollDown, ScrollUp];
        ActionRows::default()
            .with(choose.label("choose"))
            .with(answers.label("answers").refused(|list, view| {
                let preset = list.selected(view)?;
                let asks = preset.asks_where(list.pool(preset).is_some()).count();
                (asks == 0).then(|| format!("{} has no questions", preset.name))
            }))
            .each(
                &[Down, Up, First, Last, PageDown, PageUp],
                |list, action, view| {
                    let len = view.session.presets.presets().count();
                    list.table.act(action, len);
                    Vec::new()
                },
            )
            .with(ActionRow::change(ScrollDown, |list: &mut Self| {
                list.text.act(Down);
            }))
            .with(ActionRow::change(ScrollUp, |list: &mut Self| {
                list.text.act(Up);
            }))
            .scrolling(self.text.is_needed().then_some(scrolls))
    }
}

impl Screen for PresetList {
    fn title(&self, _view: &View) -> String {
        "set up".to_owned()
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let presets = &view.session.presets;
        let title = match self.origin.within() {
            Some(pool) => format!("Set up M2M access in {}", view.store.pool_name(pool)),
            None => "Set up M2M access".to_owned(),
        };
        let inner = Pane::titled(&title).draw(frame, area, view.theme);
        let (list, preview) = match preview_width(area, LIST) {
            Some(width) => {
                let (left, right) = split(frame, inner, view.theme, width);
                (left, Some(right))
            }
            None => (inner, None),
        };
        let usable: Vec<&Preset> = presets.presets().collect();
        let at = self.table.selected(usable.len());
        if self.text_of != at {
            self.text_of = at;
            self.text = Scroll::default();
        }
        let mut below = Vec::new();
        let unread = view.session.presets_error.clone();
        for error in presets.errors().map(ToString::to_string).chain(unread) {
            below.extend(hanging("✗ ", &error, list.width, view.theme.bad));
        }
        if let Some(preset) = self.selected(view).filter(|_| preview.is_none()) {
            let width = list.width.saturating_sub(1);
            below.extend(self.about(preset, width, view));
        }
        // A long list takes most of the height; the preview shrinks and scrolls.
        let rows = u16::try_from(usable.len() + 2).unwrap_or(u16::MAX);
        let height = u16::try_from(below.len()).unwrap_or(u16::MAX);
        let most = inner.height.saturating_sub(rows).max(inner.height / 2);
        let [top, bottom] =
            Layout::vertical([Constraint::Min(0), Constraint::Length(height.min(most))])
                .areas(list);
        Table::new(COLUMNS).empty("No usable presets").draw(
            frame,
            top,
            view.theme,
            &mut self.table,
            usable.len(),
            |at| {
                usable.get(at).map_or_else(Row::default, |preset| {
                    let own = presets.is_own(&preset.name);
                    let own = Line::styled(if own { "own" } else { "" }, view.theme.accent);
                    Row::new([
                        Line::raw(preset.name.as_str()),
                        Line::raw(preset.title.as_str()),
                        own,
                    ])
                })
            },
        );
        if let (Some(area), Some(preset)) = (preview, self.selected(view)) {
            let lines = self.about(preset, area.width.saturating_sub(1), view);
            draw_lines(frame, bottom, view.theme, &below, &mut Scroll::default());
            draw_lines(frame, area, view.theme, &lines, &mut self.text);
        } else {
            draw_lines(frame, bottom, view.theme, &below, &mut self.text);
        }
    }
}
