//! Domains: created, changed without losing their configuration, deleted, and their owner.

use cognitui::cognito::ErrorKind;
use cognitui::domain::ids::PoolId;
use cognitui::domain::pool::{Domain, Failover, NewDomain, NewPool};
use serde_json::json;

use crate::sandbox::Demo;
use crate::stub::Stub;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/one";
const ANOTHER: &str = "arn:aws:acm:us-east-1:123456789012:certificate/two";

fn prefix(name: &str) -> NewDomain {
    NewDomain {
        name: name.to_owned(),
        certificate_arn: None,
        managed_login_version: Some(2),
    }
}

fn custom(name: &str) -> NewDomain {
    NewDomain {
        certificate_arn: Some(CERTIFICATE.to_owned()),
        managed_login_version: None,
        ..prefix(name)
    }
}

/// Returns the current state of a domain.
async fn seen(demo: &Demo, name: &str) -> Domain {
    let owner = demo.gateway.domain_owner(name).await.unwrap();
    owner.unwrap().domain
}

async fn pool(demo: &Demo) -> PoolId {
    let new = NewPool {
        name: "machines".to_owned(),
        ..NewPool::default()
    };
    demo.gateway.create_pool(&new).await.unwrap().id
}

#[tokio::test]
async fn both_kinds_are_made_found_and_deleted() {
    let demo = Demo::start().await;
    let (gateway, pool) = (&demo.gateway, pool(&demo).await);
    assert_eq!(gateway.domain_owner("machines-x7").await.unwrap(), None);
    for new in [prefix("machines-x7"), custom("auth.machines.example.com")] {
        let made = gateway.create_domain(&pool, &new).await.unwrap();
        let owner = gateway.domain_owner(&new.name).await.unwrap().unwrap();
        assert_eq!(owner.pool.as_ref(), Some(&pool));
        assert_eq!(owner.account.as_deref(), Some("123456789012"));
        assert_eq!(owner.domain.status.as_deref(), Some("ACTIVE"));
        // The answer to the creation tells all but the status.
        let expected = Domain {
            status: None,
            ..owner.domain
        };
        assert_eq!(made, expected);
        assert_eq!(made.custom, new.certificate_arn.is_some());
        assert_eq!(made.cloudfront.is_some(), made.custom);
    }
    let taken = gateway
        .create_domain(&pool, &prefix("machines-x7"))
        .await
        .unwrap_err();
    assert_eq!(taken.kind, ErrorKind::Conflict, "{taken:?}");
    for name in ["machines-x7", "auth.machines.example.com"] {
        gateway.delete_domain(&pool, name).await.unwrap();
        assert_eq!(gateway.domain_owner(name).await.unwrap(), None);
    }
    let gone = gateway.delete_domain(&pool, "machines-x7").await;
    assert_eq!(gone.unwrap_err().operation, "DeleteUserPoolDomain");
}

#[tokio::test]
async fn a_change_keeps_what_it_is_not_about() {
    let demo = Demo::start().await;
    let (gateway, pool) = (&demo.gateway, pool(&demo).await);
    let name = "auth.machines.example.com";
    gateway.create_domain(&pool, &custom(name)).await.unwrap();
    let told = async || {
        let domain = gateway.domain_owner(name).await.unwrap().unwrap().domain;
        (
            domain.certificate_arn.unwrap(),
            domain.managed_login_version.unwrap(),
        )
    };
    assert_eq!(told().await, (CERTIFICATE.to_owned(), 1));
    let first = seen(&demo, name).await;
    gateway
        .update_domain(&pool, &first, None, Some(2))
        .await
        .unwrap();
    assert_eq!(told().await, (CERTIFICATE.to_owned(), 2));
    let late = gateway
        .update_domain(&pool, &first, Some(ANOTHER), None)
        .await
        .unwrap_err();
    assert_eq!(late.kind, ErrorKind::Changed);
    assert_eq!(told().await, (CERTIFICATE.to_owned(), 2));
    let second = seen(&demo, name).await;
    gateway
        .update_domain(&pool, &second, Some(ANOTHER), None)
        .await
        .unwrap();
    assert_eq!(told().await, (ANOTHER.to_owned(), 2));
    let nobody = Domain {
        name: "nobody-has-it".to_owned(),
        ..second
    };
    let absent = gateway
        .update_domain(&pool, &nobody, None, Some(2))
        .await
        .unwrap_err();
    assert_eq!(absent.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn policy_and_routing_are_sent_back_with_a_new_certificate() {
    let stub = Stub::start(|call, _| {
        let described = json!({"DomainDescription": {
            "Domain": "auth.example.com",
            "UserPoolId": "eu-west-1_A",
            "ManagedLoginVersion": 2,
            "CustomDomainConfig": {"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_3_2025"},
            "Routing": {"Failover": {"PrimaryRoute53HealthCheckId": "h-1", "SecondaryRegion": "eu-central-1"}},
        }});
        match call.operation.as_str() {
            "DescribeUserPoolDomain" => (200, described.to_string()),
            _ => (200, "{}".to_owned()),
        }
    })
    .await;
    let gateway = stub.gateway().await;
    let owner = gateway.domain_owner("auth.example.com").await.unwrap();
    let seen = owner.unwrap().domain;
    assert_eq!(seen.security_policy.as_deref(), Some("TLS_V1_3_2025"));
    let failover = Failover {
        secondary_region: "eu-central-1".to_owned(),
        health_check: "h-1".to_owned(),
    };
    assert_eq!(seen.failover, Some(failover));
    gateway
        .update_domain(&PoolId::new("eu-west-1_A"), &seen, Some(ANOTHER), None)
        .await
        .unwrap();
    assert_eq!(
        stub.calls()[2].json(),
        json!({
            "Domain": "auth.example.com",
            "UserPoolId": "eu-west-1_A",
            "ManagedLoginVersion": 2,
            "CustomDomainConfig": {"CertificateArn": ANOTHER, "SecurityPolicy": "TLS_V1_3_2025"},
            "Routing": {"Failover": {"PrimaryRoute53HealthCheckId": "h-1", "SecondaryRegion": "eu-central-1"}},
        })
    );
}

#[tokio::test]
async fn a_prefix_domain_is_changed_without_a_certificate() {
    let demo = Demo::start().await;
    let (gateway, pool) = (&demo.gateway, pool(&demo).await);
    gateway
        .create_domain(&pool, &prefix("machines-x7"))
        .await
        .unwrap();
    let first = seen(&demo, "machines-x7").await;
    gateway
        .update_domain(&pool, &first, None, Some(1))
        .await
        .unwrap();
    let owner = gateway.domain_owner("machines-x7").await.unwrap().unwrap();
    assert_eq!(owner.domain.managed_login_version, Some(1));
    let refused = gateway
        .update_domain(&pool, &owner.domain, Some(CERTIFICATE), None)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Invalid, "{refused:?}");
}
