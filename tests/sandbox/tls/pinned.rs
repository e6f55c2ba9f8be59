//! A secret is sent to its own pool's domain only, also if the pool's description is out of date.

use crate::tls::aws::{Aws, PROD_ID, TEAM};

const OTHER: &str = "eu-west-1_0tHeRp00L";

/// Returns the response of `DescribeUserPoolDomain`.
fn domain(pool: &str, status: &str) -> String {
    serde_json::json!({"DomainDescription": {
        "UserPoolId": pool, "AWSAccountId": "999999999999", "Domain": "x", "Status": status,
    }})
    .to_string()
}

/// Returns a machine behind the proxy with a client at a prefix domain and one at a custom domain: its arguments, its host, its
/// secret.
fn cases(aws: &Aws) -> [(Vec<String>, &'static str, String); 2] {
    let setup = ["setup", "machine-auth", "--pool", TEAM, "--apply"];
    aws.run(&setup).answered();
    let pools = aws.sandbox.state().pools;
    let secret = |pool: &str, name: &str| {
        let clients = &pools[pool].clients;
        let client = clients.iter().find(|client| client.name == name);
        client.unwrap().secrets[0].value.clone()
    };
    let args = |pool: &str, client: &str| {
        ["token", "--pool", pool, "--client", client]
            .map(str::to_owned)
            .to_vec()
    };
    [
        (
            args(TEAM, "machine_auth"),
            "team06dbb7fc-prod.auth.eu-west-1.amazoncognito.com",
            secret(TEAM, "machine_auth"),
        ),
        (
            args(PROD_ID, "checkout"),
            "auth.acme.example",
            secret(PROD_ID, "checkout"),
        ),
    ]
}

#[test]
fn a_domain_that_is_not_the_pools_own_gets_no_byte_of_a_secret() {
    let aws = Aws::new();
    for (args, host, secret) in cases(&aws) {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let pool = args[2];
        for (described, words) in [
            (
                domain(OTHER, "ACTIVE"),
                "belongs to user pool eu-west-1_0tHeRp00L",
            ),
            (
                "{\"DomainDescription\":{}}".to_owned(),
                "does not know this domain",
            ),
            (domain(pool, "DELETING"), "the domain is DELETING"),
        ] {
            aws.forget();
            aws.instead("DescribeUserPoolDomain", "200 OK", &described);
            aws.run(&args).refused(&[words, "no secret was sent", host]);
            assert!(
                !aws.asked_for().iter().any(|asked| asked == host),
                "{described}"
            );
            assert!(!aws.heard_anywhere().contains(&secret));
        }
    }
}

#[test]
fn where_a_domain_may_not_be_described_the_pool_is_asked_anew() {
    let aws = Aws::new();
    let denied = "{\"__type\":\"AccessDeniedException\",\"message\":\"not authorized to perform: cognito-idp:DescribeUserPoolDomain on resource: *\"}";
    let [(args, host, _), _] = cases(&aws);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    aws.instead("DescribeUserPoolDomain", "400 Bad Request", denied);
    aws.forget();
    aws.run(&args).answered();
    let asked = aws
        .heard_anywhere()
        .matches("Service.DescribeUserPool\r\n")
        .count();
    assert_eq!(
        asked, 2,
        "once to find the domain, once before the secret goes there"
    );
    assert!(aws.heard(host).contains("Basic "));
    // That nobody can say whose it is, is no leave.
    aws.instead("DescribeUserPoolDomain", "500 Internal Server Error", "{}");
    aws.forget();
    aws.run(&args).refused(&["DescribeUserPoolDomain"]);
    assert!(!aws.asked_for().iter().any(|asked| asked == host));
}

#[test]
fn a_secret_that_is_being_rotated_is_pinned_as_well() {
    let aws = Aws::new();
    let [(_, host, old), _] = cases(&aws);
    let file = aws.home.path().join("new.json").display().to_string();
    let to = format!("file:{file}");
    let rotate = [
        "rotate",
        "--apply",
        "--pool",
        TEAM,
        "--client",
        "machine_auth",
        "--to",
        &to,
    ];
    aws.instead("DescribeUserPoolDomain", "200 OK", &domain(OTHER, "ACTIVE"));
    aws.forget();
    aws.run(&rotate)
        .refused(&["belongs to user pool", "no secret was sent"]);
    assert!(!aws.asked_for().iter().any(|asked| asked == host));
    assert!(!aws.heard_anywhere().contains(&old));
}
