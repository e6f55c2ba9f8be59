mod down;
mod laws;
mod model;
mod outcome;
mod said;
