//! Each rule on a set-up that has the fault, and on one that just has not.

mod cases;
mod fixes;

use crate::domain::secret::{DescribedSecret, ListedSecrets, ManagedSecret};
use cases::CASES;

use super::{
    ClientSnapshot, Finding, Judged, PoolSnapshot, RULES, Severity, Subject, diagnose,
    diagnose_client, tally,
};
use crate::domain::client::tests::client;
use crate::domain::client::{AppClient, ClientSummary, TimeUnit, Validity};
use crate::domain::ids::ClientId;
use crate::domain::oauth::endpoints::tests::pool;
use crate::domain::pool::{DnsRecord, Domain, PreTokenTrigger, UserPool};
use crate::domain::resource_server::{ResourceServer, Scope};
use crate::domain::scope::ScopeName;
use crate::domain::secret::SecretDescriptor;
use crate::domain::time::Timestamp;

const DAY: i64 = 86_400;

fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000)
}

/// A pool with one server and two clients, which a test spoils.
struct Setup {
    pool: UserPool,
    domains: Vec<Domain>,
    servers: Vec<ResourceServer>,
    clients: Vec<AppClient>,
    secrets: Vec<SecretDescriptor>,
    /// Whether domains, servers and the list of clients were read.
    read: bool,
    /// Listed clients that were not described.
    undescribed: Vec<ClientSummary>,
    /// What the DNS says of the last domain.
    record: Option<DnsRecord>,
    /// What Secrets Manager says of the reader's secret.
    managed: Option<ManagedSecret>,
}

impl Setup {
    fn healthy() -> Self {
        let mut pool = pool("eu-west-1_A", Some("team"), None);
        pool.deletion_protection = Some(true);
        pool.tier = Some("ESSENTIALS".to_owned());
        let mut reader = client(&["orders/read"]);
        reader.id = ClientId::new("reader");
        reader.settings.name = "reader".to_owned();
        let mut writer = client(&["orders/write"]);
        writer.id = ClientId::new("writer");
        writer.settings.name = "writer".to_owned();
        Self {
            pool,
            domains: vec![Domain {
                name: "team".to_owned(),
                status: Some("ACTIVE".to_owned()),
                managed_login_version: Some(1),
                ..Domain::default()
            }],
            servers: vec![server("orders", &["read", "write"])],
            clients: vec![reader, writer],
            secrets: vec![secret(90)],
            read: true,
            undescribed: vec![],
            record: None,
            managed: None,
        }
    }

    fn findings(&self) -> Vec<Finding> {
        self.with(diagnose)
    }

    fn limited(&self, limits: super::Limits) -> Vec<Finding> {
        self.seen(limits, diagnose)
    }

    fn with<T>(&self, look: impl FnOnce(&PoolSnapshot) -> T) -> T {
        self.seen(super::Limits::default(), look)
    }

    fn seen<T>(&self, limits: super::Limits, look: impl FnOnce(&PoolSnapshot) -> T) -> T {
        let clients: Vec<ClientSnapshot> = self
            .clients
            .iter()
            .map(|client| ClientSnapshot {
                client,
                secrets: ListedSecrets::Read(&self.secrets),
                managed: match client.secret {
                    DescribedSecret::Managed(_) => self.managed.as_ref(),
                    _ => None,
                },
            })
            .collect();
        let listed: Vec<ClientSummary> = self
            .clients
            .iter()
            .map(|client| ClientSummary {
                id: client.id.clone(),
                name: client.settings.name.clone(),
            })
            .chain(self.undescribed.iter().cloned())
            .collect();
        let mut found = PoolSnapshot::new(&self.pool, now());
        found.clients = &clients;
        found.limits = limits;
        let custom = self.domains.last().zip(self.record);
        found.records = custom
            .map(|(domain, record)| (domain.name.as_str(), record))
            .into_iter()
            .collect();
        if self.read {
            found.domains = Some(&self.domains);
            found.servers = Some(&self.servers);
            found.listed = Some(&listed);
        }
        look(&found)
    }

    /// Secrets Manager holds the reader's secret, in good order but for what `change` does.
    fn manage(&mut self, change: impl FnOnce(&mut ManagedSecret)) {
        let mut managed = ManagedSecret {
            arn: "arn:aws:secretsmanager:eu-west-1:1:secret:reader".to_owned(),
            rotates: Some(true),
            ..ManagedSecret::default()
        };
        change(&mut managed);
        self.reader().secret = DescribedSecret::Managed(managed.arn.clone());
        self.managed = Some(managed);
    }

    /// Everything that could tell of a secret says that there is none.
    fn without_secret(&mut self) {
        self.reader().secret = DescribedSecret::Absent;
        self.secrets.clear();
    }

    /// The client that most tests spoil.
    fn reader(&mut self) -> &mut AppClient {
        &mut self.clients[0]
    }
}

fn server(identifier: &str, scopes: &[&str]) -> ResourceServer {
    ResourceServer {
        identifier: identifier.to_owned(),
        name: format!("{identifier} API"),
        scopes: scopes
            .iter()
            .map(|name| Scope {
                name: (*name).to_owned(),
                description: "what it is for".to_owned(),
            })
            .collect(),
        ..ResourceServer::default()
    }
}

fn secret(days: i64) -> SecretDescriptor {
    SecretDescriptor {
        id: format!("reader--{days}"),
        created: Some(days_ago(days)),
    }
}

fn days_ago(days: i64) -> Timestamp {
    Timestamp::from_seconds(now().seconds() - days * DAY)
}

fn scopes(names: &[&str]) -> Vec<ScopeName> {
    names.iter().map(|name| ScopeName::new(*name)).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn minutes(value: i32) -> Validity {
    Validity {
        value,
        unit: TimeUnit::Minutes,
    }
}

fn trigger(version: &str) -> PreTokenTrigger {
    PreTokenTrigger {
        version: version.to_owned(),
        arn: "arn:aws:lambda:eu-west-1:123456789012:function:claims".to_owned(),
    }
}

fn id(finding: &Finding) -> &'static str {
    finding.rule.id.as_str()
}

fn of_rule(findings: &[Finding], rule: &str) -> Vec<Finding> {
    let of = findings.iter().filter(|finding| id(finding) == rule);
    of.cloned().collect()
}

#[test]
fn a_healthy_set_up_has_no_finding() {
    assert_eq!(Setup::healthy().findings(), []);
}

#[test]
fn every_rule_finds_its_fault_and_nothing_where_there_is_none() {
    for (rule, spoil, seen, come_close) in CASES {
        let mut spoilt = Setup::healthy();
        spoil(&mut spoilt);
        let findings = of_rule(&spoilt.findings(), rule);
        assert!(
            findings.iter().any(|finding| finding.seen.contains(seen)),
            "{rule} does not see its fault: {findings:#?}"
        );
        let mut close = Setup::healthy();
        come_close(&mut close);
        assert_eq!(of_rule(&close.findings(), rule), [], "{rule}");
    }
}

#[test]
fn every_rule_has_a_case_and_an_id_of_its_own() {
    let mut rules: Vec<&str> = RULES.iter().map(|rule| rule.id.as_str()).collect();
    let mut cases: Vec<&str> = CASES.iter().map(|(rule, ..)| *rule).collect();
    rules.sort_unstable();
    cases.sort_unstable();
    assert_eq!(rules, cases);
    rules.dedup();
    assert_eq!(rules.len(), RULES.len());
}

#[test]
fn findings_are_sentences() {
    let mut all = Vec::new();
    for (_, spoil, ..) in CASES {
        let mut setup = Setup::healthy();
        spoil(&mut setup);
        all.extend(setup.findings());
    }
    for finding in all {
        for text in [finding.rule.why, &finding.fix] {
            assert!(text.ends_with('.'), "{finding}");
            assert!(!text.contains("  "), "{finding}");
        }
        assert!(!finding.seen.ends_with('.'), "{finding}");
        assert!(!finding.rule.title.ends_with('.'), "{finding}");
    }
}

#[test]
fn the_worst_comes_first() {
    let mut setup = Setup::healthy();
    setup.reader().settings.callback_urls = words(&["https://localhost"]);
    setup.pool.deletion_protection = Some(false);
    setup.clients[1].settings.oauth_enabled = false;
    let findings = setup.findings();
    let order: Vec<&str> = findings.iter().map(id).collect();
    assert_eq!(
        order,
        ["oauth-off", "deletion-unprotected", "callback-urls"]
    );
    assert_eq!(
        tally(findings.iter().map(|finding| finding.rule.severity)).unwrap(),
        "1 error · 1 warning · 1 hint"
    );
    assert_eq!(tally([].into_iter()), None);
}

#[test]
fn a_client_is_concerned_by_its_own_faults_and_by_what_all_share() {
    let mut setup = Setup::healthy();
    setup.pool.pre_token_trigger = Some(trigger("V3_0"));
    setup.pool.deletion_protection = Some(false);
    setup.domains[0].status = Some("FAILED".to_owned());
    setup.reader().settings.oauth_enabled = false;
    setup.clients[1].settings.access_token = minutes(5);
    let concerned = |client: &str| {
        let client = ClientId::new(client);
        let findings = setup.findings().into_iter();
        let of_client = findings.filter(|finding| finding.subject.concerns(&client));
        of_client.map(|finding| id(&finding)).collect::<Vec<_>>()
    };
    assert_eq!(
        concerned("reader"),
        ["oauth-off", "domain-not-active", "trigger-changes-scopes"]
    );
    assert_eq!(
        concerned("writer"),
        ["domain-not-active", "token-short", "trigger-changes-scopes"]
    );
    let alone = setup.with(|found| diagnose_client(found, &found.clients[0]));
    assert_eq!(alone, of_rule(&setup.findings(), "oauth-off"));
}

#[test]
fn a_client_alone_is_judged_as_among_all() {
    for (rule, spoil, ..) in CASES {
        let mut setup = Setup::healthy();
        spoil(&mut setup);
        let alone = setup.with(|found| diagnose_client(found, &found.clients[0]));
        let mut among_all = setup.findings();
        among_all.retain(|finding| finding.subject.client() == Some(&setup.clients[0].id));
        assert_eq!(alone, among_all, "{rule}");
    }
}

#[test]
fn thresholds_can_be_configured() {
    let mut setup = Setup::healthy();
    setup.secrets = vec![secret(100), secret(20)];
    setup.reader().settings.access_token = minutes(30);
    assert_eq!(setup.findings(), []);
    let strict = super::Limits {
        secret_days: 99,
        both_slots_days: 19,
        token_min: 31 * 60,
        token_max: 59 * 60,
    };
    let findings = setup.limited(strict);
    let rules: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.subject.name() == "reader")
        .map(id)
        .collect();
    assert_eq!(rules, ["secret-old", "rotation-unfinished", "token-short"]);
    assert_ne!(of_rule(&findings, "token-long"), []);
    let old = of_rule(&findings, "secret-old");
    assert!(old[0].seen.contains("more than 99 days"), "{}", old[0].seen);
}

#[test]
fn a_scope_in_the_wrong_spelling_is_told_the_right_one() {
    for wrong in ["Orders/read", "orders/READ", "orders API/read"] {
        let mut setup = Setup::healthy();
        setup.reader().settings.scopes = scopes(&[wrong]);
        let findings = of_rule(&setup.findings(), "inactive-scopes");
        let fix = &findings[0].fix;
        assert!(fix.contains(&format!("orders/read for {wrong}")), "{fix}");
    }
}

#[test]
fn what_was_not_read_is_not_judged() {
    let mut setup = Setup::healthy();
    setup.read = false;
    setup.domains[0].status = Some("FAILED".to_owned());
    setup.reader().settings.scopes = scopes(&["gone/gone"]);
    setup.clients[1].settings.name = "reader".to_owned();
    assert_eq!(setup.findings(), []);
    setup.secrets = vec![
        SecretDescriptor {
            id: "undated".to_owned(),
            created: None,
        },
        secret(90),
    ];
    assert_eq!(setup.findings(), [], "the undated secret may be a new one");
}

#[test]
fn a_copied_finding_says_everything() {
    let mut setup = Setup::healthy();
    setup.reader().settings.oauth_enabled = false;
    let text = setup.findings()[0].to_string();
    for words in [
        "(oauth-off)\n",
        "On:     app client reader (reader)\n",
        "Seen:   AllowedOAuthFlowsUserPoolClient false",
        "\nWhy:    ",
        "\nChange: ",
    ] {
        assert!(text.contains(words), "{text}");
    }
    setup.reader().settings.name = "reader\nerror: forged".to_owned();
    let text = setup.findings()[0].to_string();
    assert_eq!(text.lines().count(), 5, "{text}");
    assert_eq!(Subject::Pool.to_string(), "user pool");
    assert_eq!(Severity::Error.counted(2), "2 errors");
}

#[test]
fn a_check_counts_as_made_if_all_that_it_looks_at_was_read() {
    let words = |setup: &Setup, client: Option<&str>| {
        let client = client.map(ClientId::new);
        setup.with(|found| Judged::of(found, client.as_ref()).words())
    };
    let mut setup = Setup::healthy();
    assert_eq!(
        words(&setup, None),
        format!("{} checks passed", RULES.len())
    );
    assert_eq!(words(&setup, Some("reader")), "28 checks passed");
    setup.domains[0].custom = true;
    for (record, missed) in [
        (None, true),
        (Some(DnsRecord::Unknown), true),
        (Some(DnsRecord::Found), false),
    ] {
        setup.record = record;
        let said = words(&setup, None);
        let says = said == "32 checks passed; not checked: domain-without-record";
        assert_eq!(says, missed, "{said}");
    }
    setup.manage(|_| {});
    setup.managed = None;
    let off = "not checked: managed-rotation-off, managed-rotation-overdue";
    assert!(words(&setup, None).ends_with(off));
    assert!(words(&setup, Some("reader")).ends_with(off));
    assert_eq!(words(&setup, Some("writer")), "28 checks passed");

    let mut setup = Setup::healthy();
    setup.undescribed = vec![ClientSummary {
        id: ClientId::new("third"),
        name: "third".to_owned(),
    }];
    let said = words(&setup, None);
    for missed in ["dcr-quota", "unused-scope", "oauth-off", "secret-old"] {
        assert!(said.contains(missed), "{said}");
    }
    assert_eq!(words(&setup, Some("reader")), "28 checks passed");
}
