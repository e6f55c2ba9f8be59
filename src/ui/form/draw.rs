//! Draws a form: labels in one column, values next to them.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::Form;
use super::field::{Field, FieldKind, Item};
use crate::ui::frame::Canvas;
use crate::ui::properties::{READABLE, prose};
use crate::ui::scroll::scrollbar;
use crate::ui::table::MARKER;
use crate::ui::text::{Cut, clean, columns, put_line, truncate_end, truncate_middle, width, wrap};
use crate::ui::text_input::draw_input;
use crate::ui::theme::{Status, Theme};

/// Columns between labels and values.
const GAP: usize = 3;

/// The least columns between a name and its note in a narrow form.
const APART: usize = 2;

/// A note with fewer columns says nothing.
const NOTE: usize = 6;

/// One row of the form.
#[derive(Default)]
struct FormRow {
    line: Line<'static>,
    /// The field whose text is drawn in this row, and which of its rows.
    input: Option<(usize, usize)>,
    /// Whether this row must be visible.
    focused: bool,
}

impl From<Line<'static>> for FormRow {
    fn from(line: Line<'static>) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }
}

impl Form {
    /// Draws the form and, in a text field, the terminal's cursor. A form that is higher than `area` scrolls with the focus.
    pub fn draw(&mut self, frame: &mut Canvas, area: Rect, theme: &Theme) {
        let area = area.intersection(frame.area());
        if area.is_empty() {
            return;
        }
        // The last column is the scrollbar's.
        let room = area.width.saturating_sub(1);
        let label = self.label_width().min(usize::from(room) / 2);
        let rows = self.rows(usize::from(room), label, theme);
        self.scroll_to_focus(&rows, usize::from(area.height));
        // Most fields take two rows, the second for a hint or error.
        self.page = usize::from(area.height / 2);
        let indent = columns(label + GAP);
        for (y, row) in (area.y..area.bottom()).zip(rows.iter().skip(self.offset)) {
            put_line(
                frame.buffer_mut(),
                (area.x, y),
                &row.line,
                room,
                Cut::End,
                theme.text,
            );
            if let Some((input, masked)) = self.input(row.input) {
                let at = Rect {
                    x: area.x.saturating_add(indent),
                    y,
                    width: room.saturating_sub(indent),
                    height: 1,
                };
                let style = if row.focused && self.is_suggested(row.input) {
                    theme.field.patch(theme.selected)
                } else {
                    theme.field
                };
                draw_input(frame, at, style, input, masked, row.focused);
            }
        }
        scrollbar(frame, area, theme, self.offset, rows.len());
    }

    fn is_suggested(&self, at: Option<(usize, usize)>) -> bool {
        let field = at.and_then(|(field, _)| self.fields.get(field));
        field.is_some_and(|field| field.suggested)
    }

    /// Returns the text that is drawn in a row, and whether it is masked.
    fn input(&self, at: Option<(usize, usize)>) -> Option<(&Input, bool)> {
        let (field, row) = at?;
        match &self.fields.get(field)?.kind {
            FieldKind::Text { input, masked } => Some((input, *masked)),
            FieldKind::Rows(rows) => Some((rows.get(row)?, false)),
            _ => None,
        }
    }

    /// Returns the rows that the form takes at this `width`, for a popup that contains it.
    #[must_use]
    pub fn height(&self, width: u16, theme: &Theme) -> u16 {
        let room = usize::from(width.saturating_sub(1));
        let label = self.label_width().min(room / 2);
        columns(self.rows(room, label, theme).len())
    }

    fn label_width(&self) -> usize {
        let labels = self.fields.iter().map(|field| width(&clean(&field.label)));
        labels.max().unwrap_or(0)
    }

    fn scroll_to_focus(&mut self, rows: &[FormRow], height: usize) {
        let first = rows.iter().position(|row| row.focused).unwrap_or(0);
        // With its hint or error, if both fit.
        let last = (first + 1).min(rows.len().saturating_sub(1));
        let top = if first == 1 { 0 } else { first };
        self.offset = self
            .offset
            .max((last + 1).saturating_sub(height))
            .min(top)
            .min(rows.len().saturating_sub(height));
    }

    fn rows(&self, room: usize, label: usize, theme: &Theme) -> Vec<FormRow> {
        let mut rows = Vec::new();
        for (index, field) in self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| !field.hidden)
        {
            let focused = index == self.focus && field.takes_focus() && !self.resting;
            let layout = Layout {
                theme,
                label,
                room: room.saturating_sub(label + GAP),
                focused,
            };
            match &field.kind {
                FieldKind::Note(text) => {
                    rows.extend(
                        prose(text, columns(room), theme.dim)
                            .into_iter()
                            .map(FormRow::from),
                    );
                }
                FieldKind::Text { .. } => rows.push(FormRow {
                    line: layout.labelled(&field.label, vec![]),
                    input: Some((index, 0)),
                    focused,
                }),
                FieldKind::Rows(texts) => {
                    rows.extend((0..texts.len()).map(|row| FormRow {
                        line: layout.labelled(if row == 0 { &field.label } else { "" }, vec![]),
                        input: Some((index, row)),
                        focused: focused && row == texts.at(),
                    }));
                }
                FieldKind::Checks { items, at } => rows.extend(layout.checks(field, items, *at)),
                FieldKind::Radio { items, chosen } => {
                    rows.extend(layout.radio(field, items, *chosen));
                }
                FieldKind::Choice { items, chosen } => {
                    rows.push(layout.choice(field, items.get(*chosen)));
                }
            }
            rows.extend(layout.message(field));
        }
        rows
    }
}

/// Returns the columns of an item's note, with its sign.
fn note_width(item: &Item) -> usize {
    width(item.tone.sign()) + width(&clean(&item.note))
}

/// Values shared by the rows of one field.
struct Layout<'a> {
    theme: &'a Theme,
    /// Width of the label column.
    label: usize,
    /// Columns right of the label column.
    room: usize,
    focused: bool,
}

impl Layout<'_> {
    /// Like [`labelled`](Self::labelled), with the mark of a selected row before the part that the keys act on.
    fn marked(&self, label: &str, here: bool, content: Vec<Span<'static>>) -> Line<'static> {
        let mut line = self.labelled(label, content);
        if here
            && self.focused
            && let Some(gap) = line.spans.get_mut(1)
        {
            let pad = width(&gap.content).saturating_sub(2);
            *gap = Span::styled(format!("{}{MARKER} ", " ".repeat(pad)), self.theme.accent);
        }
        line
    }

    fn labelled(&self, label: &str, content: Vec<Span<'static>>) -> Line<'static> {
        let label = truncate_end(&clean(label), self.label).into_owned();
        let pad = (self.label + GAP).saturating_sub(width(&label));
        let style = if self.focused {
            self.theme.accent.patch(self.theme.strong)
        } else {
            self.theme.dim
        };
        let mut spans = vec![Span::styled(label, style), Span::raw(" ".repeat(pad))];
        spans.extend(content);
        Line::from(spans)
    }

    fn item_style(&self, here: bool) -> Style {
        if here && self.focused {
            self.theme.selected
        } else {
            self.theme.text
        }
    }

    fn checks(&self, field: &Field, items: &[Item], at: usize) -> Vec<FormRow> {
        if items.is_empty() {
            return self.nothing(field);
        }
        let room = self.room.saturating_sub(4);
        // The notes are in one column, behind names that are short enough.
        let noted = items.iter().filter(|item| !item.note.is_empty());
        let most = room.saturating_sub(noted.clone().map(note_width).max().unwrap_or(0));
        let column = noted
            .map(|item| width(&clean(&item.label)))
            .filter(|label| label + APART <= most)
            .max()
            .map_or(0, |widest| most.min(widest + GAP));
        items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let here = index == at;
                FormRow {
                    line: self.marked(
                        if index == 0 { &field.label } else { "" },
                        here,
                        self.check(item, here, room, column),
                    ),
                    input: None,
                    focused: self.focused && here,
                }
            })
            .collect()
    }

    /// Draws one item in `room` columns behind its box, its note from `column` on. The name matters most: it is cut last, in its
    /// middle. The note gets the rest; a warning keeps at least its sign.
    fn check(&self, item: &Item, here: bool, room: usize, column: usize) -> Vec<Span<'static>> {
        let sign = item.tone.sign().trim_end();
        let kept = if sign.is_empty() || item.note.is_empty() {
            0
        } else {
            1 + width(sign)
        };
        let label = clean(&item.label);
        let label = truncate_middle(&label, room.saturating_sub(kept));
        let taken = width(&label);
        let mut spans = vec![Span::styled(
            format!("[{}] {label}", if item.checked { 'x' } else { ' ' }),
            self.item_style(here),
        )];
        if item.note.is_empty() {
            return spans;
        }
        let pad = match column.checked_sub(taken) {
            Some(pad) if pad >= APART => pad,
            _ => GAP,
        };
        let left = room.saturating_sub(taken + pad);
        let note = format!("{}{}", item.tone.sign(), clean(&item.note));
        let note = if note_width(item) <= left || left >= width(item.tone.sign()) + NOTE {
            format!("{}{}", " ".repeat(pad), truncate_end(&note, left))
        } else if sign.is_empty() {
            return spans;
        } else {
            format!(" {sign}")
        };
        let style = match item.tone {
            Status::Plain => self.theme.dim,
            tone => self.theme.tone(tone),
        };
        spans.push(Span::styled(note, style));
        spans
    }

    /// Draws the text of a list without items.
    fn nothing(&self, field: &Field) -> Vec<FormRow> {
        wrap(&clean(&field.empty), self.room.min(READABLE))
            .into_iter()
            .enumerate()
            .map(|(row, line)| {
                let label = if row == 0 { &field.label } else { "" };
                self.labelled(label, vec![Span::styled(line, self.theme.dim)])
                    .into()
            })
            .collect()
    }

    /// Draws the items in one row if they fit, else one below the other.
    fn radio(&self, field: &Field, items: &[Item], chosen: usize) -> Vec<FormRow> {
        let spans: Vec<Span> = items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let sign = if index == chosen { "(•)" } else { "( )" };
                Span::styled(
                    format!("{sign} {}", clean(&item.label)),
                    self.item_style(index == chosen),
                )
            })
            .collect();
        let needed: usize = spans.iter().map(|span| width(&span.content) + 1).sum();
        if needed <= self.room + 1 {
            let mut row = Vec::with_capacity(spans.len() * 2);
            for span in spans {
                row.push(span);
                row.push(Span::raw(" "));
            }
            return vec![FormRow {
                line: self.marked(&field.label, true, row),
                input: None,
                focused: self.focused,
            }];
        }
        spans
            .into_iter()
            .enumerate()
            .map(|(index, span)| FormRow {
                line: self.marked(
                    if index == 0 { &field.label } else { "" },
                    index == chosen,
                    vec![span],
                ),
                input: None,
                focused: self.focused && index == chosen,
            })
            .collect()
    }

    fn choice(&self, field: &Field, chosen: Option<&Item>) -> FormRow {
        let label =
            chosen.map_or_else(|| "none".to_owned(), |item| clean(&item.label).into_owned());
        let arrow = if self.focused {
            self.theme.accent
        } else {
            self.theme.dim
        };
        let spans = vec![
            Span::styled("‹ ", arrow),
            Span::styled(label, self.item_style(true)),
            Span::styled(" ›", arrow),
        ];
        FormRow {
            line: self.labelled(&field.label, spans),
            input: None,
            focused: self.focused,
        }
    }

    /// Draws the field's error, or else its hint. A text field always keeps a row for it: typing errors come and go, and the rows
    /// below must not jump.
    fn message(&self, field: &Field) -> Vec<FormRow> {
        let (sign, text, style) = if field.error.is_empty() {
            ("", &field.hint, self.theme.dim)
        } else {
            (Status::Bad.sign(), &field.error, self.theme.bad)
        };
        if text.is_empty() {
            let kept = matches!(field.kind, FieldKind::Text { .. } | FieldKind::Rows(_));
            return kept.then(FormRow::default).into_iter().collect();
        }
        let indent = " ".repeat(self.label + GAP);
        wrap(&format!("{sign}{}", clean(text)), self.room.min(READABLE))
            .into_iter()
            .map(|line| {
                Line::from(vec![Span::raw(indent.clone()), Span::styled(line, style)]).into()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Action;
    use crate::ui::testing::{buffer, lines};

    fn request() -> Form {
        Form::new(vec![
            Field::checks(
                "scopes",
                "Scopes",
                vec![
                    Item::new("a", "api/admin").checked(true),
                    Item::new("b", "api/audit").note("inactive", Status::Plain),
                ],
            ),
            Field::radio(
                "auth",
                "Client",
                vec![
                    Item::new("1", "basic"),
                    Item::new("2", "body"),
                    Item::new("3", "API"),
                ],
            ),
            Field::choice("life", "Token", vec![Item::new("60", "1 h")]),
            Field::text("name", "Name", "machine_auth").hint("letters and digits"),
        ])
    }

    fn drawn(form: &mut Form, width: u16, height: u16) -> Vec<String> {
        let rows = lines(width, height, |frame| {
            form.draw(frame, frame.area(), &Theme::colour());
        });
        rows.into_iter()
            .map(|row| row.trim_end().to_owned())
            .collect()
    }

    #[test]
    fn labels_and_values_stand_in_columns() {
        let mut form = request();
        assert_eq!(form.height(40, &Theme::colour()), 6);
        assert_eq!(
            drawn(&mut form, 40, 6),
            [
                "Scopes ▌ [x] api/admin",
                "         [ ] api/audit   inactive",
                "Client   (•) basic ( ) body ( ) API",
                "Token    ‹ 1 h ›",
                "Name     machine_auth",
                "         letters and digits",
            ]
        );
    }

    #[test]
    fn an_error_takes_the_place_of_the_hint() {
        let mut form = request();
        form.set_error("name", "there is one of that name already");
        assert_eq!(
            drawn(&mut form, 30, 9)[6..],
            [
                "Name     machine_auth",
                "         ✗ there is one of",
                "         that name already"
            ]
        );
    }

    #[test]
    fn where_radio_buttons_do_not_fit_they_stand_below_each_other() {
        let shown = drawn(&mut request(), 24, 9);
        assert_eq!(
            shown[2..5],
            [
                "Client   (•) basic",
                "         ( ) body",
                "         ( ) API"
            ]
        );
    }

    #[test]
    fn a_low_area_scrolls_with_the_focus() {
        let mut form = request();
        assert_eq!(
            drawn(&mut form, 40, 2)[0],
            "Scopes ▌ [x] api/admin                 ┃"
        );
        form.act(Action::PrevField);
        assert!(drawn(&mut form, 40, 2)[0].starts_with("Name     machine_auth"));
        form.act(Action::NextField);
        assert!(drawn(&mut form, 40, 2)[0].starts_with("Scopes ▌ [x] api/admin"));
    }

    #[test]
    fn without_colour_the_focus_is_still_seen() {
        use ratatui::style::Modifier;
        let mut form = request();
        let shown = buffer(40, 6, |frame| {
            form.draw(frame, frame.area(), &Theme::monochrome());
        });
        assert!(shown[(9, 0)].modifier.contains(Modifier::REVERSED));
        assert!(!shown[(9, 1)].modifier.contains(Modifier::REVERSED));
    }
}
