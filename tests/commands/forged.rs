//! `decode --verify` on forged tokens, signed with a key that the pool really publishes where that helps the forgery.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::world::{Ran, World};

const POOL: &str = "eu-west-1_AbCdEf123";
const ISS: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123";

/// The API host of a pool whose private key the tests have.
struct Forge {
    key: KeyPair,
    url: String,
    /// The requested paths and operations.
    asked: Arc<Mutex<Vec<String>>>,
    world: World,
    _runtime: Runtime,
}

impl Forge {
    /// Creates a host that answers `DescribeUserPool` with this status and body.
    fn new(status: u16, described: &Value) -> Self {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let keys = keys(&key).to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        let described = described.to_string();
        let handle = move |request: Request| {
            let path = request.uri().path().to_owned();
            let answer = match path.as_str() {
                "/" => (status, described.clone()),
                path if path.starts_with(&format!("/{POOL}/")) => (200, keys.clone()),
                path if path.contains("_Down/") => (500, "down".to_owned()),
                path if path.contains("_Proxy/") => (404, "<html>nothing here</html>".to_owned()),
                path if path.contains("_Junk/") => (200, "[]".to_owned()),
                path if path.contains("_Bare/") => (200, "{}".to_owned()),
                path if path.contains("_None/") => (200, r#"{"keys":[]}"#.to_owned()),
                path if path.contains("_Odd/") => (200, keys.replacen("[{", "[\"no object\",{", 1)),
                path => {
                    let pool = path.split('/').nth(1).unwrap_or_default();
                    let words = format!("User pool {pool} does not exist.");
                    (404, json!({ "message": words }).to_string())
                }
            };
            record.lock().unwrap().push(path);
            async move { (StatusCode::from_u16(answer.0).unwrap(), answer.1) }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, Router::new().fallback(handle)).await });
        Self {
            key,
            url,
            asked,
            world: World::empty(),
            _runtime: runtime,
        }
    }

    /// Creates the host of a pool in this account.
    fn here() -> Self {
        let pool = json!({ "UserPool": { "Id": POOL, "Name": "orders" } });
        Self::new(200, &pool)
    }

    /// Returns a token signed with the pool's key, whatever its header says.
    fn token(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(
                &RSA_PKCS1_SHA256,
                &random,
                signed.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn verify(&self, token: &str, more: &[&str]) -> Ran {
        let args = [
            &["decode", "--verify", "--json", "--endpoint-url", &self.url],
            more,
        ]
        .concat();
        self.world.feed(&args, token)
    }
}

/// Returns the pool's key, under one name for each possible fault.
fn keys(key: &KeyPair) -> Value {
    let public = key.public_key();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let whole = json!({
        "kid": "good", "kty": "RSA", "use": "sig", "alg": "RS256",
        "n": encode(public.modulus().big_endian_without_leading_zero()),
        "e": encode(public.exponent().big_endian_without_leading_zero()),
    });
    let but = |kid: &str, change: Value| {
        let mut key = whole.clone();
        key["kid"] = kid.into();
        for (name, value) in change.as_object().unwrap() {
            key[name] = value.clone();
        }
        key
    };
    json!({ "keys": [
        whole,
        but("enc", json!({ "use": "enc" })),
        but("alg", json!({ "alg": "RS512" })),
        but("kty", json!({ "kty": "oct", "k": "c2VjcmV0" })),
        but("ops", json!({ "key_ops": ["encrypt"] })),
        but("broken", json!({ "n": 7 })),
    ] })
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn good_header() -> Value {
    json!({ "alg": "RS256", "kid": "good" })
}

fn good_claims() -> Value {
    json!({
        "iss": ISS, "token_use": "access", "sub": "4k2", "client_id": "4k2", "scope": "api/read",
        "iat": now() - 10, "exp": now() + 600,
    })
}

/// Returns `whole` with some members changed, or removed if they are null.
fn but(mut whole: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(whole.as_object_mut().unwrap().remove(name)),
            value => whole[name] = value.clone(),
        }
    }
    whole
}

#[test]
fn a_genuine_token_is_valid_and_its_pool_is_named() {
    let forge = Forge::here();
    let token = forge.token(&good_header(), &good_claims());
    let ran = forge.verify(&token, &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let json = ran.json();
    assert_eq!(json["verdict"]["status"], "valid");
    assert_eq!(json["pool"]["id"], POOL);
    assert_eq!(json["pool"]["in_this_account"], true);
    let text = forge
        .world
        .feed(
            &["decode", "--verify", "--endpoint-url", &forge.url],
            &token,
        )
        .answer();
    assert!(
        text.contains(POOL) && text.contains("in this account"),
        "{text}"
    );
    for pin in [["--pool", POOL], ["--issuer", ISS]] {
        assert_eq!(forge.verify(&token, &pin).code, 0, "{pin:?}");
    }
}

#[test]
fn each_forgery_is_refused_with_its_reason() {
    let forge = Forge::here();
    let later = now() + 600;
    let headers = [
        (json!({ "alg": "none" }), "alg: none"),
        (json!({ "alg": "NONE" }), "alg: none"),
        (json!({ "alg": "HS256" }), "shared secret"),
        (json!({ "alg": "RS384" }), "not Cognito's algorithm"),
        (json!({ "alg": null }), "no algorithm"),
        (json!({ "kid": null }), "no kid"),
        (json!({ "kid": "nobody's" }), "invalid signature"),
        (json!({ "kid": "enc" }), "invalid signature"),
        (json!({ "kid": "alg" }), "invalid signature"),
        (json!({ "kid": "kty" }), "invalid signature"),
        (json!({ "kid": "ops" }), "invalid signature"),
        (json!({ "crit": ["exp"] }), "critical extension"),
        (json!({ "crit": [] }), "critical extension"),
        (json!({ "b64": false, "crit": ["b64"] }), "b64"),
        (json!({ "typ": "secevent+jwt" }), "another kind of token"),
    ];
    let headers = headers.map(|(header, words)| (header, json!({}), words));
    let claims = [
        (json!({ "exp": null }), "no expiry"),
        (json!({ "exp": later.to_string() }), "exp is not a number"),
        (json!({ "exp": now() - 1 }), "expired"),
        (json!({ "nbf": later }), "not yet valid"),
        (json!({ "nbf": "now" }), "nbf is not a number"),
        (json!({ "iat": later }), "not yet valid"),
        (json!({ "iat": [1] }), "iat is not a number"),
        (json!({ "iss": null }), "no issuer"),
        (json!({ "iss": 7 }), "no issuer"),
        (
            json!({ "iss": "https://accounts.example.com" }),
            "not Cognito",
        ),
        (json!({ "token_use": "id", "aud": "4k2" }), "an id token"),
        (json!({ "token_use": null }), "no token_use"),
        (
            json!({ "sub": "u", "username": "alice", "scope": "aws.cognito.signin.user.admin" }),
            "a person's token (InitiateAuth)",
        ),
        // A pool that is not there.
        (
            json!({ "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Gone" }),
            "no user pool eu-west-1_Gone (its keys are not found)",
        ),
    ];
    let claims = claims.map(|(claims, words)| (json!({}), claims, words));
    for (header, change, words) in headers.into_iter().chain(claims) {
        let token = forge.token(&but(good_header(), &header), &but(good_claims(), &change));
        let ran = forge.verify(&token, &[]);
        assert_eq!(ran.code, 1, "{header} {change}: {ran:?}");
        ran.said(&[words]);
        assert_eq!(ran.json()["verdict"]["status"], "invalid");
    }
    // What is signed is what is read.
    let token = forge.token(&good_header(), &good_claims());
    let (_, signature) = token.rsplit_once('.').unwrap();
    let other = forge.token(
        &good_header(),
        &but(good_claims(), &json!({ "scope": "api/admin" })),
    );
    let (signed, _) = other.rsplit_once('.').unwrap();
    let ran = forge.verify(&format!("{signed}.{signature}"), &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.said(&["invalid signature"]);
    // Header and claims of one name say different things to different readers.
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let twice = r#"{"alg":"none","alg":"RS256","kid":"good"}"#;
    let ran = forge.verify(&format!("{}.e30.{signature}", encode(twice)), &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn another_kind_of_token_is_wanted_by_name_alone() {
    let forge = Forge::here();
    let id = json!({ "token_use": "id", "aud": "4k2", "client_id": null, "sub": "u" });
    let person =
        json!({ "sub": "u", "username": "alice", "scope": "aws.cognito.signin.user.admin" });
    for (change, codes) in [(json!({}), [0, 1, 0]), (id, [1, 0, 0]), (person, [1, 1, 0])] {
        let token = forge.token(&good_header(), &but(good_claims(), &change));
        let ran =
            ["access", "id", "any"].map(|kind| forge.verify(&token, &["--token-use", kind]).code);
        assert_eq!(ran, codes, "{change}");
    }
}

#[test]
fn keys_that_cannot_be_read_make_no_token_invalid() {
    let forge = Forge::here();
    for (pool, words) in [
        ("eu-west-1_Down", "HTTP status 500"),
        ("eu-west-1_Proxy", "HTTP status 404"),
        ("eu-west-1_Junk", "JWKS request"),
        ("eu-west-1_Bare", "JWKS request"),
        ("eu-west-1_None", "JWKS request"),
        ("eu-west-1_Odd", "JWKS request"),
    ] {
        let iss = format!("https://cognito-idp.eu-west-1.amazonaws.com/{pool}");
        let token = forge.token(&good_header(), &but(good_claims(), &json!({ "iss": iss })));
        let ran = forge.verify(&token, &[]);
        assert_eq!(ran.code, 4, "{ran:?}");
        ran.said(&["not checked", words]);
        let json = ran.json();
        assert_eq!(json["verdict"]["status"], "unchecked");
        assert_eq!(json["signature"]["status"], "unknown");
    }
    let token = forge.token(
        &but(good_header(), &json!({ "kid": "broken" })),
        &good_claims(),
    );
    let ran = forge.verify(&token, &[]);
    assert_eq!(ran.code, 4, "{ran:?}");
    ran.said(&["key broken of the pool cannot be read"]);
    // What is wrong without any key is wrong all the same.
    let iss = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Down";
    let expired = json!({ "iss": iss, "exp": 1_000_000_000, "iat": 999_999_000 });
    let token = forge.token(&good_header(), &but(good_claims(), &expired));
    assert_eq!(forge.verify(&token, &[]).code, 1);
}

#[test]
fn whether_the_account_has_the_pool_is_known_or_said_not_to_be() {
    let refusal = |name: &str| json!({ "__type": name, "message": "no" });
    for (described, here, words) in [
        (
            refusal("ResourceNotFoundException"),
            json!(false),
            "not found",
        ),
        (
            refusal("AccessDeniedException"),
            json!(null),
            "cognito-idp:DescribeUserPool",
        ),
    ] {
        let forge = Forge::new(400, &described);
        let token = forge.token(&good_header(), &good_claims());
        let ran = forge.verify(&token, &[]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.json()["pool"]["in_this_account"], here);
        let args = ["decode", "--verify", "--endpoint-url", &forge.url];
        let text = forge.world.feed(&args, &token).answer();
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_pin_refuses_every_other_pool_and_asks_nobody_for_its_keys() {
    let forge = Forge::here();
    let token = forge.token(&good_header(), &good_claims());
    for pin in [
        ["--pool", "eu-west-1_Other0001"],
        [
            "--issuer",
            "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123",
        ],
    ] {
        let ran = forge.verify(&token, &pin);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.said(&["of another user pool"]);
    }
    let asked = forge.asked.lock().unwrap().clone();
    assert!(!asked.iter().any(|path| path.contains("jwks")), "{asked:?}");
    let ran = forge.verify(
        &token,
        &["--issuer", "https://evil.example/eu-west-1_AbCdEf123"],
    );
    ran.misused(&["not an Amazon Cognito issuer"]);
    let mut plain = forge.world.command(&["decode", "--pool", POOL]);
    crate::world::ran(&mut plain).misused(&["--verify"]);
}

#[test]
fn a_replicas_token_is_not_verified_unless_its_issuer_is_pinned() {
    let forge = Forge::here();
    let iss = format!("https://cognito-idp.us-east-1.amazonaws.com/{POOL}");
    let token = forge.token(&good_header(), &but(good_claims(), &json!({ "iss": iss })));
    let ran = forge.verify(&token, &[]);
    assert_eq!(ran.code, 4, "{ran:?}");
    ran.said(&["it may be a replica; not verified"]);
    assert!(
        !forge
            .asked
            .lock()
            .unwrap()
            .iter()
            .any(|path| path.contains("jwks"))
    );
    assert_eq!(forge.verify(&token, &["--issuer", &iss]).code, 0);
}

/// Runs `decode --verify` on AWS itself, through a proxy that blocks everything. Also returns the hosts that were requested.
fn outside(world: &World, token: &str) -> (Ran, Vec<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let hosts = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&hosts);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            record.lock().unwrap().push(line.trim().to_owned());
            let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
        }
    });
    let file = world.file("token", token);
    let mut command = world.command(&["decode", "--verify", &file]);
    for name in [
        "COGNITUI_ENDPOINT_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    ] {
        command.env_remove(name);
    }
    let proxy = format!("http://{address}");
    let ran = crate::world::ran(command.envs([("HTTPS_PROXY", &proxy), ("HTTP_PROXY", &proxy)]));
    let hosts = hosts.lock().unwrap().clone();
    (ran, hosts)
}

#[test]
fn no_host_but_cognitos_own_is_ever_asked() {
    let forge = Forge::here();
    let of = |iss: &str| forge.token(&good_header(), &but(good_claims(), &json!({ "iss": iss })));
    for region in [
        "s3",
        "s3-us-west-2",
        "cloudfront",
        "us-gov-x",
        "cn-evil",
        "us-s3-1",
    ] {
        for host in ["cognito-idp", "issuer-cognito-idp"] {
            let iss = format!("https://{host}.{region}.amazonaws.com/{region}_x");
            let (ran, hosts) = outside(&forge.world, &of(&iss));
            assert_eq!(ran.code, 1, "{iss}: {ran:?}");
            ran.said(&["not Cognito"]);
            assert_eq!(hosts, [""; 0], "{iss}");
        }
    }
    for (iss, host) in [
        (
            "https://cognito-idp.eusc-de-east-1.amazonaws.eu/eusc-de-east-1_A",
            "cognito-idp.eusc-de-east-1.amazonaws.eu",
        ),
        (
            "https://issuer-cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_A",
            "issuer-cognito-idp.us-gov-west-1.amazonaws.com",
        ),
        (
            "https://cognito-idp.ap-southeast-2.amazonaws.com/ap-southeast-2_A",
            "cognito-idp.ap-southeast-2.amazonaws.com",
        ),
    ] {
        let (ran, hosts) = outside(&forge.world, &of(iss));
        assert_eq!(ran.code, 4, "{iss}: {ran:?}");
        let expected = [format!("CONNECT {host}:443 HTTP/1.1")];
        assert_eq!(hosts, expected, "{iss}");
    }
}
