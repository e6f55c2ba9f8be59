//! The arguments of `doctor`.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::output::OutputArgs;

/// The arguments of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Errors come first. Checks that lack permissions are skipped and named on stderr. The exit code is 1 for an error or a
skipped check; warnings and hints leave it 0, unless --fail-on asks for more.

--format sarif is SARIF 2.1.0 with logical locations, junit is JUnit XML with a test case per check, and github are workflow
commands, which annotate a run of GitHub Actions.

With --json each line is a finding, or one object with severity and rule null if there is none:
  identity: {profile, account, region, endpoint, source}, severity (error, warning, hint), rule (stable id), title, kind
  (user pool, domain, trigger, app client, scope), name, client_id (null unless an app client), client_type, seen, why,
  change, ways (the fixes that the console has), fix (the first of them, or null)")]
pub struct DoctorArgs {
    /// User pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// Only findings of this app client: id, name or unique part of the name
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: Option<String>,

    /// Format for other programs
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["json", "output"])]
    pub format: Option<FindingFormat>,

    /// The severity from which on the exit code is 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub fail_on: FailOn,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// A format of findings for other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindingFormat {
    /// Static Analysis Results Interchange Format
    Sarif,
    /// JUnit XML
    Junit,
    /// Workflow commands of GitHub Actions
    Github,
}

/// The least severity of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Errors and warnings
    Warning,
}
