//! A list of texts, one per row, with an empty last row for a new text.

use crossterm::event::Event;
use tui_input::Input;

use crate::ui::text_input::edit;

/// The rows, the last one empty, and the row with the cursor.
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

    /// Edits the row with the cursor.
    pub(super) fn edit(&mut self, event: &Event) -> bool {
        let taken = self
            .inputs
            .get_mut(self.at)
            .is_some_and(|input| edit(input, event));
        self.keep_one_free();
        taken
    }

    /// Merges another writer's change into a list that the user edits: `were` is the list before both changes, `are` the other
    /// writer's. The user's rows stay, and the cursor stays in its row.
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

    /// Returns the texts, without the empty ones.
    pub(super) fn values(&self) -> Vec<String> {
        self.inputs
            .iter()
            .map(|input| input.value().trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect()
    }
}
