//! What several commands use: lookup, standard input, output and reports.

pub(super) mod code;
pub(super) mod destination;
pub(super) mod find;
pub(super) mod finding_report;
pub(super) mod lookup;
pub(super) mod output;
pub(super) mod plan_output;
pub(super) mod plan_run;
pub(super) mod read_clients;
pub(super) mod rows;
pub(super) mod stdin;
pub(super) mod table;
pub(super) mod token_cache;
pub(super) mod token_report;
