//! Whether a request is signed. Only the form of a signature is looked at: any credentials, real or made up, will do, for
//! there is no account here to check them against. GetClientToken is answered unsigned, as AWS does.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::errors::ApiError;

const ALGORITHMS: [&str; 2] = ["AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"];
const PARTS: [&str; 3] = ["Credential", "Signature", "SignedHeaders"];

/// `MissingAuthenticationTokenException` without a signature, `IncompleteSignatureException` where one lacks a part.
pub fn signed(headers: &HeaderMap) -> Result<(), ApiError> {
    let missing = || {
        ApiError::new(
            "MissingAuthenticationTokenException",
            "Missing Authentication Token",
        )
    };
    let header = headers.get(AUTHORIZATION).ok_or_else(missing)?;
    let header = header.to_str().unwrap_or_default().trim();
    if header.is_empty() {
        return Err(missing());
    }
    let (algorithm, rest) = header.split_once(' ').unwrap_or((header, ""));
    if !ALGORITHMS.contains(&algorithm) {
        return Err(incomplete(&format!(
            "Unsupported AWS 'algorithm': '{algorithm}'."
        )));
    }
    let given = |part: &str| {
        rest.split(',').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == part && !value.is_empty()).then_some(value)
        })
    };
    let lacking: Vec<String> = PARTS
        .into_iter()
        .filter(|part| given(part).is_none())
        .map(|part| format!("Authorization header requires '{part}' parameter."))
        .collect();
    if !lacking.is_empty() {
        return Err(incomplete(&lacking.join(" ")));
    }
    // Access key, date, Region, service, `aws4_request`; asymmetric signatures name no Region.
    let scope = given("Credential").unwrap_or_default().split('/').count();
    if scope < 4 {
        return Err(incomplete(
            "Credential must have at least 5 slash-delimited elements.",
        ));
    }
    Ok(())
}

fn incomplete(message: &str) -> ApiError {
    ApiError::new("IncompleteSignatureException", message)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn with(authorization: &'static str) -> Result<(), ApiError> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_static(authorization));
        signed(&headers)
    }

    #[test]
    fn the_form_decides_and_the_value_does_not() {
        assert_eq!(
            with(
                "AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/cognito-idp/aws4_request, \
                 SignedHeaders=host;x-amz-date, Signature=00"
            ),
            Ok(())
        );
        assert_eq!(
            signed(&HeaderMap::new()).unwrap_err().name,
            "MissingAuthenticationTokenException"
        );
        for broken in [
            "Bearer abc",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=AK, SignedHeaders=host, Signature=00",
            "AWS4-HMAC-SHA256 Credential=AK/1/r/s/aws4_request, Signature=00",
        ] {
            assert_eq!(
                with(broken).unwrap_err().name,
                "IncompleteSignatureException",
                "{broken}"
            );
        }
    }
}
