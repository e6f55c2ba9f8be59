//! `doctor`: the findings of a user pool or one app client, and their fixes.

use std::collections::HashMap;
use std::slice;
use std::time::SystemTime;

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::{Exit, Failure, identity, stderr_note, verdict};
use crate::cli::{DoctorArgs, FailOn, OutputFormat};
use crate::cognito::{Error, ErrorKind, Gateway, SecretsAnswer, all_pages};
use crate::commands::shared::finding_report::FindingReport;
use crate::commands::shared::lookup;
use crate::commands::shared::output::Output;
use crate::commands::shared::read_clients::{self, SIDE_BY_SIDE, is_refused, type_json};
use crate::commands::shared::rows::{Row, Rows};
use crate::domain::client::{AppClient, ClientSummary};
use crate::domain::doctor::{
    ClientSnapshot, Finding, Fix, FixContext, Judged, Limits, PoolSnapshot, Severity, diagnose,
    fixes_for, tally,
};
use crate::domain::ids::ClientId;
use crate::domain::pool::{DnsRecord, Domain, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::secret::{ListedSecrets, ManagedSecret};

/// What was read of a pool; `None` if it could not be read.
struct PoolReads {
    pool: UserPool,
    domains: Option<Vec<Domain>>,
    records: Vec<(String, DnsRecord)>,
    /// Managed secrets as Secrets Manager describes them, by ARN.
    managed: HashMap<String, ManagedSecret>,
    servers: Option<Vec<ResourceServer>>,
    listed: Option<Vec<ClientSummary>>,
    clients: Vec<(AppClient, SecretsAnswer)>,
    /// What was skipped. A report with skipped parts does not succeed.
    unread: Vec<&'static str>,
}

pub(super) async fn run(
    args: &DoctorArgs,
    gateway: &Gateway,
    limits: Limits,
    out: &mut Output,
) -> Result<Exit, Failure> {
    let pool = lookup::pool(gateway, &args.pool).await?;
    let client = match &args.client {
        Some(wanted) => Some(lookup::client(gateway, &pool.id, wanted).await?),
        None => None,
    };
    let (read, who) = tokio::join!(
        PoolReads::of(pool, client.as_ref(), gateway),
        identity(args.output.is_data(), gateway)
    );
    let read = read?;
    let (findings, judged) = read.findings(limits, client.as_ref().map(|client| &client.id));
    let fails = |severity| match args.fail_on {
        FailOn::Error => severity == Severity::Error,
        FailOn::Warning => matches!(severity, Severity::Error | Severity::Warning),
    };
    let wrong = findings.iter().any(|finding| fails(finding.rule.severity));
    let exit = if wrong || !read.unread.is_empty() {
        Exit::Failed
    } else {
        Exit::Done
    };
    let report = FindingReport {
        pool: &read.pool,
        findings: &findings,
        judged: &judged,
        unread: &read.unread,
        fails: &fails,
    };
    let printed: Result<(), Failure> = match (args.format, args.output.rows()) {
        (Some(format), _) => out.raw(&report.text(format)).map_err(Failure::from),
        (None, OutputFormat::Table) => print(&findings, &judged, &read.unread, out),
        (None, format) => {
            let mut rows = Rows::new(format, Vec::new(), out);
            let found = read.rows(&findings, &judged, &who).map(|json| Row {
                cells: Vec::new(),
                json,
            });
            rows.page(found.collect()).and_then(|()| Ok(rows.end()?))
        }
    };
    verdict(printed, exit)
}

impl PoolReads {
    async fn of(
        pool: UserPool,
        only: Option<&ClientSummary>,
        gateway: &Gateway,
    ) -> Result<Self, Failure> {
        let id = &pool.id;
        let mut unread = Vec::new();
        let domains = if_readable(gateway.domains(&pool).await, "domains", &mut unread)?;
        let mut records = Vec::new();
        for domain in domains.iter().flatten().filter(|domain| domain.custom) {
            let record = gateway.dns_record(&domain.name).await;
            records.push((domain.name.clone(), record));
        }
        let servers = all_pages(|next| gateway.resource_servers(id, next)).await;
        let servers = if_readable(servers, "resource servers", &mut unread)?;
        let listed = all_pages(|next| gateway.clients(id, next)).await;
        let listed = if_readable(listed, "app clients", &mut unread)?;
        let wanted = match only {
            Some(client) => slice::from_ref(client),
            None => listed.as_deref().unwrap_or_default(),
        };
        let read = read_clients::with_secrets(gateway, id, wanted).await;
        let clients = if_readable(read, "app client settings", &mut unread)?;
        if let (Some(only), Some([])) = (only, clients.as_deref()) {
            return Err(Failure::new(
                format!("app client {} was deleted during the check", only.name),
                "There is nothing left to check.",
            ));
        }
        let clients = clients.unwrap_or_default();
        let refused = clients.iter().filter_map(|(_, secrets)| match secrets {
            SecretsAnswer::Refused(error) => Some(error),
            SecretsAnswer::NotAsked | SecretsAnswer::Read(_) => None,
        });
        note_refused(refused, clients.len(), "client secret dates", &mut unread);
        let managed = managed_secrets(gateway, &clients, &mut unread).await?;
        Ok(Self {
            pool,
            domains,
            records,
            managed,
            servers,
            listed,
            clients,
            unread,
        })
    }

    /// The labels of a finding's fixes.
    fn ways(&self, finding: &Finding) -> Vec<&'static str> {
        let about = finding.subject.client();
        let mut clients = self.clients.iter();
        let client = clients.find(|(client, _)| Some(&client.id) == about);
        let seen = FixContext {
            pool: &self.pool,
            domains: self.domains.as_deref().unwrap_or_default(),
            servers: self.servers.as_deref().unwrap_or_default(),
            client: client.map(|(client, _)| client),
            secrets: client.map_or(ListedSecrets::NotRead, |(_, secrets)| secrets.listed()),
        };
        let ways = fixes_for(finding, &seen).into_iter();
        ways.map(Fix::label).collect()
    }

    /// The findings on the pool, or those that concern one client, and what was checked for them.
    fn findings(&self, limits: Limits, client: Option<&ClientId>) -> (Vec<Finding>, Judged) {
        let clients: Vec<ClientSnapshot> = self
            .clients
            .iter()
            .map(|(client, secrets)| ClientSnapshot {
                client,
                secrets: secrets.listed(),
                managed: client.secret.arn().and_then(|arn| self.managed.get(arn)),
            })
            .collect();
        let mut found = PoolSnapshot::new(&self.pool, SystemTime::now().into());
        found.limits = limits;
        found.domains = self.domains.as_deref();
        let records = self.records.iter();
        found.records = records
            .map(|(domain, record)| (domain.as_str(), *record))
            .collect();
        found.servers = self.servers.as_deref();
        found.listed = self.listed.as_deref();
        found.clients = &clients;
        let mut findings = diagnose(&found);
        if let Some(client) = client {
            findings.retain(|finding| finding.subject.concerns(client));
        }
        (findings, Judged::of(&found, client))
    }
}

/// The result; `None` and a note if the read is denied or not supported.
fn if_readable<T>(
    answer: Result<T, Error>,
    what: &'static str,
    unread: &mut Vec<&'static str>,
) -> Result<Option<T>, Failure> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_refused(&error) => {
            stderr_note(&format!("skipped: {what} ({})", error.one_line()));
            unread.push(what);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The managed secrets of these clients by ARN, without those that Secrets Manager does not describe.
async fn managed_secrets(
    gateway: &Gateway,
    clients: &[(AppClient, SecretsAnswer)],
    unread: &mut Vec<&'static str>,
) -> Result<HashMap<String, ManagedSecret>, Failure> {
    let arns = clients
        .iter()
        .filter_map(|(client, _)| client.secret.arn().map(str::to_owned));
    let answers: Vec<(String, Result<ManagedSecret, Error>)> = stream::iter(arns)
        .map(|arn| async move {
            let secret = gateway.managed_secret(&arn).await;
            (arn, secret)
        })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    let all = answers.len();
    let (mut managed, mut undescribed) = (HashMap::new(), Vec::new());
    for (arn, answer) in answers {
        match answer {
            Ok(secret) => drop(managed.insert(arn, secret)),
            // One may be deleted in Secrets Manager, or not readable by its own policy. That says nothing about the others.
            Err(error) if error.kind == ErrorKind::NotFound || is_refused(&error) => {
                undescribed.push(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    note_refused(undescribed.iter(), all, "managed secret rotation", unread);
    Ok(managed)
}

/// Notes how many answers of `all` were refused, and why the first was.
fn note_refused<'e>(
    mut refused: impl Iterator<Item = &'e Error>,
    all: usize,
    what: &'static str,
    unread: &mut Vec<&'static str>,
) {
    if let Some(first) = refused.next() {
        let count = 1 + refused.count();
        let why = first.one_line();
        stderr_note(&format!("skipped: {what}, {count} of {all} ({why})"));
        unread.push(what);
    }
}

fn print(
    findings: &[Finding],
    judged: &Judged,
    unread: &[&str],
    out: &mut Output,
) -> Result<(), Failure> {
    for finding in findings {
        for line in finding.to_string().lines() {
            out.line(line)?;
        }
        out.line("")?;
    }
    let summary = tally(findings.iter().map(|finding| finding.rule.severity));
    out.line(&summary.unwrap_or_else(|| nothing_found(judged, unread)))?;
    Ok(())
}

fn nothing_found(judged: &Judged, unread: &[&str]) -> String {
    if unread.is_empty() {
        format!("no findings: {}", judged.words())
    } else {
        format!("no findings; skipped: {}", unread.join(", "))
    }
}

impl PoolReads {
    /// A row per finding, or one row without a rule if there are none.
    fn rows(
        &self,
        findings: &[Finding],
        judged: &Judged,
        who: &Value,
    ) -> impl Iterator<Item = Value> {
        let none = findings.is_empty().then(|| {
            json!({
                "identity": who, "severity": null, "rule": null, "title": nothing_found(judged, &self.unread),
                "kind": null, "name": null, "client_id": null, "client_type": null, "seen": null,
                "why": null, "change": null, "fix": null, "ways": [],
            })
        });
        let rows = findings.iter().map(|finding| self.as_json(finding, who));
        rows.chain(none)
    }

    fn as_json(&self, finding: &Finding, who: &Value) -> Value {
        let ways = self.ways(finding);
        let id = finding.subject.client();
        let client = id.and_then(|id| self.clients.iter().find(|(client, _)| client.id == *id));
        json!({
            "identity": who,
            "severity": finding.rule.severity.label(),
            "rule": finding.rule.id.as_str(),
            "title": finding.rule.title,
            "kind": finding.subject.kind(),
            "name": finding.subject.name(),
            "client_id": id.map(ClientId::as_str),
            "client_type": type_json(client.map(|(client, _)| client)),
            "seen": finding.seen,
            "why": finding.rule.why,
            "change": finding.fix,
            "fix": ways.first(),
            "ways": ways,
        })
    }
}
