//! The clipboard, for a command that ends: what it copied is served and taken off again before it does.

use std::fmt;
use std::io;
use std::time::Duration;

use arboard::Clipboard;
use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use secrecy::{ExposeSecret, SecretString};

use super::Undelivered;

/// How long a secret stays on the clipboard.
const STAYS: Duration = Duration::from_secs(45);

/// A secret on the desktop's clipboard, which goes with this value: on X11 and Wayland whoever copied must be there to serve it.
pub struct OnClipboard {
    clipboard: Clipboard,
    text: SecretString,
}

impl fmt::Debug for OnClipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnClipboard")
    }
}

impl OnClipboard {
    /// Leaves it there for 45 seconds, and takes it off unless something else was copied meanwhile.
    pub async fn cleared(mut self) {
        tokio::time::sleep(STAYS).await;
        let clear = tokio::task::spawn_blocking(move || {
            let ours = self
                .clipboard
                .get_text()
                .is_ok_and(|found| found == self.text.expose_secret());
            if ours {
                // It ends with the program at the latest.
                let _ = self.clipboard.clear();
            }
        });
        let _ = clear.await;
    }
}

/// Puts `text` on the desktop's clipboard, marked to be left out of histories. It may wait for a display server.
pub(super) fn put(text: &SecretString) -> Result<OnClipboard, Undelivered> {
    let mut clipboard = open().map_err(Undelivered::Nobody)?;
    set_marked(&mut clipboard, text.expose_secret())
        .map_err(|error| Undelivered::Nobody(error.to_string()))?;
    Ok(OnClipboard {
        clipboard,
        text: text.clone(),
    })
}

/// Sets a desktop's clipboard, marked to be left out of histories.
pub(crate) fn set_marked(clipboard: &mut Clipboard, text: &str) -> Result<(), arboard::Error> {
    let set = clipboard.set();
    #[cfg(all(unix, not(target_os = "macos")))]
    let set = arboard::SetExtLinux::exclude_from_history(set);
    #[cfg(target_os = "macos")]
    let set = arboard::SetExtApple::exclude_from_history(set);
    #[cfg(windows)]
    let set = arboard::SetExtWindows::exclude_from_history(
        arboard::SetExtWindows::exclude_from_cloud(set),
    );
    set.text(text)
}

pub(super) fn open() -> Result<Clipboard, String> {
    Clipboard::new().map_err(|error| {
        format!("there is no clipboard here ({error}); osc52 asks the terminal instead")
    })
}

/// Asks the terminal at standard error to put `text` on its clipboard.
pub(super) fn ask_terminal(text: &SecretString) -> Result<(), Undelivered> {
    let request = CopyToClipboard::to_clipboard_from(text.expose_secret());
    execute!(io::stderr(), request).map_err(|error| Undelivered::Perhaps(error.to_string()))
}
