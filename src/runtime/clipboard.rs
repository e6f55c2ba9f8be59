//! The clipboard: the desktop's own, or the terminal's through OSC 52.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Digest, SHA256, digest};
use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use secrecy::{ExposeSecret, SecretString};

use crate::delivery::clipboard::set_marked;

/// How a text reached the clipboard, or was to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The desktop's clipboard; on Linux marked to be left out of its history.
    Desktop,
    /// The escape sequence OSC 52, which asks the terminal: the way that works over SSH. Whether the terminal obeyed is not told.
    Terminal,
}

impl Way {
    /// Completes the sentence "Copied the secret ...".
    pub fn words(self) -> &'static str {
        match self {
            Self::Desktop => "to the clipboard",
            Self::Terminal => "through the terminal (OSC 52)",
        }
    }
}

/// What a clipboard can do. It may wait for a display server.
pub trait Clipboard: Send {
    /// Replaces what it holds, marked as nothing for a clipboard manager's history where the desktop has such a mark.
    fn put(&mut self, text: &str) -> Result<(), String>;
    /// What it holds.
    fn text(&mut self) -> Result<SecretString, String>;
    /// Empties it.
    fn clear(&mut self) -> Result<(), String>;
}

/// The desktop's own. The handle stays open for as long as the console runs, since on X11 and Wayland whoever copied must be there
/// to serve the paste.
#[derive(Default)]
struct Arboard(Option<arboard::Clipboard>);

impl Arboard {
    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>,
    ) -> Result<T, String> {
        if self.0.is_none() {
            self.0 = Some(arboard::Clipboard::new().map_err(|error| error.to_string())?);
        }
        match self.0.as_mut() {
            Some(clipboard) => work(clipboard).map_err(|error| error.to_string()),
            None => Err("no clipboard".to_owned()),
        }
    }
}

impl Clipboard for Arboard {
    fn put(&mut self, text: &str) -> Result<(), String> {
        self.with(|clipboard| set_marked(clipboard, text))
    }

    fn text(&mut self) -> Result<SecretString, String> {
        self.with(arboard::Clipboard::get_text).map(Into::into)
    }

    fn clear(&mut self) -> Result<(), String> {
        self.with(arboard::Clipboard::clear)
    }
}

/// A clipboard, and what of ours it holds. Clones share it. It may wait: keep it off the loop.
#[derive(Clone)]
pub struct Desktop(Arc<Mutex<Held>>);

struct Held {
    clipboard: Box<dyn Clipboard>,
    /// The digest of the secret that was put there last: enough to know it again, and no copy of it.
    ours: Option<Digest>,
}

impl Default for Desktop {
    fn default() -> Self {
        Self::of(Box::new(Arboard::default()))
    }
}

impl Desktop {
    /// Through this clipboard.
    pub fn of(clipboard: Box<dyn Clipboard>) -> Self {
        Self(Arc::new(Mutex::new(Held {
            clipboard,
            ours: None,
        })))
    }

    /// Puts `text` on the clipboard, and remembers it if it is `secret`.
    pub fn put(&self, text: &SecretString, secret: bool) -> Result<(), String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.clipboard.put(text.expose_secret())?;
        held.ours = secret.then(|| digest_of(text));
        Ok(())
    }

    /// Empties the clipboard if it still holds the secret that was put there last; false where there is nothing of ours any more.
    pub fn clear(&self) -> Result<bool, String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ours) = held.ours.take() else {
            return Ok(false);
        };
        // A clipboard that holds no text, such as a picture, holds nothing of ours.
        let still = held.clipboard.text();
        if !still.is_ok_and(|text| digest_of(&text).as_ref() == ours.as_ref()) {
            return Ok(false);
        }
        held.clipboard.clear().map(|()| true)
    }
}

fn digest_of(text: &SecretString) -> Digest {
    digest(&SHA256, text.expose_secret().as_bytes())
}

/// Which way is right in this session: over SSH the desktop's clipboard is another machine's, and with no display there is none.
pub fn preferred() -> Way {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let remote = has("SSH_CONNECTION") || has("SSH_TTY");
    let no_display =
        cfg!(all(unix, not(target_os = "macos"))) && !has("DISPLAY") && !has("WAYLAND_DISPLAY");
    if remote || no_display {
        Way::Terminal
    } else {
        Way::Desktop
    }
}

/// Asks the terminal to put `text` on its clipboard. Only the owner of the terminal may call this.
pub fn put_through_terminal(out: &mut impl io::Write, text: &SecretString) -> io::Result<()> {
    execute!(
        out,
        CopyToClipboard::to_clipboard_from(text.expose_secret())
    )
}
