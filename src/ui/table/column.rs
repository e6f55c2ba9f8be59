//! Which columns a table shows, and how wide.

use std::cmp::Reverse;

use crate::ui::text::Cut;

/// One column. Its width is declared, not computed from the data, so that nothing jumps as data arrives or scrolls.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub(super) title: &'static str,
    min: u16,
    max: u16,
    weight: u16,
    pub(super) right: bool,
    pub(super) cut: Cut,
    rank: u8,
    room: u16,
}

impl Column {
    /// Creates a column of exactly `width`.
    #[must_use]
    pub const fn fixed(title: &'static str, width: u16) -> Self {
        Self {
            title,
            min: width,
            max: width,
            weight: 0,
            right: false,
            cut: Cut::End,
            rank: 0,
            room: 0,
        }
    }

    /// Creates a column from `min` to `max` wide that gets a share of the spare width.
    #[must_use]
    pub const fn flexible(title: &'static str, min: u16, max: u16) -> Self {
        Self {
            max,
            weight: 1,
            ..Self::fixed(title, min)
        }
    }

    /// Returns its head.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// Sets how many shares of the spare width a flexible column gets; the default is 1.
    #[must_use]
    pub const fn weight(self, weight: u16) -> Self {
        Self { weight, ..self }
    }

    /// Aligns the column to the right: for numbers.
    #[must_use]
    pub const fn right(self) -> Self {
        Self {
            right: true,
            ..self
        }
    }

    /// Cuts the cells in the middle: for ids.
    #[must_use]
    pub const fn middle(self) -> Self {
        Self {
            cut: Cut::Middle,
            ..self
        }
    }

    /// Sets the rank. In a narrow area, columns of the highest rank are dropped first; those of rank 0 (the default) never.
    #[must_use]
    pub const fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// Shows the column only if all columns together have at least this width; else the others need it.
    #[must_use]
    pub const fn room(self, room: u16) -> Self {
        Self { room, ..self }
    }
}

/// The position of a shown column, from the left of the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ColumnSpan {
    pub(super) column: usize,
    pub(super) x: u16,
    pub(super) width: u16,
}

/// Returns the columns that fit into `width`, with their places: one column between them, the highest ranks dropped until the
/// rest fits, the spare width shared by weight.
pub(super) fn places(declared: &[Column], width: u16) -> Vec<ColumnSpan> {
    let mut kept: Vec<(usize, &Column)> = declared
        .iter()
        .enumerate()
        .filter(|(_, column)| column.room <= width)
        .collect();
    let needed = |kept: &[(usize, &Column)]| {
        kept.iter()
            .fold(0u16, |sum, (_, column)| {
                sum.saturating_add(column.min).saturating_add(1)
            })
            .saturating_sub(1)
    };
    while needed(&kept) > width {
        // Of equal ranks, the rightmost is dropped.
        let Some((at, _)) = kept
            .iter()
            .enumerate()
            .filter(|(_, (_, column))| column.rank > 0)
            .max_by_key(|(at, (_, column))| (column.rank, *at))
        else {
            break;
        };
        kept.remove(at);
    }
    let widths = shares(&kept, width.saturating_sub(needed(&kept)));
    let mut x = 0u16;
    let mut places = Vec::with_capacity(kept.len());
    for ((column, _), wanted) in kept.into_iter().zip(widths) {
        // The columns of rank 0 may still be too wide: the last ones are cut, then dropped.
        let given = wanted.min(width.saturating_sub(x));
        if given > 0 {
            places.push(ColumnSpan {
                column,
                x,
                width: given,
            });
        }
        x = x.saturating_add(wanted).saturating_add(1);
    }
    places
}

/// Returns each column's width: its minimum and its share of `spare`. What a column at its maximum does not use goes to the
/// others; a remainder too small to share goes to the heaviest.
fn shares(kept: &[(usize, &Column)], mut spare: u16) -> Vec<u16> {
    let mut widths: Vec<u16> = kept.iter().map(|(_, column)| column.min).collect();
    while spare > 0 {
        let columns = kept.iter().map(|(_, column)| *column).zip(&mut widths);
        let mut open: Vec<(&Column, &mut u16)> = columns
            .filter(|(column, width)| column.weight > 0 && **width < column.max)
            .collect();
        open.sort_by_key(|(column, _)| Reverse(column.weight));
        let total: u32 = open
            .iter()
            .map(|(column, _)| u32::from(column.weight))
            .sum();
        let round = spare;
        for least in [0, 1] {
            for (column, width) in &mut open {
                let due = u32::from(round) * u32::from(column.weight) / total;
                let given = u16::try_from(due)
                    .unwrap_or(u16::MAX)
                    .max(least)
                    .min(column.max - **width)
                    .min(spare);
                **width += given;
                spare -= given;
            }
            // One by one only if no column received a share.
            if spare < round {
                break;
            }
        }
        if spare == round {
            break;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn columns_never_overlap_or_leave_the_area(
            shapes in prop::collection::vec((0u16..30, 0u16..60, 0u8..3), 0..8),
            width in 0u16..200,
        ) {
            let declared: Vec<Column> = shapes
                .iter()
                .map(|&(min, more, rank)| Column::flexible("", min, min + more).rank(rank))
                .collect();
            let mut end = 0;
            for place in places(&declared, width) {
                prop_assert!(place.x >= end, "{place:?}");
                prop_assert!(place.x + place.width <= width, "{place:?}");
                prop_assert!(place.width <= declared[place.column].max);
                end = place.x + place.width + 1;
            }
        }
    }

    #[test]
    fn spare_room_is_shared_by_weight_up_to_each_maximum() {
        let declared = [
            Column::flexible("", 10, 15),
            Column::fixed("", 5),
            Column::flexible("", 10, 100).weight(2),
            Column::flexible("", 10, 100),
        ];
        let widths = |width| {
            places(&declared, width)
                .iter()
                .map(|place| place.width)
                .collect::<Vec<_>>()
        };
        assert_eq!(widths(38), [10, 5, 10, 10]);
        assert_eq!(widths(42), [11, 5, 12, 11]);
        assert_eq!(widths(98), [15, 5, 47, 28]);
        assert_eq!(widths(400), [15, 5, 100, 100]);
        // A remainder too small to share goes to the heaviest.
        assert_eq!(widths(39), [10, 5, 11, 10]);
    }
}
