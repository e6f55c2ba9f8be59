//! Exports a client or a pool's M2M set-up as code: to read, copy or save.

use std::path::PathBuf;

use crossterm::event::Event;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::message::{CopyRequest, Effect, Notice, Query, Route, TaskEvent};
use crate::app::query::load::{Load, NotLoaded};
use crate::app::screen::rows::{ActionRow, ActionRows, Actions};
use crate::app::screen::{Mode, Screen, View};
use crate::app::store::DetailKind;
use crate::cognito::Error;
use crate::domain::client::AppClient;
use crate::domain::export::{ExportInput, Format};
use crate::domain::ids::{ClientId, PoolId};
use crate::input::Action;
use crate::screens::shared::detail_loader::DetailLoader;
use crate::screens::shared::{confirm, load_states, read_all};
use crate::ui::form::{Field, Form};
use crate::ui::frame::Canvas;
use crate::ui::pane::{Pane, Tab};
use crate::ui::properties::{prose, spinner};
use crate::ui::scroll::{Scroll, draw_lines, draw_wide_lines};
use crate::ui::text::{clean, line_width};

const FILE: &str = "file";

/// The export in one of the formats.
pub struct Export {
    pool: PoolId,
    /// `None` for the whole pool.
    client: Option<ClientId>,
    format: usize,
    asking: DetailLoader,
    /// The form for the file name, once open.
    file: Option<Form>,
    scroll: Scroll,
    /// The last export, keyed by Store version and format.
    made: Option<(u64, usize, Written)>,
}

/// An export as text and as lines, and what it leaves out.
struct Written {
    text: String,
    lines: Vec<Line<'static>>,
    /// The width of the longest line.
    widest: usize,
    remarks: Vec<String>,
}

impl Export {
    pub fn new(pool: PoolId, client: Option<ClientId>) -> Self {
        Self {
            pool,
            client,
            format: 0,
            asking: DetailLoader::settings(),
            file: None,
            scroll: Scroll::default(),
            made: None,
        }
    }

    fn format(&self) -> Format {
        Format::ALL
            .get(self.format)
            .copied()
            .unwrap_or(Format::Terraform)
    }

    fn error<'a>(&self, view: &View<'a>) -> Option<&'a Error> {
        let store = view.store;
        let of_client = match &self.client {
            Some(client) => store.client(&self.pool, client).error(),
            None => store
                .clients(&self.pool)
                .error()
                .or(store.domains(&self.pool).error()),
        };
        store
            .pool(&self.pool)
            .error()
            .or(store.servers(&self.pool).error())
            .or(of_client)
    }

    /// The exported data, or the loading progress.
    fn setup(&self, view: &View) -> Result<ExportInput, String> {
        let store = view.store;
        let reading = || format!("{} loading the current state", spinner(view.spinner));
        let pool = store.pool(&self.pool).value().ok_or_else(reading)?;
        let servers = store
            .servers(&self.pool)
            .complete()
            .map_err(|_| reading())?;
        if let Some(id) = &self.client {
            let client = store.client(&self.pool, id).value().ok_or_else(reading)?;
            return Ok(ExportInput::of_client(
                pool.clone(),
                servers.to_vec(),
                client.clone(),
                store.secret_state(client),
            ));
        }
        let domains = store.domains(&self.pool).value().ok_or_else(reading)?;
        let listed = store
            .clients(&self.pool)
            .complete()
            .map_err(|_| reading())?;
        let denied = store.is_denied(&self.pool, DetailKind::Client);
        let mut clients: Vec<AppClient> = Vec::new();
        let mut failed = 0;
        for summary in listed {
            match store.client(&self.pool, &summary.id) {
                Load::Ready(client) | Load::Stale(client) | Load::Partial(client, _) => {
                    clients.push(client.clone());
                }
                Load::Failed(_) => failed += 1,
                Load::Missing | Load::Loading => failed += usize::from(denied),
            }
        }
        let all = listed.len();
        if failed > 0 && clients.len() + failed == all {
            return Err(format!(
                "✗ The settings of {failed} of {all} app clients could not be read; an export without them would be wrong. {} to retry.",
                view.keys.label(Action::Refresh)
            ));
        }
        if clients.len() < all {
            if let Some(held) = read_all::held(&self.pool, view) {
                return Err(held);
            }
            return Err(format!(
                "{} loading app client settings: {} of {all}",
                spinner(view.spinner),
                clients.len()
            ));
        }
        let (pool, servers) = (pool.clone(), servers.to_vec());
        Ok(ExportInput::of_pool(
            pool,
            servers,
            clients,
            domains.clone(),
        ))
    }

    /// Builds the export, unless nothing changed; or the reason why there is none.
    fn write(&mut self, view: &View) -> Result<&Written, String> {
        let version = view.store.version();
        let made_of = (version, self.format);
        let fresh = matches!(&self.made, Some((of, format, _)) if (*of, *format) == made_of);
        if !fresh {
            self.made = None;
            let setup = self.setup(view)?;
            let text = setup
                .write(self.format())
                .map_err(|reason| format!("✗ {reason}"))?;
            let lines: Vec<Line> = text
                .lines()
                .map(|line| Line::raw(clean(line).into_owned()))
                .collect();
            let written = Written {
                widest: lines.iter().map(line_width).max().unwrap_or(0),
                lines,
                remarks: [setup.limits(self.format()), setup.left_out()].concat(),
                text,
            };
            self.made = Some((version, self.format, written));
        }
        let made = self.made.as_ref().map(|(.., written)| written);
        made.ok_or_else(String::new)
    }

    /// Why a stale export is not copied or saved: only the screen marks it as stale.
    fn outdated(&self, view: &View) -> Option<String> {
        let store = view.store;
        let needs = self.queries();
        let old = needs.iter().any(|query| store.is_stale(query));
        if old || self.stale_clients(view).is_some() {
            return Some(load_states::unread(view));
        }
        let details =
            self.client.is_none() && load_states::details_mark(&self.pool, view).is_some();
        let reads = needs.iter().any(|query| store.is_awaited(query));
        (reads || details).then(|| load_states::refusal(NotLoaded::Coming, "the current state"))
    }

    /// A warning that client settings are stale.
    fn stale_clients(&self, view: &View) -> Option<String> {
        let all = self.client.is_none();
        load_states::stale_details(&self.pool, &[DetailKind::Client], view).filter(|_| all)
    }

    /// The default file name.
    fn file_name(&self, view: &View) -> String {
        let name = match &self.client {
            Some(client) => view.store.client_name(&self.pool, client),
            None => view.store.pool_name(&self.pool),
        };
        let plain: String = name
            .chars()
            .map(|c| match c {
                c if c.is_ascii_alphanumeric() || "._-".contains(c) => c,
                _ => '-',
            })
            .collect();
        let ending = self.format().extension();
        format!("{}.{ending}", plain.trim_start_matches(['.', '-']))
    }

    /// The text, if it may be copied or saved.
    fn handed_on(&mut self, view: &View) -> Result<String, String> {
        match self.outdated(view) {
            Some(reason) => Err(reason),
            None => Ok(self.write(view)?.text.clone()),
        }
    }

    fn save(&mut self, view: &View) -> Vec<Effect> {
        let path = self
            .file
            .as_ref()
            .map(|form| form.text(FILE).trim().to_owned())
            .unwrap_or_default();
        if path.is_empty() {
            return vec![Effect::Notice(Notice::warn("File is required"))];
        }
        match self.handed_on(view) {
            Ok(text) => vec![Effect::WriteFile {
                path: PathBuf::from(path),
                text,
            }],
            Err(reason) => vec![Effect::Notice(Notice::warn(reason))],
        }
    }

    fn select_format(&mut self, format: usize) {
        self.format = format;
        self.scroll = Scroll::default();
    }
}

impl Actions for Export {
    fn rows(&mut self, view: &View) -> ActionRows<Self> {
        use Action::{Down, First, Last, Left, PageDown, PageUp, Right, Up};
        let cancel = || ActionRow::ask(Action::Back, Effect::Back).label("cancel");
        let count = Format::ALL.len();
        if self.file.is_some() {
            let save = ActionRow::new(Action::Enter, |screen: &mut Self, view| screen.save(view));
            return ActionRows::default()
                .with(save.label("save"))
                .with(cancel())
                .scrolling(self.scroll.keys());
        }
        let step = move |action, by: usize| {
            ActionRow::change(action, move |screen: &mut Self| {
                screen.select_format((screen.format + by) % count);
            })
        };
        let copy = ActionRow::new(Action::Copy, |screen: &mut Self, view| {
            let what = format!("the {} export", screen.format().label());
            match screen.handed_on(view) {
                Ok(text) => vec![Effect::Copy(CopyRequest::Plain { what, text })],
                Err(reason) => vec![Effect::Notice(Notice::warn(reason))],
            }
        });
        let save = ActionRow::new(Action::Save, |screen: &mut Self, view| {
            let name = screen.file_name(view);
            let field = Field::text(FILE, "File", name)
                .suggested()
                .hint("new file; relative to the working directory");
            screen.file = Some(Form::new(vec![field]));
            Vec::new()
        });
        let whole = self.client.is_none();
        let read_all = whole.then(|| read_all::row(&self.pool, view)).flatten();
        let moving = &[Down, Up, First, Last, PageDown, PageUp, Left, Right];
        ActionRows::default()
            .with(step(Action::NextTab, 1).label("next format"))
            .with(step(Action::PrevTab, count.saturating_sub(1)))
            .with(copy)
            .with_some(read_all)
            .with(save)
            .with(ActionRow::ask(Action::Refresh, Effect::Refresh))
            .with_if(self.client.is_some(), || {
                let pool = Route::Export(self.pool.clone(), None);
                ActionRow::open(Action::Export, pool).label("whole pool")
            })
            .digits(move |screen, at, _| {
                if at < count {
                    screen.select_format(at);
                }
                Vec::new()
            })
            .each(moving, |screen, action, _| {
                screen.scroll.act(action);
                Vec::new()
            })
            .scrolling(self.scroll.keys())
            .scrolling(self.scroll.keys_to_the_sides())
    }
}

impl Screen for Export {
    fn title(&self, _view: &View) -> String {
        "export".to_owned()
    }

    fn queries(&self) -> Vec<Query> {
        let pool = || self.pool.clone();
        let mut needs = vec![Query::Pool(pool()), Query::ResourceServers(pool())];
        match &self.client {
            Some(client) => needs.extend([
                Query::Client(pool(), client.clone()),
                Query::Secrets(pool(), client.clone()),
            ]),
            None => needs.extend([Query::Clients(pool()), Query::Domains(pool())]),
        }
        needs
    }

    fn prefetch(&mut self, view: &View, room: usize) -> Vec<Query> {
        if self.client.is_some() {
            return Vec::new();
        }
        self.asking.next(&self.pool, view, &[], room)
    }

    fn on_input(&mut self, event: &Event, _view: &View) -> Option<Vec<Effect>> {
        self.file.as_mut()?.edit(event).then(Vec::new)
    }

    fn close_inner(&mut self) -> bool {
        self.file.take().is_some()
    }

    fn unsaved_reason(&self, view: &View) -> Option<String> {
        let name = self.file.as_ref()?.text(FILE);
        confirm::unsaved(name != self.file_name(view))
    }

    fn on_event(&mut self, fact: &TaskEvent, _view: &View) -> Vec<Effect> {
        if let TaskEvent::FileWritten {
            outcome: Ok(()), ..
        } = fact
        {
            self.file = None;
        }
        Vec::new()
    }

    fn mode(&self) -> Mode {
        Mode::typing(self.file.is_some())
    }

    fn draw(&mut self, frame: &mut Canvas, area: Rect, view: &View) {
        let tabs = Format::ALL.map(|format| Tab::new(format.label())).to_vec();
        let right = match &self.client {
            Some(client) => view.store.client_name(&self.pool, client),
            None => view.store.pool_name(&self.pool),
        };
        let mark = load_states::mark(&self.queries(), view);
        let details = self.client.is_none();
        let mark = mark.or_else(|| load_states::details_mark(&self.pool, view).filter(|_| details));
        let right = load_states::marked(mark, &right);
        let inner = Pane::tabbed(tabs, self.format)
            .right(&right)
            .draw(frame, area, view.theme);
        let below = if self.file.is_some() { 2 } else { 0 };
        let [above, below] =
            Layout::vertical([Constraint::Min(0), Constraint::Length(below)]).areas(inner);
        if let Some(form) = &mut self.file {
            form.draw(frame, below, view.theme);
        }
        let error = self.error(view);
        let unread = || read_all::offer(&self.pool, view).filter(|_| details);
        let old = self.stale_clients(view).or_else(unread);
        let mut scroll = self.scroll;
        match self.write(view) {
            Err(reason) => {
                if let Some(error) = error {
                    load_states::draw_error(frame, above, error, view);
                } else {
                    let lines = prose(&reason, above.width, view.theme.dim);
                    draw_lines(frame, above, view.theme, &lines, &mut scroll);
                }
            }
            Ok(written) => {
                let width = above.width.saturating_sub(1);
                let remarks = written.remarks.iter();
                let remarks = remarks.map(|remark| format!("! {remark}"));
                let remarks: Vec<Line> = old
                    .into_iter()
                    .chain(remarks)
                    .flat_map(|remark| prose(&remark, width, view.theme.warn))
                    .collect();
                let height = u16::try_from(remarks.len()).unwrap_or(u16::MAX);
                let [top, text] = Layout::vertical([
                    Constraint::Length(height.min(above.height / 2)),
                    Constraint::Min(0),
                ])
                .areas(above);
                draw_lines(frame, top, view.theme, &remarks, &mut Scroll::default());
                let (lines, widest) = (&written.lines, written.widest);
                draw_wide_lines(frame, text, view.theme, lines, widest, &mut scroll);
            }
        }
        self.scroll = scroll;
    }
}
