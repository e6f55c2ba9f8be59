//! The resources created, changed and deleted around the main job.

use std::collections::BTreeMap;

use aws_sdk_appsync::Client;
use aws_sdk_appsync::types::AuthenticationType;
use cognitui::cognito::ErrorKind;
use cognitui::domain::new_client::machine_auth_server;
use cognitui::domain::pool::{NewDomain, NewPool};
use cognitui::domain::resource_server::Scope;

use crate::peers::ministack::Ministack;
use crate::peers::{gateway, pool};

#[tokio::test]
async fn a_pool_with_a_domain_and_a_server_from_nothing_to_nothing() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let new = NewPool {
        name: "machines".to_owned(),
        admin_create_only: true,
        deletion_protection: true,
        tier: Some("ESSENTIALS".to_owned()),
        username_attributes: vec![],
        tags: BTreeMap::from([("team".to_owned(), "platform".to_owned())]),
    };
    let made = gateway.create_pool(&new).await.unwrap();
    assert_eq!(made.deletion_protection, Some(true));
    let seen = gateway.pool(&made.id).await.unwrap();
    assert_eq!((seen.name.as_str(), &seen.tags), ("machines", &new.tags));

    gateway.set_deletion_protection(&seen, false).await.unwrap();
    let unprotected = gateway.pool(&made.id).await.unwrap();
    assert_eq!(unprotected.deletion_protection, Some(false));
    assert_eq!((unprotected.name, unprotected.tags), (seen.name, seen.tags));

    let domain = NewDomain {
        name: "machines-x7".to_owned(),
        certificate_arn: None,
        managed_login_version: Some(1),
    };
    assert_eq!(gateway.domain_owner(&domain.name).await.unwrap(), None);
    gateway.create_domain(&made.id, &domain).await.unwrap();
    let owner = gateway.domain_owner(&domain.name).await.unwrap().unwrap();
    gateway
        .update_domain(&made.id, &owner.domain, None, Some(2))
        .await
        .unwrap();
    let owner = gateway.domain_owner(&domain.name).await.unwrap().unwrap();
    assert_eq!(owner.pool.as_ref(), Some(&made.id));
    assert_eq!(owner.domain.managed_login_version, Some(2));

    let server = machine_auth_server();
    let seen = gateway
        .create_resource_server(&made.id, &server)
        .await
        .unwrap();
    let changed = gateway
        .update_resource_server(&made.id, &seen, |server| {
            server.name = "Renamed".to_owned();
            server.scopes = vec![Scope {
                name: "audit".to_owned(),
                description: "Read the audit log".to_owned(),
            }];
        })
        .await
        .unwrap();
    assert_eq!(changed.name, "Renamed");
    assert_eq!(
        gateway.resource_server(&made.id, "api").await.unwrap(),
        changed
    );

    gateway.delete_domain(&made.id, &domain.name).await.unwrap();
    assert_eq!(gateway.domain_owner(&domain.name).await.unwrap(), None);
    gateway.delete_pool(&made.id).await.unwrap();
    let gone = gateway.pool(&made.id).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
}

/// The bare SDK, to make what the gateway only reads.
#[tokio::test]
async fn teams_graphql_api_is_found() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    assert_eq!(gateway.graph_endpoint(None).await.unwrap(), None);
    let mut url = None;
    for name in ["orders", "team-main-06dbb7fc"] {
        let call = Client::new(&ministack.config())
            .create_graphql_api()
            .name(name);
        let made = call
            .authentication_type(AuthenticationType::AmazonCognitoUserPools)
            .send()
            .await
            .unwrap();
        url = made.graphql_api.unwrap().uris.unwrap().remove("GRAPHQL");
    }
    assert_eq!(gateway.graph_endpoint(None).await.unwrap(), url);
    assert_eq!(
        gateway.graph_endpoint(Some("team-main-06dbb7fc")).await,
        Ok(url)
    );
}

/// An emulator describes what is not set as an empty text.
#[tokio::test]
async fn an_empty_value_is_none_and_every_client_can_be_edited() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let pool = pool(&ministack, &gateway, "edits").await;
    gateway
        .create_resource_server(&pool.id, &machine_auth_server())
        .await
        .unwrap();
    let sdk = ministack.sdk();
    for (name, secret) in [("bare", false), ("machine", true)] {
        sdk.create_user_pool_client()
            .user_pool_id(pool.id.as_str())
            .client_name(name)
            .generate_secret(secret)
            .send()
            .await
            .unwrap();
    }
    let made = gateway.clients(&pool.id, None).await.unwrap().items;
    assert_eq!(made.len(), 2);
    for summary in made {
        let client = gateway.client(&pool.id, &summary.id).await.unwrap();
        assert_eq!(client.settings.default_redirect_uri, None);
        for list in [&client.settings.callback_urls, &client.settings.logout_urls] {
            assert!(!list.iter().any(String::is_empty), "{list:?}");
        }
        let name = format!("{} renamed", client.settings.name);
        let updated = gateway
            .update_client(&client, |settings| settings.name.clone_from(&name))
            .await
            .unwrap();
        assert_eq!(updated.settings.name, name);
        assert_eq!(updated.settings.default_redirect_uri, None);
    }
}
