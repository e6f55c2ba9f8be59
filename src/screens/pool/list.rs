//! The first screen: the user pools of the account and Region.

use crossterm::event::Event;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::message::{Effect, Query, Route, SetupOrigin, TaskEvent};
use crate::app::query::load::{Load, NotLoaded};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::domain::ids::PoolId;
use crate::domain::plan::Step;
use crate::domain::pool::PoolSummary;
use crate::domain::time::{self, Timestamp};
use crate::input::Action;
use crate::screens::shared::list::{self, ListSource, ListView, SortKey, preview_width};
use crate::screens::shared::verbs::Thing;
use crate::screens::shared::{format, load_states, pool_properties};
use crate::ui::filter::in_one_piece;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, split};
use crate::ui::properties::{Property, facts, spinner};
use crate::ui::table::{Column, Row};
use crate::ui::theme::Status;

const COLUMNS: &[Column] = &[
    Column::flexible("NAME", 30, 60),
    Column::fixed("POOL ID", 20).middle(),
    Column::fixed("CREATED", 10).rank(2),
    Column::fixed("MODIFIED", 9).right().rank(1),
];
/// The width of the list; a preview gets the rest.
const LIST: u16 = 74;

/// The list of user pools.
pub struct Pools {
    list: ListView,
    /// Whether the last frame had a preview, which needs the selected pool's settings.
    previews: bool,
    /// The pool whose settings a key waits for.
    awaited: Option<PoolId>,
}

impl Pools {
    /// An empty list; the app queries its rows.
    pub fn new() -> Self {
        Self {
            list: ListView::new(COLUMNS),
            previews: false,
            awaited: None,
        }
    }

    /// Why no pool is selected.
    fn nothing_selected(&self, view: &View) -> Option<String> {
        let none = load_states::nothing_to_select(view.store.pools(), "user pools", || {
            "No user pool to select".to_owned()
        });
        none.or_else(|| self.list.refusal())
    }

    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        self.list.act(action, &PoolRows::of(view))
    }

    fn selected<'a>(&mut self, view: &View<'a>) -> Option<&'a PoolSummary> {
        let at = self.list.selected(&PoolRows::of(view))?;
        view.store.pools().partial().get(at)
    }
}

impl Actions for Pools {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{
            Copy, Delete, Doctor, Edit, Enter, Export, Filter, Refresh, ScopeMap, SetUp, Sort,
        };
        let pool = self.selected(view).map(|pool| Thing::Pool(pool.id.clone()));
        let of_pool = match pool {
            Some(pool) => pool.rows(view),
            None => Thing::Pool(PoolId::new(""))
                .refused(view, Self::nothing_selected)
                .without(&[SetUp])
                .with(ActionRow::open(SetUp, Route::Presets(SetupOrigin::Global))),
        };
        let rows = of_pool
            .map(Edit, |row| {
                row.waits(|screen: &mut Self, view| {
                    let pool = screen.selected(view)?;
                    let load = view.store.pool(&pool.id);
                    if load.value().is_some() || load.error().is_some() {
                        return None;
                    }
                    screen.awaited = Some(pool.id.clone());
                    Some("The plan opens when the pool is loaded".to_owned())
                })
            })
            .each(&[Filter, Sort], Self::move_by)
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .each(list::MOVING, Self::move_by)
            .each(list::SCROLLING, Self::move_by)
            .in_order(&[
                Enter, SetUp, Filter, Doctor, Copy, Sort, ScopeMap, Refresh, Export, Edit, Delete,
            ]);
        self.list.in_rows(rows)
    }
}

impl Screen for Pools {
    fn title(&self, _view: &View) -> String {
        "pools".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        let awaited = self.awaited.iter().cloned().map(Query::Pool);
        [Query::Pools, Query::Identity]
            .into_iter()
            .chain(awaited)
            .collect()
    }

    fn prefetch(&mut self, view: &View, _room: usize) -> Vec<Query> {
        // One at a time: a cursor moving fast must not query every pool it passes.
        if !self.previews
            || view
                .store
                .in_flight()
                .any(|query| matches!(query, Query::Pool(_)))
        {
            return Vec::new();
        }
        let wanted = self.selected(view).map(|pool| Query::Pool(pool.id.clone()));
        wanted
            .into_iter()
            .filter(|query| view.store.wants(query))
            .collect()
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::PlanFinished { change, done } = fact
            && let Some(pool) = &done.pool
            && change
                .plan
                .steps
                .iter()
                .take(done.completed)
                .any(|step| matches!(step, Step::CreatePool(_)))
        {
            self.list.go_to(pool.as_str());
        }
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        self.list.edit(event, &PoolRows::of(view), view.keys)
    }

    fn mode(&self) -> Mode {
        Mode::typing(self.list.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let load = view.store.pools();
        let rows = PoolRows::of(view);
        self.list.sync(&rows);
        let status = load_states::count(load, &self.list, &Query::Pools, view);
        let inner = Pane::titled("User pools")
            .right(&status)
            .draw(frame, area, view.theme);
        if let Load::Failed(error) = load {
            return load_states::draw_error(frame, inner, error, view);
        }
        let empty =
            "No user pools in this account and Region. Change the Region with --region NAME";
        let sentence = load_states::sentence(load, "user pools", empty, view);
        let preview_width = preview_width(area, LIST);
        self.previews = preview_width.is_some();
        if let Some(width) = preview_width {
            let (left, right) = split(frame, inner, view.theme, width);
            self.list.draw(frame, left, view, &rows, &sentence);
            if let Some(pool) = self.selected(view) {
                let lines = preview(right.width, pool, view);
                self.list.draw_detail(frame, right, view, &lines);
            }
        } else {
            self.list.draw(frame, inner, view, &rows, &sentence);
        }
    }
}

fn preview(width: u16, pool: &PoolSummary, view: &View) -> Vec<Line<'static>> {
    let mut lines = vec![
        Property::head(pool.name.as_str()),
        Property::new("Pool id", pool.id.as_str()).middle(),
        Property::new("Created", format::day(pool.created, view.now)),
        Property::new("Modified", format::day(pool.modified, view.now)),
    ];
    match view.store.pool(&pool.id).known() {
        Ok(described) => {
            lines.extend(pool_properties::summary(described));
            lines.extend(pool_properties::token_endpoint(described, view));
            let mark = load_states::mark(&[Query::Pool(pool.id.clone())], view);
            lines.extend(mark.map(|mark| Property::new("Settings", mark).tone(Status::Warn)));
        }
        Err(NotLoaded::Failed(error)) => {
            lines.push(Property::new("Settings", error.kind.label()).tone(Status::Bad));
        }
        Err(NotLoaded::Coming) => lines.push(Property::new("Settings", spinner(view.spinner))),
    }
    facts(&lines, width.saturating_sub(1), 12, view.theme)
}

struct PoolRows<'a> {
    items: &'a [PoolSummary],
    view: &'a View<'a>,
}

impl<'a> PoolRows<'a> {
    fn of(view: &'a View<'a>) -> Self {
        Self {
            items: view.store.pools().partial(),
            view,
        }
    }
}

impl ListSource for PoolRows<'_> {
    fn len(&self) -> usize {
        self.items.len()
    }

    fn read_at(&self) -> Option<Timestamp> {
        self.view.store.pools().read_at()
    }

    fn view(&self) -> &View<'_> {
        self.view
    }

    fn broken_off(&self) -> Option<String> {
        load_states::broken_off(self.view.store.pools(), self.view)
    }

    fn id(&self, index: usize) -> &str {
        self.items.get(index).map_or("", |pool| pool.id.as_str())
    }

    fn texts(&self, index: usize) -> Vec<String> {
        self.items.get(index).map_or_else(Vec::new, |pool| {
            vec![pool.name.clone(), in_one_piece(pool.id.as_str())]
        })
    }

    fn key(&self, index: usize, column: usize) -> SortKey {
        let Some(pool) = self.items.get(index) else {
            return SortKey::None;
        };
        match column {
            0 => SortKey::text(&pool.name),
            1 => SortKey::text(pool.id.as_str()),
            2 => SortKey::number(pool.created.map(Timestamp::millis)),
            _ => SortKey::number(pool.modified.map(Timestamp::millis)),
        }
    }

    fn row(&self, index: usize) -> Row<'_> {
        let Some(pool) = self.items.get(index) else {
            return Row::default();
        };
        Row::new([
            Line::raw(pool.name.as_str()),
            Line::styled(pool.id.as_str(), self.view.theme.dim),
            Line::raw(pool.created.map_or_else(String::new, Timestamp::date)),
            Line::raw(
                pool.modified
                    .map_or_else(String::new, |at| time::age(at, self.view.now)),
            ),
        ])
    }
}
