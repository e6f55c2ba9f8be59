//! A token in the surroundings of the programs that people copy it from.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// A token with a signature as long as Cognito's.
fn token(client: &str, scope: &str, bytes: &[u8]) -> String {
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let claims = json!({
        "sub": client, "token_use": "access", "scope": scope, "client_id": client,
        "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123", "exp": 1_795_273_600, "iat": 1_795_270_000,
    });
    let signature: Vec<u8> = bytes.iter().copied().cycle().take(256).collect();
    format!(
        "{}.{}.{}",
        part(&json!({"kid": "abcdefghijklmnopqrstuvwxyz012345678901234567=", "alg": "RS256"})),
        part(&claims),
        URL_SAFE_NO_PAD.encode(signature)
    )
}

/// The text in lines of at most `width`, each line after the first after `lead`, each but the last before `tail`.
fn wrapped(text: &str, width: usize, tail: &str, lead: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let lines: Vec<String> = letters
        .chunks(width)
        .map(|line| line.iter().collect())
        .collect();
    lines.join(&format!("{tail}\n{lead}"))
}

fn percent(text: &str) -> String {
    text.replace('.', "%2E")
        .replace('_', "%5F")
        .replace('-', "%2D")
}

/// What each program makes of a token.
fn surroundings(token: &str, width: usize) -> Vec<(&'static str, String)> {
    let mut all = programs(token, width);
    all.extend(documents(token, width));
    all
}

fn programs(token: &str, width: usize) -> Vec<(&'static str, String)> {
    let bearer = format!("Authorization: Bearer {token}");
    let json = format!(r#"{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer"}}"#);
    let inner = serde_json::to_string(&json).unwrap();
    vec![
        ("alone", token.to_owned()),
        ("http header", bearer.clone()),
        ("token endpoint", json.clone()),
        (
            "json in json",
            format!(r#"{{"body":{inner},"status":200}}"#),
        ),
        (
            "escaped json in a log",
            format!("2026-11-27T10:00:00Z INFO body={inner} took=12ms"),
        ),
        (
            "curl",
            format!("curl -sS -H '{bearer}' https://api.example.com/orders?x=1"),
        ),
        (
            "curl -v",
            format!(
                "> GET /orders HTTP/2\n> Host: api.example.com\n> authorization: Bearer {token}\n> accept: */*\n> \n< HTTP/2 401\n< content-type: application/json\n< \n{{\"message\":\"Unauthorized\"}}"
            ),
        ),
        (
            "wrapped curl in a terminal",
            wrapped(
                &format!("curl -H \"{bearer}\" https://api.example.com/orders -o out.json"),
                width,
                "",
                "",
            ),
        ),
        (
            "shell continuation",
            format!("curl \\\n  -H \"{bearer}\" \\\n  https://api.example.com"),
        ),
        ("split by backslashes", wrapped(token, width, "\\", "")),
        (
            "export",
            format!("export TOKEN={token}\nexport REGION=eu-west-1\n"),
        ),
        ("dotenv", format!("REGION=eu-west-1\nTOKEN=\"{token}\"\n")),
        (
            "powershell",
            format!(
                "$headers = @{{ Authorization = \"Bearer {token}\" }}\r\nInvoke-RestMethod -Headers $headers"
            ),
        ),
        (
            "cmd.exe",
            format!(
                "set TOKEN={token}&& curl -H \"Authorization: Bearer %TOKEN%\" https://api.example.com"
            ),
        ),
        (
            "yaml",
            format!(
                "auth:\n  token: >-\n    {}\n  region: eu-west-1\n",
                wrapped(token, width, "", "    ")
            ),
        ),
        (
            "kubernetes",
            format!(
                "apiVersion: v1\ndata:\n  token: {}\nkind: Secret\n",
                STANDARD.encode(token)
            ),
        ),
        (
            "python dict",
            format!("{{'access_token': '{token}', 'expires_in': 3600}}"),
        ),
        ("python bytes", format!("b'{token}'")),
        ("javascript string", wrapped(token, width, "\" +", "  \"")),
        (
            "go struct",
            format!(
                "&oauth2.Token{{AccessToken:\"{token}\", TokenType:\"Bearer\", Expiry:time.Date(2026)}}"
            ),
        ),
        (
            "java map",
            format!("{{Authorization=[Bearer {token}], Accept=[*/*]}}"),
        ),
    ]
}

/// What each kind of document makes of it.
fn documents(token: &str, width: usize) -> Vec<(&'static str, String)> {
    let bearer = format!("Authorization: Bearer {token}");
    vec![
        (
            "address fragment",
            format!(
                "https://app.example.com/cb#access_token={token}&expires_in=3600&token_type=Bearer"
            ),
        ),
        (
            "address, encoded",
            format!(
                "https://app.example.com/cb?next=%2Fx%3Faccess_token%3D{}%26y%3D1",
                percent(token)
            ),
        ),
        (
            "cookie",
            format!("Cookie: theme=dark; session={token}; lang=de"),
        ),
        (
            "markdown",
            format!("My token:\n\n```\n{token}\n```\nIt fails."),
        ),
        ("markdown bold", format!("**{token}**")),
        (
            "chat quote",
            format!("> {}\n> what is wrong?", wrapped(token, width, "", "> ")),
        ),
        (
            "mail",
            format!(
                "Hi,\n\n{}\n\nRegards\nA. Person",
                wrapped(token, width, "", "")
            ),
        ),
        ("quoted-printable", wrapped(token, width, "=", "")),
        (
            "html",
            format!(
                "<td class=\"t\">&quot;{}&quot;</td>",
                token.replace('.', "&#46;")
            ),
        ),
        ("xml", format!("<token>{token}</token>")),
        ("csv", format!("client,token\ncheckout,\"{token}\",3600\n")),
        ("sql", format!("INSERT INTO t VALUES ('{token}', 1);")),
        (
            "docker compose log",
            format!(
                "api_1  | 10:00:01 DEBUG Authorization: Bearer {token}\napi_1  | 10:00:02 DEBUG 401\n"
            ),
        ),
        (
            "coloured log",
            format!("\u{1b}[32mtoken\u{1b}[0m=\u{1b}[1m{token}\u{1b}[0m done"),
        ),
        (
            "numbered lines",
            format!("   1 │ {}", wrapped(token, width, "", "   2 │ ")),
        ),
        (
            "comment",
            format!("// {}", wrapped(token, width, "", "// ")),
        ),
        ("typographic quotes", format!("\u{201c}{token}\u{201d}")),
        (
            "prose",
            format!("The token is {token}. It was good yesterday."),
        ),
        ("brackets", format!("(see {token})")),
        ("zero-width characters", token.replace('.', ".\u{200b}")),
        (
            "har",
            format!(
                r#"{{"log":{{"entries":[{{"request":{{"headers":[{{"name":"Authorization","value":"Bearer {token}"}}]}}}}]}}}}"#
            ),
        ),
        (
            "devtools",
            format!(
                "authority: api.example.com\nauthorization:\nBearer {token}\naccept-encoding: gzip"
            ),
        ),
        ("carriage returns", wrapped(token, width, "\r", "")),
        (
            "aws cli table",
            format!("|  AccessToken |  {token}  |\n+--------------+----+"),
        ),
        ("escaped dots", token.replace('.', "\\u002e")),
        (
            "logfmt",
            format!("level=info token=\"{token}\" client=checkout"),
        ),
        ("twice", format!("{bearer}\n{bearer}\n")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_token_is_found_in_what_every_program_makes_of_it(
        client in "[0-9a-z]{26}",
        scope in "[a-z]{2,9}/[a-z]{2,9}( https://api\\.example/[a-z]{1,9}){0,3}",
        bytes in prop::collection::vec(any::<u8>(), 64..256),
        width in 20_usize..400,
    ) {
        let token = token(&client, &scope, &bytes);
        for (program, text) in surroundings(&token, width) {
            let read = read(&text).map(|(token, _)| token).map_err(|error| error.to_string());
            prop_assert_eq!(read, Ok(token.clone()), "{}: {}", program, text);
        }
    }

    #[test]
    fn two_tokens_are_two_in_every_surrounding(
        one in "[0-9a-z]{26}", two in "[0-9a-z]{26}", bytes in prop::collection::vec(any::<u8>(), 64..256),
        width in 20_usize..400,
    ) {
        prop_assume!(one != two);
        let (first, second) = (token(&one, "a/b", &bytes), token(&two, "a/b", &bytes));
        for ((program, text), (_, other)) in surroundings(&first, width).into_iter().zip(surroundings(&second, width)) {
            // One word decodes in one way.
            if ["alone", "kubernetes", "escaped dots", "address, encoded", "html"].contains(&program) {
                continue;
            }
            let found = find(&format!("{text}\n\n{other}")).unwrap_or_default();
            let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
            prop_assert_eq!(texts, [first.as_str(), second.as_str()], "{}", program);
        }
    }
}

#[test]
fn a_line_may_break_at_every_letter_of_a_token() {
    let token = token("4k2abcdefghijklmnopqrstuvw", "orders/read", &[7; 64]);
    for at in 1..token.len() {
        let (first, rest) = token.split_at(at);
        let text = format!("curl -H 'Authorization: Bearer {first}\n{rest}'");
        let read = read(&text).map(|(token, _)| token);
        assert_eq!(read.ok(), Some(token.clone()), "broken after {at}");
    }
}

#[test]
fn damage_is_that_of_the_token_and_not_of_what_stands_around() {
    let token = token("4k2", "a/b", &[7, 99, 201]);
    let (head, signature) = token.rsplit_once('.').unwrap();
    let cut = format!("{head}.{}", signature.get(..300).unwrap());
    for (program, text) in surroundings(&cut, 400) {
        // What goes on in the next line could be the rest of it.
        if text.contains('\n') || program == "kubernetes" {
            continue;
        }
        let (_, reading) = read(&text).unwrap();
        assert_eq!(reading.signature, Some(225), "{program}: {text}");
    }
    for (program, text) in surroundings(head, 4_000) {
        if ["kubernetes", "prose"].contains(&program) {
            continue;
        }
        let error = read(&text).unwrap_err();
        assert!(error.looked_like_one, "{program}: {error:?}");
    }
}
