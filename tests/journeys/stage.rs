//! The stage of a journey: a console on a terminal in memory, its keys, and an embedded Cognito.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cognitui::app::App;
use cognitui::app::message::clipboard::ClipboardKind;
use cognitui::app::message::{Message, Route, TaskEvent};
use cognitui::app::session::Session;
use cognitui::cognito::{Gateway, Target};
use cognitui::domain::identity::SignIn;
use cognitui::domain::preset::PresetCatalog;
use cognitui::input::KeyMap;
use cognitui::runtime::tasks::Tasks;
use cognitui::runtime::{Console, LoopControl, now};
use cognitui::sandbox::state::{Client, Pool};
use cognitui::sandbox::{Options, Sandbox};
use cognitui::screens;
use cognitui::ui::theme::Theme;
use crossterm::event::Event;
use futures_util::stream;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use crate::key_event::key_event;
use crate::screen;

/// The pool of AWS TEAM in the sample: a domain, no resource server yet.
pub const TEAM: &str = "team06dbb7fc_userpool_06dbb7fc";
pub const TEAM_ID: &str = "eu-west-1_sT7eAm06d";
/// The pool of the sample in good order.
pub const PROD: &str = "acme-platform-prod";
pub const PROD_ID: &str = "eu-west-1_Pr0dAcm3X";
/// The pool of the sample whose clients have the mistakes people make.
pub const STAGING: &str = "acme-platform-staging";
pub const STAGING_ID: &str = "eu-west-1_St4g1ngQ7";
/// The pool of the sample with 300 clients.
pub const PARTNERS: &str = "partner-api-prod";
pub const PARTNERS_ID: &str = "eu-west-1_Partn3rsK";
/// The pool of the sample without a domain.
pub const DEVICES: &str = "iot-device-gateway";
pub const DEVICES_ID: &str = "eu-west-1_D3v1ceGwZ";

/// Longer than any retry: what still runs then will never end.
const HANG: Duration = Duration::from_mins(1);

/// Clones write to the same buffer.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

/// Changes a client of a sandbox without the API.
pub fn edit_client(sandbox: &Sandbox, pool: &str, name: &str, change: impl FnOnce(&mut Client)) {
    sandbox.edit(|state| {
        let pool = state.pools.get_mut(pool).unwrap();
        change(
            pool.clients
                .iter_mut()
                .find(|client| client.name == name)
                .unwrap(),
        );
    });
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A console in use.
pub struct Stage {
    pub sandbox: Sandbox,
    /// Boxed: journeys hold several stages at once, and a future that large is slow to move.
    console: Box<Console<TestBackend>>,
    copied: Sink,
    presses: usize,
    last: LoopControl,
    /// What the console printed at its end.
    pub told: Vec<String>,
}

impl Stage {
    /// Opens the pools of the sample account in a large terminal.
    pub async fn open() -> Self {
        Self::sized(140, 50).await
    }

    /// Opens the pools of the sample account in a terminal of this size.
    pub async fn sized(width: u16, height: u16) -> Self {
        let mut stage = Self::dark(Options::default(), width, height).await;
        stage.start();
        stage.settle().await;
        stage
    }

    /// Opens the pools of the sample account with this theme.
    pub async fn themed(theme: Theme) -> Self {
        let sandbox = sandbox(Options::default()).await;
        let target = Target::sandbox(&sandbox.url(), "eu-west-1");
        let mut stage = Self::build(sandbox, target, theme, 140, 50);
        stage.start();
        stage.settle().await;
        stage
    }

    /// Creates a console that is not started, on a sandbox with the sample.
    pub async fn dark(options: Options, width: u16, height: u16) -> Self {
        let sandbox = sandbox(options).await;
        let target = Target::sandbox(&sandbox.url(), "eu-west-1");
        Self::build(sandbox, target, Theme::colour(), width, height)
    }

    /// Opens a console on another Cognito than the sandbox's.
    pub async fn elsewhere(target: Target) -> Self {
        Self::at(sandbox(Options::default()).await, target).await
    }

    /// Opens a console on a sandbox with its own target.
    pub async fn at(sandbox: Sandbox, target: Target) -> Self {
        let mut stage = Self::build(sandbox, target, Theme::colour(), 140, 50);
        stage.start();
        stage.settle().await;
        stage
    }

    /// Opens the pools of a prepared sandbox in a terminal of this size.
    pub async fn on(sandbox: Sandbox, width: u16, height: u16) -> Self {
        let target = Target::sandbox(&sandbox.url(), "eu-west-1");
        let mut stage = Self::build(sandbox, target, Theme::colour(), width, height);
        stage.start();
        stage.settle().await;
        stage
    }

    /// Opens the pools of a sandbox's sample account at another address in front of it.
    pub async fn behind(sandbox: Sandbox, front: &str) -> Self {
        Self::at(sandbox, Target::sandbox(front, "eu-west-1")).await
    }

    /// Opens another console on the same Cognito, without any memory of this one's.
    pub async fn restarted(self) -> Self {
        Self::on(self.sandbox, 140, 50).await
    }

    /// Opens the pools of the sample account, with tokens from a sandbox with a slightly different sample.
    pub async fn with_tokens_of(other: &Sandbox) -> Self {
        Self::asking_at(&other.url()).await
    }

    /// Opens the pools of the sample account, with tokens from another server.
    pub async fn asking_at(url: &str) -> Self {
        let sandbox = sandbox(Options::default()).await;
        let target = Target {
            token_endpoint: Some(format!("{url}/oauth2/token")),
            ..Target::sandbox(&sandbox.url(), "eu-west-1")
        };
        let mut stage = Self::build(sandbox, target, Theme::colour(), 140, 50);
        stage.start();
        stage.settle().await;
        stage
    }

    /// Opens the pools of the sample account in this session.
    pub async fn guarded(session: Session, theme: Theme) -> Self {
        let sandbox = sandbox(Options::default()).await;
        let target = Target::sandbox(&sandbox.url(), "eu-west-1");
        let mut stage = Self::in_session(session, sandbox, target, theme, (140, 50), |tasks| {
            tasks.allowing_terminal(true)
        });
        stage.start();
        stage.settle().await;
        stage
    }

    fn build(sandbox: Sandbox, target: Target, theme: Theme, width: u16, height: u16) -> Self {
        Self::with_tasks(sandbox, target, theme, width, height, |tasks| {
            tasks.allowing_terminal(true)
        })
    }

    /// Opens the pools of the sample account, with copies going as `arranged`.
    pub async fn copying(arranged: impl FnOnce(Tasks) -> Tasks) -> Self {
        let sandbox = sandbox(Options::default()).await;
        let target = Target::sandbox(&sandbox.url(), "eu-west-1");
        let mut stage = Self::with_tasks(sandbox, target, Theme::colour(), 140, 50, arranged);
        stage.start();
        stage.settle().await;
        stage
    }

    fn with_tasks(
        sandbox: Sandbox,
        target: Target,
        theme: Theme,
        width: u16,
        height: u16,
        arranged: impl FnOnce(Tasks) -> Tasks,
    ) -> Self {
        let session = Session {
            demo: true,
            presets: Arc::new(PresetCatalog::new(&[])),
            ..Session::default()
        };
        Self::in_session(session, sandbox, target, theme, (width, height), arranged)
    }

    fn in_session(
        session: Session,
        sandbox: Sandbox,
        target: Target,
        theme: Theme,
        (width, height): (u16, u16),
        arranged: impl FnOnce(Tasks) -> Tasks,
    ) -> Self {
        let copied = Sink::default();
        let tasks = arranged(Tasks::new(
            Arc::new(move |signals| Box::pin(Gateway::connect(target.clone(), signals))),
            Box::new(copied.clone()),
            ClipboardKind::Terminal,
        ));
        let app = App::new(
            session,
            KeyMap::default(),
            theme,
            screens::open,
            Route::Pools,
            now(),
        );
        let screen = TestBackend::new(width, height);
        Self {
            sandbox,
            console: Box::new(Console::new(app, tasks, screen).unwrap()),
            copied,
            presses: 0,
            last: LoopControl::Go,
            told: Vec::new(),
        }
    }

    /// Draws the first frame and starts its queries.
    pub fn start(&mut self) {
        self.console.draw().unwrap();
        self.console.start();
    }

    /// Opens a pool by its name.
    pub async fn pool(&mut self, name: &str) {
        self.press("/").await;
        self.type_text(name).await;
        self.press("enter enter").await;
    }

    /// Opens a client of a pool, both by name; of several with this name the first.
    pub async fn client(&mut self, pool: &str, client: &str) {
        self.pool(pool).await;
        // Found in its list as the pool is in its own.
        self.pool(client).await;
    }

    /// Presses keys, by their names in the configuration, and waits after each until the console is idle.
    pub async fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.tap(key);
            self.settle().await;
        }
    }

    /// Presses keys without waiting.
    pub fn tap(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.presses += 1;
            self.event(Event::Key(key_event(key)));
        }
    }

    /// Types a text, letter by letter.
    pub async fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            let key = key_event(letter.encode_utf8(&mut [0; 4]));
            self.event(Event::Key(key));
        }
        self.settle().await;
    }

    /// Pastes a text.
    pub async fn paste(&mut self, text: &str) {
        self.event(Event::Paste(text.to_owned()));
        self.settle().await;
    }

    /// Sends any other event of a terminal.
    pub fn event(&mut self, event: Event) {
        self.last = self.console.handle(Message::Input(event));
        self.console.draw().unwrap();
    }

    /// Runs the real loop on these keys until it ends, and returns how often it gave the terminal to the shell.
    pub async fn run(&mut self, keys: &str) -> usize {
        let keys = keys
            .split_whitespace()
            .map(|key| Event::Key(key_event(key)));
        let keys = Mutex::new(keys.collect::<VecDeque<_>>());
        let listen = || {
            stream::poll_fn(|_| match keys.lock().unwrap().pop_front() {
                Some(event) => Poll::Ready(Some(Ok(event))),
                None => Poll::Pending,
            })
        };
        let mut suspended = 0;
        let lend = |_| {
            suspended += 1;
            Ok(Ok(()))
        };
        let run = self.console.run(listen, stream::pending(), lend);
        let Ok(ended) = tokio::time::timeout(HANG, run).await else {
            panic!("the loop does not end; {}", self.shown());
        };
        let stop = ended.unwrap();
        let told = |words: &str| self.told.push(words.to_owned());
        let finish = self.console.finish(stop, std::future::pending(), told);
        finish.await;
        suspended
    }

    /// What the last key asks to run on the terminal; it has ended so.
    pub async fn logs_in(&mut self, outcome: Result<(), String>) -> SignIn {
        let LoopControl::LogIn(sign_in) = self.last.clone() else {
            panic!("nothing logs in; {}", self.shown());
        };
        let event = Box::new(TaskEvent::LoggedIn(outcome));
        self.last = self.console.handle(Message::Event(event));
        self.settle().await;
        sign_in
    }

    /// Resizes the terminal.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.console.terminal().backend_mut().resize(width, height);
        self.event(Event::Resize(width, height));
    }

    /// Waits until the console is idle.
    pub async fn settle(&mut self) {
        let settled = tokio::time::timeout(HANG, self.console.run_until_idle()).await;
        let Ok(outcome) = settled else {
            panic!("it hangs; {}", self.shown());
        };
        outcome.unwrap();
    }

    /// Handles answers, one by one, until `there` is true of the screen.
    pub async fn hear_until(&mut self, what: &str, there: impl Fn(&str) -> bool) {
        while !there(&self.screen()) {
            assert!(
                !self.console.is_settled(),
                "all is over and never was there {what}; {}",
                self.shown()
            );
            let heard = tokio::time::timeout(HANG, self.console.receive_one()).await;
            assert!(heard.is_ok(), "it hangs before {what}; {}", self.shown());
        }
    }

    /// Returns the number of key presses since the last call of this function. Text typed into a field does not count.
    pub fn presses(&mut self) -> usize {
        std::mem::take(&mut self.presses)
    }

    /// Returns what the last key did to the loop.
    pub fn turn(&self) -> LoopControl {
        self.last.clone()
    }

    pub fn buffer(&mut self) -> &Buffer {
        self.console.terminal().backend().buffer()
    }

    /// Returns the screen, one line per row.
    pub fn screen(&mut self) -> String {
        screen::text(self.buffer())
    }

    /// Returns the bottom line: key hints or a notice.
    pub fn bottom(&mut self) -> String {
        self.screen().lines().last().unwrap_or_default().to_owned()
    }

    /// Returns the selected row of a list.
    pub fn cursor(&mut self) -> String {
        let screen = self.screen();
        let row = screen.lines().find(|line| line.contains('▌'));
        row.unwrap_or_else(|| panic!("no row is under the cursor:\n{screen}"))
            .to_owned()
    }

    /// Returns whether the words are on the screen, however they are wrapped.
    pub fn has(&mut self, words: &str) -> bool {
        screen::has(&self.screen(), words)
    }

    /// Fails unless all of these words are on the screen.
    #[track_caller]
    pub fn sees(&mut self, words: &[&str]) {
        for words in words {
            assert!(self.has(words), "{words:?} is not there; {}", self.shown());
        }
    }

    /// Fails if these words are on the screen.
    #[track_caller]
    pub fn sees_no(&mut self, words: &str) {
        assert!(!self.has(words), "{words:?} is there; {}", self.shown());
    }

    /// Returns whether a plan waits for its confirmation.
    pub fn confirms(&mut self) -> bool {
        self.has("enter apply")
    }

    /// Returns the last text that the terminal was asked to copy (OSC 52).
    #[track_caller]
    pub fn clipboard(&self) -> String {
        let sent = String::from_utf8(self.copied.0.lock().unwrap().clone()).unwrap();
        let request = sent.rsplit("\x1b]52;c;").next().unwrap();
        let body = request.split(['\x1b', '\x07']).next().unwrap();
        assert!(!body.is_empty(), "nothing was copied: {sent:?}");
        String::from_utf8(STANDARD.decode(body).unwrap()).unwrap()
    }

    /// Returns why the clipboard may still hold a secret after the loop has ended.
    pub fn uncleared(&self) -> Option<&str> {
        self.console.clipboard_error()
    }

    /// Returns all requests to copy, as bytes for the terminal.
    pub fn asked_to_copy(&self) -> String {
        String::from_utf8(self.copied.0.lock().unwrap().clone()).unwrap()
    }

    /// Returns the current pool of the sandbox, by id.
    pub fn sandbox_pool(&self, id: &str) -> Pool {
        self.sandbox.state().pools[id].clone()
    }

    /// Returns the current client of the sandbox.
    pub fn sandbox_client(&self, pool: &str, name: &str) -> Client {
        let clients = self.sandbox_pool(pool).clients;
        clients
            .into_iter()
            .find(|client| client.name == name)
            .unwrap_or_else(|| panic!("the sandbox has no client {name}"))
    }

    /// Returns the value of a client's first secret in the sandbox.
    pub fn secret(&self, pool: &str, name: &str) -> String {
        self.sandbox_client(pool, name).secrets[0].value.clone()
    }

    /// Returns how often an operation was called.
    pub fn calls(&self, operation: &str) -> usize {
        let calls = self.sandbox.calls();
        calls.iter().filter(|call| *call == operation).count()
    }

    /// Sets faults of the sandbox.
    pub fn fault(&self, faults: &str) {
        self.sandbox.faults().set(faults.parse().unwrap());
    }

    fn shown(&mut self) -> String {
        format!("the screen is\n{}", self.screen())
    }
}

/// Starts a sandbox with the sample account, the same in every run.
pub async fn sandbox(options: Options) -> Sandbox {
    Sandbox::start(Options {
        sample: true,
        seed: Some(1),
        ..options
    })
    .await
    .unwrap()
}
