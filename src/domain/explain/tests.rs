use super::{Cause, explain, scope_diff};
use crate::domain::secret::{DescribedSecret, ListedSecrets};
use std::collections::BTreeMap;

use crate::domain::client::tests::client;
use crate::domain::client::{AppClient, OAuthFlow};
use crate::domain::ids::{ClientId, PoolId};
use crate::domain::new_client::machine_auth_server;
use crate::domain::oauth::endpoints::tests::pool;
use crate::domain::oauth::token::{ClientAuth, OAuthError, TokenRequest};
use crate::domain::pool::{PreTokenTrigger, UserPool};
use crate::domain::resource_server::ResourceServer;
use crate::domain::scope::ScopeName;

fn request(scopes: &[&str]) -> TokenRequest {
    TokenRequest {
        pool: PoolId::new("eu-west-1_A"),
        client: ClientId::new("4k2"),
        endpoint: "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token".to_owned(),
        scopes: scopes.iter().map(|s| ScopeName::new(*s)).collect(),
        auth: ClientAuth::Basic,
        metadata: BTreeMap::new(),
    }
}

fn error(code: &str, description: Option<&str>) -> OAuthError {
    OAuthError {
        code: (!code.is_empty()).then(|| code.to_owned()),
        description: description.map(ToOwned::to_owned),
        body: String::new(),
    }
}

/// The first cause and whether it is marked likely, against a pool with scope `api/admin` and domain `team`.
fn first(code: &str, requested: &[&str], client: &AppClient) -> Cause {
    let pool = pool("eu-west-1_A", Some("team"), None);
    let servers = [machine_auth_server()];
    let found = explain(
        &error(code, None),
        400,
        &request(requested),
        Some(client),
        Some(client.secret_state(ListedSecrets::Read(&[]))),
        Some(&servers),
        Some(&pool),
    );
    assert!(!found.meaning.is_empty());
    found.causes[0].clone()
}

#[test]
fn a_system_scope_is_defined_by_cognito_itself() {
    const REGISTER: &str = "aws.cognito/dcr/register";
    let without = client(&["api/admin"]);
    let barred = first("invalid_grant", &[REGISTER], &without);
    assert!(barred.evidence.unwrap().contains(REGISTER));
    let cause = first("invalid_scope", &[REGISTER], &without);
    assert!(!cause.likely, "{cause:?}");
}

#[test]
fn invalid_grant_is_laid_to_the_switched_off_flag_first() {
    let mut off = client(&["api/admin"]);
    off.settings.oauth_enabled = false;
    let cause = first("invalid_grant", &["api/admin"], &off);
    assert!(
        cause.likely && cause.text.contains("OAuth is switched off"),
        "{cause:?}"
    );
}

#[test]
fn invalid_grant_names_the_scope_the_client_may_not_have() {
    let cause = first("invalid_grant", &["api/admin"], &client(&["api/other"]));
    assert_eq!(
        cause.evidence.unwrap(),
        "Not among the client's scopes: api/admin."
    );
}

#[test]
fn invalid_grant_names_the_flows_of_a_sign_in_client() {
    let mut web = client(&["api/admin"]);
    web.settings.flows = vec![OAuthFlow::Code];
    assert_eq!(
        first("invalid_grant", &[], &web).evidence.unwrap(),
        "Its flows: code."
    );
}

#[test]
fn invalid_grant_without_evidence_claims_nothing() {
    let cause = first("invalid_grant", &["api/admin"], &client(&["api/admin"]));
    assert!(!cause.likely && cause.evidence.is_none(), "{cause:?}");
}

#[test]
fn invalid_client_of_a_public_client() {
    let mut public = client(&["api/admin"]);
    public.secret = DescribedSecret::Absent;
    public.settings.flows.clear();
    assert!(
        first("invalid_client", &[], &public)
            .text
            .contains("public")
    );
}

#[test]
fn invalid_client_with_a_description_is_a_wrong_secret() {
    let refusal = error("invalid_client", Some("invalid_client_secret"));
    let found = explain(
        &refusal,
        400,
        &request(&[]),
        Some(&client(&[])),
        None,
        Some(&[]),
        None,
    );
    assert!(found.causes[0].likely && found.causes[0].text.contains("secret is wrong"));
    // ramosbugs/oauth2-rs#64: by Basic, a library may be to blame; by another way, none is.
    let [_, library] = found.causes.as_slice() else {
        panic!("{found:?}");
    };
    assert!(!library.likely && library.text.contains("form-encodes"));
    let body = TokenRequest {
        auth: ClientAuth::Body,
        ..request(&[])
    };
    let found = explain(
        &refusal,
        400,
        &body,
        Some(&client(&[])),
        None,
        Some(&[]),
        None,
    );
    assert_eq!(found.causes.len(), 1);
}

#[test]
fn invalid_client_from_another_pools_domain() {
    let pool = pool("eu-west-1_A", Some("orders"), None);
    let found = explain(
        &error("invalid_client", None),
        400,
        &request(&[]),
        None,
        None,
        Some(&[]),
        Some(&pool),
    );
    assert!(found.causes[0].likely && found.causes[0].text.contains("another pool's domain"));
    assert!(found.causes.iter().skip(1).all(|cause| !cause.likely));
}

#[test]
fn the_fips_host_of_the_pools_prefix_is_its_own() {
    let pool = pool("us-east-1_A", Some("orders"), None);
    let fips = "https://orders.auth-fips.us-east-1.amazoncognito.com/oauth2/token";
    for (endpoint, is_foreign) in [
        (fips.to_owned(), false),
        (fips.replace("orders", "others"), true),
    ] {
        let request = TokenRequest {
            endpoint,
            ..request(&[])
        };
        let error = error("invalid_client", None);
        let found = explain(&error, 400, &request, None, None, Some(&[]), Some(&pool));
        let blamed = |cause: &Cause| cause.likely && cause.text.contains("another pool's domain");
        assert_eq!(found.causes.iter().any(blamed), is_foreign, "{request:?}");
    }
}

#[test]
fn invalid_scope_of_each_kind() {
    let has = client(&["api/admin", "api/gone"]);
    assert!(
        first("invalid_scope", &["openid"], &has)
            .evidence
            .unwrap()
            .contains("openid")
    );
    assert_eq!(
        first("invalid_scope", &["API/admin"], &has).fix,
        "Ask for api/admin."
    );
    assert!(
        first("invalid_scope", &["api/gone"], &has)
            .evidence
            .unwrap()
            .contains("inactive")
    );
    assert!(
        first("invalid_scope", &["api/new"], &has)
            .evidence
            .unwrap()
            .contains("not among")
    );
}

#[test]
fn invalid_scope_by_the_servers_name() {
    let mut server = machine_auth_server();
    server.name = "Admin API".to_owned();
    let refusal = error("invalid_scope", None);
    let found = explain(
        &refusal,
        400,
        &request(&["Admin API/admin"]),
        None,
        None,
        Some(&[server]),
        None,
    );
    assert_eq!(found.causes[0].fix, "Ask for api/admin.");
}

#[test]
fn get_client_token_needs_its_flow() {
    let cause = first("NotAuthorizedException", &[], &client(&[]));
    assert_eq!(
        cause.evidence.unwrap(),
        "Its explicit flows: ALLOW_REFRESH_TOKEN_AUTH."
    );
    let mut right = client(&[]);
    right.settings.explicit_auth_flows = vec!["ALLOW_CLIENT_TOKEN_AUTH".to_owned()];
    assert!(
        first("NotAuthorizedException", &[], &right)
            .text
            .contains("secret is wrong")
    );
}

#[test]
fn answers_that_are_no_oauth_error_are_told_apart_by_status() {
    let meaning = |status| {
        explain(
            &error("", None),
            status,
            &request(&[]),
            None,
            None,
            Some(&[]),
            None,
        )
        .meaning
    };
    assert!(meaning(429).contains("Too many"));
    assert!(meaning(403).contains("blocked"));
    assert!(meaning(405).contains("not a token endpoint"));
    assert!(meaning(502).contains("502"));
    assert!(meaning(200).contains("may not be from Cognito"));
}

#[test]
fn every_code_has_a_meaning_and_a_cause() {
    for code in [
        "invalid_client",
        "invalid_grant",
        "invalid_scope",
        "unauthorized_client",
        "invalid_request",
        "unsupported_grant_type",
        "NotAuthorizedException",
        "TooManyRequestsException",
        "teapot",
        "",
    ] {
        let found = explain(
            &error(code, None),
            400,
            &request(&[]),
            None,
            None,
            Some(&[]),
            None,
        );
        assert!(
            !found.meaning.is_empty() && !found.causes.is_empty(),
            "{code}"
        );
    }
}

#[test]
fn a_url_that_is_no_token_endpoint_is_told_from_one_that_is() {
    let unknown = r#"{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}"#;
    let pool = pool("eu-west-1_A", Some("team"), None);
    let own = "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token";
    for (url, status, body, evidence) in [
        (
            "https://cognito-idp.eu-west-1.amazonaws.com/oauth2/token",
            400,
            unknown,
            Some("The request went to cognito-idp.eu-west-1.amazonaws.com."),
        ),
        (
            "https://team.auth.eu-west-1.amazoncognito.com",
            404,
            "",
            Some("It has no path."),
        ),
        (
            "https://team.auth.eu-west-1.amazoncognito.com/token?x=1",
            404,
            "",
            Some("Its path is /token."),
        ),
        (own, 404, "", None),
    ] {
        let refusal = OAuthError {
            body: body.to_owned(),
            ..error("", None)
        };
        let request = TokenRequest {
            endpoint: url.to_owned(),
            ..request(&[])
        };
        let found = explain(&refusal, status, &request, None, None, None, Some(&pool));
        let first = &found.causes[0];
        assert_eq!(first.evidence.as_deref(), evidence, "{url}");
        assert_eq!(first.fix.contains(own), evidence.is_some(), "{first:?}");
    }
}

#[test]
fn parameters_in_the_url_and_another_content_type_are_among_the_causes() {
    let request = TokenRequest {
        endpoint: "https://team.auth.eu-west-1.amazoncognito.com/oauth2/token?grant_type=client_credentials&client_secret=hush".to_owned(),
        ..request(&[])
    };
    let refusal = error("invalid_request", None);
    let found = explain(&refusal, 400, &request, None, None, None, None);
    let mut causes = found.causes.iter();
    let in_url = causes.find(|cause| cause.evidence.is_some()).unwrap();
    assert_eq!(
        in_url.evidence.as_deref(),
        Some("The URL has grant_type, client_secret.")
    );
    assert!(!format!("{found:?}").contains("hush"), "{found:?}");
    let mut causes = found.causes.iter();
    assert!(causes.any(|cause| cause.text.contains("content type")));
}

fn names(scopes: &[&str]) -> Vec<ScopeName> {
    scopes.iter().map(|s| ScopeName::new(*s)).collect()
}

#[test]
fn the_diff_says_why_each_scope_is_missing() {
    let servers = [machine_auth_server()];
    let has = client(&["api/admin", "api/gone"]);
    let diff = scope_diff(
        &[],
        &names(&["api/admin", "x/extra"]),
        Some(&has),
        Some(&servers),
        None,
    );
    assert_eq!(diff.granted, names(&["api/admin"]));
    assert_eq!(diff.extra, names(&["x/extra"]));
    assert_eq!(diff.missing.len(), 1);
    assert!(diff.missing[0].1.starts_with("inactive"));

    let reason = |scope: &str, pool: Option<&UserPool>| {
        scope_diff(
            &names(&[scope]),
            &[],
            Some(&client(&["api/admin"])),
            Some(&[with_audit()]),
            pool,
        )
        .missing[0]
            .1
            .clone()
    };
    assert!(reason("openid", None).contains("OpenID"));
    assert!(reason("api/audit", None).contains("may not have it"));
    assert!(reason("api/nowhere", None).contains("no resource server"));
    assert!(reason("api/admin", None).contains("refresh"));
    let mut triggered = pool("eu-west-1_A", None, None);
    triggered.pre_token_trigger = Some(PreTokenTrigger {
        version: "V3_0".to_owned(),
        arn: String::new(),
    });
    assert!(reason("api/admin", Some(&triggered)).contains("trigger"));
}

fn with_audit() -> ResourceServer {
    let mut server = machine_auth_server();
    let mut audit = server.scopes[0].clone();
    audit.name = "audit".to_owned();
    server.scopes.push(audit);
    server
}

#[test]
fn without_the_servers_no_scope_is_called_undefined() {
    let client = client(&["api/admin"]);
    let refused = |code: &str, requested: &[&str]| {
        let request = request(requested);
        let found = explain(
            &error(code, None),
            400,
            &request,
            Some(&client),
            None,
            None,
            None,
        );
        found.causes[0].text.clone()
    };
    assert_eq!(
        refused("invalid_scope", &["api/admin", "api/audit"]),
        "A scope is misspelt: case counts, and the identifier is not the server's name."
    );
    assert_eq!(
        refused("invalid_grant", &["api/audit"]),
        "A requested scope is not among the client's."
    );
    let requested = [ScopeName::new("api/admin"), ScopeName::new("openid")];
    let diff = scope_diff(&requested, &[], Some(&client), None, None);
    assert_eq!(
        diff.missing[0].1,
        "unknown: the pool's resource servers are not read"
    );
    assert!(diff.missing[1].1.starts_with("an OpenID scope"));
}
