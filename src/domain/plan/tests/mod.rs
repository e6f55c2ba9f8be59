mod down;
mod laws;
mod model;
mod printed;
mod said;
