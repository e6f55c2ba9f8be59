//! Which rules were able to judge what was read, so that no report claims a check that was not made.

use super::rules::Check;
use super::{ClientSnapshot, PoolSnapshot, RULES, Rule, RuleId};
use crate::domain::ids::ClientId;
use crate::domain::pool::{DnsRecord, Domain};

/// What a rule reads besides its subject. Without it the rule reports nothing, which proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// The pool's `DeletionProtection`, which may be absent.
    DeletionProtection,
    /// The DNS records of the custom domains.
    DnsRecords,
    /// The resource servers.
    Servers,
    /// The names of all clients.
    ClientList,
    /// The settings of all clients.
    EveryClient,
    /// Whether a client has a secret, and where.
    SecretState,
    /// The dates of a client's secrets.
    SecretDates,
    /// A managed secret's settings in Secrets Manager.
    ManagedSecret,
}

/// Which rules were checked, and which were not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    checked: Vec<RuleId>,
    /// The rules that lacked something.
    missed: Vec<RuleId>,
}

impl Judged {
    /// Of a whole pool, or of what concerns `client`: rules about the pool and its scopes do not.
    #[must_use]
    pub fn of(found: &PoolSnapshot, client: Option<&ClientId>) -> Self {
        let Some(client) = client else {
            let clients = found.every_client();
            return Self::sort(found, clients, |_| true);
        };
        let mut clients = found.clients.chunks(1);
        let one = clients.find(|one| one.iter().all(|one| one.client.id == *client));
        Self::sort(found, one, |check| match check {
            Check::Pool(_) | Check::Scopes(_) => false,
            Check::Domains(_) | Check::Trigger(_) | Check::Clients(_) => true,
        })
    }

    /// Of the rules about single clients, on this one.
    #[must_use]
    pub fn of_client(found: &PoolSnapshot, client: &ClientSnapshot) -> Self {
        let clients = std::slice::from_ref(client);
        Self::sort(found, Some(clients), |check| {
            matches!(check, Check::Clients(_))
        })
    }

    fn sort(
        found: &PoolSnapshot,
        clients: Option<&[ClientSnapshot]>,
        concerns: impl Fn(&Check) -> bool,
    ) -> Self {
        let rules = RULES.iter().filter(|rule| concerns(&rule.check));
        let (checked, missed): (Vec<&Rule>, Vec<&Rule>) =
            rules.partition(|rule| rule.had_all(found, clients));
        let ids = |rules: Vec<&Rule>| rules.into_iter().map(|rule| rule.id).collect();
        Self {
            checked: ids(checked),
            missed: ids(missed),
        }
    }

    /// The rules that were checked.
    #[must_use]
    pub fn checked(&self) -> &[RuleId] {
        &self.checked
    }

    /// The rules that lacked something.
    #[must_use]
    pub fn missed(&self) -> &[RuleId] {
        &self.missed
    }

    /// Whether every rule had all that it checks.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missed.is_empty()
    }

    /// `31 checks passed`, and the rules that could not be checked; of a report without findings.
    #[must_use]
    pub fn words(&self) -> String {
        let passed = format!("{} checks passed", self.checked.len());
        if self.is_complete() {
            return passed;
        }
        let missed: Vec<&str> = self.missed.iter().map(|rule| rule.as_str()).collect();
        format!("{passed}; not checked: {}", missed.join(", "))
    }
}

impl Rule {
    /// Whether all that the rule checks was read. `clients`: those that the report is about; `None` unless all are described.
    fn had_all(&self, found: &PoolSnapshot, clients: Option<&[ClientSnapshot]>) -> bool {
        let has_subject = match self.check {
            Check::Trigger(_) if found.pool.pre_token_trigger.is_none() => return true,
            Check::Pool(_) | Check::Scopes(_) | Check::Trigger(_) => true,
            Check::Domains(_) => found.domains.is_some(),
            Check::Clients(_) => clients.is_some(),
        };
        has_subject && self.needs.iter().all(|need| need.is_met(found, clients))
    }
}

impl Need {
    fn is_met(self, found: &PoolSnapshot, clients: Option<&[ClientSnapshot]>) -> bool {
        let each = |is_read: fn(&ClientSnapshot) -> bool| {
            clients.is_some_and(|clients| clients.iter().all(is_read))
        };
        match self {
            Self::DeletionProtection => found.pool.deletion_protection.is_some(),
            Self::DnsRecords => found.domains.is_some_and(|domains| {
                let mut custom = domains.iter().filter(|domain| domain.custom);
                custom.all(|domain| is_looked_up(found, domain))
            }),
            Self::Servers => found.servers.is_some(),
            Self::ClientList => found.listed.is_some(),
            Self::EveryClient => clients.is_some(),
            // Cognito lists no secrets of a client that registered itself: there is nothing else to read.
            Self::SecretState => {
                each(|one| one.secret().exists().is_some() || one.client.is_registered())
            }
            // Secrets Manager rotates a managed secret, whatever Cognito lists.
            Self::SecretDates => each(|one| {
                one.listed().is_some()
                    || one.client.is_registered()
                    || one.client.secret.arn().is_some()
            }),
            Self::ManagedSecret => {
                each(|one| one.client.secret.arn().is_none() || one.managed.is_some())
            }
        }
    }
}

fn is_looked_up(found: &PoolSnapshot, domain: &Domain) -> bool {
    let mut records = found.records.iter();
    records.any(|(name, record)| *name == domain.name && *record != DnsRecord::Unknown)
}
