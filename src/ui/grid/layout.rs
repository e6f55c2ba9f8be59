//! The layout of a grid.

use ratatui::layout::Rect;

use super::{Cells, Grid, GridState, MARGIN, TOTAL};
use crate::ui::text::{clean, columns, width};

/// The least and the most columns of row names.
const NAMES: (u16, u16) = (14, 32);
/// The least width of a group, so that part of its name is readable.
const GROUP: u16 = 8;
/// Most rows of upright heads, also limited to a third of the height if the rows need the space.
const HEAD: u16 = 14;

/// A column, its left end, and its width including the gap behind it.
type ColumnAt = (usize, u16, u16);
/// A group's left end and width, and a column of it.
type GroupAt = (u16, u16, usize);

/// The places of the visible parts.
pub(super) struct Layout {
    pub names: u16,
    /// Whether the heads are written horizontally.
    pub flat: bool,
    /// Rows of the heads, with the names of groups.
    pub head: u16,
    /// The visible columns.
    pub columns: Vec<ColumnAt>,
    /// The visible groups: left end, width, and one of their columns.
    pub groups: Vec<GroupAt>,
    pub body: Rect,
}

impl Grid<'_> {
    pub(super) fn layout(&self, area: Rect, state: &mut GridState, cells: &impl Cells) -> Layout {
        // At least two digits, so that the gap has space for a sign and for the brackets of a cell.
        let digits = columns(self.most.max(10).to_string().len());
        let least = digits + 1;
        let names = (area.width / 4).clamp(NAMES.0, NAMES.1);
        let from = area.x.saturating_add(MARGIN + names + 1 + TOTAL + 1);
        let room = area.right().saturating_sub(from.saturating_add(1));
        // Heads are horizontal if all of them fit, else upright in columns of the least width.
        let written = |column: usize| head_width(column, cells).saturating_add(1).max(least);
        let (all, groups) = spread(0, from, room, &written, cells);
        // The last group's name must fit, too.
        let all_told = groups.last().is_none_or(|(_, wide, _)| *wide >= GROUP - 1);
        let flat = area.height >= 8 && all.len() == cells.columns() && all_told;
        let pitch = |column: usize| if flat { written(column) } else { least };
        let head = if flat {
            2
        } else {
            Self::head_height(area, cells)
        };
        let foot = u16::from(area.height > head + 3);
        let body = Rect {
            y: area.y + head.min(area.height),
            height: area.height.saturating_sub(head + foot),
            ..area
        };
        let page = usize::from(body.height);
        state.page = page;
        let at = state.row.saturating_sub(1);
        state.first_row = state
            .first_row
            .min(at)
            .max((at + 1).saturating_sub(page))
            .min(cells.rows().saturating_sub(page));
        if let Some(at) = state.column.checked_sub(1) {
            state.first_column = state.first_column.min(at);
            while state.first_column < at && !fits(state.first_column, at, room, &pitch, cells) {
                state.first_column += 1;
            }
        } else {
            state.first_column = 0;
        }
        let (columns, groups) = spread(state.first_column, from, room, &pitch, cells);
        Layout {
            names,
            flat,
            head,
            columns,
            groups,
            body,
        }
    }

    /// Returns the height of the heads: the longest one, if there is space. Group names are above.
    fn head_height(area: Rect, cells: &impl Cells) -> u16 {
        if area.height < 8 {
            return u16::from(area.height > 2);
        }
        let longest = (0..cells.columns()).map(|column| head_width(column, cells));
        // Few rows leave more space for the heads; the group's name and the totals take a row each.
        let free = area
            .height
            .saturating_sub(columns(cells.rows()).saturating_add(2));
        let most = (area.height / 3).max(free).min(HEAD);
        longest.max().unwrap_or(1).clamp(1, most) + 1
    }
}

/// Returns the columns of a horizontal head.
fn head_width(column: usize, cells: &impl Cells) -> u16 {
    columns(width(&clean(cells.head(column).0)))
}

/// Returns whether the columns from `first` to `last` fit into `room`.
fn fits(
    first: usize,
    last: usize,
    room: u16,
    pitch: &impl Fn(usize) -> u16,
    cells: &impl Cells,
) -> bool {
    let (columns, _) = spread(first, 0, room, pitch, cells);
    columns.iter().any(|(column, ..)| *column == last)
}

/// Returns the columns from `first` on that fit into `room`, with their places and those of their groups.
fn spread(
    first: usize,
    from: u16,
    room: u16,
    pitch: &impl Fn(usize) -> u16,
    cells: &impl Cells,
) -> (Vec<ColumnAt>, Vec<GroupAt>) {
    let end = from.saturating_add(room);
    let mut placed = Vec::new();
    let mut groups: Vec<GroupAt> = Vec::new();
    let mut x = from;
    for column in first..cells.columns() {
        let pitch = pitch(column);
        let same = groups
            .last()
            .is_some_and(|(_, _, of)| cells.group(*of) == cells.group(column));
        if !same && let Some((left, _, _)) = groups.last() {
            x = x.saturating_add(1).max(left.saturating_add(GROUP));
        }
        if x.saturating_add(pitch) > end {
            break;
        }
        placed.push((column, x, pitch));
        x = x.saturating_add(pitch);
        if same {
            if let Some((left, wide, _)) = groups.last_mut() {
                *wide = (x - *left - 1).max(GROUP - 1);
            }
        } else {
            groups.push((x - pitch, pitch.max(GROUP) - 1, column));
        }
    }
    // The last group's name must stay inside.
    for (left, wide, _) in &mut groups {
        *wide = (*wide).min(end.saturating_sub(*left));
    }
    (placed, groups)
}
