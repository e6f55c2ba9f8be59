//! The clipboards, and what is said of a copy.

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
