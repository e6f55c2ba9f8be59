//! The clipboard of the desktop, or of the terminal by OSC 52. The console and the commands copy, recognize and clear a secret here.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{Digest, SHA256, digest};
use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;
use secrecy::{ExposeSecret, SecretString};

use crate::domain::delivery::destination::DeliveryError;

/// The operations of a clipboard. They may block on a display server.
pub trait Clipboard: Send {
    /// Replaces the content, and excludes it from clipboard history where the desktop supports that.
    fn put(&mut self, text: &str) -> Result<(), String>;
    /// Returns its text; `None` for anything else, such as a picture.
    fn text(&mut self) -> Result<Option<SecretString>, String>;
    /// Empties it.
    fn clear(&mut self) -> Result<(), String>;
}

/// The desktop's clipboard. Keeps the handle open: on X11 and Wayland the program that copied must serve the paste.
#[derive(Default)]
struct Arboard(Option<arboard::Clipboard>);

impl Arboard {
    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut arboard::Clipboard) -> Result<T, arboard::Error>,
    ) -> Result<T, String> {
        let clipboard = match &mut self.0 {
            Some(clipboard) => clipboard,
            none => none.insert(open()?),
        };
        work(clipboard).map_err(|error| error.to_string())
    }
}

impl Clipboard for Arboard {
    fn put(&mut self, text: &str) -> Result<(), String> {
        self.with(|clipboard| {
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
        })
    }

    fn text(&mut self) -> Result<Option<SecretString>, String> {
        self.with(|clipboard| match clipboard.get_text() {
            Ok(text) => Ok(Some(text.into())),
            Err(arboard::Error::ContentNotAvailable) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn clear(&mut self) -> Result<(), String> {
        self.with(arboard::Clipboard::clear)
    }
}

fn open() -> Result<arboard::Clipboard, String> {
    arboard::Clipboard::new()
        .map_err(|error| format!("no clipboard available ({error}); use osc52 for the terminal's"))
}

/// Checks that the desktop's clipboard is available.
pub(super) fn check() -> Result<(), String> {
    open().map(drop)
}

/// A clipboard and the secret that was copied to it. Clones share it. It may block: do not use it on the event loop.
#[derive(Clone)]
pub struct ClipboardHandle(Arc<Mutex<ClipboardState>>);

struct ClipboardState {
    clipboard: Box<dyn Clipboard>,
    /// The digest of the last copied secret, to recognize it without a copy.
    ours: Option<Digest>,
}

impl Default for ClipboardHandle {
    fn default() -> Self {
        Self::of(Box::new(Arboard::default()))
    }
}

impl fmt::Debug for ClipboardHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Desktop")
    }
}

impl ClipboardHandle {
    /// Uses this clipboard.
    pub fn of(clipboard: Box<dyn Clipboard>) -> Self {
        Self(Arc::new(Mutex::new(ClipboardState {
            clipboard,
            ours: None,
        })))
    }

    /// Copies `text` if it is still `wanted` when the clipboard is free, and remembers a `secret`. Returns whether it was copied.
    pub fn put_if(
        &self,
        text: &SecretString,
        secret: bool,
        wanted: impl FnOnce() -> bool,
    ) -> Result<bool, String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !wanted() {
            return Ok(false);
        }
        held.clipboard.put(text.expose_secret())?;
        held.ours = secret.then(|| digest_of(text));
        Ok(true)
    }

    /// Clears the clipboard if it still holds the last copied secret; false if it does not.
    ///
    /// # Errors
    /// It cannot be read or cleared: it may still hold the secret, which stays remembered.
    pub fn clear(&self) -> Result<bool, String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ours) = held.ours else {
            return Ok(false);
        };
        let text = held.clipboard.text()?;
        let still = text.is_some_and(|text| digest_of(&text).as_ref() == ours.as_ref());
        if still {
            held.clipboard.clear()?;
        }
        held.ours = None;
        Ok(still)
    }
}

impl ClipboardHandle {
    /// Forgets the last copied secret.
    fn forget(&self) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.ours = None;
    }
}

fn digest_of(text: &SecretString) -> Digest {
    digest(&SHA256, text.expose_secret().as_bytes())
}

/// A secret on the desktop's clipboard, for a command: on X11 and Wayland it is served while this is kept. Dropping it clears the
/// clipboard, also after an interruption.
#[derive(Debug)]
pub struct ClipboardLease(ClipboardHandle);

impl ClipboardLease {
    /// Copies `text`. May block on a display server.
    pub(super) fn put(
        desktop: ClipboardHandle,
        text: &SecretString,
    ) -> Result<Self, DeliveryError> {
        desktop
            .put_if(text, true, || true)
            .map_err(DeliveryError::NotDelivered)?;
        Ok(Self(desktop))
    }

    /// Returns why the clipboard may not hold `text`; `None` if it does.
    pub(super) fn differs_from(&self, text: &SecretString) -> Option<String> {
        let mut held = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        match held.clipboard.text() {
            Ok(Some(found)) if found.expose_secret() == text.expose_secret() => None,
            Ok(_) => Some("the clipboard holds another text".to_owned()),
            Err(reason) => Some(format!("cannot read the clipboard: {reason}")),
        }
    }

    /// Waits, then clears it unless something else was copied meanwhile.
    ///
    /// # Errors
    /// It may still be there, if the system and not the program holds the copy.
    pub async fn cleared_after(self, time: Duration) -> Result<(), String> {
        tokio::time::sleep(time).await;
        let desktop = self.0.clone();
        let cleared = tokio::task::spawn_blocking(move || desktop.clear()).await;
        // Reported once.
        self.0.forget();
        cleared.map_err(|error| error.to_string())?.map(|_| ())
    }
}

impl Drop for ClipboardLease {
    fn drop(&mut self) {
        // After clearing there is nothing left to do.
        if let Err(reason) = self.0.clear() {
            let words = "cognitui: cannot clear the clipboard, it may still hold a secret";
            let _ = writeln!(io::stderr(), "{words}: {reason:?}");
        }
    }
}

/// Asks the terminal of `out` to copy `text`.
pub fn ask_terminal(out: &mut impl io::Write, text: &SecretString) -> io::Result<()> {
    execute!(
        out,
        CopyToClipboard::to_clipboard_from(text.expose_secret())
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A desktop's clipboard; clones are the same one.
    #[derive(Clone, Default)]
    struct Board(Arc<Mutex<String>>);

    impl Clipboard for Board {
        fn put(&mut self, text: &str) -> Result<(), String> {
            text.clone_into(&mut self.0.lock().unwrap());
            Ok(())
        }

        fn text(&mut self) -> Result<Option<SecretString>, String> {
            Ok(Some(self.0.lock().unwrap().clone().into()))
        }

        fn clear(&mut self) -> Result<(), String> {
            self.0.lock().unwrap().clear();
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_command_takes_off_what_it_copied_and_nothing_else() {
        for (copied_meanwhile, left) in [(None, ""), (Some("a recipe"), "a recipe")] {
            let board = Board::default();
            let desktop = ClipboardHandle::of(Box::new(board.clone()));
            let copied = ClipboardLease::put(desktop, &"s3cret".to_owned().into()).unwrap();
            assert_eq!(*board.0.lock().unwrap(), "s3cret");
            assert_eq!(copied.differs_from(&"s3cret".to_owned().into()), None);
            assert!(copied.differs_from(&"other".to_owned().into()).is_some());
            if let Some(text) = copied_meanwhile {
                text.clone_into(&mut board.0.lock().unwrap());
            }
            copied.cleared_after(Duration::ZERO).await.unwrap();
            assert_eq!(*board.0.lock().unwrap(), left);
        }
    }

    #[test]
    fn a_command_that_is_interrupted_takes_it_off_as_well() {
        for (copied_meanwhile, left) in [(None, ""), (Some("a recipe"), "a recipe")] {
            let board = Board::default();
            let desktop = ClipboardHandle::of(Box::new(board.clone()));
            let copied = ClipboardLease::put(desktop, &"s3cret".to_owned().into()).unwrap();
            if let Some(text) = copied_meanwhile {
                text.clone_into(&mut board.0.lock().unwrap());
            }
            drop(copied.cleared_after(Duration::MAX));
            assert_eq!(*board.0.lock().unwrap(), left);
        }
    }

    /// A clipboard with prepared answers, in order; `Ok(None)` is a picture.
    struct Answering(Vec<Result<Option<&'static str>, String>>);

    impl Clipboard for Answering {
        fn put(&mut self, _text: &str) -> Result<(), String> {
            Ok(())
        }

        fn text(&mut self) -> Result<Option<SecretString>, String> {
            let answer = self.0.remove(0)?;
            Ok(answer.map(|text| text.to_owned().into()))
        }

        fn clear(&mut self) -> Result<(), String> {
            Ok(())
        }
    }

    #[test]
    fn what_could_not_be_read_is_known_again_and_a_picture_is_not_ours() {
        let occupied = || Err("occupied".to_owned());
        for (last, cleared) in [
            (Some("s3cret"), true),
            (Some("a recipe"), false),
            (None, false),
        ] {
            let board = Answering(vec![occupied(), occupied(), Ok(last)]);
            let desktop = ClipboardHandle::of(Box::new(board));
            let secret = "s3cret".to_owned().into();
            assert_eq!(desktop.put_if(&secret, true, || true), Ok(true));
            assert_eq!(desktop.clear(), Err("occupied".to_owned()));
            assert_eq!(desktop.clear(), Err("occupied".to_owned()));
            assert_eq!(desktop.clear(), Ok(cleared));
            assert_eq!(desktop.clear(), Ok(false), "nothing of ours is left");
        }
    }
}
