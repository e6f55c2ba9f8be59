//! Applications that register themselves: who may, what they get, and the errors of the others.

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Map, Value, json};

use crate::oauth::server::{Credentials, PROD, Server, answer, header, send};

/// The pool of the sample in which anyone may register clients.
const OPEN: &str = "notifications-prod";
const HOST: &str = "acme-notify.auth.eu-west-1.amazoncognito.com";
const REGISTER: &str = "aws.cognito/dcr/register";

fn registration(server: &Server, metadata: &Value) -> RequestBuilder {
    at(server, HOST, metadata)
}

fn at(server: &Server, host: &str, metadata: &Value) -> RequestBuilder {
    server
        .post("/oauth2/register")
        .header("host", host)
        .header("content-type", "application/json")
        .body(metadata.to_string())
}

async fn registered(server: &Server, metadata: &Value) -> Value {
    let (status, body) = answer(registration(server, metadata)).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    body
}

/// Returns the status and the error of a refusal, which must have a description.
async fn refused(request: RequestBuilder) -> (u16, String) {
    let (status, body) = answer(request).await;
    let why = body["error_description"].as_str().unwrap();
    assert!(!why.is_empty(), "{body}");
    (status.as_u16(), body["error"].as_str().unwrap().to_owned())
}

/// Changes what the pool allows; `null` removes a member.
fn allow(server: &Server, changes: &Value) {
    server.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools.find(|pool| pool.name == OPEN).unwrap();
        let members = pool.settings["DcrConfiguration"].as_object_mut().unwrap();
        members.extend(changes.as_object().unwrap().clone());
        members.retain(|_, value| !value.is_null());
    });
}

fn machine() -> Value {
    json!({"client_name": "agent", "grant_types": ["client_credentials"], "scope": "notify/send"})
}

fn web() -> Value {
    json!({"client_name": "app", "redirect_uris": ["https://app.example/callback"]})
}

fn and(metadata: &Value, changes: &Value) -> Value {
    let mut all: Map<String, Value> = metadata.as_object().unwrap().clone();
    all.extend(changes.as_object().unwrap().clone());
    all.retain(|_, value| !value.is_null());
    all.into()
}

async fn initial_token(server: &Server) -> String {
    let registrar = server.credentials(OPEN, "agent-registrar");
    server.token(&registrar, Some(REGISTER)).await
}

#[tokio::test]
async fn a_machine_registers_itself_and_gets_a_token() {
    let server = Server::start().await;
    let response = send(registration(&server, &machine())).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(header(&response, "cache-control"), "no-store");
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let told = and(
        &body,
        &json!({"client_id": null, "client_secret": null, "client_id_issued_at": null}),
    );
    assert_eq!(
        told,
        json!({
            "client_name": "agent", "grant_types": ["client_credentials"], "response_types": [], "redirect_uris": [],
            "scope": "notify/send", "token_endpoint_auth_method": "client_secret_basic", "client_secret_expires_at": 0,
        })
    );
    assert!(body["client_id_issued_at"].as_i64().unwrap() > 1_700_000_000);
    let who = Credentials {
        pool: server.pool(OPEN).id,
        id: body["client_id"].as_str().unwrap().to_owned(),
        secrets: vec![body["client_secret"].as_str().unwrap().to_owned()],
    };
    server.token(&who, Some("notify/send")).await;
    let key = json!({"UserPoolId": who.pool, "ClientId": who.id});
    let (_, described) = answer(server.call("DescribeUserPoolClient", &key)).await;
    assert_eq!(described["UserPoolClient"]["ClientType"], "DCR");
    assert_eq!(described["UserPoolClient"]["ClientName"], "agent");
    assert_eq!(server.sandbox.calls()[0], "register");
}

#[tokio::test]
async fn an_application_that_signs_people_in_registers_with_or_without_a_secret() {
    let server = Server::start().await;
    let confidential = registered(&server, &web()).await;
    assert_eq!(confidential["grant_types"], json!(["authorization_code"]));
    assert_eq!(confidential["response_types"], json!(["code"]));
    assert_eq!(
        confidential["scope"],
        "openid email phone profile notify/send"
    );
    assert!(confidential["client_secret"].is_string());
    let more = json!({
        "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token"], "scope": "openid",
        "client_name": null, "logo_uri": "https://app.example/logo.png", "client_name#de": "App",
    });
    let public = registered(&server, &and(&web(), &more)).await;
    for absent in ["client_secret", "client_secret_expires_at", "logo_uri"] {
        assert!(public.get(absent).is_none(), "{absent}: {public}");
    }
    assert_eq!(public["token_endpoint_auth_method"], "none");
    let key = json!({"UserPoolId": server.pool(OPEN).id, "ClientId": public["client_id"]});
    let (_, described) = answer(server.call("DescribeUserPoolClient", &key)).await;
    let client = &described["UserPoolClient"];
    assert_eq!(
        client["CallbackURLs"],
        json!(["https://app.example/callback"])
    );
    assert_eq!(client["AllowedOAuthFlows"], json!(["code"]));
    assert_eq!(client["AllowedOAuthScopes"], json!(["openid"]));
    assert!(client.get("ClientSecret").is_none());
}

#[tokio::test]
async fn metadata_that_makes_no_client_is_refused_in_the_words_of_the_rfc() {
    let server = Server::start().await;
    let before = server.pool(OPEN).clients.len();
    let (metadata, redirect) = ("invalid_client_metadata", "invalid_redirect_uri");
    for (base, changes, error) in [
        (machine(), json!({"grant_types": ["implicit"]}), metadata),
        (machine(), json!({"grant_types": ["password"]}), metadata),
        (
            machine(),
            json!({"grant_types": ["refresh_token"]}),
            metadata,
        ),
        (machine(), json!({"grant_types": []}), metadata),
        (
            machine(),
            json!({"grant_types": "client_credentials"}),
            metadata,
        ),
        (
            machine(),
            json!({"token_endpoint_auth_method": "none"}),
            metadata,
        ),
        (
            machine(),
            json!({"token_endpoint_auth_method": "private_key_jwt"}),
            metadata,
        ),
        (machine(), json!({"response_types": ["code"]}), metadata),
        (
            machine(),
            json!({"scope": "notify/templates.write"}),
            metadata,
        ),
        (machine(), json!({"scope": "openid"}), metadata),
        (machine(), json!({"scope": REGISTER}), metadata),
        (machine(), json!({"scope": " "}), metadata),
        (machine(), json!({"client_name": "Agent (beta)"}), metadata),
        (machine(), json!({"client_name": 7}), metadata),
        (
            web(),
            json!({"grant_types": ["authorization_code", "client_credentials"]}),
            metadata,
        ),
        (web(), json!({"response_types": ["token"]}), metadata),
        (web(), json!({"redirect_uris": null}), redirect),
        (
            web(),
            json!({"redirect_uris": ["http://app.example/"]}),
            redirect,
        ),
        (
            web(),
            json!({"redirect_uris": ["https://app.example/#here"]}),
            redirect,
        ),
        (web(), json!({"redirect_uris": ["/callback"]}), redirect),
        (web(), json!({"redirect_uris": ["https://a b"]}), redirect),
        (
            machine(),
            json!({"software_statement": "e30.e30.e30"}),
            "unapproved_software_statement",
        ),
    ] {
        let answer = refused(registration(&server, &and(&base, &changes))).await;
        assert_eq!(answer, (400, error.to_owned()), "{changes}");
    }
    for body in ["", "[]", "{", "grant_types=client_credentials"] {
        let request = registration(&server, &Value::Null).body(body);
        assert_eq!(refused(request).await, (400, metadata.to_owned()), "{body}");
    }
    assert_eq!(server.pool(OPEN).clients.len(), before);
    let get = server.get("/oauth2/register").header("host", HOST);
    assert_eq!(send(get).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_each_kind_of_registration_allows_is_the_pools_choice() {
    let server = Server::start().await;
    let token = initial_token(&server).await;
    let open = |metadata: &Value| registration(&server, metadata);
    let authenticated = |metadata: &Value| open(metadata).bearer_auth(&token);
    let metadata = (400, "invalid_client_metadata".to_owned());

    // Unless it says otherwise: code alone, or code and client_credentials with a token.
    allow(&server, &json!({"OpenDcrGrantTypes": null}));
    assert_eq!(refused(open(&machine())).await, metadata);
    assert_eq!(answer(open(&web())).await.0, StatusCode::CREATED);
    assert_eq!(
        answer(authenticated(&machine())).await.0,
        StatusCode::CREATED
    );
    assert_eq!(answer(authenticated(&web())).await.0, StatusCode::CREATED);

    // An empty list, or one of what is ignored, allows nothing.
    for grants in [json!([]), json!(["implicit"])] {
        let denied = (403, "access_denied".to_owned());
        allow(
            &server,
            &json!({"OpenDcrGrantTypes": grants, "AuthenticatedGrantTypes": grants}),
        );
        assert_eq!(refused(open(&web())).await, denied);
        assert_eq!(refused(authenticated(&web())).await, denied);
    }
    allow(
        &server,
        &json!({"OpenDcrGrantTypes": null, "AuthenticatedGrantTypes": ["client_credentials"]}),
    );
    assert_eq!(refused(authenticated(&web())).await, metadata);

    // Scopes that nobody allows cannot be had, nor those that nobody defines.
    allow(&server, &json!({"AllowedScopes": null}));
    assert_eq!(refused(authenticated(&machine())).await, metadata);
    let any = and(&machine(), &json!({"scope": null}));
    assert_eq!(refused(authenticated(&any)).await, metadata);
    allow(
        &server,
        &json!({"AllowedScopes": ["notify/send", "notify/gone", REGISTER]}),
    );
    let (status, body) = answer(authenticated(&any)).await;
    assert_eq!(
        (status, &body["scope"]),
        (StatusCode::CREATED, &json!("notify/send"))
    );
    for scope in ["notify/gone", REGISTER] {
        let asked = and(&machine(), &json!({"scope": scope}));
        assert_eq!(refused(authenticated(&asked)).await, metadata, "{scope}");
    }
}

#[tokio::test]
async fn a_token_lets_register_where_it_is_valid_of_this_pool_and_has_the_scope() {
    let server = Server::start().await;
    let token = initial_token(&server).await;
    let with = |authorization: &str| {
        registration(&server, &machine()).header("authorization", authorization)
    };
    let invalid = (401, "invalid_token".to_owned());
    let good = format!("Bearer {token}");
    assert_eq!(answer(with(&good)).await.0, StatusCode::CREATED);

    let storefront = server.credentials(PROD, "storefront");
    let elsewhere = format!("Bearer {}", server.token(&storefront, None).await);
    let mails = server.credentials(OPEN, "order-mails");
    let scopeless = format!("Bearer {}", server.token(&mails, None).await);
    let mut forged = token.clone();
    forged.truncate(token.len() - 8);
    forged.push_str("AAAAAAAA");
    // Registration is open, yet what is sent has to be right.
    for authorization in [
        "Basic YTpi",
        "Bearer",
        "Bearer x.y.z",
        &format!("Bearer {forged}"),
    ] {
        assert_eq!(
            refused(with(authorization)).await,
            invalid,
            "{authorization}"
        );
    }
    let scope = (403, "insufficient_scope".to_owned());
    assert_eq!(refused(with(&scopeless)).await, scope);
    assert_eq!(refused(with(&elsewhere)).await, scope);
    let challenge = send(with("Bearer x")).await;
    assert!(header(&challenge, "www-authenticate").starts_with("Bearer error=\"invalid_token\""));

    // A token of another pool's registrar.
    server.edit(&storefront, |client| {
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), json!([REGISTER]));
    });
    let stranger = format!("Bearer {}", server.token(&storefront, None).await);
    assert_eq!(refused(with(&stranger)).await, invalid);

    // Registration that is not open needs one.
    allow(&server, &json!({"OpenDcrEnabled": false}));
    assert_eq!(refused(registration(&server, &machine())).await, invalid);
    assert_eq!(answer(with(&good)).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn registration_is_where_it_is_on_and_discovery_says_where() {
    let server = Server::start().await;
    let advertised = async |pool: &str| {
        let id = server.pool(pool).id;
        let document = server.get(&format!("/{id}/.well-known/openid-configuration"));
        answer(document).await.1["registration_endpoint"].clone()
    };
    assert_eq!(
        advertised(OPEN).await,
        format!("https://{HOST}/oauth2/register")
    );
    assert_eq!(advertised(PROD).await, Value::Null);
    let prod = refused(at(&server, "auth.acme.example", &web())).await;
    assert_eq!(prod, (403, "access_denied".to_owned()));

    allow(&server, &json!({"EnableStatus": "Disabled"}));
    assert_eq!(advertised(OPEN).await, Value::Null);
    let off = refused(registration(&server, &web())).await;
    assert_eq!(off, (403, "access_denied".to_owned()));
}

#[tokio::test]
async fn on_loopback_it_is_the_only_pool_with_registration_or_the_tokens() {
    let server = Server::start().await;
    let local = || at(&server, "localhost:9229", &machine());
    assert_eq!(answer(local()).await.0, StatusCode::CREATED);
    let token = initial_token(&server).await;
    server.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let prod = pools.find(|pool| pool.name == PROD).unwrap();
        prod.settings.insert(
            "DcrConfiguration".to_owned(),
            json!({"OpenDcrEnabled": true}),
        );
    });
    assert_eq!(refused(local()).await, (400, "invalid_request".to_owned()));
    let before = server.pool(OPEN).clients.len();
    assert_eq!(
        answer(local().bearer_auth(&token)).await.0,
        StatusCode::CREATED
    );
    assert_eq!(server.pool(OPEN).clients.len(), before + 1);
    // Without a domain there is no endpoint.
    server.sandbox.edit(|state| state.domains.clear());
    assert_eq!(send(local()).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn registered_clients_use_up_the_quota() {
    let server = Server::start().await;
    server.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools.find(|pool| pool.name == OPEN).unwrap();
        while pool.clients.len() < 999 {
            let mut another = pool.clients[0].clone();
            another.id = format!("another{}", pool.clients.len());
            pool.clients.push(another);
        }
    });
    registered(&server, &machine()).await;
    let full = refused(registration(&server, &machine())).await;
    assert_eq!(full, (403, "access_denied".to_owned()));
    let create = json!({"UserPoolId": server.pool(OPEN).id, "ClientName": "one more"});
    let (_, body) = answer(server.call("CreateUserPoolClient", &create)).await;
    assert_eq!(body["__type"], "LimitExceededException");
}
