//! The event loop: it owns the terminal and the tasks that screens start.

pub mod clipboard_kind;
pub mod core_dumps;
pub mod frames;
#[cfg(unix)]
mod hangup;
pub mod tasks;
pub mod terminal;
#[cfg(debug_assertions)]
mod test_panic;

use std::future::{Future, poll_fn};
use std::io;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crossterm::event::Event;
use futures_util::{Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::Backend;

use self::tasks::Tasks;
use self::terminal::Stop;
use crate::app::App;
use crate::app::message::{Effect, Message, RequestId, TaskEvent};
use crate::domain::identity::SignIn;
use crate::domain::preset::PresetCatalog;
use crate::domain::time::Timestamp;

/// How many messages one frame may swallow before it is drawn, so that a flood of pages can't starve the screen.
const DRAIN: usize = 256;
/// How often the terminal is asked for a key after it was lent, until the first one is read, in milliseconds.
const LOOK: u64 = 100;
/// How long after a program a Ctrl-C may still be the one that ended it.
const AFTERMATH: Duration = Duration::from_millis(300);

/// A console on a terminal: real, or a test's.
pub struct Console<B: Backend> {
    app: App,
    tasks: Tasks,
    terminal: Terminal<B>,
    /// What the first screen lacks, until it is asked for.
    first: Vec<Effect>,
    /// Why a secret may be on the desktop's clipboard still, once it has run.
    uncleared: Option<String>,
}

/// How a console ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// All that was being written when it was left was written.
    pub well: bool,
    /// What ended the console or the waiting, where something was left unfinished or is lost for it.
    pub given_up: Option<Stop>,
}

/// Why a turn of the loop ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoopControl {
    Go,
    /// The user wants the shell for a while (Ctrl-Z).
    Suspend,
    /// A program logs in, on the terminal.
    LogIn(SignIn),
    Quit,
}

/// Who gets the terminal for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interlude {
    /// The shell.
    Shell,
    /// A program.
    LogIn(SignIn),
}

impl<B: Backend> Console<B>
where
    B::Error: Send + Sync + 'static,
{
    /// Creates the console and draws the first frame. No query is sent yet.
    pub fn new(mut app: App, tasks: Tasks, backend: B) -> io::Result<Self> {
        // Before the frame, so that it shows the loading state.
        let first = app.start();
        let terminal =
            frames::first(backend, |buffer| app.draw(buffer)).map_err(io::Error::other)?;
        Ok(Self {
            app,
            tasks,
            terminal,
            first,
            uncleared: None,
        })
    }

    /// Starts the queries of the first screen. Call it inside the async runtime.
    pub fn start(&mut self) {
        let first = std::mem::take(&mut self.first);
        self.run_effects(first);
    }

    /// Stores the presets, or why the user's presets cannot be read. The first frame shows none of it and does not wait for it.
    pub fn offer(&mut self, presets: Result<PresetCatalog, String>) {
        self.app.offer(presets);
    }

    /// Returns why a secret may still be on the desktop's clipboard, after a run that should have cleared it.
    pub fn clipboard_error(&self) -> Option<&str> {
        self.uncleared.as_deref()
    }

    /// Ends the console after the terminal is restored: starts no further step, waits for the running one, and clears a secret
    /// from the desktop's clipboard. `stop` is what ended the console, unless the user did; `again` ends the wait. `tell`
    /// receives what is waited for, its result, and what was not done. If the clipboard could not be cleared,
    /// [`Console::clipboard_error`] says why.
    pub async fn finish(
        &mut self,
        stop: Option<Stop>,
        again: impl Future<Output = Stop>,
        mut tell: impl FnMut(&str),
    ) -> Finish {
        self.tasks.stop_changes();
        let mut well = self.hear_out(&mut tell);
        let mut given_up = None;
        if self.tasks.is_changing() {
            given_up = stop.filter(|stop| stop.is_at_once());
            if given_up.is_none() {
                for what in self.app.unfinished() {
                    tell(&format!("waiting for {what} … Ctrl-C stops waiting"));
                }
                tokio::select! {
                    biased;
                    () = self.tasks.finish_changes() => {}
                    stop = again => given_up = Some(stop),
                }
            }
            if given_up.is_some() {
                self.tasks.give_up_changes().await;
            }
            well &= self.hear_out(&mut tell);
        }
        let lost = self.app.cut_off();
        if !lost.is_empty() {
            given_up = given_up.or(stop);
        }
        for line in lost {
            tell(&line);
        }
        self.tasks.end_copies();
        self.uncleared = self.tasks.leave_clipboard().await.err();
        Finish { well, given_up }
    }

    /// Handles the results since the console was left; `false` if something failed.
    fn hear_out(&mut self, tell: &mut impl FnMut(&str)) -> bool {
        let mut well = true;
        for message in self.tasks.answers() {
            if let Message::Done(_, event) = &message
                && let Some(outcome) = self.app.outcome(event)
            {
                well &= outcome.well;
                for line in &outcome.lines {
                    tell(line);
                }
            }
            // No screen would show its queries.
            let _ = self.app.update(message, now());
        }
        well
    }

    /// Runs until the user quits, `stops` has one, or the terminal is gone. `listen` begins to read keys; nobody reads them while a
    /// program has the terminal. `lend` gives the terminal away and comes back, with why a program failed. What `stops` said, where it
    /// ended it. However it ends, [`Console::finish`] is to follow.
    pub async fn run<E>(
        &mut self,
        mut listen: impl FnMut() -> E,
        stops: impl Stream<Item = Stop>,
        mut lend: impl FnMut(Interlude) -> io::Result<Result<(), String>>,
    ) -> io::Result<Option<Stop>>
    where
        E: Stream<Item = io::Result<Event>> + Unpin,
    {
        tokio::pin!(stops);
        let mut events = listen();
        let mut came_back: Option<Instant> = None;
        // The reader from before the program may take the first key after it without waking this loop.
        let mut unheard = false;
        loop {
            let tick = self.app.next_tick(now());
            let look = unheard.then_some(LOOK);
            let tick = tick.into_iter().chain(look).min();
            let first = tokio::select! {
                biased;
                Some(stop) = stops.next() => {
                    // Ctrl-C that ended the program reaches this process, too.
                    let of_program = came_back.is_some_and(|at| at.elapsed() < AFTERMATH);
                    if stop == Stop::Interrupt && of_program {
                        continue;
                    }
                    return Ok(Some(stop));
                }
                event = events.next() => match event {
                    Some(event) => Message::Input(event?),
                    None => break,
                },
                message = self.tasks.next() => message,
                () = sleep(tick), if tick.is_some() => Message::Tick,
            };
            unheard &= !matches!(first, Message::Input(_));
            let mut turn = self.handle(first);
            for _ in 0..DRAIN {
                if turn != LoopControl::Go {
                    break;
                }
                match ready(&mut events).await {
                    Some(Some(event)) => turn = self.handle(Message::Input(event?)),
                    Some(None) => turn = LoopControl::Quit,
                    None => match self.tasks.try_next() {
                        Some(message) => turn = self.handle(message),
                        None => break,
                    },
                }
            }
            match turn {
                LoopControl::Go => {}
                LoopControl::Suspend => {
                    self.draw()?;
                    let _ = lend(Interlude::Shell)?;
                    self.forget_frame()?;
                }
                LoopControl::LogIn(sign_in) => {
                    drop(events);
                    let outcome = lend(Interlude::LogIn(sign_in))?;
                    came_back = Some(Instant::now());
                    unheard = true;
                    events = listen();
                    self.forget_frame()?;
                    let event = Box::new(TaskEvent::LoggedIn(outcome));
                    self.handle(Message::Event(event));
                }
                LoopControl::Quit => break,
            }
            self.draw()?;
        }
        Ok(None)
    }

    /// Redraws the whole screen with the next frame. `Terminal::clear` does so too, but it asks the terminal for the cursor's
    /// position and fails without a response.
    fn forget_frame(&mut self) -> io::Result<()> {
        let backend = self.terminal.backend_mut();
        backend.clear().map_err(io::Error::other)?;
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Handles one message and starts its effects.
    pub fn handle(&mut self, msg: Message) -> LoopControl {
        #[cfg(debug_assertions)]
        if let Message::Input(event) = &msg {
            test_panic::panic_if_asked(event);
        }
        let effects = self.app.update(msg, now());
        self.run_effects(effects)
    }

    /// Runs until all answers have arrived and nothing is running. For tests: a journey knows then that the screen is final.
    pub async fn run_until_idle(&mut self) -> io::Result<()> {
        while !self.is_settled() {
            let tick = self.app.next_tick(now());
            let msg = tokio::select! {
                biased;
                message = self.tasks.next() => message,
                () = sleep(tick), if tick.is_some() => Message::Tick,
            };
            self.handle(msg);
        }
        self.draw()
    }

    /// Waits for one answer, handles it and draws. For tests that check the screen while something is running.
    pub async fn receive_one(&mut self) -> io::Result<()> {
        let message = self.tasks.next().await;
        self.handle(message);
        self.draw()
    }

    /// Returns whether all answers have arrived and nothing is running.
    pub fn is_settled(&self) -> bool {
        self.app.is_settled()
    }

    /// Draws the current screen.
    pub fn draw(&mut self) -> io::Result<()> {
        let app = &mut self.app;
        frames::next(&mut self.terminal, |buffer| app.draw(buffer)).map_err(io::Error::other)
    }

    /// Returns the terminal, for tests that check what was drawn.
    pub fn terminal(&mut self) -> &mut Terminal<B> {
        &mut self.terminal
    }

    /// Saves the screen with all private values covered.
    fn save_screen(&mut self, id: RequestId) {
        let picture = self.app.picture(self.terminal.get_frame().area());
        self.tasks.save(id, picture);
    }

    fn run_effects(&mut self, effects: Vec<Effect>) -> LoopControl {
        let mut turn = LoopControl::Go;
        for effect in effects {
            match effect {
                Effect::Quit => turn = LoopControl::Quit,
                Effect::Suspend => turn = LoopControl::Suspend,
                Effect::LogIn(sign_in) => turn = LoopControl::LogIn(sign_in),
                Effect::Start(id, effect) if *effect == Effect::SaveScreen => self.save_screen(id),
                other => self.tasks.start(other),
            }
        }
        turn
    }
}

/// Returns the next item of the stream if it is ready. It is polled with the loop's own waker: a stream remembers only its last
/// waker, and another one would miss the next event.
async fn ready<S: Stream + Unpin>(stream: &mut S) -> Option<Option<S::Item>> {
    poll_fn(|context| match stream.poll_next_unpin(context) {
        Poll::Ready(item) => Poll::Ready(Some(item)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// Returns the current time.
pub fn now() -> Timestamp {
    SystemTime::now().into()
}

async fn sleep(millis: Option<u64>) {
    tokio::time::sleep(Duration::from_millis(millis.unwrap_or(u64::MAX >> 20))).await;
}
