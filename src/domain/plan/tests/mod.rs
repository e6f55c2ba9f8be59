mod laws;
mod model;
mod said;
