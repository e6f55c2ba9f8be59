//! The doctor: the findings on a pool, or on one client of it, the worst first.

mod explained;
pub(super) mod fix_menu;
mod rows;

use crossterm::event::Event;
use ratatui::layout::Rect;

use crate::app::message::{CopyMenu, Effect, Notice, Query, Route};
use crate::app::query::load::Load;
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::domain::doctor::{Subject, tally};
use crate::domain::ids::{ClientId, PoolId};
use crate::input::Action;
use crate::screens::doctor::explained::explained;
use crate::screens::doctor::rows::{Entries, FindingRows, Selected};
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::findings::{self, ReadProgress, findings};
use crate::screens::shared::list::{self, ListView, preview_width};
use crate::screens::shared::load_states;
use crate::screens::shared::read_all;
use crate::screens::shared::rebuild_throttle::RebuildThrottle;
use crate::screens::shared::verbs::Thing;
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, split, stack};
use crate::ui::properties::{prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines};
use crate::ui::table::Column;
use crate::ui::text::columns;
use crate::ui::theme::Status;

const COLUMNS: &[Column] = &[
    Column::fixed("SEVERITY", 10),
    Column::flexible("FINDING", 24, 36).weight(2),
    Column::flexible("ON", 16, 60).middle(),
];
/// The width of the list; a preview gets the rest.
const LIST: u16 = 76;
/// In a pane this high the finding is below the list, if there is no room on the right.
const STACK_FROM: u16 = 10;

/// The findings on a pool, or on one client.
pub struct Doctor {
    pool: PoolId,
    client: Option<ClientId>,
    asking: DetailLoader,
    list: ListView,
    entries: Entries,
    progress: ReadProgress,
    /// The version of the Store that entries and progress come from.
    made: RebuildThrottle<u64>,
}

/// The rows of the list.
fn rows<'a>(
    entries: &'a Entries,
    made: &RebuildThrottle<u64>,
    view: &'a View<'a>,
) -> FindingRows<'a> {
    FindingRows {
        entries,
        made_at: made.at(),
        view,
    }
}

impl Doctor {
    /// The doctor on a whole pool, or on what concerns one client of it.
    pub fn new(pool: PoolId, client: Option<ClientId>) -> Self {
        Self {
            pool,
            client,
            asking: DetailLoader::default(),
            list: ListView::new(COLUMNS).in_order_of(0),
            entries: Entries::default(),
            progress: ReadProgress::default(),
            made: RebuildThrottle::default(),
        }
    }

    /// Runs the rules again if the Store has changed.
    fn sync(&mut self, view: &View) {
        self.entries.flatten(self.list.is_filtering());
        let pouring = |_: &u64| view.store.in_flight().any(Query::is_detail);
        if !self.made.is_due(view.store.version(), view.now, pouring) {
            return;
        }
        let found = findings(&self.pool, self.client.as_ref(), view);
        self.progress = ReadProgress::of(&self.pool, self.client.as_ref(), view);
        self.entries.set(found.unwrap_or_default());
    }

    fn selected(&mut self, view: &View) -> Option<Selected<'_>> {
        self.sync(view);
        let rows = rows(&self.entries, &self.made, view);
        let at = self.list.selected(&rows)?;
        self.entries.get(at)
    }

    /// The subject of the row under the cursor, as last drawn.
    fn current(&self) -> Option<Selected<'_>> {
        self.entries.get(self.list.current()?)
    }

    /// Lists the subjects of the rule under the cursor, or no longer.
    fn toggle(&mut self) {
        if let Some(Selected::All(group)) = self.current() {
            let rule = group.rule.id;
            self.entries.toggle(rule);
        }
    }

    /// Why there is no finding to act on.
    fn nothing_listed(&self, view: &View) -> Option<String> {
        if !self.entries.findings().is_empty() {
            return None;
        }
        if self.is_reading(view) {
            return Some("No findings so far; still loading".to_owned());
        }
        let none = || "No findings".to_owned();
        load_states::empty_text(view.store.pool(&self.pool).known(), true, "the pool", none)
    }

    fn nothing_selected(&self, view: &View) -> Option<String> {
        self.nothing_listed(view).or_else(|| self.list.refusal())
    }

    /// Why an action has no app client.
    fn no_client(&self, view: &View) -> Option<String> {
        let about = |selected: Selected| match selected {
            Selected::All(group) => {
                let enter = view.keys.label(Action::Enter);
                format!("{}: {enter} lists them", group.on())
            }
            Selected::One(finding) => {
                let kind = finding.subject.kind();
                format!("This finding is about the {kind}, not an app client")
            }
        };
        self.nothing_selected(view)
            .or_else(|| self.current().map(about))
    }

    /// The finding, and what its subject has to copy.
    fn copy_menu(&mut self, view: &View) -> Option<CopyMenu> {
        let (what, text) = match self.selected(view)? {
            Selected::All(group) => ("findings", group.to_string()),
            Selected::One(finding) => ("finding", finding.to_string()),
        };
        let finding = CopyMenu::Text {
            label: format!("The {what}"),
            what: format!("the {what}"),
            text,
        };
        Some(match self.thing(view) {
            Some(thing) => finding.and(thing.copy_menu()),
            None => finding,
        })
    }

    /// What the finding under the cursor is about.
    fn thing(&mut self, view: &View) -> Option<Thing> {
        let pool = self.pool.clone();
        let Selected::One(finding) = self.selected(view)? else {
            return None;
        };
        Some(match &finding.subject {
            Subject::Pool => Thing::Pool(pool),
            Subject::Domain(name) => Thing::Domain(pool, name.clone()),
            Subject::Client { id, .. } => Thing::Client(pool, id.clone()),
            Subject::Scope(scope) => Thing::Scope(pool, scope.clone()),
            Subject::Trigger(_) => return None,
        })
    }

    fn move_by(&mut self, action: Action, view: &View) -> Vec<Effect> {
        self.sync(view);
        let rows = rows(&self.entries, &self.made, view);
        self.list.act(action, &rows)
    }

    /// Fixes what is under the cursor; a menu offers several fixes.
    fn fix(&mut self, view: &View) -> Option<Effect> {
        let pool = self.pool.clone();
        let (mut ways, together) = match self.selected(view)? {
            Selected::All(group) => (findings::fixes_of_all(&pool, group.findings, view), true),
            Selected::One(finding) => (findings::fix_options(&pool, finding, view), false),
        };
        let route = match ways.len() {
            0 if together => {
                let enter = view.keys.label(Action::Enter);
                return Some(Effect::Notice(Notice::info(findings::one_by_one(enter))));
            }
            0 => return None,
            1 => ways.pop()?.route,
            _ => Route::FixMenu(ways),
        };
        Some(Effect::Open(route))
    }

    /// Why the console cannot fix what is under the cursor.
    fn not_fixable(&self, view: &View) -> Option<String> {
        match self.current()? {
            Selected::All(group) => findings::not_together(group.findings.first()?, view),
            Selected::One(finding) => findings::by_hand(&self.pool, finding, view),
        }
    }

    /// The right of the border: the count of findings, and how much is read.
    fn status(&self, view: &View) -> String {
        let severities = self.entries.findings().iter();
        let severities = severities.map(|finding| finding.rule.severity);
        let reads = self.is_reading(view);
        let reading = if reads { spinner(view.spinner) } else { "" };
        let read = match self.client {
            Some(_) => reading.to_owned(),
            None => format!("{reading} {}", self.progress.words(&self.pool, view)),
        };
        let so_far = if reads { " so far" } else { "" };
        let found = tally(severities).map(|found| format!("{found}{so_far}"));
        // A narrow pane cuts the end: the count of what was read comes first.
        let parts = [Some(read.trim().to_owned()), found];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(" · ")
    }

    /// Whether the rules wait for an answer.
    fn is_reading(&self, view: &View) -> bool {
        let on_its_way = |query: &Query| view.store.is_awaited(query);
        let looked_up = findings::look_ups(&self.pool, view);
        !(self.progress.is_over() || self.waits_for_user(view))
            || self.queries().iter().chain(&looked_up).any(on_its_way)
            || findings::reads_managed(&self.pool, self.client.as_ref(), view)
    }

    /// Whether nothing more is read unless the user asks for it.
    fn waits_for_user(&self, view: &View) -> bool {
        let details = |query: &Query| query.detail_of() == Some(&self.pool);
        self.held(view).is_some() && !view.store.in_flight().any(details)
    }

    /// That clients are not read, and what reads them.
    fn held(&self, view: &View) -> Option<String> {
        let whole = self.client.is_none();
        whole.then(|| read_all::held(&self.pool, view)).flatten()
    }

    /// Says that there are no findings, or none yet.
    fn draw_nothing(&self, frame: &mut Canvas, area: Rect, unread: bool, view: &View) {
        if self.is_reading(view) {
            return load_states::draw_reading(frame, area, "clients; no findings so far", view);
        }
        let (words, style) = if unread {
            ("No findings in the data that was read.", view.theme.text)
        } else {
            ("✓ No findings.", view.theme.good)
        };
        let mut lines = prose(words, area.width, style);
        let judged = findings::judged(&self.pool, self.client.as_ref(), view);
        if let (false, Some(judged)) = (unread, judged) {
            let words = format!("{}.", judged.words());
            lines.extend(prose(&words, area.width, view.theme.dim));
        }
        draw_lines(frame, area, view.theme, &lines, &mut Scroll::default());
    }
}

impl Actions for Doctor {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Copy, Doctor, Enter, Filter, Fix, Refresh, Rotate, Sort};
        self.sync(view);
        // Whether the rule under the cursor lists its subjects.
        let group = match self.selected(view) {
            Some(Selected::All(group)) => Some(group.rule.id),
            _ => None,
        };
        let group = group.map(|rule| self.entries.is_open(rule));
        let thing = self.thing(view);
        let of_thing = thing.map_or_else(ActionRows::default, |thing| thing.rows(view));
        let pool = Route::Doctor(self.pool.clone(), None);
        let read_all = read_all::row(&self.pool, view);
        let rows = ActionRows::default()
            .with_if(self.client.is_some(), || {
                ActionRow::open(Doctor, pool).label("whole pool")
            })
            .with(
                ActionRow::new(Copy, |screen: &mut Self, view| {
                    let menu = screen.copy_menu(view).map(Route::Copy);
                    menu.map(Effect::Open).into_iter().collect()
                })
                .refused(Self::nothing_selected),
            )
            .with_if(group.is_some(), || {
                ActionRow::change(Enter, Self::toggle).label(if group == Some(true) {
                    "close"
                } else {
                    "list them"
                })
            })
            .and(of_thing)
            .and(Thing::any_client(&self.pool).refused(view, Self::no_client))
            .with(
                ActionRow::new(Fix, |screen: &mut Self, view| {
                    screen.fix(view).into_iter().collect()
                })
                .refused(Self::nothing_selected)
                .refused(Self::not_fixable),
            )
            .each(&[Filter, Sort], Self::move_by)
            .map(Filter, |row| row.refused(Self::nothing_listed))
            .map(Sort, |row| row.refused(Self::nothing_listed))
            .with_some(read_all.filter(|_| self.client.is_none()))
            .with(ActionRow::ask(Refresh, Effect::Refresh))
            .each(list::MOVING, Self::move_by)
            .each(list::SCROLLING, Self::move_by)
            .in_order(&[Enter, Fix, Copy, Rotate, Filter, Sort, Refresh]);
        self.list.in_rows(rows)
    }
}

impl Screen for Doctor {
    fn title(&self, _view: &View) -> String {
        "doctor".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        let pool = || self.pool.clone();
        let mut needs = vec![
            Query::Pool(pool()),
            Query::ResourceServers(pool()),
            Query::Domains(pool()),
            Query::Clients(pool()),
        ];
        if let Some(client) = &self.client {
            needs.push(Query::Client(pool(), client.clone()));
            needs.push(Query::Secrets(pool(), client.clone()));
        }
        needs
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        let mut wanted = findings::look_ups(&self.pool, view);
        wanted.retain(|query| view.store.wants(query) && !view.store.is_in_flight(query));
        let managed = findings::managed_secrets(&self.pool, self.client.as_ref(), view);
        wanted.extend(managed.into_iter().take(room));
        if self.client.is_none() {
            wanted.extend(self.asking.next(&self.pool, view, &[], room));
        }
        wanted
    }

    fn on_update(&mut self, view: &View) -> Vec<Effect> {
        self.sync(view);
        Vec::new()
    }

    fn on_input(&mut self, event: &Event, view: &View) -> Option<Vec<Effect>> {
        self.sync(view);
        let rows = rows(&self.entries, &self.made, view);
        self.list.edit(event, &rows, view.keys)
    }

    fn mode(&self) -> Mode {
        Mode::typing(self.list.is_typing())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        self.sync(view);
        let title = match &self.client {
            Some(client) => format!("Doctor: {}", view.store.client_name(&self.pool, client)),
            None => format!("Doctor: {}", view.store.pool_name(&self.pool)),
        };
        let status = self.status(view);
        let mut inner = Pane::titled(&title)
            .right(&status)
            .draw(frame, area, view.theme);
        if let Load::Failed(error) = view.store.pool(&self.pool) {
            return load_states::draw_error(frame, inner, error, view);
        }
        let unread = findings::unread(&self.pool, &self.progress, view);
        let unread: Vec<String> = self.held(view).into_iter().chain(unread).collect();
        let unread = (!unread.is_empty()).then(|| unread.join(". "));
        if let Some(words) = &unread {
            let words = format!("{}{words}", Status::Warn.sign());
            let lines = prose(&words, inner.width.saturating_sub(1), view.theme.warn);
            let height = columns(lines.len()).min(inner.height / 3);
            let top = Rect { height, ..inner };
            draw_lines(frame, top, view.theme, &lines, &mut Scroll::default());
            inner.y += height;
            inner.height -= height;
        }
        if self.entries.findings().is_empty() {
            return self.draw_nothing(frame, inner, unread.is_some(), view);
        }
        let (list, detail) = match preview_width(area, LIST) {
            Some(width) => {
                let (list, detail) = split(frame, inner, view.theme, width);
                (list, Some(detail))
            }
            None if inner.height >= STACK_FROM => {
                let (list, detail) = stack(frame, inner, view.theme, inner.height / 2);
                (list, Some(detail))
            }
            None => (inner, None),
        };
        let rows = rows(&self.entries, &self.made, view);
        self.list.draw(frame, list, view, &rows, "");
        let pool = self.pool.clone();
        if let (Some(area), Some(selected)) = (detail, self.selected(view)) {
            let lines = explained(&pool, &selected, area.width, view);
            self.list.draw_detail(frame, area, view, &lines);
        }
    }
}
