use super::*;

fn find_token(text: &str) -> Result<String, String> {
    read(text)
        .map(|(token, _)| token)
        .map_err(|error| error.to_string())
}

const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6ImFwaSJ9.c2lnbmF0dXJl";
/// Another token.
const OTHER: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6ImIvYyJ9.c2lnbmF0dXJl";
const THIRD: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzY29wZSI6ImMvZCJ9.c2lnbmF0dXJl";

#[test]
fn what_stands_around_a_token_is_taken_away() {
    for text in [
        TOKEN.to_owned(),
        format!("  {TOKEN}\r\n"),
        format!("Bearer {TOKEN}"),
        format!("authorization: bearer {TOKEN}\n"),
        format!("> Authorization: Bearer {TOKEN}\n> Accept: */*\n"),
        format!("curl -H 'Authorization: Bearer {TOKEN}' https://api.example.com/"),
        format!("\"{TOKEN}\""),
        format!("'{TOKEN}',"),
        format!("TOKEN={TOKEN}"),
        format!("https://app.example.com/#access_token={TOKEN}&expires_in=3600"),
        format!(r#"{{"access_token":"{TOKEN}","expires_in":3600,"token_type":"Bearer"}}"#),
        format!(r#"{{"ClientAuthenticationResult":{{"AccessToken":"{TOKEN}"}}}}"#),
        format!(r#"{{"id_token":"eyJhbGciOiJub25lIn0.e30.","access_token":"{TOKEN}"}}"#),
        format!(r#"["{TOKEN}"]"#),
        format!("The token is\n\n{TOKEN}\n\nand it works."),
        TOKEN.replace('.', ".\n"),
        TOKEN.replace("NiJ9", "Ni\n    J9"),
        format!("\"{}\"", TOKEN.replace('.', ".\n")),
        // Line breaks as other systems have them, and as terminals paste them.
        TOKEN.replace('.', ".\r\n"),
        TOKEN.replace('.', ".\r"),
        format!("Take this:\r{}\r", TOKEN.replace("NiJ9", "Ni\rJ9")),
    ] {
        assert_eq!(find_token(&text), Ok(TOKEN.to_owned()), "{text}");
    }
}

#[test]
fn an_unsigned_token_and_one_with_a_spaced_header_are_found() {
    for token in [
        "eyJhbGciOiJub25lIn0.e30.",
        "eyAiYWxnIjogIm5vbmUiIH0.e30.",
        "ewogICJhbGciOiAibm9uZSIKfQ.e30.",
    ] {
        assert_eq!(find_token(token), Ok(token.to_owned()));
    }
}

#[test]
fn no_token_and_several_are_told_apart() {
    let said = |text: &str| find_token(text).unwrap_err();
    assert!(said(" \n").contains("nothing to decode"));
    assert!(said("keep an eye.on it").contains("no token in it"));
    assert!(said(r#"{"error":"invalid_client"}"#).contains("invalid_client; it holds no token"));
    let two = format!(r#"{{"id_token":"{TOKEN}","refresh_token":"{OTHER}"}}"#);
    assert_eq!(
        said(&two),
        "it holds 2 tokens (id_token, refresh_token): give one of them alone"
    );
}

#[test]
fn what_was_cleaned_away_is_said_with_its_place() {
    let cleaned = |text: &str| read(text).unwrap().1.cleaned.join("; ");
    assert_eq!(cleaned(TOKEN), "");
    assert_eq!(cleaned(&format!("  {TOKEN}\n")), "");
    assert_eq!(
        cleaned(&format!("Bearer {TOKEN}")),
        "`Bearer` in front of it"
    );
    assert_eq!(cleaned(&format!("\"{TOKEN}\"")), "quotes around it");
    assert_eq!(
        cleaned(&format!("\u{201c}{TOKEN}\u{201d}")),
        "typographic quotes around it, at position 1"
    );
    assert_eq!(
        cleaned(&format!(
            r#"{{"access_token":"{TOKEN}","expires_in":3600}}"#
        )),
        "JSON around it: the field access_token was taken"
    );
    assert_eq!(
        cleaned(&TOKEN.replace("NiJ9", "Ni\n    J9")),
        "a line break after its character 18"
    );
    assert_eq!(
        cleaned(&format!(
            "> GET / HTTP/2\n> authorization: bearer {TOKEN}\n> accept: */*"
        )),
        "1 lines before it; `Bearer` in front of it"
    );
    assert_eq!(
        cleaned(&TOKEN.replace("NiJ9", "Ni\u{200b}J9")),
        "an invisible character at position 19"
    );
}

#[test]
fn tokens_on_lines_of_their_own_are_several() {
    let several = |text: &str| read(text).unwrap_err().to_string();
    assert_eq!(
        several(&format!("{TOKEN}\n{OTHER}\n")),
        "it holds 2 tokens (on line 1, on line 2): give one of them alone"
    );
    let three = format!("the tokens:\n{TOKEN}\n{OTHER}\n{THIRD}");
    assert!(several(&three).contains("3 tokens (on line 2, on line 3, on line 4)"));
    // A signature that goes on in a line that begins as a token does is one token's.
    let wrapped = format!("{TOKEN}\neyABCDEFGHIJKLMNOPQR");
    assert_eq!(read(&wrapped).unwrap().1.cleaned.len(), 1);
}

#[test]
fn a_token_that_was_cut_says_where() {
    let told = |text: &str| {
        let error = read(text).unwrap_err();
        format!("{error} · {}", error.next)
    };
    let (two, _) = TOKEN.rsplit_once('.').unwrap();
    assert_eq!(
        told(two),
        "this is no JWT: a token has three parts joined by dots; this text has 2 · It ends after 41 characters. It was cut \
             off in its claims, before the signature: copy it again, whole."
    );
    assert!(
        told(TOKEN.get(..20).unwrap())
            .contains("It ends after 20 characters. It was cut off in its header")
    );
    let cut = TOKEN.get(..30).unwrap();
    assert!(told(&format!("{cut} and more")).contains("White space follows its character 30"));
    assert!(
        told(&TOKEN.replace("c2ln", "c2*n"))
            .contains("the signature is not base64url: illegal character at position 3")
    );
    assert_eq!(read(TOKEN).unwrap().1.signature, Some(9));
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "(\\PC|\\pC|ey|\\.|\"|\n){0,80}") {
        let _ = read(&text);
    }
}
