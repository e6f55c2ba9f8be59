mod down;
mod laws;
mod model;
mod said;
