//! Secrets looked for from outside, wherever a program can leave one behind: files, its command line and environment, its
//! children's, what its terminal was sent, its memory once it is a file.

mod children;
mod dumps;
mod journey;
mod managed;
mod memory;
mod needles;
mod planted;
mod traces;
