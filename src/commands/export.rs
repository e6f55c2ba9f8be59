//! `export`: a pool's M2M setup, or one app client, as code.

use std::io::ErrorKind as IoKind;
use std::path::Path;

use serde_json::json;

use super::{Exit, Failure, identity, stderr_note};
use crate::cli::ExportArgs;
use crate::cognito::{Gateway, all_pages};
use crate::commands::shared::lookup;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::{self, client_json};
use crate::commands::shared::rows;
use crate::domain::export::ExportInput;
use crate::files::{self, Readers};

pub(super) async fn run(
    args: &ExportArgs,
    gateway: &Gateway,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let setup = async {
        match &args.client {
            Some(wanted) => one_client(gateway, &args.pool, wanted).await,
            None => whole_pool(gateway, &args.pool).await,
        }
    };
    let (setup, who) = tokio::join!(Box::pin(setup), identity(args.output.is_data(), gateway));
    let setup = setup?;
    let format = args.format;
    let (limits, left_out) = (setup.limits(format), setup.left_out());
    for remark in limits.iter().chain(&left_out) {
        stderr_note(remark);
    }
    let code = setup
        .write(format)
        .map_err(|reason| Failure::new("cannot export in this format", reason))?;
    let code = if args.output.is_data() {
        let whole = json!({
            "identity": who,
            "clients": setup.clients().iter().map(client_json).collect::<Vec<_>>(),
            "format": format.name(),
            "code": code,
            "limits": limits,
            "left_out": left_out,
        });
        rows::text(&whole, args.output.format(), false)
    } else {
        code
    };
    match &args.out {
        Some(path) => write(path, &code)?,
        None => out.raw(&code)?,
    }
    Ok(Exit::Done)
}

async fn one_client(gateway: &Gateway, pool: &str, client: &str) -> Result<ExportInput, Failure> {
    let (pool, found) = lookup::pool_and_client(gateway, pool, client).await?;
    let (client, servers) = tokio::try_join!(
        gateway.client(&pool.id, &found.id),
        all_pages(|next| gateway.resource_servers(&pool.id, next)),
    )?;
    let secret = gateway.secret_state(&client).await;
    Ok(ExportInput::of_client(pool, servers, client, secret))
}

async fn whole_pool(gateway: &Gateway, pool: &str) -> Result<ExportInput, Failure> {
    let pool = lookup::pool(gateway, pool).await?;
    let (servers, domains, clients) = tokio::try_join!(
        all_pages(|next| gateway.resource_servers(&pool.id, next)),
        gateway.domains(&pool),
        // Boxed: three joined futures are large.
        Box::pin(read_clients::described(gateway, &pool.id)),
    )?;
    Ok(ExportInput::of_pool(pool, servers, clients, domains))
}

/// Never overwrites a file: it may have been edited since it was exported.
fn write(path: &Path, code: &str) -> Result<(), Failure> {
    files::write_new(path, Readers::All, code.as_bytes()).map_err(|error| {
        let next = if error.kind() == IoKind::AlreadyExists {
            "Use another --out FILE, or delete the file first."
        } else {
            "Use --out with a file in a writable directory, or omit --out to print."
        };
        Failure::new(format!("cannot write {}: {error}", path.display()), next)
    })
}
