//! cognitui: a terminal console for Amazon Cognito machine-to-machine authentication.
//!
//! # Map
//!
//! | room | contents |
//! |---|---|
//! | [`domain`] | the rules of Cognito M2M: pure types, plans, doctor, tokens, exports; no I/O |
//! | [`cognito`] | all network calls: AWS SDK, token endpoint, JWKS, DNS |
//! | [`delivery`] | delivers a secret to a file, a program, the clipboard or Secrets Manager |
//! | [`files`] | creates files without overwriting |
//! | [`sandbox`] | the embedded Cognito: an HTTP server with state, faults and sample data |
//! | [`app`] | the state machine: messages in, effects out; screen stack; store |
//! | [`input`] | actions, key map, key parser |
//! | [`screens`] | a folder per feature: state, keys, drawing; `shared/` has their common parts |
//! | [`ui`] | widgets and theme; nothing about Cognito |
//! | [`runtime`] | the event loop, the terminal, and the tasks that effects start |
//! | [`commands`] | the commands without a screen |
//! | [`cli`] | command-line arguments |
//! | [`config`] | the configuration file, the precedence of settings, guards of profiles and accounts |
//! | [`text`] | makes text from outside safe for a terminal |
//! | [`logging`] | the log file |
//! | [`launch`] | connects the rooms |
//!
//! `tests/house` has the table of which room may import which.
//!
//! ```text
//!            ┌─────────── launch ───────────┐
//!            │              │               │
//!         runtime ───────▶ app ◀───────── screens          commands
//!            │              │               │                  │
//!            │              ▼               ▼                  │
//!            │            input ────────▶  ui ───▶ text        │
//!            ▼                                                 ▼
//!         delivery ──────▶ cognito ─────────────▶ domain ◀─────┘
//!                             ┆ HTTP
//!                             ▼
//!                     AWS or sandbox
//! ```
//!
//! # A key press
//!
//! ```text
//! terminal ─▶ runtime ─▶ App::update ─▶ Keys::press ───────▶ effects
//!                            ▲                                 │
//!                            │ TaskEvent                       ▼
//!    next frame ◀─ store ◀───┴────────── task (cognito) ◀─ runtime
//! ```
//!
//! A screen never waits: it reads the store and returns effects. A task carries the id of its request, so that a late answer to an
//! earlier request is dropped. `CONTRIBUTING.md` has the glossary and the checklists for new screens, lists, rules and commands.

pub mod app;
pub mod cli;
pub mod cognito;
pub mod commands;
pub mod config;
pub mod delivery;
pub mod domain;
pub mod files;
pub mod input;
pub mod launch;
pub mod logging;
pub mod runtime;
pub mod sandbox;
pub mod screens;
pub mod text;
pub mod ui;
