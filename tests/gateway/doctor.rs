//! The doctor on the sample account, read through the gateway as the console reads it.

use std::sync::Arc;

use cognitui::cognito::Gateway;
use cognitui::domain::client::{AppClient, ClientSummary};
use cognitui::domain::doctor::{ClientSnapshot, Finding, PoolSnapshot, RuleId, Severity, diagnose};
use cognitui::domain::pool::{Domain, UserPool};
use cognitui::domain::resource_server::ResourceServer;
use cognitui::domain::secret::{ListedSecrets, SecretDescriptor};
use cognitui::domain::time::Timestamp;
use cognitui::sandbox::{Options, Sandbox};

use crate::stub::target;

/// All that the gateway tells of a pool.
struct Read {
    pool: UserPool,
    domains: Vec<Domain>,
    servers: Vec<ResourceServer>,
    listed: Vec<ClientSummary>,
    clients: Vec<(AppClient, Vec<SecretDescriptor>)>,
}

impl Read {
    async fn pool(name: &str) -> Self {
        let sandbox = Sandbox::start(Options {
            sample: true,
            ..Options::default()
        })
        .await
        .unwrap();
        let gateway = Gateway::connect(target(&sandbox.url()), Arc::new(|_| {}))
            .await
            .unwrap();
        let pools = gateway.pools(None).await.unwrap().items;
        let id = &pools.iter().find(|pool| pool.name == name).unwrap().id;
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

    fn findings(&self) -> Vec<Finding> {
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
        diagnose(&found)
    }

    /// Rule and subject of each finding that is more than a hint, in order.
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
