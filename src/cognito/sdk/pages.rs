//! Lists with pages. An endless list is an error, never a partial list.

use std::collections::HashSet;

use crate::cognito::error::{Error, ErrorKind};
use crate::cognito::sdk::errors::{self, ConnectionInfo};

/// Pages of one list. AWS's highest quota, 10,000 app clients, fills 167 of them.
const MOST_PAGES: usize = 2_000;
/// The maximum of consecutive empty pages. A filtered list may have some.
const MOST_EMPTY: usize = 200;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The token of the next page; `None` on the last.
    pub next: Option<String>,
    list: ListOperation,
}

/// The list of a page, for errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOperation {
    pub operation: &'static str,
    /// The user pool of the list.
    pub of: Option<String>,
}

impl ListOperation {
    fn malformed(&self, detail: impl Into<String>) -> Error {
        let hint = errors::hint(&ErrorKind::Malformed, &ConnectionInfo::default());
        let error = Error::new(self.operation, ErrorKind::Malformed, detail, hint);
        match &self.of {
            Some(of) => error.about(of),
            None => error,
        }
    }
}

impl<T> Page<T> {
    /// `asked` is the token of this page.
    ///
    /// # Errors
    /// The next token is invalid, or an entry lacks its id.
    pub fn new<S>(
        list: ListOperation,
        items: Option<Vec<S>>,
        convert: impl Fn(S) -> Option<T>,
        next: Option<String>,
        asked: Option<&str>,
    ) -> Result<Self, Error> {
        // An empty token would request the first page again.
        let next = next.filter(|token| !token.is_empty());
        if next.is_some() && next.as_deref() == asked {
            return Err(list.malformed("NextToken repeats the sent token: the list is endless"));
        }
        let items = items.and_then(|items| items.into_iter().map(convert).collect());
        match items {
            Some(items) => Ok(Self { items, next, list }),
            None => Err(list.malformed("the response lacks the list, or an entry lacks its id")),
        }
    }
}

/// A list that is read page by page, with a limit.
pub struct Pages<R> {
    read: R,
    /// The token of the next page; `None` for the first.
    next: Option<String>,
    /// Whether the last page was read, or a page failed.
    over: bool,
    seen: HashSet<String>,
    read_so_far: usize,
    empty: usize,
}

impl<T, R, F> Pages<R>
where
    R: Fn(Option<String>) -> F,
    F: Future<Output = Result<Page<T>, Error>>,
{
    /// The list whose pages `read` requests, from the first page.
    pub fn of(read: R) -> Self {
        Self {
            read,
            next: None,
            over: false,
            seen: HashSet::new(),
            read_so_far: 0,
            empty: 0,
        }
    }

    /// The items of the next page; `None` after the last.
    ///
    /// # Errors
    /// A page could not be read or leads back to an earlier one, or the list has too many pages.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, Error> {
        if self.over {
            return Ok(None);
        }
        self.over = true;
        let page = (self.read)(self.next.take()).await?;
        self.read_so_far += 1;
        self.empty = if page.items.is_empty() {
            self.empty + 1
        } else {
            0
        };
        if let Some(token) = page.next {
            let wrong = if !self.seen.insert(token.clone()) {
                Some("a NextToken repeats: the list is circular".to_owned())
            } else if self.empty >= MOST_EMPTY {
                Some(format!(
                    "{MOST_EMPTY} consecutive empty pages without an end"
                ))
            } else if self.read_so_far >= MOST_PAGES {
                Some(format!("the list has more than {MOST_PAGES} pages"))
            } else {
                None
            };
            if let Some(detail) = wrong {
                return Err(page.list.malformed(detail));
            }
            self.next = Some(token);
            self.over = false;
        }
        Ok(Some(page.items))
    }

    /// All items of the remaining pages.
    ///
    /// # Errors
    /// As with [`Pages::next`].
    pub async fn rest(&mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(items) = self.next().await? {
            all.extend(items);
        }
        Ok(all)
    }

    /// Whether the page that was read last is the last one.
    pub fn is_over(&self) -> bool {
        self.over
    }
}

/// Reads a list to its end and passes on each page's items, and whether the page is the last.
///
/// # Errors
/// Reading or `each` failed, or the list is endless.
pub async fn each_page<T, F, E>(
    read: impl Fn(Option<String>) -> F,
    mut each: impl FnMut(Vec<T>, bool) -> Result<(), E>,
) -> Result<(), E>
where
    F: Future<Output = Result<Page<T>, Error>>,
    E: From<Error>,
{
    let mut pages = Pages::of(read);
    while let Some(items) = pages.next().await? {
        each(items, pages.is_over())?;
    }
    Ok(())
}

/// A whole list.
///
/// # Errors
/// A page could not be read, or the list is endless.
pub async fn all_pages<T, F>(read: impl Fn(Option<String>) -> F) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<Page<T>, Error>>,
{
    Pages::of(read).rest().await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const LIST: ListOperation = ListOperation {
        operation: "ListUserPools",
        of: None,
    };

    /// Reads to the end a list of which page `at` has these items and this token.
    async fn read(
        page: impl Fn(usize) -> (Vec<usize>, Option<String>),
    ) -> (usize, Result<Vec<usize>, String>) {
        let asked = Cell::new(0);
        let read = |next: Option<String>| {
            let (items, token) = page(asked.replace(asked.get() + 1));
            let page = Page::new(LIST, Some(items), Some, token, next.as_deref());
            std::future::ready(page)
        };
        let all = all_pages(read).await;
        (asked.get(), all.map_err(|error| error.one_line()))
    }

    #[tokio::test]
    async fn a_list_without_an_end_is_an_error_and_never_a_whole_list() {
        let word = |word: &str| Some(word.to_owned());
        for (circle, reads) in [(1, 2), (2, 3), (3, 4)] {
            let (asked, all) = read(|at| (vec![at], Some(format!("page {}", at % circle)))).await;
            assert!(all.is_err(), "{all:?}");
            assert_eq!(asked, reads, "{circle}");
        }
        let (asked, all) = read(|at| (vec![], Some(format!("token {at}")))).await;
        assert_eq!(asked, MOST_EMPTY);
        assert!(all.unwrap_err().contains("empty"));
        let (asked, all) = read(|at| (vec![at], Some(format!("token {at}")))).await;
        assert_eq!(asked, MOST_PAGES);
        assert!(all.is_err());
        // The same token twice in a row, and then an end: what lies between may have been lost.
        let (_, all) = read(|at| (vec![at], word("a").filter(|_| at < 2))).await;
        assert!(all.is_err());
    }

    #[tokio::test]
    async fn pages_may_be_empty_where_the_list_goes_on() {
        let (_, all) = read(|at| {
            let items = if at % 100 == 99 { vec![at] } else { vec![] };
            (items, (at < 299).then(|| format!("token {at}")))
        })
        .await;
        assert_eq!(all, Ok(vec![99, 199, 299]));
        let (asked, all) = read(|at| (vec![at], Some(String::new()))).await;
        assert_eq!((asked, all), (1, Ok(vec![0])));
    }

    #[test]
    fn an_entry_that_says_nothing_makes_no_shorter_list() {
        let known = |item: Option<u8>| item;
        let page = Page::new(LIST, Some(vec![Some(1), None]), known, None, None);
        assert!(page.is_err());
    }
}
