mod down;
mod laws;
mod model;
mod outcome;
mod printed;
mod said;
