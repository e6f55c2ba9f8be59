use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_795_270_000;

fn jwt(header: &Value, claims: &Value) -> Jwt {
    Jwt {
        header: header.as_object().unwrap().clone(),
        claims: claims.as_object().unwrap().clone(),
    }
}

fn good() -> Value {
    json!({
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "token_use": "access", "client_id": "c",
        "iat": NOW - 10, "exp": NOW + 3_590, "scope": "api/admin",
    })
}

/// The titles of what is wrong with good claims that were changed so.
fn found(header: &Value, change: &Value, around: &Surroundings) -> Vec<&'static str> {
    let mut claims = good();
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    let all = troubles(&jwt(header, &claims), around, Timestamp::from_seconds(NOW));
    all.into_iter().map(|trouble| trouble.title).collect()
}

fn rs256() -> Value {
    json!({"alg": "RS256", "kid": "k"})
}

#[test]
fn a_good_token_has_none() {
    let valid = Verification::Valid {
        kid: "k".to_owned(),
        algorithm: "RS256".to_owned(),
    };
    let around = Surroundings {
        region: Some("eu-west-1"),
        pool: Presence::Here,
        client: Presence::Here,
        verification: Some(&valid),
        signature: Some(256),
        ..Surroundings::default()
    };
    assert_eq!(found(&rs256(), &json!({}), &around), [""; 0]);
    assert_eq!(
        found(&rs256(), &json!({}), &Surroundings::default()),
        [""; 0]
    );
}

#[test]
fn each_fault_has_its_name() {
    let bare = Surroundings::default();
    for (header, title) in [
        (json!({"alg": "none"}), "alg: none, not signed"),
        (json!({"alg": "nOnE", "kid": "k"}), "alg: none, not signed"),
        (
            json!({"alg": "HS256", "kid": "k"}),
            "signed with a shared secret",
        ),
        (
            json!({"alg": "ES256", "kid": "k"}),
            "not Cognito's algorithm",
        ),
        (json!({"kid": "k"}), "no algorithm"),
        (json!({"alg": "RS256"}), "no kid"),
    ] {
        assert_eq!(found(&header, &json!({}), &bare), [title]);
    }
    for (change, title) in [
        (
            json!({"iss": "https://example.com/eu-west-1_A"}),
            "not issued by a user pool",
        ),
        (json!({"iss": null}), "no issuer"),
        (
            json!({"token_use": "id"}),
            "an id token, not an access token",
        ),
        (json!({"token_use": null}), "no token_use"),
        (json!({"exp": NOW}), "expired"),
        (json!({"exp": "soon"}), "no expiry"),
        (json!({"nbf": NOW + 600}), "not yet valid"),
        (
            json!({"iat": NOW + 600}),
            "not yet valid: issued in the future",
        ),
    ] {
        assert_eq!(found(&rs256(), &change, &bare), [title], "{change}");
    }
    // Clocks are never quite the same.
    assert_eq!(found(&rs256(), &json!({"iat": NOW + 30}), &bare), [""; 0]);
}

#[test]
fn what_is_known_of_the_account_is_held_against_it() {
    let with = |around: Surroundings| found(&rs256(), &json!({}), &around);
    let bare = Surroundings::default();
    assert_eq!(
        with(Surroundings {
            region: Some("us-east-1"),
            ..bare
        }),
        ["of another Region"]
    );
    assert_eq!(
        with(Surroundings {
            pool: Presence::NotHere,
            ..bare
        }),
        ["of another account, or of a deleted pool"]
    );
    assert_eq!(
        with(Surroundings {
            pool: Presence::Here,
            client: Presence::NotHere,
            ..bare
        }),
        ["its app client is gone"]
    );
    assert_eq!(
        with(Surroundings {
            signature: Some(200),
            ..bare
        }),
        ["cut off in its signature"]
    );
    // The key's name is the forger's to choose.
    let unknown_key = Verification::Invalid {
        reason: "key issuer is not among the pool's keys".to_owned(),
    };
    assert_eq!(
        with(Surroundings {
            verification: Some(&unknown_key),
            ..bare
        }),
        ["its signature does not stand"]
    );
}

#[test]
fn the_pool_is_found_under_an_endpoint_too_and_nowhere_else() {
    let of = |iss: &str| {
        pool_of(
            &jwt(&rs256(), &json!({"iss": iss})),
            Some("http://127.0.0.1:4566/"),
        )
    };
    assert_eq!(
        of("http://127.0.0.1:4566/eu-west-1_A"),
        Some(PoolId::new("eu-west-1_A"))
    );
    assert_eq!(
        of("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A"),
        Some(PoolId::new("eu-west-1_A"))
    );
    for iss in [
        "http://127.0.0.1:45660/eu-west-1_A",
        "http://127.0.0.1:4566/a/b",
        "eu-west-1_A",
    ] {
        assert_eq!(of(iss), None, "{iss}");
    }
}
