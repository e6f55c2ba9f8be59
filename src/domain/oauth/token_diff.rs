//! Two tokens, claim by claim.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::jwt::Jwt;
use crate::domain::scope::ScopeName;

/// What became of one claim or header field from one token to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `scope`, or `header kid` for a field of the header.
    pub name: String,
    /// `None` where the token has none.
    pub before: Option<String>,
    pub after: Option<String>,
    /// For scopes, which go in sets: those that only one of the tokens has.
    pub scopes: Option<(Vec<ScopeName>, Vec<ScopeName>)>,
}

/// The claims that differ from any token to any other, so that they say nothing.
const OF_EACH: [&str; 5] = ["exp", "iat", "auth_time", "jti", "origin_jti"];

/// What differs between two tokens, scopes first; times and ids of the single token are left out. The order of scopes is none.
#[must_use]
pub fn compare(before: &Jwt, after: &Jwt) -> Vec<Difference> {
    let mut found = Vec::new();
    let scopes = |jwt: &Jwt| jwt.scopes().into_iter().collect::<BTreeSet<_>>();
    let (old, new) = (scopes(before), scopes(after));
    if old != new {
        let only = |one: &BTreeSet<ScopeName>, other: &BTreeSet<ScopeName>| {
            one.difference(other).cloned().collect()
        };
        found.push(Difference {
            scopes: Some((only(&old, &new), only(&new, &old))),
            ..differing("scope", &before.claims, &after.claims, "")
        });
    }
    let lifetime = |jwt: &Jwt| {
        let seconds = jwt.issued()?.seconds_until(jwt.expires()?);
        Some(crate::domain::time::in_words(seconds))
    };
    let (old, new) = (lifetime(before), lifetime(after));
    if old != new {
        found.push(Difference {
            name: "lifetime".to_owned(),
            before: old,
            after: new,
            scopes: None,
        });
    }
    for (before, after, place) in [
        (&before.claims, &after.claims, ""),
        (&before.header, &after.header, "header "),
    ] {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        found.extend(
            names
                .into_iter()
                .filter(|name| *name != "scope" && !OF_EACH.contains(&name.as_str()))
                .filter(|name| before.get(*name) != after.get(*name))
                .map(|name| differing(name, before, after, place)),
        );
    }
    found
}

fn differing(
    name: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    place: &str,
) -> Difference {
    let shown = |claims: &Map<String, Value>| {
        claims.get(name).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    Difference {
        name: format!("{place}{name}"),
        before: shown(before),
        after: shown(after),
        scopes: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn jwt(claims: &Value) -> Jwt {
        Jwt {
            header: Map::new(),
            claims: claims.as_object().unwrap().clone(),
        }
    }

    #[test]
    fn times_and_the_order_of_scopes_are_no_difference() {
        let one = json!({"scope": "a/x a/y", "iat": 0, "exp": 3600, "jti": "1", "client_id": "c"});
        let other =
            json!({"scope": "a/y a/x", "iat": 90, "exp": 3690, "jti": "2", "client_id": "c"});
        assert_eq!(compare(&jwt(&one), &jwt(&other)), []);
    }

    #[test]
    fn scopes_lifetime_and_other_claims_are_told_apart() {
        let one = json!({"scope": "a/x a/y", "iat": 0, "exp": 3600, "client_id": "c"});
        let other =
            json!({"scope": "a/z a/x", "iat": 0, "exp": 300, "client_id": "d", "tenant": 7});
        let found = compare(&jwt(&one), &jwt(&other));
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["scope", "lifetime", "client_id", "tenant"]);
        assert_eq!(
            found[0].scopes,
            Some((vec![ScopeName::new("a/y")], vec![ScopeName::new("a/z")]))
        );
        assert_eq!(found[1].after.as_deref(), Some("5 min"));
        assert_eq!(
            (found[3].before.as_deref(), found[3].after.as_deref()),
            (None, Some("7"))
        );
    }
}
