//! The layout of a grid.

use ratatui::layout::Rect;

use super::{Cells, Grid, GridState, MARGIN, TOTAL};
use crate::ui::text::{clean, columns, width};

/// What names get at least and at most.
const NAMES: (u16, u16) = (14, 32);
/// A group is at least this wide, so that something of its name can be read.
const GROUP: u16 = 8;
/// Upright heads take no more rows than this, and where the rows need the room no more than a third of the height.
const HEAD: u16 = 14;

/// A column, its left end, and its width with the gap behind it.
type ColumnAt = (usize, u16, u16);
/// A group's left end and width, and a column of it.
type GroupAt = (u16, u16, usize);

/// The places of what is in sight.
pub(super) struct Layout {
    pub names: u16,
    /// The heads are written flat and not upright.
    pub flat: bool,
    /// Rows of the heads with the groups' names.
    pub head: u16,
    /// The columns in sight.
    pub columns: Vec<ColumnAt>,
    /// The groups in sight: left end, width, and a column of it.
    pub groups: Vec<GroupAt>,
    pub body: Rect,
}

impl Grid<'_> {
    pub(super) fn layout(&self, area: Rect, state: &mut GridState, cells: &impl Cells) -> Layout {
        // Two digits at least, so that a sign behind them fits in the gap and brackets around a cell.
        let digits = columns(self.most.max(10).to_string().len());
        let least = digits + 1;
        let names = (area.width / 4).clamp(NAMES.0, NAMES.1);
        let from = area.x.saturating_add(MARGIN + names + 1 + TOTAL + 1);
        let room = area.right().saturating_sub(from.saturating_add(1));
        // Where all of them have room, the heads are written flat; otherwise upright, in columns as narrow as can be.
        let written = |column: usize| head_width(column, cells).saturating_add(1).max(least);
        let (all, groups) = spread(0, from, room, &written, cells);
        // The last group's name needs its room as well.
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

    /// The height of the headings: the longest one, if there is room. Group names are above.
    fn head_height(area: Rect, cells: &impl Cells) -> u16 {
        if area.height < 8 {
            return u16::from(area.height > 2);
        }
        let longest = (0..cells.columns()).map(|column| head_width(column, cells));
        // What few rows leave free is theirs as well; the group's name and the totals need a row each.
        let free = area
            .height
            .saturating_sub(columns(cells.rows()).saturating_add(2));
        let most = (area.height / 3).max(free).min(HEAD);
        longest.max().unwrap_or(1).clamp(1, most) + 1
    }
}

/// Columns of a head that is written flat.
fn head_width(column: usize, cells: &impl Cells) -> u16 {
    columns(width(&clean(cells.head(column).0)))
}

/// Whether the columns from `first` to `last` fit into `room`.
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

/// Which columns from `first` on fit into `room`, and where they and their groups stand.
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
    // The last group's name must not run out of the room.
    for (left, wide, _) in &mut groups {
        *wide = (*wide).min(end.saturating_sub(*left));
    }
    (placed, groups)
}
