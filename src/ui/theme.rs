//! The roles of text and borders, and their styles.

use ratatui::style::{Color, Modifier, Style};

/// One style per role. Colours are the terminal's own sixteen, never black or white, and backgrounds stay unchanged, so that text
/// is readable on dark and light terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Plain text: the terminal's own.
    pub text: Style,
    /// The title of a pane.
    pub title: Style,
    /// The active tab: the brightest of its row.
    pub tab: Style,
    /// The one colour that draws the eye: what has the focus.
    pub accent: Style,
    /// What is secondary: column heads, hints, units.
    pub dim: Style,
    /// What matters most in a line.
    pub strong: Style,
    /// The selected row of the pane that has the focus.
    pub selected: Style,
    /// Works, but deserves a look.
    pub warn: Style,
    /// Wrong.
    pub bad: Style,
    /// As it should be.
    pub good: Style,
    /// The border of a pane.
    pub border: Style,
    /// The border of the pane that has the focus.
    pub border_focus: Style,
    /// The border of a dialog that destroys something.
    pub danger: Style,
    /// A key in the footer and the help.
    pub key: Style,
    /// A prominent badge at the top right, such as `DEMO`.
    pub badge: Style,
    /// The part of a row that a filter matched.
    pub found: Style,
    /// The style of a text field, so that an empty one is visible.
    pub field: Style,
}

impl Theme {
    /// Creates the theme with colours from the terminal's palette.
    #[must_use]
    pub const fn colour() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let accent = Color::Cyan;
        Self {
            text: plain,
            title: bold,
            tab: bold.fg(accent).add_modifier(Modifier::UNDERLINED),
            accent: plain.fg(accent),
            // Not DarkGray: in several common palettes it equals the background.
            dim: plain.add_modifier(Modifier::DIM),
            strong: bold,
            // The terminal's own colours, swapped: it has no background that suits a dark and a light one.
            selected: bold.add_modifier(Modifier::REVERSED),
            warn: plain.fg(Color::Yellow),
            bad: plain.fg(Color::Red),
            good: plain.fg(Color::Green),
            border: plain.add_modifier(Modifier::DIM),
            border_focus: bold.fg(accent),
            danger: plain.fg(Color::Red),
            key: plain.fg(accent),
            badge: bold.fg(accent).add_modifier(Modifier::REVERSED),
            found: bold.fg(accent),
            field: plain.add_modifier(Modifier::UNDERLINED),
        }
    }

    /// Creates the theme without colour, for `NO_COLOR` (<https://no-color.org>): weight and reverse video carry the meaning.
    #[must_use]
    pub const fn monochrome() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            text: plain,
            title: bold,
            tab: bold.add_modifier(Modifier::UNDERLINED),
            accent: bold,
            dim: plain.add_modifier(Modifier::DIM),
            strong: bold,
            selected: bold.add_modifier(Modifier::REVERSED),
            warn: bold,
            bad: bold.add_modifier(Modifier::UNDERLINED),
            good: plain,
            border: plain.add_modifier(Modifier::DIM),
            border_focus: bold,
            danger: bold,
            key: bold,
            badge: bold.add_modifier(Modifier::REVERSED),
            // The selected row is bold already.
            found: bold.add_modifier(Modifier::UNDERLINED),
            field: plain.add_modifier(Modifier::UNDERLINED),
        }
    }

    /// Draws all borders in the colour of danger, for production.
    #[must_use]
    pub const fn alarmed(self) -> Self {
        Self {
            border: self.danger,
            border_focus: self.danger.add_modifier(Modifier::BOLD),
            ..self
        }
    }

    /// Returns the theme for this value of `NO_COLOR`: any non-empty value turns colours off.
    #[must_use]
    pub fn for_no_color(no_color: Option<&str>) -> Self {
        match no_color {
            Some(value) if !value.is_empty() => Self::monochrome(),
            _ => Self::colour(),
        }
    }

    /// Returns the style of a [`Status`].
    #[must_use]
    pub const fn tone(&self, tone: Status) -> Style {
        match tone {
            Status::Plain => self.text,
            Status::Good => self.good,
            Status::Warn => self.warn,
            Status::Bad => self.bad,
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::colour()
    }
}

/// How good a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// Success.
    Good,
    /// A warning.
    Warn,
    /// Failed, or wrong.
    Bad,
}

impl Status {
    /// Returns the sign before a message, so that colour is never the only carrier; plain messages have none.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Good => "✓ ",
            Self::Warn => "! ",
            Self::Bad => "✗ ",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Theme {
        fn roles(&self) -> [Style; 17] {
            [
                self.text,
                self.title,
                self.tab,
                self.accent,
                self.dim,
                self.strong,
                self.selected,
                self.warn,
                self.bad,
                self.good,
                self.border,
                self.border_focus,
                self.danger,
                self.key,
                self.badge,
                self.found,
                self.field,
            ]
        }
    }

    #[test]
    fn no_colour_is_readable_on_one_background_only() {
        // Black, white and the greys are invisible on one of the two kinds of terminal; a set background is wrong on both.
        for style in Theme::colour().roles() {
            let readable = [
                None,
                Some(Color::Cyan),
                Some(Color::Yellow),
                Some(Color::Red),
                Some(Color::Green),
            ];
            assert!(readable.contains(&style.fg), "{style:?}");
            assert_eq!(style.bg, None);
        }
    }

    #[test]
    fn what_has_the_focus_stands_out_in_every_theme() {
        for theme in [Theme::colour(), Theme::monochrome()] {
            let shown = theme.selected;
            assert!(shown.bg.is_some() || shown.has_modifier(Modifier::REVERSED));
            let bright = Modifier::BOLD | Modifier::UNDERLINED;
            assert!(theme.tab.has_modifier(bright), "{theme:?}");
            assert_eq!(theme.tab.fg, theme.accent.fg);
            assert!(theme.border_focus.has_modifier(Modifier::BOLD), "{theme:?}");
        }
    }

    #[test]
    fn no_color_leaves_only_modifiers_and_a_visible_selection() {
        let theme = Theme::for_no_color(Some("1"));
        for style in theme.roles() {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert!(theme.selected.has_modifier(Modifier::REVERSED));
        assert_ne!(theme.border, theme.border_focus);
        assert_eq!(Theme::for_no_color(Some("")), Theme::colour());
        assert_eq!(Theme::for_no_color(None), Theme::colour());
    }
}
