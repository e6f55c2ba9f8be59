//! `decode`.

use std::io::ErrorKind;
use std::net::TcpListener;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::world::{STAGING, World};

fn issued(world: &World) -> String {
    let args = ["token", "--pool", STAGING, "--client", "price-poller"];
    world.run(&args).answer().trim_end().to_owned()
}

fn made(header: &str, claims: &str, signature: &str) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{signature}", encode(header), encode(claims))
}

#[test]
fn a_token_is_found_in_what_a_script_pipes() {
    let world = World::new();
    let token = issued(&world);
    let answer = format!("{{\"access_token\":\"{token}\",\"token_type\":\"Bearer\"}}");
    for input in [
        token.clone(),
        format!("Authorization: Bearer {token}\n"),
        format!("\"{token}\""),
        answer,
        format!("{}\n{}", &token[..100], &token[100..]),
    ] {
        let json = world.feed(&["decode", "--json"], &input).json();
        assert_eq!(json["claims"]["scope"], "orders/read", "{input}");
        assert_eq!(json["signature"]["status"], "unchecked");
    }
    let file = world.file("token", &token);
    let text = world.run(&["decode", &file]).answer();
    assert!(text.contains("not checked; use --verify"), "{text}");
    assert!(text.starts_with("no fault in what it says"), "{text}");
}

#[test]
fn verification_needs_no_credentials_and_no_region() {
    let world = World::new();
    let token = issued(&world);
    let file = world.file("token", &token);
    let run = |file: &str| {
        let mut command = world.command(&["decode", "--verify", "--json", file]);
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"] {
            command.env_remove(name);
        }
        crate::world::ran(&mut command)
    };
    let ran = run(&file);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["signature"]["status"], "valid");

    let (body, signature) = token.rsplit_once('.').unwrap();
    // The first character holds whole bits of the signature; the last may hold none.
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    let altered = format!("{body}.{other}{}", &signature[1..]);
    let ran = run(&world.file("altered", &altered));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["signature"]["status"], "invalid");
}

#[test]
fn keys_are_asked_of_no_host_that_a_token_names() {
    let world = World::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let host = listener.local_addr().unwrap();
    for iss in [
        format!("http://{host}/eu-west-1_sT7eAm06d"),
        format!("http://{host}"),
        format!("{}/../{host}", world.sandbox.url()),
    ] {
        let claims = format!(r#"{{"iss":"{iss}","exp":4000000000}}"#);
        let token = made(r#"{"alg":"RS256","kid":"k"}"#, &claims, "c2ln");
        let ran = world.feed(&["decode", "--verify"], &token);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.out.contains("not Cognito"), "{}", ran.out);
    }
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[test]
fn an_unsigned_token_is_called_so() {
    let world = World::new();
    let token = made(
        r#"{"alg":"none"}"#,
        r#"{"sub":"anybody","exp":1000000000}"#,
        "",
    );
    // Its own content is the reason, so no request is needed.
    let ran = world.feed(&["decode"], &token);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("alg none"), "{ran:?}");
    assert!(
        ran.out.contains("2001-09-09 01:46:40 UTC, expired"),
        "{ran:?}"
    );
    let ran = world.feed(&["decode", "--json"], &token);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.json()["expired"], true);
    assert_eq!(world.feed(&["decode", "--verify"], &token).code, 1);
}

#[test]
fn what_is_no_token_is_refused_with_the_reason() {
    let world = World::new();
    let refused = |input: &str, words: &[&str]| world.feed(&["decode"], input).refused(words);
    refused("", &["nothing to decode"]);
    refused("hello", &["no token in it"]);
    refused(r#"{"error":"invalid_client"}"#, &["holds no token"]);
    refused(
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0",
        &["this text has 2", "cut off"],
    );
    refused("eyJhbGciOiJSUzI1NiJ9.a.b.c.d", &["JWE"]);
    refused(
        &format!("{}.e30.e30", "eyJhbGciOiJSUzI1NiJ"),
        &["the header", "altered"],
    );
    refused(&"x".repeat(1_100_000), &["larger than 1 MiB"]);
    let [one, two] = [r#"{"sub":"a"}"#, r#"{"sub":"b"}"#]
        .map(|claims| made(r#"{"alg":"RS256"}"#, claims, "c2ln"));
    refused(
        &format!(r#"{{"id_token":"{one}","refresh_token":"{two}"}}"#),
        &["2 tokens", "id_token", "refresh_token", "--number"],
    );
    world
        .run(&["decode", "/nowhere/token"])
        .refused(&["cannot read /nowhere/token"]);
}

#[test]
fn claims_reach_no_terminal_as_commands() {
    let world = World::new();
    let token = made(
        r#"{"alg":"none"}"#,
        r#"{"x\u001b[2J":"\u001b]0;owned\u0007\u202e"}"#,
        "",
    );
    let text = world.feed(&["decode"], &token).out;
    assert!(
        text.contains("x␛[2J") && text.contains("␛]0;owned␇⟨U+202E⟩"),
        "{text}"
    );
    assert!(!text.contains('\x1b'));
}

#[test]
fn a_verdict_does_not_depend_on_who_reads_it() {
    let world = World::new();
    let token = made(r#"{"alg":"none"}"#, r#"{"sub":"anybody"}"#, "");
    for more in [&[][..], &["--json"], &["--verify"], &["--verify", "--json"]] {
        let args = [&["decode"], more].concat();
        let ran = world.run_for_nobody(&args, &token);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.said(&["token invalid"]);
    }
    assert_eq!(world.run_for_nobody(&["decode"], &issued(&world)).code, 0);
}

#[test]
fn a_token_given_as_an_argument_is_not_repeated() {
    let world = World::new();
    let token = issued(&world);
    for given in [
        token.clone(),
        format!("Bearer {token}"),
        token[..60].to_owned(),
    ] {
        let ran = world.run(&["decode", &given]);
        assert!(!ran.err.contains(&token[..20]), "{}", ran.err);
        ran.misused(&["looks like a token", "Pipe the token to stdin"]);
    }
    // A file may be called anything.
    std::fs::write(world.home.path().join("eyewitness-tokens.txt"), &token).unwrap();
    let mut command = world.command(&["decode", "eyewitness-tokens.txt"]);
    crate::world::ran(command.current_dir(world.home.path())).answer();
}

#[test]
fn of_two_tokens_neither_is_guessed() {
    let world = World::new();
    let (one, two) = (issued(&world), issued(&world));
    let both = format!("{one}\n{two}\n");
    world.feed(&["decode"], &both).refused(&[
        "2 tokens",
        "1  on line 1: a machine's",
        "2  on line 2: a machine's",
        "--number",
    ]);
    let second = world
        .feed(&["decode", "--json", "--number", "2"], &both)
        .json();
    let alone = world.feed(&["decode", "--json"], &two).json();
    assert_eq!(second["claims"], alone["claims"]);
    world
        .feed(&["decode", "--number", "3"], &both)
        .misused(&["it holds 2"]);
    // Written twice it is one, and of an answer's tokens it is the access token.
    world.feed(&["decode"], &format!("{one}\n{one}\n")).answer();
    let id = made(r#"{"alg":"RS256"}"#, r#"{"token_use":"id"}"#, "c2ln");
    let answer = format!(r#"{{"id_token":"{id}","access_token":"{one}"}}"#);
    let ran = world.feed(&["decode", "--json"], &answer);
    ran.said(&["1 other token: id_token"]);
    assert_eq!(ran.json()["claims"]["token_use"], "access");
}

fn token_of(world: &World, client: &str) -> String {
    let args = ["token", "--pool", STAGING, "--client", client];
    // A scope that the token lacks is said on stderr.
    world.run(&args).out.trim_end().to_owned()
}

fn verified(world: &World, token: &str) -> (i32, Value) {
    let ran = world.feed(&["decode", "--verify", "--json"], token);
    (ran.code, serde_json::from_str(&ran.out).unwrap())
}

fn change_scopes(world: &World, client: &str, scopes: &Value) {
    world.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools.find(|pool| pool.name == STAGING).unwrap();
        let mut clients = pool.clients.iter_mut();
        let client = clients.find(|known| known.name == client).unwrap();
        client
            .settings
            .insert("AllowedOAuthScopes".to_owned(), scopes.clone());
    });
}

#[test]
fn u1_what_is_missing_comes_first_with_the_reason_and_the_fix() {
    let world = World::new();
    // A scope that was deleted from its resource server.
    let token = token_of(&world, "invoice-sync");
    let text = world.feed(&["decode", "--verify"], &token).answer();
    let first = text.lines().next().unwrap();
    assert!(
        first.contains("billing/refunds.write") && first.contains("no resource server defines it"),
        "{text}"
    );
    let (code, json) = verified(&world, &token);
    assert_eq!(code, 0);
    assert_eq!(json["verdict"]["fix"]["way"], "define_scopes");
    assert_eq!(
        json["verdict"]["fix"]["scopes"],
        json!(["billing/refunds.write"])
    );
    assert_eq!(json["sort"], "machine");
    assert_eq!(json["client"]["name"], "invoice-sync");
    assert_eq!(json["client"]["in_pool"], true);
    assert_eq!(json["pool"]["name"], STAGING);

    // A scope that was taken off the client: before, and in a token since.
    let token = token_of(&world, "storefront");
    change_scopes(&world, "storefront", &json!(["orders/read"]));
    for token in [token, token_of(&world, "storefront")] {
        let text = world.feed(&["decode", "--verify"], &token).answer();
        assert!(
            text.lines().next().unwrap().contains("orders/write"),
            "{text}"
        );
        let (_, json) = verified(&world, &token);
        let fix = &json["verdict"]["fix"];
        assert!(
            ["allow_scopes", "choose_scopes"].contains(&fix["way"].as_str().unwrap()),
            "{fix}"
        );
    }
}

#[test]
fn u2_a_pool_and_a_client_that_do_not_exist_are_said_so() {
    let world = World::new();
    let claims = |pool: &str, client: &str| {
        format!(
            r#"{{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/{pool}","token_use":"access","client_id":"{client}","sub":"{client}","exp":4000000000}}"#
        )
    };
    let token = made(
        r#"{"alg":"RS256","kid":"k"}"#,
        &claims("eu-west-1_Nobody000", "c"),
        &"A".repeat(342),
    );
    let ran = world.feed(&["decode", "--verify"], &token);
    assert_eq!(ran.code, 1, "{ran:?}");
    let first = ran.out.lines().next().unwrap();
    assert!(
        first.contains("no user pool eu-west-1_Nobody000 (its keys are not found)"),
        "{ran:?}"
    );
    assert!(
        !ran.out.contains("unexpected") && !ran.err.contains("unexpected"),
        "{ran:?}"
    );

    let token = token_of(&world, "price-poller");
    world.sandbox.edit(|state| {
        let mut pools = state.pools.values_mut();
        let pool = pools.find(|pool| pool.name == STAGING).unwrap();
        pool.clients.retain(|client| client.name != "price-poller");
    });
    let (code, json) = verified(&world, &token);
    assert_eq!(code, 0);
    assert_eq!(json["client"]["in_pool"], false);
    assert_eq!(
        json["verdict"]["reasons"][0]["title"],
        "its app client is gone"
    );
}

#[test]
fn without_credentials_it_is_said_what_was_not_checked() {
    let world = World::new();
    let file = world.file("token", &token_of(&world, "invoice-sync"));
    let mut command = world.command(&["decode", "--verify", "--json", &file]);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    let ran = crate::world::ran(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    assert_eq!(json["signature"]["status"], "valid");
    assert_eq!(json["client"]["in_pool"], Value::Null);
    assert!(
        json["client"]["reason"]
            .as_str()
            .unwrap()
            .contains("credentials"),
        "{json}"
    );
    let evidence = json["verdict"]["evidence"].as_array().unwrap();
    let client = evidence
        .iter()
        .find(|one| one["about"] == "app client")
        .unwrap();
    assert_eq!(client["certainty"], "not known");
    // What is not known is not called missing.
    assert_eq!(json["verdict"]["fix"], Value::Null);
}

#[test]
fn x1_hostile_regions_are_not_cognito_and_nobody_is_asked() {
    let world = World::new();
    let before = world.sandbox.calls().len();
    for region in ["s3", "s3-us-west-2", "cloudfront", "us-gov-x", "cn-evil"] {
        for suffix in ["amazonaws.com", "amazonaws.com.cn"] {
            let claims = format!(
                r#"{{"iss":"https://cognito-idp.{region}.{suffix}/{region}_x","token_use":"access","exp":4000000000}}"#
            );
            let token = made(r#"{"alg":"RS256","kid":"k"}"#, &claims, &"A".repeat(342));
            for args in [&["decode"][..], &["decode", "--verify"]] {
                let ran = world.feed(args, &token);
                assert_eq!(ran.code, 1, "{region}: {ran:?}");
                assert!(
                    ran.out.lines().next().unwrap().contains("not Cognito"),
                    "{ran:?}"
                );
            }
        }
    }
    assert_eq!(world.sandbox.calls().len(), before);
}

#[test]
fn m1_a_replicas_issuer_is_not_known_here_and_the_sovereign_clouds_is_cognitos() {
    let world = World::new();
    let of = |iss: &str| {
        let claims = format!(
            r#"{{"iss":"{iss}","token_use":"access","client_id":"c","sub":"c","exp":4000000000}}"#
        );
        made(r#"{"alg":"RS256","kid":"k"}"#, &claims, &"A".repeat(342))
    };
    let token = of("https://cognito-idp.us-west-2.amazonaws.com/us-east-1_AbCdEf123");
    let (code, json) = verified(&world, &token);
    assert_eq!(code, 4);
    assert!(
        json["verdict"]["summary"]
            .as_str()
            .unwrap()
            .contains("replica"),
        "{json}"
    );
    let sovereign = of("https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_AbCdEf123");
    let json = world.feed(&["decode", "--json"], &sovereign).json();
    assert_eq!(json["sort"], "machine");
    assert_eq!(json["verdict"]["status"], "unchecked");
}

#[test]
fn f05_a_persons_token_is_told_from_a_machines() {
    let world = World::new();
    let claims = r#"{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A","token_use":"access","client_id":"c","sub":"u",
        "username":"alice","scope":"aws.cognito.signin.user.admin","exp":4000000000}"#;
    let token = made(r#"{"alg":"RS256","kid":"k"}"#, claims, &"A".repeat(342));
    let ran = world.feed(&["decode"], &token);
    assert_eq!(ran.code, 1, "{ran:?}");
    let first = ran.out.lines().next().unwrap();
    assert!(
        first.contains("InitiateAuth") && first.contains("custom scopes"),
        "{first}"
    );
    assert!(ran.out.contains("client_credentials"), "{ran:?}");
    // Who wants a person's token gets it judged as one.
    let any = world.feed(
        &["decode", "--verify", "--token-use", "any", "--json"],
        &token,
    );
    assert_eq!(
        serde_json::from_str::<Value>(&any.out).unwrap()["sort"],
        "person_initiate_auth"
    );
}

#[test]
fn decoded_claims_are_judged_by_what_they_say() {
    let world = World::new();
    let token = token_of(&world, "invoice-sync");
    let whole = world.feed(&["decode", "--json"], &token).json();
    let claims = whole["claims"].to_string();
    for text in [claims, whole.to_string()] {
        let ran = world.feed(&["decode", "--verify", "--json"], &text);
        assert_eq!(ran.code, 4, "{ran:?}");
        let json: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(json["verdict"]["fix"]["way"], "define_scopes");
        assert_eq!(json["client"]["name"], "invoice-sync");
    }
}

#[test]
fn what_belongs_to_a_token_is_recognised() {
    let world = World::new();
    let refused = |input: &str, words: &[&str]| world.feed(&["decode"], input).refused(words);
    let described = r#"{"UserPoolClient":{"UserPoolId":"eu-west-1_AbCdEf123","ClientName":"x","ClientId":"4k2abc","ClientSecret":"s3cr3ts3cr3ts3cr3ts3cr3t"}}"#;
    refused(
        described,
        &[
            "app client 4k2abc of user pool eu-west-1_AbCdEf123",
            "cognitui doctor --pool eu-west-1_AbCdEf123 --client 4k2abc",
        ],
    );
    let ran = world.feed(&["decode"], described);
    assert!(!ran.err.contains("s3cr3t") && !ran.out.contains("s3cr3t"));
    refused(
        "curl -d 'grant_type=client_credentials&client_id=4k2abc&client_secret=zzz' https://team.auth.eu-west-1.amazoncognito.com/oauth2/token",
        &[
            "requests a token for app client 4k2abc",
            "team.auth.eu-west-1.amazoncognito.com",
        ],
    );
    refused(
        r#"curl -H "Authorization: Bearer $TOKEN" https://api.example.com/orders"#,
        &["calls api.example.com", "variable"],
    );
    refused(
        r#"{"message":"Unauthorized"}"#,
        &["API's answer", "Unauthorized"],
    );
    // A copied answer is explained by its own words, with no call and no token.
    refused(
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Unable to parse JWT token."}]}"#,
        &[
            "AppSync rejects this token.",
            "likely: The API cannot read the token as it was sent.",
        ],
    );
    let audience = "< HTTP/2 401\n< www-authenticate: Bearer error=\"invalid_token\" error_description=\"the token does not have a valid audience\"\n<\n{\"message\":\"Unauthorized\"}";
    refused(
        audience,
        &[
            "(401)",
            "the token does not have a valid audience",
            "client_id",
        ],
    );
    refused(
        r#"{"error":"invalid_client","error_description":"invalid_client_secret"}"#,
        &["Client authentication failed.", "the client id is known"],
    );
    let answer = "HTTP/1.1 401 Unauthorized\r\ncontent-type: application/json\r\n\r\n{\"message\":\"The incoming token has expired\"}";
    refused(answer, &["The incoming token has expired"]);
    refused(
        r#"{"error":"invalid_grant"}"#,
        &["invalid_grant", "cognitui token"],
    );
    refused(r#"{"keys":[{"kty":"RSA","kid":"a"}]}"#, &["public keys"]);
}
