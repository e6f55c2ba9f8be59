//! The clipboard: the desktop's own, or the terminal's through OSC 52.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use secrecy::{ExposeSecret, SecretString};

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

/// The desktop's clipboard. The handle stays open for as long as the console runs, since on X11 and Wayland whoever copied must
/// be there to serve the paste.
#[derive(Clone, Default)]
pub struct Desktop(Arc<Mutex<Option<arboard::Clipboard>>>);

impl Desktop {
    /// Puts `text` on the clipboard. It may wait for a display server: keep it off the loop.
    pub fn put(&self, text: &SecretString) -> Result<(), String> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(arboard::Clipboard::new().map_err(|error| error.to_string())?);
        }
        let Some(clipboard) = slot.as_mut() else { return Err("no clipboard".to_owned()) };
        let set = clipboard.set();
        #[cfg(all(unix, not(target_os = "macos")))]
        let set = arboard::SetExtLinux::exclude_from_history(set);
        #[cfg(target_os = "macos")]
        let set = arboard::SetExtApple::exclude_from_history(set);
        #[cfg(windows)]
        let set = arboard::SetExtWindows::exclude_from_history(arboard::SetExtWindows::exclude_from_cloud(set));
        set.text(text.expose_secret()).map_err(|error| error.to_string())
    }
}

/// Which way is right in this session: over SSH the desktop's clipboard is another machine's, and with no display there is none.
pub fn preferred() -> Way {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let remote = has("SSH_CONNECTION") || has("SSH_TTY");
    let no_display = cfg!(all(unix, not(target_os = "macos"))) && !has("DISPLAY") && !has("WAYLAND_DISPLAY");
    if remote || no_display { Way::Terminal } else { Way::Desktop }
}

/// Asks the terminal to put `text` on its clipboard. Only the owner of the terminal may call this.
pub fn put_through_terminal(out: &mut impl io::Write, text: &SecretString) -> io::Result<()> {
    execute!(out, CopyToClipboard::to_clipboard_from(text.expose_secret()))
}
