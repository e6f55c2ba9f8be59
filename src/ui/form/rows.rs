//! A list of texts, a row each, with an empty row at its end for the next one.

use crossterm::event::Event;
use tui_input::Input;

use crate::ui::text_input::edit;

/// The rows, the last of them empty, and which of them the cursor is in.
#[derive(Clone, Debug)]
pub(super) struct ListInput {
    inputs: Vec<Input>,
    at: usize,
}

impl ListInput {
    pub(super) fn new(values: Vec<String>) -> Self {
        let mut rows = Self {
            inputs: values.into_iter().map(Input::new).collect(),
            at: 0,
        };
        rows.keep_one_free();
        rows
    }

    /// Lets an event edit the row that the cursor is in.
    pub(super) fn edit(&mut self, event: &Event) -> bool {
        let taken = self
            .inputs
            .get_mut(self.at)
            .is_some_and(|input| edit(input, event));
        self.keep_one_free();
        taken
    }

    /// Takes in what somebody else did to a list of which the user has changed rows: `were` is the list as it was before both, `are` as
    /// somebody else left it. The rows that the user wrote stay, and the cursor stays in its row.
    pub(super) fn rebase(&mut self, were: &[String], are: &[String]) {
        let mut at = 0;
        let mut kept = Vec::new();
        for (row, input) in self.inputs.drain(..).enumerate() {
            let value = input.value().trim().to_owned();
            if row == self.at {
                at = kept.len();
            }
            if !were.contains(&value) || are.contains(&value) {
                kept.push(input);
            }
        }
        while kept
            .last()
            .is_some_and(|free: &Input| free.value().is_empty())
            && kept.len() > at + 1
        {
            kept.pop();
        }
        let added = are.iter().filter(|value| !were.contains(value));
        for value in added {
            if !kept.iter().any(|input| input.value().trim() == value) {
                kept.push(Input::new(value.clone()));
            }
        }
        self.inputs = kept;
        self.keep_one_free();
        self.at = at.min(self.inputs.len().saturating_sub(1));
    }

    fn keep_one_free(&mut self) {
        if self
            .inputs
            .last()
            .is_none_or(|input| !input.value().is_empty())
        {
            self.inputs.push(Input::default());
        }
    }

    pub(super) fn lines_mut(&mut self) -> (&mut usize, usize) {
        (&mut self.at, self.inputs.len())
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn len(&self) -> usize {
        self.inputs.len()
    }

    pub(super) fn get(&self, row: usize) -> Option<&Input> {
        self.inputs.get(row)
    }

    /// What is filled in.
    pub(super) fn values(&self) -> Vec<String> {
        self.inputs
            .iter()
            .map(|input| input.value().trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect()
    }
}
