use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn lack(operation: &str, body: &str) -> Option<String> {
    let compared = compare(&of(operation), body.as_bytes());
    compared.err().map(|lack| lack.to_string())
}

/// The smallest answer that a shape allows, with one entry in each list.
fn whole(shape: &Shape) -> String {
    match shape {
        Id | Text => "\"x\"".to_owned(),
        Number => "1".to_owned(),
        List(of) => format!("[{}]", whole(of)),
        Object(members) | EmptyOr(members) => {
            let members = members
                .iter()
                .map(|(name, _, shape)| format!("\"{name}\":{}", whole(shape)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Nothing => "{}".to_owned(),
    }
}

/// Every way to break an answer of this shape in one place.
fn broken(shape: &Shape) -> Vec<String> {
    let kinds = ["null", "true", "7", "\"x\"", "[]", "{}"];
    let own = match shape {
        Id | Text => "\"x\"",
        Number => "7",
        List(_) => "[]",
        Object(_) | EmptyOr(_) | Nothing => "{}",
    };
    let others = kinds.into_iter().filter(|kind| *kind != own);
    let mut found: Vec<String> = others.map(str::to_owned).collect();
    match shape {
        Id => found.push("\"\"".to_owned()),
        Text | Number | Nothing => {}
        List(of) => found.extend(broken(of).iter().map(|entry| format!("[{entry}]"))),
        Object(members) | EmptyOr(members) => {
            for (name, need, member) in *members {
                let rest = members.iter().filter(|(other, ..)| other != name);
                let rest = rest.map(|(other, _, shape)| format!("\"{other}\":{}", whole(shape)));
                let rest: String = rest.map(|member| member + ",").collect();
                if *need == Always {
                    found.push(format!("{{{rest}\"unknown\":1}}"));
                }
                let wrong = broken(member).into_iter();
                let wrong = wrong.filter(|wrong| *need == Always || wrong != "null");
                found.extend(wrong.map(|wrong| format!("{{{rest}\"{name}\":{wrong}}}")));
            }
        }
    }
    found
}

#[test]
fn an_answer_that_lacks_anything_is_an_error_for_every_operation() {
    let mut tried = 0;
    for (operation, shape) in SHAPES {
        assert_eq!(lack(operation, &whole(shape)), None, "{operation}");
        for body in broken(shape) {
            tried += 1;
            assert!(lack(operation, &body).is_some(), "{operation}: {body}");
        }
        for body in ["<html>", "{", "{}x"] {
            assert!(lack(operation, body).is_some(), "{operation}: {body}");
        }
        let nothing = lack(operation, "").is_none();
        assert_eq!(nothing, matches!(shape, Nothing), "{operation}");
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (operation, body, words) in [
        ("ListUserPools", "{}", "the response lacks UserPools"),
        ("ListUserPools", "", "the response is empty"),
        ("ListUserPools", "null", "the response is null"),
        ("ListUserPools", "[]", "the response is not an object"),
        ("ListUserPools", "<html>", "the response is not JSON"),
        (
            "ListUserPools",
            r#"{"UserPools":null}"#,
            "the response lacks UserPools",
        ),
        (
            "ListUserPools",
            r#"{"UserPools":{}}"#,
            "UserPools is not a list",
        ),
        (
            "ListUserPools",
            r#"{"UserPools":[null]}"#,
            "UserPools[0] is null",
        ),
        (
            "ListUserPools",
            r#"{"UserPools":[{"Id":"a","Name":"b"},{"Name":"b"}]}"#,
            "UserPools[1] lacks Id",
        ),
        (
            "ListUserPools",
            r#"{"UserPools":[{"Id":null,"Name":"b"}]}"#,
            "UserPools[0] lacks Id",
        ),
        (
            "ListUserPools",
            r#"{"UserPools":[{"Id":7,"Name":"b"}]}"#,
            "UserPools[0].Id is not text",
        ),
        (
            "DescribeUserPoolClient",
            r#"{"UserPoolClient":{"ClientId":""}}"#,
            "UserPoolClient.ClientId is empty",
        ),
        (
            "DescribeUserPoolDomain",
            r#"{"DomainDescription":{"Status":"ACTIVE"}}"#,
            "DomainDescription lacks Domain",
        ),
        ("SomethingNew", "", "the response is empty"),
    ] {
        assert_eq!(lack(operation, body).as_deref(), Some(words), "{body}");
    }
    for (operation, body) in [
        ("ListUserPools", r#"{"UserPools":[],"NextToken":null}"#),
        ("DescribeUserPoolDomain", r#"{"DomainDescription":{}}"#),
        ("DeleteUserPool", ""),
        ("UpdateUserPool", "{}"),
        ("SomethingNew", "{}"),
    ] {
        assert_eq!(lack(operation, body), None, "{operation} {body}");
    }
    assert_eq!(keys(br#"{"keys":[{"kty":"RSA"}]}"#), Ok(()));
    assert_eq!(
        keys(b"{}"),
        Err(ShapeError("the response lacks keys".to_owned()))
    );
}

fn files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !path.starts_with(below.join("shape")) {
            found.push(path);
        }
    }
    found
}

/// An operation without a shape would accept any response.
#[test]
fn every_operation_that_is_called_has_its_shape() {
    // XML, whose members the SDK can tell from none; and credentials, which are used only where every member is there.
    const OTHERS: [&str; 4] = [
        "GetCallerIdentity",
        "AssumeRole",
        "AssumeRoleWithWebIdentity",
        "GetRoleCredentials",
    ];
    // Methods of credentials that name a member of the AWS CLI's cache, too.
    const NO_CALLS: [&str; 4] = [
        "AccessKeyId",
        "AssumedRoleId",
        "SecretAccessKey",
        "SessionToken",
    ];
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cognito");
    let texts = files(&room).into_iter().map(fs::read_to_string);
    let text: String = texts.map(Result::unwrap).collect();
    // A call of the SDK is a method without arguments; its operation is named for the errors.
    let calls = text.split('.').filter_map(|part| part.split_once("()"));
    let methods = calls.map(|(method, _)| method);
    let methods = methods
        .filter(|method| method.chars().all(|c| c == '_' || c.is_ascii_lowercase()))
        .filter(|method| method.contains('_'));
    let operations = methods.map(|method| {
        let words = method.split('_').filter(|word| !word.is_empty());
        let words = words.map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_uppercase() + rest
        });
        words.collect::<String>()
    });
    let called: BTreeSet<String> = operations
        .filter(|operation| text.contains(&format!("\"{operation}\"")))
        .filter(|operation| {
            let is = |name: &&str| name == operation;
            !OTHERS.iter().chain(&NO_CALLS).any(is)
        })
        .collect();
    let unknown = called
        .iter()
        .filter(|operation| !SHAPES.iter().any(|(name, _)| name == operation));
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(called.len() > 20, "{called:?}");
}
