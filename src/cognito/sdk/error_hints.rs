//! Refusals of Cognito that are known by their words, each with its own way out: the codes say no more than that something is wrong.
//!
//! Sources: hashicorp/terraform-provider-aws#4984 and #5140, aws/aws-sdk-java-v2#5528, aws-cloudformation/aws-cloudformation-user-guide#564,
//! and the Amazon Cognito Developer Guide, "Configuring a user pool domain".

/// Words of a refusal, and what to do about it.
const KNOWN: &[(&str, &str)] = &[
    (
        "Invalid scope requested",
        "Make the resource server with this scope first: a client can list only what is defined.",
    ),
    (
        "if client does not have a client secret",
        "Make the client with a secret. One that was made without can't get it later: make another.",
    ),
    (
        "along with code flow or implicit flow",
        "client_credentials goes alone: make a client of its own for machines.",
    ),
    (
        "is not supported with client_credentials flow",
        "Take the scopes of sign-in off: a machine's are identifier/name.",
    ),
    (
        "AllowedOAuthFlows and AllowedOAuthScopes are required",
        "Give it both a flow and a scope, or leave OAuth off.",
    ),
    (
        "Domain already associated",
        "A prefix is taken by whoever came first in the Region, in any account: choose another.",
    ),
    (
        "reserved word",
        "Choose a prefix without aws, amazon and cognito in it.",
    ),
    (
        "not a valid subdomain",
        "Give the parent domain an A record first. A placeholder will do.",
    ),
    (
        "It has a domain configured",
        "Delete the pool's domain first.",
    ),
    (
        "deletion protection is activated",
        "Switch the pool's deletion protection off first.",
    ),
];

/// The way out of a refusal with these words, where they are known.
pub fn hint_for(message: &str) -> Option<&'static str> {
    let urls = ["'callbackURLs", "'logoutURLs"];
    // `Value '[]' at 'callbackURLs' failed to satisfy constraint: Member must ...`
    if message.contains("failed to satisfy constraint")
        && urls.iter().any(|field| message.contains(field))
    {
        return Some("Leave empty URLs out of the list, and the list where it is empty.");
    }
    let mut known = KNOWN.iter();
    let (_, hint) = known.find(|(words, _)| message.contains(words))?;
    Some(hint)
}
