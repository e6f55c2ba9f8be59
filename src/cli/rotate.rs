//! The arguments of `rotate`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::cli::format::Format;
use crate::cli::output::OutputArgs;
use crate::domain::delivery::destination::Destination;

/// The arguments of `rotate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --apply, prints the plan and changes nothing: what is written, in which order, and what works after each step. stdin
is not read, no token is requested. With --apply, does it.

A client can have two active secrets. A rotation adds the second, delivers it and verifies it with a test token. When
every consumer has the new one, --finish verifies it again, deletes the old one and checks that it is rejected. The state is
in Cognito only: a later run continues an interrupted one.

Cognito shows the value of an added secret once. If a run is interrupted before delivery, the value is lost; the next run
reports that and exits with 2. Verify the value if you have it (--own), or replace the newer secret (--start-over).

--finish deletes nothing if the secret on stdin may be the old one: if DescribeUserPoolClient shows it, or if Cognito shows
neither. Then pass JSON with client_secret (new) and old_client_secret, or --sure. Keep the new secret: once the old one is
deleted, Cognito may never show a secret of the client again.

A secret in AWS Secrets Manager is rotated there, at once (secretsmanager:RotateSecret and secretsmanager:DescribeSecret on
its ARN); Cognito retires the old value, so --own, --start-over and --finish are refused. Its value is read only with --to or
--reveal.

Secrets are read from stdin, never from arguments: the value, or JSON with client_secret. AWS bills each test token (about
$0.00225): one to start, two to finish.

Exit codes: 0 delivered and verified, finished, or rotated by AWS Secrets Manager; 1 failed or not verified; 2 not applied,
rotation in progress, nothing changed, or AWS Secrets Manager did not confirm within twice --timeout.

With --json (to apply, needs --to or --finish, except for a managed secret): identity: {profile, account, region, endpoint, source},
pool_id, client_id, client_type (REGULAR, DCR or null), secret: {state (shown, managed, hidden, none, unknown), arn, detail}
(null if not read after the last change), plan (without --apply): {writes (operation or null), what, works, later}, else
null, state (planned, waiting, under-way, finished, not-begun if undone; managed: rotated or
requested), managed: {before, after}: {version, last_rotated, next_rotation} (null unless managed), secrets: {id, created}
(oldest first), added and retired (secret id or null), to (target or null), arn and version (AWS Secrets Manager, or null),
arrived (true if read back and equal, else null), proven, old_refused (null if not tested). Also printed if a later step
failed.")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct RotateArgs {
    /// User pool: id, name or unique part of the name
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// App client: id, name or unique part of the name
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: String,

    /// Do what the plan says
    #[arg(long)]
    pub apply: bool,

    /// Deliver to clipboard, osc52 (terminal clipboard), file:PATH, exec:COMMAND (its stdin) or secretsmanager:NAME (as JSON);
    /// overwrites only this client's credentials [default: stdout]
    #[arg(long, value_name = "TARGET", conflicts_with = "finish")]
    pub to: Option<Destination>,

    /// Overwrite any content of the file or secret of --to
    #[arg(long, requires = "to")]
    pub replace: bool,

    /// Format of the new credentials; terraform and curl hold no secret
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,

    /// Read the new secret from stdin: one to add (24 to 64 of A-Z a-z 0-9 _ +), or the added one to verify
    #[arg(long, conflicts_with = "finish")]
    pub own: bool,

    /// Delete the newer secret of a rotation in progress, then add another
    #[arg(long, conflicts_with = "finish")]
    pub start_over: bool,

    /// Read the new secret from stdin, verify it and delete the old one
    #[arg(long)]
    pub finish: bool,

    /// With --finish: the secret on stdin is the new one
    #[arg(long, requires = "finish")]
    pub sure: bool,

    /// Print the secret on a terminal
    #[arg(long, conflicts_with = "to")]
    pub reveal: bool,

    #[command(flatten)]
    pub output: OutputArgs,
}
