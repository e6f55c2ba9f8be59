//! The doctor on the sample account, read through the gateway as the console reads it.

use cognitui::cognito::Gateway;
use cognitui::domain::client::{AppClient, ClientSummary};
use cognitui::domain::doctor::{
    ClientSnapshot, Finding, FixContext, PoolSnapshot, RuleId, Severity, diagnose,
};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::pool::{Domain, UserPool};
use cognitui::domain::resource_server::ResourceServer;
use cognitui::domain::secret::{ListedSecrets, SecretDescriptor};
use cognitui::domain::time::Timestamp;

use crate::sandbox::Demo;

/// Everything that the gateway reads of a pool.
pub struct Read {
    pub pool: UserPool,
    pub domains: Vec<Domain>,
    pub servers: Vec<ResourceServer>,
    pub listed: Vec<ClientSummary>,
    pub clients: Vec<(AppClient, Vec<SecretDescriptor>)>,
}

impl Read {
    async fn pool(name: &str) -> Self {
        let demo = Demo::start().await;
        let pools = demo.pools().await;
        let id = &pools.iter().find(|pool| pool.name == name).unwrap().id;
        Self::of(&demo.gateway, id).await
    }

    pub async fn of(gateway: &Gateway, id: &PoolId) -> Self {
        let pool = gateway.pool(id).await.unwrap();
        let listed = gateway.clients(id, None).await.unwrap().items;
        let mut clients = Vec::new();
        for client in &listed {
            let described = gateway.client(id, &client.id).await.unwrap();
            let secrets = gateway.secrets(id, &client.id).await.unwrap();
            clients.push((described, secrets));
        }
        Self {
            domains: gateway.domains(&pool).await.unwrap(),
            servers: gateway.resource_servers(id, None).await.unwrap().items,
            pool,
            listed,
            clients,
        }
    }

    pub fn findings(&self) -> Vec<Finding> {
        self.judged(None, |found, _, _| diagnose(found))
    }

    /// What `judge` makes of the pool, and of one client of it.
    pub fn judged<T>(
        &self,
        client: Option<&ClientId>,
        judge: impl FnOnce(&PoolSnapshot, &FixContext, Option<&ClientSnapshot>) -> T,
    ) -> T {
        let clients: Vec<ClientSnapshot> = self
            .clients
            .iter()
            .map(|(client, secrets)| ClientSnapshot {
                client,
                secrets: ListedSecrets::Read(secrets),
                managed: None,
            })
            .collect();
        let mut found =
            PoolSnapshot::new(&self.pool, Timestamp::from(std::time::SystemTime::now()));
        found.domains = Some(&self.domains);
        found.servers = Some(&self.servers);
        found.listed = Some(&self.listed);
        found.clients = &clients;
        let described = clients.iter().find(|one| Some(&one.client.id) == client);
        let seen = FixContext {
            pool: &self.pool,
            domains: &self.domains,
            servers: &self.servers,
            client: described.map(|described| described.client),
            secrets: described.map_or(ListedSecrets::NotRead, |described| described.secrets),
        };
        judge(&found, &seen, described)
    }

    /// Returns rule and subject of each finding that is more than a hint, in order.
    fn faults(&self) -> Vec<(&'static str, String)> {
        let findings = self.findings().into_iter();
        findings
            .filter(|finding| finding.rule.severity != Severity::Hint)
            .map(|finding| (finding.rule.id.as_str(), finding.subject.name().to_owned()))
            .collect()
    }
}

fn owned(expected: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let expected = expected.iter();
    expected
        .map(|(rule, subject)| (*rule, (*subject).to_owned()))
        .collect()
}

#[tokio::test]
async fn nothing_is_found_in_the_healthy_pool() {
    let read = Read::pool("acme-platform-prod").await;
    assert_eq!(read.findings(), []);
}

#[tokio::test]
async fn every_mistake_planted_in_staging_is_found_and_no_other() {
    let read = Read::pool("acme-platform-staging").await;
    let trigger = "arn:aws:lambda:eu-west-1:123456789012:function:staging-token-claims";
    assert_eq!(
        read.faults(),
        owned(&[
            ("oauth-off", "billing-export"),
            ("inactive-scopes", "invoice-sync"),
            ("public-machine", "batch-client-credentials"),
            ("sign-in-flows", "support-console"),
            ("secret-old", "old-batch"),
            ("secret-old", "warehouse-sync"),
            ("rotation-unfinished", "old-batch"),
            ("token-short", "price-poller"),
            ("token-long", "nightly-report"),
            ("namesakes", "orders-worker"),
            ("namesakes", "orders-worker"),
            ("deletion-unprotected", ""),
            ("trigger-never-fires", trigger),
        ])
    );
}

#[tokio::test]
async fn a_pool_without_a_domain_has_one_client_that_gets_no_token() {
    let read = Read::pool("iot-device-gateway").await;
    assert_eq!(
        read.faults(),
        owned(&[
            ("no-token-source", "telemetry-reader"),
            ("deletion-unprotected", ""),
        ])
    );
}

#[tokio::test]
async fn a_trigger_that_changes_scopes_is_a_hint() {
    let read = Read::pool("data-platform-prod").await;
    assert_eq!(read.faults(), []);
    let findings = read.findings();
    assert!(
        findings
            .iter()
            .any(|finding| finding.rule.id == RuleId::TriggerChangesScopes),
        "{findings:#?}"
    );
}
