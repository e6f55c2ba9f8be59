//! A token request: a form, and the client's credentials.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::grant::OAuthError;
use crate::sandbox::assumptions::{Assumption, Assumptions};

/// The parameters of a token request, each at most once.
#[derive(Debug)]
pub struct Form(Vec<(String, String)>);

/// The client's credentials in a request.
pub struct Credentials {
    pub id: String,
    /// `None` if the client sent no secret.
    pub secret: Option<String>,
}

/// The grant type of a token request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantType {
    ClientCredentials,
    /// RFC 8693.
    TokenExchange,
}

impl Form {
    /// Reads the query string and a form body: UTF-8 in well-formed percent-encoding.
    pub fn parse(
        headers: &HeaderMap,
        query: Option<&str>,
        body: &[u8],
    ) -> Result<Self, OAuthError> {
        let query = query.unwrap_or_default().as_bytes();
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .and_then(|kind| kind.split(';').next())
            .unwrap_or_default()
            .trim();
        let is_form = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        // An empty body needs no content type if the query string has the parameters.
        let is_bare = body.is_empty() && !query.is_empty();
        if !(is_form || is_bare) || !well_encoded(body) || !well_encoded(query) {
            return Err(OAuthError::INVALID_REQUEST);
        }
        let mut parameters = Vec::<(String, String)>::new();
        for (name, value) in form_urlencoded::parse(query).chain(form_urlencoded::parse(body)) {
            if parameters.iter().any(|(seen, _)| *seen == name) {
                return Err(OAuthError::INVALID_REQUEST);
            }
            parameters.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(parameters))
    }

    /// Returns the value of a parameter; may be empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// `grant_type` is required, and for machines there are two; `aws_client_metadata` is optional, but a JSON object.
    pub fn check(&self, assumptions: &Assumptions) -> Result<GrantType, OAuthError> {
        let grant_type = match self.get("grant_type") {
            None | Some("") if assumptions.hold(Assumption::NoGrantTypeUnsupported) => {
                return Err(OAuthError::UNSUPPORTED_GRANT_TYPE);
            }
            None | Some("") => return Err(OAuthError::INVALID_REQUEST),
            Some("client_credentials") => GrantType::ClientCredentials,
            Some("urn:ietf:params:oauth:grant-type:token-exchange") => GrantType::TokenExchange,
            Some(_) => return Err(OAuthError::UNSUPPORTED_GRANT_TYPE),
        };
        match self.get("aws_client_metadata").map(serde_json::from_str) {
            None | Some(Ok(Value::Object(_))) => Ok(grant_type),
            Some(_) => Err(OAuthError::INVALID_REQUEST),
        }
    }

    /// Returns the requested scopes: `None` if the parameter is missing, an empty list if it is blank.
    pub fn scopes(&self) -> Option<Vec<&str>> {
        Some(self.get("scope")?.split_ascii_whitespace().collect())
    }
}

impl Credentials {
    /// Reads the `Authorization` header (`client_secret_basic`) or else the form (`client_secret_post`).
    pub fn read(headers: &HeaderMap, form: &Form) -> Result<Self, OAuthError> {
        let id = form.get("client_id").filter(|id| !id.is_empty());
        let secret = form.get("client_secret");
        let Some(authorization) = headers.get(header::AUTHORIZATION) else {
            return Ok(Self {
                id: id.ok_or(OAuthError::INVALID_REQUEST)?.to_owned(),
                secret: secret
                    .filter(|secret| !secret.is_empty())
                    .map(str::to_owned),
            });
        };
        let basic = authorization
            .to_str()
            .ok()
            .and_then(basic)
            .ok_or(OAuthError::INVALID_CLIENT)?;
        if secret.is_some() {
            return Err(OAuthError::INVALID_REQUEST);
        }
        if id.is_some_and(|id| id != basic.id) {
            return Err(OAuthError::INVALID_CLIENT);
        }
        Ok(basic)
    }
}

/// Decodes `Basic base64(client_id:client_secret)`. A value that was encoded twice has no colon, so it is no client; nor is one
/// that ends in the line break of `echo client_id:client_secret | base64`.
fn basic(authorization: &str) -> Option<Credentials> {
    let (scheme, encoded) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    if decoded.contains(char::is_control) {
        return None;
    }
    let (id, secret) = decoded.split_once(':')?;
    Some(Credentials {
        id: id.to_owned(),
        secret: (!secret.is_empty()).then(|| secret.to_owned()),
    })
}

/// Returns whether every `%` starts an escape, and the decoded text is UTF-8: a lenient parser would accept anything.
fn well_encoded(body: &[u8]) -> bool {
    let mut bytes = body.iter();
    let mut decoded = Vec::with_capacity(body.len());
    while let Some(&byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let mut digit = || char::from(*bytes.next()?).to_digit(16);
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return false;
        };
        decoded.extend(u8::try_from(high * 16 + low));
    }
    std::str::from_utf8(&decoded).is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(authorization: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8"),
        );
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        headers
    }

    fn form(body: &str) -> Result<Form, OAuthError> {
        Form::parse(&headers(None), None, body.as_bytes())
    }

    fn who(
        authorization: Option<&str>,
        body: &str,
    ) -> Result<(String, Option<String>), OAuthError> {
        Credentials::read(&headers(authorization), &form(body)?).map(|who| (who.id, who.secret))
    }

    #[test]
    fn a_form_is_decoded_and_a_malformed_one_refused() {
        let good = form("scope=orders%2Fread+orders%2Fwrite&a=").unwrap();
        assert_eq!(good.scopes(), Some(vec!["orders/read", "orders/write"]));
        assert_eq!(good.get("a"), Some(""));
        for bad in ["a=%2", "a=%zz", "a=%ff", "a=1&a=2"] {
            assert_eq!(form(bad).unwrap_err(), OAuthError::INVALID_REQUEST, "{bad}");
        }
    }

    #[test]
    fn the_query_string_counts_as_the_body_does() {
        let read = |headers: &HeaderMap, query, body: &str| {
            Form::parse(headers, Some(query), body.as_bytes())
        };
        let both = read(&headers(None), "scope=a%2Fb", "grant_type=g").unwrap();
        assert_eq!(both.scopes(), Some(vec!["a/b"]));
        assert_eq!(both.get("grant_type"), Some("g"));
        let bare = read(&HeaderMap::new(), "grant_type=g", "").unwrap();
        assert_eq!(bare.get("grant_type"), Some("g"));
        for (query, body) in [("a=1", "a=1"), ("a=%zz", "")] {
            let refused = read(&headers(None), query, body).unwrap_err();
            assert_eq!(refused, OAuthError::INVALID_REQUEST, "{query} {body}");
        }
        assert!(read(&HeaderMap::new(), "", "a=1").is_err());
    }

    #[test]
    fn blank_scope_is_not_the_same_as_no_scope() {
        assert_eq!(form("scope=+").unwrap().scopes(), Some(vec![]));
        assert_eq!(form("").unwrap().scopes(), None);
    }

    #[test]
    fn client_metadata_is_a_json_object() {
        let check = |metadata| {
            form(&format!(
                "grant_type=client_credentials&aws_client_metadata={metadata}"
            ))
            .unwrap()
            .check(&Assumptions::default())
        };
        assert_eq!(
            check("%7B%22a%22%3A%22b%22%7D"),
            Ok(GrantType::ClientCredentials)
        );
        for bad in ["", "%5B%5D", "text", "%7B"] {
            assert_eq!(check(bad), Err(OAuthError::INVALID_REQUEST), "{bad}");
        }
    }

    #[test]
    fn basic_and_body_both_name_the_client() {
        let expected = Ok(("id".to_owned(), Some("secret".to_owned())));
        assert_eq!(who(Some("Basic aWQ6c2VjcmV0"), ""), expected);
        assert_eq!(who(Some("basic aWQ6c2VjcmV0"), "client_id=id"), expected);
        assert_eq!(who(None, "client_id=id&client_secret=secret"), expected);
        assert_eq!(who(None, "client_id=id"), Ok(("id".to_owned(), None)));
    }

    #[test]
    fn what_names_no_client_is_refused() {
        use OAuthError as E;
        // The second was encoded twice, the third ends in a line break.
        for (header, body, error) in [
            (Some("Basic a:b"), "", E::INVALID_CLIENT),
            (Some("Basic YVdRNmMyVmpjbVYw"), "", E::INVALID_CLIENT),
            (Some("Basic aWQ6c2VjcmV0Cg=="), "", E::INVALID_CLIENT),
            (Some("Bearer x"), "", E::INVALID_CLIENT),
            (
                Some("Basic aWQ6c2VjcmV0"),
                "client_id=other",
                E::INVALID_CLIENT,
            ),
            (
                Some("Basic aWQ6c2VjcmV0"),
                "client_secret=s",
                E::INVALID_REQUEST,
            ),
            (None, "client_secret=secret", E::INVALID_REQUEST),
        ] {
            assert_eq!(who(header, body), Err(error), "{header:?} {body}");
        }
    }
}
