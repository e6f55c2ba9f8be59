//! The gateway against ministack, an emulator from another project: a mistake that both share is unlikely.

mod api;
mod lifecycle;
mod ministack;
mod plans;
mod regions;
mod secrets_manager;
mod start_cases;
mod starts;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cognitui::cognito::{Credentials, ErrorKind, Gateway, Target};
use cognitui::domain::client::{OAuthFlow, TimeUnit, Validity};
use cognitui::domain::explain::scope_diff;
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::new_client::{m2m, machine_auth, machine_auth_server};
use cognitui::domain::oauth::token::{ClientAuth, IssuedToken, TokenRequest, Verification};
use cognitui::domain::pool::UserPool;
use cognitui::domain::resource_server::Scope;
use cognitui::domain::scope::ScopeName;
use cognitui::domain::secret::DescribedSecret;
use ministack::Ministack;
use secrecy::{ExposeSecret, SecretString};

const HOUR: Validity = Validity {
    value: 1,
    unit: TimeUnit::Hours,
};

async fn gateway(ministack: &Ministack) -> Gateway {
    let target = Target {
        region: Some("eu-west-1".to_owned()),
        endpoint_url: Some(ministack.url.clone()),
        credentials: Some(Credentials {
            access_key_id: "test".to_owned(),
            secret_access_key: SecretString::from("test"),
        }),
        ..Target::default()
    };
    Gateway::connect(target, Arc::new(|_| {})).await.unwrap()
}

/// Creates a pool with a domain with the bare SDK, as its operator would.
async fn pool(ministack: &Ministack, gateway: &Gateway, name: &str) -> UserPool {
    let sdk = ministack.sdk();
    let made = sdk.create_user_pool().pool_name(name).send().await.unwrap();
    let id = made.user_pool.and_then(|pool| pool.id).unwrap();
    sdk.create_user_pool_domain()
        .user_pool_id(&id)
        .domain(name)
        .send()
        .await
        .unwrap();
    gateway.pool(&PoolId::new(id)).await.unwrap()
}

fn request(
    gateway: &Gateway,
    pool: &UserPool,
    client: &ClientId,
    auth: ClientAuth,
) -> TokenRequest {
    TokenRequest {
        pool: pool.id.clone(),
        client: client.clone(),
        endpoint: gateway.token_endpoint(pool).unwrap(),
        scopes: vec![ScopeName::new("api/admin")],
        auth,
        metadata: BTreeMap::new(),
    }
}

#[tokio::test]
async fn the_main_job_from_pool_to_verified_claims() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let pool = pool(&ministack, &gateway, "main-job").await;

    let server = gateway
        .create_resource_server(&pool.id, &machine_auth_server())
        .await
        .unwrap();
    assert_eq!(server, machine_auth_server());
    let created = gateway
        .create_client(&pool.id, &machine_auth())
        .await
        .unwrap();
    assert_eq!(
        created.client.settings.flows,
        [OAuthFlow::ClientCredentials]
    );
    assert!(
        created.client.settings.oauth_enabled && created.client.secret == DescribedSecret::Shown
    );

    let id = &created.client.id;
    let secret = gateway.secret(&pool.id, id).await.unwrap();
    assert_eq!(
        secret.expose_secret(),
        created.secret.unwrap().expose_secret()
    );

    for auth in [ClientAuth::Basic, ClientAuth::Body] {
        let request = request(&gateway, &pool, id, auth);
        let reply = gateway.issue(&request, &secret).await.unwrap();
        assert_eq!(reply.exchange.status, 200);
        let token: IssuedToken = reply.outcome.unwrap();
        assert_eq!(token.expires_in, Some(3_600));
        assert_eq!(token.jwt.claim_str("token_use"), Some("access"));
        assert_eq!(token.jwt.claim_str("client_id"), Some(id.as_str()));
        let client = gateway.client(&pool.id, id).await.unwrap();
        let diff = scope_diff(
            &request.scopes,
            &token.jwt.scopes(),
            Some(&client),
            Some(std::slice::from_ref(&server)),
            Some(&pool),
        );
        assert_eq!(
            (diff.granted, diff.missing.len(), diff.extra.len()),
            (request.scopes, 0, 0)
        );
        let verified = gateway.verify(&token.text, &pool).await;
        assert!(
            matches!(verified, Verification::Valid { .. }),
            "{verified:?}"
        );
    }
}

#[tokio::test]
async fn only_the_pools_own_unaltered_tokens_verify() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let (ours, other) = (
        pool(&ministack, &gateway, "ours").await,
        pool(&ministack, &gateway, "other").await,
    );
    gateway
        .create_resource_server(&ours.id, &machine_auth_server())
        .await
        .unwrap();
    let created = gateway
        .create_client(&ours.id, &machine_auth())
        .await
        .unwrap();
    let request = request(&gateway, &ours, &created.client.id, ClientAuth::Basic);
    let token = gateway
        .issue(&request, &created.secret.unwrap())
        .await
        .unwrap()
        .outcome
        .unwrap()
        .text;

    let verify = async |text: String, pool: &UserPool| match gateway
        .verify(&SecretString::from(text), pool)
        .await
    {
        Verification::Invalid { reason } => reason,
        verdict => panic!("{verdict:?}"),
    };
    let text = token.expose_secret();
    let (head, signature) = text.rsplit_once('.').unwrap();
    let (header, claims) = head.split_once('.').unwrap();
    assert_eq!(
        verify("not.a.token!".to_owned(), &ours)
            .await
            .split(':')
            .next(),
        Some("the signature is not base64url")
    );
    assert!(
        verify(format!("{header}.e30.{signature}"), &ours)
            .await
            .contains("did not make this signature")
    );
    // {"alg":"none","kid":"k"} and {"alg":"HS256","kid":"k"}: an attacker's choice of algorithm is not followed.
    for forged in [
        "eyJhbGciOiJub25lIiwia2lkIjoiayJ9",
        "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsifQ",
    ] {
        assert!(
            verify(format!("{forged}.{claims}.{signature}"), &ours)
                .await
                .contains("Cognito uses RS256")
        );
    }
    // {"alg":"RS256","kid":"k"}
    let unknown_key = format!("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.{claims}.{signature}");
    assert!(
        verify(unknown_key, &ours)
            .await
            .contains("key k is not among")
    );
    assert!(!verify(text.to_owned(), &other).await.is_empty());
}

#[tokio::test]
async fn a_wrong_secret_is_refused_in_the_reply() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let pool = pool(&ministack, &gateway, "refusals").await;
    gateway
        .create_resource_server(&pool.id, &machine_auth_server())
        .await
        .unwrap();
    let created = gateway
        .create_client(&pool.id, &machine_auth())
        .await
        .unwrap();
    let mut request = request(&gateway, &pool, &created.client.id, ClientAuth::Basic);
    let reply = gateway
        .issue(&request, &SecretString::from("wrong"))
        .await
        .unwrap();
    assert_eq!(
        reply.outcome.unwrap_err().code.as_deref(),
        Some("invalid_client")
    );

    request.scopes = vec![ScopeName::new("openid")];
    let reply = gateway
        .issue(&request, &created.secret.unwrap())
        .await
        .unwrap();
    assert_eq!(
        reply.outcome.unwrap_err().code.as_deref(),
        Some("invalid_scope")
    );
}

#[tokio::test]
async fn a_list_of_many_clients_is_read_to_its_end() {
    const CLIENTS: usize = 130;
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let pool = pool(&ministack, &gateway, "many").await;
    gateway
        .create_resource_server(&pool.id, &machine_auth_server())
        .await
        .unwrap();
    let mut made = BTreeSet::new();
    for number in 0..CLIENTS {
        let client = m2m(
            format!("client-{number}"),
            vec![ScopeName::new("api/admin")],
            HOUR,
        );
        made.insert(
            gateway
                .create_client(&pool.id, &client)
                .await
                .unwrap()
                .client
                .id,
        );
    }
    let (mut listed, mut pages, mut next) = (BTreeSet::new(), 0, None);
    loop {
        let page = gateway.clients(&pool.id, next).await.unwrap();
        assert!(page.items.len() <= 60);
        listed.extend(page.items.into_iter().map(|client| client.id));
        pages += 1;
        match page.next {
            Some(token) => next = Some(token),
            None => break,
        }
    }
    assert_eq!((listed, pages), (made, 3));
}

#[tokio::test]
async fn what_is_there_is_seen_changed_and_deleted() {
    let ministack = Ministack::start().await;
    let gateway = gateway(&ministack).await;
    let pool = pool(&ministack, &gateway, "lifecycle").await;
    assert!(!gateway.identity().await.unwrap().account.is_empty());
    assert!(
        gateway
            .pools(None)
            .await
            .unwrap()
            .items
            .iter()
            .any(|summary| summary.id == pool.id)
    );
    let domains = gateway.domains(&pool).await.unwrap();
    assert_eq!(
        domains
            .iter()
            .map(|domain| domain.name.as_str())
            .collect::<Vec<_>>(),
        ["lifecycle"]
    );

    let seen = gateway
        .create_resource_server(&pool.id, &machine_auth_server())
        .await
        .unwrap();
    let audit = Scope {
        name: "audit".to_owned(),
        description: "Read the audit log".to_owned(),
    };
    gateway
        .update_resource_server(&pool.id, &seen, |server| server.scopes.push(audit))
        .await
        .unwrap();
    let servers = gateway
        .resource_servers(&pool.id, None)
        .await
        .unwrap()
        .items;
    let scopes: BTreeSet<ScopeName> = servers[0].scope_names().collect();
    assert_eq!(
        scopes,
        BTreeSet::from([ScopeName::new("api/admin"), ScopeName::new("api/audit")])
    );

    let client = gateway
        .create_client(&pool.id, &machine_auth())
        .await
        .unwrap()
        .client;
    let updated = gateway
        .update_client(&client, |settings| {
            settings.scopes.push(ScopeName::new("api/audit"));
        })
        .await
        .unwrap();
    assert_eq!(updated.settings.scopes.len(), 2);
    assert_eq!(updated.settings.callback_urls, ["https://localhost"]);

    gateway.delete_client(&pool.id, &client.id).await.unwrap();
    let gone = gateway.client(&pool.id, &client.id).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
    gateway
        .delete_resource_server(&pool.id, "api")
        .await
        .unwrap();
    assert!(
        gateway
            .resource_servers(&pool.id, None)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}
