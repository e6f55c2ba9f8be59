//! `list`: prints resources page by page.

mod detail;
pub(super) mod matrix;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Exit, Failure, identity, stderr_note};
use crate::cli::{ListArgs, ListWhat, OutputFormat};
use crate::cognito::{Gateway, Pages, each_page};
use crate::commands::shared::lookup;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::{self, client_json, other_json};
use crate::commands::shared::rows::{Row, Rows};
use crate::commands::shared::table::Column;
use crate::domain::client::AppClient;
use crate::domain::ids::PoolId;
use crate::domain::oauth::endpoints;
use crate::domain::pool::{Domain, PoolSummary, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::time::Timestamp;
use crate::text::Cut;

pub(super) async fn run(
    args: &ListArgs,
    gateway: &Gateway,
    out: &mut Output,
) -> Result<Exit, Failure> {
    if args.clients && args.what != ListWhat::Scopes {
        return Err(Failure::usage(
            "--clients applies to scopes only",
            "`cognitui list scopes --clients` lists the app clients of each scope.",
        ));
    }
    if args.details() && args.what != ListWhat::Clients {
        return Err(Failure::usage(
            "--details and --type apply to clients only",
            "`cognitui list clients --details` lists types and secret states.",
        ));
    }
    if args.what == ListWhat::Matrix && args.format() == OutputFormat::Csv {
        return matrix::csv(args, gateway, out).await;
    }
    let wants_identity = args.format() != OutputFormat::Table;
    let mut printer = Printer::new(args, gateway.has_endpoint_override(), out);
    match (args.what, &args.pool) {
        (what, None) => {
            let mut pages = Pages::of(|next| gateway.pools(next));
            let (first, who) = tokio::join!(pages.next(), identity(wants_identity, gateway));
            printer.who = who;
            let mut page = first?;
            while let Some(pools) = page {
                if what == ListWhat::Pools {
                    printer.print(pools.iter().map(pool_row))?;
                } else {
                    for pool in &pools {
                        of_pool(args, &pool.id, gateway, &mut printer).await?;
                    }
                }
                page = pages.next().await?;
            }
        }
        (what, Some(wanted)) => {
            let found = lookup::pool(gateway, wanted);
            let (found, who) = tokio::join!(found, identity(wants_identity, gateway));
            printer.who = who;
            let pool = found?;
            if what == ListWhat::Pools {
                printer.print([pool_row(&summary(pool))].into_iter())?;
            } else {
                of_pool(args, &pool.id, gateway, &mut printer).await?;
            }
        }
    }
    let partial = printer.partial;
    printer.end()?;
    Ok(if partial { Exit::Failed } else { Exit::Done })
}

async fn of_pool(
    args: &ListArgs,
    pool: &PoolId,
    gateway: &Gateway,
    printer: &mut Printer<'_>,
) -> Result<(), Failure> {
    match args.what {
        // `run` handles pools.
        ListWhat::Pools => Ok(()),
        ListWhat::Clients if args.details() => {
            detail::print(args.client_type, pool, gateway, printer).await
        }
        ListWhat::Clients => {
            each_page(
                |next| gateway.clients(pool, next),
                |clients, _| printer.print(clients.iter().map(|client| detail::name(pool, client))),
            )
            .await
        }
        ListWhat::Servers => {
            each_page(
                |next| gateway.resource_servers(pool, next),
                |servers, _| printer.print(servers.iter().map(|server| server_row(pool, server))),
            )
            .await
        }
        ListWhat::Scopes => {
            let clients = if args.clients {
                Some(read_clients::described(gateway, pool).await?)
            } else {
                None
            };
            let clients = clients.as_deref();
            each_page(
                |next| gateway.resource_servers(pool, next),
                |servers, _| {
                    let rows = |server| scope_rows(pool, server, clients);
                    printer.print(servers.iter().flat_map(rows))
                },
            )
            .await
        }
        ListWhat::Matrix => {
            let map = matrix::read(pool, gateway).await?;
            printer.partial |= !map.is_whole();
            let who = printer.who.clone();
            printer.stream(|| matrix::cells(pool, &map), map.json(pool, &who))
        }
        ListWhat::Domains => {
            let pool = gateway.pool(pool).await?;
            let domains = gateway.domains(&pool).await?;
            printer.print(domains.iter().map(|domain| {
                let alone = only(&pool, domain);
                let own = endpoints::token_endpoint(&alone);
                let asked = gateway.token_endpoint(&alone);
                domain_row(&pool.id, domain, own.as_deref(), asked.as_deref())
            }))
        }
    }
}

/// Prints rows as they arrive.
struct Printer<'a> {
    rows: Rows<'a>,
    /// Notes an empty table.
    is_table: bool,
    /// Whether rows name their pool.
    with_pool: bool,
    what: ListWhat,
    /// Whether something could not be read.
    partial: bool,
    /// The caller, in every JSON row.
    who: Value,
    /// Reads the details.
    reader: read_clients::ClientReader,
}

impl<'a> Printer<'a> {
    /// `elsewhere`: tokens are requested from another endpoint than the domains'.
    fn new(args: &ListArgs, elsewhere: bool, out: &'a mut Output) -> Self {
        let with_pool = args.pool.is_none() && args.what != ListWhat::Pools;
        let pool = with_pool.then_some(("POOL", Cut::Middle, 20));
        let asked = elsewhere && args.what == ListWhat::Domains;
        let asked = asked.then_some(("ASKED HERE", Cut::Middle, 0));
        let columns = pool
            .into_iter()
            .chain(columns(args))
            .chain(asked)
            .map(|(title, cut, usual)| Column { title, cut, usual })
            .collect();
        Self {
            rows: Rows::new(args.format(), columns, out),
            is_table: args.format() == OutputFormat::Table,
            with_pool,
            what: args.what,
            partial: false,
            who: Value::Null,
            reader: read_clients::ClientReader::default(),
        }
    }

    /// Prints a page.
    fn print(&mut self, rows: impl Iterator<Item = Row>) -> Result<(), Failure> {
        let skip = usize::from(!self.with_pool);
        let rows = rows.map(|mut row| {
            if let Some(members) = row.json.as_object_mut() {
                members.insert("identity".to_owned(), self.who.clone());
            }
            Row {
                cells: shown(row.cells, skip),
                json: row.json,
            }
        });
        self.rows.page(rows.collect())
    }

    /// Prints rows that may not fit into memory: the cells of a table, or JSON.
    fn stream<I>(
        &mut self,
        cells: impl Fn() -> I,
        json: impl Iterator<Item = impl Serialize>,
    ) -> Result<(), Failure>
    where
        I: Iterator<Item = Vec<String>>,
    {
        let skip = usize::from(!self.with_pool);
        let cells = || cells().map(|cells| shown(cells, skip));
        self.rows.stream(cells, json)
    }

    /// Ends the list, and notes an empty table.
    fn end(self) -> Result<(), Failure> {
        if self.rows.is_empty() && self.is_table {
            stderr_note(match self.what {
                ListWhat::Pools => "no user pools in this Region",
                ListWhat::Clients | ListWhat::Matrix => "no app clients",
                ListWhat::Servers => "no resource servers",
                ListWhat::Scopes => "no custom scopes",
                ListWhat::Domains => "no domains",
            });
        }
        Ok(self.rows.end()?)
    }
}

/// A row without its first cells.
fn shown(cells: Vec<String>, skip: usize) -> Vec<String> {
    cells.into_iter().skip(skip).collect()
}

/// The columns after the pool's: heading, what to cut, usual width.
fn columns(args: &ListArgs) -> Vec<(&'static str, Cut, usize)> {
    match args.what {
        ListWhat::Pools => vec![
            ("ID", Cut::Middle, 20),
            ("NAME", Cut::End, 24),
            ("CREATED", Cut::End, 10),
            ("MODIFIED", Cut::End, 10),
        ],
        ListWhat::Clients if args.details() => vec![
            ("ID", Cut::Middle, 26),
            ("NAME", Cut::End, 24),
            ("TYPE", Cut::End, 7),
            ("SECRET", Cut::End, 0),
        ],
        ListWhat::Clients => vec![("ID", Cut::Middle, 26), ("NAME", Cut::End, 0)],
        ListWhat::Servers => vec![
            ("IDENTIFIER", Cut::Middle, 24),
            ("NAME", Cut::End, 20),
            ("SCOPES", Cut::End, 0),
        ],
        ListWhat::Scopes if args.clients => vec![
            ("SCOPE", Cut::Middle, 32),
            ("DESCRIPTION", Cut::End, 24),
            ("CLIENTS", Cut::End, 0),
        ],
        ListWhat::Scopes => vec![("SCOPE", Cut::Middle, 32), ("DESCRIPTION", Cut::End, 0)],
        ListWhat::Matrix => vec![
            ("CLIENT ID", Cut::Middle, 26),
            ("NAME", Cut::End, 20),
            ("ALLOWED", Cut::End, 24),
            ("INACTIVE", Cut::End, 0),
        ],
        ListWhat::Domains => vec![
            ("DOMAIN", Cut::Middle, 24),
            ("KIND", Cut::End, 6),
            ("STATUS", Cut::End, 8),
            ("TOKEN ENDPOINT", Cut::Middle, 0),
        ],
    }
}

// The first cell of every row is the pool's.

fn pool_row(pool: &PoolSummary) -> Row {
    let date = |at: Option<Timestamp>| at.map(Timestamp::date).unwrap_or_default();
    Row {
        cells: vec![
            String::new(),
            pool.id.to_string(),
            pool.name.clone(),
            date(pool.created),
            date(pool.modified),
        ],
        json: json!({
            "id": pool.id.as_str(),
            "name": pool.name,
            "created": pool.created.and_then(Timestamp::rfc3339),
            "modified": pool.modified.and_then(Timestamp::rfc3339),
        }),
    }
}

fn server_row(pool: &PoolId, server: &ResourceServer) -> Row {
    let names: Vec<&str> = server
        .scopes
        .iter()
        .map(|scope| scope.name.as_str())
        .collect();
    let full: Vec<String> = server
        .scope_names()
        .map(|scope| scope.to_string())
        .collect();
    Row {
        cells: vec![
            pool.to_string(),
            server.identifier.clone(),
            server.name.clone(),
            names.join(" "),
        ],
        json: json!({
            "pool_id": pool.as_str(),
            "identifier": server.identifier,
            "name": server.name,
            "scopes": full,
            "managed_by": server.managed_by,
            "other": other_json(&server.other),
        }),
    }
}

fn scope_rows(
    pool: &PoolId,
    server: &ResourceServer,
    clients: Option<&[AppClient]>,
) -> impl Iterator<Item = Row> {
    server
        .scope_names()
        .zip(&server.scopes)
        .map(move |(full, scope)| {
            let holders: Option<Vec<&AppClient>> = clients.map(|clients| {
                let holds = |client: &&AppClient| client.settings.scopes.contains(&full);
                clients.iter().filter(holds).collect()
            });
            let mut cells = vec![
                pool.to_string(),
                full.to_string(),
                scope.description.clone(),
            ];
            cells.extend(holders.as_deref().map(held_by));
            let holders =
                holders.map(|holders| holders.into_iter().map(client_json).collect::<Vec<_>>());
            Row {
                cells,
                json: json!({
                    "pool_id": pool.as_str(),
                    "scope": full.as_str(),
                    "identifier": server.identifier,
                    "name": scope.name,
                    "description": scope.description,
                    "clients": holders,
                }),
            }
        })
}

/// The count and names of clients.
fn held_by(clients: &[&AppClient]) -> String {
    let names: Vec<&str> = clients
        .iter()
        .map(|client| client.settings.name.as_str())
        .collect();
    match names.len() {
        0 => "none".to_owned(),
        count => format!("{count}: {}", names.join(", ")),
    }
}

/// `own` is the domain's token endpoint; `asked` is the one that this connection uses.
fn domain_row(pool: &PoolId, domain: &Domain, own: Option<&str>, asked: Option<&str>) -> Row {
    let elsewhere = asked.filter(|asked| Some(*asked) != own);
    Row {
        cells: vec![
            pool.to_string(),
            domain.name.clone(),
            if domain.custom { "custom" } else { "prefix" }.to_owned(),
            domain.status.clone().unwrap_or_default(),
            own.unwrap_or_default().to_owned(),
            elsewhere.unwrap_or_default().to_owned(),
        ],
        json: json!({
            "pool_id": pool.as_str(),
            "domain": domain.name,
            "custom": domain.custom,
            "status": domain.status,
            "token_endpoint": own,
            "asked_here": asked,
            "cloudfront": domain.cloudfront,
            "managed_login_version": domain.managed_login_version,
            "certificate_arn": domain.certificate_arn,
            "security_policy": domain.security_policy,
            "failover_region": domain.failover.as_ref().map(|failover| &failover.secondary_region),
            "other": other_json(&domain.other),
        }),
    }
}

/// The pool with `domain` only, to get that domain's token endpoint.
fn only(pool: &UserPool, domain: &Domain) -> UserPool {
    let name = |custom| (domain.custom == custom).then(|| domain.name.clone());
    UserPool {
        prefix_domain: name(false),
        custom_domain: name(true),
        ..pool.clone()
    }
}

fn summary(pool: UserPool) -> PoolSummary {
    PoolSummary {
        id: pool.id,
        name: pool.name,
        created: pool.created,
        modified: pool.modified,
    }
}
