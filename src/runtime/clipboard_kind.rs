//! Which clipboard a session copies to.

use crate::app::message::clipboard::ClipboardKind;

/// Returns the clipboard of this session: over SSH the desktop's clipboard is another machine's, and without a display there is
/// none.
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
