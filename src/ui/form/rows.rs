//! A list of texts, a row each, with an empty row at its end for the next one.

use crossterm::event::Event;
use tui_input::Input;

use crate::ui::edit::edit;

/// The rows, the last of them empty, and which of them the cursor is in.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    inputs: Vec<Input>,
    at: usize,
}

impl Rows {
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
