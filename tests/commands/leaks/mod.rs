//! Searches for secrets from outside, wherever a program can leave one: files, its command line and environment, its children's,
//! its terminal's bytes, its memory as a file.

mod children;
mod dumps;
mod journey;
mod managed;
mod memory;
mod needles;
mod planted;
mod traces;
