//! GetClientToken, over HTTP and unsigned.

use serde_json::{Value, json};

use crate::oauth::server::{Credentials, DEVICES, PROD, Server, answer};

/// Returns the status and the body of an unsigned call.
async fn call(server: &Server, who: &Credentials, secret: &str, scopes: &[&str]) -> (u16, Value) {
    let mut input = json!({ "ClientId": who.id, "Secret": secret });
    if !scopes.is_empty() {
        input["Scopes"] = json!(scopes);
    }
    let (status, body) = answer(server.unsigned("GetClientToken", &input)).await;
    (status.as_u16(), body)
}

#[tokio::test]
async fn a_pool_without_a_domain_still_gives_tokens() {
    let server = Server::start().await;
    let who = server.credentials(DEVICES, "device-provisioner");
    for scopes in [&[][..], &["devices/provision"]] {
        let (status, output) = call(&server, &who, &who.secrets[0], scopes).await;
        assert_eq!(status, 200, "{output}");
        let result = &output["ClientAuthenticationResult"];
        assert_eq!(result["ExpiresIn"], 3600);
        assert_eq!(result["TokenType"], "Bearer");
        let token = result["AccessToken"].as_str().unwrap();
        let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token)
            .unwrap()
            .claims;
        assert_eq!(claims["scope"], "devices/provision");
        assert_eq!(claims["client_id"], who.id);
    }
}

#[tokio::test]
async fn every_refusal_has_its_name_and_text() {
    let server = Server::start().await;
    let who = server.credentials(DEVICES, "device-provisioner");
    let wrong_flow = server.credentials(PROD, "storefront");
    let nobody = Credentials {
        id: "nobody".to_owned(),
        ..who.clone()
    };
    let good = who.secrets[0].as_str();
    let not_authorized = ("NotAuthorizedException", "Invalid client or secret");
    for (who, secret, scopes, (name, message)) in [
        (&who, "a_secret_nobody_gave_out", &[][..], not_authorized),
        (
            &wrong_flow,
            wrong_flow.secrets[0].as_str(),
            &[],
            not_authorized,
        ),
        (
            &nobody,
            good,
            &[],
            (
                "ResourceNotFoundException",
                "User pool client nobody does not exist.",
            ),
        ),
        (
            &who,
            good,
            &["devices/never"],
            (
                "InvalidParameterException",
                "Invalid scope requested: devices/never",
            ),
        ),
        (
            &who,
            good,
            &["devices/telemetry.read"],
            (
                "InvalidParameterException",
                "Scope not allowed for this client: devices/telemetry.read",
            ),
        ),
    ] {
        let expected = json!({ "__type": name, "message": message });
        assert_eq!(call(&server, who, secret, scopes).await, (400, expected));
    }
}
