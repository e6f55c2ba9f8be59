//! The protocol around the operations: headers, signatures, and invalid requests.

use cognitui::sandbox::{Options, Sandbox};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::api::{Api, SIGNATURE, send};

#[tokio::test]
async fn an_answer_and_a_refusal_have_awss_headers() {
    let api = Api::start().await;
    let answer = api.raw("ListUserPools", r#"{"MaxResults": 5}"#).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(answer.headers["x-amzn-requestid"].len(), 36);
    assert_eq!(answer.json(), json!({"UserPools": []}));

    let refusal = api
        .raw("DescribeUserPool", r#"{"UserPoolId": "eu-west-1_A"}"#)
        .await;
    assert_eq!(refusal.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refusal.headers["x-amzn-errortype"],
        "ResourceNotFoundException:"
    );
    let message = "User pool eu-west-1_A does not exist.";
    assert_eq!(refusal.headers["x-amzn-errormessage"], message);
    assert_eq!(
        refusal.json(),
        json!({"__type": "ResourceNotFoundException", "message": message})
    );
}

#[tokio::test]
async fn a_message_that_no_header_can_carry_is_in_the_body() {
    let api = Api::start().await;
    let refusal = api
        .raw("DescribeUserPool", r#"{"UserPoolId": "a\nb"}"#)
        .await;
    assert!(refusal.headers.get("x-amzn-errormessage").is_none());
    assert!(
        refusal.json()["message"]
            .as_str()
            .unwrap()
            .contains("Value 'a\nb'")
    );
}

#[tokio::test]
async fn a_message_that_breaks_clients_as_a_header_is_in_the_body_alone() {
    let api = Api::start().await;
    for id in ["é", &"a b".repeat(2000)] {
        let body = json!({"UserPoolId": id}).to_string();
        let refusal = api.raw("DescribeUserPool", body).await;
        assert!(refusal.headers.get("x-amzn-errormessage").is_none());
        let kind = &refusal.headers["x-amzn-errortype"];
        assert_eq!(kind, "InvalidParameterException:");
        let message = refusal.json()["message"].to_string();
        assert!(message.contains(id), "{message}");
    }
}

#[tokio::test]
async fn a_body_larger_than_any_input_is_refused_in_the_services_own_form() {
    let api = Api::start().await;
    let refusal = api.raw("ListUserPools", " ".repeat(3 << 20)).await;
    assert_eq!(refusal.status, StatusCode::PAYLOAD_TOO_LARGE);
    let name = "RequestEntityTooLargeException";
    assert_eq!(refusal.json(), json!({"__type": name}));
}

#[tokio::test]
async fn an_operation_is_posted_to_the_root_and_nothing_else_is_there() {
    let api = Api::start().await;
    let url = api.sandbox.url();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for request in [
        http.get(&url),
        http.put(&url),
        http.post(format!("{url}//")),
        http.get(format!("{url}/login")),
    ] {
        let target = "AWSCognitoIdentityProviderService.ListUserPools";
        let request = request
            .header("x-amz-target", target)
            .header("authorization", SIGNATURE);
        let answer = send(request.body(r#"{"MaxResults": 5}"#)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json(), not_understood());
    }
}

#[tokio::test]
async fn it_does_not_start_in_what_is_no_region() {
    for region in ["", "EU", "eu west", "eu-west-1\"", "a/b", "eu_west"] {
        let started = Sandbox::start(Options {
            region: region.to_owned(),
            sample: true,
            ..Options::default()
        });
        let error = started.await.err().unwrap().to_string();
        assert!(error.contains("is not a Region"), "{region}: {error}");
    }
}

#[tokio::test]
async fn a_signature_is_for_the_region_that_is_played() {
    let api = Api::start().await;
    let elsewhere = SIGNATURE.replace("eu-west-1", "ap-south-1");
    for (operation, message) in [("ListUserPools", "message"), ("ListSecrets", "Message")] {
        let request = api.target(operation).header("authorization", &elsewhere);
        let refused = send(request.body(r#"{"MaxResults": 5}"#)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let body = refused.json();
        assert_eq!(body["__type"], "InvalidSignatureException");
        let text = body[message].as_str().unwrap();
        assert!(
            text.starts_with("Credential should be scoped to a valid region, not 'ap-south-1'.")
        );
        for said in ["plays eu-west-1", "--region ap-south-1"] {
            assert!(text.contains(said), "{text}");
        }
    }
    // STS has a home in no Region, which is us-east-1 to a signature.
    for (region, status) in [("eu-west-1", 200), ("us-east-1", 200), ("ap-south-1", 403)] {
        let request = api
            .post()
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", SIGNATURE.replace("eu-west-1", region));
        let answer = send(request.body("Action=GetCallerIdentity&Version=2011-06-15")).await;
        assert_eq!(answer.status.as_u16(), status, "{region}: {answer:?}");
        assert_eq!(answer.body.contains("--region ap-south-1"), status == 403);
    }
}

#[tokio::test]
async fn dates_are_numbers_of_seconds() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let answer = api
        .ok("DescribeUserPool", json!({"UserPoolId": pool}))
        .await;
    let created = answer["UserPool"]["CreationDate"].as_f64().unwrap();
    assert!(created > 1.7e9 && created < 1e11, "{created}");
}

#[tokio::test]
async fn an_unsigned_request_is_turned_away() {
    let api = Api::start().await;
    let unsigned = send(api.target("ListUserPools").body(r#"{"MaxResults": 5}"#)).await;
    assert_eq!(unsigned.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        unsigned.json(),
        json!({"__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"})
    );
    let broken = api
        .target("ListUserPools")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=A");
    let broken = send(broken.body("{}")).await;
    assert_eq!(broken.json()["__type"], "IncompleteSignatureException");
    assert!(api.sandbox.calls().is_empty());
}

#[tokio::test]
async fn an_unknown_operation_is_said_to_be_unknown() {
    let api = Api::start().await;
    for operation in ["MakeCoffee", "listUserPools", ""] {
        let answer = api.raw(operation, "{}").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(
            answer.json(),
            json!({"__type": "UnknownOperationException"})
        );
    }
    let foreign = api
        .post()
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .header("authorization", SIGNATURE);
    assert_eq!(
        send(foreign).await.json()["__type"],
        "UnknownOperationException"
    );
    let none = send(api.post().body("{}")).await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
    assert_eq!(none.json(), not_understood());
}

/// Returns the response of the API's host to a request that it does not understand.
fn not_understood() -> Value {
    json!({
        "code": "BadRequest", "message": "The server did not understand the operation that was requested.", "type": "client",
    })
}

#[tokio::test]
async fn a_member_that_no_model_has_is_refused_and_changes_nothing() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    let before = api
        .ok("DescribeUserPool", json!({"UserPoolId": pool}))
        .await;
    for input in [
        json!({"UserPoolId": pool, "DeletionProtection": "ACTIVE", "FutureSetting": true}),
        json!({"UserPoolId": pool, "Policies": {"PasswordPolicy": {"FutureSetting": 1}}}),
    ] {
        let refusal = api.refused("UpdateUserPool", input).await;
        assert!(refusal.starts_with("SerializationException: "), "{refusal}");
        assert!(refusal.contains("FutureSetting"), "{refusal}");
    }
    let after = api
        .ok("DescribeUserPool", json!({"UserPoolId": pool}))
        .await;
    assert_eq!(before, after);
}

#[tokio::test]
async fn what_is_not_json_is_a_failure_to_parse() {
    let api = Api::start().await;
    for body in [
        "{",
        "[]",
        "7",
        "{\"MaxResults\": \"5\"}",
        "{\"MaxResults\": 5.5}",
    ] {
        let answer = api.raw("ListUserPools", body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json()["__type"], "SerializationException", "{body}");
    }
    // No body is an empty object, whose required members are missing.
    let empty = api.raw("ListUserPools", "").await;
    assert_eq!(empty.json()["__type"], "InvalidParameterException");
}

#[tokio::test]
async fn the_caller_is_told_who_it_is() {
    let api = Api::start().await;
    let ask = |body: &'static str| {
        api.post()
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    let who = "Action=GetCallerIdentity&Version=2011-06-15";
    let answer = send(ask(who).header("authorization", SIGNATURE)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "text/xml");
    assert!(
        answer.body.contains("<Account>123456789012</Account>"),
        "{}",
        answer.body
    );

    let unsigned = send(ask(who)).await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
    assert!(
        unsigned
            .body
            .contains("<Code>MissingAuthenticationToken</Code>")
    );
    let unknown = send(ask("Action=GetRich").header("authorization", SIGNATURE)).await;
    assert!(unknown.body.contains("<Code>InvalidAction</Code>"));
}

#[tokio::test]
async fn calls_are_noted_in_order() {
    let api = Api::start().await;
    let pool = api.pool("p").await;
    api.ok("ListUserPoolClients", json!({"UserPoolId": pool}))
        .await;
    assert_eq!(
        api.sandbox.calls(),
        ["CreateUserPool", "ListUserPoolClients"]
    );
}

#[tokio::test]
async fn it_listens_until_it_is_dropped() {
    let api = Api::start().await;
    let url = api.sandbox.url();
    assert!(url.starts_with("http://127.0.0.1:"));
    api.sandbox.stop().await.unwrap();
    assert!(reqwest::get(url).await.is_err());
}
