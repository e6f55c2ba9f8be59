//! Answers of APIs, of proxies before them, and of frameworks.

use super::super::ApiVerdict as V;
use crate::domain::oauth::api_call::Scheme;

pub const APPSYNC: &str = "https://x.appsync-api.eu-west-1.amazonaws.com/graphql";

pub type Row = (
    &'static str,
    u16,
    &'static [(&'static str, &'static str)],
    &'static str,
    V,
);

const ERROR: &str = "x-amzn-errortype";
pub const WWW: &str = "www-authenticate";
pub const HTML: &str = "<html><body>Forbidden</body></html>";

/// Answers to a call with a good token, sent as Bearer: where from, and what each proves first.
pub const ANSWERS: &[Row] = &[
    // API Gateway, REST.
    (
        "REST",
        403,
        &[(ERROR, "MissingAuthenticationTokenException")],
        r#"{"message":"Missing Authentication Token"}"#,
        V::NoRoute,
    ),
    (
        "REST",
        403,
        &[(ERROR, "IncompleteSignatureException")],
        r#"{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'x='."}"#,
        V::NoRoute,
    ),
    (
        "REST",
        403,
        &[],
        r#"{"message":"Authorization header requires 'Credential' parameter."}"#,
        V::NoRoute,
    ),
    (
        "REST",
        401,
        &[(ERROR, "UnauthorizedException")],
        r#"{"message":"Unauthorized"}"#,
        V::Unauthorized,
    ),
    (
        "REST",
        401,
        &[(ERROR, "UnauthorizedException")],
        r#"{"message":"The incoming token has expired"}"#,
        V::ClockDiffers,
    ),
    (
        "REST",
        403,
        &[(ERROR, "ForbiddenException")],
        r#"{"message":"Forbidden"}"#,
        V::GatewayForbids,
    ),
    (
        "REST",
        429,
        &[(ERROR, "TooManyRequestsException")],
        r#"{"message":"Too Many Requests"}"#,
        V::Throttled,
    ),
    (
        "resource policy",
        403,
        &[(ERROR, "AccessDeniedException")],
        r#"{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-west-1:1:x/prod/GET/orders"}"#,
        V::PolicyDenies,
    ),
    // Lambda authorizers.
    (
        "authorizer",
        403,
        &[(ERROR, "AccessDeniedException")],
        r#"{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}"#,
        V::AuthorizerDenies,
    ),
    (
        "authorizer",
        403,
        &[],
        r#"{"Message":"User is not authorized to access this resource"}"#,
        V::AuthorizerDenies,
    ),
    (
        "authorizer",
        500,
        &[(ERROR, "AuthorizerConfigurationException")],
        r#"{"message":null}"#,
        V::AuthorizerFailed,
    ),
    (
        "authorizer",
        500,
        &[(ERROR, "AuthorizerFailureException")],
        r#"{"message":"Internal Server Error"}"#,
        V::AuthorizerFailed,
    ),
    // API Gateway, HTTP.
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience""#,
        )],
        r#"{"message":"Unauthorized"}"#,
        V::Audience,
    ),
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token" error_description="the token does not have a valid issuer""#,
        )],
        "",
        V::Issuer,
    ),
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token" error_description="signing method RS512 is invalid""#,
        )],
        "",
        V::Signature,
    ),
    (
        "HTTP",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token" error_description="the token has expired""#,
        )],
        "",
        V::ClockDiffers,
    ),
    (
        "HTTP",
        403,
        &[(
            WWW,
            r#"Bearer scope="orders/write" error="insufficient_scope" error_description="x""#,
        )],
        r#"{"message":"Forbidden"}"#,
        V::Scope,
    ),
    (
        "HTTP",
        403,
        &[("apigw-requestid", "x")],
        r#"{"message":"Forbidden"}"#,
        V::Forbidden,
    ),
    (
        "HTTP",
        404,
        &[("apigw-requestid", "x")],
        r#"{"message":"Not Found"}"#,
        V::NoRoute,
    ),
    // AppSync.
    (
        APPSYNC,
        401,
        &[(ERROR, "UnauthorizedException")],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Unable to parse JWT token."}]}"#,
        V::HeaderForm(Scheme::Bare),
    ),
    (
        APPSYNC,
        401,
        &[],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]}"#,
        V::ClockDiffers,
    ),
    (
        APPSYNC,
        401,
        &[],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"Valid authorization header not provided."}]}"#,
        V::NoTokenSeen,
    ),
    (
        APPSYNC,
        401,
        &[],
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]}"#,
        V::SchemaRule,
    ),
    (
        APPSYNC,
        200,
        &[],
        r#"{"data":null,"errors":[{"errorType":"Unauthorized","message":"Not Authorized to access getRequests on type Query"}]}"#,
        V::FieldRule,
    ),
    // Cognito itself.
    (
        "cognito-idp",
        400,
        &[],
        r#"{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}"#,
        V::CognitoHost,
    ),
    (
        "GetUser",
        400,
        &[(ERROR, "NotAuthorizedException:")],
        r#"{"__type":"NotAuthorizedException","message":"Access Token does not have required scopes"}"#,
        V::Scope,
    ),
    (
        "userInfo",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="Access token does not contain openid scope""#,
        )],
        "",
        V::PersonsClaim,
    ),
    // Gateways and frameworks.
    (
        "Spring",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="The aud claim is not valid", error_uri="https://x""#,
        )],
        "",
        V::Audience,
    ),
    (
        "Spring",
        403,
        &[(
            WWW,
            r#"Bearer error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token.""#,
        )],
        "",
        V::Scope,
    ),
    (
        "Spring",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="An error occurred while attempting to decode the Jwt: Signed JWT rejected: Another algorithm expected, or no matching key(s) found""#,
        )],
        "",
        V::Signature,
    ),
    (
        "ASP.NET",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="The audience 'empty' is invalid""#,
        )],
        "",
        V::Audience,
    ),
    (
        "ASP.NET",
        401,
        &[(
            WWW,
            r#"Bearer error="invalid_token", error_description="Something new""#,
        )],
        "",
        V::Named,
    ),
    (
        "express-jwt",
        401,
        &[],
        r#"{"message":"jwt audience invalid. expected: orders"}"#,
        V::Audience,
    ),
    (
        "express-jwt",
        401,
        &[],
        "UnauthorizedError: jwt malformed",
        V::HeaderForm(Scheme::Bare),
    ),
    (
        "PyJWT",
        401,
        &[],
        r#"{"detail":"Token is missing the \"aud\" claim"}"#,
        V::Audience,
    ),
    (
        "FastAPI",
        401,
        &[(WWW, "Bearer")],
        r#"{"detail":"Could not validate credentials"}"#,
        V::Unauthorized,
    ),
    (
        "fastapi-cognito",
        401,
        &[],
        r#"{"detail":[{"loc":["username"],"msg":"missing claim: username"}]}"#,
        V::PersonsClaim,
    ),
    (
        "Envoy",
        403,
        &[],
        "Audiences in Jwt are not allowed",
        V::Audience,
    ),
    ("Envoy", 401, &[], "Jwt is missing", V::NoTokenSeen),
    (
        "Kong",
        401,
        &[],
        r#"{"message":"No credentials found for given 'iss'"}"#,
        V::Issuer,
    ),
    (
        "aws-jwt-verify",
        401,
        &[],
        r#"{"error":"Token use not allowed: access. Expected: id"}"#,
        V::PersonsClaim,
    ),
    // ixortalk.aws.cognito.jwt.security.filter#8.
    (
        "ixortalk",
        401,
        &[],
        r#"{"message":"JWT Token doesn't seem to be an ID Token"}"#,
        V::PersonsClaim,
    ),
    // camunda#44650, IdentityModel#555, fastmcp#3739.
    (
        "Camunda",
        401,
        &[],
        r#"{"detail":"Token audiences are [], expected at least one of [orders]"}"#,
        V::Audience,
    ),
    (
        ".NET",
        401,
        &[],
        "IDX10206: Unable to validate audience. The 'audiences' parameter is empty.",
        V::Audience,
    ),
    (
        "fastmcp",
        401,
        &[],
        r#"{"error":"invalid_token","error_description":"audience mismatch"}"#,
        V::Audience,
    ),
    (
        "AgentCore",
        401,
        &[],
        r#"{"message":"Claim 'client_id' value mismatch with configuration."}"#,
        V::Audience,
    ),
    // Before the API.
    (
        "CloudFront",
        403,
        &[("server", "CloudFront"), ("content-type", "text/html")],
        HTML,
        V::Blocked,
    ),
    (
        "load balancer",
        403,
        &[("server", "awselb/2.0")],
        HTML,
        V::Blocked,
    ),
    (
        "S3",
        403,
        &[("server", "AmazonS3")],
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
        V::Blocked,
    ),
    (
        "WAF",
        202,
        &[("x-amzn-waf-action", "challenge")],
        "",
        V::Challenged,
    ),
    (
        "WAF",
        405,
        &[("x-amzn-waf-action", "captcha")],
        HTML,
        V::Challenged,
    ),
    (
        "nginx",
        401,
        &[(WWW, "Basic realm=\"x\"")],
        HTML,
        V::Password,
    ),
    (
        "sign-in",
        302,
        &[("location", "https://login.example.com")],
        "",
        V::Redirected,
    ),
    ("nobody", 403, &[], "", V::Forbidden),
    ("nobody", 401, &[], "", V::Unauthorized),
];
