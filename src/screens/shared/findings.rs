//! The doctor on what the Store has read of a pool: its findings, their fixes, and what it could not check.

use super::client_secret;
use crate::app::message::{FixOption, PlanRequest, Query, Route};
use crate::app::query::load::{Load, NotLoaded};
use crate::app::screen::View;
use crate::app::store::DetailKind;
use crate::domain::client::AppClient;
use crate::domain::doctor::{
    self, ClientFix, ClientSnapshot, Finding, Fix, FixContext, FixOptions, FixedBy, Judged,
    PoolSnapshot, Severity, diagnose, diagnose_client, tally,
};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::plan::{Plan, Step};
use crate::domain::pool::{DnsRecord, Domain};
use crate::domain::secret::{DescribedSecret, ListedSecrets};
use crate::input::Action;
use crate::screens::shared::format::counted;
use crate::screens::shared::load_states;
use crate::ui::theme::Status;

/// The status of a severity.
pub const fn tone(severity: Severity) -> Status {
    match severity {
        Severity::Error => Status::Bad,
        Severity::Warning => Status::Warn,
        Severity::Hint => Status::Plain,
    }
}

/// The findings on what was read of a pool, or those that concern one client; `None` while the pool itself is not read.
pub fn findings(pool: &PoolId, client: Option<&ClientId>, view: &View) -> Option<Vec<Finding>> {
    look(pool, client, view, |found| {
        let mut findings = diagnose(found);
        if let Some(client) = client {
            findings.retain(|finding| finding.subject.concerns(client));
        }
        findings
    })
}

/// What was checked for [`findings`]; `None` while the pool itself is not read.
pub fn judged(pool: &PoolId, client: Option<&ClientId>, view: &View) -> Option<Judged> {
    look(pool, client, view, |found| Judged::of(found, client))
}

fn look<T>(
    pool: &PoolId,
    client: Option<&ClientId>,
    view: &View,
    look: impl FnOnce(&PoolSnapshot) -> T,
) -> Option<T> {
    let known = view.store.clients(pool).partial().iter();
    let mut clients: Vec<ClientSnapshot> = known
        .filter_map(|listed| described(pool, &listed.id, view))
        .collect();
    // A client may be open although the list of clients could not be read.
    if let Some(id) = client
        && !clients.iter().any(|known| known.client.id == *id)
    {
        clients.extend(described(pool, id, view));
    }
    let mut found = found(pool, view)?;
    found.clients = &clients;
    Some(look(&found))
}

/// The findings on one client and on what all clients share. Quick, as it checks no other client.
pub fn of_client(client: &AppClient, view: &View) -> Vec<Finding> {
    let Some(mut found) = found(&client.pool, view) else {
        return Vec::new();
    };
    let described = described(&client.pool, &client.id, view);
    found.clients = described.as_slice();
    let mut findings = diagnose(&found);
    findings.retain(|finding| finding.subject.concerns(&client.id));
    findings
}

/// The count of findings on one client alone, and its tone; `None` while data that the rules need is loading.
pub fn in_short(client: &AppClient, view: &View) -> Option<(String, Status)> {
    let store = view.store;
    let (pool, id) = (&client.pool, &client.id);
    let mut rests_on = vec![
        Query::Client(pool.clone(), id.clone()),
        Query::Secrets(pool.clone(), id.clone()),
        Query::ResourceServers(pool.clone()),
        Query::Clients(pool.clone()),
        Query::Pool(pool.clone()),
    ];
    let managed = client.secret.arn();
    rests_on.extend(managed.map(|arn| Query::ManagedSecret(pool.clone(), arn.to_owned())));
    let coming = matches!(store.servers(pool).complete(), Err(NotLoaded::Coming))
        || matches!(store.clients(pool).complete(), Err(NotLoaded::Coming))
        || managed.is_some_and(|arn| matches!(store.managed_secret(pool, arn), Load::Loading));
    if store.listed_secrets(pool, id) == ListedSecrets::NotRead || coming {
        return None;
    }
    let stale = rests_on.iter().any(|query| store.is_stale(query));
    let (found, described) = (found(pool, view)?, described(pool, id, view)?);
    let findings = diagnose_client(&found, &described);
    let worst = findings.first().map(|finding| tone(finding.rule.severity));
    let all_read = Judged::of_client(&found, &described).is_complete();
    Some(
        match tally(findings.iter().map(|finding| finding.rule.severity)) {
            Some(words) => (words, worst.unwrap_or_default()),
            None if stale || !all_read => ("no findings so far".to_owned(), Status::default()),
            None => ("no findings".to_owned(), Status::Good),
        },
    )
}

fn custom_domains<'a>(pool: &PoolId, view: &View<'a>) -> impl Iterator<Item = &'a Domain> {
    let domains = view.store.domains(pool).value().into_iter().flatten();
    domains.filter(|domain| domain.custom)
}

/// The DNS look-ups that the rules need.
pub fn look_ups(pool: &PoolId, view: &View) -> Vec<Query> {
    custom_domains(pool, view)
        .map(|domain| Query::DnsRecord(pool.clone(), domain.name.clone()))
        .collect()
}

/// The queries to Secrets Manager about the described clients, or about one of them.
pub fn managed_secrets(pool: &PoolId, client: Option<&ClientId>, view: &View) -> Vec<Query> {
    let listed = view.store.clients(pool).partial().iter();
    let ids = listed.map(|listed| &listed.id).chain(client);
    let wanted = ids.filter(|id| client.is_none_or(|client| client == *id));
    let mut queries: Vec<Query> = wanted
        .flat_map(|id| client_secret::queries(view.store.client(pool, id).value(), view))
        .collect();
    queries.dedup();
    queries
}

/// Whether a query to Secrets Manager is pending or to be sent.
pub fn reads_managed(pool: &PoolId, client: Option<&ClientId>, view: &View) -> bool {
    let asked = |query: &Query| matches!(query, Query::ManagedSecret(of, _) if of == pool);
    view.store.in_flight().any(asked) || !managed_secrets(pool, client, view).is_empty()
}

/// The fixes of a finding, and where each leads; none while the data that they need is not read.
pub fn fix_options(pool: &PoolId, finding: &Finding, view: &View) -> Vec<FixOption> {
    let Some(seen) = seen(pool, finding, view) else {
        return Vec::new();
    };
    let option = |fix: Fix| {
        let route = fix_route(fix, pool, finding, &seen, view)?;
        let label = fix.words().to_owned();
        Some(FixOption { label, route })
    };
    let fixes = doctor::fixes_for(finding, &seen).into_iter();
    fixes.filter_map(option).collect()
}

fn fix_route(
    fix: Fix,
    pool: &PoolId,
    finding: &Finding,
    seen: &FixContext,
    view: &View,
) -> Option<Route> {
    let client = finding.subject.client();
    let fix_client = || {
        let described = described(pool, client?, view)?;
        doctor::fix_client(fix, finding, seen, &found(pool, view)?, &described)
    };
    Some(match fix.by() {
        FixedBy::Plan | FixedBy::ClientForm => match fix_client() {
            Some(ClientFix::Plan(plan)) => Route::Plan(PlanRequest { plan: *plan }),
            Some(ClientFix::Choose { fixes, setting }) => {
                Route::FixClient(pool.clone(), client?.clone(), fixes, setting)
            }
            None => {
                let plan = doctor::plan_fix(fix, finding, seen)?;
                Route::Plan(PlanRequest { plan })
            }
        },
        FixedBy::DomainForm => Route::NewDomain(pool.clone()),
        FixedBy::Rotation => Route::Rotate(pool.clone(), client?.clone()),
    })
}

/// The fixes that remove all findings of one rule, or as many of them as one plan can: a fix of their common cause, and plans that
/// delete nothing. Slow with many findings.
pub fn fixes_of_all(pool: &PoolId, all: &[Finding], view: &View) -> Vec<FixOption> {
    let Some(first) = all.first() else {
        return Vec::new();
    };
    let option = |fix: Fix| {
        if fix.by() == FixedBy::DomainForm {
            return Some(FixOption {
                label: fix.words().to_owned(),
                route: Route::NewDomain(pool.clone()),
            });
        }
        let plans = all.iter().filter_map(|finding| {
            let seen = seen(pool, finding, view)?;
            match fix_route(fix, pool, finding, &seen, view)? {
                Route::Plan(PlanRequest { plan }) => Some(plan),
                _ => None,
            }
        });
        // What cannot be undone is decided one by one.
        let plans = plans.filter(|plan| !plan.steps.iter().any(Step::is_dangerous));
        let (plan, count) = Plan::combined(plans)?;
        let of = if count == all.len() {
            format!("all {count}")
        } else {
            format!("{count} of {}", all.len())
        };
        Some(FixOption {
            label: format!("{}: {of}", fix.words()),
            route: Route::Plan(PlanRequest { plan }),
        })
    };
    let fixes = first.rule.fixes.options().iter().copied();
    let fixes = fixes.filter(|fix| fix.is_for_several());
    fixes.filter_map(option).collect()
}

/// Why the console cannot fix findings of one rule together; quick, so that it can be asked for each frame.
pub fn not_together(first: &Finding, view: &View) -> Option<String> {
    let together = |fix: &Fix| fix.is_for_several();
    let enter = view.keys.label(Action::Enter);
    match first.rule.fixes {
        FixOptions::Elsewhere(how) => Some(how.to_owned()),
        FixOptions::Here(fixes) if fixes.iter().any(together) => None,
        FixOptions::Here(_) => Some(one_by_one(enter)),
    }
}

/// No plan fits several findings.
pub fn one_by_one(enter: &str) -> String {
    format!("Each needs a fix of its own: {enter} lists them")
}

/// Why the console cannot fix a finding.
pub fn by_hand(pool: &PoolId, finding: &Finding, view: &View) -> Option<String> {
    if let FixOptions::Elsewhere(how) = finding.rule.fixes {
        return Some(format!("{} {how}", finding.fix));
    }
    if !fix_options(pool, finding, view).is_empty() {
        return None;
    }
    let store = view.store;
    let unread = store.pool(pool).known().err();
    Some(match unread.or(store.servers(pool).complete().err()) {
        // An update drops scopes that no server defines: with half the list it would drop too many.
        Some(unread) => load_states::refusal(unread, "what the fix needs"),
        None => format!("No fix available: {}", finding.fix),
    })
}

/// What a fix is planned from; `None` while it is not all read.
fn seen<'a>(pool: &PoolId, finding: &Finding, view: &View<'a>) -> Option<FixContext<'a>> {
    let store = view.store;
    let client = finding.subject.client();
    Some(FixContext {
        pool: store.pool(pool).value()?,
        // A finding about a domain proves that domains are read; no other fix needs them.
        domains: store.domains(pool).value().map_or(&[], Vec::as_slice),
        servers: store.servers(pool).complete().ok()?,
        client: client.and_then(|id| store.client(pool, id).value()),
        secrets: client.map_or(ListedSecrets::NotRead, |id| store.listed_secrets(pool, id)),
    })
}

fn found<'a>(pool: &PoolId, view: &View<'a>) -> Option<PoolSnapshot<'a>> {
    let store = view.store;
    let mut found = PoolSnapshot::new(store.pool(pool).value()?, view.now);
    for domain in custom_domains(pool, view) {
        if let Some(record) = store.dns_record(pool, &domain.name).value() {
            found.records.push((&domain.name, *record));
        }
    }
    found.limits = view.session.limits;
    found.domains = store.domains(pool).value().map(Vec::as_slice);
    found.servers = store.servers(pool).complete().ok();
    found.listed = store.clients(pool).complete().ok();
    found.names = found.listed.and_then(|_| store.client_names(pool));
    Some(found)
}

fn described<'a>(pool: &PoolId, client: &ClientId, view: &View<'a>) -> Option<ClientSnapshot<'a>> {
    let described = view.store.client(pool, client).value()?;
    Some(ClientSnapshot {
        client: described,
        secrets: view.store.listed_secrets(pool, client),
        managed: match &described.secret {
            DescribedSecret::Managed(arn) => view.store.managed_secret(pool, arn).value(),
            DescribedSecret::Shown | DescribedSecret::Absent => None,
        },
    })
}

/// How many clients are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadProgress {
    /// Clients listed so far.
    pub all: usize,
    /// Settings and secrets are read.
    pub read: usize,
    /// Settings could not be read.
    pub no_settings: usize,
    /// Settings are read; secrets could not be.
    pub no_secrets: usize,
    /// Of those read: Secrets Manager did not describe the managed secret.
    pub no_rotation: usize,
    /// Of those read: what Secrets Manager said of the managed secret could not be read again.
    pub old_rotation: usize,
    /// The list is loading.
    pub listing: bool,
}

impl ReadProgress {
    /// Of a whole pool, or of one client.
    pub fn of(pool: &PoolId, client: Option<&ClientId>, view: &View) -> Self {
        let mut progress = Self::default();
        if let Some(id) = client {
            progress.count(pool, id, view);
            return progress;
        }
        let load = view.store.clients(pool);
        progress.listing = matches!(load.complete(), Err(NotLoaded::Coming));
        for listed in load.partial() {
            progress.count(pool, &listed.id, view);
        }
        progress
    }

    fn count(&mut self, pool: &PoolId, id: &ClientId, view: &View) {
        self.all += 1;
        match view.store.client(pool, id) {
            // On a refresh it counts once it is read again.
            load if view.store.is_coming(pool, id, load) => {}
            Load::Ready(client) | Load::Stale(client) | Load::Partial(client, _) => {
                self.count_managed(client, view);
                match view.store.listed_secrets(pool, id) {
                    ListedSecrets::Read(_) => self.read += 1,
                    // Cognito lists none of these.
                    ListedSecrets::Unreadable { .. } if client.is_registered() => self.read += 1,
                    ListedSecrets::Unreadable { .. } => self.no_secrets += 1,
                    ListedSecrets::NotRead => {}
                }
            }
            Load::Failed(_) => self.no_settings += 1,
            Load::Missing | Load::Loading => {
                self.no_settings += usize::from(view.store.is_denied(pool, DetailKind::Client));
            }
        }
    }

    fn count_managed(&mut self, client: &AppClient, view: &View) {
        let Some(arn) = client.secret.arn() else {
            return;
        };
        let load = view.store.managed_secret(&client.pool, arn);
        self.no_rotation += usize::from(load.value().is_none() && load.error().is_some());
        let query = Query::ManagedSecret(client.pool.clone(), arn.to_owned());
        self.old_rotation += usize::from(view.store.is_stale(&query));
    }

    /// The progress on a whole pool, in words.
    pub fn words(&self, pool: &PoolId, view: &View) -> String {
        match view.store.clients(pool).complete() {
            Ok(_) => format!("{} of {} clients loaded", self.read, self.all),
            Err(NotLoaded::Coming) => "loading app clients".to_owned(),
            Err(NotLoaded::Failed(_)) => "app clients not loaded".to_owned(),
        }
    }

    /// Whether nothing is left to read.
    pub fn is_over(&self) -> bool {
        !self.listing && self.read + self.no_settings + self.no_secrets == self.all
    }
}

/// What was skipped because it could not be read, and what is out of date, in words.
pub fn unread(pool: &PoolId, progress: &ReadProgress, view: &View) -> Option<String> {
    let store = view.store;
    let mut parts = Vec::new();
    if store.domains(pool).error().is_some() {
        parts.push("domains".to_owned());
    }
    if store.servers(pool).error().is_some() {
        parts.push("resource servers".to_owned());
    }
    if store.clients(pool).error().is_some() {
        parts.push("app client list".to_owned());
    }
    let clients = |count: usize| counted(count, "app client");
    if progress.no_settings > 0 {
        parts.push(format!("settings of {}", clients(progress.no_settings)));
    }
    if progress.no_secrets > 0 {
        parts.push(format!("secret dates of {}", clients(progress.no_secrets)));
    }
    if progress.no_rotation > 0 {
        let secrets = counted(progress.no_rotation, "managed secret");
        parts.push(format!("rotation of {secrets}"));
    }
    let unknown = |domain: &Domain| {
        let record = store.dns_record(pool, &domain.name).value();
        record == Some(&DnsRecord::Unknown)
    };
    // Other endpoints than AWS have no domains in the DNS.
    let at_aws = view.session.endpoint.is_none();
    if at_aws && custom_domains(pool, view).any(unknown) {
        parts.push("custom domain DNS record".to_owned());
    }
    let skipped =
        (!parts.is_empty()).then(|| format!("Skipped (not readable): {}", parts.join(", ")));
    let old = old(pool, progress, view);
    let out_of_date =
        (!old.is_empty()).then(|| format!("Outdated (refresh failed): {}", old.join(", ")));
    let said: Vec<String> = skipped.into_iter().chain(out_of_date).collect();
    (!said.is_empty()).then(|| said.join(". "))
}

/// What could not be refreshed.
fn old(pool: &PoolId, progress: &ReadProgress, view: &View) -> Vec<String> {
    let store = view.store;
    let of_pool = [
        (Query::Pool(pool.clone()), "pool settings"),
        (Query::Domains(pool.clone()), "domains"),
        (Query::ResourceServers(pool.clone()), "resource servers"),
        (Query::Clients(pool.clone()), "app client list"),
    ];
    let of_pool = of_pool.into_iter();
    let of_pool = of_pool.filter(|(query, _)| store.is_stale(query));
    let details = [
        (DetailKind::Client, "settings of"),
        (DetailKind::Secrets, "secret dates of"),
    ];
    let details = details.into_iter().filter_map(|(detail, what)| {
        let count = store.stale_details(pool, detail);
        (count > 0).then(|| format!("{what} {}", counted(count, "app client")))
    });
    let rotation = (progress.old_rotation > 0).then(|| {
        let secrets = counted(progress.old_rotation, "managed secret");
        format!("rotation of {secrets}")
    });
    let record = look_ups(pool, view)
        .iter()
        .any(|query| store.is_stale(query));
    let record = record.then(|| "custom domain DNS record".to_owned());
    let words = of_pool.map(|(_, what)| what.to_owned());
    words.chain(details).chain(rotation).chain(record).collect()
}
