//! An explanation as lines: what an error means, and its causes, the likely first.

use ratatui::text::Line;

use crate::app::screen::View;
use crate::domain::explain::Explanation;
use crate::ui::properties::{hanging, prose};

/// The meaning, and each cause with its evidence and fix.
pub fn lines(explained: &Explanation, width: u16, view: &View) -> Vec<Line<'static>> {
    let theme = view.theme;
    let mut lines = prose(&explained.meaning, width, theme.text);
    for cause in &explained.causes {
        lines.push(Line::default());
        let (mark, style) = if cause.likely {
            ("▸ ", theme.warn.patch(theme.strong))
        } else {
            ("· ", theme.text)
        };
        lines.extend(hanging(mark, &cause.text, width, style));
        if let Some(evidence) = &cause.evidence {
            lines.extend(hanging("  evidence: ", evidence, width, theme.dim));
        }
        lines.extend(hanging("  → ", &cause.fix, width, theme.text));
    }
    lines
}
