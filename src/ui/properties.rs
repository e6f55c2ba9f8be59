//! Labelled values in aligned columns, and other lines of text in detail panes.
//!
//! All of it is lines of text; [`draw_lines`](super::scroll::draw_lines) draws them.

use std::borrow::Cow;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text::{Cut, clean, line_width, truncate, width, wrap};
use super::theme::{Status, Theme};

/// The most columns of a readable line.
pub const READABLE: usize = 120;
/// A narrower note goes below its value, not next to it.
const LEAST_NOTE: usize = 16;

/// One labelled value, or a head above several.
#[derive(Clone, Debug)]
pub struct Property<'a> {
    label: Cow<'a, str>,
    value: Line<'a>,
    note: Cow<'a, str>,
    tone: Status,
    cut: Option<Cut>,
}

impl<'a> Property<'a> {
    /// Creates a value with a label. A long value wraps if it has one style; with several styles it is cut.
    pub fn new(label: impl Into<Cow<'a, str>>, value: impl Into<Line<'a>>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            note: Cow::Borrowed(""),
            tone: Status::Plain,
            cut: None,
        }
    }

    /// Creates a head above the values that follow; an empty title is a blank line.
    pub fn head(title: impl Into<Cow<'a, str>>) -> Self {
        Self {
            cut: Some(Cut::End),
            ..Self::new(title, Line::default())
        }
    }

    /// Replaces the label.
    #[must_use]
    pub fn label(self, label: impl Into<Cow<'a, str>>) -> Self {
        Self {
            label: label.into(),
            ..self
        }
    }

    /// Adds a dim note next to the value, or below it in a narrow area.
    #[must_use]
    pub fn note(self, note: impl Into<Cow<'a, str>>) -> Self {
        Self {
            note: note.into(),
            ..self
        }
    }

    /// Marks the value as good or bad, by colour and by a sign before it.
    #[must_use]
    pub const fn tone(mut self, tone: Status) -> Self {
        self.tone = tone;
        self
    }

    /// Keeps the value in one line, cut in the middle: for ids.
    #[must_use]
    pub const fn middle(mut self) -> Self {
        self.cut = Some(Cut::Middle);
        self
    }

    fn is_head(&self) -> bool {
        self.value.spans.is_empty() && self.cut == Some(Cut::End)
    }
}

/// Returns the values as lines of at most `max` columns: labels, values and notes in a column each. The label column is as wide
/// as the longest label and at least `least_label`, so that a pane does not jump as values come and go.
#[must_use]
pub fn facts(
    facts: &[Property<'_>],
    max: u16,
    least_label: u16,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let max = usize::from(max);
    let with_value = || facts.iter().filter(|fact| !fact.is_head());
    let label = with_value()
        .map(|fact| width(&clean(&fact.label)))
        .max()
        .unwrap_or(0)
        .max(usize::from(least_label))
        .min(max / 2);
    // Two of the three columns between them hold the sign of a marked value.
    let room = max.saturating_sub(label + 3);
    let widest = with_value()
        .filter(|fact| !fact.note.is_empty())
        .map(|fact| line_width(&fact.value))
        .max()
        .unwrap_or(0)
        .min(room / 2);
    let places = Places {
        label,
        room,
        value: widest,
    };
    facts
        .iter()
        .flat_map(|fact| places.lines(fact, theme))
        .collect()
}

struct Places {
    /// Width of the label column.
    label: usize,
    /// Columns from the start of a value to the right edge.
    room: usize,
    /// The width of values that have notes next to them.
    value: usize,
}

impl Places {
    fn lines(&self, fact: &Property<'_>, theme: &Theme) -> Vec<Line<'static>> {
        if fact.is_head() {
            return vec![Line::styled(clean(&fact.label).into_owned(), theme.title)];
        }
        let mut values = self.values(fact, theme);
        let note = clean(&fact.note).into_owned();
        let room_right = self.room.saturating_sub(self.value + 3);
        let mut below = Vec::new();
        if !note.is_empty() {
            let fits = values.len() == 1
                && values
                    .first()
                    .is_some_and(|value| line_width(value) <= self.value)
                && width(&note) <= room_right;
            if fits && (room_right >= LEAST_NOTE || width(&note) < LEAST_NOTE) {
                if let Some(value) = values.first_mut() {
                    let pad = self.value + 3 - line_width(value);
                    value.push_span(Span::raw(" ".repeat(pad)));
                    value.push_span(Span::styled(note, theme.dim));
                }
            } else {
                below = wrap(&note, self.room);
            }
        }
        values.extend(below.into_iter().map(|line| Line::styled(line, theme.dim)));
        values
            .into_iter()
            .enumerate()
            .map(|(index, value)| self.labelled(fact, index == 0, value, theme))
            .collect()
    }

    /// Returns the value's own lines, sanitized.
    fn values(&self, fact: &Property<'_>, theme: &Theme) -> Vec<Line<'static>> {
        let base = theme.tone(fact.tone).patch(fact.value.style);
        let owned = |text: String, style: Style| Line::from(Span::styled(text, base.patch(style)));
        match (fact.value.spans.as_slice(), fact.cut) {
            ([one], Some(cut)) => {
                vec![owned(
                    truncate(&clean(&one.content), self.room, cut).into_owned(),
                    one.style,
                )]
            }
            ([one], None) => wrap(&clean(&one.content), self.room)
                .into_iter()
                .map(|line| owned(line, one.style))
                .collect(),
            (several, _) => {
                let span = |span: &Span| {
                    Span::styled(clean(&span.content).into_owned(), base.patch(span.style))
                };
                vec![several.iter().map(span).collect::<Vec<_>>().into()]
            }
        }
    }

    fn labelled(
        &self,
        fact: &Property<'_>,
        first: bool,
        value: Line<'static>,
        theme: &Theme,
    ) -> Line<'static> {
        let (label, sign) = if first {
            (
                truncate(&clean(&fact.label), self.label, Cut::End).into_owned(),
                fact.tone.sign(),
            )
        } else {
            (String::new(), "")
        };
        let pad = (self.label + 3).saturating_sub(width(&label) + width(sign));
        let mut spans = vec![
            Span::styled(format!("{label}{}", " ".repeat(pad)), theme.dim),
            Span::styled(sign, theme.tone(fact.tone)),
        ];
        let base = value.style;
        spans.extend(value.spans.into_iter().map(|span| {
            let style = base.patch(span.style);
            span.style(style)
        }));
        Line::from(spans)
    }
}

/// Wraps a text to `max` columns, or to [`READABLE`] if that is less.
#[must_use]
pub fn prose(text: &str, max: u16, style: Style) -> Vec<Line<'static>> {
    wrap(&clean(text), usize::from(max).min(READABLE))
        .into_iter()
        .map(|line| Line::styled(line, style))
        .collect()
}

/// Returns keys with what they do, as many side by side as fit into `max` columns, none cut.
#[must_use]
pub fn key_lines(keys: &[(&str, &str)], max: u16, theme: &Theme) -> Vec<Line<'static>> {
    const BETWEEN: &str = "   ";
    let max = usize::from(max).min(READABLE);
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (key, words) in keys {
        let mut wrapped = wrap(&clean(&format!("{key} {words}")), max).into_iter();
        let first = wrapped.next().unwrap_or_default();
        let spans = match first.strip_prefix(&*clean(key)) {
            Some(rest) => {
                let key = Span::styled(clean(key).into_owned(), theme.key);
                vec![key, Span::raw(rest.to_owned())]
            }
            None => vec![Span::styled(first.clone(), theme.key)],
        };
        match lines.last_mut() {
            Some(last) if line_width(last) + BETWEEN.len() + width(&first) <= max => {
                last.push_span(Span::raw(BETWEEN));
                last.extend(spans);
            }
            _ => lines.push(Line::from(spans)),
        }
        lines.extend(wrapped.map(Line::raw));
    }
    lines
}

/// Wraps a text after a `mark` in the same style, as wide as `mark`; lines after the first are aligned with the text.
#[must_use]
pub fn hanging(mark: &str, text: &str, max: u16, style: Style) -> Vec<Line<'static>> {
    let indent = width(mark);
    wrap(
        &clean(text),
        usize::from(max).min(READABLE).saturating_sub(indent),
    )
    .into_iter()
    .enumerate()
    .map(|(at, line)| {
        let before = if at == 0 { mark } else { "" };
        Line::styled(format!("{before:indent$}{line}"), style)
    })
    .collect()
}

/// An error: what failed, on what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem<'a> {
    /// What failed.
    pub what: &'a str,
    /// On what; may be empty.
    pub subject: &'a str,
    /// What to do; may be empty.
    pub remedy: &'a str,
}

impl Problem<'_> {
    /// Returns the error as lines of at most `max` columns.
    #[must_use]
    pub fn lines(&self, max: u16, theme: &Theme) -> Vec<Line<'static>> {
        let mut lines = prose(
            &format!("{}{}", Status::Bad.sign(), self.what),
            max,
            theme.bad,
        );
        if !self.subject.is_empty() {
            lines.extend(prose(self.subject, max, theme.dim));
        }
        if !self.remedy.is_empty() {
            lines.push(Line::default());
            lines.extend(prose(self.remedy, max, theme.text));
        }
        lines
    }
}

/// Returns a bar of `width` columns, filled to `ratio` (0 to 1), as `▕███   ▏`.
#[must_use]
pub fn gauge(width: u16, ratio: f64, style: Style) -> Span<'static> {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let room = usize::from(width.saturating_sub(2));
    let ratio = if ratio.is_finite() {
        ratio.clamp(0.0, 1.0)
    } else {
        0.0
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most 8 * 65,535, and never negative"
    )]
    let eighths = (ratio * f64::from(width.saturating_sub(2)) * 8.0).round() as usize;
    let part = EIGHTHS.get(eighths % 8).copied().unwrap_or("");
    let full = (eighths / 8).min(room);
    let empty = room - full - usize::from(!part.is_empty());
    Span::styled(
        format!("▕{}{part}{}▏", "█".repeat(full), " ".repeat(empty)),
        style,
    )
}

/// Returns the spinner's picture at step `tick`, one column wide. The program runs a timer only while a spinner is drawn.
#[must_use]
pub fn spinner(tick: usize) -> &'static str {
    const FRAMES: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
    FRAMES.get(tick % FRAMES.len()).copied().unwrap_or(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[Line<'_>]) -> Vec<String> {
        lines
            .iter()
            .map(|line| line.to_string().trim_end().to_owned())
            .collect()
    }

    fn claims(max: u16) -> Vec<String> {
        let all = [
            Property::head("Claims"),
            Property::new("token_use", "access").note("for APIs, not for sign-in"),
            Property::new("client_id", "4k2abcdefgh9qv")
                .middle()
                .note("machine_auth"),
            Property::new("scope", "api/admin").tone(Status::Good),
            Property::new(
                "iss",
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC",
            ),
        ];
        shown(&facts(&all, max, 0, &Theme::colour()))
    }

    #[test]
    fn labels_values_and_notes_stand_in_columns() {
        assert_eq!(
            claims(80),
            [
                "Claims",
                "token_use   access           for APIs, not for sign-in",
                "client_id   4k2abcdefgh9qv   machine_auth",
                "scope     ✓ api/admin",
                "iss         https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC",
            ]
        );
    }

    #[test]
    fn a_note_that_does_not_fit_beside_goes_below_alone() {
        assert_eq!(
            claims(50)[1..4],
            [
                "token_use   access",
                "            for APIs, not for sign-in",
                "client_id   4k2abcdefgh9qv   machine_auth",
            ]
        );
    }

    #[test]
    fn in_a_narrow_pane_values_wrap_and_notes_go_below() {
        assert_eq!(
            claims(22),
            [
                "Claims",
                "token_use   access",
                "            for APIs,",
                "            not for",
                "            sign-in",
                "client_id   4k2ab…h9qv",
                "            machine_au",
                "            th",
                "scope     ✓ api/admin",
                "iss         https://",
                "            cognito-id",
                "            p.eu-west-",
                "            1.amazonaw",
                "            s.com/",
                "            eu-west-1_",
                "            AbC",
            ]
        );
    }

    #[test]
    fn a_problem_says_what_to_what_and_what_to_do() {
        let problem = Problem {
            what: "Access denied: cognito-idp:ListUserPools",
            subject: "user pools of eu-west-1",
            remedy: "Ask for that action, or choose another profile.",
        };
        assert_eq!(
            shown(&problem.lines(30, &Theme::colour())),
            [
                "✗ Access denied:",
                "cognito-idp:ListUserPools",
                "user pools of eu-west-1",
                "",
                "Ask for that action, or choose",
                "another profile.",
            ]
        );
    }

    #[test]
    fn a_gauge_is_as_wide_as_asked_and_full_only_at_the_end() {
        let bar = |ratio| gauge(8, ratio, Style::new()).content.into_owned();
        assert_eq!(bar(1.0), "▕██████▏");
        assert_eq!(bar(0.0), "▕      ▏");
        assert_eq!(bar(0.25), "▕█▌    ▏");
        assert_eq!(bar(7.0), "▕██████▏");
        assert_eq!(bar(f64::NAN), "▕      ▏");
        assert_eq!(gauge(0, 0.5, Style::new()).content, "▕▏");
    }
}
