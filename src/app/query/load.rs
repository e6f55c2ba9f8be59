//! Remote data and its loading state.

use crate::cognito::Error;
use crate::domain::time::Timestamp;

/// The state of an answer from Cognito in this session. Never just an `Option`: a screen has a sentence for each state.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load<T> {
    /// Not queried yet.
    #[default]
    Missing,
    /// Queried, no data yet.
    Loading,
    /// Loaded.
    Ready(T),
    /// Old data, while a refresh is running or after it failed.
    Stale(T),
    /// Partial data; the rest failed.
    Partial(T, Box<Error>),
    /// No data, and no older data to show. Boxed, so that thousands of loaded rows are not each as large as an error.
    Failed(Box<Error>),
}

impl<T> Load<T> {
    /// Returns the data to show, however old.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Ready(value) | Self::Stale(value) | Self::Partial(value, _) => Some(value),
            Self::Missing | Self::Loading | Self::Failed(_) => None,
        }
    }

    /// Returns why there is no data, or only part of it.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Partial(_, error) => Some(error),
            _ => None,
        }
    }

    /// Returns the value, for a sentence about it.
    ///
    /// # Errors
    /// Why there is none.
    pub fn known(&self) -> Result<&T, NotLoaded<'_>> {
        match (self.value(), self.error()) {
            (Some(value), _) => Ok(value),
            (None, Some(error)) => Err(NotLoaded::Failed(error)),
            (None, None) => Err(NotLoaded::Coming),
        }
    }

    /// Returns whether it was not queried yet.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// Returns whether the data is old.
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Stale(_))
    }

    /// Returns the state, without the data.
    pub fn state(&self) -> LoadState {
        match self {
            Self::Missing => LoadState::Missing,
            Self::Loading => LoadState::Loading,
            Self::Ready(_) => LoadState::Ready,
            Self::Stale(_) => LoadState::Stale,
            Self::Partial(..) => LoadState::Partial,
            Self::Failed(_) => LoadState::Failed,
        }
    }
}

/// The states of a [`Load`] of any type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadState {
    Missing,
    Loading,
    Ready,
    Stale,
    Partial,
    Failed,
}

impl LoadState {
    /// Returns whether there is data to show, however old.
    pub fn has_value(self) -> bool {
        matches!(self, Self::Ready | Self::Stale | Self::Partial)
    }

    /// Returns whether there is no data, or only part of it.
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Partial | Self::Failed)
    }
}

/// The state of an answer, as it arrives.
pub trait Progress {
    /// Marks it as loading; old data stays visible.
    fn begin(&mut self);

    /// Reverts a `begin` that will get no answer.
    fn cancel(&mut self);

    /// Stores a failure; older data stays visible.
    fn fail(&mut self, error: Error);
}

impl<T> Progress for Load<T> {
    fn begin(&mut self) {
        *self = match std::mem::take(self) {
            Self::Ready(value) | Self::Stale(value) | Self::Partial(value, _) => Self::Stale(value),
            Self::Missing | Self::Loading | Self::Failed(_) => Self::Loading,
        };
    }

    fn cancel(&mut self) {
        if matches!(self, Self::Loading) {
            *self = Self::Missing;
        }
    }

    fn fail(&mut self, error: Error) {
        *self = match std::mem::take(self) {
            Self::Ready(value) | Self::Stale(value) | Self::Partial(value, _) => Self::Stale(value),
            Self::Missing | Self::Loading | Self::Failed(_) => Self::Failed(Box::new(error)),
        };
    }
}

/// Why nothing can be said about the whole of something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NotLoaded<'a> {
    /// It is not loaded, or not completely.
    Coming,
    /// It failed, or its rest did.
    Failed(&'a Error),
}

/// A list that loads page by page. Outside of the app its rows are read through [`Load::partial`] and [`Load::complete`], so that
/// part of a list is never taken for all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PagedList<T> {
    pub items: Vec<T>,
    /// Whether the last page has arrived.
    pub complete: bool,
    /// When the newest page arrived.
    pub at: Timestamp,
}

impl<T> Load<PagedList<T>> {
    /// Returns the rows loaded so far, to show or look up. A row that is missing here may still exist.
    pub fn partial(&self) -> &[T] {
        self.value().map_or(&[], |list| &list.items)
    }

    /// Returns all rows, once the last page has arrived. Only this proves how many rows there are, or that one does not exist.
    ///
    /// # Errors
    /// Why that is unknown.
    pub fn complete(&self) -> Result<&[T], NotLoaded<'_>> {
        match (self.value(), self.error()) {
            (Some(list), _) if list.complete => Ok(&list.items),
            (_, Some(error)) => Err(NotLoaded::Failed(error)),
            (_, None) => Err(NotLoaded::Coming),
        }
    }

    /// Returns when the newest page arrived.
    pub fn read_at(&self) -> Option<Timestamp> {
        self.value().map(|list| list.at)
    }

    /// Stores a failure: a complete list stays visible as it was; an incomplete one gets the reason.
    pub fn break_off(&mut self, error: Error) {
        *self = match std::mem::take(self) {
            Self::Ready(list) | Self::Stale(list) | Self::Partial(list, _) if !list.complete => {
                Self::Partial(list, Box::new(error))
            }
            mut other => {
                other.fail(error);
                other
            }
        };
    }

    /// Stores a page. The first load shows each page as it arrives. A refresh keeps the old rows visible until the new list is
    /// complete, so that no row disappears under the cursor only to return: its pages wait in `incoming`.
    pub fn page(&mut self, items: Vec<T>, is_last: bool, at: Timestamp, incoming: &mut Vec<T>) {
        match self {
            Self::Stale(_) => {
                incoming.extend(items);
                if is_last {
                    let items = std::mem::take(incoming);
                    *self = Self::Ready(PagedList {
                        items,
                        complete: true,
                        at,
                    });
                }
            }
            Self::Ready(list) if !list.complete => {
                list.items.extend(items);
                list.complete = is_last;
                list.at = at;
            }
            _ => {
                *self = Self::Ready(PagedList {
                    items,
                    complete: is_last,
                    at,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_row_that_came_is_smaller_than_an_error() {
        let row = size_of::<Load<Vec<u8>>>();
        assert!(row < size_of::<Error>(), "{row}");
    }

    #[test]
    fn a_first_load_shows_each_page_as_it_comes() {
        let mut load = Load::Missing;
        let mut incoming = Vec::new();
        load.begin();
        load.page(vec![1, 2], false, at(1), &mut incoming);
        assert_eq!(
            load.value().map(|list| list.items.clone()),
            Some(vec![1, 2])
        );
        load.page(vec![3], true, at(2), &mut incoming);
        let list = load.value().unwrap();
        assert_eq!(
            (list.items.as_slice(), list.complete),
            (&[1, 2, 3][..], true)
        );
    }

    #[test]
    fn a_refresh_keeps_the_old_rows_until_the_new_list_is_whole() {
        let mut load = Load::Ready(PagedList {
            items: vec![1, 2, 3],
            complete: true,
            at: at(0),
        });
        let mut incoming = Vec::new();
        load.begin();
        load.page(vec![7], false, at(1), &mut incoming);
        assert_eq!(load.value().unwrap().items, [1, 2, 3]);
        load.page(vec![8], true, at(2), &mut incoming);
        assert_eq!(
            load,
            Load::Ready(PagedList {
                items: vec![7, 8],
                complete: true,
                at: at(2)
            })
        );
        assert!(incoming.is_empty());
    }

    #[test]
    fn all_of_a_list_is_known_only_once_its_end_is_in() {
        let why = || Error::new("ListUserPools", crate::cognito::ErrorKind::Timeout, "", "");
        let mut load = Load::Missing;
        let mut incoming = Vec::new();
        assert_eq!(load.complete(), Err(NotLoaded::Coming));
        load.begin();
        assert_eq!(load.complete(), Err(NotLoaded::Coming));
        load.page(Vec::<u8>::new(), false, at(1), &mut incoming);
        assert_eq!(
            load.complete(),
            Err(NotLoaded::Coming),
            "an empty page is no empty list"
        );
        load.break_off(why());
        assert_eq!(load.complete(), Err(NotLoaded::Failed(&why())));
        load.begin();
        load.page(Vec::new(), true, at(2), &mut incoming);
        assert_eq!(load.complete(), Ok(&[][..]));
        let mut failed: Load<PagedList<u8>> = Load::Loading;
        failed.fail(why());
        assert_eq!(failed.complete(), Err(NotLoaded::Failed(&why())));
    }

    #[test]
    fn a_list_that_breaks_off_tells_why_until_the_rest_is_here() {
        let why = || Error::new("ListUserPools", crate::cognito::ErrorKind::Timeout, "", "");
        let mut load = Load::Missing;
        let mut incoming = Vec::new();
        load.begin();
        load.page(vec![1, 2], false, at(1), &mut incoming);
        for _ in 0..2 {
            load.break_off(why());
            assert_eq!(load.error(), Some(&why()));
            assert_eq!(load.value().unwrap().items, [1, 2]);
            load.begin();
            assert_eq!(load.error(), None);
        }
        load.page(vec![1, 2, 3], true, at(2), &mut incoming);
        // A complete list is stale only after a refresh failed.
        load.begin();
        load.break_off(why());
        assert_eq!(load.error(), None);
        assert_eq!(load.value().unwrap().items, [1, 2, 3]);
    }

    #[test]
    fn a_refresh_of_a_half_read_list_repeats_no_row() {
        let mut load = Load::Ready(PagedList {
            items: vec![1, 2],
            complete: false,
            at: at(0),
        });
        let mut incoming = Vec::new();
        load.begin();
        load.page(vec![1, 2], false, at(1), &mut incoming);
        load.page(vec![3], true, at(2), &mut incoming);
        assert_eq!(load.value().unwrap().items, [1, 2, 3]);
    }
}
