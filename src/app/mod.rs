//! The state machine: a message in, effects out. It does no I/O and reads no clock, so tests compare effects.

mod draw;
mod fetching;
mod keys;
pub mod message;
mod notices;
mod on_change;
mod on_clipboard;
mod on_reveal;
pub mod on_rotation;
mod on_sign_in;
mod on_token;
mod pending_key;
mod privacy;
pub mod query;
pub mod quit_guard;
pub mod screen;
pub mod session;
pub mod store;
#[cfg(test)]
mod testing;
mod ticks;
pub mod typed_secret;

use crossterm::event::{Event, KeyEventKind};

use self::message::{DeleteTarget, Effect, Message, Notice, Query, RequestId, Route, TaskEvent};
use self::screen::{Screen, View};
use self::store::{Request, RunningChange, Store};
use crate::app::session::Session;
use crate::cognito::{Error, ErrorKind};
use crate::domain::oauth::token_finder::with_line_feeds;
use crate::domain::preset::PresetCatalog;
use crate::domain::time::Timestamp;
use crate::input::{Action, KeyMap};
use crate::ui::theme::Theme;

/// Creates the screen of a route. Passed in, because screens import the app, not the reverse.
pub type ScreenFactory = fn(&Route, &View) -> Box<dyn Screen>;

/// The console without terminal and network.
pub struct App {
    store: Store,
    session: Session,
    keys: KeyMap,
    theme: Theme,
    /// The theme without the danger colour.
    calm: Theme,
    /// When the credentials expire.
    end: on_sign_in::SessionEnd,
    open: ScreenFactory,
    /// Never empty; the last is on top.
    stack: Vec<(Route, Box<dyn Screen>)>,
    notice: Option<Notice>,
    /// The last key, if the top screen did not handle it yet.
    put: Option<pending_key::PendingKey>,
    /// Operations that Cognito throttles.
    throttled: Option<String>,
    /// The last requested secret, until it arrives.
    reveal: Option<on_reveal::PendingReveal>,
    /// Whether ids, the account, ARNs and endpoints are covered.
    private: bool,
    /// The values to cover, for this version of the Store and this endpoint.
    known: Option<((u64, Option<String>), privacy::PrivateIndex)>,
    /// When to clear a copied secret from the clipboard.
    clears_at: Option<Timestamp>,
    /// The open question whether to leave; any other action cancels it.
    leave_asked: Option<quit_guard::LeavePrompt>,
    now: Timestamp,
    spinner: usize,
}

/// Creates a view of everything but the stack, so that a screen can be called with it.
macro_rules! view {
    ($app:expr) => {
        View {
            store: &$app.store,
            session: &$app.session,
            keys: &$app.keys,
            theme: &$app.theme,
            now: $app.now,
            spinner: $app.spinner,
        }
    };
}
pub(crate) use view;

impl App {
    /// Creates a console with `first` as its screen. No query is sent before [`App::start`].
    pub fn new(
        session: Session,
        keys: KeyMap,
        theme: Theme,
        open: ScreenFactory,
        first: Route,
        now: Timestamp,
    ) -> Self {
        let mut app = Self {
            store: Store::default(),
            session,
            keys,
            theme,
            calm: theme,
            end: on_sign_in::SessionEnd::default(),
            open,
            stack: Vec::new(),
            notice: None,
            put: None,
            throttled: None,
            reveal: None,
            private: false,
            known: None,
            clears_at: None,
            leave_asked: None,
            now,
            spinner: 0,
        };
        app.frame_it();
        let bypassed = app.session.rules.bypassed.clone();
        app.notice = bypassed.map(Notice::warn);
        app.push(first);
        app
    }

    /// Stores the presets, or why the user's presets failed to load.
    pub fn offer(&mut self, presets: Result<PresetCatalog, String>) {
        self.session.set_presets(presets);
    }

    /// Returns the first queries.
    pub fn start(&mut self) -> Vec<Effect> {
        let mut out = Vec::new();
        self.schedule(&mut out);
        out
    }

    /// Handles a message and returns effects for the runtime.
    pub fn update(&mut self, msg: Message, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        let mut out = Vec::new();
        match msg {
            Message::Input(event) => self.on_event(&event, &mut out),
            Message::Tick => self.spinner = self.spinner.wrapping_add(1),
            Message::Event(event) => self.on_task_event(*event, &mut out),
            Message::Ended(id) => self.store.end_request(id),
            Message::Done(id, event) => {
                self.store.end_request(id);
                self.on_task_event(*event, &mut out);
            }
        }
        self.start_due(&mut out);
        let caught_up = self.catch_up();
        if !caught_up.is_empty() {
            self.apply(caught_up, &mut out);
            self.start_due(&mut out);
        }
        self.clear_when_due(&mut out);
        self.warn_of_end();
        self.schedule(&mut out);
        out
    }

    /// Runs the automatic actions of the top screen.
    fn start_due(&mut self, out: &mut Vec<Effect>) {
        let view = view!(self);
        if let Some((_, top)) = self.stack.last_mut() {
            let due = top.on_update(&view);
            self.apply(due, out);
        }
    }

    /// Returns whether something is being written, to Cognito or elsewhere.
    pub fn is_changing(&self) -> bool {
        self.store.requests().any(Request::writes)
    }

    fn on_event(&mut self, event: &Event, out: &mut Vec<Effect>) {
        let asked = self.leave_asked.clone();
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.on_key(*key, out),
            Event::Paste(text) => self.on_paste(&with_line_feeds(text), out),
            Event::FocusLost => return self.hide(),
            _ => return,
        }
        if self.leave_asked == asked {
            // Any other action cancels the question.
            self.leave_asked = None;
        }
    }

    fn on_paste(&mut self, text: &str, out: &mut Vec<Effect>) {
        self.notice = None;
        self.put = None;
        let view = view!(self);
        let event = Event::Paste(text.to_owned());
        let taken = self
            .stack
            .last_mut()
            .and_then(|(_, screen)| screen.on_input(&event, &view));
        match taken {
            Some(effects) => {
                self.notice = notices::pasted(text);
                self.apply(effects, out);
            }
            // Without a text field, the paste may be a token.
            None => self.apply(vec![Effect::ParsePaste(text.into())], out),
        }
    }

    fn on_task_event(&mut self, event: TaskEvent, out: &mut Vec<Effect>) {
        let Some(event) = self.on_answer(event) else {
            return;
        };
        match &event {
            TaskEvent::Loaded { .. } | TaskEvent::Failed { .. } => {}
            TaskEvent::PlanProgress { change, progress } => {
                self.store.step_change(change, *progress);
            }
            TaskEvent::Connected {
                region,
                profile,
                endpoint,
                sign_in,
            } => {
                self.session.sign_in.clone_from(sign_in);
                self.session.region.clone_from(region);
                self.session.profile.clone_from(profile);
                self.session.endpoint.clone_from(endpoint);
            }
            TaskEvent::SignIn(signing) => self.on_signing(signing),
            TaskEvent::CodeGiven(outcome) => self.on_code_given(outcome, out),
            TaskEvent::LoggedIn(outcome) => self.on_logged_in(outcome, out),
            TaskEvent::Throttled { operation } => self.throttled = Some(operation.clone()),
            TaskEvent::Recovered => self.throttled = None,
            TaskEvent::PlanFinished { change, done } => {
                self.leave_asked = None;
                self.on_changed(change, done, out);
            }
            TaskEvent::Revealed {
                pool,
                client,
                outcome,
            } => {
                let wanted = self.end_reveal(&Effect::Reveal(pool.clone(), client.clone()));
                if let Err(error) = outcome {
                    self.notice = Some(Notice::bad(error.one_line()));
                } else if !wanted {
                    return;
                }
            }
            TaskEvent::RevealedAdded { pool, client, .. } => {
                if !self.end_reveal(&Effect::RevealAdded(pool.clone(), client.clone())) {
                    return;
                }
            }
            TaskEvent::Rotated { what, outcome } => self.on_rotated(what, outcome, out),
            TaskEvent::Delivered { request, outcome } => self.on_delivered(request, outcome),
            TaskEvent::TokenIssued { .. }
            | TaskEvent::PasteParsed(_)
            | TaskEvent::Verified { .. }
            | TaskEvent::ApiCalled { .. } => {
                let effects = self.on_token(&event);
                self.apply(effects, out);
            }
            TaskEvent::Copied { .. }
            | TaskEvent::ClipboardHeld { .. }
            | TaskEvent::ClipboardCleared(_)
            | TaskEvent::Osc52Needed(_)
            | TaskEvent::ScreenSaved(_) => self.on_clipboard(&event),
            TaskEvent::FileWritten { path, outcome } => {
                self.leave_asked = None;
                let path = path.display();
                self.notice = Some(match outcome {
                    Ok(()) => Notice::good(format!("Wrote {path}")),
                    Err(reason) => Notice::bad(format!("Cannot write {path}: {reason}")),
                });
            }
        }
        let view = view!(self);
        let mut effects = Vec::new();
        for (_, screen) in &mut self.stack {
            effects.extend(screen.on_event(&event, &view));
        }
        // A screen that was opened since stays.
        let torn =
            |effect: &Effect| matches!(effect, Effect::Replace { of, .. } if !self.is_in_sight(of));
        effects.retain(|effect| !torn(effect));
        self.apply(effects, out);
    }

    /// Stores the answer to a query. Returns any other event.
    fn on_answer(&mut self, event: TaskEvent) -> Option<TaskEvent> {
        let at = self.now;
        match event {
            TaskEvent::Loaded {
                query,
                run,
                data,
                last,
            } => {
                self.throttled = None;
                self.store.file(&query, run, data, last, at);
                if query == Query::Identity {
                    self.judge();
                }
            }
            TaskEvent::Failed { query, run, error } => {
                self.on_failed(&query, run, error);
            }
            other => return Some(other),
        }
        None
    }

    fn on_failed(&mut self, query: &Query, run: RequestId, error: Error) {
        let text = error.one_line();
        // The notice about the other account is already shown.
        let is_known = error.kind == ErrorKind::OtherAccount;
        let filed = self.store.fail(query, run, error);
        if *query == Query::Identity {
            self.judge();
        }
        // Screens show missing data themselves. Stale data would look current without a notice.
        if filed && !is_known && !query.is_detail() && !self.store.has_failed(query) {
            self.notice = Some(Notice::bad(text));
        }
    }

    fn apply(&mut self, effects: Vec<Effect>, out: &mut Vec<Effect>) {
        for effect in effects {
            if self.needs_leave_prompt(&effect) {
                continue;
            }
            match effect {
                Effect::Open(Route::Plan(_)) if self.form_is_written().is_some() => {
                    self.notice = self.form_is_written();
                }
                Effect::Open(route) => self.push(route),
                Effect::Replace { of, go } => self.go_instead(&of, go),
                Effect::Back => self.go_back(out),
                Effect::Notice(notice) => self.notice = Some(notice),
                Effect::Refresh => self.refresh(out),
                Effect::ReadAll(pool, on) => self.store.set_read_all(pool, on),
                Effect::MarkRotation(pool, client, doing) => self.on_doing(&pool, &client, doing),
                // Screens refuse this earlier; this is the last guard.
                Effect::ApplyPlan(_) | Effect::Rotate(_) if self.session.read_only.is_some() => {
                    let reason = self
                        .session
                        .disabled_reason(Action::Edit)
                        .unwrap_or_default();
                    self.notice = Some(Notice::warn(reason));
                }
                Effect::Rotate(ref what) => {
                    self.start_request(Request::Rotation(what.clone()), effect, out);
                }
                Effect::ApplyPlan(ref change) => {
                    let running = RunningChange::new(change.clone(), self.form_below());
                    self.start_request(Request::Change(Box::new(running)), effect, out);
                }
                Effect::Deliver(ref request, _) => {
                    self.start_request(Request::Delivery(request.clone()), effect, out);
                }
                Effect::Reveal(..) | Effect::RevealAdded(..) => self.begin_reveal(effect, out),
                Effect::WriteFile { .. } => self.start_request(Request::File, effect, out),
                Effect::IssueToken(..)
                | Effect::Copy(_)
                | Effect::CopyThroughTerminal(_)
                | Effect::ClearClipboard
                | Effect::SaveScreen
                | Effect::GiveCode(_)
                | Effect::ParsePaste(_)
                | Effect::CallApi(..) => self.start_request(Request::Other, effect, out),
                Effect::Fetch(..)
                | Effect::Start(..)
                | Effect::Abort(_)
                | Effect::RenewCredentials
                | Effect::LogIn(_)
                | Effect::Suspend
                | Effect::Quit => {
                    out.push(effect);
                }
            }
        }
    }

    /// Starts a request: the runtime runs `effect`.
    fn start_request(&mut self, request: Request, effect: Effect, out: &mut Vec<Effect>) {
        let id = self.store.begin_request(request);
        out.push(Effect::Start(id, Box::new(effect)));
    }

    fn push(&mut self, route: Route) {
        self.hide();
        self.leave_asked = None;
        self.put = None;
        let screen = (self.open)(&route, &view!(self));
        match &route {
            Route::SetupPlan(_) | Route::PresetForm(..) => self.store.expire_one_shot(),
            // Plans need the current state.
            Route::NewClient(_) | Route::Rotate(..) => self.outdate(screen.as_ref()),
            Route::Delete(subject) => {
                if let DeleteTarget::Server(pool, _) | DeleteTarget::Scope(pool, ..) = subject {
                    self.store.expire_details(pool);
                }
                self.outdate(screen.as_ref());
            }
            _ => {}
        }
        // Reload failed queries when their screen is opened again.
        for query in screen.queries() {
            self.store.retry(query);
        }
        self.stack.push((route, screen));
    }

    fn outdate(&mut self, screen: &dyn Screen) {
        for query in screen.queries() {
            self.store.outdate(query);
        }
    }

    fn pop(&mut self, out: &mut Vec<Effect>) {
        if self.stack.len() <= 1 {
            out.push(Effect::Quit);
            return;
        }
        self.stack.pop();
        self.leave_asked = None;
        self.cover_reveal();
        self.cancel_unneeded(out);
    }

    /// Returns the index of the topmost screen that is not a popup.
    fn whole(&self) -> usize {
        self.stack
            .iter()
            .rposition(|(_, screen)| !screen.mode().popup)
            .unwrap_or(0)
    }

    /// Returns the visible screens: the topmost one that is not a popup, and the popups over it.
    fn visible(&self) -> impl Iterator<Item = &dyn Screen> {
        self.stack
            .iter()
            .skip(self.whole())
            .map(|(_, screen)| screen.as_ref())
    }

    /// Hides all secrets on the screen.
    fn hide(&mut self) {
        self.cover_reveal();
        for (_, screen) in &mut self.stack {
            screen.hide_secrets();
        }
    }
}
