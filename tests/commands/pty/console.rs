//! A program in its own pseudo-terminal, and the screen of that terminal.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// The program under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_cognitui");
/// Long enough for a debug build on a busy machine; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A running program and its terminal. Ends when dropped.
pub struct Console {
    watched: Arc<Watched>,
    master: Box<dyn MasterPty + Send>,
    /// Held until the end: when the last holder of the terminal closes it, the system forgets its settings.
    slave: Option<Box<dyn SlavePty + Send>>,
    keyboard: Box<dyn Write + Send>,
    pid: Pid,
    settings_before: String,
    /// The program's home.
    pub home: Arc<TempDir>,
}

/// How a program ended, and its output.
pub struct Ended {
    pub code: u32,
    pub screen: vt100::Screen,
    /// All bytes that it wrote.
    pub raw: Vec<u8>,
    /// The program's home.
    pub home: Arc<TempDir>,
    settings_before: String,
    settings_after: String,
}

#[derive(Default)]
struct Watched {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    terminal: vt100::Parser,
    raw: Vec<u8>,
    /// Whether no more output can come.
    closed: bool,
    status: Option<ExitStatus>,
}

/// What to run, isolated from the machine's environment.
pub struct Start {
    pub command: CommandBuilder,
    size: (u16, u16),
    home: TempDir,
}

impl Start {
    /// Prepares `cognitui` with these arguments.
    pub fn console(arguments: &[&str]) -> Self {
        Self::program(BINARY, arguments)
    }

    /// Prepares any program.
    pub fn program(program: &str, arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("HOME", home.path());
        // Instance roles are asked for over the network, which a test has no business with.
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command.cwd(home.path());
        Self {
            command,
            size: (120, 36),
            home,
        }
    }

    /// Sets credentials; any keys work for a sandbox or an emulator.
    pub fn with_credentials(self) -> Self {
        self.env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Opens the terminal and starts the program in it.
    pub fn open(self) -> Console {
        let (columns, rows) = self.size;
        let pair = native_pty_system()
            .openpty(pty_size(columns, rows))
            .unwrap();
        let settings_before = settings(pair.master.as_ref());
        let mut child = pair.slave.spawn_command(self.command).unwrap();
        let pid = Pid::from_raw(child.process_id().unwrap().cast_signed()).unwrap();
        let watched = Arc::new(Watched::default());
        watched.lock().terminal = vt100::Parser::new(rows, columns, 0);

        let mut output = pair.master.try_clone_reader().unwrap();
        let reader = Arc::clone(&watched);
        thread::spawn(move || {
            let mut bytes = [0; 16 * 1024];
            loop {
                // Once nobody holds the terminal any more, reading it fails on Linux.
                let count = output.read(&mut bytes).unwrap_or(0);
                let mut seen = reader.lock();
                seen.terminal.process(&bytes[..count]);
                seen.raw.extend_from_slice(&bytes[..count]);
                seen.closed = count == 0;
                drop(seen);
                reader.changed.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
        let waiter = Arc::clone(&watched);
        thread::spawn(move || {
            let status = child.wait();
            waiter.lock().status = status.ok();
            waiter.changed.notify_all();
        });
        Console {
            watched,
            keyboard: pair.master.take_writer().unwrap(),
            master: pair.master,
            slave: Some(pair.slave),
            pid,
            settings_before,
            home: Arc::new(self.home),
        }
    }
}

impl Console {
    /// Presses keys: the bytes that a terminal sends for them.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits until the screen satisfies `until`.
    #[track_caller]
    pub fn wait_for(&self, what: &str, until: impl Fn(&vt100::Screen) -> bool) {
        self.wait(what, |seen| until(seen.terminal.screen()));
    }

    /// Waits until each of these words is on the screen.
    #[track_caller]
    pub fn wait_for_words(&self, words: &[&str]) {
        self.wait_for(&format!("{words:?}"), |screen| {
            let text = screen.contents();
            words.iter().all(|word| text.contains(word))
        });
    }

    /// Waits until the output satisfies `until`.
    #[track_caller]
    pub fn wait_for_bytes<T>(&self, what: &str, until: impl Fn(&[u8]) -> Option<T>) -> T {
        self.wait(what, |seen| until(&seen.raw).is_some());
        until(&self.watched.lock().raw).unwrap()
    }

    /// Returns the text on the screen.
    pub fn text(&self) -> String {
        self.watched.lock().terminal.screen().contents()
    }

    /// Returns all bytes written so far.
    pub fn raw(&self) -> Vec<u8> {
        self.watched.lock().raw.clone()
    }

    /// Returns the process in the terminal.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        let mut seen = self.watched.lock();
        seen.terminal.screen_mut().set_size(rows, columns);
        self.master.resize(pty_size(columns, rows)).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    /// Waits for the program's end and closes the terminal.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        self.wait("the end of the program", |seen| seen.status.is_some());
        let settings_after = settings(self.master.as_ref());
        self.slave = None;
        self.wait("the last bytes", |seen| seen.closed);
        let seen = self.watched.lock();
        Ended {
            code: seen.status.as_ref().unwrap().exit_code(),
            screen: seen.terminal.screen().clone(),
            raw: seen.raw.clone(),
            settings_before: self.settings_before.clone(),
            settings_after,
            home: Arc::clone(&self.home),
        }
    }

    #[track_caller]
    fn wait(&self, what: &str, until: impl Fn(&Seen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.watched.lock();
        while !until(&seen) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !seen.closed,
                "waited for {what}; the terminal shows\n{}",
                framed(seen.terminal.screen())
            );
            seen = self
                .watched
                .changed
                .wait_timeout(seen, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // A test that failed half-way leaves a program running; one that has ended is not ours to signal.
        if self.watched.lock().status.is_none() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

impl Ended {
    /// Returns all output as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// Checks that the terminal is as before the start.
    #[track_caller]
    pub fn assert_restored(&self) {
        let raw = self.text();
        assert!(raw.contains("\x1b[?1049h"), "it never took the terminal");
        assert!(
            !self.screen.alternate_screen(),
            "still on the alternate screen"
        );
        assert!(!self.screen.hide_cursor(), "the cursor is still hidden");
        assert!(
            !self.screen.bracketed_paste(),
            "bracketed paste is still on"
        );
        assert!(
            raw.rfind("\x1b[?1004l") > raw.rfind("\x1b[?1004h"),
            "focus is still reported"
        );
        assert_eq!(
            self.settings_after, self.settings_before,
            "the line settings differ"
        );
    }
}

impl Watched {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// Returns the terminal's line settings (echo, canonical mode, signals, ...), for comparison.
fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn framed(screen: &vt100::Screen) -> String {
    let (_, columns) = screen.size();
    let mut text = String::new();
    for row in screen.rows(0, columns) {
        writeln!(text, "│{row}").unwrap();
    }
    text
}

/// Steps shared by several journeys.
impl Console {
    /// Opens the only pool whose name starts like this, from the list of pools.
    #[track_caller]
    pub fn open_pool(&mut self, name: &str) {
        self.wait_for_words(&[name]);
        self.press(&format!("/{name}\r"));
        self.wait_for_words(&["1 of "]);
        self.press("\r");
        // The tabs count what has been read to its end.
        self.wait_for("the pool's app clients and resource servers", |screen| {
            let text = screen.contents();
            let clients = text.split("App clients ").nth(1);
            clients.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                && text.contains("Resource servers 0")
        });
    }

    /// Creates the preset's machine_auth client, from a pool's app clients.
    #[track_caller]
    pub fn make_machine_auth(&mut self) {
        self.press("n");
        // The sentence comes with all that must be read before.
        self.wait_for_words(&["(•) machine_auth", "Same as AWS TEAM's"]);
        self.press("\r");
        self.wait_for_words(&["Create resource server api", "GenerateSecret"]);
        self.press("\r");
        self.wait_for_words(&["Created machine_auth", "client_credentials"]);
    }

    /// Copies a client's secret from its page, the first of a session, which goes through the terminal only after the user
    /// agrees.
    #[track_caller]
    pub fn copy_secret(&mut self) {
        self.press("y\r");
        self.wait_for_words(&["Copy a secret through the terminal?", "cancel"]);
        self.press("\r");
        self.wait_for_words(&["Copied the secret of", "OSC 52"]);
    }

    /// Waits until the revealed secret is on the screen, and returns it.
    #[track_caller]
    pub fn wait_for_secret(&self) -> String {
        self.wait("a revealed secret", |seen| secret(seen).is_some());
        secret(&self.watched.lock()).unwrap()
    }
}

/// Returns the longest word of the line with the label `Secret`, if it is long enough to be one and not the mask.
fn secret(seen: &Seen) -> Option<String> {
    let text = seen.terminal.screen().contents();
    let line = text.lines().find(|line| line.contains("│ Secret "))?;
    let secret = line.split_whitespace().max_by_key(|word| word.len())?;
    (secret.len() >= 24 && secret.is_ascii()).then(|| secret.to_owned())
}
