//! Remote data, and how far it has come.

use crate::cognito::Error;
use crate::domain::time::Timestamp;

/// The state of an answer from Cognito in this session. Never just an `Option`: a screen has a sentence for
/// each of these.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load<T> {
    /// Not queried yet.
    #[default]
    Missing,
    /// Queried, no data yet.
    Loading,
    /// Here.
    Ready(T),
    /// Old data, while a refresh is running or after it failed.
    Stale(T),
    /// Partial data; the rest failed.
    Partial(T, Box<Error>),
    /// It did not come, and there is nothing older to show. Boxed, so that thousands of rows that did come are not each as large as an
    /// error.
    Failed(Box<Error>),
}

impl<T> Load<T> {
    /// What can be shown, however old.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Ready(value) | Self::Stale(value) | Self::Partial(value, _) => Some(value),
            Self::Missing | Self::Loading | Self::Failed(_) => None,
        }
    }

    /// Why there is nothing to show, or not all of it.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Partial(_, error) => Some(error),
            _ => None,
        }
    }

    /// The value, for a sentence about it.
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

    /// Whether it was not queried yet.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    /// Whether the data is old.
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Stale(_))
    }

    /// How far it has come.
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

/// The variants of [`Load`], whatever it is a load of.
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
    /// Whether something can be shown, however old.
    pub fn has_value(self) -> bool {
        matches!(self, Self::Ready | Self::Stale | Self::Partial)
    }

    /// Whether there is nothing to show, or not all of it.
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Partial | Self::Failed)
    }
}

/// What happens to an answer on its way.
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

/// Why nothing can be said of something as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NotLoaded<'a> {
    /// It is not here, or not to its end.
    Coming,
    /// It did not come, or not to its end.
    Failed(&'a Error),
}

/// A list that arrives page by page. Outside of the app its rows are read through [`Load::partial`] and [`Load::complete`], so that half a
/// list never passes for all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PagedList<T> {
    pub items: Vec<T>,
    /// Whether the last page is in.
    pub complete: bool,
    /// When the newest page arrived.
    pub at: Timestamp,
}

impl<T> Load<PagedList<T>> {
    /// The rows that are here, to be shown or looked up. What is not among them may be there all the same.
    pub fn partial(&self) -> &[T] {
        self.value().map_or(&[], |list| &list.items)
    }

    /// All rows, once the last page is in: the one ground for saying how many there are, or that something is not there.
    ///
    /// # Errors
    /// Why that can't be said.
    pub fn complete(&self) -> Result<&[T], NotLoaded<'_>> {
        match (self.value(), self.error()) {
            (Some(list), _) if list.complete => Ok(&list.items),
            (_, Some(error)) => Err(NotLoaded::Failed(error)),
            (_, None) => Err(NotLoaded::Coming),
        }
    }

    /// When the newest page arrived.
    pub fn read_at(&self) -> Option<Timestamp> {
        self.value().map(|list| list.at)
    }

    /// Files a failure: a list that was whole before stays in sight as it was; of one that was not, it is known why.
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

    /// Files a page. The first load shows each page as it comes; a refresh keeps the old rows in sight until the new list
    /// is whole, so that no row vanishes under the cursor only to come back: its pages wait in `incoming`.
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
        // What is whole is only old when a newer answer fails to come.
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
