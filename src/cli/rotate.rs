//! The arguments of `rotate`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::cli::format::Format;
use crate::domain::delivery::destination::Destination;

/// The arguments of `rotate`.
#[derive(Debug, Args)]
#[command(after_help = "\
A client may have two live secrets. A rotation adds the second one, hands it over and proves it with a test token; both work
from then on. When every consumer has the new one, --finish proves it again, deletes the old one and proves that it is refused.
Nothing but Cognito remembers where a rotation stands: a run that was cut off is gone on with by the next.

Cognito tells the value of an added secret once. A run that is cut off before it was handed over loses it: the next run says so
and exits with 2. Then either prove the value, if somebody has it (--own), or retire it and add another (--start-over).

--finish deletes nothing where the given secret may be the old one: where it is the one that DescribeUserPoolClient shows (--sure says
that it is new all the same), or where Cognito shows neither. Then give both, as JSON: client_secret, the new one, and
old_client_secret; or say --sure. Once the old secret is deleted Cognito may never show a secret of the client again: keep the new one.

A secret that AWS Secrets Manager holds for Cognito is rotated there, at once (secretsmanager:RotateSecret and
secretsmanager:DescribeSecret on its ARN), and Cognito retires the old value by itself: --own, --start-over and --finish are refused.
Its value is read and handed over only with --to or --reveal.

A secret of one's own is read from standard input, never from arguments: the value alone, or JSON with a client_secret.

Each test token is billed by AWS (about $0.00225): one to start, two to finish; a token that is refused costs nothing.

Exit codes: 0 the new secret is handed over and proven, with --finish the old one is gone, or AWS Secrets Manager rotated it; 1 failed, or
not proven: what was done is told; 2 a rotation is under way, and nothing was done, or AWS Secrets Manager is not seen to have rotated it
within twice the time of --timeout.

With --json (which needs --to, or --finish, except in AWS Secrets Manager): identity: {profile, account, region, endpoint, source}, pool_id, client_id, client_type (REGULAR, DCR or null), secret:
{state (shown, managed, hidden, none, unknown), arn, detail} (null where that was not seen after the last change), state (waiting, under-way,
finished, or not-begun where a rotation was taken back; in AWS Secrets Manager rotated or requested), managed: {before, after}, each
{version, last_rotated, next_rotation} (null for a rotation by hand), secrets: {id, created}, the older one first; added and retired (the id of a secret, or null), to (where the value went, or null), arn and version (of AWS
Secrets Manager, or null), arrived (true where the value was read back and is the same, else null), proven, and old_refused (null where that was not, or could not be, tried). It is printed also where
something failed after the first change.")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub struct RotateArgs {
    /// User pool: its id, its name or a part of its name that no other has
    #[arg(long, value_name = "POOL", value_parser = NonEmptyStringValueParser::new())]
    pub pool: String,

    /// App client: its id, its name or a part of its name that no other in the pool has
    #[arg(long, value_name = "CLIENT", value_parser = NonEmptyStringValueParser::new())]
    pub client: String,

    /// Hand the new secret over to clipboard, osc52 (the terminal's clipboard), file:PATH, exec:COMMAND (its standard input) or
    /// secretsmanager:NAME (as JSON) [default: stdout]. Nothing is written over but this client's own credentials
    #[arg(long, value_name = "TARGET", conflicts_with = "finish")]
    pub to: Option<Destination>,

    /// Write over whatever the file or the secret of --to holds
    #[arg(long, requires = "to")]
    pub replace: bool,

    /// What is handed over: the new credentials in this form; terraform and curl have no secret in them
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,

    /// Read the new secret from stdin: one to add (24 to 64 of A-Z a-z 0-9 _ +), or the one that was added, to be proven
    #[arg(long, conflicts_with = "finish")]
    pub own: bool,

    /// Where a rotation is under way: delete the newer secret first, whose value nobody has
    #[arg(long, conflicts_with = "finish")]
    pub start_over: bool,

    /// Prove the new secret, which is read from stdin, and delete the old one
    #[arg(long)]
    pub finish: bool,

    /// With --finish: the given secret is the new one, even though Cognito's own answers leave it open
    #[arg(long, requires = "finish")]
    pub sure: bool,

    /// Print the secret even on a terminal
    #[arg(long, conflicts_with = "to")]
    pub reveal: bool,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
