//! The rows of a screen: one per action, with its word, why it can't be done now, what it waits for, and what it does. Footer, help
//! and keys read the same rows.

use super::View;
use crate::app::message::{Effect, Route};
use crate::input::Action;

/// A pressed key: its action, and the place of the key among the action's keys, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    pub action: Action,
    pub nth: usize,
}

impl Press {
    /// The first key of an action.
    pub const fn of(action: Action) -> Self {
        Self { action, nth: 0 }
    }
}

type Refused<S> = Box<dyn Fn(&S, Press, &View) -> Option<String>>;
type Waits<S> = Box<dyn Fn(&mut S, &View) -> Option<String>>;
type Run<S> = Box<dyn Fn(&mut S, Press, &View) -> Vec<Effect>>;

/// An action of a screen. It is made when a key is pressed or a frame is drawn, and nothing is asked of it before it has to be known.
pub struct ActionRow<S> {
    action: Action,
    label: &'static str,
    /// Moves a text that is longer, or wider, than its place was when it was last drawn.
    scrolls: bool,
    refused: Option<Refused<S>>,
    waits: Option<Waits<S>>,
    run: Run<S>,
}

impl<S: 'static> ActionRow<S> {
    /// An action, and what it does.
    pub fn new(action: Action, run: impl Fn(&mut S, &View) -> Vec<Effect> + 'static) -> Self {
        Self::pressed(action, move |screen, _, view| run(screen, view))
    }

    fn pressed(
        action: Action,
        run: impl Fn(&mut S, Press, &View) -> Vec<Effect> + 'static,
    ) -> Self {
        Self {
            action,
            label: action.word(),
            scrolls: false,
            refused: None,
            waits: None,
            run: Box::new(run),
        }
    }

    /// Does something else.
    #[must_use]
    pub fn does(self, run: impl Fn(&mut S, &View) -> Vec<Effect> + 'static) -> Self {
        Self {
            run: Box::new(move |screen, _, view| run(screen, view)),
            ..self
        }
    }

    /// An action that opens a screen.
    pub fn open(action: Action, route: Route) -> Self {
        Self::new(action, move |_, _| vec![Effect::Open(route.clone())])
    }

    /// An action that asks the app for one thing.
    pub fn ask(action: Action, effect: Effect) -> Self {
        Self::new(action, move |_, _| vec![effect.clone()])
    }

    /// An action that changes the screen only.
    pub fn change(action: Action, change: impl Fn(&mut S) + 'static) -> Self {
        Self::new(action, move |screen, _| {
            change(screen);
            Vec::new()
        })
    }

    /// Which action it is.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Its word in the footer, where the table's word would say too little.
    #[must_use]
    pub fn label(self, label: &'static str) -> Self {
        Self { label, ..self }
    }

    /// The same, where there is such a word.
    #[must_use]
    pub fn label_if(self, when: bool, label: &'static str) -> Self {
        if when { self.label(label) } else { self }
    }

    /// Why it can't be done now. Of several reasons the first is shown.
    #[must_use]
    pub fn refused(self, why: impl Fn(&S, &View) -> Option<String> + 'static) -> Self {
        self.refused_press(move |screen, _, view| why(screen, view))
    }

    fn refused_press(mut self, why: impl Fn(&S, Press, &View) -> Option<String> + 'static) -> Self {
        self.refused = Some(match self.refused.take() {
            None => Box::new(why),
            Some(first) => Box::new(move |screen, press, view| {
                first(screen, press, view).or_else(|| why(screen, press, view))
            }),
        });
        self
    }

    /// The same in the same words each time.
    #[must_use]
    pub fn refused_if(self, when: bool, why: &'static str) -> Self {
        if when {
            self.refused(move |_, _| Some(why.to_owned()))
        } else {
            self
        }
    }

    /// Without a reason why it can't be done.
    #[must_use]
    pub fn allowed(self) -> Self {
        Self {
            refused: None,
            ..self
        }
    }

    /// What it waits for, in words that say what it will do then: it is done as soon as that is there, unless another key is pressed
    /// before. Asked when the key is pressed, so that what it waits for can be among the queries from then on.
    #[must_use]
    pub fn waits(self, waits: impl Fn(&mut S, &View) -> Option<String> + 'static) -> Self {
        Self {
            waits: Some(Box::new(waits)),
            ..self
        }
    }
}

/// The rows of a screen, in the order of the footer. Of two rows of one action the first counts, so that a screen can do in its own
/// way what it shares with others.
pub struct ActionRows<S> {
    rows: Vec<ActionRow<S>>,
}

impl<S: 'static> Default for ActionRows<S> {
    fn default() -> Self {
        Self {
            rows: Vec::with_capacity(32),
        }
    }
}

impl<S: 'static> ActionRows<S> {
    /// Adds a row.
    #[must_use]
    pub fn with(mut self, row: ActionRow<S>) -> Self {
        if self.find(row.action).is_none() {
            self.rows.push(row);
        }
        self
    }

    /// Adds a row where it makes sense.
    #[must_use]
    pub fn with_if(self, when: bool, row: impl FnOnce() -> ActionRow<S>) -> Self {
        if when { self.with(row()) } else { self }
    }

    /// Adds a row where there is one.
    #[must_use]
    pub fn with_some(self, row: Option<ActionRow<S>>) -> Self {
        row.into_iter().fold(self, Self::with)
    }

    /// Adds the rows of a thing.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        others.rows.into_iter().fold(self, Self::with)
    }

    /// Adds actions that do the same kind of thing, such as moving.
    #[must_use]
    pub fn each(
        self,
        actions: &[Action],
        run: impl Fn(&mut S, Action, &View) -> Vec<Effect> + Copy + 'static,
    ) -> Self {
        actions.iter().fold(self, |rows, action| {
            let run =
                move |screen: &mut S, press: Press, view: &View| run(screen, press.action, view);
            rows.with(ActionRow::pressed(*action, run))
        })
    }

    /// Adds the keys that go to the tab, or choose the item, of that number, counted from 0.
    #[must_use]
    pub fn digits(self, run: impl Fn(&mut S, usize, &View) -> Vec<Effect> + 'static) -> Self {
        self.with(ActionRow::pressed(
            Action::Tab,
            move |screen, press, view| run(screen, press.nth, view),
        ))
    }

    /// Why the number can't be chosen now.
    #[must_use]
    pub fn digits_refused(
        self,
        why: impl Fn(&S, usize, &View) -> Option<String> + 'static,
    ) -> Self {
        self.map(Action::Tab, |row| {
            row.refused_press(move |screen, press, view| why(screen, press.nth, view))
        })
    }

    /// Says that these keys move a text that does not fit, where there are such keys.
    #[must_use]
    pub fn scrolling(self, keys: Option<[Action; 2]>) -> Self {
        keys.into_iter().flatten().fold(self, |rows, action| {
            rows.map(action, |row| ActionRow {
                scrolls: true,
                ..row
            })
        })
    }

    /// Changes the row of an action, where there is one.
    #[must_use]
    pub fn map(
        mut self,
        action: Action,
        change: impl FnOnce(ActionRow<S>) -> ActionRow<S>,
    ) -> Self {
        if let Some(at) = self.rows.iter().position(|row| row.action == action) {
            let row = self.rows.remove(at);
            self.rows.insert(at, change(row));
        }
        self
    }

    /// Why none of them can be done now.
    #[must_use]
    pub fn refused(self, why: impl Fn(&S, &View) -> Option<String> + Copy + 'static) -> Self {
        self.map_all(|row| row.refused(why))
    }

    /// Changes all rows.
    #[must_use]
    pub fn map_all(self, change: impl Fn(ActionRow<S>) -> ActionRow<S>) -> Self {
        Self {
            rows: self.rows.into_iter().map(change).collect(),
        }
    }

    /// Has these actions first in the footer, in this order.
    #[must_use]
    pub fn in_order(mut self, first: &[Action]) -> Self {
        let place = |row: &ActionRow<S>| first.iter().position(|action| *action == row.action);
        self.rows
            .sort_by_key(|row| place(row).unwrap_or(first.len()));
        self
    }

    /// The row of one action.
    #[must_use]
    pub fn only(mut self, action: Action) -> Self {
        self.rows.retain(|row| row.action == action);
        self
    }

    /// Without these actions.
    #[must_use]
    pub fn without(mut self, actions: &[Action]) -> Self {
        self.rows.retain(|row| !actions.contains(&row.action));
        self
    }

    fn find(&self, action: Action) -> Option<&ActionRow<S>> {
        self.rows.iter().find(|row| row.action == action)
    }
}

/// What a screen can do.
pub trait Actions {
    /// One row per action, as things are now.
    fn rows(&mut self, view: &View) -> ActionRows<Self>
    where
        Self: Sized;
}

/// What footer and help show of a row.
pub struct Offer {
    pub action: Action,
    pub label: &'static str,
    pub scrolls: bool,
    /// Why it can't be done now.
    pub refused: Option<String>,
}

/// The rows of a screen of any type.
pub trait Keys {
    /// All rows, in the order of the footer.
    fn offers(&mut self, view: &View) -> Vec<Offer>;

    /// Its actions, in the same order.
    fn actions(&mut self, view: &View) -> Vec<Action>;

    /// What a key waits for.
    fn waits(&mut self, press: Press, view: &View) -> Option<String>;

    /// Why a key does nothing now.
    fn refused(&mut self, press: Press, view: &View) -> Option<String>;

    /// Does what a key asks for.
    fn press(&mut self, press: Press, view: &View) -> Vec<Effect>;
}

impl<S: Actions + 'static> Keys for S {
    fn offers(&mut self, view: &View) -> Vec<Offer> {
        let rows = self.rows(view);
        let offer = |row: &ActionRow<S>| Offer {
            action: row.action,
            label: row.label,
            scrolls: row.scrolls,
            refused: row
                .refused
                .as_ref()
                .and_then(|why| why(self, Press::of(row.action), view)),
        };
        rows.rows.iter().map(offer).collect()
    }

    fn actions(&mut self, view: &View) -> Vec<Action> {
        self.rows(view).rows.iter().map(|row| row.action).collect()
    }

    fn waits(&mut self, press: Press, view: &View) -> Option<String> {
        let rows = self.rows(view);
        let waits = rows.find(press.action)?.waits.as_ref()?;
        waits(self, view)
    }

    fn refused(&mut self, press: Press, view: &View) -> Option<String> {
        let rows = self.rows(view);
        let why = rows.find(press.action)?.refused.as_ref()?;
        why(self, press, view)
    }

    fn press(&mut self, press: Press, view: &View) -> Vec<Effect> {
        let rows = self.rows(view);
        let row = rows.find(press.action);
        row.map_or_else(Vec::new, |row| (row.run)(self, press, view))
    }
}
