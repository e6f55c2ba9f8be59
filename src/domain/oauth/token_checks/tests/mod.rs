use serde_json::{Value, json};

mod scopes;

use super::*;
use crate::domain::client::tests::client;
use crate::domain::oauth::endpoints::tests::pool as pool_of_id;
use crate::domain::oauth::issuer::Pin;

fn pool() -> UserPool {
    pool_of_id("eu-west-1_A", Some("team"), None)
}

const NOW: i64 = 1_795_270_000;

fn jwt(header: &Value, claims: &Value) -> Jwt {
    Jwt {
        header: header.as_object().unwrap().clone(),
        claims: claims.as_object().unwrap().clone(),
    }
}

fn good() -> Value {
    json!({
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A", "token_use": "access", "client_id": "c", "sub": "c",
        "iat": NOW - 10, "exp": NOW + 3_590, "scope": "api/admin",
    })
}

fn changed(change: &Value) -> Value {
    let mut claims = good();
    for (name, value) in change.as_object().unwrap() {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

fn judged(header: &Value, change: &Value, around: &TokenContext) -> Verdict {
    let jwt = jwt(header, &changed(change));
    verdict(&jwt, around, Timestamp::from_seconds(NOW))
}

/// The titles of what is wrong with good claims that were changed so.
fn found(header: &Value, change: &Value, around: &TokenContext) -> Vec<String> {
    let all = judged(header, change, around).troubles;
    all.into_iter().map(|trouble| trouble.title).collect()
}

fn in_region(region: &str) -> Rules<'_> {
    Rules {
        region: Some(region),
        ..Rules::default()
    }
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
    let (pool, client) = (pool(), client(&["api/admin"]));
    let around = TokenContext {
        rules: in_region("eu-west-1"),
        pool: Lookup::Here(&pool),
        client: Lookup::Here(&client),
        verification: Some(&valid),
        signature: Some(256),
        ..TokenContext::default()
    };
    assert_eq!(found(&rs256(), &json!({}), &around), [""; 0]);
    let verdict = judged(&rs256(), &json!({}), &around);
    assert_eq!(verdict.standing, Validity::Valid);
    assert!(verdict.answer.contains("api/admin"), "{verdict:?}");
    assert_eq!(verdict.sort, TokenSort::Machine);
    let named = |one: &Evidence| one.about == Topic::Pool && one.seen.contains("eu-west-1_A");
    assert!(verdict.evidence.iter().any(named), "{verdict:?}");
    assert_eq!(
        found(&rs256(), &json!({}), &TokenContext::default()),
        [""; 0]
    );
}

#[test]
fn each_fault_has_its_name() {
    let bare = TokenContext::default();
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
        (
            json!({"alg": "RS256", "kid": "k", "crit": ["exp"], "exp": 1}),
            "critical extension not understood",
        ),
        (
            json!({"alg": "RS256", "kid": "k", "crit": "b64"}),
            "critical extension not understood",
        ),
        (
            json!({"alg": "RS256", "kid": "k", "b64": false}),
            "b64 in the header",
        ),
        (
            json!({"alg": "RS256", "kid": "k", "typ": "dpop+jwt"}),
            "another kind of token",
        ),
    ] {
        assert_eq!(found(&header, &json!({}), &bare), [title]);
    }
    for (change, title) in [
        (
            json!({"iss": "https://example.com/eu-west-1_A"}),
            "not Cognito",
        ),
        (
            json!({"iss": "https://cognito-idp.s3.amazonaws.com/s3_x"}),
            "not Cognito",
        ),
        (json!({"iss": 7}), "no issuer"),
        (json!({"iss": null}), "no issuer"),
        (
            json!({"token_use": "id"}),
            "an id token, not an access token",
        ),
        (json!({"token_use": null}), "no token_use"),
        (json!({"exp": NOW}), "expired"),
        (json!({"exp": null}), "no expiry"),
        (json!({"exp": "1795273590"}), "exp is not a number"),
        (json!({"nbf": true}), "nbf is not a number"),
        (json!({"iat": {}}), "iat is not a number"),
        (
            json!({"iat": NOW + 50, "exp": NOW + 40}),
            "expires before it was issued",
        ),
        (
            json!({"sub": "u", "username": "alice", "scope": "aws.cognito.signin.user.admin"}),
            "a person's token (InitiateAuth); it never has custom scopes",
        ),
        (json!({"nbf": NOW + 600}), "not yet valid"),
        (
            json!({"iat": NOW + 600}),
            "not yet valid: issued in the future",
        ),
    ] {
        assert_eq!(found(&rs256(), &change, &bare), [title], "{change}");
        let verdict = judged(&rs256(), &change, &bare);
        assert_eq!(verdict.standing, Validity::Refused, "{change}");
        assert!(verdict.answer.contains(title), "{verdict:?}");
    }
    for kind in ["JWT", "at+jwt", "application/at+JWT"] {
        let header = json!({"alg": "RS256", "kid": "k", "typ": kind});
        assert_eq!(found(&header, &json!({}), &bare), [""; 0]);
    }
    // Clocks are never quite the same.
    assert_eq!(found(&rs256(), &json!({"iat": NOW + 30}), &bare), [""; 0]);
}

#[test]
fn what_is_known_of_the_account_is_held_against_it() {
    let with = |around: TokenContext| found(&rs256(), &json!({}), &around);
    let (pool, bare) = (pool(), TokenContext::default);
    assert_eq!(
        with(TokenContext {
            rules: in_region("us-east-1"),
            ..bare()
        }),
        ["of another Region"]
    );
    assert_eq!(
        with(TokenContext {
            pool: Lookup::NotHere,
            ..bare()
        }),
        ["of another account, or of a deleted pool"]
    );
    assert_eq!(
        with(TokenContext {
            pool: Lookup::Here(&pool),
            client: Lookup::NotHere,
            ..bare()
        }),
        ["its app client is gone"]
    );
    assert_eq!(
        with(TokenContext {
            signature: Some(200),
            ..bare()
        }),
        ["cut off in its signature"]
    );
    // The key's name is the forger's to choose.
    let unknown_key = Verification::Invalid {
        reason: "key issuer is not among the pool's keys".to_owned(),
    };
    assert_eq!(
        with(TokenContext {
            verification: Some(&unknown_key),
            ..bare()
        }),
        ["invalid signature"]
    );
}

#[test]
fn only_what_makes_a_token_worthless_refuses_it() {
    let valid = Verification::Valid {
        kid: "k".to_owned(),
        algorithm: "RS256".to_owned(),
    };
    let around = TokenContext {
        pool: Lookup::NotHere,
        verification: Some(&valid),
        ..TokenContext::default()
    };
    assert_eq!(
        judged(&rs256(), &json!({}), &around).standing,
        Validity::Valid
    );
    // A person who signed in at the domain may have custom scopes.
    let person = json!({"sub": "u", "scope": "openid api/read"});
    let verdict = judged(&rs256(), &person, &around);
    assert_eq!(verdict.standing, Validity::Valid);
    assert_eq!(verdict.troubles.len(), 2, "{verdict:?}");
    // What is worth knowing comes after what refuses.
    let expired = judged(&rs256(), &json!({"exp": NOW}), &around);
    let refuses: Vec<bool> = expired.troubles.iter().map(|one| one.refuses).collect();
    assert_eq!(refuses, [true, false]);
}

#[test]
fn what_could_not_be_checked_is_neither_valid_nor_refused() {
    let unread = Verification::Unknown {
        reason: "HTTP status 500".to_owned(),
    };
    for verification in [None, Some(&unread)] {
        let around = TokenContext {
            verification,
            ..TokenContext::default()
        };
        let verdict = judged(&rs256(), &json!({}), &around);
        assert_eq!(verdict.standing, Validity::Unchecked, "{verdict:?}");
        assert_eq!(verdict.troubles, []);
        // What needs no key is judged all the same.
        let verdict = judged(&rs256(), &json!({"exp": NOW}), &around);
        assert_eq!(verdict.standing, Validity::Refused);
    }
    let gone = Verification::NoPool {
        pool: PoolId::new("eu-west-1_A"),
    };
    let around = TokenContext {
        verification: Some(&gone),
        pool: Lookup::NotHere,
        ..TokenContext::default()
    };
    assert_eq!(
        found(&rs256(), &json!({}), &around),
        ["no user pool eu-west-1_A (its keys are not found)"]
    );
}

#[test]
fn the_kind_of_token_is_the_one_that_is_wanted() {
    let of = |token: Value, wanted: ExpectedUse| {
        let around = TokenContext {
            wanted,
            ..TokenContext::default()
        };
        judged(&rs256(), &token, &around).standing == Validity::Refused
    };
    let access = || json!({});
    let id = || json!({"token_use": "id", "aud": "c", "client_id": null, "sub": "u"});
    let person =
        || json!({"sub": "u", "username": "alice", "scope": "aws.cognito.signin.user.admin"});
    for (token, refused_by) in [
        (access(), [false, true, false]),
        (id(), [true, false, false]),
        (person(), [true, true, false]),
        (json!({"token_use": "refresh"}), [true, true, true]),
    ] {
        let wanted = [ExpectedUse::Machine, ExpectedUse::Id, ExpectedUse::Any];
        let refused = wanted.map(|wanted| of(token.clone(), wanted));
        assert_eq!(refused, refused_by, "{token}");
    }
}

#[test]
fn a_pin_refuses_the_tokens_of_all_others() {
    let pin = Pin::Pool(PoolId::new("eu-west-1_B"));
    let around = TokenContext {
        rules: Rules {
            pin: Some(&pin),
            ..Rules::default()
        },
        ..TokenContext::default()
    };
    assert_eq!(
        found(&rs256(), &json!({}), &around),
        ["of another user pool"]
    );
}
