//! `--ca-bundle`, `AWS_CA_BUNDLE` and `ca_bundle`: which of them applies, and the error of one that is not a bundle.

use crate::tls::authority::Authority;
use crate::tls::aws::{Aws, Ran, ran};

const LIST: [&str; 2] = ["list", "pools"];
const API: &str = "cognito-idp.eu-west-1.amazonaws.com";

fn listed(ran: Ran) {
    let out = ran.answered();
    assert!(out.contains("acme-platform-prod"), "{out}");
}

#[test]
fn an_authority_that_nobody_named_hears_nothing() {
    let aws = Aws::new();
    ran(&mut aws.command(&LIST)).refused_as(6, &["no trusted TLS connection", "--ca-bundle"]);
    assert_eq!(aws.asked_for().first().map(String::as_str), Some(API));
    assert_eq!(aws.heard_anywhere(), "");
}

#[test]
fn the_flag_comes_before_the_environment_and_that_before_the_files() {
    let aws = Aws::new();
    let right = aws.authority.file().display().to_string();
    let wrong = aws.file("wrong.pem", Authority::new().pem());
    let config = |bundle: &str| {
        aws.file(
            ".config/cognitui/config.toml",
            &format!("ca_bundle = {bundle:?}\n"),
        )
    };
    let with = |args: &[&str], environment: &str| {
        let args = [&LIST[..], args].concat();
        ran(aws.command(&args).env("AWS_CA_BUNDLE", environment))
    };
    listed(with(&["--ca-bundle", &right], &wrong));
    listed(with(&[], &right));
    with(&["--ca-bundle", &wrong], &right).refused_as(6, &["no trusted TLS connection"]);
    config(&wrong);
    listed(with(&[], &right));
    with(&[], "").refused_as(6, &["no trusted TLS connection"]);
    config(&right);
    // What is empty is not given.
    listed(with(&[], ""));
    with(&[], &wrong).refused_as(6, &["no trusted TLS connection"]);
    // The profile's comes last.
    let profile =
        |bundle: &str| aws.file(".aws/config", &format!("[default]\nca_bundle = {bundle}\n"));
    profile(&wrong);
    listed(with(&[], ""));
    config("");
    with(&[], "").refused_as(6, &["no trusted TLS connection"]);
    profile(&right);
    listed(with(&[], ""));
}

#[test]
fn what_is_no_bundle_is_told_with_file_and_line_before_anybody_is_called() {
    let aws = Aws::new();
    let good = aws.authority.pem();
    let cut = good.replace("-----END CERTIFICATE-----\n", "");
    let garbled = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (text, words) in [
        (String::new(), "no certificate in it"),
        (
            format!("# ours\n{cut}"),
            "line 2: the certificate does not end",
        ),
        (format!("{good}\n{garbled}"), "not an X.509 certificate"),
    ] {
        let path = aws.file("ca.pem", &text);
        let args = [&LIST[..], &["--ca-bundle", &path]].concat();
        ran(&mut aws.command(&args)).refused(&[&path, words]);
        // The console does not even open.
        ran(&mut aws.command(&["--ca-bundle", &path])).refused(&[&path, words]);
    }
    ran(&mut aws.command(&["--ca-bundle", "/nowhere/ca.pem", "list", "pools"]))
        .refused(&["/nowhere/ca.pem", "No such file"]);
    assert!(aws.asked_for().is_empty());
    // Whoever calls nobody needs none.
    let presets = ["presets", "--ca-bundle", "/nowhere/ca.pem"];
    ran(&mut aws.command(&presets)).answered();
}

#[test]
fn everything_a_token_takes_goes_over_trusted_connections() {
    let aws = Aws::new();
    let pool = crate::tls::aws::PROD_ID;
    let args = ["token", "--pool", pool, "--client", "checkout", "--claims"];
    let claims = aws.run(&args).answered();
    assert!(claims.contains("valid: RS256"), "{claims}");
    let asked: std::collections::BTreeSet<_> = aws.asked_for().into_iter().collect();
    let hosts: Vec<&str> = asked.iter().map(String::as_str).collect();
    assert_eq!(hosts, ["auth.acme.example", API]);
    assert!(aws.heard("auth.acme.example").contains("Basic "));
    assert!(aws.heard(API).contains("/.well-known/jwks.json"));
}
