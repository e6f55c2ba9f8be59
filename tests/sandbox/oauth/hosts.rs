//! Which pool answers under which `Host`.

use serde_json::json;

use crate::oauth::server::{PROD, STAGING, Server, answer, send};

#[tokio::test]
async fn a_domain_serves_its_own_pools_clients_alone() {
    let server = Server::start().await;
    let (prod, staging) = (
        server.credentials(PROD, "storefront"),
        server.credentials(STAGING, "storefront"),
    );
    for host in [
        "acme-platform-prod.auth.eu-west-1.amazoncognito.com",
        "acme-platform-prod.auth-fips.eu-west-1.amazoncognito.com",
        "auth.acme.example",
    ] {
        let (status, _) = answer(server.ask(&prod, None).header("host", host)).await;
        assert_eq!(status, 200, "{host}");
        let (status, body) = answer(server.ask(&staging, None).header("host", host)).await;
        assert_eq!(
            (status.as_u16(), body),
            (400, json!({ "error": "invalid_client" })),
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_host_of_nobody_serves_nothing() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let jwks = format!("/{}/.well-known/jwks.json", who.pool);
    for host in [
        "acme.auth.eu-west-1.amazoncognito.com",
        "acme-platform-prod.auth.us-east-1.amazoncognito.com",
        "www.acme.example",
    ] {
        for request in [
            server.ask(&who, None),
            server.get("/oauth2/token"),
            server.get(&jwks),
            server.get("/api/orders"),
        ] {
            assert_eq!(
                send(request.header("host", host)).await.status(),
                404,
                "{host}"
            );
        }
    }
}

#[tokio::test]
async fn the_services_host_has_keys_but_no_token_endpoint_and_a_domain_the_reverse() {
    let server = Server::start().await;
    let who = server.credentials(PROD, "storefront");
    let jwks = format!("/{}/.well-known/jwks.json", who.pool);
    let service = "cognito-idp.eu-west-1.amazonaws.com";
    assert_eq!(
        send(server.get(&jwks).header("host", service))
            .await
            .status(),
        200
    );
    // The token endpoint is looked for on the API's host by mistake.
    let (status, body) = answer(server.ask(&who, None).header("host", service)).await;
    let said = json!({
        "code": "BadRequest", "message": "The server did not understand the operation that was requested.", "type": "client",
    });
    assert_eq!((status.as_u16(), body), (400, said));
    assert_eq!(
        send(server.get(&jwks).header("host", "auth.acme.example"))
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn loopback_serves_the_pool_of_the_client_under_each_of_its_names() {
    let server = Server::start().await;
    for pool in [PROD, STAGING] {
        let who = server.credentials(pool, "storefront");
        for host in ["localhost:9229", "127.0.0.1", "[::1]:9229"] {
            let (status, body) = answer(server.ask(&who, None).header("host", host)).await;
            assert_eq!(status, 200, "{host}: {body}");
        }
    }
}
