//! Hints for Cognito's errors by their messages: the codes alone are too general.
//!
//! Sources: hashicorp/terraform-provider-aws#4984 and #5140, aws/aws-sdk-java-v2#5528, aws-cloudformation/aws-cloudformation-user-guide#564,
//! and the Amazon Cognito Developer Guide, "Configuring a user pool domain".

/// A part of a message, and the hint.
const KNOWN: &[(&str, &str)] = &[
    (
        "Invalid scope requested",
        "Create the resource server with this scope first: a client can have defined scopes only.",
    ),
    (
        "if client does not have a client secret",
        "Create the app client with a secret. A public client cannot get one later.",
    ),
    (
        "along with code flow or implicit flow",
        "client_credentials excludes other flows: create a separate M2M client.",
    ),
    (
        "is not supported with client_credentials flow",
        "Remove the OpenID scopes: M2M scopes are identifier/name.",
    ),
    (
        "AllowedOAuthFlows and AllowedOAuthScopes are required",
        "Set both a flow and a scope, or turn OAuth off.",
    ),
    (
        "Domain already associated",
        "A prefix must be unique in the Region across all accounts: choose another.",
    ),
    (
        "reserved word",
        "Choose a prefix without aws, amazon or cognito.",
    ),
    (
        "not a valid subdomain",
        "Create an A record for the parent domain first; a placeholder works.",
    ),
    (
        "It has a domain configured",
        "Delete the pool's domain first.",
    ),
    (
        "deletion protection is activated",
        "Turn the pool's deletion protection off first.",
    ),
];

/// The hint for an error message, if known.
pub fn hint_for(message: &str) -> Option<&'static str> {
    let urls = ["'callbackURLs", "'logoutURLs"];
    // `Value '[]' at 'callbackURLs' failed to satisfy constraint: Member must ...`
    if message.contains("failed to satisfy constraint")
        && urls.iter().any(|field| message.contains(field))
    {
        return Some("Remove empty URLs, and omit an empty list.");
    }
    let mut known = KNOWN.iter();
    let (_, hint) = known.find(|(words, _)| message.contains(words))?;
    Some(hint)
}
