//! Which clipboard a session copies to.

/// How a text reached the clipboard, or was to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClipboardKind {
    /// The desktop's clipboard; on Linux marked to be left out of its history.
    Desktop,
    /// The escape sequence OSC 52, which asks the terminal: the way that works over SSH. The terminal does not confirm it.
    Terminal,
}

impl ClipboardKind {
    /// Completes the sentence "Copied the secret ...".
    pub fn label(self) -> &'static str {
        match self {
            Self::Desktop => "to the clipboard",
            Self::Terminal => "through the terminal (OSC 52)",
        }
    }
}

/// Which way is right in this session: over SSH the desktop's clipboard is another machine's, and with no display there is none.
pub fn preferred() -> ClipboardKind {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let remote = has("SSH_CONNECTION") || has("SSH_TTY");
    let no_display =
        cfg!(all(unix, not(target_os = "macos"))) && !has("DISPLAY") && !has("WAYLAND_DISPLAY");
    if remote || no_display {
        ClipboardKind::Terminal
    } else {
        ClipboardKind::Desktop
    }
}
