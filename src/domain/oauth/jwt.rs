//! JSON Web Tokens, decoded but not trusted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::domain::scope::ScopeName;
use crate::domain::time::Timestamp;

/// A decoded token: header and claims. It may be forged until its signature is verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Jwt {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
}

/// Why a text is no JWT.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// A signed JWT is `header.claims.signature`.
    #[error("a token has three parts joined by dots; this text has {0}")]
    Parts(usize),
    /// A part is not base64url without padding.
    #[error("the {part} is not base64url: {reason}")]
    Base64 { part: &'static str, reason: String },
    /// A part decodes to something other than a JSON object.
    #[error("the {part} is not a JSON object: {reason}")]
    Json { part: &'static str, reason: String },
}

impl Jwt {
    /// Decodes the compact form (RFC 7515, section 3.1) without verifying the signature; white space around it, as a paste brings,
    /// is ignored.
    ///
    /// # Errors
    /// Names the part that is wrong and how. The message quotes nothing of the token.
    pub fn parse(text: &str) -> Result<Self, JwtError> {
        let parts: Vec<&str> = text.trim().split('.').collect();
        let &[header, claims, signature] = parts.as_slice() else {
            return Err(JwtError::Parts(parts.len()));
        };
        decode("signature", signature)?;
        Ok(Self {
            header: object("header", header)?,
            claims: object("claims", claims)?,
        })
    }

    /// The signature's bytes, of a text that [`parse`](Self::parse) takes.
    ///
    /// # Errors
    /// The last part is not base64url.
    pub fn signature(text: &str) -> Result<Vec<u8>, JwtError> {
        let (_, signature) = text.trim().rsplit_once('.').unwrap_or_default();
        decode("signature", signature)
    }

    /// A claim that is a string.
    #[must_use]
    pub fn claim_str(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// `exp`: the moment from which the token must be refused.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.claim_time("exp")
    }

    /// `iat`.
    #[must_use]
    pub fn issued(&self) -> Option<Timestamp> {
        self.claim_time("iat")
    }

    /// The scopes of the space-separated `scope` claim, in its order. Compare them as a set: Cognito promises no order.
    #[must_use]
    pub fn scopes(&self) -> Vec<ScopeName> {
        self.claim_str("scope")
            .unwrap_or_default()
            .split_whitespace()
            .map(ScopeName::new)
            .collect()
    }

    /// The id of the key that signed the token.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.header.get("kid")?.as_str()
    }

    /// `alg`: `RS256` for every token that Cognito issues.
    #[must_use]
    pub fn algorithm(&self) -> Option<&str> {
        self.header.get("alg")?.as_str()
    }

    /// A claim that is a time. RFC 7519 allows fractions of a second; they are cut off.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // The cast saturates, and a time that far away is nonsense anyway.
    pub fn claim_time(&self, name: &str) -> Option<Timestamp> {
        let value = self.claims.get(name)?;
        let seconds = value
            .as_i64()
            .or_else(|| value.as_f64().map(|s| s as i64))?;
        Some(Timestamp::from_seconds(seconds))
    }
}

fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, JwtError> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|error| JwtError::Base64 {
            part,
            reason: reason(&error),
        })
}

/// The decoder's own words would quote a byte of the token; its position is enough to find it.
fn reason(error: &base64::DecodeError) -> String {
    match error {
        base64::DecodeError::InvalidByte(at, _) => {
            format!("illegal character at position {}", at + 1)
        }
        base64::DecodeError::InvalidLastSymbol(at, _) => {
            format!("cut short or altered at position {}", at + 1)
        }
        base64::DecodeError::InvalidLength(length) => {
            format!("{length} characters cannot be a whole value")
        }
        base64::DecodeError::InvalidPadding => "it must have no padding".to_owned(),
    }
}

fn object(part: &'static str, text: &str) -> Result<Map<String, Value>, JwtError> {
    let bytes = decode(part, text)?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(JwtError::Json {
            part,
            reason: "another kind of value".to_owned(),
        }),
        Err(error) => Err(JwtError::Json {
            part,
            reason: format!("line {}, column {}", error.line(), error.column()),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!(
            "{}.{}.c2ln",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        )
    }

    #[test]
    fn a_cognito_token_decodes() {
        let text = token(
            r#"{"kid":"k1","alg":"RS256"}"#,
            r#"{"sub":"c","scope":"api/admin  api/read","exp":1795273445,"iat":1795269845.9}"#,
        );
        let jwt = Jwt::parse(&format!(" {text}\n")).unwrap();
        assert_eq!((jwt.kid(), jwt.algorithm()), (Some("k1"), Some("RS256")));
        assert_eq!(jwt.claim_str("sub"), Some("c"));
        assert_eq!(
            jwt.scopes(),
            [ScopeName::new("api/admin"), ScopeName::new("api/read")]
        );
        assert_eq!(jwt.expires(), Some(Timestamp::from_seconds(1_795_273_445)));
        assert_eq!(jwt.issued(), Some(Timestamp::from_seconds(1_795_269_845)));
    }

    #[test]
    fn absent_claims_are_none_and_never_a_panic() {
        let jwt = Jwt::parse(&token("{}", r#"{"exp":"soon","scope":7}"#)).unwrap();
        assert_eq!((jwt.kid(), jwt.expires(), jwt.issued()), (None, None, None));
        assert_eq!(jwt.scopes(), []);
        let huge = Jwt::parse(&token("{}", r#"{"exp":1e300}"#)).unwrap();
        assert!(huge.expires().is_some());
    }

    #[test]
    fn an_error_names_the_part_and_quotes_nothing() {
        assert_eq!(Jwt::parse("abc"), Err(JwtError::Parts(1)));
        assert_eq!(Jwt::parse("a.b.c.d.e"), Err(JwtError::Parts(5)));
        let words = |text: &str| Jwt::parse(text).unwrap_err().to_string();
        assert_eq!(
            words("e30.$$$$.e30"),
            "the claims is not base64url: illegal character at position 1"
        );
        assert_eq!(
            words("e30.bm90IGpzb24.e30"),
            "the claims is not a JSON object: line 1, column 2"
        );
        assert_eq!(
            words("W10.e30.e30"),
            "the header is not a JSON object: another kind of value"
        );
        assert!(words("e30.e30=.e30").starts_with("the claims is not base64url"));
        assert!(words("e30.e30.a").starts_with("the signature is not base64url"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".{0,200}", parts in "[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}") {
            let _ = Jwt::parse(&text);
            let _ = Jwt::parse(&parts);
        }
    }
}
