//! The 32 common problems with machines' tokens. The doctor reports each one, the console explains it where it happens, or this
//! file says why it cannot be seen in the set-up.

use std::collections::BTreeMap;
use std::time::Duration;

use cognitui::domain::doctor::RULES;
use cognitui::domain::explain::{explain, explain_api};
use cognitui::domain::ids::{ClientId, PoolId};
use cognitui::domain::limits;
use cognitui::domain::oauth::api_call::{ApiAnswer, ApiCall};
use cognitui::domain::oauth::endpoints;
use cognitui::domain::oauth::jwt::Jwt;
use cognitui::domain::oauth::token::{ClientAuth, OAuthError, TokenRequest};
use cognitui::domain::scope::ScopeName;
use cognitui::domain::time::Timestamp;
use serde_json::json;

use crate::stub::Stub;

/// How a problem is reported.
enum Told {
    /// By the doctor's rules with these ids, from the set-up.
    Rules(&'static [&'static str]),
    /// The token endpoint or `GetClientToken` returns code, description and HTTP status; with this explanation.
    Token(&'static str, Option<&'static str>, u16, &'static str),
    /// An API returns status, `www-authenticate` and body; with this explanation.
    Api(u16, &'static str, &'static str, &'static str),
    /// Cognito refuses a change with this exception and message; with this explanation.
    Refused(&'static str, &'static str, &'static str),
    /// Before anything is sent.
    Before(fn() -> bool),
    /// It cannot be seen, for this reason.
    Unseen(&'static str),
}
use Told::{Api, Before, Refused, Rules, Token, Unseen};

const ROWS: [&[Told]; 32] = [
    // 1 invalid_grant, though the scopes look right
    &[
        Rules(&["oauth-off", "oauth-without-flows", "machine-without-flow"]),
        Token("invalid_grant", None, 400, "OAuth is switched off"),
    ],
    // 2 invalid_client, invalid_client_secret
    &[
        Rules(&["secret-old", "rotation-unfinished"]),
        Token(
            "invalid_client",
            Some("invalid_client_secret"),
            400,
            "The secret is wrong: truncated",
        ),
    ],
    // 3 bare invalid_client
    &[Token(
        "invalid_client",
        None,
        400,
        "The client id is unknown to this domain",
    )],
    // 4 invalid_client here, another pool works
    &[Rules(&["machine-without-secret", "public-machine"])],
    // 5 invalid_scope for openid or a bare name
    &[
        Rules(&["sign-in-scopes"]),
        Token("invalid_scope", None, 400, "No resource server defines"),
    ],
    // 6 invalid_scope for a custom scope
    &[
        Rules(&["inactive-scopes"]),
        Token("invalid_scope", None, 400, "No resource server defines"),
    ],
    // 7 invalid_grant for one scope
    &[Token(
        "invalid_grant",
        None,
        400,
        "not one of the requested scopes",
    )],
    // 8 the token lacks an allowed scope
    &[Rules(&["inactive-scopes"])],
    // 9 claims or scopes too many or too few
    &[Rules(&["trigger-changes-scopes"])],
    // 10 the trigger never fires for machines
    &[Rules(&["trigger-never-fires", "trigger-not-in-plan"])],
    // 11 a client before its resource server
    &[Refused(
        "ScopeDoesNotExistException",
        "Invalid scope requested: api/admin",
        "Create the resource server with this scope first",
    )],
    // 12 a flow that needs a secret
    &[
        Rules(&["machine-without-secret"]),
        Refused(
            "InvalidOAuthFlowException",
            "client_credentials flow can not be selected if client does not have a client secret.",
            "Create the app client with a secret",
        ),
    ],
    // 13 flows that can't be selected together
    &[
        Rules(&["mixed-flows"]),
        Refused(
            "InvalidOAuthFlowException",
            "client_credentials flow can not be selected along with code flow or implicit flow.",
            "client_credentials excludes other flows",
        ),
    ],
    // 14 openid is not supported
    &[
        Rules(&["sign-in-scopes"]),
        Refused(
            "InvalidOAuthFlowException",
            "openid is not supported with client_credentials flow",
            "Remove the OpenID scopes",
        ),
    ],
    // 15 flows and scopes are required
    &[
        Rules(&["oauth-without-flows", "no-scopes"]),
        Refused(
            "InvalidParameterException",
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
            "Set both a flow and a scope",
        ),
    ],
    // 16 settings vanished after an update
    &[
        Rules(&["oauth-off", "sign-in-flows-by-default"]),
        Unseen("What was there before is nowhere to be read: only the traces of it can be seen."),
    ],
    // 17 a list of URLs with an empty string
    &[Refused(
        "InvalidParameterException",
        "1 validation error detected: Value '[]' at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint: x",
        "Remove empty URLs",
    )],
    // 18 other scopes vanished
    &[Rules(&["inactive-scopes"])],
    // 19 Terraform's stale scope_identifiers
    &[
        Rules(&["unused-scope"]),
        Unseen(
            "It is in Terraform's state, not in Cognito: what it led to is a client without the scope.",
        ),
    ],
    // 20 the domain is associated already
    &[Refused(
        "InvalidParameterException",
        "Domain already associated with another user pool",
        "choose another",
    )],
    // 21 a reserved word
    &[
        Before(|| {
            limits::domain_prefix("my-aws-pool")
                .is_err_and(|objection| objection.what.contains("reserved word aws"))
        }),
        Refused(
            "InvalidParameterException",
            "Domain cannot contain reserved word: cognito",
            "without aws, amazon or cognito",
        ),
    ],
    // 22 not a valid subdomain
    &[
        Rules(&["domain-not-active"]),
        Refused(
            "InvalidParameterException",
            "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.",
            "Create an A record for the parent domain first",
        ),
    ],
    // 23 the host does not resolve, or TLS fails
    &[
        Rules(&[
            "no-token-source",
            "domain-not-active",
            "domain-without-record",
        ]),
        Token("", None, 502, "A custom domain that is still being created"),
    ],
    // 24 a GovCloud host fails
    &[Before(|| {
        endpoints::prefix_host("team", "us-gov-west-1").as_deref()
            == Some("team.auth-fips.us-gov-west-1.amazoncognito.com")
    })],
    // 25 a REST API's 401
    &[Api(
        401,
        "",
        r#"{"message":"Unauthorized"}"#,
        "lists no OAuth scopes: its Cognito authorizer then expects an id token",
    )],
    // 26 an HTTP API's 401 about the audience
    &[Api(
        401,
        r#"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#,
        "",
        "Add the client id to the authorizer's Audience",
    )],
    // 27 a library that wants aud or a user name
    &[Unseen(
        "It happens in the library, with no request that the console could see. The claims are explained where a token is shown.",
    )],
    // 28 AppSync says Unauthorized
    &[Api(
        401,
        "",
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Unauthorized"}]}"#,
        "no user and no group",
    )],
    // 29 GetClientToken says NotAuthorizedException
    &[
        Rules(&["client-token-not-alone", "machine-without-secret"]),
        Token(
            "NotAuthorizedException",
            Some("Invalid client or secret"),
            400,
            "The secret is wrong",
        ),
    ],
    // 30 throttling, a surprising bill
    &[
        Rules(&["token-short"]),
        Token(
            "",
            None,
            429,
            "cache a token for about three quarters of its life",
        ),
    ],
    // 31 a pool or client is missing in scripts
    &[
        Rules(&["namesakes"]),
        Unseen("The scripts' paging is the scripts': here every list is read to its last page."),
    ],
    // 32 DeleteUserPool is refused
    &[
        Rules(&["deletion-unprotected"]),
        Refused(
            "InvalidParameterException",
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
            "Delete the pool's domain first",
        ),
        Refused(
            "InvalidParameterException",
            "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
            "Turn the pool's deletion protection off first",
        ),
    ],
];

fn of_token(code: &str, description: Option<&str>, status: u16) -> String {
    let error = OAuthError {
        code: (!code.is_empty()).then(|| code.to_owned()),
        description: description.map(str::to_owned),
        body: String::new(),
    };
    let request = TokenRequest {
        pool: PoolId::new("eu-west-1_A"),
        client: ClientId::new("c"),
        endpoint: "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token".to_owned(),
        scopes: vec![ScopeName::new("api/admin")],
        auth: ClientAuth::Basic,
        metadata: BTreeMap::new(),
    };
    format!(
        "{:?}",
        explain(&error, status, &request, None, None, Some(&[]), None)
    )
}

fn of_api(status: u16, challenge: &str, body: &str) -> String {
    let claims = json!({
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "token_use": "access", "client_id": "c",
        "exp": 2_000, "scope": "api/admin",
    });
    let jwt = Jwt {
        header: serde_json::Map::new(),
        claims: claims.as_object().unwrap().clone(),
    };
    let answer = ApiAnswer {
        status,
        headers: vec![("www-authenticate".to_owned(), challenge.to_owned())],
        body: body.to_owned(),
        cut: false,
        took: Duration::ZERO,
    };
    format!(
        "{:?}",
        explain_api(
            &answer,
            &ApiCall::default(),
            &jwt,
            Timestamp::from_seconds(1_000)
        )
    )
}

/// Returns the explanation of a change that Cognito refuses like this.
async fn of_refusal(exception: &str, message: &str) -> String {
    let body = json!({"__type": exception, "message": message}).to_string();
    let stub = Stub::start(move |_, _| (400, body.clone())).await;
    let error = stub
        .gateway()
        .await
        .delete_pool(&PoolId::new("eu-west-1_A"))
        .await;
    error.unwrap_err().hint
}

#[tokio::test]
async fn each_is_seen_explained_or_named_as_unseen() {
    for (row, told) in (1..).zip(ROWS) {
        assert!(!told.is_empty(), "{row} is told of nowhere");
        for told in told {
            let (words, said) = match told {
                Rules(rules) => {
                    for rule in *rules {
                        assert!(
                            RULES.iter().any(|known| known.id.as_str() == *rule),
                            "{row}: {rule}"
                        );
                    }
                    continue;
                }
                Before(check) => {
                    assert!(check(), "{row}");
                    continue;
                }
                Unseen(why) => {
                    assert!(why.ends_with('.'), "{row}");
                    continue;
                }
                Token(code, description, status, words) => {
                    (words, of_token(code, *description, *status))
                }
                Api(status, challenge, body, words) => (words, of_api(*status, challenge, body)),
                Refused(exception, message, words) => (words, of_refusal(exception, message).await),
            };
            assert!(
                said.contains(words),
                "{row} is not told as {words:?}: {said}"
            );
        }
    }
}

/// The table in the doctor's own words must say the same.
#[test]
fn the_doctors_own_table_names_the_same_rules() {
    let text = include_str!("../../src/domain/doctor/mod.rs");
    let mut rows = 0;
    for line in text.lines().filter_map(|line| line.strip_prefix("//! | ")) {
        let Some(number) = line
            .split(' ')
            .next()
            .and_then(|word| word.parse::<usize>().ok())
        else {
            continue;
        };
        rows += 1;
        let named = |rule: &&str| line.contains(&format!("`{rule}`"));
        let rules: Vec<&str> = RULES
            .iter()
            .map(|rule| rule.id.as_str())
            .filter(named)
            .collect();
        let mut told: Vec<&str> = Vec::new();
        for one in ROWS[number - 1] {
            if let Rules(rules) = one {
                told.extend(*rules);
            }
        }
        let order = |rules: &mut Vec<&str>| rules.sort_unstable();
        let (mut rules, mut told) = (rules, told);
        order(&mut rules);
        order(&mut told);
        assert_eq!(rules, told, "row {number}: {line}");
    }
    assert_eq!(rows, 32);
}
