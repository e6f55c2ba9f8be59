//! `decode`.

use std::io::ErrorKind;
use std::net::TcpListener;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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
    let text = world.feed(&["decode"], &token).answer();
    assert!(text.contains("alg none"), "{text}");
    assert!(text.contains("2001-09-09 01:46:40 UTC, expired"), "{text}");
    assert_eq!(
        world.feed(&["decode", "--json"], &token).json()["expired"],
        true
    );
    assert_eq!(world.feed(&["decode", "--verify"], &token).code, 1);
}

#[test]
fn what_is_no_token_is_refused_with_the_reason() {
    let world = World::new();
    let refused = |input: &str, words: &[&str]| world.feed(&["decode"], input).refused(words);
    refused("", &["nothing to decode"]);
    refused("hello", &["no token in it"]);
    refused(r#"{"error":"invalid_client"}"#, &["no token in it"]);
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
    let two = made(r#"{"alg":"RS256"}"#, "{}", "c2ln");
    refused(
        &format!(r#"{{"id_token":"{two}","refresh_token":"{two}"}}"#),
        &["2 tokens (id_token, refresh_token)"],
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
    let text = world.feed(&["decode"], &token).answer();
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
    for more in [&[][..], &["--json"]] {
        let args = [&["decode", "--verify"], more].concat();
        let ran = world.run_for_nobody(&args, &token);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.said(&["token invalid"]);
    }
    assert_eq!(world.run_for_nobody(&["decode"], &token).code, 0);
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
    let token = issued(&world);
    world
        .feed(&["decode"], &format!("{token}\n{token}\n"))
        .refused(&["2 tokens (on line 1, on line 2)", "give one of them alone"]);
}
