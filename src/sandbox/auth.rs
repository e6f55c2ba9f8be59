//! Whether a request is signed. Of a signature only the form and the Region are looked at: any credentials, real or made up, will do,
//! for there is no account here to check them against. GetClientToken is answered unsigned, as AWS does.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::errors::ApiError;

const ALGORITHMS: [&str; 2] = ["AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"];
const PARTS: [&str; 3] = ["Credential", "Signature", "SignedHeaders"];

/// `MissingAuthenticationTokenException` without a signature, `IncompleteSignatureException` where one lacks a part,
/// `InvalidSignatureException` where it is for another Region than `region`.
pub fn signed(headers: &HeaderMap, region: &str) -> Result<(), ApiError> {
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
    // Access key, date, Region, service, `aws4_request`; asymmetric signatures name no Region. A key has no slash in it.
    let mut scope = given("Credential").unwrap_or_default().split('/').skip(2);
    let (of, parts) = match (scope.next(), scope.count()) {
        (Some(_), 0) | (None, _) => {
            return Err(incomplete(
                "Credential must have at least 5 slash-delimited elements.",
            ));
        }
        (Some(of), parts) => (of, parts),
    };
    if parts > 1 && of != region {
        return Err(ApiError::new(
            "InvalidSignatureException",
            format!(
                "Credential should be scoped to a valid region, not '{of}'. \
                 This sandbox plays {region}: sign for {region}, or start it with --region {of}."
            ),
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
        signed(&headers, "eu-west-1")
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
            with(
                "AWS4-ECDSA-P256-SHA256 Credential=AK/20260101/cognito-idp/aws4_request, SignedHeaders=host, Signature=00"
            ),
            Ok(())
        );
        assert_eq!(
            signed(&HeaderMap::new(), "eu-west-1").unwrap_err().name,
            "MissingAuthenticationTokenException"
        );
        for broken in [
            "Bearer abc",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=AK, SignedHeaders=host, Signature=00",
            "AWS4-HMAC-SHA256 Credential=AK/1/eu-west-1, SignedHeaders=host, Signature=00",
            "AWS4-HMAC-SHA256 Credential=AK/1/r/s/aws4_request, Signature=00",
        ] {
            assert_eq!(
                with(broken).unwrap_err().name,
                "IncompleteSignatureException",
                "{broken}"
            );
        }
    }

    #[test]
    fn the_region_of_a_signature_is_the_sandboxes() {
        let elsewhere = with(
            "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/cognito-idp/aws4_request, SignedHeaders=host, Signature=00",
        );
        let refusal = elsewhere.unwrap_err();
        assert_eq!(refusal.name, "InvalidSignatureException");
        assert!(
            refusal.message.contains("--region us-east-1"),
            "{refusal:?}"
        );
    }
}
